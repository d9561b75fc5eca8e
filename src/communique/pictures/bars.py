"""Bars: the shares of one whole side by side, with what is missing to it, or what exceeds it, left visible."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH = 640
MOST = 60
ROOM = 44
"""A part narrower than this has no room for its number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One share on the bar: its place, its width, its number among the shares, and whether the number fits in."""

    number: int
    x: int
    width: int
    roomy: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar: its width, the place of 100, the parts, the rest up to 100 if there is any, and how many are left out."""

    width: int
    hundred: int
    parts: tuple[Part, ...]
    rest: Part | None
    more: int


def draw_bars(shares: Sequence[Decimal]) -> Bars | None:
    """Return the bar of some shares in per cent, none below 0; None if there are none or if they are beyond measure."""
    shown = shares[:MOST]
    total = sum(shown)
    if not shown or not 0 < total <= 100_000:
        return None
    scale = WIDTH / float(max(total, 100))
    ends = [0, *(round(float(end) * scale) for end in accumulate(shown))]
    parts = tuple(
        Part(number, first, last - first, last - first >= ROOM) for number, (first, last) in enumerate(pairwise(ends))
    )
    hundred = round(100 * scale)
    rest = Part(len(parts), ends[-1], hundred - ends[-1], hundred - ends[-1] >= ROOM) if hundred > ends[-1] else None
    return Bars(WIDTH, hundred, parts, rest, len(shares) - len(shown))
