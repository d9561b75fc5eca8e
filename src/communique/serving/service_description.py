"""What the endpoint can do and what it refuses, in its own words (SPARQL 1.1 Service Description)."""

import io
from collections.abc import Iterator
from dataclasses import fields

import pyoxigraph as ox

from communique.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from communique.serving.limits import OF_SERVICE, Limits, name_of
from communique.snapshots import Part, Size
from communique.syntax.answer_text import write_graph
from communique.syntax.rdf import TYPE

FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE,
    JSONLD: ox.RdfFormat.JSON_LD,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    RDFXML: ox.RdfFormat.RDF_XML,
}
SD, VOID, SCHEMA = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#", "http://schema.org/"
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
GEOF = "http://www.opengis.net/def/function/geosparql/"
FUNCTIONS = (
    "sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps",
    "ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains",
    "rcc8eq", "rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi", "relate",
    "distance", "area", "length", "perimeter", "convexHull", "envelope", "centroid",
    "union", "intersection", "difference", "symDifference", "getSRID", "asGeoJSON",
    "dimension", "coordinateDimension", "spatialDimension", "isEmpty", "isSimple",
)  # fmt: skip
"""What the engine knows of GeoSPARQL 1.1."""
COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
PREFIXES = {"rdfs": COMMENT.removesuffix("comment"), "schema": SCHEMA, "sd": SD, "void": VOID}
MERGE = (
    "The default graph is the union of all graphs. Graphs that a query (FROM) or a request (default-graph-uri) names "
    "make it instead: their merge, each triple once."
)


Fact = tuple[ox.NamedNode | ox.BlankNode, str, ox.NamedNode | ox.BlankNode | ox.Literal]


def describe(endpoint: str, *, limits: Limits, size: Size | None) -> list[ox.Triple]:
    """Return the description of the service at the IRI `endpoint`.

    `size` is that of what the engine holds; None where another engine answers: then nothing is said of its size, its
    union and its functions.
    """
    service, dataset = ox.NamedNode(endpoint), ox.BlankNode("dataset")
    facts: list[Fact] = [
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")),
        (service, SD + "defaultDataset", dataset),
    ]
    formats = (ox.NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in RESULT_FORMATS)
    facts += [(service, SD + "resultFormat", each) for each in formats]
    facts += _limits(service, limits, is_ours=size is not None)
    types = [
        ox.Triple(service, TYPE, ox.NamedNode(SD + "Service")),
        ox.Triple(dataset, TYPE, ox.NamedNode(SD + "Dataset")),
    ]
    if size is not None:
        facts += _of_our_engine(service, dataset, size)
        types += [ox.Triple(ox.BlankNode("graph"), TYPE, ox.NamedNode(cls)) for cls in (SD + "Graph", VOID + "Dataset")]
        types += _types_of_parts(size)
        types += [ox.Triple(ox.NamedNode(GEOF + name), TYPE, ox.NamedNode(SD + "Function")) for name in FUNCTIONS]
    return types + [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in facts]


def _limits(service: ox.NamedNode, limits: Limits, *, is_ours: bool) -> Iterator[Fact]:
    """Say what a request may cost; what some of it means depends on whether our own engine answers."""
    for each in fields(limits):
        value, meaning = getattr(limits, each.name), each.metadata["meaning"]
        if value:
            limit = ox.BlankNode(f"limit-{each.name}")
            said = meaning if is_ours else OF_SERVICE.get(each.name, meaning)
            yield service, SCHEMA + "additionalProperty", limit
            yield limit, SCHEMA + "name", ox.Literal(name_of(each))
            yield limit, SCHEMA + "description", ox.Literal(said, language="en")
            yield limit, SCHEMA + "value", ox.Literal(value)
            yield limit, SCHEMA + "unitText", ox.Literal(each.metadata["unit"])


def _of_our_engine(service: ox.NamedNode, dataset: ox.BlankNode, size: Size) -> list[Fact]:
    """Say what is so where our own engine answers."""
    graph = ox.BlankNode("graph")
    return [
        (service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph")),
        (dataset, COMMENT, ox.Literal(MERGE, language="en")),
        (dataset, SD + "defaultGraph", graph),
        (graph, VOID + "triples", ox.Literal(size.triples)),
        *_parts(dataset, graph, size),
        *_counted(dataset, size.graphs),
        *((service, SD + "extensionFunction", ox.NamedNode(GEOF + name)) for name in FUNCTIONS),
    ]


def _parts(dataset: ox.BlankNode, whole: ox.BlankNode, size: Size) -> Iterator[Fact]:
    """Say what the default graph consists of: the dataset, and graphs that describe it."""
    for number, part in enumerate(size.parts):
        node = _node(part, number)
        yield whole, VOID + "subset", node
        yield node, VOID + "triples", ox.Literal(part.triples)
        if isinstance(node, ox.BlankNode):
            named = ox.BlankNode(f"named-{node.value}")
            yield dataset, SD + "namedGraph", named
            yield named, SD + "name", ox.NamedNode(part.iri)
            yield named, SD + "graph", node


def _types_of_parts(size: Size) -> Iterator[ox.Triple]:
    for number, part in enumerate(size.parts):
        node = _node(part, number)
        yield ox.Triple(node, TYPE, ox.NamedNode(VOID + "Dataset"))
        if isinstance(node, ox.BlankNode):
            yield ox.Triple(node, TYPE, ox.NamedNode(SD + "Graph"))
            yield ox.Triple(ox.BlankNode(f"named-{node.value}"), TYPE, ox.NamedNode(SD + "NamedGraph"))


def _node(part: Part, number: int) -> ox.NamedNode | ox.BlankNode:
    """Return what stands for a part: its IRI, or for a graph that has one as its name a node of its own."""
    return ox.BlankNode(f"part-{number}") if part.graph else ox.NamedNode(part.iri)


def _counted(dataset: ox.BlankNode, graphs: int) -> list[Fact]:
    """Say how many named graphs there are: each has a page, and listed here they would be a dump."""
    count = ox.BlankNode("named-graphs")
    return [
        (dataset, SCHEMA + "additionalProperty", count),
        (count, SCHEMA + "name", ox.Literal("named graphs")),
        (count, SCHEMA + "value", ox.Literal(graphs)),
    ]


def write(description: list[ox.Triple], *, format: Format) -> bytes:
    """Return a description in one of FORMATS."""
    output = io.BytesIO()
    write_graph(description, output, format=FORMATS[format], prefixes=PREFIXES)
    return output.getvalue()
