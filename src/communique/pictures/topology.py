"""Topology: borders as TopoJSON has them, territories by their country codes, shared borders stored once.

TopoJSON 1.x (https://github.com/topojson/topojson-specification): the geometries of the object `countries`, else of the
first object. A territory is known by its `id` and by its properties whose names begin with `iso`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from communique.errors import AccessError, ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Territory:
    """One territory: its codes, its rings as the numbers of arcs (`~n` for the reverse of `n`), or its only point.

    `boxes` are the west, south, east and north of each ring.
    """

    codes: frozenset[str]
    rings: tuple[tuple[int, ...], ...] = ()
    boxes: tuple[Box, ...] = ()
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Topology:
    """The borders of the world: lines that territories share, and the territories."""

    arcs: tuple[tuple[Point, ...], ...]
    territories: tuple[Territory, ...]

    def find(self, codes: tuple[str, ...]) -> Territory | None:
        """Return the territory that has one of these codes."""
        wanted = {code.upper() for code in codes}
        return next((each for each in self.territories if each.codes & wanted), None)


def read_topology(path: Path) -> Topology:
    """Return the borders in a file; raises ProjectError if it is no TopoJSON."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        objects = content["objects"]
        scale, shift = _transform(content)
        delta = "transform" in content
        arcs = tuple(tuple(_points(arc, scale, shift, delta=delta)) for arc in content["arcs"])
        geometries = _flat(objects.get("countries") or next(iter(objects.values())))
        found = tuple(_territory(each, arcs, scale, shift) for each in geometries)
    except OSError as error:
        raise AccessError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, IndexError, StopIteration, AttributeError) as error:
        remedy = "Put a TopoJSON file of countries there, or none: then the bundled one is used."
        raise ProjectError(f"{path}: is no TopoJSON of countries ({error}). {remedy}") from error
    return Topology(arcs, found)


def _transform(content: dict[str, Any]) -> tuple[Point, Point]:
    found = content.get("transform", {"scale": (1, 1), "translate": (0, 0)})
    (sx, sy), (tx, ty) = found["scale"], found["translate"]
    return (float(sx), float(sy)), (float(tx), float(ty))


def _points(arc: list[list[float]], scale: Point, shift: Point, *, delta: bool) -> Iterator[Point]:
    """Give the points of an arc; quantised ones are differences (section 2.1.2)."""
    x = y = 0.0
    for step_x, step_y, *_ in arc:
        x, y = (x + step_x, y + step_y) if delta else (step_x, step_y)
        yield x * scale[0] + shift[0], y * scale[1] + shift[1]


def _flat(geometry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if geometry["type"] == "GeometryCollection":
        for each in geometry["geometries"]:
            yield from _flat(each)
    else:
        yield geometry


def _territory(geometry: dict[str, Any], arcs: tuple[tuple[Point, ...], ...], scale: Point, shift: Point) -> Territory:
    named = {str(name): each for name, each in (geometry.get("properties") or {}).items()}
    values = [geometry.get("id"), *(each for name, each in named.items() if name.lower().startswith("iso"))]
    codes = frozenset(str(each).upper() for each in values if each is not None)
    match geometry["type"]:
        case "Polygon":
            rings = tuple(tuple(ring) for ring in geometry["arcs"])
        case "MultiPolygon":
            rings = tuple(tuple(ring) for polygon in geometry["arcs"] for ring in polygon)
        case "Point":
            x, y = geometry["coordinates"]
            return Territory(codes, point=(x * scale[0] + shift[0], y * scale[1] + shift[1]))
        case _:
            return Territory(codes)
    return Territory(codes, rings, tuple(_box(ring, arcs) for ring in rings))


def _box(ring: tuple[int, ...], arcs: tuple[tuple[Point, ...], ...]) -> Box:
    points = [point for number in ring for point in arcs[max(number, ~number)]]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
