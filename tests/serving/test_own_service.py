"""The first dataset at a real service, and what is said of it.

VoID counts what the dump holds and what the endpoint finds, and the endpoint says what it adds; the commands that the
README has for other programs give what they promise.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
from processes import Serving

ROOT = Path(__file__).parents[2]
BASE = "https://w3id.org/communique/"
DATASET = ox.NamedNode(BASE + "sco")
VOID = "http://rdfs.org/ns/void#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SD = "http://www.w3.org/ns/sparql-service-description#"
ALONE = f"""FILTER NOT EXISTS {{
    ?description a <{VOID}DatasetDescription> . GRAPH ?description {{ ?s ?p ?o }}
}}"""
"""What void.ttl tells to write for the dataset without its description."""
NUMBERS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o ALONE }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o ALONE }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o ALONE }",
    "classes": f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ ?s ?p ?o FILTER(?p = <{RDF}type> && isIRI(?o)) ALONE }}",
    "entities": f"""SELECT (COUNT(DISTINCT ?s) AS ?n) {{
        ?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{BASE}")) ALONE }}""",
}
PARTITIONS = {
    "class": f"SELECT ?o (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(?p = <{RDF}type> && isIRI(?o)) ALONE }} GROUP BY ?o",
    "property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o ALONE } GROUP BY ?p",
    "property of class": f"""SELECT ?class ?p (COUNT(*) AS ?n) {{
        {{ SELECT DISTINCT ?s ?class {{ ?s <{RDF}type> ?class FILTER(isIRI(?class)) FILTER NOT EXISTS {{
            ?described a <{VOID}DatasetDescription> . GRAPH ?described {{ ?s <{RDF}type> ?class }} }} }} }}
        ?s ?p ?o ALONE }} GROUP BY ?class ?p""",
}


@pytest.fixture(scope="module")
def out(own_site: Path) -> Path:
    return own_site


@pytest.fixture(scope="module")
def server(out: Path) -> Iterator[Serving]:
    server = Serving(str(ROOT), "--no-build", "--out", str(out), "--limit", "deadline=60", "--limit", "budget=600")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def void(server: Serving, out: Path) -> ox.Dataset:
    return ox.Dataset(ox.parse(path=str(out / "void.ttl"), format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def union(server: Serving, out: Path) -> set[ox.Triple]:
    """The union of all graphs of the dump."""
    return {quad.triple for quad in ox.parse(path=str(out / "dumps/communique.nq"), format=ox.RdfFormat.N_QUADS)}


def rows(server: Serving, query: str) -> list[tuple[Any, ...]]:
    asked = {"query": query.replace("ALONE", ALONE)}
    answer = httpx2.post(f"{server.url}sparql", data=asked, headers={"Accept": "application/json"}, timeout=90)
    assert answer.status_code == 200, answer.text
    found = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


def value(graph: ox.Dataset, node: Any, path: str) -> Any:
    (quad,) = [each for each in graph.quads_for_subject(node) if each.predicate.value == path]
    return quad.object


def number(graph: ox.Dataset, node: Any, name: str) -> int:
    return int(value(graph, node, VOID + name).value)


def parts(void: ox.Dataset, node: Any, kind: str, unit: str) -> dict[str, int]:
    nodes = [quad.object for quad in void.quads_for_subject(node) if quad.predicate.value == f"{VOID}{kind}Partition"]
    found = {value(void, each, VOID + kind).value: number(void, each, unit) for each in nodes}
    assert len(found) == len(nodes)
    return found


def counted(union: set[ox.Triple]) -> dict[str, int]:
    subjects = {each.subject for each in union}
    classes = {each.object for each in union if each.predicate.value == RDF + "type"}
    return {
        "triples": len(union),
        "distinctSubjects": len(subjects),
        "properties": len({each.predicate for each in union}),
        "classes": len({each for each in classes if isinstance(each, ox.NamedNode)}),
        "entities": len({s for s in subjects if isinstance(s, ox.NamedNode) and s.value.startswith(BASE)}),
    }


@pytest.mark.parametrize("name", NUMBERS)
def test_void_the_dump_and_the_endpoint_have_one_number(
    server: Serving, void: ox.Dataset, union: set[ox.Triple], name: str
) -> None:
    ((found,),) = rows(server, NUMBERS[name])
    assert number(void, DATASET, name) == counted(union)[name] == int(found.value)


def test_classes_are_as_large_in_void_as_in_the_dump_and_at_the_endpoint(
    server: Serving, void: ox.Dataset, union: set[ox.Triple]
) -> None:
    dumped = Counter(each.object for each in union if each.predicate.value == RDF + "type")
    found = {cls.value: int(n.value) for cls, n in rows(server, PARTITIONS["class"])}
    in_dump = {cls.value: n for cls, n in dumped.items() if isinstance(cls, ox.NamedNode)}
    assert parts(void, DATASET, "class", "entities") == in_dump == found


def test_properties_are_as_frequent_in_void_as_in_the_dump_and_at_the_endpoint(
    server: Serving, void: ox.Dataset, union: set[ox.Triple]
) -> None:
    found = {path.value: int(n.value) for path, n in rows(server, PARTITIONS["property"])}
    dumped = dict(Counter(each.predicate.value for each in union))
    assert parts(void, DATASET, "property", "triples") == dumped == found


def test_properties_of_each_class_are_as_frequent_in_void_as_in_the_dump_and_at_the_endpoint(
    server: Serving, void: ox.Dataset, union: set[ox.Triple]
) -> None:
    told = {}
    for quad in void.quads_for_subject(DATASET):
        if quad.predicate.value == VOID + "classPartition":
            cls = value(void, quad.object, VOID + "class").value
            told |= {(cls, path): n for path, n in parts(void, quad.object, "property", "triples").items()}
    types: dict[Any, list[str]] = {}
    for each in union:
        if each.predicate.value == RDF + "type" and isinstance(each.object, ox.NamedNode):
            types.setdefault(each.subject, []).append(each.object.value)
    dumped = Counter((cls, each.predicate.value) for each in union for cls in types.get(each.subject, ()))
    found = {(cls.value, path.value): int(n.value) for cls, path, n in rows(server, PARTITIONS["property of class"])}
    assert told == dict(dumped) == found


def test_the_service_says_how_large_its_default_graph_is_and_of_what_it_consists(
    server: Serving, void: ox.Dataset
) -> None:
    text = httpx2.get(f"{server.url}sparql", headers={"Accept": "text/turtle"}, timeout=30).content
    told = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    service = value(told, ox.NamedNode(f"{server.url}sparql"), SD + "defaultDataset")
    whole = value(told, service, SD + "defaultGraph")
    ((found,),) = rows(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert number(told, whole, "triples") == int(found.value)
    subsets = [quad.object for quad in told.quads_for_subject(whole) if quad.predicate.value == VOID + "subset"]
    assert sum(number(told, each, "triples") for each in subsets) == int(found.value)
    assert number(told, DATASET, "triples") == number(void, DATASET, "triples")
    named = [quad.object for quad in told.quads_for_subject(service) if quad.predicate.value == SD + "namedGraph"]
    graphs = {value(told, each, SD + "name").value: value(told, each, SD + "graph") for each in named}
    assert set(graphs) == {BASE + "void.ttl", BASE + "queries.ttl"}
    assert {DATASET, *graphs.values()} == set(subsets)
    for name, node in graphs.items():
        ((size,),) = rows(server, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
        assert number(told, node, "triples") == int(size.value)


def test_whoever_counts_what_the_endpoint_holds_finds_the_number_that_void_says_of_it(
    server: Serving, void: ox.Dataset
) -> None:
    endpoints = {quad.subject for quad in void if quad.predicate.value == VOID + "sparqlEndpoint"}
    ((found,),) = rows(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [number(void, each, "triples") for each in endpoints] == [int(found.value)]
    assert [value(void, each, VOID + "subset") for each in endpoints] == [DATASET]


def test_the_example_query_finds_the_numbers_of_void(server: Serving, void: ox.Dataset, out: Path) -> None:
    text = (out / "queries/size.rq").read_text(encoding="utf-8")
    ((triples, subjects, properties),) = rows(server, text)
    names = {"triples": triples, "distinctSubjects": subjects, "properties": properties}
    assert {name: int(each.value) for name, each in names.items()} == {
        name: number(void, DATASET, name) for name in names
    }


def test_void_says_how_its_numbers_are_counted(server: Serving, void: ox.Dataset) -> None:
    said = value(void, ox.NamedNode(BASE + "void.ttl"), "http://purl.org/dc/terms/description").value
    ((triples,),) = rows(server, said[said.index("PREFIX") :])
    assert int(triples.value) == number(void, DATASET, "triples")


def readme_commands() -> list[str]:
    """Return the commands of the README's part for programs."""
    part = (ROOT / "README.md").read_text("utf-8").partition("## From your programs")[2].partition("## ")[0]
    return re.split(r"\n(?=curl )", part.split("```")[1].strip())


@pytest.mark.skipif(shutil.which("curl") is None and not os.environ.get("CI"), reason="curl is not installed")
def test_the_commands_of_the_readme_give_what_they_promise(server: Serving, out: Path) -> None:
    turtle, json_ld, names, reconciled, dump = (
        subprocess.run(
            ["bash", "-c", command.replace("http://127.0.0.1:8000/", server.url).replace("curl ", "curl -sf ", 1)],
            check=True,
            stdout=subprocess.PIPE,
            timeout=60,
        ).stdout
        for command in readme_commands()
    )
    meeting, state = (ox.NamedNode(BASE + "sco/" + name) for name in ("meeting/prosecutors-general-19", "state/kaz"))
    assert meeting in {quad.subject for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    assert state in {quad.subject for quad in ox.parse(json_ld, format=ox.RdfFormat.JSON_LD)}
    assert f"{BASE}sco/person/zhang-jun,Zhang Jun\r\n" in names.decode()
    first = json.loads(reconciled)["row 1"]["result"][0]
    assert (first["id"], first["match"]) == ("sco/person/zhang-jun", True)
    assert dump == gzip.decompress((out / "dumps/communique.ttl.gz").read_bytes())
