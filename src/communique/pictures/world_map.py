"""The map: states by their codes, drawn with as much of the world around them as they need.

The more states are apart, the more is drawn; the finer points of borders that nobody could see are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.pictures.projection import clipped, equal_earth, simplified, turned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pyoxigraph import NamedNode

    from communique.pictures.topology import Point, Territory, Topology

    Box = tuple[float, float, float, float]

WIDTH = 640
WIDEST, TALLEST = 2.1, 1.25
"""The bounds of width over height."""
LEAST = 0.6
"""The least width of what is drawn, in radii of the earth: a region, not a town."""
WHOLE = 200
"""States that lie over more degrees of longitude are shown on a map of the whole world."""
MARGIN = 0.08
OUTLIER = 0.04
"""An island smaller than this part of the largest part of a state does not widen the map."""
DOT = 9
"""What is smaller than this on the map is marked with a dot."""
BLUR = 0.9
"""So many units may a border be off."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A state on the map: its outline as an SVG path, or where its dot stands if the outline would hardly be seen."""

    nodes: tuple[NamedNode, ...]
    path: str
    dot: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class WorldMap:
    """A map: its size, the land around the marked states as an SVG path, these, and those that have no borders here."""

    width: int
    height: int
    land: str
    marked: tuple[Marked, ...]
    missing: tuple[NamedNode, ...]


def draw_map(topology: Topology, codes: Mapping[NamedNode, tuple[str, ...]]) -> WorldMap | None:
    """Return a map of states, each with its country codes; None if none of them has borders."""
    found: dict[int, list[NamedNode]] = {}
    missing = []
    for node, known in codes.items():
        territory = topology.find(known)
        if territory is None or not (territory.rings or territory.point):
            missing.append(node)
        else:
            found.setdefault(topology.territories.index(territory), []).append(node)
    if not found:
        return None
    wanted = [topology.territories[number] for number in found]
    centre, whole = _centre(topology, wanted)
    box = WORLD if whole else _view(topology, wanted, centre)
    sheet = _Sheet(topology, centre, box)
    marked = tuple(sheet.marked(topology.territories[number], tuple(nodes)) for number, nodes in found.items())
    others = (each for number, each in enumerate(topology.territories) if number not in found and each.rings)
    land = "".join(sheet.path(each) for each in others)
    return WorldMap(WIDTH, sheet.height, land, marked, tuple(missing))


class _Sheet:
    """A part of the plane, and how its units become units of the picture."""

    def __init__(self, topology: Topology, centre: float, box: Box) -> None:
        self._topology, self._centre, self._box = topology, centre, box
        self._scale = WIDTH / (box[2] - box[0])
        self.height = round((box[3] - box[1]) * self._scale)
        self._arcs: dict[int, tuple[Point, ...]] = {}

    def path(self, territory: Territory) -> str:
        return "".join(_path(ring) for ring in self._rings(territory))

    def marked(self, territory: Territory, nodes: tuple[NamedNode, ...]) -> Marked:
        rings = self._rings(territory)
        points = [point for ring in rings for point in ring]
        if territory.point:
            points = [self._place(*equal_earth(_counted(territory.point[0], self._centre), territory.point[1]))]
        left, top, right, bottom = _bounds(points or [(WIDTH / 2, self.height / 2)])
        if right - left < DOT and bottom - top < DOT:
            return Marked(nodes, "", (round((left + right) / 2), round((top + bottom) / 2)))
        return Marked(nodes, "".join(_path(ring) for ring in rings), None)

    def _rings(self, territory: Territory) -> list[list[tuple[int, int]]]:
        found = []
        for numbers, bounds in zip(territory.rings, territory.boxes, strict=True):
            if not self._sees(bounds):
                continue
            for part in turned(_ring(numbers, self._arc), centre=self._centre):
                plane = clipped([equal_earth(*point) for point in part], self._box)
                ring = _distinct(self._place(*point) for point in plane)
                if len(ring) > 2:
                    found.append(ring)
        return found

    def _arc(self, number: int) -> tuple[Point, ...]:
        known = self._arcs.get(number)
        if known is None:
            tolerance = BLUR / self._scale * DEGREES
            known = self._arcs[number] = simplified(self._topology.arcs[number], tolerance=tolerance)
        return known

    def _sees(self, bounds: Box) -> bool:
        """Tell quickly whether what lies within west, south, east and north may reach into the map."""
        south, north = bounds[1], bounds[3]
        west = _counted(bounds[0], self._centre)
        east = west + bounds[2] - bounds[0]
        if east > FAR_EAST:
            return True  # it is cut at the edge of the map
        widest = 0.0 if south * north < 0 else min(abs(south), abs(north))
        corners = [equal_earth(x, y) for x in (west, east) for y in (south, north, widest)]
        left, top, right, bottom = _bounds(corners)
        return left <= self._box[2] and right >= self._box[0] and top <= self._box[3] and bottom >= self._box[1]

    def _place(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self._box[0]) * self._scale), round((y - self._box[1]) * self._scale)


