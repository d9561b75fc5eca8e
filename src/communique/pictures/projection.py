"""Projection: Equal Earth, in which areas are true, and rings cut to what a map shows.

B. Šavrič, T. Patterson and B. Jenny (2019), "The Equal Earth map projection", doi 10.1080/13658816.2018.1504949.
"""

from __future__ import annotations

from math import asin, copysign, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.pictures.topology import Point

    Ring = list[Point]

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = sqrt(3) / 2


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project degrees to the plane, in radii of the earth, x to the east and y to the south."""
    angle = asin(M * sin(radians(latitude)))
    square = angle * angle
    sixth = square * square * square
    width = M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square))
    height = angle * (A1 + A2 * square + sixth * (A3 + A4 * square))
    return radians(longitude) * cos(angle) / width, -height


def turned(ring: Sequence[Point], *, centre: float) -> Iterator[Ring]:
    """Give a ring with longitudes counted from a meridian, cut where it crosses the edge of the map.

    A ring that goes round a pole is closed along it.
    """
    before = ring[0][0] - centre
    flat: Ring = []
    for longitude, latitude in ring:
        here = longitude - centre
        before = here + 360 * round((before - here) / 360)
        flat.append((before, latitude))
    turn = flat[-1][0] - flat[0][0]
    if abs(turn) > 180:
        pole = copysign(90.0, flat[0][1])
        flat += [(flat[-1][0], pole), (flat[0][0], pole)]
    west, east = min(flat)[0], max(flat)[0]
    for shift in range(-1080, 1081, 360):
        if east + shift <= -180 or west + shift >= 180:
            continue
        part = [(x + shift, y) for x, y in flat]
        if west + shift < -180 or east + shift > 180:
            part = clipped(part, (-180.0, -91.0, 180.0, 91.0))
        if len(part) > 2:
            yield part


def clipped(ring: Ring, box: tuple[float, float, float, float]) -> Ring:
    """Return what of a ring lies within left, top, right and bottom (Sutherland and Hodgman)."""
    for axis, edge, side in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        if not ring:
            break
        ring = _cut(ring, axis, edge, side)
    return ring


def _cut(ring: Ring, axis: int, edge: float, side: int) -> Ring:
    kept: Ring = []
    last = ring[-1]
    was = (last[axis] - edge) * side >= 0
    for point in ring:
        inside = (point[axis] - edge) * side >= 0
        if inside != was:
            part = (edge - last[axis]) / (point[axis] - last[axis])
            other = last[1 - axis] + part * (point[1 - axis] - last[1 - axis])
            kept.append((edge, other) if axis == 0 else (other, edge))
        if inside:
            kept.append(point)
        last, was = point, inside
    return kept


def simplified(line: Sequence[Point], *, tolerance: float) -> tuple[Point, ...]:
    """Return a line without the points that stand out less than the tolerance (Ramer, Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, most = 0, tolerance * tolerance
        for index in range(first + 1, last):
            distance = _distance(line[index], line[first], line[last])
            if distance > most:
                far, most = index, distance
        if far:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return tuple(line[index] for index in sorted(kept))


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return the square of the distance of a point from a stretch, degrees of longitude shortened to the north."""
    narrow = cos(radians(point[1]))
    x, y = (point[0] - start[0]) * narrow, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    length = dx * dx + dy * dy
    part = min(1.0, max(0.0, (x * dx + y * dy) / length)) if length else 0.0
    return (x - part * dx) ** 2 + (y - part * dy) ** 2
