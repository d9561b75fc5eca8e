"""What the endpoint can do and what it refuses, in its own words (SPARQL 1.1 Service Description)."""

from dataclasses import fields

import pyoxigraph as ox

from communique.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from communique.serving.limits import Limits

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
    "ehEquals", "envelope", "centroid",
)  # fmt: skip
"""What the engine knows of GeoSPARQL 1.1."""
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


Fact = tuple[ox.NamedNode | ox.BlankNode, str, ox.NamedNode | ox.BlankNode | ox.Literal]


def describe(endpoint: str, *, limits: Limits, size: tuple[int, int] | None) -> list[ox.Triple]:
    """Return the description of the service at the IRI `endpoint`.

    `size` are the triples of the union of all graphs, and the number of those with a name; None where another engine
    answers: then nothing is said of its size, its union and its functions.
    """
    service, dataset = ox.NamedNode(endpoint), ox.BlankNode("dataset")
    facts: list[Fact] = [
        (service, SD + "endpoint", service),
        (service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")),
        (service, SD + "defaultDataset", dataset),
    ]
    formats = (ox.NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in RESULT_FORMATS)
    facts += [(service, SD + "resultFormat", each) for each in formats]
    for each in fields(limits):
        limit = ox.BlankNode(f"limit-{each.name}")
        facts += [
            (service, SCHEMA + "additionalProperty", limit),
            (limit, SCHEMA + "name", ox.Literal(each.name.replace("_", " "))),
            (limit, SCHEMA + "description", ox.Literal(each.metadata["meaning"], language="en")),
            (limit, SCHEMA + "value", ox.Literal(getattr(limits, each.name))),
            (limit, SCHEMA + "unitText", ox.Literal(each.metadata["unit"])),
        ]
    types = [
        ox.Triple(service, TYPE, ox.NamedNode(SD + "Service")),
        ox.Triple(dataset, TYPE, ox.NamedNode(SD + "Dataset")),
    ]
    if size is not None:
        facts += _of_our_engine(service, dataset, *size)
        types += [ox.Triple(ox.BlankNode("graph"), TYPE, ox.NamedNode(SD + "Graph"))]
        types += [ox.Triple(ox.NamedNode(GEOF + name), TYPE, ox.NamedNode(SD + "Function")) for name in FUNCTIONS]
    return types + [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in facts]


def _of_our_engine(service: ox.NamedNode, dataset: ox.BlankNode, triples: int, graphs: int) -> list[Fact]:
    """Say what is so where our own engine answers."""
    graph = ox.BlankNode("graph")
    return [
        (service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph")),
        (dataset, SD + "defaultGraph", graph),
        (graph, VOID + "triples", ox.Literal(triples)),
        *_counted(dataset, graphs),
        *((service, SD + "extensionFunction", ox.NamedNode(GEOF + name)) for name in FUNCTIONS),
    ]


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
    prefixes = {"sd": SD, "void": VOID, "schema": SCHEMA} if format is TURTLE else None
    return bytes(ox.serialize(description, format=FORMATS[format], prefixes=prefixes) or b"")
