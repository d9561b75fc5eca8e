"""Cases H of the threat model: what a stranger may send to the endpoint, and what becomes of it."""

import random
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique import snapshots
from communique.errors import AccessError
from communique.syntax.sparql_text import reaches_out
from service_queries import a_store, query, sent

QUADS = [
    ox.Quad(ox.NamedNode(f"http://example.org/s{n}"), ox.NamedNode("http://example.org/p"), ox.Literal(n))
    for n in range(2000)
]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
STATE = "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?sum) { ?s ?p ?o }"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-update"
UPDATES = (
    "INSERT DATA { <x:s> <x:p> 1 }",
    "DELETE DATA { <http://example.org/s1> <http://example.org/p> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "INSERT { ?s <x:p> 2 } WHERE { ?s ?p ?o }",
    "WITH <x:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP SILENT ALL",
    "CREATE GRAPH <x:g>",
    "COPY DEFAULT TO <x:g>",
    "MOVE DEFAULT TO <x:g>",
    "LOAD <file:///etc/passwd>",
)
NESTED = (
    "SELECT * {" + "{" * 2300 + "}" * 2300 + "}",
    "SELECT (" + "STR(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}",
    "SELECT (" + "IF(true," * 1000 + "1" + ",1)" * 1000 + " AS ?x) {}",
    "ASK { FILTER(" + "(" * 4700 + "1" + ")" * 4700 + ") }",
    "ASK { FILTER(" + "!" * 20_000 + "true) }",
    "ASK {" + "FILTER EXISTS {" * 900 + "?s ?p ?o" + "}" * 900 + "}",
    "ASK { FILTER(" + "1||" * 9000 + "1) }",
    "ASK { ?s ?p " + "[ ?p " * 1000 + "1" + "]" * 1000 + " }",
    "ASK { ?s " + "/".join(["<http://example.org/p>"] * 900) + " ?o }",
)
COSTLY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c LIMIT 10",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i MINUS { ?a ?b ?z . ?y ?x ?w } }",
    "SELECT * { ?a (<http://example.org/p>|!<http://example.org/q>)* ?b . ?c ?d ?e . ?f ?g ?h }",
    'SELECT ?v40 { BIND("x" AS ?v0) ' + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40)) + " }",
    "SELECT (GROUP_CONCAT(?c) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }",
    "SELECT * { " + "OPTIONAL { ?s ?p ?o " * 100 + "}" * 100 + " }",
)


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[Any]:
    with server(QUADS, refill=1e6, deadline=1.0, result=1 << 20, nesting=100_000) as client:
        yield client


def ask(client: Any, text: str, accept: str = "*/*") -> Any:
    return client.post("/sparql", data={"query": text}, headers={"Accept": accept})


def value(client: Any, text: str) -> list[str]:
    response = ask(client, text, "text/csv")
    assert response.status_code == 200, response.text
    return list(response.text.split())


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("way", ["as a query", "as an update"])
def test_no_update_changes_anything(client: Any, update: str, way: str) -> None:
    before = value(client, STATE)
    if way == "as a query":
        responses = [ask(client, update), client.get("/sparql", params={"query": update})]
    else:
        direct = client.post("/sparql", content=update, headers={"Content-Type": DIRECT})
        responses = [direct, client.post("/sparql", data={"update": update})]
    assert {response.status_code for response in responses} <= {400, 403, 405, 415}
    assert value(client, STATE) == before


@pytest.mark.parametrize(
    "call",
    [
        "SERVICE <{url}> {{ ?s ?p ?o }}",
        "SERVICE SILENT <{url}> {{ ?s ?p ?o }}",
        "service<{url}>{{?s ?p ?o}}",
        "SERVICEsilent<{url}>{{?s ?p ?o}}",
        "?s ?p ?o.service<{url}>{{?a ?b ?c}}",
        "FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "BIND(<{url}> AS ?x) SERVICE ?x {{ ?s ?p ?o }}",
        "{{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "# comment\nOPTIONAL {{ SeRvIcE <{url}> {{ ?s ?p ?o }} }}",
    ],
)
def test_no_call_leaves_the_machine(client: Any, call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert ask(client, f"SELECT * {{ {call.format(url=url)} }}").status_code == 403
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p 'SERVICE <http://x/> {}' }",
        "ASK { ?service ?p ?o } # SERVICE",
        "ASK { ?s <http://example.org/service> ?o }",
        "PREFIX x: <http://example.org/> ASK { ?s x:service ?o }",
    ],
)
def test_what_only_looks_like_a_call_is_answered(client: Any, text: str) -> None:
    assert ask(client, text).status_code == 200


@pytest.mark.parametrize("text", COSTLY)
def test_what_costs_much_is_ended_and_the_next_query_answered(client: Any, text: str) -> None:
    assert ask(client, text).status_code in {200, 413, 500, 503, 504}
    assert value(client, COUNT) == ["n", "2000"]


@pytest.mark.parametrize("text", NESTED)
def test_what_is_nested_deeply_ends_a_worker_at_most(client: Any, text: str) -> None:
    assert ask(client, text).status_code in {200, 400, 413, 500, 503, 504}
    assert value(client, COUNT) == ["n", "2000"]


def test_a_regular_expression_does_not_explode(client: Any) -> None:
    text = f"ASK {{ BIND('{'a' * 5000}b' AS ?x) FILTER(REGEX(?x, '^(a+)+$')) }}"
    assert ask(client, text).json()["boolean"] is False


def test_a_query_of_8_megabytes_is_refused(client: Any) -> None:
    response = client.post("/sparql", content=b"#" * 8_000_000, headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 413


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_a_graph_that_is_too_large_is_an_error_and_not_a_part(client: Any, accept: str) -> None:
    text = "CONSTRUCT { ?s ?q ?o } WHERE { ?s ?p ?o . ?t ?q2 ?n BIND(IRI(CONCAT('x:p', STR(?n))) AS ?q) }"
    response = ask(client, text, accept)
    assert response.status_code in {413, 503, 504}
    assert response.headers["content-type"] == "application/problem+json"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_engine_would_send_is_seen_first(data: Any) -> None:
    text = query(lambda n: data.draw(st.integers(0, n - 1)))
    if sent(STORE, text):
        assert reaches_out(text)


STORE = a_store()


def test_each_of_100_flipped_bits_is_found_before_the_first_answer(tmp_path: Path) -> None:
    snapshots.write(QUADS, tmp_path / "whole")
    snapshots.Check(tmp_path / "whole").result()
    files = sorted(path.name for path in snapshots._files(tmp_path / "whole") if path.stat().st_size)
    picked = random.Random(7)
    for number in range(100):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(tmp_path / "whole", copy)
        path = copy / picked.choice(files)
        content = bytearray(path.read_bytes())
        content[picked.randrange(len(content))] ^= 1 << picked.randrange(8)
        path.write_bytes(content)
        with pytest.raises(AccessError, match=r"damaged|readable"):
            snapshots.Check(copy).result()
        shutil.rmtree(copy)
