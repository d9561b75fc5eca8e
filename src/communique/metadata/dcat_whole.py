"""The whole in DCAT: of several datasets, or of none, one that stands for everything, which the dumps hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.metadata.void import dataset_of, description_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.descriptions.labels import Label
    from communique.store import Term
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
TITLE, DESCRIPTION, PUBLISHER, LICENCE = (
    NamedNode(DCTERMS + name) for name in ("title", "description", "publisher", "license")
)


def whole_quads(site: Site) -> Iterator[Quad]:
    """Give the description of what stands for everything, and that the catalogue lists it; nothing of one dataset."""
    dataset, about = dataset_of(site), site.catalog.about
    if site.catalog.described(dataset):
        return
    yield Quad(dataset, TYPE, NamedNode(DCAT + "Dataset"))
    for property, value in said_of_whole(site, (TITLE, DESCRIPTION, PUBLISHER, LICENCE)):
        yield Quad(dataset, property, value)
    if about.version:
        yield Quad(dataset, NamedNode(DCAT + "version"), Literal(about.version))
    if about.resource:
        yield Quad(about.resource, NamedNode(DCAT + "dataset"), dataset)


def said_of_whole(site: Site, properties: tuple[NamedNode, ...]) -> Iterator[tuple[NamedNode, Term]]:
    """Give what is said of the dataset that the dumps hold by some of title, description, publisher and licence."""
    dataset = dataset_of(site)
    stated = dataset if site.catalog.described(dataset) else site.catalog.about.resource
    for property in properties:
        values = {quad.object for quad in site.store.quads(stated, property)} if stated else set()
        if not values and stated != dataset:
            values = set(_computed(site, property))
        yield from ((property, value) for value in values)


def _computed(site: Site, property: NamedNode) -> Iterator[Term]:
    about = site.catalog.about
    if property == TITLE:
        yield _text(about.title)
    elif property == DESCRIPTION and (description := description_of(site)):
        yield _text(description)
    elif property == PUBLISHER and about.publisher:
        yield about.publisher
    elif property == LICENCE and about.licence:
        yield about.licence


def _text(label: Label) -> Literal:
    return Literal(label.text, language=label.language or None)