def _ring(numbers: Sequence[int], arc: Callable[[int], tuple[Point, ...]]) -> list[Point]:
    """Return the points of a ring; an arc begins where the one before it ends."""
    points: list[Point] = []
    for number in numbers:
        line = arc(number) if number >= 0 else arc(~number)[::-1]
        points += line[1:] if points else line
    return points


def _centre(topology: Topology, wanted: Iterable[Territory]) -> tuple[float, bool]:
    """Return the meridian in the middle of some territories, and whether they lie round the world."""
    degrees = sorted({round(point[0]) % 360 for each in wanted for point in _main_points(topology, each)})
    gaps = [(after - before, before) for before, after in zip(degrees, [*degrees[1:], degrees[0] + 360], strict=True)]
    gap, before = max(gaps)
    if 360 - gap > WHOLE:
        return ATLANTIC, True
    return _counted(before + gap + (360 - gap) / 2, 0.0), False


def _view(topology: Topology, wanted: Iterable[Territory], centre: float) -> Box:
    """Return the part of the plane that shows some territories with a margin around them."""
    points = [
        equal_earth(_counted(longitude, centre), latitude)
        for each in wanted
        for longitude, latitude in _main_points(topology, each)
    ]
    left, top, right, bottom = _bounds(points)
    width = max((right - left) * (1 + 2 * MARGIN), LEAST)
    height = max((bottom - top) * (1 + 2 * MARGIN), width / WIDEST)
    width = max(width, height * TALLEST)
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _main_points(topology: Topology, territory: Territory) -> list[Point]:
    """Return the points of a territory without its small far islands."""
    if territory.point:
        return [territory.point]
    rings = [_ring(numbers, topology.arcs.__getitem__) for numbers in territory.rings]
    areas = [_area(ring) for ring in rings]
    least = max(areas, default=0.0) * OUTLIER
    return [point for ring, area in zip(rings, areas, strict=True) if area >= least for point in ring]


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def _counted(longitude: float, centre: float) -> float:
    return (longitude - centre + 180) % 360 - 180


def _bounds(points: Sequence[Point]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _distinct(points: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        if not found or point != found[-1]:
            found.append(point)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _path(ring: list[tuple[int, int]]) -> str:
    """Return a ring as a closed SVG path, in steps from point to point, as short as they can be written."""
    x, y = ring[0]
    steps = []
    for after_x, after_y in ring[1:]:
        steps.append(f"{after_x - x} {after_y - y}")
        x, y = after_x, after_y
    return f"M{ring[0][0]} {ring[0][1]}l" + " ".join(steps).replace(" -", "-") + "z"


FAR_EAST = 180
ATLANTIC = 11.0
"""The meridian in the middle of a map of the whole world: no land but Antarctica and a corner of Chukotka is cut."""
DEGREES = 57.3
WORLD = (-2.71, -1.32, 2.71, 1.05)
"""The whole world without most of Antarctica."""
