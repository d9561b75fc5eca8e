"""Spelling: literals as they are written, where the engine's store keeps no more than their value.

pyoxigraph turns `"49.20"^^xsd:decimal` into `"49.2"`, `"1"^^xsd:boolean` into `"true"`, and `"5"^^xsd:int` into an
`xsd:integer`. For a query that is the same number; for a reader, for a copy and for `sh:datatype` it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

XSD = "http://www.w3.org/2001/XMLSchema#"
AS_IT_IS = frozenset((XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"))


class Spellings:
    """The literals that a store respells, by the quads in which it holds them.

    `respell` is what it does to one; `holds` tells whether it holds a quad.
    """

    def __init__(self, respell: Callable[[ox.Literal], ox.Literal], *, holds: Callable[[ox.Quad], bool]) -> None:
        """Know nothing yet."""
        self._respell = respell
        self._holds = holds
        self._known: dict[ox.Literal, ox.Literal] = {}
        self._stand_ins: set[ox.Literal] = set()
        # What passed as it is held, and may not have reached the store: put into the set when that is asked for.
        self._passed: list[ox.Quad] = []
        self._passing: set[ox.Quad] = set()
        self._written: dict[ox.Quad, tuple[ox.Literal, ...]] = {}

    def __bool__(self) -> bool:
        """Tell whether anything is held otherwise than it was written."""
        return bool(self._written)

    @property
    def held(self) -> frozenset[ox.Literal]:
        """The literals that the store holds instead of others."""
        return frozenset(quad.object for quad in self._written if isinstance(quad.object, ox.Literal))

    @property
    def typed(self) -> Iterable[ox.Literal]:
        """Each literal that passed and has a datatype of its own, once, as it was written."""
        return self._known

    def items(self) -> Iterable[tuple[ox.Quad, tuple[ox.Literal, ...]]]:
        """Return each quad of the store that stands for others, with the literals that these were written with."""
        return self._written.items()

    def noting(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Pass quads on, remembering what will be respelt."""
        for quad in quads:
            literal = quad.object
            if type(literal) is ox.Literal and literal.language is None and literal.datatype.value not in AS_IT_IS:
                self._note(quad, literal)
            yield quad

    def restored(self, quads: Iterable[ox.Quad], *, only: object = None) -> Iterator[ox.Quad]:
        """Give quads of the store as they were written; with `only` those that have just this literal as object."""
        for quad in quads:
            for literal in self._written.get(quad, (quad.object,)):
                if only is None or literal == only:
                    yield ox.Quad(quad.subject, quad.predicate, literal, quad.graph_name)

    def arrived(self) -> None:
        """Take note that all quads which passed are in the store now."""
        self._passed.clear()
        self._passing.clear()

    def _note(self, quad: ox.Quad, literal: ox.Literal) -> None:
        held = self._known.get(literal)
        if held is None:
            held = self._known[literal] = self._respell(literal)
        if held == literal and held not in self._stand_ins:
            self._passed.append(quad)
            return
        key = ox.Quad(quad.subject, quad.predicate, held, quad.graph_name)
        written = self._written.get(key)
        if written is None:
            if held == literal:
                self._passed.append(quad)
                return
            written = (held,) if self._was_written(key) else ()
        self._written[key] = tuple(dict.fromkeys((*written, literal)))
        self._stand_ins.add(held)

    def _was_written(self, quad: ox.Quad) -> bool:
        self._passing.update(self._passed)
        self._passed.clear()
        return quad in self._passing or self._holds(quad)
