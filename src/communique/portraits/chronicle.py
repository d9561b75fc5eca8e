"""Chronicles: what pictures show of portraits: lanes of a timeline, spokes of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from communique.pictures.network import Spoke
from communique.pictures.timeline import Hole, Lane, Moment, Span
from communique.portraits.dates import period
from communique.portraits.series import Gap, number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.portraits.graph import Values
    from communique.portraits.meetings import Gathering, Participant
    from communique.portraits.parties import Holding
    from communique.portraits.series import SeriesPortrait


def lanes_of_series(portrait: SeriesPortrait) -> tuple[Lane, ...]:
    """Return a series as one lane; a meeting without a date stands between its neighbours, as its number says."""
    moments: list[Moment] = []
    holes = []
    entries = portrait.entries
    for place, entry in enumerate(entries):
        if isinstance(entry, Gap):
            start, end = _nearest(entries[:place][::-1]), _nearest(entries[place + 1 :])
            if start is not None and end is not None and start[0] < end[0]:
                numbers = str(entry.first) if entry.first == entry.last else f"{entry.first}–{entry.last}"
                holes.append(Hole(start[0], end[0], numbers))
        elif moment := _moment(entry) or _between(entries, place):
            moments.append(moment)
    return (Lane(None, tuple(moments), (), tuple(holes)),)


def lanes_of_holdings(holdings: Iterable[Holding]) -> tuple[Lane, ...]:
    """Return each holding of an office as a lane: from when to when, and the meetings at which it is attested."""
    return tuple(
        Lane(
            each.offices[0].term if each.offices else each.node,
            tuple(moment for meeting in each.meetings if (moment := _moment(meeting))),
            (Span(each.node, _time(each.starts, last=False), _time(each.ends, last=True)),),
        )
        for each in holdings
    )


def spokes_of(participants: Iterable[Participant], *, party: bool = True) -> tuple[Spoke, ...]:
    """Return people with their offices and, if wanted, with the parties that they came for."""
    return tuple(
        Spoke(
            each.people[0].term,
            each.offices[0].term if each.offices else None,
            each.parties[0].term if party and each.parties else None,
        )
        for each in participants
        if each.people
    )


def _moment(meeting: Gathering) -> Moment | None:
    found = period(meeting.dating.sort_text)
    return Moment(meeting.node, found.middle, _text(meeting)) if found else None


def _text(meeting: Gathering) -> str:
    number = number_of(meeting)
    return meeting.dating.sort_text[:4] if number is None else str(number)


def _between(entries: Sequence[Gathering | Gap], place: int) -> Moment | None:
    """Return a meeting without a date at the place that its number has between its neighbours with dates."""
    entry = entries[place]
    before, after = _nearest(entries[:place][::-1]), _nearest(entries[place + 1 :])
    number = None if isinstance(entry, Gap) else number_of(entry)
    if isinstance(entry, Gap) or number is None or before is None or after is None or after[1] <= before[1]:
        return None
    part = (number - before[1]) / (after[1] - before[1])
    return Moment(entry.node, before[0] + part * (after[0] - before[0]), str(number), sure=False)


def _nearest(entries: Iterable[Gathering | Gap]) -> tuple[float, int] | None:
    """Return the time and the number of the first meeting that has both."""
    for entry in entries:
        if not isinstance(entry, Gap):
            found, number = period(entry.dating.sort_text), number_of(entry)
            if found and number is not None:
                return found.middle, number
    return None


def _time(values: Values, *, last: bool) -> float | None:
    found = [period(value.term.value) for value in values if isinstance(value.term, Literal)]
    times = [each.last if last else each.first for each in found if each]
    return (max(times) if last else min(times)) if times else None
