"""SHACL paths as SPARQL paths (SHACL, section 2.3.1)."""

from __future__ import annotations

from typing import Any

import rdflib

from communique.shacl.structure import SH

INVERSE = rdflib.URIRef(SH + "inversePath")
ALTERNATIVE = rdflib.URIRef(SH + "alternativePath")
ONCE_OR_MORE = rdflib.URIRef(SH + "oneOrMorePath")
REPEATED = (
    (rdflib.URIRef(SH + "zeroOrMorePath"), "*"),
    (ONCE_OR_MORE, "+"),
    (rdflib.URIRef(SH + "zeroOrOnePath"), "?"),
)


def sparql_path(graph: Any, node: Any) -> str:
    """Return a path with full IRIs, every part of more than one step in brackets.

    Expects a path that `structure` has found well-formed; where it says two things, takes what pyshacl takes.
    """
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if (node, rdflib.RDF.first, None) in graph:
        return f"({'/'.join(sparql_path(graph, each) for each in graph.items(node))})"
    if inverse := graph.value(node, INVERSE):
        return f"(^{sparql_path(graph, inverse)})"
    if alternatives := graph.value(node, ALTERNATIVE):
        return f"({'|'.join(sparql_path(graph, each) for each in graph.items(alternatives))})"
    for predicate, sign in REPEATED:
        if repeated := graph.value(node, predicate):
            return f"({sparql_path(graph, repeated)}{sign})"
    raise ValueError(f"{node} is no path")


def may_be_empty(graph: Any, node: Any) -> bool:
    """Tell if a path may have no step at all, so that a node is a value of itself."""
    if isinstance(node, rdflib.URIRef):
        return False
    if (node, rdflib.RDF.first, None) in graph:
        return all(may_be_empty(graph, each) for each in graph.items(node))
    if inverse := graph.value(node, INVERSE):
        return may_be_empty(graph, inverse)
    if alternatives := graph.value(node, ALTERNATIVE):
        return any(may_be_empty(graph, each) for each in graph.items(alternatives))
    once = graph.value(node, ONCE_OR_MORE)
    return once is None or may_be_empty(graph, once)
