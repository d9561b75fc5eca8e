"""Networks: people around a thing, each with the office and the party between them, the latter shared by several.

People stand on the two sides of an oval, evenly from top to bottom, so that their names can be read; whatever several
share stands in their middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.store import Term

WIDTH = 780
STEP = 48
MARGIN = 40
REACH = 195
"""How far from the middle people stand at most."""
INNER, MIDDLE = 0.5, 0.76
"""Where parties and offices stand on the way to people."""
MOST = 40
"""So many things are drawn at most, the one in the middle among them."""


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


def draw_network(spokes: Sequence[Spoke]) -> Network | None:
    """Return the network of some people in their order, clockwise from the top; None for fewer than two."""
    kept = _kept(spokes)
    if len(kept) < 2:
        return None
    right = -(-len(kept) // 2)
    height = max(right * STEP + 2 * MARGIN, 260)
    places = [_place(number, len(kept), right, height) for number in range(len(kept))]
    centre = (WIDTH // 2, height // 2)
    spots: list[Spot] = []
    lines: dict[tuple[int, int, int, int], None] = {}
    shared = _middles(kept, places)
    for spoke, (x, y, left) in zip(kept, places, strict=True):
        at = centre
        for kind, node, part in (("party", spoke.party, INNER), ("office", spoke.office, MIDDLE)):
            if node is not None:
                found_x, found_y = shared[kind, node]
                there = round(centre[0] + (found_x - centre[0]) * part), round(centre[1] + (found_y - centre[1]) * part)
                if not any(spot.node == node and spot.kind == kind for spot in spots):
                    spots.append(Spot(node, kind, *there, there[0] < centre[0]))
                lines[*at, *there] = None
                at = there
        lines[*at, x, y] = None
        spots.append(Spot(spoke.person, "person", x, y, left, spoke.office))
    return Network(WIDTH, height, *centre, tuple(spots), tuple(lines), len(spokes) - len(kept))


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


def _place(number: int, count: int, right: int, height: int) -> tuple[int, int, bool]:
    """Return where a person stands: on the right from the top down, then on the left from the foot up."""
    left = number >= right
    row = count - 1 - number if left else number
    rows = count - right if left else right
    y = height / 2 + (row - (rows - 1) / 2) * STEP
    part = (y - height / 2) / (height / 2)
    x = REACH * (0.62 + 0.38 * sqrt(max(0.0, 1 - part * part)))
    return round(WIDTH / 2 + (-x if left else x)), round(y), left


def _middles(
    spokes: Sequence[Spoke], places: Sequence[tuple[int, int, bool]]
) -> dict[tuple[str, Term | None], tuple[float, float]]:
    """Return the middle of all people that share a party or an office."""
    found: dict[tuple[str, Term | None], list[tuple[int, int]]] = {}
    for spoke, (x, y, _) in zip(spokes, places, strict=True):
        found.setdefault(("party", spoke.party), []).append((x, y))
        found.setdefault(("office", spoke.office), []).append((x, y))
    return {
        key: (sum(x for x, _ in those) / len(those), sum(y for _, y in those) / len(those))
        for key, those in found.items()
    }
