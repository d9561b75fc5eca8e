"""Counting: queries that go wrong where a triple stands in several graphs.

pyoxigraph's union of graphs is not their merge: it has a triple once for each graph that the triple stands in. Results
are made distinct anyway, so this matters only to queries that count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.syntax.sparql_text import blanked

if TYPE_CHECKING:
    from communique.store import GraphName, Store

_COUNTS = re.compile(r"\b(COUNT|SUM|AVG|GROUP_CONCAT|LIMIT|OFFSET)\b", re.IGNORECASE)
_GRAPH = re.compile(r"\bGRAPH\b", re.IGNORECASE)
_REPEATED = """
    SELECT ?s ?p ?o ?g ?default {
      { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(!sameTerm(?g, ?h)) }
      UNION { ?s ?p ?o GRAPH ?g { ?s ?p ?o } BIND(true AS ?default) }
    }"""


def counts(query: str) -> bool:
    """Tell if the answer to a query may depend on how often a triple is there."""
    return _COUNTS.search(blanked(query)) is not None


def names_graphs(query: str) -> bool:
    """Tell if a query asks what stands in which graph."""
    return _GRAPH.search(blanked(query)) is not None


def repeated(store: Store) -> list[ox.Quad]:
    """Return the quads whose triple stands in another graph as well, but for one of each: without them none does."""
    if not store.graph_names():
        return []
    found: dict[ox.Triple, set[GraphName]] = {}
    in_default: set[ox.Triple] = set()
    results: Any = store.evaluate(_REPEATED, union=False)
    for subject, predicate, value, graph, default in results:
        triple = ox.Triple(subject, predicate, value)
        found.setdefault(triple, set()).add(graph)
        if default:
            in_default.add(triple)
    more: list[ox.Quad] = []
    for triple, graphs in found.items():
        first = set() if triple in in_default else {min(graphs, key=str)}
        more += (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for graph in graphs - first)
    return more
