"""A real Virtuoso with its own manners, and a site built from it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from canonical_quads import canonical
from communique.errors import UsageError
from communique.remote.failures import failure_of
from communique.remote.service import Service, ServiceError
from communique.remote.store import RemoteStore
from services import has_virtuoso, virtuoso

ROWS = 200
XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = f"""
<http://example.org/a> <http://example.org/p> "5"^^<{XSD}int> <http://example.org/g> .
<http://example.org/a> <http://example.org/p> "007"^^<{XSD}integer> <http://example.org/g> .
<http://example.org/a> <http://example.org/p> "q\\"\\n\\t é 三 𝒳"@en <http://example.org/g> .
<http://example.org/a> <http://example.org/has> _:x <http://example.org/g> .
_:x <http://example.org/in> _:y <http://example.org/h> .
_:y <http://example.org/depth> "2"^^<{XSD}integer> <http://example.org/h> .
""" + "".join(
    f'<http://example.org/s{n}> <http://example.org/n> "v{n}" <http://example.org/many> .\n' for n in range(1000)
)

pytestmark = pytest.mark.skipif(not has_virtuoso(), reason="virtuoso-opensource-7-bin is not installed")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(DATA, tmp_path_factory.mktemp("virtuoso"), rows=ROWS) as url:
        yield url


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[RemoteStore]:
    service = Service(url)
    yield RemoteStore(service)
    service.close()


def test_all_quads_come_whole_through_its_cap_on_rows(store: RemoteStore) -> None:
    """Each as Virtuoso holds it: it writes numbers in a form of its own."""
    data = DATA.replace('"007"', '"7"')
    assert canonical(store.quads()) == canonical(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def test_its_own_graphs_are_not_counted(store: RemoteStore) -> None:
    assert [graph.value.rpartition("/")[2] for graph in store.graph_names()] == ["g", "h", "many"]
    assert len(store) == 1006


def test_its_default_graph_is_the_union(store: RemoteStore) -> None:
    assert bool(store.query("ASK { ?s <http://example.org/depth> 2 }"))


def test_what_it_cuts_is_an_error_for_rows_and_for_graphs(store: RemoteStore) -> None:
    for query in (
        "SELECT * { ?s <http://example.org/n> ?o }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s <http://example.org/n> ?o }",
        "CONSTRUCT WHERE { ?s <http://example.org/n> ?o }",
    ):
        with pytest.raises(ServiceError, match=f"cuts answers at {ROWS} rows"):
            store.query(query)


def test_what_fits_is_answered(store: RemoteStore) -> None:
    found = store.query("CONSTRUCT { ?s a ?o } WHERE { GRAPH <http://example.org/h> { ?s ?p ?o } }")
    assert len(list(found)) == 2  # type: ignore[arg-type]
    assert [bool(store.query(f"ASK {{ {pattern} }}")) for pattern in ("", "?s <x:no> ?o")] == [True, False]


def test_an_expression_without_a_name_is_a_wrong_use(store: RemoteStore) -> None:
    with pytest.raises(UsageError, match="in brackets, with a name"):
        store.query("SELECT COUNT(?s) { ?s ?p ?o }")


def test_a_malformed_query_is_explained(store: RemoteStore) -> None:
    with pytest.raises(UsageError, match="query:1:"):
        store.query("SELECT * { ?s ?p }")


def test_a_query_that_it_gives_up_is_an_error(store: RemoteStore) -> None:
    with pytest.raises(ServiceError, match="answered 500: Virtuoso S1T00"):
        store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@pytest.mark.parametrize(
    ("query", "state", "words"),
    [
        ("SELECT ?s (GROUP_CONCAT(?o) AS ?c) { ?s <http://example.org/p> ?o } GROUP BY ?s", "07S01", "DELIM"),
        ("SELECT ?s { ?s ?p ?o FILTER(REGEX(STR(?o), '(')) }", "2201B", "regexp error"),
        ("SELECT ?s { ?s <http://example.org/p>+ ?o }", "37000", "transitive start not given"),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", "42001", "Undefined procedure"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } VALUES (?s) { (<http://example.org/p>) }", "S0022", "No column"),
    ],
)
def test_a_query_that_is_right_and_means_nothing_to_it_is_told_in_its_words(
    store: RemoteStore, query: str, state: str, words: str
) -> None:
    with pytest.raises(ServiceError) as raised:
        store.query(query)
    detail = failure_of(raised.value).detail
    assert detail.startswith("The engine of this site cannot evaluate this query: write it otherwise. It says: ")
    assert f"Virtuoso {state} " in detail
    assert words in detail
    assert "SPARQL query" not in detail


def test_a_site_is_built_from_it(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "communique", "build", "-p", str(tmp_path), "--store", url, "--out"]
    graphs = ["--graph", "http://example.org/g", "--graph", "http://example.org/h"]
    done = subprocess.run([*command, str(tmp_path / "public"), *graphs], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ex" in (tmp_path / "public/a.ttl").read_text(encoding="utf-8")
    assert not (tmp_path / "public/s1.html").exists()
