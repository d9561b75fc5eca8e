"""Tables in DCAT: each is a dataset of its own, part of the whole, with a distribution for each form that it has.

The distributions of one dataset hold the same (DCAT-AP 3, section 4.2): no table of a class holds what a dump does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.labels import texts
from communique.descriptions.presentation import TYPE
from communique.distributions.class_tables import metadata_path
from communique.metadata.authors import author
from communique.metadata.dcat_files import DataFile, csv_values, distribution_quads, parquet_values, url_of
from communique.metadata.dcat_whole import said_of_whole
from communique.metadata.void import dataset_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.distributions.class_tables import TableFile
    from communique.distributions.downloads import Downloads
    from communique.distributions.parquet import ParquetFile
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
LANGUAGE = "en"
PUBLISHER = NamedNode(DCTERMS + "publisher")
SHARED = (PUBLISHER, NamedNode(DCTERMS + "license"))
"""What is true of a part as it is of the whole."""
LINKING = {
    "labels.csv": (
        "Labels",
        "The labels of all things, each in a row with its language, its kind and a class of its thing.",
    ),
    "links.csv": ("Links to other datasets", "The links of things to those of other datasets, each in a row."),
}
"""The tables by which others link here: what they are called, and what they hold."""
OF_CLASS = (
    "The things of this class, each in a row with the values of its properties. The metadata of the CSV say what each "
    "column means."
)


def table_quads(site: Site, taken: Downloads, *, linking: Iterable[DataFile]) -> Iterator[Quad]:
    """Give the description of each table of a class, and of those of labels and links (`linking`)."""
    parquet = {each.cls: each for each in taken.parquet}
    for table in taken.tables:
        yield from _class_table(site, table, parquet.get(table.cls))
    for file in linking:
        title, description = LINKING[file.path]
        part = _part(site, file.path)
        yield from _described(site, part, titles={LANGUAGE: title}, description=description)
        yield from distribution_quads(site, file, of=part, values=csv_values())


def _class_table(site: Site, table: TableFile, parquet: ParquetFile | None) -> Iterator[Quad]:
    part = _part(site, table.path)
    labels = texts(site.store, table.cls) or (texts(site.store.background, table.cls) if site.store.background else {})
    titles = labels or {"": site.labels.of(table.cls).text}
    yield from _described(site, part, titles=titles, description=OF_CLASS)
    values = csv_values(schema=url_of(site, metadata_path(table.path)))
    yield from distribution_quads(site, DataFile(table.path, table.size, table.sha256), of=part, values=values)
    if parquet:
        file = DataFile(parquet.path, parquet.size, parquet.sha256)
        yield from distribution_quads(site, file, of=part, values=parquet_values())


def _described(site: Site, part: NamedNode, *, titles: dict[str, str], description: str) -> Iterator[Quad]:
    whole = dataset_of(site)
    yield Quad(whole, NamedNode(DCTERMS + "hasPart"), part)
    yield Quad(part, NamedNode(DCTERMS + "isPartOf"), whole)
    yield Quad(part, TYPE, NamedNode(DCAT + "Dataset"))
    for language, title in titles.items():
        yield Quad(part, NamedNode(DCTERMS + "title"), Literal(title, language=language or None))
    yield Quad(part, NamedNode(DCTERMS + "description"), Literal(description, language=LANGUAGE))
    for property, value in said_of_whole(site, SHARED):
        # A publisher without a name is none for DCAT-AP: it stands once, where the data say it.
        if property != PUBLISHER or author(site, value).name:
            yield Quad(part, property, value)


def _part(site: Site, path: str) -> NamedNode:
    return NamedNode(f"{root_of(site)}dcat.ttl#table-{path.rpartition('/')[2]}")
