"""The query evaluation tests of SPARQL 1.1 through the endpoint, in JSON and XML: never below the bare engine.

All data of the suite stand in one snapshot, a named graph for each file; a test names its graphs by the protocol.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

SUITE = Path(__file__).parents[3] / "shared/suites/w3c-rdf-tests/sparql/sparql11"
FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping",
    "json-res", "negation", "project-expression", "property-path", "subquery",
)  # fmt: skip
MF, QT, RS, RDF = (
    "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "http://www.w3.org/2001/sw/DataAccess/tests/test-query#",
    "http://www.w3.org/2001/sw/DataAccess/tests/result-set#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
)
NUMBERS = ("integer", "decimal", "double", "float")
NOTHING = "http://example.org/nothing"
BARE = 221
"""How many tests the engine itself passes at least. The others are its own: paths of length zero over a graph without
triples (four), `VALUES`, `MINUS` and a count of nothing below `GRAPH ?g` (three), `GROUP_CONCAT` with a language (two),
`xsd:negativeInteger`, kept as `xsd:integer`, and `BNODE` with an argument, the same in all rows."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C test suites are not beside the repository")


@dataclass(frozen=True)
class Case:
    name: str
    query: Path
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: Path

    @property
    def protocol_named(self) -> tuple[str, ...]:
        """The named graphs that the protocol names; they would replace those that a query names itself."""
        return () if "FROM" in self.text else self.named

    @property
    def text(self) -> str:
        return f"BASE <{self.query.as_uri()}>\n" + self.query.read_text(encoding="utf-8")

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs that the protocol names; without any the query names its own, or has none."""
        return self.default or (() if "FROM" in self.text else (NOTHING,))


def cases() -> Iterator[Case]:
    for folder in FOLDERS:
        path = SUITE / folder / "manifest.ttl"
        store = ox.Store()
        store.load(path=str(path), base_iri=path.as_uri())
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(MF + "QueryEvaluationTest")):

            def values(subject: Any, predicate: str, store: ox.Store = store) -> tuple[str, ...]:
                found = store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
                return tuple(each.object.value for each in found)

            action = next(store.quads_for_pattern(quad.subject, ox.NamedNode(MF + "action"), None)).object
            yield Case(
                f"{folder}/{quad.subject.value.rpartition('#')[2]}",
                local(values(action, QT + "query")[0]),
                values(action, QT + "data"),
                values(action, QT + "graphData"),
                local(values(quad.subject, MF + "result")[0]),
            )


def local(iri: str) -> Path:
    return SUITE.parents[0].joinpath(iri.partition("/sparql/")[2])


def data() -> Iterator[ox.Quad]:
    for path in sorted(SUITE.rglob("*")):
        if path.parent.name in FOLDERS and path.suffix in (".ttl", ".rdf") and path.name != "manifest.ttl":
            graph = ox.NamedNode(path.as_uri())
            try:
                quads = list(ox.parse(path=str(path), base_iri=path.as_uri(), rename_blank_nodes=True))
            except SyntaxError:
                continue
            yield from (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


def canonical(quads: Any) -> Any:
    dataset = ox.Dataset(ox.Quad(each.subject, each.predicate, same(each.object)) for each in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def rows(solutions: Any) -> Any:
    """Return solutions as a graph, the same for any order and any names of blank nodes; equal rows are counted."""
    found: list[ox.Quad] = []
    alike = Counter(tuple((v.value, solution[v]) for v in solutions.variables) for solution in solutions)
    for row, count in alike.items():
        node = ox.BlankNode()
        found.append(ox.Quad(node, ox.NamedNode("x:count"), ox.Literal(count)))
        found += [ox.Quad(node, ox.NamedNode(f"x:{name}"), same(value)) for name, value in row if value is not None]
    return canonical(found)


def same(term: Any) -> Any:
    """Return a number or boolean in one form for all ways to write it: the suite compares values."""
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#boolean"):
        return ox.Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=term.datatype)
    if not isinstance(term, ox.Literal) or term.datatype.value.partition("#")[2] not in NUMBERS:
        return term
    try:
        return ox.Literal(f"{float(term.value):.9g}", datatype=term.datatype)
    except ValueError:
        return term


def read(content: bytes, media_type: str) -> Any:
    """Return an answer in a form that can be compared."""
    form = ox.QueryResultsFormat.from_media_type(media_type)
    if form is None:
        return canonical(ox.parse(content, format=ox.RdfFormat.from_media_type(media_type)))
    results = ox.parse_query_results(content, format=form)
    return bool(results) if isinstance(results, ox.QueryBoolean) else rows(results)


def of_graph(path: Path) -> Any:
    """Return a result that is written in RDF: a result set, or the graph of a CONSTRUCT."""
    store = ox.Store()
    store.load(path=str(path), base_iri=path.as_uri())

    def objects(subject: Any, predicate: str) -> list[Any]:
        return [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(RS + predicate), None)]

    boolean = objects(None, "boolean")
    if boolean:
        return boolean[0].value == "true"
    if not objects(None, "resultVariable"):
        return canonical(store)
    found: Counter[Any] = Counter()
    for solution in objects(None, "solution"):
        bound = ((objects(b, "variable")[0].value, objects(b, "value")[0]) for b in objects(solution, "binding"))
        found[tuple(bound)] += 1
    quads = []
    for row, count in found.items():
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("x:count"), ox.Literal(count)))
        quads += [ox.Quad(node, ox.NamedNode(f"x:{name}"), same(value)) for name, value in row]
    return canonical(quads)


def expected(case: Case) -> Any:
    types = {".srx": "application/sparql-results+xml", ".srj": "application/sparql-results+json"}
    types |= {".tsv": "text/tab-separated-values"}
    if case.result.suffix in types:
        return read(case.result.read_bytes(), types[case.result.suffix])
    return of_graph(case.result)


def bare(store: ox.Store, case: Case) -> Any:
    """Return what the engine says, without anything of ours between."""
    try:
        if case.graphs or case.protocol_named:
            default, named = ([ox.NamedNode(each) for each in names] for names in (case.graphs, case.protocol_named))
            found = store.query(case.text, default_graph=default, named_graphs=named)
        else:
            found = store.query(case.text)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        return canonical(found) if isinstance(found, ox.QueryTriples) else rows(found)
    except (SyntaxError, OSError, ValueError, RuntimeError):
        return None


def served(client: Any, case: Case, accept: str) -> Any:
    pairs = [("query", case.text)]
    pairs += [("default-graph-uri", each) for each in case.graphs] + [
        ("named-graph-uri", each) for each in case.protocol_named
    ]
    response = client.post(
        "/sparql", content=urlencode(pairs), headers={**FORM, "Accept": f"{accept}, text/turtle;q=0.1"}
    )
    if response.status_code != 200:
        return None
    return read(response.content, response.headers["content-type"].partition(";")[0])


@pytest.fixture(scope="module")
def passed(server: Any) -> dict[str, set[str]]:
    """The names of the tests that pass, bare and in each format."""
    quads = list(data())
    store = ox.Store()
    store.extend(quads)
    found: dict[str, set[str]] = {"bare": set(), "json": set(), "xml": set(), "all": set()}
    with server(quads, nesting=500) as client:
        for case in cases():
            found["all"].add(case.name)
            right = expected(case)
            answers = {"bare": bare(store, case)}
            answers |= {f: served(client, case, f"application/sparql-results+{f}") for f in ("json", "xml")}
            for name, answer in answers.items():
                if answer is not None and answer == right:
                    found[name].add(case.name)
    return found


@pytest.mark.parametrize("format_name", ["json", "xml"])
def test_what_the_engine_can_do_the_endpoint_can_do(passed: dict[str, set[str]], format_name: str) -> None:
    assert sorted(passed["bare"] - passed[format_name]) == []


def test_the_engine_passes_what_it_is_known_to_pass(passed: dict[str, set[str]]) -> None:
    assert len(passed["all"]) == 232
    assert len(passed["bare"]) >= BARE, sorted(passed["all"] - passed["bare"])
