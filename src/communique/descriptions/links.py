"""Links that arrive at a resource, and triples that stand under its name: counted in full, shown up to a limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from communique.store import GraphName, Store, Subject, Term

    Subjects = dict[Subject, list[GraphName]]

LIMIT = 50
MOST_BLANK = 100
"""So many blank nodes are gone through in search of what a blank node belongs to: a list can be long."""
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Incoming:
    """The resources that point here by one property: how many there are, and the first of them in a stable order.

    `graphs` are, for each of these, the names of the graphs in which the link stands.
    """

    property: NamedNode
    count: int
    resources: tuple[Subject, ...]
    graphs: tuple[tuple[GraphName, ...], ...] = ()

    @classmethod
    def first(cls, key: NamedNode, found: Subjects, *, limit: int, skip: int = 0, more: int = 0) -> Incoming:
        """Return the first of some subjects in a stable order, of all or of those after `skip`.

        `more` are not at hand, and counted.
        """
        shown = tuple(nsmallest(skip + limit, found, key=term_key)[skip:])
        return cls(key, len(found) + more, shown, tuple(tuple(found[each]) for each in shown))


@dataclass(frozen=True, slots=True)
class Assertions:
    """The triples of a named graph: how many there are, and the first of them in a stable order."""

    count: int
    triples: tuple[Triple, ...]


def incoming(
    store: Store, *, resource: NamedNode | BlankNode, except_by: Container[NamedNode] = (), limit: int = LIMIT
) -> tuple[Incoming, ...]:
    """Return the links to a resource by property, properties in the order of their IRIs, `limit` resources of each.

    IRIs come before blank nodes. Links by the properties in `except_by` are left out.
    """
    return tuple(
        Incoming.first(key, found, limit=limit, more=store.held_back(key, resource))
        for key, found in sorted(arriving(store, resource=resource).items(), key=lambda item: item[0].value)
        if key not in except_by
    )


def arriving(
    store: Store, *, resource: NamedNode | BlankNode, by: NamedNode | None = None
) -> dict[NamedNode, Subjects]:
    """Return everything that links to a resource, by one property or by any, and the graphs in which it does.

    In place of a blank node stands the IRI that it belongs to, for it has no page and no name; one that belongs to none
    is left out. Instances are what they are: blank nodes too.
    """
    found: dict[NamedNode, Subjects] = {}
    for quad in store.quads(None, by, resource, None):
        inner = isinstance(quad.subject, BlankNode) and quad.predicate != TYPE
        for subject in _owners(store, quad.subject) - {resource} if inner else (quad.subject,):
            graphs = found.setdefault(quad.predicate, {}).setdefault(subject, [])
            if quad.graph_name not in graphs:
                graphs.append(quad.graph_name)
    return found


def _owners(store: Store, node: Subject) -> set[Subject]:
    """Return the IRIs from which blank nodes lead to this one."""
    found: set[Subject] = set()
    seen, waiting = {node}, [node]
    while waiting and len(seen) < MOST_BLANK:
        for quad in store.quads(None, None, waiting.pop(), None):
            if isinstance(quad.subject, NamedNode):
                found.add(quad.subject)
            elif quad.subject not in seen:
                seen.add(quad.subject)
                waiting.append(quad.subject)
    return found


def assertions(store: Store, *, graph: NamedNode, limit: int = LIMIT) -> Assertions:
    """Return the triples that stand in the graph of this name, the first by their N-Triples lines."""
    count = 0

    def triples() -> Iterator[Triple]:
        nonlocal count
        for quad in store.quads(None, None, None, graph):
            count += 1
            yield quad.triple

    first = nsmallest(limit, triples(), key=str)
    return Assertions(
        count + store.held_back(None, None, graph), tuple(sorted(first, key=lambda triple: natural(str(triple))))
    )


def natural(text: str) -> str:
    """Return a sort key by which "item-9" comes before "item-10"."""
    return _DIGITS.sub(lambda digits: digits[0].rjust(12, "0"), text)


def term_key(term: Term) -> tuple[int, str, str]:
    """Return a sort key of terms: IRIs, blank nodes, literals by language and text, triples."""
    if isinstance(term, Literal):
        language = term.language
        return (2, language, term.value) if language else (2, "", natural(term.value))
    if isinstance(term, Triple):
        return 3, "", str(term)
    return 0 if isinstance(term, NamedNode) else 1, "", natural(term.value)
