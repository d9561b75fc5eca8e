"""What portraits tell: the properties that a page with a portrait need not list again among its facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from communique.descriptions.evidence import CMQ
from communique.portraits.files import DISTRIBUTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from communique.descriptions.facts import Facts
    from communique.descriptions.links import Incoming
    from communique.page_contents.contents import Section

SCHEMA, SKOS, ORG = "http://schema.org/", "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/ns/org#"


MOST = 200
"""A portrait tells so many things of one sort at most."""


def _terms(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


_STATEMENT = _terms(CMQ, "content madeBy madeIn decidedBy hasReportingMode about citesSource dependsOn")
_FIGURE = _terms(CMQ, "value valueAsPrinted hasUnit hasComparator ofPopulation measures hasBase hasScope") | frozenset(
    {"http://www.w3.org/ns/prov#wasDerivedFrom"}
)
FACTS: Mapping[str, frozenset[str]] = {
    "meeting": _terms(
        CMQ,
        "hasDate hasChairmanship hasParticipation discussed hasSpeech hasDecision hasAttendanceMode ordinal hostedBy",
    )
    | _terms(SCHEMA, "startDate endDate location"),
    "statement": _STATEMENT | _FIGURE,
    "concept": _terms(SKOS, "broader narrower related"),
    "scheme": _terms(SKOS, "hasTopConcept"),
    "dataset": frozenset({DISTRIBUTION.value}),
}
"""By kind of portrait, the properties of the thing itself."""
LINKS: Mapping[str, frozenset[str]] = {
    "meeting": _terms(CMQ, "executed reportsOn"),
    "series": _terms(CMQ, "inSeries"),
    "person": _terms(CMQ, "heldBy hasParticipant chairedBy deliveredBy madeBy"),
    "party": _terms(CMQ, "onBehalfOf chairedBy hostedBy officeOf") | _terms(ORG, "member organization"),
    "source": _terms(CMQ, "inDocument"),
    "concept": _terms(CMQ, "about discussed aimsAt") | _terms(SKOS, "broader narrower related"),
    "scheme": _terms(SKOS, "inScheme topConceptOf"),
    "statement": _terms(CMQ, "hasDecision ofProposal byDecision agreedBy dependsOn hasBase involves concerns"),
}
"""By kind of portrait, the properties by which other things point to it."""


def other_facts(sections: Iterable[Section], *, kind: str) -> tuple[Section, ...]:
    """Return the sections of a page without the facts that a portrait of this kind tells, and without empty ones."""
    found = []
    for section in sections:
        kept = tuple(each for each in section.facts if not _is_told(each, kind))
        if kept:
            found.append(section if len(kept) == len(section.facts) else replace(section, facts=kept))
    return tuple(found)


def other_glance(facts: Iterable[Facts], *, kind: str) -> tuple[Facts, ...]:
    """Return the facts that matter without those that a portrait of this kind tells."""
    return tuple(each for each in facts if not _is_told(each, kind))


def other_links(incoming: Iterable[Incoming], *, kind: str) -> tuple[Incoming, ...]:
    """Return what links to a thing without what a portrait of this kind tells in full."""
    told = LINKS.get(kind, frozenset())
    return tuple(each for each in incoming if each.property.value not in told or each.count > MOST)


def _is_told(facts: Facts, kind: str) -> bool:
    told = (LINKS if facts.view.inverse else FACTS).get(kind, frozenset())
    return facts.view.path.value in told
