"""Making a page: from an excerpt that lacks everything to one that lacks nothing, and the files of the page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from communique.live.excerpt import Demand, Excerpt
from communique.live.frame import asking, frame
from communique.live.reader import SECONDS, Reader, manner_of
from communique.live.steps import TooMuch
from communique.remote.store import RemoteStore
from communique.rendition.assets import published_assets
from communique.rendition.rendering import Renderer
from communique.shacl.validation_report import ValidationReport
from communique.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from communique.descriptions.statistics import Statistics
    from communique.live.site import LiveSite
    from communique.project import Project
    from communique.remote.service import Service

ROUNDS = 24
"""So often a page is made again, because what was read has led to more."""


@dataclass(slots=True)
class Maker:
    """Makes the pages of a project over a service; what they share is read again after `fresh` seconds.

    `counts` are numbers that were read just before, if any.
    """

    project: Project
    service: Service
    only: Sequence[str] = ()
    fresh: float = 300.0
    tell: Callable[[str], None] = print
    counts: Statistics | None = None
    _own: Store = field(init=False)
    reader: Reader = field(init=False)
    _site: LiveSite = field(init=False)
    _renderer: Renderer = field(init=False)
    _read: float = field(init=False)

    def __post_init__(self) -> None:
        """Read what the pages share; raises ServiceError, and DataError for the files of the project."""
        self._own = Store.load(self.project)
        seconds = min(SECONDS, self.service.timeout)
        manner = manner_of(self.service, only=self.only)
        beside = RemoteStore(self.service, only=tuple(self.only)).beside
        self.project = self.project.told(title=beside.title, base=beside.base)
        self.reader = Reader(self.service, replace(manner, hidden=beside.graphs), seconds)
        self._begin()

    @property
    def site(self) -> LiveSite:
        """The site as far as all pages share it."""
        return self._site

    @property
    def own(self) -> Store:
        """What the files of the project say."""
        return self._own

    @property
    def asked(self) -> int:
        """How many queries the last page took."""
        return self.reader.asked

    def make(self, stem: str) -> dict[str, bytes] | None:
        """Return the files of the page at a path without an extension, None where there is none.

        Raises ServiceError, and TooMuch where one request may not cost as much.
        """
        if time.monotonic() - self._read > self.fresh:
            self._begin()
        excerpt = Excerpt(self._site.excerpt, ask=asking(self._own, self.reader))
        self.reader.begin()
        nodes = [self._site.stems[stem]] if stem in self._site.stems else self._site.targets.candidates(stem)
        for node in nodes:
            for demand in (Demand(node), Demand(object=node), Demand(graph=node), Demand(object=node, axioms=True)):
                excerpt.want(demand)
        # The home page names things from all over, and wants no more of them than their names.
        excerpt.left_out = {} if stem == "index" else None
        made: dict[str, bytes] = {}
        for _ in range(ROUNDS):
            self.reader.fill(excerpt)
            if missed := [Demand(node) for node in nodes if Demand(node) in (excerpt.left_out or {})]:
                raise (excerpt.left_out or {})[missed[0]]
            there = self._attempt(stem, excerpt, made)
            if not excerpt.wanted:
                for why in excerpt.lacking:
                    self.tell(f"{stem}: some axioms without a name are left out: {why}")
                return made if there else None
        raise TooMuch("What this page tells leads on and on.")

    def _attempt(self, stem: str, excerpt: Excerpt, made: dict[str, bytes]) -> bool:
        """Make the files of a page that are not made yet, as far as what is there suffices; tell if there is a page.

        The other languages and formats want hardly anything that the first file does not: they wait for it.
        """
        try:
            site = self._site.over(excerpt)
            page = site.page_at(stem)
            for name, content in self._renderer.over(site).files(page, but=made) if page else ():
                if excerpt.wanted:
                    break
                made[name] = content
            return page is not None
        except Exception:
            # Page code relies on what it has seen: half of it may be missing now.
            if not excerpt.wanted:
                raise
            return False

    def warming(self) -> Iterator[str]:
        """Compile the templates one by one, so that the first page need not wait for that."""
        return self._renderer.compiling()

    def _begin(self) -> None:
        self._site = frame(self.project, self._own, self.reader, tell=self.tell, counts=self.counts)
        self.counts = None
        assets = {name: asset.path for name, asset in published_assets(self.project).items()}
        report = ValidationReport()
        self._renderer = Renderer(self._site, assets=assets, downloads=(), report=report)
        self._read = time.monotonic()
