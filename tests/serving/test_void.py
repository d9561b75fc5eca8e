"""The endpoint counts what the description of the dataset says that it counts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from communique.metadata.void import VOID, dataset_of, void
from communique.project import Project
from communique.store import Store
from communique.website.site import Site

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> Site:
    project = Project.open(ROOT)
    return Site(project, Store.load(project))


@pytest.fixture(scope="module")
def client(server: Any, site: Site) -> Iterator[TestClient]:
    with server(site.store.quads(), deadline=20.0) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(isIRI(?c)) }"),
        (
            "entities",
            'SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), "BASE")) }',
        ),
    ],
)
def test_the_endpoint_counts_as_void_does(client: TestClient, site: Site, name: str, query: str) -> None:
    described = ox.Dataset(void(site, files=(), served=True))
    (quad,) = [each for each in described.quads_for_subject(dataset_of(site)) if each.predicate.value == VOID + name]
    asked = {"query": query.replace("BASE", site.catalog.base)}
    answer = client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
    assert answer.text.split()[1] == quad.object.value
