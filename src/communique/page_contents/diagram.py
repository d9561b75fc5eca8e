"""The diagram of a vocabulary: its classes as boxes in layers, its object properties and subclasses as lines between.

Who leads stands above where they lead to, as far as there are no circles. Classes of others are drawn too, except those
that more than six lines would lead to: code lists, mostly. The table beneath the picture holds everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, NamedNode

from communique.descriptions.lists import cells

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from communique.descriptions.labels import Labels
    from communique.store import Store, Term

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
DOMAIN, RANGE, SUBCLASS = (NamedNode(RDFS + name) for name in ("domain", "range", "subClassOf"))
UNION = NamedNode("http://www.w3.org/2002/07/owl#unionOf")
DATA_RANGES = ("http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", RDFS)
MOST_CLASSES, MOST_LEADING_OUT = 48, 6
WIDTH, MOST_IN_LAYER, SWEEPS = 1120, 6, 12
HEIGHT, GAP, LETTER, LONGEST = 30, 58, 7.3, 24
BESIDE = 40
"""Pixels between two classes beside each other, as far as there is room."""


class Relation(NamedTuple):
    """A property that leads from the instances of one class to those of another; without one, it is a subclass."""

    source: NamedNode
    property: NamedNode | None
    target: NamedNode


class Box(NamedTuple):
    """A class: its upper left corner, its width, and the middle of its text, in pixels."""

    cls: NamedNode
    text: str
    x: int
    y: int
    width: int

    @property
    def middle(self) -> int:
        """The middle from left to right."""
        return self.x + self.width // 2

    @property
    def line(self) -> int:
        """The base line of the text."""
        return self.y + HEIGHT // 2 + 5


class Line(NamedTuple):
    """All relations of one kind from one class to another: the path of the line (SVG 2, section 9.3), and its tip."""

    path: str
    tip: str
    relations: tuple[Relation, ...]
    inherits: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture of a vocabulary; `relations` holds everything in words, what is not drawn as well."""

    width: int
    height: int
    box_height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    relations: tuple[Relation, ...]


def diagram_of(
    store: Store, *, classes: Collection[NamedNode], properties: Iterable[NamedNode], labels: Labels
) -> Diagram | None:
    """Return the diagram of some classes and properties of a vocabulary, None where nothing leads anywhere."""
    relations = tuple(dict.fromkeys(_relations(store, classes, properties)))
    drawn = _drawn(relations, classes)
    if not drawn:
        return None
    layers = _ordered(_layers(drawn), drawn)
    width = _width(layers, labels)
    boxes = {box.cls: box for box in _boxes(layers, labels, width=width)}
    height = max(box.y for box in boxes.values()) + HEIGHT + 8
    return Diagram(width, height, HEIGHT, tuple(boxes.values()), tuple(_lines(drawn, boxes)), relations)


def _relations(store: Store, classes: Collection[NamedNode], properties: Iterable[NamedNode]) -> Iterator[Relation]:
    for path in properties:
        for target in _classes(store, path, RANGE):
            for source in _classes(store, path, DOMAIN):
                if not target.value.startswith(DATA_RANGES):
                    yield Relation(source, path, target)
    for cls in classes:
        for above in _classes(store, cls, SUBCLASS):
            yield Relation(cls, None, above)


def _classes(store: Store, node: NamedNode, path: NamedNode) -> list[NamedNode]:
    """Return the classes that a domain, a range or a subclass names, those of a union each for itself."""
    found: list[Term] = []
    for quad in store.quads(node, path, None, None):
        if isinstance(quad.object, BlankNode):
            unions = (union.object for union in store.quads(quad.object, UNION, None, None))
            found += [
                cell.member for head in unions if isinstance(head, BlankNode) for cell in cells(store, head) or ()
            ]
        else:
            found.append(quad.object)
    return sorted((each for each in set(found) if isinstance(each, NamedNode)), key=str)


def _drawn(relations: tuple[Relation, ...], ours: Collection[NamedNode]) -> list[Relation]:
    """Return the relations that the picture shows: none to itself, none of the classes that all lead to."""
    leading: dict[NamedNode, int] = {}
    for each in relations:
        leading[each.target] = leading.get(each.target, 0) + 1
    kept = [
        each
        for each in relations
        if each.source != each.target and each.source in ours
        if each.target in ours or (each.property is not None and leading[each.target] <= MOST_LEADING_OUT)
    ]
    degrees: dict[NamedNode, int] = {}
    for each in kept:
        for cls in (each.source, each.target):
            degrees[cls] = degrees.get(cls, 0) + 1
    shown = set(sorted(degrees, key=lambda cls: (-degrees[cls], cls.value))[:MOST_CLASSES])
    return [each for each in kept if each.source in shown and each.target in shown]


