"""Blank nodes: each file keeps its own, numbered in order of appearance, so that two builds give the same labels."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.syntax.sources import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Resource = ox.NamedNode | ox.BlankNode | ox.Triple | ox.Literal

# What can hold the signs of a blank node without being one: strings and IRIs, as far as they stay on one line.
INERT = re.compile(rb'"(?:[^"\\\r\n]|\\[^\r\n])*"|<[^<>"\s]*>')
SIGNS = re.compile(rb"_:|[\[('\"]")


def may_occur(stream: IO[bytes], *, abbreviated: bool) -> bool:
    """Tell if a text may hold blank nodes; when in doubt, yes.

    `abbreviated` is true for Turtle and TriG, where brackets make blank nodes and strings may span lines.
    """
    if not abbreviated:
        return any(b"_:" in block for block in blocks(stream))
    return any(b'"""' in block or SIGNS.search(INERT.sub(b"", block)) for block in blocks(stream))


def renamed(quads: Iterable[ox.Quad], *, prefix: str) -> Iterator[ox.Quad]:
    """Give the quads with their blank nodes called `prefix` and a number from 0."""
    names = _Names(prefix)
    for quad in quads:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        # One attribute and one `is` each: this loop runs for every triple of a project.
        if type(subject) in PLAIN and type(value) in PLAIN and type(graph) in PLAIN:
            yield quad
        else:
            yield ox.Quad(names.of(subject), quad.predicate, names.of(value), names.of(graph))  # type: ignore[arg-type]


PLAIN = frozenset((ox.NamedNode, ox.Literal, ox.DefaultGraph))


class _Names:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._given: dict[ox.BlankNode, ox.BlankNode] = {}

    def of(self, term: Resource | ox.DefaultGraph) -> Resource | ox.DefaultGraph:
        if isinstance(term, ox.BlankNode):
            return self._given.get(term) or self._given.setdefault(term, self._next())
        if isinstance(term, ox.Triple):
            subject, value = self.of(term.subject), self.of(term.object)
            return ox.Triple(subject, term.predicate, value)  # type: ignore[arg-type]
        return term

    def _next(self) -> ox.BlankNode:
        return ox.BlankNode(f"{self._prefix}{len(self._given)}")
