"""What a page tells programs that show a link to it, and those that subscribe: OpenGraph, the feed, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.metadata.calendars import ALL, EVENTS, calendar_path, has_calendar
from communique.metadata.discovery import site_url
from communique.metadata.feed import FEED, has_feed
from communique.website.pages import Kind

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.website.pages import Page
    from communique.website.site import Site


@dataclass(frozen=True, slots=True)
class Social:
    """Addresses are "" where there is nothing.

    `url` is the address of the page, which OpenGraph wants in full; `feed` and `calendar` are URLs from the root of the
    site; `type` is a type of OpenGraph.
    """

    url: str
    type: str
    feed: str
    calendar: str


class Socials:
    """What the pages of a site tell; what they all do is found once."""

    def __init__(self, site: Site) -> None:
        """Find out where the site is, and whether it has a feed."""
        self._site = site
        self._address = site_url(site)
        self._feed = FEED if site.whole and has_feed(site) else ""

    def of(self, page: Page) -> Social:
        """Return what a page tells."""
        return Social(
            self._address + self._site.targets.url(page.path + ".html") if self._address else "",
            "website" if page.kind is Kind.HOME else "article",
            self._feed,
            self._calendar(page),
        )

    def _calendar(self, page: Page) -> str:
        site = self._site
        if not site.whole:
            return ""
        if page.kind is Kind.RESOURCE and page.resource and has_calendar(site, page.resource):
            return site.targets.url(calendar_path(site, page.resource))
        return ALL if page.kind is Kind.HOME and any(has_calendar(site, node) for node in _meetings(site)) else ""


def _meetings(site: Site) -> list[NamedNode]:
    return [node for cls in EVENTS if cls in site.classes for node in site.classes[cls].members]
