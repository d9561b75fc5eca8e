"""What the endpoint can do and what it refuses, in its own words (SPARQL 1.1 Service Description)."""

from dataclasses import asdict

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
SHOWN = {
    "deadline": ("Time after which a query is stopped (504).", "s"),
    "fast_slice": ("Processor time after which a query moves to the slow lane.", "s"),
    "patience": ("Time after which another worker is started beside a query that still runs.", "s"),
    "fast_workers": ("Workers for clients that were answered lately at little cost.", "workers"),
    "stranger_workers": ("Workers for everybody else.", "workers"),
    "spare_workers": ("Workers that may be started in each lane while these are at work.", "workers"),
    "slow_lane": ("Queries in the slow lane at once (503).", "queries"),
    "worker_memory": ("Memory of a query (500).", "bytes"),
    "result": ("Size of an answer (413).", "bytes"),
    "query": ("Length of a query (413).", "bytes"),
    "nesting": ("Depth of brackets in a query (400).", "brackets"),
    "body": ("Size of the body of a request (413).", "bytes"),
    "queue": ("Queries that wait for a worker (503).", "queries"),
    "queue_wait": ("Time that a query waits for a worker (503).", "s"),
    "per_client": ("Queries of one client at once (429).", "queries"),
    "budget": ("Slow work of one client at once, which comes back with time (429).", "s"),
    "refill": ("Budget that comes back each second.", "s"),
    "spooled": ("Answers that wait for slow readers at once (507).", "bytes"),
    "url": ("Length of an address (414).", "bytes"),
    "head": ("Size of the header fields of a request (431).", "bytes"),
    "fields": ("Header fields of a request (431).", "fields"),
    "head_time": ("Time in which the head of a request must arrive.", "s"),
    "body_time": ("Time in which the body of a request must arrive (408).", "s"),
    "write_time": ("Time in which a client must read something of its answer.", "s"),
    "stop_time": ("Time that running queries have when the server is told to stop.", "s"),
    "connections": ("Connections at once (503).", "connections"),
}
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
    for name, (meaning, unit) in SHOWN.items():
        limit = ox.BlankNode(f"limit-{name}")
        facts += [
            (service, SCHEMA + "additionalProperty", limit),
            (limit, SCHEMA + "name", ox.Literal(name.replace("_", " "))),
            (limit, SCHEMA + "description", ox.Literal(meaning, language="en")),
            (limit, SCHEMA + "value", ox.Literal(asdict(limits)[name])),
            (limit, SCHEMA + "unitText", ox.Literal(unit)),
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
