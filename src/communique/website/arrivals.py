"""Arrivals: the links to a resource that its own page has no room for, on pages of their own.

A page names the first 50 things that link to its resource by one property. Where there are more, pages hold 500 each,
up to 10,000 for one property: beyond, nobody turns pages, and a query answers. Instances of a class have a list of the
class instead.
"""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from communique.descriptions.links import LIMIT, Incoming, arriving
from communique.descriptions.presentation import TYPE
from communique.website.pages import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from communique.descriptions.targets import Targets
    from communique.store import Store, Term

PER_PAGE = 500
MOST = 10_000


class ArrivalsPart(NamedTuple):
    """One page of the links to a resource by one property: `number` counts the pages of the resource, from 1.

    `first` and `last` are the numbers of the first and the last page of this property.
    """

    by: NamedNode
    number: int
    first: int
    last: int

    @property
    def skipped(self) -> int:
        """How many links stand on the pages before."""
        return (self.number - self.first) * PER_PAGE


class ArrivalsPage(NamedTuple):
    """What one page tells: the links on it, counted in full, and the URLs of all pages of this property."""

    part: ArrivalsPart
    links: Incoming
    urls: tuple[str, ...]


class Arrivals:
    """All pages of this kind; they lie in a folder of the site's own, below the paths of what they are about."""

    def __init__(self, store: Store, *, targets: Targets, folder: str) -> None:
        """Find the resources that more than fifty things link to by one property."""
        self._store = store
        self._targets = targets
        self._folder = folder
        self._parts = {node: parts_by(many) for node, many in _crowded(store, targets)}

    def among(self, targets: Targets) -> Arrivals:
        """Return the same pages among those of another language."""
        other = copy(self)
        other._targets = targets
        return other

    def pages(self) -> Iterator[Page]:
        """Give every page."""
        for node, parts in self._parts.items():
            for part in parts:
                yield Page(self._path(node, part.number), Kind.ARRIVALS, node, part=part.number)

    def more_of(self, node: Term) -> Mapping[NamedNode, str]:
        """Return, by property, the URL from the root of the site of the first page of the links to a resource."""
        if not isinstance(node, NamedNode):
            return {}
        parts = self._parts.get(node, ())
        return {part.by: self._url(node, part.number) for part in parts if part.number == part.first}

    def read(self, page: Page) -> ArrivalsPage:
        """Return what a page tells."""
        node = page.resource
        if node is None:
            raise ValueError(f"{page.path} is about nothing that could be linked to")
        part = self._parts[node][page.part - 1]
        subjects = arriving(self._store, resource=node, by=part.by)[part.by]
        links = Incoming.first(part.by, subjects, limit=PER_PAGE, skip=part.skipped)
        return ArrivalsPage(part, links, tuple(self._url(node, each) for each in range(part.first, part.last + 1)))

    def _path(self, node: NamedNode, number: int) -> str:
        # The last segment is the number, so that no two pages meet, whatever the paths are.
        return f"{self._folder}/{self._targets.stem(node)}/{number}"

    def _url(self, node: NamedNode, number: int) -> str:
        return self._targets.url(self._path(node, number) + ".html")


def _crowded(store: Store, targets: Targets) -> Iterator[tuple[NamedNode, dict[NamedNode, int]]]:
    """Give the resources with the properties by which many link to them, and how many."""
    objects = (quad.object for quad in store.quads())
    # A triple in several graphs is counted several times here, so that this is an upper bound.
    counts = Counter(term for term in objects if isinstance(term, NamedNode))
    for node in sorted((node for node, count in counts.items() if count > LIMIT and node in targets), key=str):
        found = arriving(store, resource=node).items()
        many = {path: len(those) for path, those in found if len(those) > LIMIT and path != TYPE}
        if many:
            yield node, dict(sorted(many.items(), key=lambda pair: (-pair[1], pair[0].value)))


def parts_by(many: dict[NamedNode, int]) -> tuple[ArrivalsPart, ...]:
    """Return the pages for the links to one resource, all of one property before those of the next."""
    parts: list[ArrivalsPart] = []
    for path, count in many.items():
        first, length = len(parts) + 1, -(-min(count, MOST) // PER_PAGE)
        parts += [ArrivalsPart(path, number, first, first + length - 1) for number in range(first, first + length)]
    return tuple(parts)
