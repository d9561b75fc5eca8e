"""Spelling: literals as they are written, where the engine's store keeps no more than their value.

pyoxigraph turns `"49.20"^^xsd:decimal` into `"49.2"`, `"1"^^xsd:boolean` into `"true"`, and `"5"^^xsd:int` into an
`xsd:integer`, in a triple term (RDF 1.2) as well. For a query that is the same number; for a reader, for a copy and for
`sh:datatype` it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

XSD = "http://www.w3.org/2001/XMLSchema#"
AS_IT_IS = frozenset((XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"))


Object = ox.Literal | ox.Triple
"""What may be respelt: a literal, or a triple term with one at its end, however deep."""


class Spellings:
    """The literals and triple terms that a store respells, by the quads in which it holds them.

    `respell` is what it does to a literal; `holds` tells whether it holds a quad.
    """

    def __init__(self, respell: Callable[[ox.Literal], ox.Literal], *, holds: Callable[[ox.Quad], bool]) -> None:
        """Know nothing yet."""
        self._respell = respell
        self._holds = holds
        self._known: dict[ox.Literal, ox.Literal] = {}
        self._stand_ins: set[Object] = set()
        # What passed as it is held, and may not have reached the store: put into the set when that is asked for.
        self._passed: list[ox.Quad] = []
        self._passing: set[ox.Quad] = set()
        self._written: dict[ox.Quad, tuple[Object, ...]] = {}

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

    def items(self) -> Iterable[tuple[ox.Quad, tuple[Object, ...]]]:
        """Return each quad of the store that stands for others, with the objects that these were written with."""
        return self._written.items()

    def noting(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Pass quads on, remembering what will be respelt."""
        for quad in quads:
            term = quad.object
            if type(term) is ox.Literal:
                if _has_value(term):
                    self._note(quad, term, self._held(term))
            elif type(term) is ox.Triple:
                self._note_nested(quad, term)
            yield quad

    def restored(self, quads: Iterable[ox.Quad], *, only: object = None) -> Iterator[ox.Quad]:
        """Give quads of the store as they were written; with `only` those that have just this object."""
        for quad in quads:
            for term in self._written.get(quad, (quad.object,)):
                if only is None or term == only:
                    yield ox.Quad(quad.subject, quad.predicate, term, quad.graph_name)

    def arrived(self) -> None:
        """Take note that all quads which passed are in the store now."""
        self._passed.clear()
        self._passing.clear()

    def _held(self, literal: ox.Literal) -> ox.Literal:
        held = self._known.get(literal)
        if held is None:
            held = self._known[literal] = self._respell(literal)
        return held

    def _note_nested(self, quad: ox.Quad, term: ox.Triple) -> None:
        # RDF 1.2 lets a triple term be an object alone: there is one literal at the most, at the end.
        around, end = [term], term.object
        while isinstance(end, ox.Triple):
            around.append(end)
            end = end.object
        if isinstance(end, ox.Literal) and _has_value(end):
            held: Object = self._held(end)
            for each in reversed(around):
                held = ox.Triple(each.subject, each.predicate, held)
            self._note(quad, term, held)

    def _note(self, quad: ox.Quad, written_as: Object, held: Object) -> None:
        if held == written_as and held not in self._stand_ins:
            self._passed.append(quad)
            return
        key = ox.Quad(quad.subject, quad.predicate, held, quad.graph_name)
        written = self._written.get(key)
        if written is None:
            if held == written_as:
                self._passed.append(quad)
                return
            written = (held,) if self._was_written(key) else ()
        self._written[key] = tuple(dict.fromkeys((*written, written_as)))
        self._stand_ins.add(held)

    def _was_written(self, quad: ox.Quad) -> bool:
        self._passing.update(self._passed)
        self._passed.clear()
        return quad in self._passing or self._holds(quad)


def _has_value(literal: ox.Literal) -> bool:
    """Tell whether a literal has another datatype than those of texts, which are held as they are."""
    return literal.language is None and literal.datatype.value not in AS_IT_IS
