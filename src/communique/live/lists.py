"""Lists on a site that does not know all its pages: classes by their counts, links by theirs, each page when asked for.

A list of up to 2,000 members is that of a build: by label, with letters and facets. A longer one is read page by page,
in the order of the engine, and goes up to 10,000: beyond, nobody turns pages, and a query answers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from pyoxigraph import NamedNode

from communique.descriptions.links import LIMIT, Incoming, arriving
from communique.descriptions.presentation import TYPE, number_of
from communique.website.arrivals import MOST, PER_PAGE, Arrivals, ArrivalsPage, parts_by
from communique.website.browsing import META, ClassList, Listing, by_label, names_of_lists
from communique.website.facets import facets_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.descriptions.targets import Targets
    from communique.live.excerpt import Excerpt
    from communique.store import Term
    from communique.website.arrivals import ArrivalsPart
    from communique.website.facets import Facet
    from communique.website.pages import Page
    from communique.website.site import Site

LISTED = 2_000


class LongListing(NamedTuple):
    """A list too long to be put in order: its pages are read one by one. It stands for a `Listing`."""

    path: str
    cls: NamedNode
    size: int
    store: Excerpt

    @property
    def members(self) -> tuple[NamedNode, ...]:
        """None: they are too many."""
        return ()

    @property
    def parts(self) -> int:
        """The number of pages that are shown."""
        return -(-min(self.size, MOST) // PER_PAGE)

    def path_of(self, part: int) -> str:
        """Return the path of one page of the list, counted from 1."""
        return self.path if part == 1 else f"{self.path}/{part}"

    def members_of(self, part: int) -> tuple[NamedNode, ...]:
        """Return what stands on one page of the list."""
        nodes = self.store.part(TYPE, self.cls, offset=(part - 1) * PER_PAGE, limit=PER_PAGE)
        return tuple(node for node in nodes if isinstance(node, NamedNode))


class LiveClassList(ClassList):
    """A class of which the number of members is known, and who they are when that is asked for."""

    def __init__(self, site: Site, excerpt: Excerpt, cls: NamedNode, *, path: str, size: int) -> None:
        """Take the class, the path of its list, and the number of its members."""
        object.__setattr__(self, "cls", cls)
        self.__dict__.update(_site=site, _excerpt=excerpt, _path=path, _size=size)

    @property
    def path(self) -> str:
        """The path of the first page, without an extension."""
        return cast("str", self.__dict__["_path"])

    @property
    def size(self) -> int:
        """The number of members."""
        return cast("int", self.__dict__["_size"])

    @cached_property
    def listing(self) -> Listing:
        """The list, in the order of labels where it is not too long for that."""
        site: Site = self.__dict__["_site"]
        if self.size > LISTED:
            return cast("Listing", LongListing(self.path, self.cls, self.size, self.__dict__["_excerpt"]))
        found = {quad.subject for quad in site.store.quads(None, TYPE, self.cls, None)}
        ours = (node for node in found if isinstance(node, NamedNode) and node in site.targets)
        return Listing(self.path, by_label(ours, site.labels))

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """What divides a list that is in order."""
        site: Site = self.__dict__["_site"]
        if self.size > LISTED:
            return ()
        return facets_of(
            site.store, cls=self.cls, members=self.listing.members, presentation=site.presentation, labels=site.labels
        )


def live_lists(site: Site, excerpt: Excerpt, sizes: Mapping[NamedNode, int]) -> dict[NamedNode, ClassList]:
    """Return the classes of the data in the order of their labels, from the numbers of their members."""
    folder = site.targets.free("classes")
    classes = sorted((each for each in sizes if not each.value.startswith(META)), key=str)
    lists: dict[NamedNode, ClassList] = {
        cls: LiveClassList(site, excerpt, cls, path=f"{folder}/{name}", size=sizes[cls])
        for cls, name in names_of_lists(classes, site.store.prefixes.chosen).items()
    }
    return {cls: lists[cls] for cls in by_label(lists, site.labels)}


class LiveArrivals(Arrivals):
    """The pages of the links to a resource, from the numbers of these links."""

    _store: Excerpt

    def __init__(self, store: Excerpt, *, targets: Targets, folder: str) -> None:
        """Read nothing yet."""
        self._store, self._targets, self._folder = store, targets, folder

    def parts_of(self, node: NamedNode) -> tuple[ArrivalsPart, ...]:
        """Return the pages of the links to a resource."""
        found = arriving(self._store, resource=node)
        counts = {path: len(those) + self._store.held_back(path, node) for path, those in found.items()}
        many = {path: count for path, count in counts.items() if count > LIMIT and path != TYPE}
        return parts_by(dict(sorted(many.items(), key=lambda pair: (-pair[1], pair[0].value))))

    def more_of(self, node: Term) -> Mapping[NamedNode, str]:
        """Return, by property, the URL from the root of the site of the first page of the links to a resource."""
        if not isinstance(node, NamedNode) or node not in self._targets:
            return {}
        parts = self.parts_of(node)
        return {part.by: self._url(node, part.number) for part in parts if part.number == part.first}

    def read(self, page: Page) -> ArrivalsPage:
        """Return what a page tells; where not all links are at hand, in the order of the engine."""
        node = page.resource
        assert node is not None
        part = self.parts_of(node)[page.part - 1]
        urls = tuple(self._url(node, each) for each in range(part.first, part.last + 1))
        more = self._store.held_back(part.by, node)
        found = arriving(self._store, resource=node, by=part.by)[part.by]
        if not more:
            return ArrivalsPage(part, Incoming.first(part.by, found, limit=PER_PAGE, skip=part.skipped), urls)
        some = self._store.part(part.by, node, offset=part.skipped, limit=PER_PAGE)
        subjects = tuple(each for each in some if isinstance(each, NamedNode))
        graphs = tuple(tuple(q.graph_name for q in self._store.quads(each, part.by, node)) for each in subjects)
        return ArrivalsPage(part, Incoming(part.by, len(found) + more, subjects, graphs), urls)


class Positions(dict["Term", float]):
    """The positions of things among their fellows, of which each is read when it is asked for."""

    def __init__(self, store: Excerpt, paths: tuple[NamedNode, ...]) -> None:
        """Read from a store."""
        super().__init__()
        self._store, self._paths = store, paths

    def get(self, term: Term, default: float = 0.0) -> float:  # type: ignore[override]
        """Return the position of a thing."""
        if not isinstance(term, NamedNode):
            return default
        found = [quad.object for quad in self._store.about(term, self._paths) if quad.predicate in self._paths]
        return min((number for each in found if (number := number_of(each)) is not None), default=default)
