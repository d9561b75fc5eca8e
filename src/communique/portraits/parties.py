"""People and parties: the offices of a person, the delegations of a state, and the meetings of both over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.portraits.dates import END, START
from communique.portraits.graph import cmq
from communique.portraits.meetings import gathering, participant
from communique.portraits.statements import in_text_order, statement, voices
from communique.portraits.told import MOST

if TYPE_CHECKING:
    from communique.descriptions.facts import Value
    from communique.portraits.graph import Graph, Values
    from communique.portraits.meetings import Gathering, Participant
    from communique.portraits.statements import Voice
    from communique.store import Term

LATEST = 1000
"""So many participations are looked at to find the latest meetings."""
CODES = frozenset({cmq("m49"), cmq("iso3166Alpha2"), cmq("iso3166Alpha3")})
NOTATION = NamedNode("http://www.w3.org/2004/02/skos/core#notation")
MEMBER, ORGANISATION = (NamedNode("http://www.w3.org/ns/org#" + name) for name in ("member", "organization"))


@dataclass(frozen=True, slots=True)
class Holding:
    """The holding of an office: the office, whose it is, the holders, from when to when, and where it is attested."""

    node: Term
    offices: Values
    bodies: Values
    holders: Values
    starts: Values
    ends: Values
    meetings: tuple[Gathering, ...]


@dataclass(frozen=True, slots=True)
class Appearance:
    """The part of somebody in one meeting, or the delegation of a party to it."""

    meeting: Gathering
    participants: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class PersonPortrait:
    """A person: offices, meetings attended and chaired, speeches, and what is reported as said."""

    holdings: tuple[Holding, ...]
    appearances: tuple[Appearance, ...]
    chaired: tuple[Gathering, ...]
    speeches: Values
    said: tuple[Voice, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Membership:
    """That a party belongs to an organisation, or the reverse, from when to when."""

    node: Term
    others: Values
    starts: Values
    ends: Values


@dataclass(frozen=True, slots=True)
class PartyPortrait:
    """A state or an organisation: its delegations, the meetings that it chaired and hosted, its offices and members."""

    appearances: tuple[Appearance, ...]
    chaired: tuple[Gathering, ...]
    hosted: tuple[Gathering, ...]
    planned: tuple[Gathering, ...]
    holdings: tuple[Holding, ...]
    memberships: tuple[Membership, ...]
    members: tuple[Membership, ...]


def person_portrait(graph: Graph, node: Term) -> PersonPortrait:
    """Return the portrait of a person."""
    said = graph.subjects(cmq("madeBy"), node)
    told = [statement(graph, each) for each in in_text_order(graph, [value.term for value in said[:MOST]])]
    return PersonPortrait(
        _holdings(graph, graph.subjects(cmq("heldBy"), node)),
        _appearances(graph, graph.subjects(cmq("hasParticipant"), node)),
        chaired_by(graph, node),
        graph.subjects(cmq("deliveredBy"), node),
        voices(graph, told),
        len(said),
    )


def party_portrait(graph: Graph, node: Term) -> PartyPortrait:
    """Return the portrait of a state or an organisation."""
    held = [value.term for value in graph.subjects(cmq("hostedBy"), node)]
    plans = [each for each in held if cmq("PlannedMeeting") in graph.types(each)]
    offices = graph.subjects(cmq("officeOf"), node)
    return PartyPortrait(
        _appearances(graph, graph.subjects(cmq("onBehalfOf"), node)),
        chaired_by(graph, node),
        _in_time([gathering(graph, each) for each in held if each not in plans]),
        _in_time([gathering(graph, each) for each in plans]),
        _holdings(graph, tuple(each for office in offices for each in graph.subjects(cmq("ofOffice"), office.term))),
        tuple(_membership(graph, each, ORGANISATION) for each in graph.subjects(MEMBER, node)),
        tuple(_membership(graph, each, MEMBER) for each in graph.subjects(ORGANISATION, node)[:MOST]),
    )


def chaired_by(graph: Graph, node: Term) -> tuple[Gathering, ...]:
    """Return the meetings that somebody chaired, in the order of time."""
    found = (
        meeting.term
        for chairmanship in graph.subjects(cmq("chairedBy"), node)
        for meeting in graph.subjects(cmq("hasChairmanship"), chairmanship.term)
    )
    return _in_time([gathering(graph, each) for each in dict.fromkeys(found)])


def codes_of(graph: Graph, node: Term) -> tuple[str, ...]:
    """Return the country codes of a state (ISO 3166-1, M49), by which a map knows it."""
    found = (value.term for value in graph.objects(node, NOTATION))
    return tuple(term.value for term in found if isinstance(term, Literal) and term.datatype in CODES)


def _holdings(graph: Graph, nodes: Values) -> tuple[Holding, ...]:
    found = (_holding(graph, each.term) for each in nodes[:MOST])
    return tuple(sorted(found, key=lambda each: (_first(each), str(each.node))))


def _holding(graph: Graph, node: Term) -> Holding:
    attested = [gathering(graph, each.term) for each in graph.objects(node, cmq("attestedAt"))]
    return Holding(
        node,
        graph.objects(node, cmq("ofOffice")),
        graph.through(node, cmq("ofOffice"), cmq("officeOf")),
        graph.objects(node, cmq("heldBy")),
        graph.objects(node, START),
        graph.objects(node, END),
        _in_time(attested),
    )


def _first(holding: Holding) -> str:
    dates = [each.term.value for each in holding.starts if isinstance(each.term, Literal)]
    return min(dates, default=holding.meetings[0].dating.sort_text if holding.meetings else "")


def _appearances(graph: Graph, participations: Values) -> tuple[Appearance, ...]:
    found: dict[Term, list[Participant]] = {}
    for each in participations[:LATEST]:
        for meeting in graph.subjects(cmq("hasParticipation"), each.term):
            found.setdefault(meeting.term, []).append(participant(graph, each.term))
    ordered = _in_time([gathering(graph, meeting) for meeting in found])
    return tuple(Appearance(each, tuple(found[each.node])) for each in ordered[-MOST:])


def _in_time(meetings: list[Gathering]) -> tuple[Gathering, ...]:
    return tuple(sorted(meetings, key=lambda each: (each.dating.sort_text, number_of(each), str(each.node))))


def number_of(meeting: Gathering) -> float:
    """Return the number of a meeting in its series as a sort key."""
    return min((float(text) for each in meeting.numbers if (text := _digits(each))), default=0)


def _digits(value: Value) -> str:
    return value.term.value if isinstance(value.term, Literal) and value.term.value.isdecimal() else ""


def _membership(graph: Graph, value: Value, other: NamedNode) -> Membership:
    node = value.term
    return Membership(node, graph.objects(node, other), graph.objects(node, START), graph.objects(node, END))
