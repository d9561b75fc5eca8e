"""Counting: which queries go wrong where a triple stands in several graphs.

pyoxigraph's union of graphs is not their merge: it has a triple once for each graph that the triple stands in. Results
are made distinct anyway, so this matters only to queries that count.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib.paths import InvPath, MulPath, Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse

from communique.sparql_text import blanked
from communique.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTS = re.compile(r"\b(COUNT|SUM|AVG|GROUP_CONCAT|LIMIT|OFFSET)\b", re.IGNORECASE)
_GRAPH = re.compile(r"\bGRAPH\b", re.IGNORECASE)
_REPEATED = """
    SELECT DISTINCT ?p {
      { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(!sameTerm(?g, ?h)) } UNION { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }
    }"""


def repeated_predicates(store: Store) -> frozenset[str]:
    """Return the predicates of the triples that stand in more than one graph."""
    if not store.graph_names():
        return frozenset()
    results: Any = store.evaluate(_REPEATED, union=False)
    return frozenset(row[0].value for row in results)


def merge_for(query: str, store: Store, *, repeated: frozenset[str]) -> Store | None:
    """Return a store whose default graph is the merge of what a query asks for, or None if it counts right as it is."""
    text = blanked(query)
    if not repeated or _COUNTS.search(text) is None:
        return None
    asked = _predicates(query)
    if asked is None or _GRAPH.search(text):
        return Store.for_queries(chain(store, map(_in_default_graph, store)))
    if repeated.isdisjoint(asked):
        return None
    found = (store.quads(None, ox.NamedNode(each)) for each in sorted(asked))
    return Store.for_queries(map(_in_default_graph, chain.from_iterable(found)))


def _in_default_graph(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _predicates(query: str) -> set[str] | None:
    """The predicates that a query asks for, or None if that may be any."""
    found: set[Any] = set()

    def visit(part: Any) -> None:
        if getattr(part, "name", None) == "BGP":
            found.update(predicate for _, predicate, _ in part.triples)

    try:
        traverse(prepareQuery(query).algebra, visitPost=visit)
    except Exception:  # rdflib's parser raises all kinds of things; then nothing is known
        return None
    steps = [step for predicate in found for step in _steps(predicate)]
    return {str(step) for step in steps} if all(isinstance(step, rdflib.URIRef) for step in steps) else None


def _steps(path: Any) -> Iterator[Any]:
    if isinstance(path, InvPath):
        yield from _steps(path.arg)
    elif isinstance(path, MulPath):
        yield from _steps(path.path)
    elif isinstance(path, Path) and hasattr(path, "args") and type(path).__name__ != "NegatedPath":
        for each in path.args:
            yield from _steps(each)
    else:
        yield path
