"""Class pages: what the lists of the members of a class tell, whole or divided by a facet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from communique.descriptions.labels import Label
from communique.website.browsing import EVIDENCE, PER_PAGE, by_letter, index_of, lettered_parts
from communique.website.summaries import summary_of

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.store import Term
    from communique.website.browsing import ClassList
    from communique.website.facets import Facet, FacetValue
    from communique.website.pages import Page
    from communique.website.site import Site

LONGEST_SUMMARY = 160


class Entry(NamedTuple):
    """One thing in a list, and what it is in a sentence."""

    node: NamedNode
    summary: Label | None


class ClassEntry(NamedTuple):
    """A class with its list, and what it is in a sentence."""

    listed: ClassList
    summary: Label | None


class ClassIndex(NamedTuple):
    """All classes in the order of their labels, those of evidence apart."""

    classes: tuple[ClassEntry, ...]
    evidence: tuple[ClassEntry, ...]


class LetterGroup(NamedTuple):
    """The entries under one letter, which is "" where a list needs none; `number` counts the letters from 1."""

    letter: str
    number: int
    entries: tuple[Entry, ...]


class Choice(NamedTuple):
    """A value of a facet: its list by the URL from the root of the site, its size, and whether it is open."""

    term: Term
    url: str
    size: int
    chosen: bool


class FacetView(NamedTuple):
    """A facet with its choices."""

    facet: Facet
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ClassPage:
    """One page of the list of a class, or of those of its members that have one value of a facet.

    `cut` is the number of members that are listed where these are not all, else 0. `letters` are the URLs of all
    letters of the list, and `urls` those of its pages, all from the root of the site; the letters of the page that is
    open are fragments. `told` is true where enough entries have a sentence. `index` is the URL of the page that names
    all classes.
    """

    listed: ClassList
    part: int
    count: int
    cut: int
    summary: Label | None
    groups: tuple[LetterGroup, ...]
    told: bool
    letters: tuple[tuple[str, str, bool], ...]
    urls: tuple[str, ...]
    facets: tuple[FacetView, ...]
    chosen: tuple[Facet, FacetValue] | None
    index: str


def class_index(site: Site) -> ClassIndex:
    """Return what the page that names all classes tells."""
    found = [ClassEntry(each, _short(summary_of(site, each.cls))) for each in site.classes.values()]
    return ClassIndex(
        tuple(each for each in found if each.listed.cls not in EVIDENCE),
        tuple(each for each in found if each.listed.cls in EVIDENCE),
    )


def class_page(site: Site, page: Page) -> ClassPage:
    """Return one page of the list of a class."""
    if page.resource is None:
        raise ValueError(f"{page.path} is no page of a class")
    listed = site.classes[page.resource]
    listing = listed.of(page.facet)
    parts = lettered_parts(listing, site.labels)
    numbers = {letter: number for number, letter in enumerate(parts, 1)}
    members = listing.members_of(page.part)
    groups = tuple(
        LetterGroup(
            letter, numbers.get(letter, 0), tuple(Entry(node, _short(summary_of(site, node))) for node in nodes)
        )
        for letter, nodes in (by_letter(members, site.labels) if parts else (("", members),))
    )
    told = sum(entry.summary is not None for group in groups for entry in group.entries)
    urls = tuple(site.targets.url(listing.path_of(part) + ".html") for part in range(1, listing.parts + 1))
    return ClassPage(
        listed,
        page.part,
        listing.size,
        listing.parts * PER_PAGE if listing.parts * PER_PAGE < listing.size else 0,
        summary_of(site, page.resource),
        groups,
        told * 2 >= len(members),
        tuple(
            (letter, f"{urls[at - 1]}#site-letter-{numbers[letter]}", at == page.part) for letter, at in parts.items()
        ),
        urls,
        tuple(FacetView(facet, tuple(_choices(site, listed, facet, page.facet))) for facet in listed.facets),
        next(((facet, value) for facet in listed.facets for value in facet.values if value.name == page.facet), None),
        site.targets.url(index_of(listed) + ".html"),
    )


def _choices(site: Site, listed: ClassList, facet: Facet, chosen: str) -> list[Choice]:
    urls = (site.targets.url(f"{listed.path}/{value.name}.html") for value in facet.values)
    return [
        Choice(value.term, url, len(value.members), value.name == chosen)
        for value, url in zip(facet.values, urls, strict=True)
    ]


def _short(label: Label | None) -> Label | None:
    if label is None or len(label.text) <= LONGEST_SUMMARY:
        return label
    return Label(label.text[:LONGEST_SUMMARY].rpartition(" ")[0] + " …", label.language, label.fallback)
