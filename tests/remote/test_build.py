"""The commands over a service: the same site as from files, and errors that say what to do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pyoxigraph as ox
import pytest

from services import Manners, endpoint, mannered

DATA = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/id/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX void: <http://rdfs.org/ns/void#>
ex:people a dcat:Dataset ; dcterms:title "People"@en ; void:uriSpace "https://example.org/id/" .
GRAPH ex:register {
  ex:ada a foaf:Person ; rdfs:label "Ada Lovelace"@en ; foaf:knows ex:charles ; foaf:made [ foaf:name "Notes" ] .
  ex:charles a foaf:Person ; rdfs:label "Charles Babbage"@en .
}
"""
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mannered(QUADS, Manners()) as url:
        yield url


def run(*arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "communique", *arguments]
    return subprocess.run(command, capture_output=True, text=True, input=text, timeout=120, check=False)


def files(site: Path) -> dict[str, bytes]:
    found = (path for path in site.rglob("*") if path.is_file() and not path.name.startswith("report"))
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


def build(project: Path, *options: str) -> dict[str, bytes]:
    done = run("build", "-q", "-p", str(project), *options)
    assert done.returncode == 0, done.stderr
    return files(project / "public")


def test_the_site_is_the_same_byte_for_byte_as_from_files(url: str, tmp_path: Path) -> None:
    """Also from our own endpoint, whose default graph has everything a second time; the report alone names files."""
    for name in ("from-files", "from-service", "from-ourselves"):
        (tmp_path / name / "project").mkdir(parents=True)
    (tmp_path / "from-files/project/data.nq").write_bytes(ox.serialize(QUADS, format=ox.RdfFormat.N_QUADS) or b"")
    expected = build(tmp_path / "from-files/project")
    assert build(tmp_path / "from-service/project", "--store", url) == expected
    named = [quad for quad in QUADS if not isinstance(quad.graph_name, ox.DefaultGraph)]
    with endpoint(named, tmp_path / "served") as ours:
        (tmp_path / "from-files/project/data.nq").write_bytes(ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b"")
        assert build(tmp_path / "from-ourselves/project", "--store", ours) == build(tmp_path / "from-files/project")


def test_what_the_project_has_is_published_beside_it(url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/more.ttl").write_text("<https://example.org/id/ada> <x:p> <https://example.org/id/more> .")
    assert b"Ada Lovelace" in build(tmp_path, "--store", url)["ada.html"]
    assert b"/more>" in (tmp_path / "public/ada.ttl").read_bytes()


def test_a_service_is_checked_by_the_shapes_of_the_project(url: str, tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes/person.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        [] a sh:NodeShape ; sh:targetClass foaf:Person ;
           sh:property [ sh:path foaf:mbox ; sh:minCount 1 ; sh:message "has no address."@en ] ."""
    )
    done = run("check", "--json", str(tmp_path), "--store", url)
    assert done.returncode == 1
    assert "has no address." in done.stdout
    assert json.loads(done.stdout)


def test_a_service_is_asked_and_its_answer_printed(url: str, tmp_path: Path) -> None:
    query = "SELECT ?name { GRAPH ?g { ?p rdfs:label ?name } } ORDER BY ?name"
    done = run("query", "-p", str(tmp_path), "--store", url, "-f", "csv", "-", text=query)
    assert done.stdout.splitlines() == ["name", "Ada Lovelace", "Charles Babbage"]


def test_a_service_that_is_not_there_ends_with_3_and_a_build_leaves_the_former_site(url: str, tmp_path: Path) -> None:
    before = build(tmp_path, "--store", url)
    done = run("build", "-q", "-p", str(tmp_path), "--store", "http://127.0.0.1:1/sparql")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "http://127.0.0.1:1/sparql: cannot be reached" in done.stderr
    assert files(tmp_path / "public") == before


@pytest.mark.parametrize("command", ["build", "serve"])
def test_who_waits_for_a_service_that_is_not_there_is_told_for_how_long(tmp_path: Path, command: str) -> None:
    done = run(command, "-p", str(tmp_path), "--store", "http://127.0.0.1:1/sparql")
    first, last = done.stderr.splitlines()
    assert done.returncode == 3
    assert first == "http://127.0.0.1:1/sparql: cannot be reached; trying again for 7 s"
    assert "Is the service running?" in last


@pytest.mark.parametrize(
    ("graphs", "named"),
    [(("https://example.org/id/registre",), "graph <https://example.org/id/registre>"),
     (("x:g", "x:h"), "graphs <x:g>, <x:h>")],
)  # fmt: skip
def test_where_nothing_is_shown_in_any_graph_that_ends_with_3_and_a_build_leaves_the_former_site(
    url: str, tmp_path: Path, graphs: tuple[str, ...], named: str
) -> None:
    before = build(tmp_path, "--store", url)
    options = [part for graph in graphs for part in ("--graph", graph)]
    for command in (["build", "-p", str(tmp_path)], ["check", str(tmp_path)]):
        done = run(*command, "--store", url, *options)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert f"{url}: shows nothing in the {named}: there is no such graph, it is not loaded yet, or" in done.stderr
    assert files(tmp_path / "public") == before


@pytest.mark.parametrize("command", ["build", "check"])
def test_where_one_graph_of_several_shows_nothing_that_is_told_and_the_others_are_read(
    url: str, tmp_path: Path, command: str
) -> None:
    graphs = ("--graph", "https://example.org/id/register", "--graph", "x:g")
    done = run(command, "-q", "-p", str(tmp_path), "--store", url, *graphs)
    assert done.returncode == 0
    assert f"{url}: shows nothing in the graph <x:g>: there is no such graph" in done.stderr
    assert (tmp_path / "public/ada.html").exists() == (command == "build")


def test_a_service_that_shows_nothing_at_all_makes_no_site(tmp_path: Path) -> None:
    with mannered([], Manners()) as empty:
        done = run("build", "-p", str(tmp_path), "--store", empty)
    assert done.returncode == 3
    assert f"{empty}: shows no statement in any graph: nothing is loaded yet" in done.stderr
    assert not (tmp_path / "public").exists()


def test_a_copy_of_a_service_is_served_with_pages_and_an_endpoint_of_our_own(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "communique", "serve", "-p", str(tmp_path), "--store", url, "--copy"]
    server = subprocess.Popen([*command, "--port", "0", "-q"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        served = server.stdout.readline().strip()
        query = urlencode({"query": "SELECT ?s { ?s ?p 'Notes' }", "format": "csv"})
        assert "Ada Lovelace" in fetched(served + "ada.html")
        assert len(fetched(f"{served}sparql?{query}").splitlines()) == 2
    finally:
        server.terminate()
        server.communicate(timeout=20)


def fetched(address: str) -> str:
    with urlopen(address, timeout=20) as response:
        return str(response.read().decode())


def test_graphs_without_a_service_are_a_wrong_use(tmp_path: Path) -> None:
    done = run("build", "-p", str(tmp_path), "--graph", "http://example.org/g")
    assert done.returncode == 2
    done = run("check", "--graph", "http://example.org/g")
    assert (done.returncode, "--store" in done.stderr) == (2, True)
