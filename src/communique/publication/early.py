"""Early pages: those that somebody looks at are written before all others, and can be shown when they are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from communique.website.pages import Page
    from communique.website.site import Site


@dataclass(frozen=True, slots=True)
class Early:
    """Documents that are wanted, by their paths in the site, and who is told which are there, in which folder.

    Told are all languages of the pages that they belong to. What these pages refer to below `assets/` is there as well.
    Until the build has succeeded nobody knows whether the folder will be the site.
    """

    wanted: frozenset[str]
    tell: Callable[[Path, list[str]], None]

    def among(self, pages: Iterable[Page], *, site: Site) -> dict[Page, list[str]]:
        """Return the pages that are wanted, with the paths of their documents."""
        endings = [each.targets.ending for each in site.editions]
        named = ((page, [page.path + ending for ending in endings]) for page in pages)
        return {page: names for page, names in named if not self.wanted.isdisjoint(names)}
