"""The portrait of one statement: where it was made, what became of it, what rests on it, and how its figure fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.portraits.figures import Figures, figures_beside
from communique.portraits.graph import cmq
from communique.portraits.statements import FIGURE, passages_on, statement, uptakes

if TYPE_CHECKING:
    from communique.descriptions.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.portraits.statements import Statement, Uptake
    from communique.store import Term


@dataclass(frozen=True, slots=True)
class StatementPortrait:
    """A statement with its meetings and speeches, the uptakes of it and by it, its ties to others, and its figures.

    `readings` are the other interpretations that concern it, the surest first; `figures` is empty if it has no number.
    """

    statement: Statement
    meetings: Values
    speeches: Values
    taken_up: tuple[Uptake, ...]
    takes_up: tuple[Uptake, ...]
    plans: Values
    rests_on: Values
    bears: Values
    readings: tuple[Note, ...]
    figures: Figures


def statement_portrait(graph: Graph, node: Term) -> StatementPortrait:
    """Return the portrait of a statement."""
    one = statement(graph, node)
    taken_up, takes_up = uptakes(graph, node, side="ofProposal"), uptakes(graph, node, side="byDecision")
    figures = figures_beside(graph, node) if one.kind == FIGURE else Figures((), (), ())
    told = {note for each in (*taken_up, *takes_up) for note in each.interpretations}
    told |= {note for each in figures.clashes for note in each.interpretations}
    speeches = graph.objects(node, cmq("madeIn"))
    return StatementPortrait(
        one,
        _meetings(graph, node, speeches),
        speeches,
        taken_up,
        takes_up,
        graph.subjects(cmq("agreedBy"), node),
        graph.objects(node, cmq("dependsOn")),
        graph.subjects(cmq("dependsOn"), node),
        tuple(note for note in graph.concerning(node) if note not in told),
        figures,
    )


def _meetings(graph: Graph, node: Term, speeches: Values) -> Values:
    """Return the meetings at which something was decided or said, else those that its documents report on alone."""
    told = [*graph.subjects(cmq("hasDecision"), node)]
    told += (each for speech in speeches for each in graph.subjects(cmq("hasSpeech"), speech.term))
    if not told:
        stated = (each.graph for value in graph.objects(node, cmq("content")) for each in value.evidence)
        graphs = {each for each in stated if isinstance(each, NamedNode)}
        documents = {value.term: value for each in graphs for value in graph.objects(each, cmq("inDocument"))}
        reported = (each for document in documents for each in graph.objects(document, cmq("reportsOn")))
        told = [each for each in reported if graphs & set(passages_on(graph, each.term))]
    return tuple({each.term: each for each in told}.values())
