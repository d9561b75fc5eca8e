"""Timelines: what happened on the line of years, in lanes; labels that would overlap go higher, then are left out."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.store import Term

WIDE, NARROW = 800, 320
"""The widths of a timeline: for a page, and for a phone."""
MARGIN = 28
LANE = 46
HEAD = 40
FOOT = 26
LEVELS = 3
LEVEL = 13
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
TICK = 62
"""So far apart stand the years at the foot at least."""
MOST_MOMENTS = 200
MOST_LANES = 24
LETTER = 7.5
OPEN = 0.4
"""So many years does a span reach beyond what is known of it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something at a point of time, in years; `sure` is false where the point is only inferred from its neighbours."""

    node: Term
    at: float
    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Something from one year to another; None where the data do not say."""

    node: Term
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Hole:
    """A time between two moments about which nothing is known, and what is missing in it."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """What happened to one thing; `node` names the lane."""

    node: Term | None
    moments: tuple[Moment, ...] = ()
    spans: tuple[Span, ...] = ()
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A moment on the picture; the label is "" where there is no room, `level` counts upwards from 0."""

    x: int
    y: int
    label: str
    label_y: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A span or a hole on the picture; the ends are open where nothing is known of them."""

    x: int
    y: int
    width: int
    label: str = ""
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lane on the picture."""

    node: Term | None
    y: int
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    holes: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline: its size, the years at its foot with their places, its lanes, and how much is left out."""

    width: int
    height: int
    years: tuple[tuple[int, int], ...]
    lanes: tuple[Drawn, ...]
    more: int


def draw_timeline(lanes: Sequence[Lane], *, width: int = WIDE) -> Timeline | None:
    """Return the timeline of some lanes; None where nothing has a time. Of many moments the latest are drawn."""
    kept = [lane for lane in lanes if lane.moments or any(span.start or span.end for span in lane.spans)]
    cut = [_latest(lane) for lane in kept[:MOST_LANES]]
    times = [time for lane in cut for time in _times(lane)]
    if not times:
        return None
    scale = _Scale(min(times), max(times), width)
    more = sum(len(lane.moments) for lane in kept) - sum(len(lane.moments) for lane in cut)
    drawn = tuple(_drawn(lane, scale, HEAD + number * LANE + LEVELS * LEVEL // 2) for number, lane in enumerate(cut))
    return Timeline(width, HEAD + len(cut) * LANE + FOOT, scale.years(), drawn, more)


class _Scale:
    """The place of a year on the picture."""

    def __init__(self, first: float, last: float, width: int) -> None:
        self._room = width - 2 * MARGIN
        self._first, self._last = floor(first), max(ceil(last), floor(first) + 1)

    def __call__(self, year: float) -> int:
        part = (year - self._first) / (self._last - self._first)
        return round(MARGIN + min(1.0, max(0.0, part)) * self._room)

    def years(self) -> tuple[tuple[int, int], ...]:
        length = self._last - self._first
        step = next((step for step in STEPS if length / step <= self._room / TICK), length)
        first = -(-self._first // step) * step
        return tuple((year, self(year)) for year in range(first, self._last + 1, step))


def _latest(lane: Lane) -> Lane:
    moments = sorted(lane.moments, key=lambda each: each.at)[-MOST_MOMENTS:]
    first = moments[0].at if moments else 0.0
    holes = tuple(each for each in lane.holes if each.start >= first)
    return Lane(lane.node, tuple(moments), lane.spans[-MOST_MOMENTS:], holes)


def _times(lane: Lane) -> Iterable[float]:
    yield from (each.at for each in lane.moments)
    yield from (time for each in lane.spans for time in (each.start, each.end) if time is not None)


def _drawn(lane: Lane, scale: _Scale, y: int) -> Drawn:
    known = [*(each.at for each in lane.moments)]
    return Drawn(
        lane.node,
        y,
        tuple(_dots(lane.moments, scale, y)),
        tuple(_bar(each, known, scale, y) for each in lane.spans if each.start or each.end or known),
        tuple(Bar(scale(each.start), y, scale(each.end) - scale(each.start), each.text) for each in lane.holes),
    )


def _dots(moments: Iterable[Moment], scale: _Scale, y: int) -> Iterable[Dot]:
    ends = [float("-inf")] * LEVELS
    for each in moments:
        x = scale(each.at)
        half = len(each.text) * LETTER / 2 + 2
        level = next((level for level in range(LEVELS) if x - half >= ends[level]), None)
        if level is not None:
            ends[level] = x + half
        yield Dot(x, y, "" if level is None else each.text, y - 11 - (level or 0) * LEVEL, each.sure)


def _bar(span: Span, known: list[float], scale: _Scale, y: int) -> Bar:
    """Draw a span from what is known of it; with an open end it reaches a little further."""
    start = span.start if span.start is not None else min([*known, span.end or known[0]]) - OPEN
    end = span.end if span.end is not None else max([*known, start]) + OPEN
    x = scale(start)
    return Bar(x, y, max(scale(end) - x, 2), "", span.start is None, span.end is None)
