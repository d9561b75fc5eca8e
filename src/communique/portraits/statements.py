"""Statements: who said, proposed or decided what, how it is reported, and what became of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import Standing
from communique.descriptions.facts import Value
from communique.descriptions.presentation import TYPE
from communique.portraits.graph import cmq, evidence_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.store import Term

CLAIM, FIGURE, NORM = cmq("Claim"), cmq("StatisticalClaim"), cmq("NormativeStatement")
PROPOSAL, DECISION = cmq("Proposal"), cmq("Decision")
KINDS = frozenset({CLAIM, FIGURE, NORM, PROPOSAL, DECISION})
MODE = cmq("hasReportingMode")
MODES = ("direct-quotation", "indirect-speech", "narrated", "first-person-unmarked", "unattributed")
"""The codes of the ways of reporting, the closest to the speaker's own words first."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says, who voiced or decided it, how the text reports it, whom it cites, what it is about."""

    node: Term
    kind: NamedNode | None
    content: Values
    speakers: Values
    deciders: Values
    modes: Values
    cites: Values
    topics: Values

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The graphs that state its content."""
        return evidence_of(self.content)

    @property
    def texts(self) -> dict[str, str]:
        """What it says by language tag, "" for none."""
        found = (value.term for value in self.content if isinstance(value.term, Literal))
        return {term.language or "": term.value for term in found}

    @property
    def elsewhere(self) -> bool:
        """Whether nobody but other documents reports it."""
        standings = {each.standing for each in self.evidence}
        return Standing.EXTERNAL in standings and not standings & {Standing.REPORTED, Standing.RECORDED}


@dataclass(frozen=True, slots=True)
class Uptake:
    """That a decision takes up a proposal: how closely, and the interpretations that say so, the surest first."""

    node: Term
    proposals: Values
    decisions: Values
    strengths: Values
    interpretations: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """A proposal with what takes it up, or a decision with what it takes up."""

    statement: Statement
    uptakes: tuple[Uptake, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Statements that are reported in one way and have the same speakers; both may be unknown."""

    modes: Values
    speakers: Values
    statements: tuple[Statement, ...]


def statement(graph: Graph, node: Term) -> Statement:
    """Return a statement."""
    kinds = sorted(graph.types(node) & KINDS, key=str)
    return Statement(
        node,
        kinds[0] if kinds else None,
        graph.objects(node, cmq("content")),
        graph.objects(node, cmq("madeBy")),
        graph.objects(node, cmq("decidedBy")),
        graph.objects(node, MODE),
        graph.objects(node, cmq("citesSource")),
        graph.objects(node, cmq("about")),
    )


def statements_of(graph: Graph, meeting: Term) -> tuple[Statement, ...]:
    """Return the statements of a meeting in the order of their positions, then of the text.

    These are its decisions, what was said in its speeches, and what the documents state that report on it alone.
    """
    found: dict[Term, None] = {}
    for value in graph.objects(meeting, cmq("hasDecision")):
        found.setdefault(value.term, None)
    for speech in graph.objects(meeting, cmq("hasSpeech")):
        found.update(dict.fromkeys(value.term for value in graph.subjects(cmq("madeIn"), speech.term)))
    for passage in passages_on(graph, meeting):
        for quad in graph.store.quads(None, TYPE, None, passage):
            if quad.object in KINDS:
                found.setdefault(quad.subject, None)
    return tuple(statement(graph, node) for node in in_text_order(graph, found))


def passages_on(graph: Graph, meeting: Term) -> list[NamedNode]:
    """Return the evidence graphs of the documents that report on a meeting and on no other."""
    reports = graph.subjects(cmq("reportsOn"), meeting)
    alone = [each.term for each in reports if len(graph.objects(each.term, cmq("reportsOn"))) == 1]
    found = {value.term for document in alone for value in graph.subjects(cmq("inDocument"), document)}
    return sorted((each for each in found if isinstance(each, NamedNode)), key=str)


def in_text_order(graph: Graph, nodes: Iterable[Term]) -> list[Term]:
    """Return statements as the text has them: by the first passage that states their content."""
    starts = {node: _place(graph, node) for node in nodes}
    return sorted(starts, key=lambda node: (*starts[node], str(node)))


def uptakes(graph: Graph, node: Term, *, side: str) -> tuple[Uptake, ...]:
    """Return the uptakes of a proposal (`side` is "ofProposal") or by a decision ("byDecision")."""
    return tuple(_uptake(graph, each.term) for each in graph.subjects(cmq(side), node))


def voices(graph: Graph, said: Iterable[Statement]) -> tuple[Voice, ...]:
    """Return statements by how they are reported, then by speaker, the closest to the speaker's own words first."""
    groups: dict[tuple[Term | None, tuple[Term, ...]], list[Statement]] = {}
    for each in said:
        mode = each.modes[0].term if each.modes else None
        groups.setdefault((mode, tuple(value.term for value in each.speakers)), []).append(each)
    found = [
        Voice(_merged(each.modes[:1] for each in group), _merged(each.speakers for each in group), tuple(group))
        for group in groups.values()
    ]
    return tuple(sorted(found, key=lambda voice: _closeness(voice.modes)))


def _merged(several: Iterable[Values]) -> Values:
    """Return the same values of several statements once, with the evidence of all."""
    found: dict[Term, dict[Evidence, None]] = {}
    for value in (each for values in several for each in values):
        found.setdefault(value.term, {}).update(dict.fromkeys(value.evidence))
    return tuple(Value(term, tuple(evidence)) for term, evidence in found.items())


def _closeness(modes: Values) -> int:
    code = modes[0].term.value.rpartition("/")[2] if modes and isinstance(modes[0].term, NamedNode) else ""
    return MODES.index(code) if code in MODES else len(MODES)


def _uptake(graph: Graph, node: Term) -> Uptake:
    decisions = graph.objects(node, cmq("byDecision"))
    noted = [graph.interpretations(value) for value in decisions]
    return Uptake(
        node,
        graph.objects(node, cmq("ofProposal")),
        decisions,
        graph.objects(node, cmq("hasStrength")),
        tuple(dict.fromkeys(note for notes in noted for note in notes)),
    )


def _place(graph: Graph, node: Term) -> tuple[float, float]:
    """Return where a statement stands: its number among its fellows, and the offset of its content in the text."""
    notes = graph.site.notes
    offsets = (notes.of(each).position[1] for value in graph.objects(node, cmq("content")) for each in value.evidence)
    return graph.position(node), min((float(offset) for offset in offsets if offset), default=float("inf"))
