"""Editions in VoID: a file, or the endpoint, that holds more than the dataset is a dataset of its own, with its number.

Whoever counts a dump (`rapper -c`) or what the endpoint holds (`SELECT (COUNT(*) AS ?n) { ?s ?p ?o }`) finds the number
of what `void:dataDump` or `void:sparqlEndpoint` says it of. Dumps with the number of the dataset are those of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.formats import ANNOTATED, JSONLD, NQUADS, TRIG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Triple

    from communique.distributions.downloads import DumpFile
    from communique.formats import Format
    from communique.store import Store

VOID = "http://rdfs.org/ns/void#"
DCTERMS = "http://purl.org/dc/terms/"


class Edition(NamedTuple):
    """What an edition is called, and how its triples differ from those of the dataset."""

    name: str
    title: str
    description: str


GRAPHS = Edition("graphs", "Graph by graph", "A triple counts once in each graph in which it stands.")
LINKED = Edition(
    "links",
    "With links to the evidence",
    "The union of all graphs, each triple once, and a link (cmq:statedIn) from each thing to each passage that states "
    "something of it.",
)
IN_JSONLD = Edition(
    "jsonld",
    "With links to the evidence, as JSON-LD can say it",
    "The edition with links without statements about statements (RDF 1.2).",
)
IN_RDF12 = Edition(
    "annotated",
    "With each triple annotated (RDF 1.2)",
    "The union of all graphs, each triple once, annotated with the passages that state it. A parser of RDF 1.2 counts "
    "the reifier of each annotated triple (rdf:reifies) and its links (cmq:statedIn) as well.",
)
ENDPOINT = Edition(
    "endpoint",
    "What the SPARQL endpoint holds",
    "The default graph for queries: the dataset, this description and the example queries. Of literals with one value, "
    "such as 1 and 01, it holds one.",
)


def edition_quads(dataset: NamedNode, triples: int, *, files: Iterable[DumpFile], root: str) -> Iterator[Quad]:
    """Give the dumps below `root`: those of the dataset, which has so many triples, and those of its editions."""
    plain = {each.format: each.statements for each in files}
    for file in files:
        dump = NamedNode(root + file.path)
        edition, number = _edition_of(file, plain), file.statements + file.annotations
        if number == triples:
            yield Quad(dataset, NamedNode(VOID + "dataDump"), dump)
            continue
        node = NamedNode(f"{root}void.ttl#{edition.name}")
        yield Quad(dataset, NamedNode(DCTERMS + "hasFormat"), node)
        yield Quad(node, NamedNode(VOID + "dataDump"), dump)
        yield from _described(node, edition, number=number)


def endpoint_quads(dataset: NamedNode, number: int, *, endpoint: NamedNode, root: str) -> Iterator[Quad]:
    """Give what the endpoint holds, which has so many triples."""
    node = NamedNode(f"{root}void.ttl#{ENDPOINT.name}")
    yield Quad(node, NamedNode(VOID + "subset"), dataset)
    yield Quad(node, NamedNode(VOID + "sparqlEndpoint"), endpoint)
    yield from _described(node, ENDPOINT, number=number)


def number_beside(triples: Iterable[Triple], *, dataset: Store) -> int:
    """Return how many triples the dataset does not state itself."""
    return sum(next(dataset.quads(*each), None) is None for each in set(triples))


def _edition_of(file: DumpFile, statements: Mapping[Format, int]) -> Edition:
    if file.format in (NQUADS, TRIG):
        return GRAPHS
    if file.format == ANNOTATED:
        return IN_RDF12
    others = {number for format, number in statements.items() if format not in (NQUADS, TRIG, ANNOTATED, JSONLD)}
    return IN_JSONLD if file.format == JSONLD and file.statements not in others else LINKED


def _described(node: NamedNode, edition: Edition, *, number: int) -> Iterator[Quad]:
    yield Quad(node, TYPE, NamedNode(VOID + "Dataset"))
    yield Quad(node, NamedNode(DCTERMS + "title"), Literal(edition.title, language="en"))
    yield Quad(node, NamedNode(DCTERMS + "description"), Literal(edition.description, language="en"))
    yield Quad(node, NamedNode(VOID + "triples"), Literal(number))
