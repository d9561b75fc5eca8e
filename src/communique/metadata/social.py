"""What a page tells programs that show a link to it, and those that subscribe: OpenGraph, the feed, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.metadata.calendars import ALL, EVENTS, calendar_path, has_calendar
from communique.metadata.cards import own_card, site_card
from communique.metadata.discovery import site_url
from communique.metadata.feed import FEED, has_feed
from communique.website.pages import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import NamedNode

    from communique.descriptions.facts import Description
    from communique.metadata.cards import Card
    from communique.website.pages import Page
    from communique.website.site import Site


@dataclass(frozen=True, slots=True)
class Social:
    """Addresses are "" where there is nothing; `card` is the picture beside a link, if there is one.

    `url` is the address of the page, which OpenGraph wants in full; `feed` and `calendar` are URLs from the root of the
    site; `type` is a type of OpenGraph.
    """

    url: str
    type: str
    feed: str
    calendar: str
    card: Card | None


class Socials:
    """What the pages of a site tell; what they all do is found once."""

    def __init__(self, site: Site, *, assets: Mapping[str, str]) -> None:
        """Find out where the site is, which picture it has, and whether it has a feed.

        `assets` gives the path of each file in `site/assets` as it is published.
        """
        self._site = site
        self._address = site_url(site)
        self._card = site_card(site, assets=assets, address=self._address)
        self._feed = FEED if site.whole and has_feed(site) else ""

    def of(self, page: Page, description: Description | None) -> Social:
        """Return what a page tells, by the description of its resource if it has one."""
        return Social(
            self._address + self._site.targets.url(page.path + ".html") if self._address else "",
            "website" if page.kind is Kind.HOME else "article",
            self._feed,
            self._calendar(page),
            (own_card(self._site, description) if description else None) or self._card,
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
