"""DCAT: what the project says of its catalogue, completed with the files that the build has written.

Types are added where the vocabularies fix them by their ranges (`dcat_values`), and names that DCAT-AP prescribes for
what is said in other words (`dcat_ap`); nothing else is added that is neither said nor counted. What a reader asks for
and the project does not say is missing here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.metadata.citations import Citations
from communique.metadata.dcat_ap import SOURCE, as_in_dcat_ap, records_in
from communique.metadata.dcat_files import DataFile, archive_values, distribution_quads, dump_values
from communique.metadata.dcat_supporting import told_of_value
from communique.metadata.dcat_tables import table_quads
from communique.metadata.dcat_values import DESCRIBED, values_typed
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
RESOURCES = ("Catalog", "CatalogRecord", "DataService", "Dataset", "DatasetSeries")
"""What belongs into a catalogue when anything there names it, as the source of a dataset or the service of a file."""
DEFAULT_GRAPH = (
    "The default graph is the union of all graphs: the dataset, and what describes it (void.ttl, queries.ttl), "
    "each of which is a graph of its own as well."
)


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
    return values_typed(as_in_dcat_ap(quads))


def _said(site: Site) -> Iterator[Quad]:
    """Give what the store says of the catalogue and its datasets, of what belongs to these, and names of the rest."""
    described = {each.resource for each in (site.catalog.about, *site.catalog.datasets)}
    files = {each.resource for dataset in site.catalog.datasets for each in dataset.distributions}
    resources = {node for name in RESOURCES for node in _instances(site.store, DCAT + name)}
    records = records_in(quad for node in described if node for quad in site.store.quads(node))
    records |= _instances(site.store, DCAT + "CatalogRecord")
    # What stands in brackets comes with what it is said of.
    waiting = sorted((each for each in described | files if isinstance(each, NamedNode)), key=lambda each: each.value)
    seen, told = set(waiting), set()
    for node in waiting:
        for quad in _with_blank_nodes(site.store, node):
            yield quad
            if quad.object not in described and (quad.predicate, quad.object) not in told:
                told.add((quad.predicate, quad.object))
                yield from told_of_value(site, quad)
            of_record = quad.predicate == SOURCE and quad.subject in records
            belongs = of_record or quad.predicate in DESCRIBED or quad.object in resources
            if belongs and isinstance(quad.object, NamedNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def _instances(store: Store, cls: str) -> set[object]:
    return {quad.subject for quad in store.quads(None, TYPE, NamedNode(cls))}


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
