"""The endpoint over a real Virtuoso, with its cap on rows, its partial answers and its dialect."""

import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from communique.serving.app import application
from communique.serving.limits import Limits
from services import has_virtuoso, virtuoso

pytestmark = pytest.mark.skipif(not has_virtuoso(), reason="virtuoso-opensource-7-bin is not installed")

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "http://example.org/"
DATA = f'<{EX}a> <{EX}has> _:x <{EX}g> .\n_:x <{EX}name> "two"@en <{EX}g> .\n' + "".join(
    f'<{EX}s{n}> <{EX}n> "{n}"^^<{XSD}integer> <{EX}many> .\n' for n in range(500)
)
ROWS = 200


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with virtuoso(DATA, tmp_path_factory.mktemp("virtuoso"), rows=ROWS) as url:
        yield url


@pytest.fixture(scope="module")
def client(engine: str) -> Iterator[TestClient]:
    with over(engine) as client:
        yield client


@pytest.fixture(scope="module")
def confined(engine: str) -> Iterator[TestClient]:
    """The same, over one graph alone."""
    with over(engine, f"{EX}g") as client:
        yield client


def over(engine: str, *graphs: str) -> TestClient:
    limits = Limits(deadline=3.0, fast_slice=2.0, stranger_workers=1, budget=1000.0, kept=1)
    nowhere = Path("/nowhere")
    app = application(
        nowhere, snapshot=nowhere, triples=0, url="http://127.0.0.1/", limits=limits, service=engine, only=graphs
    )
    return TestClient(app, base_url="http://127.0.0.1")


def ask(client: TestClient, query: str, accept: str = "*/*") -> Any:
    return client.get("/sparql", params={"query": query}, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "words"),
    [
        ("application/sparql-results+json", '"datatype":"http://www.w3.org/2001/XMLSchema#integer"'),
        ("application/sparql-results+xml", f'<literal datatype="{XSD}integer">7</literal>'),
        ("text/csv", "o\r\n7\r\n"),
        ("text/tab-separated-values", "?o\n7\n"),
    ],
)
def test_rows_come_as_the_specifications_have_them(client: TestClient, accept: str, words: str) -> None:
    """It would write `typed-literal` in JSON, and other types than its own in TSV."""
    response = ask(client, f"SELECT ?o {{ <{EX}s7> ?p ?o }}", accept)
    assert (response.status_code, words in response.text) == (200, True), response.text


def test_a_boolean_is_one(client: TestClient) -> None:
    assert ask(client, f"ASK {{ <{EX}s7> ?p 7 }}").json()["boolean"] is True
    assert ask(client, f"ASK {{ <{EX}s7> ?p 8 }}", "text/csv").text == "false\r\n"


def test_a_graph_comes_in_every_format_with_names_of_blank_nodes_that_parsers_take(client: TestClient) -> None:
    for media_type in ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"):
        response = ask(client, f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{EX}g> {{ ?s ?p ?o }} }}", media_type)
        format = ox.RdfFormat.from_media_type(media_type)
        found = list(ox.parse(response.content, format=format, base_iri=EX))
        assert len(found) == 2, response.text
        assert found[0].object == found[1].subject or found[1].object == found[0].subject


