"""The tests of SPARQL 1.1 Service Description: what GET gives at the endpoint, whatever the client accepts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

MANIFEST = Path(__file__).parents[3] / "shared/suites/w3c-rdf-tests/sparql/sparql11/service-description/manifest.ttl"
TEST = ox.NamedNode("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#ServiceDescriptionTest")
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SD = "http://www.w3.org/ns/sparql-service-description#"
URL = "http://127.0.0.1:8000/sparql"
SYNTAXES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
ACCEPTED = ("*/*", "", *SYNTAXES)
# The vocabulary (section 3.2 to 3.4): what a property is of, and what it leads to; "" where it may be anything.
PROPERTIES = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
INSTANCES = {
    "Language": {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"},
    "Feature": {"DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"},
}
MORE_GENERAL = {"Dataset": "GraphCollection"}

pytestmark = pytest.mark.skipif(not MANIFEST.is_file(), reason="the W3C test suites are not beside the repository")


def entries_of_suite() -> set[str]:
    quads = ox.parse(path=str(MANIFEST), base_iri="http://x/") if MANIFEST.is_file() else ()
    return {quad.subject.value.partition("#")[2] for quad in quads if quad.object == TEST}


def test_each_test_of_the_suite_is_here() -> None:
    assert entries_of_suite() == {"has-endpoint-triple", "returns-rdf", "conforms-to-schema"}


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[TestClient]:
    quads = [ox.Quad(*(ox.NamedNode(f"http://example.org/{name}") for name in each)) for each in ("abc", "abcg")]
    with server(quads, files={"sparql.html": b"<html><p>Ask"}) as client:
        yield client


def described(client: TestClient, accept: str) -> ox.Dataset:
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    syntax = SYNTAXES[answer.headers["content-type"].partition(";")[0]]
    return ox.Dataset(ox.parse(answer.content, format=syntax, base_iri=URL))


@pytest.mark.parametrize("accept", ACCEPTED)
def test_returns_rdf(client: TestClient, accept: str) -> None:
    assert len(described(client, accept)) > 20


@pytest.mark.parametrize("accept", ACCEPTED)
def test_has_endpoint_triple(client: TestClient, accept: str) -> None:
    found = [
        (quad.subject, quad.object) for quad in described(client, accept) if quad.predicate.value == f"{SD}endpoint"
    ]
    assert found == [(ox.NamedNode(URL), ox.NamedNode(URL))]


def test_conforms_to_schema(client: TestClient) -> None:
    description = described(client, "*/*")
    terms = {term.value for quad in description for term in (quad.predicate, quad.object) if hasattr(term, "value")}
    classes = {each for pair in PROPERTIES.values() for each in pair} | set(MORE_GENERAL)
    known = set(PROPERTIES) | classes.union(*INSTANCES.values())
    assert {term.removeprefix(SD) for term in terms if term.startswith(SD)} <= known

    def classes_of(node: Any) -> set[str]:
        types = (quad.object.value for quad in description.quads_for_subject(node) if quad.predicate == RDF_TYPE)
        found = {each.removeprefix(SD) for each in types}
        found |= {cls for cls, names in INSTANCES.items() if node.value.removeprefix(SD) in names}
        return found | {MORE_GENERAL[each] for each in found & set(MORE_GENERAL)}

    used = [quad for quad in description if quad.predicate.value.startswith(SD)]
    assert len({quad.predicate for quad in used}) >= 6
    for quad in used:
        domain, target = PROPERTIES[quad.predicate.value.removeprefix(SD)]
        assert domain in classes_of(quad.subject), quad
        assert not target or target in classes_of(quad.object), quad
