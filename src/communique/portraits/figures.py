"""Figures: statistical claims with their units, sources and bases, the shares of one whole, and where they clash."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.labels import local_name
from communique.portraits.graph import cmq, literal
from communique.portraits.statements import FIGURE, Statement, in_text_order, statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.descriptions.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.store import Term

DERIVED = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
PERCENT = "percent"
"""The last part of the code of the unit of shares."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A finding that figures do not fit, the figures, the sum where there is one, and the interpretations of it."""

    node: Term
    involved: Values
    totals: Values
    interpretations: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistical claim as printed and as a number; `share` is true of a percentage."""

    statement: Statement
    values: Values
    printed: Values
    units: Values
    comparators: Values
    populations: Values
    measures: Values
    bases: Values
    scopes: Values
    derived: Values
    share: bool

    @property
    def amount(self) -> Decimal | None:
        """The number, or None where there is none."""
        try:
            found = Decimal(literal(self.values))
        except InvalidOperation:
            return None
        return found if found.is_finite() else None


@dataclass(frozen=True, slots=True)
class Whole:
    """Shares of one base; without a base a share stands alone.

    `total` is their sum; `rest` is what is missing to 100, and negative where they exceed it.
    """

    bases: Values
    figures: tuple[Figure, ...]
    total: Decimal
    rest: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that belong together: all of them in the order of the text, the shares by base, and the clashes."""

    figures: tuple[Figure, ...]
    wholes: tuple[Whole, ...]
    clashes: tuple[Clash, ...]


def figures_among(graph: Graph, statements: Iterable[Statement]) -> Figures:
    """Return the figures among some statements."""
    figures = tuple(figure(graph, each) for each in statements if each.kind == FIGURE)
    clashes = {clash.node: clash for each in figures for clash in clashes_of(graph, each.statement.node)}
    return Figures(figures, wholes(figures), tuple(clashes.values()))


def figures_beside(graph: Graph, node: Term) -> Figures:
    """Return a figure, the others of the same whole, and what it clashes with."""
    one = figure(graph, statement(graph, node))
    bases = [each.term for each in one.bases]
    fellows = {value.term for base in bases for value in graph.subjects(cmq("hasBase"), base)} | {node}
    figures = tuple(figure(graph, statement(graph, each)) for each in in_text_order(graph, fellows))
    return Figures(figures, wholes(figures), clashes_of(graph, node))


def figure(graph: Graph, claim: Statement) -> Figure:
    """Return a statistical claim as a figure."""
    node = claim.node

    def those(name: str) -> Values:
        return graph.objects(node, cmq(name))

    units = those("hasUnit")
    share = any(isinstance(each.term, NamedNode) and local_name(each.term.value) == PERCENT for each in units)
    return Figure(
        claim,
        those("value"),
        those("valueAsPrinted"),
        units,
        those("hasComparator"),
        those("ofPopulation"),
        those("measures"),
        those("hasBase"),
        those("hasScope"),
        graph.objects(node, DERIVED),
        share,
    )


def wholes(figures: Iterable[Figure]) -> tuple[Whole, ...]:
    """Return the shares among figures by their base, those without one each alone."""
    found: dict[tuple[Term, ...], list[Figure]] = {}
    for each in figures:
        if each.share and each.amount is not None and each.amount >= 0:
            key = tuple(value.term for value in each.bases) or (each.statement.node,)
            found.setdefault(key, []).append(each)
    return tuple(_whole(tuple(group)) for group in found.values())


def clashes_of(graph: Graph, node: Term) -> tuple[Clash, ...]:
    """Return the inconsistencies in which a statement has part."""
    return tuple(_clash(graph, each.term) for each in graph.subjects(cmq("involves"), node))


def _whole(figures: tuple[Figure, ...]) -> Whole:
    total = sum((each.amount for each in figures if each.amount is not None), Decimal(0))
    return Whole(figures[0].bases, figures, total, 100 - total)


def _clash(graph: Graph, node: Term) -> Clash:
    involved = graph.objects(node, cmq("involves"))
    noted = dict.fromkeys(note for value in involved for note in graph.interpretations(value))
    return Clash(node, involved, graph.objects(node, cmq("total")), tuple(noted))
