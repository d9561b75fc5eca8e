"""Graphs put together: the union of all and the merge of some, for engines that do not make them themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import pyoxigraph as ox

from communique.syntax.dataset_clauses import dataset_clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Graphs = Sequence[str]
    Results = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

_SIZES = """
SELECT ?all ?each {
  { SELECT (COUNT(*) AS ?all) { ?s ?p ?o } }
  { SELECT (COUNT(*) AS ?each) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }
}"""
_AT_MOST = "SELECT (COUNT(*) AS ?n) {{ SELECT * {{ ?s ?p ?o }} LIMIT {} }}"
UNTOLD = "it cannot be told which graphs this query names: put spaces around each < that compares."


class Engine(Protocol):
    """What of a store of the engine is used."""

    @property
    def query(self) -> Callable[..., Any]:
        """Evaluates a query."""

    @property
    def quads_for_pattern(self) -> Callable[..., Iterator[ox.Quad]]:
        """Gives the quads that match."""

    @property
    def extend(self) -> Callable[[Iterable[ox.Quad]], None]:
        """Takes quads in."""


E = TypeVar("E", bound=Engine)


def with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give the quads, and each triple of a named graph in the default graph as well.

    So the default graph is the union of all graphs as a set. The engine's own union counts a triple once for each graph
    in which it stands, and has no effect beside a `FROM`.
    """
    for quad in quads:
        yield quad
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)


def ask(
    engine: E,
    text: str,
    *,
    empty: Callable[[], E],
    default_graphs: Graphs = (),
    named_graphs: Graphs = (),
    base: str | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> Results:
    """Return what a query finds in a store that was filled by `with_union`, or in some of its graphs.

    These are the graphs given, else those that the query names (SPARQL 1.1 Protocol, section 2.1.4). Where they make
    the default graph, it is their merge (SPARQL 1.1 Query, section 13.2.1): a triple that stands in several is one, and
    a blank node that several share is one, as in the union. The engine by itself would count such a triple several
    times, so the graphs are copied into a store from `empty`, unless they have no triple in common or all that there
    are. Raises SyntaxError when the text is no query.
    """
    options = {"base_iri": base, "prefixes": prefixes}
    if not (default_graphs or named_graphs):
        # Where the text names no more than one graph, the engine finds it for itself.
        if text.lower().count("from") > 1:
            default_graphs, named_graphs = _named(engine, text, options)
        if len(default_graphs) + len(named_graphs) < 2:
            return _query(engine, text, options)
    default, named = ([ox.NamedNode(graph) for graph in dict.fromkeys(each)] for each in (default_graphs, named_graphs))
    merged = _merged(engine, default)
    if merged is None:
        copy = empty()
        copy.extend(_quads(engine, default, named))
        engine, merged = copy, [ox.DefaultGraph()]
    return _query(engine, text, options, default_graph=merged, named_graphs=named)


def _query(engine: Engine, text: str, options: Mapping[str, Any], **dataset: Any) -> Results:
    found: Results = engine.query(text, **options, **dataset)
    return found


def _named(engine: Engine, text: str, options: Mapping[str, Any]) -> tuple[Graphs, Graphs]:
    """Return the graphs that a query names: those for the default graph, and those by their name."""
    # What is wrong with the text is told first.
    _query(engine, text, options, default_graph=[], named_graphs=[])
    clauses = dataset_clauses(text, prefixes=options["prefixes"] or ())
    if clauses is None:
        raise SyntaxError(UNTOLD)
    # What the names mean, the engine knows.
    rows = " ".join(f"({kind} {iri})" for kind, iris in enumerate((clauses.default, clauses.named)) for iri in iris)
    meant = _query(engine, f"{clauses.prologue} SELECT ?kind ?iri {{ VALUES (?kind ?iri) {{ {rows} }} }}", options)
    graphs: tuple[list[str], list[str]] = ([], [])
    for kind, iri in cast("ox.QuerySolutions", meant):
        graphs[int(kind.value)].append(iri.value)
    return graphs


def _merged(engine: Engine, graphs: Sequence[ox.NamedNode]) -> Sequence[ox.NamedNode | ox.DefaultGraph] | None:
    """Return graphs that have each triple of these graphs once, and no other; None where there are none."""
    if len(graphs) < 2:
        return graphs
    sizes = next(engine.query(_SIZES, default_graph=graphs))
    if sizes["all"] == sizes["each"]:
        return graphs
    union = next(engine.query(_AT_MOST.format(int(sizes["each"].value) + 1)))
    return [ox.DefaultGraph()] if union["n"] == sizes["each"] else None


def _quads(engine: Engine, default: Sequence[ox.NamedNode], named: Sequence[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Give the triples of the graphs `default` outside any graph, and the quads of the graphs `named`."""
    for graph in default:
        for quad in engine.quads_for_pattern(None, None, None, graph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    for graph in named:
        yield from engine.quads_for_pattern(None, None, None, graph)
