import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import signposting
from processes import Serving

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:ada a foaf:Person ; rdfs:label "Ada Lovelace"@en ; foaf:knows ex:charles .
ex:charles a foaf:Person ; rdfs:label "Charles Babbage"@en .
"""
DESCRIBED = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix void: <http://rdfs.org/ns/void#> .
<https://example.org/id/people> a dcat:Dataset, void:Dataset ; dcterms:title "People"@en ;
  void:uriSpace "https://example.org/id/" ; dcterms:publisher <https://example.org/us> ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
"""


def start(project: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "communique", "serve", "--project", str(project), "--port", "0", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", line), line
    return line


def end(process: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> int:
    process.send_signal(number)
    process.communicate(timeout=20)
    return process.returncode


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    (folder / "data/people.ttl").write_text(DATA, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project(unbuilt: Path) -> Path:
    subprocess.run([sys.executable, "-m", "communique", "build", "-q", "--snapshot", "-p", str(unbuilt)], check=True)
    return unbuilt


@pytest.fixture(scope="module")
def url(project: Path) -> Iterator[str]:
    process = start(project)
    yield address(process)
    end(process)


def test_no_file_of_the_folder_in_which_it_starts_is_run(tmp_path: Path) -> None:
    """A project is data, whoever wrote it: `json.py` in it is nothing to a process that the server begins."""
    (tmp_path / "people.ttl").write_text(DATA, encoding="utf-8")
    for name in ("json", "click", "pyoxigraph", "yaml"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)")
    command = [sys.executable, "-P", "-m", "communique", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    query = {"query": "ASK { ?s ?p ?o }"}
    answer = httpx2.get(address(process) + "sparql", params=query, headers={"Accept": "application/json"})
    assert (answer.json()["boolean"], end(process)) == (True, 0)


def test_a_thing_leads_to_a_page_and_to_data(url: str) -> None:
    assert "Ada Lovelace" in httpx2.get(url + "ada", follow_redirects=True).text
    turtle = httpx2.get(url + "ada", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "foaf:knows" in turtle.text


def test_the_server_sends_what_the_build_wrote_byte_for_byte(url: str, project: Path) -> None:
    files = [path for path in (project / "public").rglob("*") if path.is_file()]
    # No host sends it either.
    files.remove(project / "public/.htaccess")
    assert files
    for path in files:
        assert httpx2.get(url + path.relative_to(project / "public").as_posix()).content == path.read_bytes()


def test_the_endpoint_answers_over_the_same_data(url: str) -> None:
    query = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT (COUNT(*) AS ?n) { ?p a foaf:Person }"
    assert httpx2.get(url + "sparql", params={"query": query, "format": "csv"}).text.split() == ["n", "2"]
    assert f"<{url}sparql>" in httpx2.get(url + "sparql", headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_and_its_workers(project: Path, number: int) -> None:
    process = start(project, "--no-build")
    address(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert end(process, number) == 0
    assert children
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_broken_data_are_not_served(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    process = start(tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "broken.ttl:1" in errors


@pytest.mark.parametrize("fault", ["is a link out of the project", "is no regular file"])
def test_a_folder_with_problems_is_not_served_though_there_is_a_site(project: Path, tmp_path: Path, fault: str) -> None:
    subprocess.run(["cp", "-a", str(project), str(tmp_path / "copy")], check=True)
    added = tmp_path / "copy/data/y.ttl"
    added.symlink_to("/etc/passwd") if "link" in fault else os.mkfifo(added)
    process = start(tmp_path / "copy")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, f"data/y.ttl: {fault}" in errors) == (1, True)


@pytest.fixture(params=["*.sst", "names.sqlite"])
def damaged(project: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the project in whose snapshot, in its store or in its index of names, a bit is not what it was."""
    subprocess.run(["cp", "-a", str(project), str(tmp_path / "copy")], check=True)
    table = next(snapshot_of(tmp_path / "copy").glob(request.param))
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    return tmp_path / "copy"


def snapshot_of(project: Path) -> Path:
    return project / ".public" / f"store-{(project / 'public').readlink().name}"


def test_a_damaged_snapshot_is_not_served(damaged: Path) -> None:
    process = start(damaged, "--no-build")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "damaged: run `communique build --snapshot`" in errors


def test_a_damaged_snapshot_is_built_anew(damaged: Path) -> None:
    process = start(damaged)
    url = address(process)
    answer = httpx2.get(url + "sparql", params={"query": "ASK { ?s ?p ?o }", "format": "csv"})
    assert (answer.status_code, answer.text.strip()) == (200, "true")
    assert httpx2.get(url + "reconcile").json()["versions"] == ["0.2"]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, "damaged" in errors) == (0, True)


def test_a_snapshot_without_its_index_of_names_is_not_served(project: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(project), str(tmp_path / "copy")], check=True)
    (snapshot_of(tmp_path / "copy") / "names.sqlite").unlink()
    process = start(tmp_path / "copy", "--no-build")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, "names.sqlite: the snapshot is damaged" in errors) == (3, True)


def test_without_a_site_the_remedy_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    process = start(tmp_path, "--no-build")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, "communique build --snapshot" in errors) == (3, True)


def test_a_port_that_is_taken_is_said(url: str, project: Path) -> None:
    port = url.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "communique", "serve", "-p", str(project), "--no-build", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=False)
    assert ended.returncode == 3
    assert "--port" in ended.stderr


def test_names_are_reconciled_over_the_same_data(url: str) -> None:
    assert httpx2.get(url + "reconcile").json()["versions"] == ["0.2"]
    (found,) = httpx2.get(url + "reconcile", params={"queries": '{"q": {"query": "Charles Babage"}}'}).json().values()
    assert (found["result"][0]["id"], found["result"][0]["match"]) == ("charles", True)


def test_what_has_not_changed_is_not_built_again(tmp_path: Path) -> None:
    (tmp_path / "people.ttl").write_text(DATA, encoding="utf-8")
    for expected in ("pages", "nothing has changed", "nothing has changed"):
        assert expected in built_and_stopped(tmp_path)
    (tmp_path / "people.ttl").write_text(DATA.replace("Babbage", "BABBAGE"), encoding="utf-8")
    assert "pages" in built_and_stopped(tmp_path)
    (tmp_path / "site/assets").mkdir(parents=True)
    (tmp_path / "site/assets/extra.txt").write_text("new")
    assert "pages" in built_and_stopped(tmp_path)
    (tmp_path / f".public/store-{(tmp_path / 'public').readlink().name}/names.sqlite").unlink()
    assert "pages" in built_and_stopped(tmp_path)


def built_and_stopped(project: Path) -> str:
    command = [sys.executable, "-m", "communique", "build", "--snapshot", "--if-changed", "-p", str(project)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stderr


def test_options_are_environment_variables_too(project: Path) -> None:
    env = {"COMMUNIQUE_SERVE_URL": "https://data.example/", "COMMUNIQUE_SERVE_NO_BUILD": "1"}
    server = Serving(str(project), env=env)
    assert "<https://data.example/sparql>" in httpx2.get(server.url + "sparql", headers={"Accept": "text/turtle"}).text
    assert server.stop() == 0


def test_a_prefix_of_a_reverse_proxy_stands_before_every_address(project: Path) -> None:
    server = Serving(str(project), "--no-build", "--url", "https://data.example/x", "--access-log")
    try:
        assert server.url.endswith("/x/")
        root = server.url.removesuffix("x/")
        accept = {"Accept": "text/turtle", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
        for path in ("x/ada", "ada"):
            assert httpx2.get(root + path, headers=accept).headers["location"] == "/x/ada.ttl"
            assert httpx2.get(root + path + ".ttl").status_code == 200
        assert httpx2.get(root + "x").headers["location"] == "/x/"
        description = httpx2.get(root + "x/sparql", headers=accept).text
        assert "<https://data.example/x/sparql>" in description
        assert "evil" not in description
        assert httpx2.get(root + "x/sparql", params={"query": "ASK {}"}).status_code == 200
        assert httpx2.get(root + "x/reconcile").json()["versions"] == ["0.2"]
        headers = {"X-Forwarded-For": "192.0.2.7"}
        httpx2.get(root + "x/healthz", headers=headers)
    finally:
        server.stop()
    assert '"client": "192.0.2.7"' in server.said[-1]


def test_only_a_proxy_that_is_trusted_says_who_the_client_is(project: Path) -> None:
    server = Serving(str(project), "--no-build", "--access-log", "--trust-proxy", "192.0.2.1")
    httpx2.get(server.url + "healthz", headers={"X-Forwarded-For": "192.0.2.7"})
    server.stop()
    assert '"client": "127.0.0.1"' in server.said[-1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--url", "data.example"], "--url data.example: must be an address"),
        (["--url", "https://data.example/x", "--root-path", "/y"], "is not the path of"),
        (["--root-path", "/../x"], "must be a path such as /data"),
        (["--watch"], "exclude each other"),
        (["--trust-proxy", "127.0.0.1, proxy"], "--trust-proxy: proxy is no IP address"),
        (["--trust-proxy", "10.0.0.1/8"], "--trust-proxy: 10.0.0.1/8 is no IP address, no network"),
    ],
)
def test_what_cannot_be_served_so_is_said(project: Path, options: list[str], words: str) -> None:
    command = [sys.executable, "-m", "communique", "serve", str(project), "--no-build", "--port", "0", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr


def test_an_address_that_this_machine_has_not_is_said(project: Path) -> None:
    command = [sys.executable, "-m", "communique", "serve", str(project), "--no-build", "--host", "192.0.2.1"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "choose another one with --host" in ended.stderr


def test_every_format_of_a_document_is_the_one_that_a_build_would_write(project: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    names = ("turtle", "jsonld", "trig", "ntriples", "rdfxml", "nquads")
    (tmp_path / "site/site.toml").write_text(f"formats = {list(names)}".replace("'", '"'))
    (tmp_path / "people.ttl").write_text(DATA, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "communique", "build", "-q", "-p", str(tmp_path)], check=True)
    server = Serving(str(project), "--no-build")
    try:
        for extension in ("ttl", "jsonld", "trig", "nt", "rdf", "nq"):
            for name in ("ada", "charles"):
                served = httpx2.get(f"{server.url}{name}.{extension}").content
                assert served == (tmp_path / f"public/{name}.{extension}").read_bytes()
    finally:
        server.stop()


def test_programs_find_identifier_licence_and_data_by_signposting(tmp_path: Path) -> None:
    (tmp_path / "people.ttl").write_text(DESCRIBED + DATA, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "communique", "build", "-q", "--snapshot", "-p", str(tmp_path)], check=True)
    server = Serving(str(tmp_path), "--no-build")
    try:
        for name, collected in (("ada.html", "collection"), ("people.html", "item")):
            by_header = signposting.find_signposting_http(server.url + name)
            by_page = signposting.find_signposting_html(server.url + name)
            assert by_header.citeAs is not None and by_page.citeAs is not None
            assert by_header.citeAs.target == by_page.citeAs.target == "https://example.org/id/" + name[:-5]
            assert by_header.license is not None
            assert by_header.license.target == "https://creativecommons.org/licenses/by/4.0/"
            assert {str(each.target) for each in by_page.describedBy} < {
                str(each.target) for each in by_header.describedBy
            }
            assert {each.rel.value for each in by_page.signposts} >= {"type", collected, "author"}
            targets = [each.target for each in by_header.signposts if each.target.startswith(server.url)]
            assert {httpx2.get(each).status_code for each in targets} == {200}
        (linkset,) = signposting.find_signposting_http(server.url + "people.html").linksets
        root = "https://example.org/id/"
        found = signposting.find_signposting_linkset(linkset.target).for_context(root + "people.html")
        assert {str(each.target) for each in found.items} >= {root + "dumps/data.nq"}
        assert httpx2.head(server.url + "dumps/data.nq").headers["link"].startswith("<../people.html>;")
    finally:
        server.stop()


def test_programs_find_as_much_where_iris_have_a_fragment(tmp_path: Path) -> None:
    text = (
        (DESCRIBED + DATA)
        .replace("/id/people>", "/id/about#people>")
        .replace("ex:ada", "<https://example.org/id/who#ada>")
    )
    (tmp_path / "people.ttl").write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "communique", "build", "-q", "--snapshot", "-p", str(tmp_path)], check=True)
    server = Serving(str(tmp_path), "--no-build")
    try:
        for name, document, collected in (("who/ada", "who", "collection"), ("about/people", "about", "item")):
            by_header = signposting.find_signposting_http(f"{server.url}{name}.html")
            by_page = signposting.find_signposting_html(f"{server.url}{name}.html")
            assert by_header.citeAs is not None
            assert by_header.citeAs.target == "https://example.org/id/" + name.replace("/", "#")
            for found, formats in ((by_page, ("ttl", "jsonld", "trig")), (by_header, ("ttl", "jsonld", "trig", "nt"))):
                assert {each.rel.value for each in found.signposts} >= {"type", collected, "author", "license"}
                data = {f"{server.url}{document}.{each}" for each in formats}
                assert data <= {str(each.target) for each in found.describedBy}
            targets = [each.target for each in by_header.signposts if each.target.startswith(server.url)]
            assert {httpx2.get(each).status_code for each in targets} == {200}
        (dataset, *_) = httpx2.get(server.url + "linkset.json").json()["linkset"]
        root = "https://example.org/id/"
        assert dataset["anchor"] == root + "about/people.html"
        paths = [each["href"].removeprefix(root) for each in dataset["describedby"]]
        assert {httpx2.get(server.url + each).status_code for each in paths} == {200}
    finally:
        server.stop()
