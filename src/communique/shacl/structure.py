"""What no shapes graph may contain: refused features, and structures that SHACL does not allow (section 2 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.syntax.rdf import TYPE as TYPE
from communique.syntax.sparql_text import names_dataset, reaches_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.store import Store, Term

    Fault = tuple[Term, str]

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST = ox.NamedNode(RDF + "first")
REST = ox.NamedNode(RDF + "rest")
NIL = ox.NamedNode(RDF + "nil")
PATH = ox.NamedNode(SH + "path")
QUERIES = ("select", "ask", "construct", "update")
LISTS = ("and", "or", "xone", "in", "languageIn", "ignoredProperties")
SHAPE_EXPECTING = ("property", "node", "not", "qualifiedValueShape")
STEPS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")


def faults(store: Store) -> Iterator[Fault]:
    """Give each fault of a shapes graph as a node and a sentence on it."""
    yield from _refused(store)
    yield from _malformed_lists(store)
    yield from _malformed_references(store)
    yield from _malformed_paths(store)


def _refused(store: Store) -> Iterator[Fault]:
    for quad in store.quads():
        if quad.predicate.value.startswith(SH + "js"):
            yield quad.subject, f"sh:{quad.predicate.value.removeprefix(SH)} is refused: no script of the data is run."
    for query in QUERIES:
        for quad in store.quads(None, ox.NamedNode(SH + query)):
            text = quad.object.value if isinstance(quad.object, ox.Literal) else ""
            if reaches_out(text):
                yield quad.subject, f"sh:{query} is refused: a query must not call another host (SERVICE)."
            elif names_dataset(text):
                yield quad.subject, f"sh:{query} is refused: a query must not name graphs to load (FROM)."


def _malformed_lists(store: Store) -> Iterator[Fault]:
    for parameter in LISTS:
        for quad in store.quads(None, ox.NamedNode(SH + parameter)):
            members = items(store, quad.object)
            if members is None or (not members and parameter in ("and", "or", "xone")):
                yield quad.subject, f"sh:{parameter} needs a list, in round brackets, with at least one member."


def _malformed_references(store: Store) -> Iterator[Fault]:
    for parameter in SHAPE_EXPECTING:
        for quad in store.quads(None, ox.NamedNode(SH + parameter)):
            paths = 0 if isinstance(quad.object, ox.Literal) else len(_objects(store, quad.object, PATH))
            if isinstance(quad.object, ox.Literal):
                yield quad.subject, f"sh:{parameter} needs a shape, not the text {quad.object}."
            elif parameter == "property" and paths != 1:
                yield quad.subject, f"sh:property {_spell(quad.object)} needs exactly one sh:path, but has {paths}."
            elif parameter == "node" and paths:
                yield quad.subject, f"sh:node {_spell(quad.object)} needs a node shape, but that has a sh:path."


def _malformed_paths(store: Store) -> Iterator[Fault]:
    node_shapes = {quad.subject for quad in store.quads(None, TYPE, ox.NamedNode(SH + "NodeShape"))}
    property_shapes = {quad.subject for quad in store.quads(None, TYPE, ox.NamedNode(SH + "PropertyShape"))}
    with_path = {quad.subject for quad in store.quads(None, PATH)}
    for node in sorted(property_shapes | with_path, key=str):
        paths = _objects(store, node, PATH)
        if node in node_shapes:
            yield node, "is a node shape, so it must not have a sh:path or be a sh:PropertyShape too."
        elif len(paths) != 1:
            yield node, f"is a property shape, so it needs exactly one sh:path, but has {len(paths)}."
        elif not _is_path(store, paths[0], ()):
            yield node, "its sh:path is no well-formed path (SHACL, section 2.3.1)."


def items(store: Store, head: Term) -> list[Term] | None:
    """Return the members of an RDF list, or None if it is malformed or runs in a circle."""
    found: list[Term] = []
    seen: set[Term] = set()
    while head != NIL:
        first, rest = _objects(store, head, FIRST), _objects(store, head, REST)
        if head in seen or len(first) != 1 or len(rest) != 1:
            return None
        seen.add(head)
        found.append(first[0])
        head = rest[0]
    return found


def _is_path(store: Store, node: Term, seen: tuple[Term, ...]) -> bool:
    if isinstance(node, ox.NamedNode):
        return True
    if not isinstance(node, ox.BlankNode) or node in seen:
        return False
    inner = (*seen, node)
    if _objects(store, node, FIRST):
        return _are_paths(store, node, inner)
    for step in STEPS:
        for value in _objects(store, node, ox.NamedNode(SH + step)):
            return _is_path(store, value, inner)
    return any(_are_paths(store, head, inner) for head in _objects(store, node, ox.NamedNode(SH + "alternativePath")))


def _are_paths(store: Store, head: Term, seen: tuple[Term, ...]) -> bool:
    members = items(store, head)
    return members is not None and len(members) > 1 and all(_is_path(store, each, seen) for each in members)


def _objects(store: Store, subject: Term, predicate: ox.NamedNode) -> list[Term]:
    if isinstance(subject, ox.Literal):
        return []
    return list({quad.object: None for quad in store.quads(subject, predicate)})


def _spell(node: Term) -> str:
    return str(node) if isinstance(node, ox.NamedNode) else "[ ... ]"
