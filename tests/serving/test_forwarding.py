"""The endpoint over a service elsewhere: the protections of our front, and answers that are whole or an error."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from communique.serving import pulse
from communique.serving.app import application
from communique.serving.limits import Limits
from services import RESULTS, Manners, mannered

DATA = """
PREFIX ex: <http://example.org/>
ex:a ex:p 1, "two"@en ; ex:has [ ex:name "X" ] .
GRAPH ex:g { ex:b ex:p 2 }
"""
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))
ALL = "SELECT ?o { ?s <http://example.org/p> ?o }"
ROWS = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"uri","value":"x:a"}}]}}'
YES = b'{"head":{},"boolean":true}'
JSON = {"Content-Type": RESULTS}
PROBLEM = {"Content-Type": "application/problem+json"}
LIMITS = Limits(deadline=1.5, fast_slice=1.0, stranger_workers=1, budget=1000.0, result=1 << 20, kept=1)


@pytest.fixture(scope="module")
def manners() -> Manners:
    return Manners()


@pytest.fixture(scope="module")
def served(manners: Manners, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    site: Path = tmp_path_factory.mktemp("site")
    (site / "queries").mkdir()
    (site / "queries/completion.json").write_text('{"prefixes": {"ex": "http://example.org/", "foaf": "http://f/"}}')
    with mannered(QUADS, manners) as url:
        app = application(site, snapshot=site, triples=0, url="http://127.0.0.1:8000/", limits=LIMITS, service=url)
        with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
            yield client


@pytest.fixture
def client(served: TestClient, manners: Manners) -> TestClient:
    manners.replies, manners.requests, manners.headers = [], [], []
    return served


def ask(client: TestClient, query: str = ALL, **options: Any) -> Any:
    return client.get("/sparql", params={"query": query}, **options)


def problem(response: Any) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["detail"]


def test_a_graph_is_written_with_the_prefixes_of_its_query_and_of_the_site(client: TestClient) -> None:
    turtle = {"Accept": "text/turtle"}
    query = "CONSTRUCT WHERE { ?s <http://example.org/p> 1 }"
    found = ask(client, query, headers=turtle).text
    assert found == "@prefix ex: <http://example.org/> .\n\nex:a ex:p 1 .\n"
    own = ask(client, f"PREFIX e: <http://example.org/> {query}", headers=turtle).text
    assert own == "@prefix e: <http://example.org/> .\n\ne:a e:p 1 .\n"
    assert ask(client, query, headers={"Accept": "application/n-triples"}).text.startswith("<http://example.org/a>")


@pytest.mark.parametrize(
    ("query", "accept", "media_type", "words"),
    [
        (ALL, "*/*", RESULTS, '"value":"two"'),
        (
            ALL,
            "application/sparql-results+xml",
            "application/sparql-results+xml",
            '<literal xml:lang="en">two</literal>',
        ),
        (ALL, "text/csv", "text/csv", "two\r\n"),
        (ALL, "text/tab-separated-values", "text/tab-separated-values", '"two"@en\n'),
        ("ASK { ?s ?p 1 }", "text/csv", "text/csv", "true"),
        ("ASK { ?s ?p 3 }", RESULTS, RESULTS, '"boolean":false'),
        ("DESCRIBE <http://example.org/a>", "text/turtle", "text/turtle", '"two"@en'),
        ("DESCRIBE <http://example.org/a>", "application/n-triples", "application/n-triples", '"two"@en'),
        ("DESCRIBE <http://example.org/a>", "application/ld+json", "application/ld+json", '"@language":"en"'),
        ("DESCRIBE <http://example.org/a>", "application/rdf+xml", "application/rdf+xml", 'xml:lang="en"'),
    ],
)
def test_a_format_is_to_be_had_whatever_the_service_offers(
    client: TestClient, query: str, accept: str, media_type: str, words: str
) -> None:
    response = ask(client, query, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert words in response.text


@pytest.mark.parametrize(
    ("reply", "query", "accept", "words"),
    [
        (
            ROWS.replace(b"x:a", rb"\u0001").replace(b"uri", b"literal"),
            ALL,
            "application/sparql-results+xml",
            "U+0001. JSON",
        ),
        (b'<x:a> <x:b> "\x01" .', "DESCRIBE <x:a>", "application/rdf+xml", "U+0001. Turtle"),
        (b'<x:a> <x:p/1> "b" .', "DESCRIBE <x:a>", "application/rdf+xml", "<x:p/1>: it does not end in a name."),
        (b"<x:a> <x:b> <<( <x:a> <x:b> <x:c> )>> .", "DESCRIBE <x:a>", "application/ld+json", "triple terms. Turtle"),
    ],
)
def test_what_a_format_cannot_hold_of_an_answer_is_an_error(
    client: TestClient, manners: Manners, reply: bytes, query: str, accept: str, words: str
) -> None:
    manners.replies = [(200, JSON if query == ALL else {"Content-Type": "application/n-triples"}, reply)]
    status, detail = problem(ask(client, query, headers={"Accept": accept}))
    assert (status, words in detail) == (406, True), detail


def test_what_the_service_gives_as_it_is_wanted_goes_through_unchanged(client: TestClient, manners: Manners) -> None:
    odd = ROWS.replace(b'"head":', b'"head" :') + b"\n"
    manners.replies = [(200, JSON, odd)]
    assert ask(client).content == odd


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 403),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        ("LOAD <http://127.0.0.1:1/>", 403),
        ("ASK {} ; INSERT DATA { <x:a> <x:b> <x:c> }", 403),
        ("ASK {} ; INS\\u0045RT DATA { <x:a> <x:b> <x:c> }", 403),
        ("DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }", 403),
        ("MODIFY <x:g> DELETE { ?s ?p ?o } INSERT {} FROM <x:g> { ?s ?p ?o }", 403),
        ("SELECT (bif:http_get('http://127.0.0.1:1/') AS ?x) {}", 403),
        ("PREFIX b: <bif:> SELECT (b:sleep(9) AS ?x) {}", 403),
        ("SELECT (<sql:x>() AS ?x) {}", 403),
        ("SELECT * FROM <x:g> OPTION (get:soft 'soft') { ?s ?p ?o }", 403),
        ("SELECT (<TTLP>('<x:a> <x:b> 1 .', '', 'x:g') AS ?x) {}", 403),
        ("ASK { ?s ?p ?o } # \r ''' \n ; INSERT DATA { <x:a> <x:b> 1 } # '''", 403),
        ("SELECT * { ?s ?p ?o OPTION (TABLE_OPTION 'loop') }", 403),
        ("EXPLAIN SELECT * {}", 403),
        ("hello", 400),
        ("SELEC * { ?s ?p ?o }", 400),
        ("# SELECT\n INS\\u0045RT { ?s ?p 1 } WHERE { ?s ?p ?o }", 403),
        ("CREATE GRAPH <x:g>", 403),
        ("sql:x()", 403),
        ("", 400),
        ("SELECT * " + "{" * 300 + "}" * 300, 400),
        ("SELECT * {} #" + "x" * 70_000, 413),
    ],
)
def test_what_is_not_sure_to_read_alone_is_never_sent(
    client: TestClient, manners: Manners, query: str, status: int
) -> None:
    response = client.post("/sparql", data={"query": query})
    assert problem(response)[0] == status
    assert manners.requests == []


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX ex: <http://example.org/delete#> SELECT ?insert { ?insert ex:drop 'CLEAR ALL' } # load",
        "BASE <x:> # one\nASK { <a> ?p '''service''' }",
        "SELECT * { ?s ?p ?o . ?o bif:contains 'word' }",
    ],
)
def test_words_that_mean_nothing_are_no_matter(client: TestClient, manners: Manners, query: str) -> None:
    manners.replies = [(200, JSON, ROWS)]
    assert ask(client, query).status_code == 200
    assert manners.requests == [query]


def test_who_calls_a_function_of_an_engine_is_told_which_and_how_a_list_is_written(client: TestClient) -> None:
    status, detail = problem(ask(client, "ASK { FILTER(<http://example.org/f> (1)) }"))
    assert (status, detail.startswith("<http://example.org/f> is refused")) == (403, True)
    assert "(ex:property) (1 2)" in detail


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        ((500, {"Content-Type": "text/html"}, b"<h1>Oops</h1> no disk"), 502, r"answered 500: Oops no disk"),
        ((400, {}, b"Virtuoso 37000 Error SP030: syntax error"), 400, "refuses the query: Virtuoso 37000"),
        ((400, PROBLEM, b'{"detail": "error at 1:9"}'), 400, "refuses the query: error at 1:9"),
        ((400, PROBLEM, b'{"title": "Bad'), 400, 'refuses the query: {"title": "Bad'),
        ((413, {}, b"too many rows"), 413, "refuses the query: too many rows"),
        ((401, {}, b""), 502, "answered 401"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), 502, "answered 302. Name the address http://127.0.0.1:1/"),
        ((200, {"Content-Type": "text/html"}, b"<title>Log in</title>"), 502, "text/html instead of results: Log in"),
        ((200, {"Content-Type": "text/plain"}, b"Transaction timed out"), 502, "results: Transaction timed out"),
        ((200, {**JSON, "X-SQL-State": "S1TAT", "X-SQL-Message": "timed out"}, ROWS), 504, "a part of the answer"),
        ((500, {}, b"Virtuoso 07S01 Error VEC: Required argument DELIM"), 502, "Virtuoso 07S01 Error VEC: Required"),
        ((206, JSON, ROWS), 502, "answered 206"),
        ((504, {}, b"upstream timed out"), 504, "answered 504: upstream timed out"),
        ((200, JSON, ROWS[:-3]), 502, "damaged or was cut"),
        ((200, JSON, ROWS + b"\nERROR: out of memory"), 502, "damaged or was cut"),
        ((200, JSON, b""), 502, "damaged or was cut"),
        ((200, JSON, ROWS[:-3] + b" " * (1 << 20) + ROWS[-3:]), 413, "more than 1 MiB"),
    ],
)
def test_what_the_service_does_wrong_is_told_to_the_operator_and_what_it_means_to_the_asker(
    client: TestClient,
    manners: Manners,
    reply: Any,
    status: int,
    words: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    manners.replies = [reply]
    found, detail = problem(ask(client))
    assert found == status
    assert len(manners.requests) == 1
    assert "127.0.0.1" not in detail
    if status in (400, 413):
        assert words in detail
    else:
        logged = capfd.readouterr().err
        assert words in logged
        assert "http://127.0.0.1:" in logged
        assert detail.rpartition(" ")[2].rstrip(".") in logged


def test_an_asker_is_told_that_the_service_gives_so_many_rows(
    client: TestClient, manners: Manners, capfd: pytest.CaptureFixture[str]
) -> None:
    manners.replies = [(200, {**JSON, "X-SPARQL-MaxRows": "1"}, ROWS)] * 2
    status, detail = problem(ask(client))
    assert status == 413
    assert "gives 1 rows at most. Ask for less, in pages" in detail
    assert "cuts answers at 1 rows" in capfd.readouterr().err


def test_rows_that_the_service_cuts_once_and_not_again_are_given(client: TestClient, manners: Manners) -> None:
    """Virtuoso now and then takes the number of another setting for its cap where several ask at once."""
    whole = ask(client).content
    manners.replies = [(200, {**JSON, "X-SPARQL-MaxRows": "2"}, ROWS)]
    assert ask(client).content == whole != ROWS
    assert not manners.replies


def test_who_asks_what_the_service_cannot_evaluate_is_told_to_write_it_otherwise(
    client: TestClient, manners: Manners
) -> None:
    manners.replies = [(500, {}, b"Virtuoso 07S01 Error VEC: Required argument DELIM\n\nSPARQL query:\ndefine x")]
    response = ask(client)
    first, logged = response.json()["reasons"]
    assert (response.status_code, logged["kind"]) == (502, "logged")
    assert first == {"kind": "engine-cannot", "said": "Virtuoso 07S01 Error VEC: Required argument DELIM."}
    assert "again" not in response.json()["detail"]


def test_a_service_that_is_busy_is_asked_again(client: TestClient, manners: Manners) -> None:
    manners.replies = [(503, {"Retry-After": "1"}, b"")]
    began = time.monotonic()
    assert ask(client).status_code == 200
    assert time.monotonic() - began >= 1
    assert len(manners.requests) == 2


def test_a_service_that_stays_busy_is_an_error_with_a_time_to_come_back(client: TestClient, manners: Manners) -> None:
    manners.replies = [(503, {"Retry-After": "60"}, b"full")] * 9
    response = ask(client)
    assert problem(response) == (503, response.json()["detail"])
    assert "is busy" in response.json()["detail"]
    assert response.headers["retry-after"] == "5"
    assert len(manners.requests) == 1


def test_an_answer_that_breaks_off_is_asked_for_again_and_then_an_error(
    client: TestClient, manners: Manners, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = (200, {**JSON, "Content-Length": "9999", "Connection": "close"}, ROWS)
    manners.replies = [broken]
    assert ask(client).status_code == 200
    manners.replies = [broken] * 9
    assert problem(ask(client))[0] == 502
    logged = capfd.readouterr().err
    assert "broke its answer off: peer closed connection" in logged
    assert "running?" not in logged


def test_at_the_deadline_the_request_is_cut_off(slow: "Slow") -> None:
    with application_over(slow.url) as client:
        began = time.monotonic()
        status, detail = problem(ask(client))
        assert (status, "did not answer in time" in detail) == (504, True), detail
        assert time.monotonic() - began < 5
        assert slow.gone.wait(5)


def test_an_endless_answer_is_cut_off_at_its_limit(slow: "Slow") -> None:
    slow.flood = True
    with application_over(slow.url) as client:
        assert problem(ask(client))[0] == 413
        assert slow.gone.wait(5)


def test_nobody_listening_is_said_as_often_as_it_is_asked() -> None:
    limits = replace(LIMITS, budget=0.5, fast_slice=0.1)
    with application_over("http://127.0.0.1:1/sparql", limits=limits) as client:
        for _ in range(4):
            status, detail = problem(ask(client))
            assert (status, "cannot be reached at the moment" in detail) == (503, True), detail


def test_some_graphs_alone_can_be_read() -> None:
    manners = Manners()
    with mannered(QUADS, manners) as url, application_over(url, only=("http://example.org/g",)) as client:
        ask(client)
        asked = manners.bodies[-1]
        assert asked["default-graph-uri"] == asked["named-graph-uri"] == ["http://example.org/g"]
        other = client.get("/sparql", params={"query": ALL, "default-graph-uri": "http://example.org/h"})
        assert problem(other)[0] == 403
        assert len(manners.bodies) == 1
        client.get("/sparql", params={"query": ALL, "default-graph-uri": "http://example.org/g"})
        asked = manners.bodies[-1]
        assert asked["default-graph-uri"] == asked["named-graph-uri"] == ["http://example.org/g"]


@pytest.mark.parametrize("clause", ["FROM <http://example.org/h>", "from named<http://example.org/h>", "USING <x:h>"])
def test_a_query_names_no_graphs_where_only_some_can_be_read(clause: str) -> None:
    manners = Manners()
    with mannered(QUADS, manners) as url, application_over(url, only=("http://example.org/g",)) as client:
        status, detail = problem(ask(client, f"SELECT ?o {clause} {{ ?s ?p ?o }}"))
        assert (status, "not by FROM" in detail) == (403, True), detail
        assert ask(client, "SELECT ?from { ?from ?p 'from' } # using").status_code == 200
    assert len(manners.bodies) == 1


def test_the_dataset_of_the_protocol_is_passed_on(client: TestClient, manners: Manners) -> None:
    client.get("/sparql", params={"query": ALL, "named-graph-uri": "http://example.org/g"})
    assert manners.bodies[-1]["named-graph-uri"] == ["http://example.org/g"]
    assert "default-graph-uri" not in manners.bodies[-1]


def test_the_description_says_nothing_of_an_engine_that_is_not_ours(client: TestClient) -> None:
    said = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "supportedLanguage" in said
    assert "UnionDefaultGraph" not in said
    assert "geosparql" not in said


def test_four_queries_of_one_client_at_once_are_enough(slow: "Slow") -> None:
    with application_over(slow.url) as client:
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(ask(client).status_code)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses.count(429) == 2
        assert slow.most <= 4


def test_a_silent_engine_is_found_out_and_refused_at_once_until_it_answers_anything(
    slow: "Slow", monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pulse, "PATIENCE", 0.4)
    with application_over(slow.url, limits=replace(LIMITS, deadline=3.0, fast_slice=0.2)) as client:
        first: list[int] = []
        waiting = threading.Thread(target=lambda: first.append(ask(client).status_code))
        waiting.start()
        time.sleep(1.2)
        asked = slow.asked
        for _ in range(20):
            began = time.monotonic()
            response = ask(client)
            assert problem(response) == (503, "The engine of this site does not answer at the moment.")
            assert response.headers["retry-after"] == "5"
            assert time.monotonic() - began < 0.3
        assert slow.asked <= asked + 4  # one question at a time finds out, for all
        waiting.join()
        assert first == [504]
        slow.answers = b"query="
        began = time.monotonic()
        while ask(client).status_code != 200:
            assert time.monotonic() - began < 2
    assert capfd.readouterr().err.count("answers nothing. Queries are refused until it does.") == 1


def test_a_silence_that_was_noted_long_ago_refuses_nobody_before_the_engine_was_asked_again(
    slow: "Slow", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "PATIENCE", 0.2)
    monkeypatch.setattr(pulse, "BELIEVED", 0.5)
    with application_over(slow.url, limits=replace(LIMITS, deadline=1.0, fast_slice=0.1)) as client:
        assert ask(client).status_code == 504
        assert ask(client).status_code == 503
        slow.answers = b"query="
        time.sleep(1)
        assert ask(client).status_code == 200


def test_a_query_that_takes_long_refuses_nobody_as_long_as_the_engine_answers_others(
    slow: "Slow", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "PATIENCE", 0.2)
    slow.answers = b"ASK"
    with application_over(slow.url, limits=replace(LIMITS, fast_slice=0.1)) as client:
        first: list[int] = []
        waiting = threading.Thread(target=lambda: first.append(ask(client).status_code))
        waiting.start()
        time.sleep(0.8)
        assert slow.asked == 2
        assert ask(client, "ASK {}").status_code == 200
        waiting.join()
        assert first == [504]


def test_whom_an_engine_has_no_room_for_that_answers_nobody_pays_nothing(slow: "Slow") -> None:
    limits = replace(LIMITS, deadline=3.0, fast_slice=0.1, slow_lane=1, budget=0.5)
    with application_over(slow.url, limits=limits) as client:
        waiting = threading.Thread(target=lambda: ask(client))
        waiting.start()
        time.sleep(0.3)
        for _ in range(4):
            assert problem(ask(client)) == (503, "The lane for expensive queries is full. Try again in a moment.")
        waiting.join()


class Slow:
    """A service that answers nothing, or without an end, and notices when its client has gone.

    It answers what has some bytes in it, if these are set.
    """

    def __init__(self) -> None:
        self.url, self.flood, self.gone, self.most, self._now = "", False, threading.Event(), 0, 0
        self.answers, self.asked = b"", 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            body = await reader.readexactly(int(re.findall(rb"(?i)content-length: *([0-9]+)", head)[0]))
            if self.answers and self.answers in body:
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n\r\n"
                writer.write(head + (YES if b"ASK" in body else ROWS))
                return
            if self.flood:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n")
                while True:
                    writer.write(b" " * 65536)
                    await writer.drain()
            while await reader.read(65536):
                pass
            self.gone.set()
        except ConnectionError:
            self.gone.set()
        finally:
            self._now -= 1
            writer.close()


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow, loop, ready = Slow(), asyncio.new_event_loop(), threading.Event()

    async def run() -> None:
        server = await asyncio.start_server(slow.serve, "127.0.0.1", 0)
        slow.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sparql"
        ready.set()
        await stopped
        server.close()

    stopped = loop.create_future()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    ready.wait(10)
    yield slow
    loop.call_soon_threadsafe(stopped.set_result, None)
    thread.join()
    loop.close()


def application_over(url: str, only: tuple[str, ...] = (), limits: Limits = LIMITS) -> TestClient:
    app = application(
        Path("/nowhere"), snapshot=Path("/nowhere"), triples=0, url="http://127.0.0.1:8000/", limits=limits,
        service=url, only=only,
    )  # fmt: skip
    return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)


def test_results_that_are_whole_are_json(client: TestClient) -> None:
    assert {each["o"]["value"] for each in json.loads(ask(client).content)["results"]["bindings"]} == {"1", "two"}
