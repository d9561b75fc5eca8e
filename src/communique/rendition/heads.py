"""The head of a page: what it says of itself to browsers and to programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.legibility import legible_name
from communique.literals import safe_url
from communique.metadata.signposting import dataset_at

if TYPE_CHECKING:
    from communique.formats import Format
    from communique.metadata.signposting import Signpost
    from communique.website.pages import Page
    from communique.website.site import Site


@dataclass(frozen=True, slots=True)
class Alternate:
    """A data document that holds what the page tells, by its URL from the root of the site."""

    format: Format
    url: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The same page in a language of the site: its tag, its name in itself, its direction, and its URL."""

    language: str
    name: str
    direction: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself: its URL from the root of the site, its data, and the IRI of its subject.

    `cite_as` is the IRI where it may be followed, else "". `variants` has the page in each language, its own included,
    the language of the plain addresses first.
    """

    url: str
    alternates: tuple[Alternate, ...]
    iri: str
    cite_as: str
    variants: tuple[Variant, ...]
    signposts: tuple[Signpost, ...]


def head_of(site: Site, page: Page, signposts: tuple[Signpost, ...]) -> Head:
    """Return the head of a page in the language of the site."""
    iri = page.subject.value if page.subject else ""
    formats = site.project.settings.formats if page.data else ()
    return Head(
        site.targets.url(page.path + ".html"),
        tuple(Alternate(each, site.targets.url(page.data + each.extension)) for each in formats),
        legible_name(iri),
        safe_url(_cited(site, page) or iri) or "",
        tuple(_variant(each, page) for each in site.editions),
        signposts,
    )


def _cited(site: Site, page: Page) -> str:
    """Return the IRI of the dataset whose page this is, which need not be that of its document, "" for none."""
    dataset = dataset_at(site, page.subject) if page.subject else None
    return dataset.resource.value if dataset and dataset.resource else ""


def _variant(site: Site, page: Page) -> Variant:
    url = site.targets.url(page.path + ".html")
    return Variant(site.language, site.native.own_name, site.native.direction, url)
