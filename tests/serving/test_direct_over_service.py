"""Plain queries to a site over a service: passed on with all limits, and answered the same by both ways."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from plain import JSON, MANY, got, long_way, nameless, numbers, posted, sent
from processes import Asked, Serving, dateless, everything, request

from services import RESULTS, Manners, mannered

QUADS = list(
    ox.parse(
        """
        PREFIX ex: <https://example.org/id/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        ex:ada rdfs:label "Ada"@en ; ex:made [ rdfs:label "Notes" ] .
        GRAPH ex:g { ex:ada ex:born 1815 }
        """,
        format=ox.RdfFormat.TRIG,
    )
)
LAST = b"GET /404.html HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n"
"""For a file that is there: a page would ask the service."""
BORN = "SELECT ?n { GRAPH ?g { ?s <https://example.org/id/born> ?n } }"
ROWS = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"uri","value":"x:a"}}]}}'
PROBE = "ASK {}"
"""What the service is asked to find out whether it answers at all; our clients write it otherwise."""
TYPE = {"Content-Type": RESULTS}
BUSY = (503, {"Retry-After": "60"}, b"full")

ANSWERED = {
    "GET": got(BORN),
    "form": posted(BORN),
    "query": sent(BORN),
    "no Accept": sent(BORN, b""),
    "XML": posted(BORN, b"Accept: application/sparql-results+xml\r\n"),
    "CSV": posted(BORN, b"Accept: text/*;q=0.9, */*;q=0.1\r\n"),
    "an Accept that is none": posted(BORN, b"Accept: ;;,\r\n"),
    "format": got(BORN, format="tsv"),
    "graph": sent("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", b"Accept: text/turtle\r\n"),
    "boolean": posted("ASK { }"),
    "dataset": posted("ASK { }", **{"default-graph-uri": "https://example.org/id/g", "named-graph-uri": "x:none"}),
    "dataset in the address": sent("ASK { }", target=b"/sparql?default-graph-uri=x%3Anone"),
    "large": posted(MANY % (numbers(40), numbers(40))),
    "beyond a megabyte": posted(MANY % (numbers(100), numbers(100))),
    "packed": posted(MANY % (numbers(20), numbers(20)), JSON + b"Accept-Encoding: gzip\r\n"),
    "long": posted("ASK {} #" + "x" * 60_000),
    "long address": got("ASK {} #" + "x" * 12_000),
    "browser": posted("ASK { }", b"Accept: text/html,*/*;q=0.8\r\n"),
    "close": posted(BORN, JSON + b"Connection: close\r\n"),
    "head alone": got(BORN).replace(b"GET", b"HEAD", 1),
}
REFUSED = {
    "no query": request(b"GET /sparql", JSON),
    "syntax": posted("SELECT {"),
    "other host": posted("ASK { SERVICE <http://192.0.2.1/> {} }"),
    "load": posted("LOAD <http://192.0.2.1/>"),
    "update": posted("CLEAR ALL"),
    "pragma": posted("DEFINE get:soft 'soft' SELECT * {}"),
    "too long": posted("ASK {} #" + "x" * 70_000),
    "too long an address": got("ASK {} #" + "x" * 20_000),
    "format": posted("ASK { }", b"Accept: image/png\r\n"),
    "format of a graph": posted("CONSTRUCT WHERE { ?s ?p ?o }"),
    "graph": posted("ASK { }", **{"named-graph-uri": "none"}),
}
REPLIES = {
    "fault": (500, {"Content-Type": "text/html"}, b"<h1>Oops</h1>"),
    "not understood": (400, {}, b"syntax error"),
    "not allowed": (401, {}, b""),
    "elsewhere": (302, {"Location": "http://127.0.0.1:1/"}, b""),
    "busy": BUSY,
    "a page": (200, {"Content-Type": "text/html"}, b"<title>Log in</title>"),
    "an error with 200": (200, {"Content-Type": "text/plain"}, b"Transaction timed out"),
    "cut": (200, TYPE, ROWS[:-3]),
    "text behind": (200, TYPE, ROWS + b"\nERROR: out of memory"),
    "nothing": (200, TYPE, b""),
    "a part": (200, {**TYPE, "X-SQL-State": "S1TAT"}, ROWS),
    "too few rows": (200, {**TYPE, "X-SPARQL-MaxRows": "1"}, ROWS),
    "packed by nobody": (200, {**TYPE, "Content-Encoding": "gzip"}, ROWS),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[tuple[str, Manners]]:
    manners = Manners()
    with mannered(QUADS, manners) as url:
        yield url, manners


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("project")
    return folder


@pytest.fixture(scope="module")
def served(engine: tuple[str, Manners], project: Path) -> Iterator[Serving]:
    serving = Serving(str(project), "--store", engine[0], "--limit", "deadline=5")
    yield serving
    assert serving.stop() == 0


@pytest.fixture
def manners(engine: tuple[str, Manners]) -> Iterator[Manners]:
    engine[1].bodies.clear()
    yield engine[1]
    engine[1].replies, engine[1].pause = [], 0.0


@pytest.fixture
def asked(served: Serving) -> Asked:
    return Asked(served)


def of(message: bytes, client: int) -> bytes:
    """Return a request as that of another client, which a proxy tells of."""
    line, _, rest = message.partition(b"\r\n")
    return line + b"\r\nX-Forwarded-For: 192.0.2.%d\r\n" % client + rest


def queries(manners: Manners) -> list[dict[str, list[str]]]:
    """Return what the service was asked by clients; when a machine stands still, it is asked whether it is there."""
    return [each for each in manners.bodies if each != {"query": [PROBE]}]


@pytest.mark.parametrize("message", [*ANSWERED.values(), *REFUSED.values()], ids=[*ANSWERED, *REFUSED])
def test_both_ways_send_the_same_bytes_and_ask_the_service_the_same(
    asked: Asked, manners: Manners, message: bytes
) -> None:
    plain = asked(message + LAST)
    passed_on = queries(manners)
    assert plain.startswith(b"HTTP/1.1 200" if message in ANSWERED.values() else b"HTTP/1.1 4"), plain
    assert nameless(plain) == nameless(asked(long_way(message) + LAST))
    assert queries(manners) == passed_on * 2


@pytest.mark.parametrize(("client", "reply"), [*enumerate(REPLIES.values(), 10)], ids=REPLIES)
def test_both_ways_say_the_same_of_what_the_service_does_wrong(
    asked: Asked, manners: Manners, client: int, reply: Any
) -> None:
    # What a service gives up is paid for: each reply goes to a client of its own.
    # A cap on rows that the service has not named before is asked for twice.
    manners.replies = [reply] * (3 if "X-SPARQL-MaxRows" in reply[1] else 2)
    plain, other = (asked(of(each(posted(BORN)), client) + LAST) for each in (bytes, long_way))
    assert not plain.startswith(b"HTTP/1.1 200")
    assert nameless(plain) == nameless(other)
    assert not manners.replies


def test_an_answer_that_breaks_off_is_asked_for_four_times(asked: Asked, manners: Manners) -> None:
    manners.replies = [(200, {**TYPE, "Content-Length": "9999", "Connection": "close"}, ROWS)] * 9
    assert asked(posted(BORN) + LAST).startswith(b"HTTP/1.1 502")
    assert len(queries(manners)) == 4


def test_nothing_is_kept_of_data_that_change(asked: Asked, manners: Manners) -> None:
    for reply in (ROWS, ROWS.replace(b"x:a", b"x:b"), ROWS.replace(b"x:a", b"x:c")):
        # By XML a worker writes the answer, as for our own engine; by JSON it goes through.
        for accept in (JSON, b"Accept: application/sparql-results+xml\r\n"):
            manners.replies = [(200, TYPE, reply)]
            answer = asked(got(BORN, accept) + LAST)
            assert reply[74:77] in answer
            assert b"etag:" not in answer.partition(b"\r\n\r\n")[0]
    assert len(queries(manners)) == 6


@pytest.mark.parametrize("way", [bytes, long_way])
def test_nobody_pays_for_a_service_that_is_busy(asked: Asked, manners: Manners, way: Any) -> None:
    for _ in range(5):
        manners.replies = [BUSY]
        answer = asked(of(way(posted(BORN)), 1 + (way is bytes)) + LAST)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"is busy" in answer
    assert asked(of(way(posted(BORN)), 1 + (way is bytes)) + LAST).startswith(b"HTTP/1.1 200")


def test_the_deadline_ends_a_query_and_its_asker_pays(engine: tuple[str, Manners], project: Path) -> None:
    url, manners = engine
    limits = [part for each in ("deadline=0.7", "budget=1", "refill=0.01") for part in ("--limit", each)]
    serving = Serving(str(project), "--store", url, *limits)
    manners.pause = 4.0
    try:
        asked = Asked(serving)
        for number, way in enumerate((bytes, long_way)):
            began = time.monotonic()
            answers = [asked(of(way(posted(BORN)), number) + LAST) for _ in range(4)]
            assert time.monotonic() - began < 4
            assert [each[9:12] for each in answers] == [b"504", b"504", b"504", b"429"]
    finally:
        manners.pause = 0.0
        serving.stop()


@pytest.mark.parametrize("way", [bytes, long_way])
def test_who_hangs_up_has_no_query_any_more(asked: Asked, manners: Manners, way: Any) -> None:
    manners.pause = 2.0
    with asked.connect() as connection:
        connection.sendall(of(way(posted(BORN)), 3) + 2 * request(b"GET /404.html"))
        time.sleep(0.3)
        assert asked.metric('queries{lane="fast"}') == 1
    began = time.monotonic()
    while asked.metric('queries{lane="fast"}') + asked.metric('queries{lane="slow"}'):
        assert time.monotonic() - began < 1.5
        time.sleep(0.05)


def test_who_waits_when_the_server_stops_is_told_so(engine: tuple[str, Manners], project: Path) -> None:
    url, manners = engine
    serving = Serving(str(project), "--store", url)
    asked = Asked(serving)
    manners.pause = 10.0
    try:
        with asked.connect() as short, asked.connect() as long:
            short.sendall(posted(BORN))
            long.sendall(long_way(posted(BORN)))
            time.sleep(0.3)
            began = time.monotonic()
            assert serving.stop() == 0
            assert time.monotonic() - began < 3
            answers = {dateless(everything(each)) for each in (short, long)}
    finally:
        manners.pause = 0.0
    assert len(answers) == 1
    answer = answers.pop()
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"The server is being stopped." in answer
