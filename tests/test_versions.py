"""Versions: what was published stays as it was."""

import hashlib
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.distributions.versions import _rank
from communique.publication.publishing import Publication, publish
from communique.shacl.validation import ValidationReport
from communique.store import Store
from communique.website.site import Site
from html_pages import Page as Html
from made_projects import BASE, make_project

DCAT = "http://www.w3.org/ns/dcat#"
THING = ':x a :Thing ; rdfs:label "X"@en ; :size {size} .\n'


def published(folder: Path, version: str, *, size: int = 1) -> Publication:
    stated = f'<{BASE}dataset> dcat:version "{version}" .\n' if version else ""
    project = make_project(folder, stated + THING.format(size=size))
    site = Site(project, Store.load(project))
    return publish(site, report=ValidationReport(), out=folder / "public")


def contents(folder: Path) -> dict[str, bytes]:
    """What was published, without the page that lists it: its menu and its look are those of the site."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".html")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_version_holds_the_packed_files_and_their_sums(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    folder = tmp_path / "public/dumps/1.0"
    names = {"data.nq.gz", "data.nq.zst", "data.annotated.ttl.gz", "data.jsonld.zst", "tables.zip", "rdfc-1.0.txt"}
    names |= {"tables/thing.csv", "tables/thing.csv-metadata.json"}
    assert names <= contents(folder).keys()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        sum_, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sum_


def test_a_later_build_keeps_it(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    first = contents(tmp_path / "public/dumps/1.0")
    publication = published(tmp_path, "1.1", size=2)
    assert contents(tmp_path / "public/dumps/1.0") == first
    assert contents(tmp_path / "public/dumps/1.1") != first
    assert publication.warning == ""
    published(tmp_path, "1.2", size=3)
    assert contents(tmp_path / "public/dumps/1.0") == first


def test_each_folder_has_a_page_with_its_files_and_their_sums(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    published(tmp_path, "1.1", size=2)
    dumps = tmp_path / "public/dumps"
    for folder in (dumps, dumps / "1.0", dumps / "1.1"):
        page = Html((folder / "index.html").read_text(encoding="utf-8"))
        listed = {each.attributes["href"] for each in page.all("a") if "download" in each.attributes}
        sums = [line.partition("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
        packed = {name: sum_ for sum_, _, name in sums if name.startswith("data.")}
        assert packed.keys() <= listed
        assert page.faults == []
        assert all(sum_ in page.text for sum_ in packed.values())
        assert all((folder / href).exists() for href in listed)


def test_it_takes_no_space(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    dumps = tmp_path / "public/dumps"
    assert (dumps / "1.0/data.nq.gz").samefile(dumps / "data.nq.gz")


def test_a_version_is_never_changed_and_the_build_says_so(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    first = contents(tmp_path / "public/dumps/1.0")
    publication = published(tmp_path, "1.0", size=2)
    assert contents(tmp_path / "public/dumps/1.0") == first
    assert publication.warning.startswith("dumps/1.0: the data have changed since they were published as version 1.0")
    assert 'size> "2"' in (tmp_path / "public/dumps/data.nq").read_text()


def test_it_may_be_given_up_by_removing_it(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    folder = tmp_path / "public/dumps/1.0"
    shutil.rmtree(folder)
    assert published(tmp_path, "1.0", size=2).warning == ""
    assert (folder / "rdfc-1.0.txt").read_bytes() == (tmp_path / "public/dumps/rdfc-1.0.txt").read_bytes()


def test_a_version_that_is_no_name_of_a_folder_gets_one(tmp_path: Path) -> None:
    published(tmp_path, "../../1")
    assert not (tmp_path / "1").exists()
    (found,) = [path for path in (tmp_path / "public/dumps").iterdir() if path.is_dir() and path.name != "tables"]
    assert (found / "SHA256SUMS").is_file()


def test_a_version_is_called_as_its_author_calls_it_also_by_later_builds(tmp_path: Path) -> None:
    for number, version in enumerate(("1.0-β/2 <b>", "1.1")):
        published(tmp_path, version, size=number)
        pages = [tmp_path / "public/downloads.html", *(tmp_path / "public/dumps").glob("*/index.html")]
        texts = [Html(path.read_text(encoding="utf-8")).text for path in pages]
        assert any("Files of version 1.0-β/2 <b>" in text for text in texts)
        assert "1.0-β/2 <b>" in texts[0] and not any("~" in text for text in texts)
    triples = {(q.predicate.value, q.object) for q in ox.parse(path=tmp_path / "public/dcat.ttl")}
    assert (DCAT + "version", ox.Literal("1.0-β/2 <b>")) in triples


@pytest.mark.parametrize("version", ["1.0 beta", "tables", "SHA256SUMS", "1²", "9" * 5_000])
def test_any_name_does_for_a_version(tmp_path: Path, version: str) -> None:
    published(tmp_path, version)
    assert published(tmp_path, version).warning == ""
    (name,) = (tmp_path / "public/dumps").glob("*/version.txt")
    assert name.read_text(encoding="utf-8") == f"{version}\n"


def test_two_versions_that_want_one_folder_are_two(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    assert published(tmp_path, "1%2E0", size=2).warning == ""
    names = {path.read_text() for path in (tmp_path / "public/dumps").glob("*/version.txt")}
    assert names == {"1.0\n", "1%2E0\n"}


def test_versions_follow_one_another_as_people_count() -> None:
    names = ["1.0", "1.0-rc1", "0.9", "1.0.1", "1.10", "1.9", "2026-11-24"]
    assert sorted(names, key=_rank) == ["0.9", "1.0-rc1", "1.0", "1.0.1", "1.9", "1.10", "2026-11-24"]


def test_the_tables_of_each_version_have_a_page(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    published(tmp_path, "1.1", size=2)
    for version in ("1.0", "1.1"):
        folder = tmp_path / f"public/dumps/{version}/tables"
        page = Html((folder / "index.html").read_text(encoding="utf-8"))
        wanted = {"thing.csv", "thing.csv-metadata.json", "../tables.zip", "../SHA256SUMS"}
        assert wanted <= set(page.links) and page.faults == []
        assert all((folder / link).is_file() for link in wanted)
        assert hashlib.sha256((folder / "thing.csv").read_bytes()).hexdigest() in page.text
        assert page.one("h1").text == f"Tables of version {version}"
        above = Html((folder / "../index.html").read_text(encoding="utf-8"))
        assert "tables/" in {link.removesuffix("index.html") for link in above.links}


def test_the_catalogue_lists_them(tmp_path: Path) -> None:
    for number, version in enumerate(("1.0", "1.1")):
        published(tmp_path, version, size=number)
    triples = {(str(q.subject), q.predicate.value, str(q.object)) for q in ox.parse(path=tmp_path / "public/dcat.ttl")}
    dataset, old, new = f"<{BASE}dataset>", f"<{BASE}dcat.ttl#version-1.0>", f"<{BASE}dcat.ttl#version-1.1>"
    assert {(dataset, DCAT + "hasVersion", old), (dataset, DCAT + "hasVersion", new)} <= triples
    assert (dataset, DCAT + "previousVersion", old) in triples
    assert (new, DCAT + "previousVersion", old) in triples
    assert (old, DCAT + "version", '"1.0"') in triples
    packed = (tmp_path / "public/dumps/1.0/data.nq.gz").read_bytes()
    file = f"<{BASE}dcat.ttl#dumps/1.0/data.nq.gz>"
    assert (old, DCAT + "distribution", file) in triples
    sizes = {term for subject, path, term in triples if subject == file and path == DCAT + "byteSize"}
    assert {size.split('"')[1] for size in sizes} == {str(len(packed))}
    assert any(hashlib.sha256(packed).hexdigest() in term for _, _, term in triples)


def test_the_catalogue_lists_every_file_of_a_version_with_what_opens_it(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    published(tmp_path, "1.1", size=2)
    found = ox.Store()
    found.load(path=tmp_path / "public/dcat.ttl")
    for version in ("1.0", "1.1"):
        rows = found.query(f"""PREFIX dcat: <{DCAT}> PREFIX spdx: <http://spdx.org/rdf/terms#>
            SELECT ?url ?type ?packing ?sum {{
              <{BASE}dcat.ttl#version-{version}> dcat:distribution ?file .
              ?file dcat:downloadURL ?url ; dcat:mediaType ?type ; dcat:compressFormat|dcat:packageFormat ?packing ;
                spdx:checksum/spdx:checksumValue ?sum }}""")
        assert isinstance(rows, ox.QuerySolutions)
        told = {
            row["url"].value.rpartition("/")[2]: (
                *(row[name].value.rpartition("/")[2] for name in ("type", "packing")),
                row["sum"].value,
            )
            for row in rows
        }
        folder = tmp_path / f"public/dumps/{version}"
        files = {path.name: path for path in folder.iterdir() if path.suffix in (".gz", ".zst", ".zip")}
        types = {
            "nq": "n-quads",
            "trig": "trig",
            "nt": "n-triples",
            "ttl": "turtle",
            "jsonld": "ld+json",
            "tables": "csv",
        }
        packings = {"gz": "gzip", "zst": "zstd", "zip": "zip"}
        assert len(files) > 10 and told == {
            name: (
                types[name.split(".")[-2]],
                packings[name.split(".")[-1]],
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for name, path in files.items()
        }


def test_the_page_lists_files_versions_and_examples(tmp_path: Path) -> None:
    published(tmp_path, "1.0")
    published(tmp_path, "1.1", size=2)
    text = (tmp_path / "public/downloads.html").read_text()
    links = set(re.findall(r'href="([^"]*)"', text))
    assert {"dumps/data.nq", "dumps/data.annotated.ttl.zst", "dumps/tables/thing.csv", "dumps/1.0/data.nq.gz"} <= links
    for link in links:
        if link.startswith("dumps/"):
            assert (tmp_path / "public" / link).is_file(), link
    assert (tmp_path / "public/dumps/rdfc-1.0.txt").read_text().strip() in text


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    published(tmp_path, "1.0")
    handler = partial(Quiet, directory=str(tmp_path / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/"
        made.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_the_examples_for_curl_and_python_do_what_they_say(tmp_path: Path, server: str) -> None:
    page = Html((tmp_path / "public/downloads.html").read_text())
    codes = [each.text for each in page.all("pre")]
    work = tmp_path / "public/dumps"
    (curl,) = [code for code in codes if code.startswith("curl")]
    (tmp_path / "work").mkdir()
    shell = curl.replace(BASE, server)
    subprocess.run(["sh", "-c", shell], cwd=tmp_path / "work", check=True, capture_output=True)
    assert (tmp_path / "work/data.nq").read_bytes() == (work / "data.nq").read_bytes()
    for code in codes:
        if code.startswith("import"):
            folder = work / "tables" if "pandas" in code else work
            counted = f"{code}\nprint(len(locals()['{'t' if 'pandas' in code else 's' if 'Store' in code else 'g'}']))"
            done = subprocess.run([sys.executable, "-c", counted], cwd=folder, check=True, capture_output=True)
            assert int(done.stdout) > 0, shlex.quote(code)
