"""The graph as portraits read it: values of properties, and what points here, each with the graphs that state it."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.bounded import Bounded
from communique.descriptions.evidence import CMQ, Standing
from communique.descriptions.facts import Value
from communique.descriptions.links import term_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.notes import Note
    from communique.store import GraphName, Term
    from communique.website.site import Site

Values = tuple[Value, ...]
CONCERNS = NamedNode(CMQ + "concerns")
LONGEST_NUMBER = 7


def cmq(name: str) -> NamedNode:
    """Return a term of our ontology."""
    return NamedNode(CMQ + name)


class Graph:
    """The store of a site, read property by property; `places` keeps where the passages of documents stand."""

    def __init__(self, site: Site) -> None:
        """Read from this site."""
        self.site = site
        self.store = site.store
        self.places: Bounded[Term, list[tuple[int, int, str, NamedNode]]] = Bounded()
        self._numbered: Bounded[Term, dict[int, list[Term]]] = Bounded()
        self._evidence = site.presentation.evidences.of_all

    def objects(self, subject: Term, *paths: NamedNode) -> Values:
        """Return the values of some properties, in the order of their positions, each with its evidence."""
        found: dict[Term, list[GraphName]] = {}
        if not isinstance(subject, Literal):
            for path in paths:
                for quad in self.store.quads(subject, path, None, None):
                    found.setdefault(quad.object, []).append(quad.graph_name)
        return self._values(found)

    def subjects(self, path: NamedNode, value: Term) -> Values:
        """Return what points to a term by a property, in the order of positions, each with its evidence."""
        found: dict[Term, list[GraphName]] = {}
        for quad in self.store.quads(None, path, value, None):
            found.setdefault(quad.subject, []).append(quad.graph_name)
        return self._values(found)

    def through(self, subject: Term, first: NamedNode, *further: NamedNode) -> Values:
        """Return what a chain of properties leads to; the evidence is that of its first step."""
        found: dict[Term, Value] = {}
        for step in self.objects(subject, first):
            reached: Iterable[Term] = (step.term,)
            for path in further:
                reached = [value.term for node in reached for value in self.objects(node, path)]
            for term in reached:
                found.setdefault(term, replace(step, term=term))
        return tuple(found.values())

    def types(self, node: Term) -> frozenset[NamedNode]:
        """Return the types of a node."""
        return self.site.types_of(node) if isinstance(node, NamedNode) else frozenset()

    def interpretations(self, value: Value) -> tuple[Note, ...]:
        """Return the interpretations that make a statement, the surest first."""
        notes = self.site.notes
        found = [notes.of(each) for each in value.evidence if each.standing is Standing.INTERPRETED]
        return tuple(sorted(found, key=_doubt))

    def concerning(self, node: Term) -> tuple[Note, ...]:
        """Return the interpretations that concern a node, the surest first."""
        evidences = self.site.presentation.evidences
        graphs = [value.term for value in self.subjects(CONCERNS, node) if isinstance(value.term, NamedNode)]
        return tuple(sorted((self.site.notes.of(evidences.of(graph)) for graph in graphs), key=_doubt))

    def numbered(self, series: Term) -> dict[int, list[Term]]:
        """Return the meetings of a series by their numbers, those that are only planned left out."""
        known = self._numbered.get(series)
        if known is None:
            known = self._numbered[series] = {}
            for value in self.subjects(cmq("inSeries"), series):
                number = literal(self.objects(value.term, cmq("ordinal")))
                if number.isdecimal() and len(number) < LONGEST_NUMBER and cmq("Meeting") in self.types(value.term):
                    known.setdefault(int(number), []).append(value.term)
        return known

    def position(self, node: Term) -> float:
        """Return the position of a node among its fellows, infinite where the data give none."""
        return self.site.presentation.positions.get(node, inf)

    def _values(self, found: dict[Term, list[GraphName]]) -> Values:
        terms = sorted(found, key=lambda term: (self.position(term), *term_key(term))) if len(found) > 1 else found
        return tuple([Value(term, self._evidence(found[term])) for term in terms])


def literal(values: Values) -> str:
    """Return the lexical form of the first literal, or ""."""
    return next((value.term.value for value in values if isinstance(value.term, Literal)), "")


def evidence_of(values: Iterable[Value]) -> tuple[Evidence, ...]:
    """Return the evidence of several values together, in the order of its first mention."""
    return tuple(dict.fromkeys(each for value in values for each in value.evidence))


_DEGREES = {"high": 0, "medium": 1, "low": 2}


def _doubt(note: Note) -> tuple[int, str]:
    """Sort key of interpretations: how unsure they are, by the last part of the code of their certainty."""
    codes = (term.value.rpartition("/")[2] for term in note.certainties if isinstance(term, NamedNode))
    return min((_DEGREES.get(code, 3) for code in codes), default=3), str(note.graph)
