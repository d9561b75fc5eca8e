"""Networks: people around a thing, each with the office and the party between them, the latter shared by several.

Everything stands in columns beside the middle, on both sides where there is room: parties, offices, people, evenly from
top to bottom, so that every name has its room; whatever several people share stands at the middle of their heights.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from communique.store import Term

STEP = 48
MARGIN = 40
GAPS = {"party": 40, "office": 14}
"""How far apart those in a column stand at least; the name of a party stands above it, in two lines if it is long."""
MOST = 40
"""So many things are drawn at most, the one in the middle among them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide a network is, where its middle stands, how far from it each kind does, and whether on both sides.

    Beyond people is room for their names.
    """

    width: int
    middle: int
    columns: Mapping[str, int]
    both_sides: bool = True


WIDE = Layout(780, 390, {"party": 85, "office": 145, "person": 185})
NARROW = Layout(320, 12, {"party": 56, "office": 98, "person": 124}, both_sides=False)


@dataclass(frozen=True, slots=True)
class Spoke:
    """What leads from the middle to a person: a party and an office, each None where it is not known."""

    person: Term
    office: Term | None
    party: Term | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing on the picture; `kind` is "party", "office" or "person", `below` the office in words under a person.

    `left` is true on the left side, where labels end at the spot.
    """

    node: Term
    kind: str
    x: int
    y: int
    left: bool
    below: Term | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its size, the middle, what stands around it, the lines as ends, and how many people are left out."""

    width: int
    height: int
    x: int
    y: int
    spots: tuple[Spot, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    more: int


def draw_network(spokes: Sequence[Spoke], layout: Layout = WIDE) -> Network | None:
    """Return the network of some people in their order, clockwise from the top; None for fewer than two."""
    kept = _kept(spokes)
    if len(kept) < 2:
        return None
    right = -(-len(kept) // 2) if layout.both_sides else len(kept)
    height = max(right * STEP + 2 * MARGIN, 260)
    centre = (layout.middle, height // 2)
    places = [_place(layout, number, len(kept), right, height) for number in range(len(kept))]
    shared = {kind: _shared(layout, kind, kept, places) for kind in GAPS}
    spots: dict[tuple[str, Term], Spot] = {}
    people: list[Spot] = []
    lines: dict[tuple[int, int, int, int], None] = {}
    for spoke, (x, y, left) in zip(kept, places, strict=True):
        at = centre
        for kind, node in (("party", spoke.party), ("office", spoke.office)):
            if node is not None:
                there = shared[kind][node]
                spots.setdefault((kind, node), Spot(node, kind, *there, there[0] < centre[0]))
                lines[*at, *there] = None
                at = there
        lines[*at, x, y] = None
        people.append(Spot(spoke.person, "person", x, y, left, spoke.office))
    spots_and_people = (*spots.values(), *people)
    return Network(layout.width, height, *centre, spots_and_people, tuple(lines), len(spokes) - len(kept))


def _kept(spokes: Sequence[Spoke]) -> list[Spoke]:
    """Return as many spokes as can be drawn, nobody twice in the same office."""
    kept: list[Spoke] = []
    things: set[Term | None] = {None}
    for spoke in dict.fromkeys(spokes):
        fresh = {spoke.party, spoke.office} - things
        if len(things) + len(kept) + len(fresh) + 1 > MOST:
            break
        things |= fresh
        kept.append(spoke)
    return kept


def _place(layout: Layout, number: int, count: int, right: int, height: int) -> tuple[int, int, bool]:
    """Return where a person stands: on the right from the top down, then on the left from the foot up."""
    left = number >= right
    row = count - 1 - number if left else number
    rows = count - right if left else right
    y = height / 2 + (row - (rows - 1) / 2) * STEP
    return _column(layout, "person", left=left), round(y), left


def _column(layout: Layout, kind: str, *, left: bool) -> int:
    return layout.middle + (-layout.columns[kind] if left else layout.columns[kind])


def _shared(
    layout: Layout, kind: str, spokes: Sequence[Spoke], places: Sequence[tuple[int, int, bool]]
) -> dict[Term, tuple[int, int]]:
    """Return where the parties or the offices stand: on the side of most of their people, at the middle of these."""
    held: dict[Term, list[tuple[int, int, bool]]] = {}
    for spoke, place in zip(spokes, places, strict=True):
        node = spoke.party if kind == "party" else spoke.office
        if node is not None:
            held.setdefault(node, []).append(place)
    found: dict[Term, tuple[int, int]] = {}
    for left in (False, True):
        column = [(fmean(y for _, y, _ in those), node) for node, those in held.items() if _is_left(those) == left]
        column.sort(key=itemgetter(0))
        heights = _apart([y for y, _ in column], gap=GAPS[kind])
        found |= {node: (_column(layout, kind, left=left), y) for (_, node), y in zip(column, heights, strict=True)}
    return found


def _is_left(places: Sequence[tuple[int, int, bool]]) -> bool:
    return 2 * sum(left for _, _, left in places) > len(places)


def _apart(heights: Sequence[float], *, gap: int) -> list[int]:
    """Return heights in their order, moved as little as keeps them apart, about the middle where they were."""
    moved: list[float] = []
    for y in heights:
        moved.append(max(y, moved[-1] + gap) if moved else y)
    shift = (sum(moved) - sum(heights)) / len(moved) if moved else 0
    return [round(y - shift) for y in moved]
