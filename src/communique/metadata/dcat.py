"""DCAT: what the project says of its catalogue, completed with the files that the build has written.

Types are added where the vocabularies fix them by their ranges (DCAT 3, DCMI Terms), and names that DCAT-AP prescribes
for what is said in other words (`dcat_ap`); nothing else is added that is neither said nor counted. What a reader asks
for and the project does not say is missing here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.distributions.packing import Packing
from communique.formats import CSV, NQUADS
from communique.metadata.citations import Citations
from communique.metadata.dcat_ap import SPDX, as_in_dcat_ap, file_type, measure_quads
from communique.metadata.dcat_versions import version_quads
from communique.metadata.void import dataset_of, endpoint_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.catalog import Distribution
    from communique.distributions.downloads import DumpFile
    from communique.distributions.table_archive import Archive
    from communique.distributions.versions import Versions
    from communique.formats import Format
    from communique.store import Store
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
XSD = "http://www.w3.org/2001/XMLSchema#"
SCHEMA = "http://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
COMPRESSED = {Packing.GZIP: "application/gzip", Packing.ZSTD: "application/zstd"}
DEFAULT_GRAPH = (
    "The default graph is the union of all graphs: the dataset, and what describes it (void.ttl, queries.ttl), "
    "each of which is a graph of its own as well."
)
CANONICAL = NamedNode("https://www.w3.org/TR/rdf-canon/")
TABULAR = NamedNode("https://www.w3.org/TR/tabular-metadata/")
RANGES = {
    DCTERMS + "publisher": FOAF + "Agent",
    DCTERMS + "creator": FOAF + "Agent",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
    FOAF + "homepage": FOAF + "Document",
    DCAT + "landingPage": FOAF + "Document",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "packageFormat": DCTERMS + "MediaType",
    SPDX + "checksum": SPDX + "Checksum",
    DCAT + "distribution": DCAT + "Distribution",
    DCAT + "theme": SKOS + "Concept",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
}
NAMING = (FOAF + "name", "http://www.w3.org/2000/01/rdf-schema#label", SKOS + "prefLabel")
NAMED_BY = {FOAF + "Agent": NamedNode(FOAF + "name"), SKOS + "Concept": NamedNode(SKOS + "prefLabel")}
"""The property by which DCAT-AP names the instances of a class."""
PERIOD = {SCHEMA + "startDate": DCAT + "startDate", SCHEMA + "endDate": DCAT + "endDate"}


def dcat(site: Site, *, files: tuple[DumpFile, ...], tables: Archive, served: bool, versions: Versions) -> set[Quad]:
    """Return the completed description of the catalogue, its datasets and their files; if `served`, of the endpoint.

    The tables of all classes together are one file, their archive.
    """
    quads = set(_said(site))
    if site.catalog.base.startswith(("http://", "https://")):
        for file in files:
            quads.update(_dump(site, file))
        quads.update(_tables(site, tables))
        quads.update(_service(site) if served else ())
        quads.update(version_quads(site, versions))
    quads.update(_citations(site))
    quads = as_in_dcat_ap(quads)
    for quad in tuple(quads):
        cls = RANGES.get(quad.predicate.value)
        if cls and isinstance(quad.object, NamedNode):
            quads.add(Quad(quad.object, TYPE, NamedNode(cls)))
    return quads


def _said(site: Site) -> Iterator[Quad]:
    """Give what the store says of the catalogue and its datasets, and the names of whom and what these point to."""
    described = {each.resource for each in (site.catalog.about, *site.catalog.datasets)} - {None}
    files = {each.resource for dataset in site.catalog.datasets for each in dataset.distributions}
    for node in sorted((each for each in described | files if each), key=lambda each: each.value):
        for quad in _with_blank_nodes(site.store, node):
            yield quad
            if isinstance(quad.object, NamedNode) and quad.predicate.value in RANGES and quad.object not in described:
                yield from _names(site, quad.object, named_by=NAMED_BY.get(RANGES[quad.predicate.value]))


def _citations(site: Site) -> Iterator[Quad]:
    """Give how the catalogue and its datasets are cited, unless they say it themselves."""
    cited, path = Citations(site), NamedNode(DCTERMS + "bibliographicCitation")
    for node in {each.resource for each in (site.catalog.about, *site.catalog.datasets)}:
        if node is not None and not any(site.store.quads(node, path)):
            yield Quad(node, path, Literal(cited.of(node).text))


def _with_blank_nodes(store: Store, node: NamedNode) -> Iterator[Quad]:
    waiting: list[NamedNode | BlankNode] = [node]
    for each in waiting:
        for quad in store.quads(each):
            yield Quad(*quad.triple)
            if isinstance(quad.object, BlankNode) and quad.object not in waiting:
                waiting.append(quad.object)


def _names(site: Site, node: NamedNode, *, named_by: NamedNode | None) -> Iterator[Quad]:
    """Give the names of a node, by the property prescribed too, and the ends of a period in the words of DCAT."""
    for quad in site.store.quads(node):
        path = quad.predicate.value
        if path in NAMING:
            yield Quad(*quad.triple)
            if named_by:
                yield Quad(node, named_by, quad.object)
        elif path in PERIOD:
            yield Quad(node, NamedNode(PERIOD[path]), quad.object)


def _dump(site: Site, file: DumpFile) -> Iterator[Quad]:
    """Give the description of a dump; its compressed form is a distribution of its own."""
    values: list[tuple[str, NamedNode | Literal]] = []
    if kind := COMPRESSED.get(file.packing):
        values.append((DCAT + "compressFormat", NamedNode(MEDIA_TYPES + kind)))
    # The checksum of canonical N-Quads is the hash of the dataset by RDFC-1.0.
    values += [(DCTERMS + "conformsTo", CANONICAL)] if file.format == NQUADS and not file.compressed else []
    title = f"{file.format.label}{', compressed' * file.compressed}"
    yield from _distribution(site, file, title=title, format=file.format, more=values)


def _tables(site: Site, archive: Archive) -> Iterator[Quad]:
    """Give the description of the archive of all tables."""
    values = [(DCAT + "packageFormat", NamedNode(MEDIA_TYPES + "application/zip")), (DCTERMS + "conformsTo", TABULAR)]
    yield from _distribution(site, archive, title="Tables of all classes", format=CSV, more=values)


def _distribution(
    site: Site, file: DumpFile | Archive, *, title: str, format: Format, more: Iterable[tuple[str, NamedNode | Literal]]
) -> Iterator[Quad]:
    """Give the description of a file, without what the project says of it."""
    url = _url(site, file.path)
    own = NamedNode(f"{root_of(site)}dcat.ttl#{file.path}")
    node = next((each.resource for each in _stated(site) if each.url == url.value), own)
    values: list[tuple[str, NamedNode | Literal]] = [
        (DCTERMS + "title", Literal(title, language="en")),
        (DCAT + "accessURL", url),
        (DCAT + "downloadURL", url),
        (DCAT + "mediaType", NamedNode(MEDIA_TYPES + format.media_type)),
        *more,
    ]
    values += [(DCTERMS + "format", type_)] if (type_ := file_type(format)) else []
    values += [(DCTERMS + "license", site.catalog.licence)] if site.catalog.licence else []
    yield Quad(dataset_of(site), NamedNode(DCAT + "distribution"), node)
    yield Quad(dataset_of(site), TYPE, NamedNode(DCAT + "Dataset"))
    counted = [Quad(node, NamedNode(path), value) for path, value in values]
    counted += measure_quads(node, size=file.size, sha256=file.sha256, sum_=NamedNode(f"{own.value}-sha256"))
    yield from (quad for quad in counted if not any(site.store.quads(node, quad.predicate)))


def _service(site: Site) -> Iterator[Quad]:
    """Give the description of the SPARQL endpoint as a data service."""
    node, endpoint = NamedNode(f"{root_of(site)}dcat.ttl#sparql"), endpoint_of(site)
    yield Quad(node, TYPE, NamedNode(DCAT + "DataService"))
    yield Quad(node, NamedNode(DCTERMS + "title"), Literal("SPARQL endpoint", language="en"))
    yield Quad(node, NamedNode(DCTERMS + "conformsTo"), NamedNode("https://www.w3.org/TR/sparql11-protocol/"))
    yield Quad(node, NamedNode(DCTERMS + "description"), Literal(DEFAULT_GRAPH, language="en"))
    for name in ("endpointURL", "endpointDescription"):
        yield Quad(node, NamedNode(DCAT + name), endpoint)
    yield Quad(node, NamedNode(DCAT + "servesDataset"), dataset_of(site))
    about = site.catalog.about.resource
    if about is not None and any(site.store.quads(about, TYPE, NamedNode(DCAT + "Catalog"))):
        yield Quad(about, NamedNode(DCAT + "service"), node)


def _stated(site: Site) -> tuple[Distribution, ...]:
    return tuple(each for dataset in site.catalog.datasets for each in dataset.distributions)


def _url(site: Site, path: str) -> NamedNode:
    return NamedNode(root_of(site) + path)
