"""What every backend keeps to: the store in memory, and a SPARQL service, in this case our own and a plain one."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from canonical_quads import canonical
from communique.backend import Backend
from communique.errors import UsageError
from communique.iris import Prefixes
from communique.remote.service import Service
from communique.remote.store import RemoteStore
from communique.store import Store
from communique.syntax.namespaces import FilePrefixes
from services import Manners, endpoint, mannered

DATA = """
PREFIX ex: <http://example.org/>
ex:a ex:p 1, "two"@en, "three\\n\\"3\\" 三 𝒳", "2021-10-01"^^<http://www.w3.org/2001/XMLSchema#date> .
GRAPH ex:g { ex:b ex:knows _:x . _:x ex:name "X" }
GRAPH ex:h { _:x ex:age 7 . ex:b ex:p 1 }
"""
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))
PREFIXES = Prefixes({"ex": "http://example.org/"})


@pytest.fixture(scope="module", params=["memory", "our own endpoint", "another service"])
def backend(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with ExitStack() as stack:
        if request.param == "memory":
            store = Store(QUADS)
            store._file_prefixes = FilePrefixes(written={"ex": "http://example.org/"})
            yield store
            return
        folder: Path = tmp_path_factory.mktemp("backend") / "served"
        own = request.param == "our own endpoint"
        url = stack.enter_context(endpoint(QUADS, folder) if own else mannered(QUADS, Manners()))
        service = Service(url)
        stack.callback(service.close)
        yield RemoteStore(service, prefixes=PREFIXES)


def rows(backend: Backend, query: str) -> list[tuple[Any, ...]]:
    found = backend.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


def test_all_quads_are_given_with_their_graphs_and_blank_nodes_that_graphs_share(backend: Backend) -> None:
    assert canonical(backend.quads()) == canonical(QUADS)


def test_the_quads_are_counted(backend: Backend) -> None:
    assert len(backend) == len(QUADS) == 8


def test_the_graphs_are_named(backend: Backend) -> None:
    assert [name.value for name in backend.graph_names()] == ["http://example.org/g", "http://example.org/h"]


def test_a_select_gives_terms(backend: Backend) -> None:
    (found,) = rows(backend, "SELECT ?o { ex:a ex:p ?o FILTER(LANG(?o) = 'en') }")
    assert found == (ox.Literal("two", language="en"),)


def test_what_is_not_bound_is_none(backend: Backend) -> None:
    assert rows(backend, "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) } }") == [(ox.Literal(1), None)]


def test_an_ask_gives_a_boolean(backend: Backend) -> None:
    assert bool(backend.query("ASK { ?s <http://example.org/p> 1 }"))
    assert not bool(backend.query("ASK { ?s <http://example.org/nothing> 1 }"))


def test_a_construct_gives_triples(backend: Backend) -> None:
    found = list(backend.query("CONSTRUCT { ?s a ?o } WHERE { GRAPH ?g { ?s <http://example.org/age> ?o } }"))
    assert [str(triple.object) for triple in found] == ['"7"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_declared_prefixes_need_no_declaration(backend: Backend) -> None:
    assert rows(backend, "SELECT ?o { GRAPH ex:h { ?s ex:age ?o } }") == [(ox.Literal(7),)]
    assert rows(backend, "PREFIX ex: <http://example.org/> SELECT ?o { GRAPH ex:h { ?s ex:age ?o } }")


@pytest.mark.parametrize(
    ("query", "place"),
    [("SELECT * {\n ?s ?p }", "query:2:"), ("SELECT * { ?s no:p ?o }", "the prefix no: is not declared")],
)
def test_a_malformed_query_is_refused_with_its_place(backend: Backend, query: str, place: str) -> None:
    with pytest.raises(UsageError, match=place):
        backend.query(query)


def test_an_update_is_refused(backend: Backend) -> None:
    with pytest.raises(UsageError, match="INSERT is an update"):
        backend.query("INSERT DATA { ex:a ex:b ex:c }")


def test_no_query_reaches_another_host(backend: Backend) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        backend.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
