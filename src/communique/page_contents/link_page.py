"""The page that tells others how to link to a site: by its IRIs, by name, from Wikidata, in queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.alignment.linking_tables import beacon_names
from communique.descriptions.outward import outward_links, sameness
from communique.legibility import legible_name
from communique.metadata.discovery import has_homepage, site_url
from communique.metadata.void import dataset_of, examples_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import NamedNode

    from communique.descriptions.labels import Label
    from communique.iris import Prefixes
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
    numbers there. `turtle` says of a thing of others that it is the example, and `query` asks our endpoint for what the
    example has: its label, by the property that states it here, else everything. Both are "" without an example.
    """

    base: str
    address: str
    promised: bool
    example: NamedNode | None
    label: Label | None
    beacons: tuple[Beacon, ...]
    items: tuple[tuple[str, str], ...]
    turtle: str
    query: str


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
        _turtle(site, example) if example else "",
        _query(site, example) if example else "",
    )


def _turtle(site: Site, example: NamedNode) -> str:
    (same,), declared = _spelt(site.store.prefixes, [sameness(site.store, example)])
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in declared)
    return f"{head}\n<https://your.example/thing>\n  {same} <{legible_name(example.value)}> ."


def _query(site: Site, example: NamedNode) -> str:
    label, stated = site.labels.of(example), site.labels.statements(example)
    shown = [path for path, text, _ in stated if (text.value, text.language or "") == (label.text, label.language)]
    paths = (shown or [path for path, _, _ in stated])[:1]
    (same, *named), declared = _spelt(site.store.prefixes, [sameness(site.store, example), *paths])
    head = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in declared)
    found, asked = ("?label", f"{named[0]} ?label") if named else ("?property ?value", "?property ?value")
    return (
        f"{head}\nSELECT ?yours {found} {{\n  ?yours {same} ?thing .\n"
        f"  SERVICE <{site_url(site)}sparql> {{ ?thing {asked} }}\n}}"
    )


def _spelt(prefixes: Prefixes, nodes: Iterable[NamedNode]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return properties as Turtle and SPARQL spell them, and the prefixes that they need."""
    names = [(node, prefixes.curie(node.value)) for node in nodes]
    used = sorted({curie.partition(":")[0] for _, curie in names if curie})
    return [curie or str(node) for node, curie in names], [(prefix, prefixes[prefix]) for prefix in used]
