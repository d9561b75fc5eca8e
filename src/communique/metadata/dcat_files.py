"""Files in DCAT: each a distribution, with what it takes to open it, its size and its checksum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.distributions.packing import Packing
from communique.distributions.table_archive import ARCHIVE
from communique.formats import ANNOTATED, CSV, FORMATS, NQUADS
from communique.metadata.dcat_ap import file_type, measure_quads
from communique.metadata.void import root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.formats import Format
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
COMPRESSED = {Packing.GZIP: "application/gzip", Packing.ZSTD: "application/zstd"}
PARQUET_TYPE = "application/vnd.apache.parquet"
CANONICAL = NamedNode("https://www.w3.org/TR/rdf-canon/")
TABULAR = NamedNode("https://www.w3.org/TR/tabular-metadata/")
Said = tuple[str, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was written: its path, its size in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str


def dump_values(format: Format, packing: Packing) -> list[Said]:
    """Return what is said of a dump beside its media type: its name, how it is packed, which form it has."""
    values: list[Said] = [(DCTERMS + "title", _title(f"{format.label}{', compressed' * (packing in COMPRESSED)}"))]
    values += _typed(format)
    if packing in COMPRESSED:
        values.append((DCAT + "compressFormat", NamedNode(MEDIA_TYPES + COMPRESSED[packing])))
    elif format == NQUADS:
        # The checksum of canonical N-Quads is the hash of the dataset by RDFC-1.0.
        values.append((DCTERMS + "conformsTo", CANONICAL))
    return values


def archive_values() -> list[Said]:
    """Return what is said of the archive of all tables."""
    zipped = (DCAT + "packageFormat", NamedNode(MEDIA_TYPES + "application/zip"))
    title = (DCTERMS + "title", _title("Tables of all classes"))
    return [title, *_typed(CSV), zipped, (DCTERMS + "conformsTo", TABULAR)]


def csv_values(*, schema: NamedNode | None = None) -> list[Said]:
    """Return what is said of a table in CSV; `schema` is its metadata (CSV on the Web), if it has some."""
    values: list[Said] = [(DCTERMS + "title", _title(CSV.label)), *_typed(CSV)]
    return values + ([(DCTERMS + "conformsTo", each) for each in (TABULAR, schema)] if schema else [])


def parquet_values() -> list[Said]:
    """Return what is said of a table in Parquet."""
    return [(DCTERMS + "title", _title("Parquet")), (DCAT + "mediaType", NamedNode(MEDIA_TYPES + PARQUET_TYPE))]


def values_by_name(name: str) -> list[Said] | None:
    """Return what is said of a dump or an archive of tables by the name of its file, or None if that tells nothing."""
    if name == ARCHIVE.rpartition("/")[2]:
        return archive_values()
    packing = next((each for each in COMPRESSED if name.endswith(each)), Packing.NONE)
    plain = name.removesuffix(packing)
    format = FORMATS.by_extension(plain.rpartition(".")[2])
    if format is None:
        return None
    annotated = plain.endswith(f".{ANNOTATED.name}{ANNOTATED.extension}")
    return dump_values(ANNOTATED if annotated else format, packing)


def distribution_quads(site: Site, file: DataFile, *, of: NamedNode, values: list[Said]) -> Iterator[Quad]:
    """Give the description of a file in which the dataset `of` can be had, without what the project says of it."""
    url = url_of(site, file.path)
    own = NamedNode(f"{root_of(site)}dcat.ttl#{file.path}")
    stated = (each for dataset in site.catalog.datasets for each in dataset.distributions)
    node = next((each.resource for each in stated if each.url == url.value), own)
    found = [(DCAT + "accessURL", url), (DCAT + "downloadURL", url), *values]
    found += [(DCTERMS + "license", site.catalog.licence)] if site.catalog.licence else []
    yield Quad(of, NamedNode(DCAT + "distribution"), node)
    yield Quad(of, TYPE, NamedNode(DCAT + "Dataset"))
    counted = [Quad(node, NamedNode(path), value) for path, value in found]
    counted += measure_quads(node, size=file.size, sha256=file.sha256, sum_=NamedNode(f"{own.value}-sha256"))
    yield from (quad for quad in counted if not any(site.store.quads(node, quad.predicate)))


def url_of(site: Site, path: str) -> NamedNode:
    """Return the address of a file of a site that answers at its base."""
    return NamedNode(root_of(site) + path)


def _typed(format: Format) -> list[Said]:
    media = (DCAT + "mediaType", NamedNode(MEDIA_TYPES + format.media_type))
    return [media, *([(DCTERMS + "format", type_)] if (type_ := file_type(format)) else [])]


def _title(text: str) -> Literal:
    return Literal(text, language="en")
