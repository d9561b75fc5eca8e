"""Closure: all that is said of some nodes, and of the blank nodes that this leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from communique.syntax.serialization import by_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from communique.store import Store, Subject


def closure(store: Store, nodes: Iterable[Subject]) -> Iterator[Quad]:
    """Give the quads of some nodes, each in a fixed order, and those of the blank nodes that they lead to."""
    waiting = list(nodes)
    seen = set(waiting)
    while waiting:
        for quad in by_subject(store.quads(waiting.pop(), None, None, None)):
            yield quad
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
