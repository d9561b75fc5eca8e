"""Plain queries, which the front asks itself: what they get has the bytes of what the application would send."""

import json
import re
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from plain import JSON, LAST, MANY, SLOW, got, long_way, nameless, numbers, posted, sent
from processes import HOW_MANY, Asked, Serving, everything, make, request

from communique.serving import exchange
from communique.serving.exchange import Question

ANSWERED = {
    "GET": got(HOW_MANY),
    "form": posted(HOW_MANY),
    "query": sent(HOW_MANY),
    "no Accept": sent(HOW_MANY, b""),
    "XML": posted(HOW_MANY, b"Accept: application/sparql-results+xml\r\n"),
    "CSV": posted(HOW_MANY, b"Accept: text/csv;q=0.9, */*;q=0.1\r\n"),
    "format": got(HOW_MANY, format="tsv"),
    "graph": sent("DESCRIBE <http://example.org/number>", b"Accept: text/turtle\r\n"),
    "graph by another name": posted("CONSTRUCT WHERE { ?s ?p ?o }", b"", format="json"),
    "boolean": posted("ASK {}", b"Accept: text/csv\r\n"),
    "named graph": posted("ASK { ?s ?p ?o }", **{"default-graph-uri": "http://example.org/none"}),
    "dataset in the address": sent("ASK { ?s ?p ?o }", target=b"/sparql?default-graph-uri=http%3A%2F%2Fexample.org%2F"),
    "other letters": posted('SELECT ("Чжан 张军 \U0001f600" AS ?name) {}'),
    "chance": posted("SELECT (RAND() * 0 AS ?a) {}"),
    "large": posted(MANY % (numbers(40), numbers(40))),
    "too large to keep": posted(MANY % (numbers(100), numbers(100))),
    "packed": posted(MANY % (numbers(20), numbers(20)), JSON + b"Accept-Encoding: gzip\r\n"),
    "too small to pack": posted(HOW_MANY, JSON + b"Accept-Encoding: gzip\r\n"),
    "proxy": posted(HOW_MANY, JSON + b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"),
    "browser": posted(HOW_MANY, b"Accept: text/html,*/*;q=0.8\r\n"),
    "close": posted(HOW_MANY, JSON + b"Connection: close\r\n"),
}
REFUSED = {
    "no query": request(b"GET /sparql", JSON),
    "empty query": posted(" "),
    "syntax": posted("SELECT {"),
    "other host": posted("ASK { SERVICE <http://192.0.2.1/> {} }"),
    "update": posted("CLEAR ALL"),
    "updates": request(b"GET /sparql?update=CLEAR%20ALL", JSON),
    "two queries": request(b"GET /sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", JSON),
    "format": posted("ASK {}", b"Accept: image/png\r\n"),
    "format of a graph": posted("CONSTRUCT WHERE { ?s ?p ?o }"),
    "graph": posted("ASK {}", **{"named-graph-uri": "none"}),
    "type": request(b"POST /sparql", b"Content-Type: text/plain\r\nContent-Length: 2\r\n") + b"ab",
    "charset": request(b"POST /sparql", b"Content-Type: application/sparql-query;charset=x\r\nContent-Length: 0\r\n"),
    "not UTF-8": request(b"POST /sparql", b"Content-Type: application/sparql-query\r\nContent-Length: 1\r\n") + b"\xff",
    "nested": posted("SELECT * {" + "{" * 300 + "}" * 300 + "}"),
    "too long": posted("ASK {} #" + "x" * 9000),
    "memory": posted("ASK { FILTER(REGEX('a', '(a{1,99}){1,99}{1,99}')) }"),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("direct") / "public"
    make(folder, 1)
    return folder


@pytest.fixture(scope="module", params=["kept", "nothing kept"])
def asked(request: pytest.FixtureRequest, out: Path) -> Iterator[Asked]:
    kept = ["--limit", "kept=1"] if request.param == "nothing kept" else []
    serving = Serving("--no-build", "--out", str(out), "--limit", "query=9000", *kept)
    try:
        yield Asked(serving)
    finally:
        serving.stop()


@pytest.mark.parametrize("message", [*ANSWERED.values(), *REFUSED.values()], ids=[*ANSWERED, *REFUSED])
def test_a_plain_request_gets_the_same_bytes_as_any_other(asked: Asked, message: bytes) -> None:
    plain, other, again = (asked(each + LAST) for each in (message, long_way(message), message))
    assert plain.startswith(b"HTTP/1.1 "), plain
    assert nameless(plain) == nameless(other) == nameless(again)


@pytest.mark.parametrize("message", ANSWERED.values(), ids=ANSWERED)
def test_it_is_answered(asked: Asked, message: bytes) -> None:
    assert asked(message + LAST).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("name", ["GET", "form", "query", "large", "syntax"])
def test_it_may_come_in_pieces(asked: Asked, name: str) -> None:
    message = {**ANSWERED, **REFUSED}[name]
    whole = asked(message + LAST)
    head = message.index(b"\r\n\r\n")
    for place in (3, head, head + 4, len(message) - 2):
        assert asked(message[:place], message[place:] + LAST) == whole


def test_answers_come_in_the_order_of_their_requests(asked: Asked) -> None:
    queries = ["SELECT (1 AS ?n) {}", SLOW % (*[numbers(20)] * 4,), "ASK {}", "SELECT {", HOW_MANY]
    answer = asked(b"".join(posted(each) for each in queries) + request(b"GET /x.html") + got("ASK {}") + LAST)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200", b"200", b"400", b"200", b"200", b"200", b"200"]
    assert answer.index(b'"value":"1"') < answer.index(b'"value":"160000"') < answer.index(b'"boolean":true')


def test_what_is_large_is_asked_once(asked: Asked) -> None:
    def counts() -> list[int]:
        names = ("query_duration_seconds_count", "kept_answers_total", 'http_requests_total{status="200"}')
        return [asked.metric(name) for name in names]

    # Another query each time, since it may be kept; the counting is a request as well.
    counts()
    for number, rows in enumerate((1, 40, 100)):
        query = MANY.replace("?b", f"?b{number}{asked.port}") % (numbers(rows), numbers(rows))
        before = counts()
        asked(posted(query, JSON + b"Connection: close\r\n"))
        after = counts()
        assert [new - old for new, old in zip(after, before, strict=True)] == [1, 0, 4]


def wait_until_no_query_runs(asked: Asked) -> None:
    began = time.monotonic()
    while asked.metric('queries{lane="fast"}') + asked.metric('queries{lane="slow"}'):
        assert time.monotonic() - began < 10
        time.sleep(0.05)


def test_who_hangs_up_frees_the_worker(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "deadline=30", "--limit", "budget=100")
    try:
        asked = Asked(serving)
        slow = SLOW % (*[numbers(200)] * 4,)
        for _ in range(8):
            with asked.connect() as connection:
                connection.sendall(posted(slow))
                time.sleep(0.05)
        wait_until_no_query_runs(asked)
        assert asked(posted("ASK {}") + LAST).startswith(b"HTTP/1.1 200")
    finally:
        serving.stop()


def test_who_sends_no_more_is_answered(asked: Asked) -> None:
    with asked.connect() as connection:
        connection.sendall(posted(HOW_MANY))
        connection.shutdown(socket.SHUT_WR)
        assert everything(connection).startswith(b"HTTP/1.1 200")


def test_each_client_of_a_proxy_has_its_own_budget(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "deadline=0.5", "--limit", "budget=0.1")
    try:
        asked = Asked(serving)
        slow = SLOW % (*[numbers(200)] * 4,)

        def status(query: str, client: bytes) -> bytes:
            return asked(posted(query, JSON + b"X-Forwarded-For: " + client + b"\r\n") + LAST)[9:12]

        assert status(slow, b"192.0.2.1") == b"504"
        assert status("ASK {}", b"192.0.2.1") == b"429"
        assert status("ASK {}", b"192.0.2.2") == b"200"
    finally:
        serving.stop()


def test_it_is_logged_with_its_client_and_an_id(out: Path, tmp_path: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--access-log")
    try:
        fields = JSON + b"X-Forwarded-For: 192.0.2.1\r\nX-Request-Id: mine\r\n"
        answer = Asked(serving)(posted("ASK {}", fields) + posted(MANY % (numbers(60), numbers(60)), fields) + LAST)
    finally:
        serving.stop()
    assert answer.count(b"x-request-id: mine\r\n") == 2
    lines = [json.loads(line) for line in serving.said if line.startswith("{")]
    small, large, _ = [(each["client"], each["target"], each["status"], each["bytes"]) for each in lines]
    assert small == ("192.0.2.1", "/sparql", 200, len(b'{"head":{},"boolean":true}'))
    assert large[:3] == ("192.0.2.1", "/sparql", 200)
    assert large[3] > 1 << 16


def test_it_is_answered_below_a_prefix(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--root-path", "/prefix")
    try:
        asked = Asked(serving)
        answers = {asked(sent(HOW_MANY, target=target) + LAST) for target in (b"/sparql", b"/prefix/sparql")}
        assert len(answers) == 1
        assert answers.pop().startswith(b"HTTP/1.1 200")
    finally:
        serving.stop()


def test_who_hangs_up_with_more_requests_behind_frees_the_worker(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "deadline=30", "--limit", "budget=100")
    try:
        asked = Asked(serving)
        for _ in range(2):
            with asked.connect() as connection:
                connection.sendall(posted(SLOW % (*[numbers(200)] * 4,)) + 3 * request(b"GET /x.html"))
                time.sleep(0.3)
        wait_until_no_query_runs(asked)
    finally:
        serving.stop()


def test_who_goes_before_a_short_query_is_answered_pays_nothing(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "budget=0.5", "--limit", "patience=1")
    try:
        asked = Asked(serving)
        for number in range(8):
            with asked.connect() as connection:
                # What is reset is seen at once, unlike what is closed in good order.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(posted(SLOW % (*[numbers(10)] * 4,) + f"# {number}"))
                time.sleep(0.002)
        # One client may have few queries at once, and on a busy machine these are not over yet.
        wait_until_no_query_runs(asked)
        assert asked(posted("ASK {}") + LAST).startswith(b"HTTP/1.1 200")
        assert asked.metric("query_workers_killed_total") == 0
    finally:
        serving.stop()


def test_what_takes_long_is_logged_with_its_time_and_who_hung_up_as_well(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--access-log", "--limit", "deadline=1", "--limit", "budget=9")
    try:
        asked = Asked(serving)
        slow = SLOW % (*[numbers(200)] * 4,)
        assert asked(posted(slow) + LAST).startswith(b"HTTP/1.1 504")
        with asked.connect() as connection:
            connection.sendall(posted(slow))
            time.sleep(0.3)
        began = time.monotonic()
        while (gone := asked.metric('http_requests_total{status="408"}', default=0)) < 1:
            assert time.monotonic() - began < 10
            time.sleep(0.05)
        assert gone == 1
    finally:
        serving.stop()
    lines = [json.loads(line) for line in serving.said if line.startswith("{")]
    seconds = {each["status"]: each["seconds"] for each in lines if each["target"] == "/sparql"}
    assert seconds.keys() == {504, 408}
    assert seconds[504] > 0.9
    assert seconds[408] > 0.2


def test_a_prefix_may_have_letters_that_are_escaped(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--root-path", "/pr%C3%A9")
    try:
        asked = Asked(serving)
        for message in (posted("SELECT {"), posted(MANY % (numbers(100), numbers(100))), posted(HOW_MANY)):
            below = message.replace(b" /sparql", b" /pr%C3%A9/sparql")
            assert asked(below + LAST) == asked(long_way(below) + LAST)
        assert asked(posted("SELECT {").replace(b" /sparql", b" /pr%C3%A9/sparql") + LAST).startswith(b"HTTP/1.1 400")
    finally:
        serving.stop()


def test_small_answers_wait_for_room_as_well(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "spooled=100")
    try:
        assert Asked(serving)(posted(MANY % (numbers(20), numbers(10))) + LAST).startswith(b"HTTP/1.1 503")
    finally:
        serving.stop()


def test_what_clients_name_is_not_remembered() -> None:
    def frame(number: int) -> tuple[bytes, bytes]:
        graphs = (f"http://example.org/{number}",)
        return Question(query="ASK {}", base="", results="json", graph=None, default_graphs=graphs).frame()

    frame(0)
    before = exchange._manner.cache_info().currsize
    assert len({frame(number) for number in range(5)}) == 5
    assert exchange._manner.cache_info().currsize == before


def test_what_is_wrong_with_an_address_is_told_before_the_body_comes(asked: Asked) -> None:
    fields = b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\nExpect: 100-continue\r\n"
    with asked.connect() as connection:
        connection.sendall(request(b"POST /sparql?%ff=1", fields))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400")
