"""Dates: how a date is printed, which days it can mean and how sure that is, and its place on the line of years."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import Standing
from communique.descriptions.facts import Value
from communique.portraits.graph import cmq

if TYPE_CHECKING:
    from communique.descriptions.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.store import Term

START, END = NamedNode("http://schema.org/startDate"), NamedNode("http://schema.org/endDate")
PRINTED, READING = cmq("verbatim"), cmq("reading")
EARLIEST, LATEST = cmq("earliest"), cmq("latest")
EXPRESSIONS = (cmq("hasDate"), cmq("plannedFor"))
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Day:
    """One day, month or year that a date can mean, every graph that says so, and the interpretations among these."""

    value: Value
    interpretations: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Dating:
    """When something was, as far as it is known.

    `printed` are the strings of the source, `bounds` the first and the last day that they can denote; `days` begins
    with the surest; `ends` are the last days of what took several.
    """

    expressions: Values
    printed: Values
    bounds: Values
    days: tuple[Day, ...]
    ends: Values

    @property
    def doubtful(self) -> bool:
        """Whether the date can mean several days."""
        return len(self.days) > 1

    @property
    def best(self) -> Value | None:
        """The surest day, else the printed string, else the first bound."""
        sure = (*(day.value for day in self.days), *self.printed, *self.bounds)
        return sure[0] if sure else None

    @property
    def sort_text(self) -> str:
        """The surest day, else the first bound, as text that sorts by time; "" where nothing is known."""
        found = (*(day.value for day in self.days), *self.bounds)
        return next((each.term.value for each in found if isinstance(each.term, Literal)), "")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch on the line of years: the first of July 2021 begins at about 2021.5."""

    first: float
    last: float

    @property
    def middle(self) -> float:
        """The middle of the stretch."""
        return (self.first + self.last) / 2


def dating(graph: Graph, node: Term) -> Dating:
    """Return what is known of the date of a meeting, held or planned, or of anything with a first and a last day."""
    expressions = graph.objects(node, *EXPRESSIONS)
    readings = [each for expression in expressions for each in graph.objects(expression.term, READING)]
    found: dict[Term, Value] = {}
    for value in (*readings, *graph.objects(node, START)):
        known = found.get(value.term)
        evidence = tuple(dict.fromkeys((*known.evidence, *value.evidence))) if known else value.evidence
        found[value.term] = Value(value.term, evidence)
    days = sorted((_day(graph, value) for value in found.values()), key=_doubt)
    return Dating(
        expressions,
        tuple(each for expression in expressions for each in graph.objects(expression.term, PRINTED)),
        tuple(each for expression in expressions for each in graph.objects(expression.term, EARLIEST, LATEST)),
        tuple(days),
        graph.objects(node, END),
    )


def period(text: str) -> Period | None:
    """Return the stretch of a date that gives a year, a month or a day; None for what is no such date.

    >>> period("2021-07").first
    2021.4958904109588
    """
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return Period(_place(first), _place(last) + 1 / 366)


def _place(day: date) -> float:
    start = date(day.year, 1, 1).toordinal()
    return day.year + (day.toordinal() - start) / (date(day.year, 12, 31).toordinal() - start + 1)


def _day(graph: Graph, value: Value) -> Day:
    return Day(value, graph.interpretations(value))


def _doubt(day: Day) -> tuple[int, int, str]:
    """Sort key: what the source says, then what others say, then readings by how unsure and how alone they are."""
    standings = {each.standing for each in day.value.evidence}
    codes = {term.value.rpartition("/")[2] for note in day.interpretations for term in note.certainties}  # type: ignore[union-attr]
    unsure = 3 if "low" in codes else 2 if "medium" in codes else 1
    return (0 if Standing.REPORTED in standings else unsure), -len(standings), str(day.value.term)
