"""Series: the meetings that are known and those that are not, who chaired them, and who came how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.portraits.graph import cmq, evidence_of, literal
from communique.portraits.meetings import gathering
from communique.portraits.told import MOST

if TYPE_CHECKING:
    from communique.descriptions.evidence import Evidence
    from communique.portraits.graph import Graph, Values
    from communique.portraits.meetings import Gathering
    from communique.store import Term

MEETING, PLANNED = cmq("Meeting"), cmq("PlannedMeeting")
MOST_COLUMNS = 24
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a series of which no meeting is on record, from the first to the last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How many people took part in one meeting for one party, 0 where nobody is on record."""

    count: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A party, the meetings that it is on record at, and its cell for each of the columns."""

    party: Term
    meetings: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Parties by meetings. `columns` are the latest meetings of which some participants are on record.

    `silent` are the meetings of which none are; `more_columns` and `more_rows` count what is left out.
    """

    columns: tuple[Gathering, ...]
    rows: tuple[Row, ...]
    silent: tuple[Gathering, ...]
    more_columns: int
    more_rows: int


@dataclass(frozen=True, slots=True)
class SeriesPortrait:
    """A series: the latest meetings and gaps in the order of numbers and dates, and plans that nothing has executed.

    `earlier` counts the entries before them; `chairs` are those who chaired, with what they chaired, the most frequent
    first.
    """

    entries: tuple[Gathering | Gap, ...]
    earlier: int
    meetings: tuple[Gathering, ...]
    planned: tuple[Gathering, ...]
    attendance: Attendance
    chairs: tuple[tuple[Term, tuple[Gathering, ...]], ...]


def series_portrait(graph: Graph, node: Term) -> SeriesPortrait:
    """Return the portrait of a series."""
    members = graph.subjects(cmq("inSeries"), node)
    meetings = sorted(
        (gathering(graph, each.term) for each in members if MEETING in graph.types(each.term)), key=_order
    )
    planned = [gathering(graph, each.term) for each in members if PLANNED in graph.types(each.term)]
    entries = with_gaps(meetings)
    chairs: dict[Term, list[Gathering]] = {}
    for meeting in meetings:
        for chair in meeting.chairs[:MOST]:
            chairs.setdefault(chair.term, []).append(meeting)
    return SeriesPortrait(
        tuple(entries[-MOST:]),
        max(0, len(entries) - MOST),
        tuple(meetings),
        tuple(sorted((each for each in planned if not each.executed_by), key=_order)),
        attendance(graph, meetings),
        tuple(sorted(((each, tuple(held)) for each, held in chairs.items()), key=lambda pair: -len(pair[1]))),
    )


def with_gaps(meetings: list[Gathering]) -> list[Gathering | Gap]:
    """Return meetings in their order, and between them the numbers of which nothing is known."""
    found: list[Gathering | Gap] = []
    last = 0
    for meeting in meetings:
        number = number_of(meeting)
        if number is not None:
            if number > last + 1:
                found.append(Gap(last + 1, number - 1))
            last = max(last, number)
        found.append(meeting)
    return found


def attendance(graph: Graph, meetings: list[Gathering]) -> Attendance:
    """Return who is on record at which of some meetings."""
    counted: dict[Term, dict[Term, Cell]] = {}
    for meeting in meetings:
        present: dict[Term, list[Values]] = {}
        for each in graph.objects(meeting.node, cmq("hasParticipation")):
            for party in graph.objects(each.term, cmq("onBehalfOf")):
                present.setdefault(party.term, []).append((party,))
        if present:
            counted[meeting.node] = {
                party: Cell(len(those), evidence_of(value for values in those for value in values))
                for party, those in present.items()
            }
    told = [each for each in meetings if each.node in counted]
    columns = told[-MOST_COLUMNS:]
    rows = _rows(graph, columns, counted)
    return Attendance(
        tuple(columns),
        tuple(rows[:MOST_ROWS]),
        tuple(each for each in meetings if each.node not in counted),
        len(told) - len(columns),
        max(0, len(rows) - MOST_ROWS),
    )


def number_of(meeting: Gathering) -> int | None:
    """Return the number of a meeting in its series, or None."""
    text = literal(meeting.numbers)
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _rows(graph: Graph, columns: list[Gathering], counted: dict[Term, dict[Term, Cell]]) -> list[Row]:
    parties = dict.fromkeys(party for each in columns for party in counted[each.node])
    rows = []
    for party in parties:
        cells = tuple(counted[each.node].get(party, NOBODY) for each in columns)
        rows.append(Row(party, sum(1 for cell in cells if cell.count), cells))
    return sorted(
        rows, key=lambda row: (-row.meetings, graph.site.labels.of(row.party).text.casefold(), str(row.party))
    )


def _order(meeting: Gathering) -> tuple[float, str, str]:
    number = number_of(meeting)
    return float("inf") if number is None else number, meeting.dating.sort_text, str(meeting.node)


NOBODY = Cell(0, ())
