"""Prominence: which facts of a resource stand up front, and which apart: its lead, what matters, the same elsewhere.

The rule is made of what shapes say, and of nothing else. *Up front* stand the plain facts of the first group of the
shape, in its order, and those of the second if the first has fewer than six: at most eight in all. A fact is plain if
it has at most three values, none told in place, none long. One such fact alone is no overview: it stays where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.descriptions.outward import RELATIONS
from communique.descriptions.reified_labels import is_told_in_a_word

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.facts import Facts, Value
    from communique.descriptions.labels import Label, Labels
    from communique.descriptions.views import Group, PropertyView
    from communique.store import Term

CMQ = "https://w3id.org/communique/ns#"
SUMMARIES = {
    iri: rank
    for rank, iri in enumerate(
        (
            CMQ + "gist",
            CMQ + "content",
            CMQ + "rationale",
            "http://purl.org/dc/terms/description",
            "http://www.w3.org/2004/02/skos/core#definition",
            "http://schema.org/description",
            "http://www.w3.org/2000/01/rdf-schema#comment",
        )
    )
}
"""The properties that say in a sentence what a thing is, the best first."""
ELSEWHERE = frozenset(path.value for path in RELATIONS)
ENOUGH, MOST, LEAST = 6, 8, 2
MOST_VALUES = 3
LONG = 120
LONGEST_LEAD = 700
STRING = NamedNode("http://www.w3.org/2001/XMLSchema#string")

Sections = list[tuple["Group | None", list["Facts"]]]


@dataclass(frozen=True, slots=True)
class Lead:
    """What a thing is, in a sentence or two of the data, and who says so."""

    text: Label
    evidence: tuple[Evidence, ...]


class Elsewhere(NamedTuple):
    """A thing of others that is the same, or nearly; `view` is how it is related."""

    view: PropertyView
    value: Value


@dataclass(frozen=True, slots=True)
class Prominent:
    """The facts of a resource, sorted by how they are told; `sections` holds all that stands nowhere else."""

    lead: Lead | None
    glance: tuple[Facts, ...]
    elsewhere: tuple[Elsewhere, ...]
    sections: Sections


def prominent(sections: Sections, *, labels: Labels, ours: Container[Term]) -> Prominent:
    """Return facts by group as a page tells them; none is lost, and none stands twice."""
    elsewhere: list[Elsewhere] = []
    best: Facts | None = None
    rank = len(SUMMARIES)
    for _, facts in sections:
        for each in facts:
            iri = each.view.path.value
            if iri in ELSEWHERE and not each.view.inverse:
                elsewhere += [Elsewhere(each.view, value) for value in each.values if _is_foreign(value, ours)]
            elif SUMMARIES.get(iri, rank) < rank and not each.view.inverse:
                best, rank = each, SUMMARIES[iri]
    lead = _lead(best, labels) if best else None
    taken = {id(each.value) for each in elsewhere}
    if lead and best and (told := _told(best, lead)):
        taken.add(id(told))
    if taken:
        sections = _without(sections, taken)
    glance = _glance(sections)
    if glance:
        kept = {id(facts) for facts in glance}
        sections = [
            (group, rest) for group, facts in sections if (rest := [each for each in facts if id(each) not in kept])
        ]
    return Prominent(lead, glance, tuple(elsewhere), sections)


def _glance(sections: Sections) -> tuple[Facts, ...]:
    shown: list[Facts] = []
    for _, facts in sections[:2]:
        if len(shown) < ENOUGH:
            shown += [each for each in facts if each.view.shaped and _is_plain(each)]
    return tuple(shown[:MOST]) if len(shown) >= LEAST else ()


def _is_plain(facts: Facts) -> bool:
    if facts.count > MOST_VALUES:
        return False
    for value in facts.values:
        if not is_told_in_a_word(value):
            return False
        if isinstance(value.term, Literal) and len(value.term.value) > LONG:
            return False
    return True


def _lead(facts: Facts, labels: Labels) -> Lead | None:
    """Return the first paragraph in the best language, unless it is too long to be one."""
    found = {
        term.language or "": (term.value, each.evidence)
        for each in reversed(facts.values)
        if isinstance(term := each.term, Literal) and (term.language or term.datatype == STRING)
    }
    label = labels.choose({language: text for language, (text, _) in found.items()})
    if label is None:
        return None
    first = label.text.strip().partition("\n\n")[0]
    return Lead(replace(label, text=first), found[label.language][1]) if 0 < len(first) <= LONGEST_LEAD else None


def _told(facts: Facts, lead: Lead) -> Value | None:
    """Return the value that the lead tells in full."""
    for value in facts.values:
        term = value.term
        if isinstance(term, Literal) and (term.language or "") == lead.text.language and term.value == lead.text.text:
            return value
    return None


def _without(sections: Sections, taken: set[int]) -> Sections:
    return [(group, rest) for group, facts in sections if (rest := list(_rest(facts, taken)))]


def _rest(every: Iterable[Facts], taken: set[int]) -> Iterable[Facts]:
    for facts in every:
        values = tuple([value for value in facts.values if id(value) not in taken])
        if len(values) == len(facts.values):
            yield facts
        elif values:
            yield replace(facts, values=values, count=facts.count - len(facts.values) + len(values))


def _is_foreign(value: Value, ours: Container[Term]) -> bool:
    return isinstance(value.term, NamedNode) and value.nested is None and value.term not in ours
