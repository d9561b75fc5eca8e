"""Meetings: who took part for whom, when it was, what was said, proposed and decided, and what came next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.portraits.dates import dating
from communique.portraits.figures import figures_among
from communique.portraits.graph import cmq
from communique.portraits.statements import DECISION, PROPOSAL, Pairing, statement, statements_of, uptakes, voices

if TYPE_CHECKING:
    from communique.descriptions.evidence import Evidence
    from communique.descriptions.facts import Value
    from communique.portraits.dates import Dating
    from communique.portraits.figures import Figures
    from communique.portraits.graph import Graph, Values
    from communique.portraits.statements import Statement, Voice
    from communique.store import Term

LOCATION = NamedNode("http://schema.org/location")


@dataclass(frozen=True, slots=True)
class Participant:
    """One participation: the person, the names and the office as printed, the offices, the parties, the ranks.

    `evidence` are the graphs that state most of it; what other graphs state needs marks of its own.
    """

    node: Term
    orders: Values
    people: Values
    names: Values
    offices: Values
    printed_offices: Values
    parties: Values
    ranks: Values
    roles: Values
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting, held or planned, in one line: its number, when, where, how, and under whose chair."""

    node: Term
    numbers: Values
    dating: Dating
    places: Values
    modes: Values
    chairs: Values
    hosts: Values
    executed_by: tuple[Gathering, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingPortrait:
    """A meeting: `said` are the voices, `proposals` and `decisions` stand beside what corresponds to them.

    `speeches` come with what they were about; `before` and `after` are its neighbours in the series, `planned` the
    meetings that it agreed on.
    """

    gathering: Gathering
    participants: tuple[Participant, ...]
    parties: tuple[Term, ...]
    topics: Values
    speeches: tuple[tuple[Value, Statement], ...]
    said: tuple[Voice, ...]
    proposals: tuple[Pairing, ...]
    decisions: tuple[Pairing, ...]
    figures: Figures
    planned: tuple[Gathering, ...]
    before: tuple[Gathering, ...]
    after: tuple[Gathering, ...]
    reports: Values


def meeting_portrait(graph: Graph, node: Term) -> MeetingPortrait:
    """Return the portrait of a meeting."""
    statements = statements_of(graph, node)
    people = tuple(participant(graph, each.term) for each in graph.objects(node, cmq("hasParticipation")))
    decisions = [each for each in statements if each.kind == DECISION]
    said = [each for each in statements if each.kind not in {PROPOSAL, DECISION}]
    parties = dict.fromkeys(value.term for each in people for value in each.parties)
    before, after = _neighbours(graph, node)
    return MeetingPortrait(
        gathering(graph, node),
        people,
        tuple(parties),
        graph.objects(node, cmq("discussed")),
        tuple((each, statement(graph, each.term)) for each in graph.objects(node, cmq("hasSpeech"))),
        voices(graph, said),
        _pairings(graph, [each for each in statements if each.kind == PROPOSAL], "ofProposal"),
        _pairings(graph, decisions, "byDecision"),
        figures_among(graph, statements),
        tuple(
            gathering(graph, plan.term)
            for decision in decisions
            for plan in graph.subjects(cmq("agreedBy"), decision.node)
        ),
        before,
        after,
        graph.subjects(cmq("reportsOn"), node),
    )


def participant(graph: Graph, node: Term) -> Participant:
    """Return a participation."""
    in_capacity, office = cmq("inCapacityOf"), cmq("ofOffice")
    offices = graph.through(node, in_capacity, office)
    cells = (
        graph.objects(node, cmq("listingOrder")),
        graph.objects(node, cmq("hasParticipant")),
        graph.objects(node, cmq("nameAsPrinted")),
        offices,
        graph.objects(node, cmq("officeAsPrinted")),
        graph.objects(node, cmq("onBehalfOf")),
    )
    counted = Counter(value.evidence for values in cells for value in values)
    ranks = tuple(rank for each in offices for rank in graph.objects(each.term, cmq("hasRank")))
    roles = graph.objects(node, cmq("hasRole"))
    return Participant(node, *cells, ranks, roles, max(counted, key=counted.__getitem__, default=()))


def gathering(graph: Graph, node: Term) -> Gathering:
    """Return a meeting in one line; a planned one with the meetings that carried it out."""
    return Gathering(
        node,
        graph.objects(node, cmq("ordinal")),
        dating(graph, node),
        graph.objects(node, LOCATION),
        graph.objects(node, cmq("hasAttendanceMode")),
        graph.through(node, cmq("hasChairmanship"), cmq("chairedBy")),
        graph.objects(node, cmq("hostedBy")),
        tuple(gathering(graph, each.term) for each in graph.subjects(cmq("executed"), node)),
    )


def _pairings(graph: Graph, statements: list[Statement], side: str) -> tuple[Pairing, ...]:
    return tuple(Pairing(each, uptakes(graph, each.node, side=side)) for each in statements)


def _neighbours(graph: Graph, node: Term) -> tuple[tuple[Gathering, ...], tuple[Gathering, ...]]:
    """Return the meetings before and after this one in its series, by number; planned ones are none."""
    before: list[Term] = []
    after: list[Term] = []
    for series in graph.objects(node, cmq("inSeries")):
        numbered = graph.numbered(series.term)
        own = next((number for number, nodes in numbered.items() if node in nodes), None)
        if own is not None:
            before += numbered.get(max((each for each in numbered if each < own), default=own), [])
            after += numbered.get(min((each for each in numbered if each > own), default=own), [])
    return _gatherings(graph, before, node), _gatherings(graph, after, node)


def _gatherings(graph: Graph, nodes: list[Term], besides: Term) -> tuple[Gathering, ...]:
    return tuple(gathering(graph, each) for each in nodes if each != besides)
