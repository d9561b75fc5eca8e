"""The page that tells others how to link to a site: by its IRIs, by name, from Wikidata, in queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.alignment.linking_tables import beacon_names
from communique.descriptions.outward import outward_links
from communique.metadata.discovery import has_homepage, site_url
from communique.metadata.void import dataset_of, examples_of

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.descriptions.labels import Label
    from communique.website.site import Site

WIKIDATA = "http://www.wikidata.org/entity/"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Beacon:
    """A file of links to one target: where its names begin, how many links there are, and the URL of the file."""

    namespace: str
    links: int
    url: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page tells; an address is "" where the site does not say where it stands.

    `promised` tells that the address is only the one with which the identifiers begin, which need not lead to the site.
    `example` is one of the things, None where nothing has a page; `items` are things that Wikidata has, with their
    numbers there.
    """

    base: str
    address: str
    promised: bool
    example: NamedNode | None
    label: Label | None
    beacons: tuple[Beacon, ...]
    items: tuple[tuple[str, str], ...]


def link_page(site: Site) -> LinkPage:
    """Return what the page tells."""
    links = outward_links(site.store, base=site.catalog.base)
    names = beacon_names(site, links)
    counted = {namespace: sum(link.namespace == namespace for link in links) for namespace in names}
    example = next((node for node in examples_of(site, dataset_of(site)) if node in site.targets), None)
    items = [(link.target.removeprefix(WIKIDATA), link.iri) for link in links if link.namespace == WIKIDATA]
    return LinkPage(
        site.catalog.base,
        site_url(site),
        not has_homepage(site),
        example,
        site.labels.of(example) if example else None,
        tuple(Beacon(each, counted[each], site.targets.url(name)) for each, name in names.items()),
        tuple(items[:SHOWN]),
    )
