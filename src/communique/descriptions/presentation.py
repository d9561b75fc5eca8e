"""Presentation: what shapes say about how a thing of some type looks, which is the only place that says it."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from copy import copy
from dataclasses import replace
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.axioms import Axioms
from communique.descriptions.evidence import CMQ, Evidences
from communique.descriptions.labels import LABEL_PROPERTIES, Labels
from communique.descriptions.views import SH, PropertyView, read_views
from communique.syntax.rdf import TYPE as TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping

    from communique.store import Store, Subject, Term

_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_TARGET_CLASS = NamedNode(SH + "targetClass")
_NODE_SHAPE = NamedNode(SH + "NodeShape")
_CLASSES = {NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"), NamedNode("http://www.w3.org/2002/07/owl#Class")}
POSITIONS = (NamedNode(CMQ + "listingOrder"), NamedNode("http://schema.org/position"), NamedNode(SH + "order"))
_FIRST = {term: rank for rank, term in enumerate((TYPE, *LABEL_PROPERTIES))}

Rank = tuple[float | str, ...]


class Layout(dict[NamedNode, tuple[Rank, PropertyView]]):
    """The views of one kind of thing, and the rank at which each is shown; any property at all has one.

    What no shape names comes last: the types, the labels, then the rest by label and IRI.
    """

    def __init__(self, views: Iterable[PropertyView], labels: Labels) -> None:
        """Put the views into their order: by group, by `sh:order`, by name."""
        self._labels = labels
        self._orders: dict[tuple[NamedNode, ...], tuple[tuple[Rank, PropertyView], ...]] = {}
        ordered = sorted(views, key=self._key)
        super().__init__({view.path: ((rank,), view) for rank, view in enumerate(ordered) if not view.inverse})
        self.inverse = tuple(((rank,), view) for rank, view in enumerate(ordered) if view.inverse)
        self.inverse_paths = frozenset(view.path for _, view in self.inverse)

    def __missing__(self, path: NamedNode) -> tuple[Rank, PropertyView]:
        """Make the view of a property that no shape names."""
        rank = (inf, _FIRST.get(path, len(_FIRST)), self._labels.of(path).text.casefold(), path.value)
        self[path] = found = (rank, PropertyView(path, shaped=False))
        return found

    def ordered(self, paths: tuple[NamedNode, ...]) -> tuple[tuple[Rank, PropertyView], ...]:
        """Return the ranks and views of some properties in the order in which they are shown."""
        known = self._orders.get(paths)
        if known is None:
            found = sorted((self[path] for path in paths), key=lambda ranked: ranked[0])
            known = self._orders[paths] = tuple(found)
        return known

    def _key(self, view: PropertyView) -> tuple[bool, float, str, float, str, bool]:
        group = view.group
        place = (group is None, group.order if group else inf, str(group.iri) if group else "")
        return *place, view.order, view.label(self._labels).text, view.inverse


class Presentation:
    """The layouts of everything in a store, as its own shapes describe them, then the bundled ones."""

    def __init__(self, store: Store) -> None:
        """Find the shapes of each class; what they say is read when first asked for."""
        self._stores = tuple(each for each in (store, store.background) if each is not None)
        self._shapes = _shapes_by_class(self._stores)
        self._views_of: MutableMapping[tuple[int, Subject], list[PropertyView]] = {}
        self.axioms = Axioms(store)
        self._begin(store)

    def _begin(self, store: Store) -> None:
        self.evidences = Evidences(store)
        self._labels = Labels(store, ())
        self._layouts: dict[tuple[tuple[NamedNode, ...], Subject | None], Layout] = {}

    @classmethod
    def read(cls, store: Store) -> Presentation:
        """Read the presentation of a store; one without shapes has one too."""
        return cls(store)

    def over(self, store: Store) -> Presentation:
        """Return the presentation of another state of the data, in which the shapes say the same."""
        other = copy(self)
        other.__dict__.pop("positions", None)
        other._stores = (store, *self._stores[1:])
        # What is read of a state that lacks something is not kept for others.
        other._views_of = ChainMap({}, self._views_of)
        other.axioms = self.axioms.over(store)
        other._begin(store)
        return other

    def read_shapes(self) -> None:
        """Read all that shapes say of the things of any class, and of the values that are shown in place."""
        waiting = [each for shapes in self._shapes.values() for each in shapes]
        while waiting:
            place = waiting.pop()
            if place not in self._views_of:
                nodes = {view.node for view in self._views_at(*place) if view.node is not None}
                waiting += [(number, node) for node in nodes for number in range(len(self._stores))]

    def layout(self, types: tuple[NamedNode, ...], *, node: Subject | None = None) -> Layout:
        """Return the layout of things of these types that are shown by the shape `node`, if one is given.

        Where several shapes speak of a property, each characteristic comes from the most specific class that gives it.
        """
        layout = self._layouts.get((types, node))
        if layout is None:
            layout = self._layouts[types, node] = Layout(self._views(types, node), self._labels)
        return layout

    @cached_property
    def positions(self) -> dict[Term, float]:
        """The position of each thing among its fellows, where the data give one."""
        found: dict[Term, float] = {}
        for path in reversed(POSITIONS):
            for quad in self._stores[0].quads(None, path, None, None):
                if (position := number_of(quad.object)) is not None:
                    found[quad.subject] = min(position, found.get(quad.subject, inf))
        return found

    def _views(self, types: tuple[NamedNode, ...], node: Subject | None) -> Iterable[PropertyView]:
        merged: dict[tuple[NamedNode, bool], PropertyView] = {}
        for number, shape in self._shapes_for(types, node):
            for view in self._views_at(number, shape):
                known = merged.get((view.path, view.inverse))
                merged[view.path, view.inverse] = _merge(known, view) if known else view
        return merged.values()

    def _views_at(self, number: int, shape: Subject) -> list[PropertyView]:
        """Return what a shape of one of the stores says."""
        views = self._views_of.get((number, shape))
        if views is None:
            views = self._views_of[number, shape] = read_views(self._stores[number], shape=shape)
        return views

    def _shapes_for(self, types: tuple[NamedNode, ...], node: Subject | None) -> Iterator[tuple[int, Subject]]:
        for cls in self._classes(types):
            yield from self._shapes.get(cls, ())
        if node is not None:
            yield from ((number, node) for number in range(len(self._stores)))

    def _classes(self, types: tuple[NamedNode, ...]) -> Iterator[NamedNode]:
        """Give the types and their superclasses, nearer ones first."""
        seen = dict.fromkeys(types)
        waiting = list(seen)
        for cls in waiting:
            yield cls
            above = {quad.object for store in self._stores for quad in store.quads(cls, _SUBCLASS, None, None)}
            fresh = sorted((each for each in above - seen.keys() if isinstance(each, NamedNode)), key=str)
            seen.update(dict.fromkeys(fresh))
            waiting.extend(fresh)


def _shapes_by_class(stores: tuple[Store, ...]) -> dict[NamedNode, list[tuple[int, Subject]]]:
    """Return the shapes of each class, each with the number of the store that describes it."""
    found: defaultdict[NamedNode, dict[Subject, int]] = defaultdict(dict)
    for number, store in enumerate(stores):
        for quad in store.quads(None, _TARGET_CLASS, None, None):
            if isinstance(quad.object, NamedNode):
                found[quad.object].setdefault(quad.subject, number)
        for quad in store.quads(None, TYPE, _NODE_SHAPE, None):
            # SHACL section 2.1.3.3: a shape that is also a class targets its own instances.
            if _CLASSES & {other.object for other in store.quads(quad.subject, TYPE, None, None)}:
                cls = quad.subject
                if isinstance(cls, NamedNode):
                    found[cls].setdefault(cls, number)
    return {
        cls: sorted(((number, shape) for shape, number in shapes.items()), key=lambda pair: str(pair[1]))
        for cls, shapes in found.items()
    }


def _merge(view: PropertyView, other: PropertyView) -> PropertyView:
    return replace(
        view,
        names=view.names or other.names,
        descriptions=view.descriptions or other.descriptions,
        order=view.order if isfinite(view.order) else other.order,
        group=view.group or other.group,
        node=view.node if view.node is not None else other.node,
        value_type=view.value_type or other.value_type,
        most=min(view.most, other.most),
        tagged=view.tagged or other.tagged,
    )


def number_of(term: Term) -> float | None:
    """Return the number that a literal writes, None where it is none."""
    try:
        return float(term.value) if isinstance(term, Literal) else None
    except ValueError:
        return None
