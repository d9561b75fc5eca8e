"""DCAT: what the project says of its catalogue, completed with the files that the build has written.

Types are added where the vocabularies fix them by their ranges (DCAT 3, DCMI Terms), and names that DCAT-AP prescribes
for what is said in other words (`dcat_ap`); nothing else is added that is neither said nor counted. What a reader asks
for and the project does not say is missing here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.metadata.citations import Citations
from communique.metadata.dcat_ap import SPDX, as_in_dcat_ap
from communique.metadata.dcat_files import DataFile, archive_values, distribution_quads, dump_values
from communique.metadata.dcat_tables import table_quads
from communique.metadata.dcat_versions import version_quads
from communique.metadata.dcat_whole import whole_quads
from communique.metadata.void import dataset_of, endpoint_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.distributions.downloads import Downloads
    from communique.distributions.versions import Versions
    from communique.store import Store
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
XSD = "http://www.w3.org/2001/XMLSchema#"
SCHEMA = "http://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DEFAULT_GRAPH = (
    "The default graph is the union of all graphs: the dataset, and what describes it (void.ttl, queries.ttl), "
    "each of which is a graph of its own as well."
)
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


def dcat(
    site: Site, *, taken: Downloads, linking: tuple[DataFile, ...] = (), served: bool, versions: Versions
) -> set[Quad]:
    """Return the completed description of the catalogue, its datasets and their files; if `served`, of the endpoint.

    `linking` are the tables of labels and of links.
    """
    quads = set(_said(site))
    if site.catalog.base.startswith(("http://", "https://")):
        quads.update(whole_quads(site))
        quads.update(_files(site, taken))
        quads.update(table_quads(site, taken, linking=linking))
        quads.update(_service(site) if served else ())
        quads.update(version_quads(site, versions))
    quads.update(_citations(site))
    quads = as_in_dcat_ap(quads)
    for quad in tuple(quads):
        cls = RANGES.get(quad.predicate.value)
        if cls and isinstance(quad.object, NamedNode | BlankNode):
            quads.add(Quad(quad.object, TYPE, NamedNode(cls)))
    return quads


def _said(site: Site) -> Iterator[Quad]:
    """Give what the store says of the catalogue and its datasets, and the names of whom and what these point to."""
    described = {each.resource for each in (site.catalog.about, *site.catalog.datasets)} - {None}
    files = {each.resource for dataset in site.catalog.datasets for each in dataset.distributions}
    # What stands in brackets comes with what it is said of.
    named = (each for each in described | files if isinstance(each, NamedNode))
    for node in sorted(named, key=lambda each: each.value):
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


def _files(site: Site, taken: Downloads) -> Iterator[Quad]:
    """Give the description of the files with the whole: the dumps, packed or not, and the archive of all tables."""
    whole = dataset_of(site)
    for dump in taken.dumps:
        values = dump_values(dump.format, dump.packing)
        yield from distribution_quads(site, DataFile(dump.path, dump.size, dump.sha256), of=whole, values=values)
    archive = DataFile(taken.archive.path, taken.archive.size, taken.archive.sha256)
    yield from distribution_quads(site, archive, of=whole, values=archive_values())


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