def _layers(relations: list[Relation]) -> list[list[NamedNode]]:
    """Return the classes from the top: each below those that lead to it, as far as that is possible."""
    below = {each.source: set[NamedNode]() for each in relations} | {
        each.target: set[NamedNode]() for each in relations
    }
    for each in relations:
        below[each.source].add(each.target)
    order = _without_circles(below)
    depths: dict[NamedNode, int] = {}
    sizes: dict[int, int] = {}
    for cls in order:
        above = [depths[other] + 1 for other in depths if cls in below[other]]
        depth = max(above, default=0)
        while sizes.get(depth, 0) >= MOST_IN_LAYER:
            depth += 1
        depths[cls] = depth
        sizes[depth] = sizes.get(depth, 0) + 1
    return [[cls for cls in order if depths[cls] == depth] for depth in range(max(depths.values()) + 1)]


def _without_circles(below: Mapping[NamedNode, set[NamedNode]]) -> list[NamedNode]:
    """Return classes so that most lines lead down: in the reverse order of a walk in depth."""
    found: list[NamedNode] = []
    seen: set[NamedNode] = set()

    def walk(cls: NamedNode) -> None:
        seen.add(cls)
        for other in sorted(below[cls], key=lambda each: each.value):
            if other not in seen:
                walk(other)
        found.append(cls)

    arriving = {cls: sum(cls in others for others in below.values()) for cls in below}
    for cls in sorted(below, key=lambda each: (arriving[each] - len(below[each]), each.value)):
        if cls not in seen:
            walk(cls)
    return found[::-1]


def _ordered(layers: list[list[NamedNode]], relations: list[Relation]) -> list[list[NamedNode]]:
    """Return the layers with neighbours near one another: each class moves to the middle of its neighbours."""
    beside: dict[NamedNode, list[NamedNode]] = {}
    for each in relations:
        beside.setdefault(each.source, []).append(each.target)
        beside.setdefault(each.target, []).append(each.source)
    places = {cls: (at + 1) / (len(layer) + 1) for layer in layers for at, cls in enumerate(layer)}
    for _ in range(SWEEPS):
        for layer in layers:
            means = {cls: sum(places[other] for other in beside[cls]) / len(beside[cls]) for cls in layer}
            layer.sort(key=lambda cls: (means[cls], cls.value))
            places.update({cls: (at + 1) / (len(layer) + 1) for at, cls in enumerate(layer)})
    return layers


def _width(layers: list[list[NamedNode]], labels: Labels) -> int:
    """Return how wide the picture is: as its widest layer, if there is room."""
    return min(WIDTH, max(sum(_widths(_texts(layer, labels))) + BESIDE * (len(layer) + 1) for layer in layers))


def _texts(layer: list[NamedNode], labels: Labels) -> list[str]:
    return [_short(labels.of(cls).text) for cls in layer]


def _widths(texts: list[str]) -> list[int]:
    return [round(len(text) * LETTER) + 28 for text in texts]


def _boxes(layers: list[list[NamedNode]], labels: Labels, *, width: int) -> Iterator[Box]:
    for depth, layer in enumerate(layers):
        texts = _texts(layer, labels)
        widths = _widths(texts)
        room = (width - sum(widths)) / (len(layer) + 1)
        x = room
        for cls, text, wide in zip(layer, texts, widths, strict=True):
            yield Box(cls, text, round(x), 8 + depth * (HEIGHT + GAP), wide)
            x += wide + room


def _lines(relations: list[Relation], boxes: Mapping[NamedNode, Box]) -> Iterator[Line]:
    pairs: dict[tuple[NamedNode, NamedNode, bool], list[Relation]] = {}
    for each in relations:
        pairs.setdefault((each.source, each.target, each.property is None), []).append(each)
    for (source, target, inherits), together in pairs.items():
        yield Line(*_drawn_line(boxes[source], boxes[target]), tuple(together), inherits)


def _drawn_line(start: Box, end: Box) -> tuple[str, str]:
    """Return the path of a line and of its tip; from the lower edge down, from the upper edge up, sideways below."""
    if start.y == end.y:
        y, dip = start.y + HEIGHT, start.y + HEIGHT + GAP // 2
        path = f"M{start.middle} {y}C{start.middle} {dip} {end.middle} {dip} {end.middle} {y}"
        return path, _tip(end.middle, y, up=True)
    down = start.y < end.y
    y1, y2 = (start.y + HEIGHT, end.y) if down else (start.y, end.y + HEIGHT)
    bend = (y2 - y1) // 2
    path = f"M{start.middle} {y1}C{start.middle} {y1 + bend} {end.middle} {y2 - bend} {end.middle} {y2}"
    return path, _tip(end.middle, y2, up=not down)


def _tip(x: int, y: int, *, up: bool) -> str:
    base = y + 8 if up else y - 8
    return f"M{x} {y}L{x - 4} {base}L{x + 4} {base}Z"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