@pytest.mark.parametrize("query", ["SELECT ?s { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_what_it_cuts_is_an_error(client: TestClient, query: str) -> None:
    response = ask(client, query)
    assert response.status_code == 413
    assert f"gives {ROWS} rows at most" in response.json()["detail"]


def test_what_it_has_no_time_for_is_an_error_and_not_a_part(client: TestClient) -> None:
    product = " ".join(f"?a{n} ?p{n} ?b{n} ." for n in range(4))
    response = ask(client, f"SELECT (COUNT(*) AS ?n) {{ {product} }}")
    assert response.status_code in (502, 504), response.text
    assert response.json()["detail"].startswith("The engine of this site ")


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_who_gives_an_expression_no_name_is_told_to(client: TestClient, accept: str) -> None:
    """It takes the query, and calls the column by a name that SPARQL does not know."""
    response = ask(client, "SELECT COUNT(?s) { ?s ?p ?o }", accept)
    assert (response.status_code, response.json()["reasons"]) == (400, [{"kind": "unnamed"}])


def test_an_iri_that_is_none_is_told_as_what_it_is(client: TestClient) -> None:
    response = ask(client, 'SELECT (IRI("foo") AS ?x) {}')
    assert response.status_code == 502
    assert "names something by an IRI that is none: " in response.json()["detail"]
    assert "later" not in response.json()["detail"]


def test_a_query_that_it_does_not_understand_is_its_asker_s_fault(client: TestClient) -> None:
    response = ask(client, "SELECT ?s { ?s ?p }")
    assert response.status_code == 400
    assert "refuses the query: Virtuoso 37000 Error SP030" in response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?s ?p", "line 1: syntax error at '}'"),
        ("SELECT * {\n ?s ?p ?o\n", "line 2: syntax error"),
        ("SELECT *\n{ ?s foo:x ?o\n}", "line 2: Undefined namespace prefix at 'foo' before '?o'"),
    ],
)
def test_a_fault_is_told_by_its_line_in_the_query_that_was_asked(confined: TestClient, query: str, said: str) -> None:
    """It reads settings before each query and a line behind it, and repeats all of that."""
    response = ask(confined, query)
    words = f"The engine refuses the query: Virtuoso 37000 Error SP030: SPARQL compiler, {said}"
    assert (response.status_code, response.json()["detail"]) == (400, words)


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?o {{ ?s <{EX}n> ?o }} LIMIT 9",
        f"SELECT ?o {{ GRAPH ?g {{ ?s <{EX}n> ?o }} }} LIMIT 9",
        f"SELECT ?o {{ GRAPH <{EX}many> {{ ?s <{EX}n> ?o }} }} LIMIT 9",
        f"SELECT ?o {{ {{ SELECT ?o {{ GRAPH <{EX}many> {{ ?s <{EX}n> ?o }} }} }} }} LIMIT 9",
        f"SELECT ?o {{ OPTIONAL {{ GRAPH <{EX}many> {{ ?s <{EX}n> ?o }} }} }} LIMIT 9",
        f"SELECT ?o FROM <{EX}many> {{ ?s <{EX}n> ?o }} LIMIT 9",
        f"SELECT ?o FROM NAMED <{EX}many> {{ GRAPH ?g {{ ?s <{EX}n> ?o }} }} LIMIT 9",
        f"SELECT ?o USING <{EX}many> {{ ?s <{EX}n> ?o }} LIMIT 9",
        f"SELECT ?o {{ {{ SELECT ?o FROM <{EX}many> {{ ?s <{EX}n> ?o }} }} }} LIMIT 9",
    ],
)
@pytest.mark.parametrize("named", [(), ("default",), ("named",), ("default", "named")])
def test_other_graphs_than_those_that_are_named_stay_hidden(
    confined: TestClient, query: str, named: tuple[str, ...]
) -> None:
    """It reads those of a FROM beside those of the request, and any where a request names no graph for GRAPH."""
    dataset = {f"{each}-graph-uri": f"{EX}g" for each in named}
    response = confined.get("/sparql", params={"query": query, **dataset})
    assert response.status_code == 403 or not any(response.json()["results"]["bindings"]), response.text


FETCH = """SELECT (<SPARQL_EVAL>(CONCAT("SELECT (b", "if:http_get('{url}') AS ?y) {{}}"), "", 10) AS ?y) {{}}"""


def test_what_it_would_take_for_a_procedure_never_reaches_it(engine: str, client: TestClient) -> None:
    fetched: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(204)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Noting) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        query = FETCH.format(url=f"http://127.0.0.1:{other.server_port}/here")
        response = ask(client, query)
        assert (response.status_code, fetched) == (403, []), response.text
        with suppress(OSError):
            urllib.request.urlopen(f"{engine}?{urllib.parse.urlencode({'query': query})}", timeout=20).close()
        assert fetched == ["/here"]
        other.shutdown()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<RDF_QNAME_OF_IRI>('x') AS ?o) {}",
        "PREFIX x: <XML_URI_> SELECT (x:GET # one\n ('', 'http://127.0.0.1:1/') AS ?o) {}",
        "SELECT ?s { ?s ?p ?o } ORDER BY <TTLP>('<x:a> <x:b> 1 .', '', 'x:g')",
        "SELECT ?o { ?s ?p ?o OPTION (TABLE_OPTION 'loop') } LIMIT 1",
        "SELECT # a\r ''' \n (<RDF_QNAME_OF_IRI>('x') AS ?o) {} # '''",
    ],
)
def test_its_extensions_are_refused(client: TestClient, query: str) -> None:
    response = ask(client, query)
    assert response.status_code == 403, response.text


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (f"SELECT (xsd:integer('7') AS ?o) {{ <{EX}s7> ?p 7 }}", "7"),
        (f"PREFIX x: <{XSD}> SELECT (SUM(x:integer(?n)) AS ?o) {{ ?s <{EX}n> ?n FILTER(?n < (2+1)) }}", "3"),
        (f"SELECT ?o {{ <{EX}a> <{EX}has>/(<{EX}name>|^<{EX}none>) ?o }}", "two"),
        (
            "SELECT (COUNT(DISTINCT ?s) AS ?o) { ?s ?p ?n FILTER EXISTS { ?s ?p 7 } } GROUP BY ?n HAVING (MAX(?n) > 0)",
            "1",
        ),
        (f"SELECT ?o {{ VALUES (?o) {{ (1) }} FILTER NOT EXISTS {{ ?s (<{EX}n>) (1 2) }} }}", "1"),
        (f"SELECT (CONCAT(STR(?n), ' f(x)') AS ?o) {{ <{EX}s7> <{EX}n> ?n }} ORDER BY DESC(?n)", "7 f(x)"),
    ],
)
def test_what_is_of_sparql_goes_through(client: TestClient, query: str, value: str) -> None:
    response = ask(client, query)
    assert [each["o"]["value"] for each in response.json()["results"]["bindings"]] == [value], response.text
