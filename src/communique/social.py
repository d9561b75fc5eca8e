"""What a page tells programs that show a link to it, and those that subscribe: OpenGraph, the feed, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.calendars import ALL, EVENTS, calendar_path, has_calendar
from communique.discovery import site_url
from communique.feed import FEED, has_feed
from communique.pages import Kind

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.pages import Page
    from communique.site import Site


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


def social_of(site: Site, page: Page) -> Social:
    """Return what a page tells."""
    address, calendar = site_url(site), ""
    if page.kind is Kind.RESOURCE and page.resource and has_calendar(site, page.resource):
        calendar = site.targets.url(calendar_path(site, page.resource))
    elif page.kind is Kind.HOME and any(has_calendar(site, node) for node in _meetings(site)):
        calendar = ALL
    return Social(
        address + site.targets.url(page.path + ".html") if address else "",
        "website" if page.kind is Kind.HOME else "article",
        FEED if has_feed(site) else "",
        calendar,
    )


def _meetings(site: Site) -> list[NamedNode]:
    return [node for cls in EVENTS if cls in site.classes for node in site.classes[cls].members]
