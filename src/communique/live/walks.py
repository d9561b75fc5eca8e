"""Walks through blank nodes by their names, over a service that has the same ones in each answer, as Virtuoso has.

Each step is a question that an index answers. Asked for in one answer, as a chain of patterns, the same takes some
engines longer than they have: over 400,000 statements Virtuoso gave up at the second step.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.live import queries
from communique.live.steps import DEEPEST, batches, quad_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from communique.live.queries import Manner
    from communique.live.steps import Steps

REST = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
LISTS = 50
"""Lists that are gone through by one question."""
Nodes = frozenset[ox.BlankNode]
_SUBJECT: Callable[[ox.Quad], object] = attrgetter("subject")
_OBJECT: Callable[[ox.Quad], object] = attrgetter("object")


def onward(manner: Manner, quads: Iterable[ox.Quad]) -> Steps[tuple[set[ox.Quad], Nodes]]:
    """Return quads, all that is said of the blank nodes that they lead to, and so on; and the nodes where that ends.

    It ends after DEEPEST steps, of which all cells of a list are one: then these nodes lead further.
    """
    return (yield from _walk(partial(queries.of_subjects, manner, depth=0), quads, _OBJECT, queries.cells_after))


def back(manner: Manner, quads: Iterable[ox.Quad]) -> Steps[tuple[set[ox.Quad], Nodes]]:
    """Return quads, all that leads to the blank nodes of which they are said, and so on; and where that ends."""
    return (yield from _walk(partial(queries.of_values, manner), quads, _SUBJECT, queries.cells_before))


def said(manner: Manner, quads: Iterable[ox.Quad]) -> Steps[set[ox.Quad]]:
    """Return quads, and all that is said of the blank nodes of which they are said."""
    found = set(quads)
    for batch in batches(sorted(_blank(map(_SUBJECT, found)), key=str)):
        found.update([quad_of(row) for row in (yield queries.of_subjects(manner, batch, depth=0))])
    return found


def reached(quads: Iterable[ox.Quad], *, root: object) -> set[ox.Quad]:
    """Return those of some quads that are said of a node, or of blank nodes that it leads to."""
    of_subject: defaultdict[object, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        of_subject[quad.subject].append(quad)
    found: set[ox.Quad] = set()
    waiting: list[object] = [root]
    while waiting:
        fresh = set(of_subject.pop(waiting.pop(), ()))
        found |= fresh
        waiting += {quad.object for quad in fresh if isinstance(quad.object, ox.BlankNode)}
    return found


def _walk(
    asked: Callable[[Sequence[ox.BlankNode]], str],
    quads: Iterable[ox.Quad],
    next: Callable[[ox.Quad], object],
    cells: Callable[[Sequence[ox.BlankNode]], str],
) -> Steps[tuple[set[ox.Quad], Nodes]]:
    found = set(quads)
    nodes = seen = _blank(map(next, found))
    fresh, cell_before = found, False
    for _ in range(DEEPEST):
        listed = _blank(next(quad) for quad in fresh if quad.predicate == REST) & nodes
        # Cell by cell, a list would take a question for each; of a short one, that is as many.
        for batch in batches(sorted(listed, key=str), size=LISTS) if cell_before else ():
            nodes |= _blank([row[0] for row in (yield cells(batch))]) - seen
        cell_before = bool(listed)
        seen |= nodes
        fresh = set()
        for batch in batches(sorted(nodes, key=str)):
            fresh.update([quad_of(row) for row in (yield asked(batch))])
        found |= fresh
        nodes = _blank(map(next, fresh)) - seen
        seen |= nodes
        if not nodes:
            break
    return found, nodes


def _blank(terms: Iterable[object]) -> Nodes:
    return frozenset(term for term in terms if isinstance(term, ox.BlankNode))
