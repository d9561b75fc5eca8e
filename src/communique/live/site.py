"""The site over a service: what all pages share is read once for some time, and each page from its own excerpt."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.labels import Labels
from communique.descriptions.notes import Notes
from communique.descriptions.presentation import POSITIONS
from communique.live.lists import LiveArrivals, Positions, live_lists
from communique.live.targets import LiveTargets
from communique.website.pages import Kind, Page
from communique.website.site import CONTEXT, Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import NamedNode

    from communique.descriptions.presentation import Presentation
    from communique.descriptions.statistics import Statistics
    from communique.live.excerpt import Excerpt
    from communique.project import Project
    from communique.website.browsing import ClassList


class LiveSite(Site):
    """A site whose store is an excerpt. `sizes` are the numbers of the instances of classes, `counts` what it holds."""

    excerpt: Excerpt
    targets: LiveTargets
    editions: tuple[LiveSite, ...]
    whole = False

    def __init__(self, project: Project, store: Excerpt, *, sizes: Mapping[NamedNode, int], counts: Statistics) -> None:
        """Find out what all pages share."""
        self.excerpt, self.sizes, self._counts = store, sizes, counts
        super().__init__(project, store)
        for iri in self.targets.files.keys() - {ox.NamedNode(self.catalog.base + CONTEXT)}:
            # The editions share it: dumps are for those who build.
            del self.targets.files[iri]
        for edition in self.editions:
            edition.presentation.positions = Positions(store, POSITIONS)

    def over(self, store: Excerpt) -> LiveSite:
        """Return the same site over the excerpt of one page."""
        presentation = self.presentation.over(store)
        presentation.positions = Positions(store, POSITIONS)
        editions = tuple(self._edition_over(each, store, presentation) for each in self.editions)
        for each in editions:
            each.editions, each._first = editions, editions[0]
        return editions[0]

    @staticmethod
    def _edition_over(edition: Site, store: Excerpt, presentation: Presentation) -> LiveSite:
        assert isinstance(edition, LiveSite) and isinstance(edition.targets, LiveTargets)
        other = copy(edition)
        for name in ("_lists", "authorities", "offers"):
            other.__dict__.pop(name, None)
        other.store = other.excerpt = store
        other.presentation = presentation
        other.labels = Labels(store, edition.labels.languages)
        other.notes = Notes(store, other.labels)
        other.targets = edition.targets.over(store, other.labels)
        return other

    def _targets(self, documented: set[NamedNode], *, languages: list[str]) -> LiveTargets:
        reserved = frozenset(path.partition("/")[0] for path in self.prose)
        return LiveTargets(
            documented,
            base=self.catalog.base,
            labels=self.labels,
            store=self.excerpt,
            reserved=reserved,
            languages=languages,
        )

    @property
    def classes(self) -> dict[NamedNode, ClassList]:
        """The classes of the data in the order of their labels, with the number of their members."""
        if "_lists" not in self.__dict__:
            self.__dict__["_lists"] = live_lists(self, self.excerpt, self.sizes)
        found: dict[NamedNode, ClassList] = self.__dict__["_lists"]
        return found

    @property
    def arrivals(self) -> LiveArrivals:
        """The links to resources that are linked to more often than their own pages have room for."""
        return LiveArrivals(self.excerpt, targets=self.targets, folder=self.targets.free("links"))

    @property
    def statistics(self) -> Statistics:
        """What the service holds, in numbers."""
        return self._counts

    def page_at(self, stem: str) -> Page | None:
        """Return the page at a path without an extension, None as long as, or because, nothing is known of it."""
        if stem == "index":
            return next((each for each in self._known_pages() if each.path == stem), Page("index", Kind.HOME))
        return self._listed(stem) or self._described(stem)

    def _listed(self, stem: str) -> Page | None:
        """Return a page of a list."""
        folder = self.targets.free("classes")
        if stem == f"{folder}/index":
            return Page(stem, Kind.CLASSES) if self.classes else None
        if stem.startswith(folder + "/"):
            for each in self.classes.values():
                if stem == each.path or stem.startswith(each.path + "/"):
                    return next((page for page in each.pages() if page.path == stem), None)
        folder = self.targets.free("links")
        if stem.startswith(folder + "/"):
            inner, _, number = stem.removeprefix(folder + "/").rpartition("/")
            node = self._node_at(inner)
            if node is not None and number.isdecimal() and 0 < int(number) <= len(self.arrivals.parts_of(node)):
                return Page(stem, Kind.ARRIVALS, node, part=int(number))
        return None

    def _described(self, stem: str) -> Page | None:
        node = self._node_at(stem)
        if node is None:
            return None
        if "#" in node.value or "?" in node.value:
            return self._part_page(node)
        return self._document_page(node)

    def _node_at(self, stem: str) -> NamedNode | None:
        known = self.stems.get(stem)
        if known is not None:
            return known
        return next((node for node in self.targets.candidates(stem) if node in self.targets), None)

    def _known_pages(self) -> list[Page]:
        return [self._document_page(document) for document in self._documents]

    @property
    def stems(self) -> dict[str, NamedNode]:
        """The paths of the pages that are known from the beginning.

        What is named by a "#" without a fragment is told in its document, which is at that path.
        """
        if "_stems" not in self.__dict__:
            known = sorted(self.targets.known, key=lambda node: node.value)
            stems = {self.targets.stem(node): ox.NamedNode(node.value.removesuffix("#")) for node in known}
            self.__dict__["_stems"] = stems
        found: dict[str, NamedNode] = self.__dict__["_stems"]
        return found
