"""Pages that lie ready: what the front sends by itself has the bytes of what the application would send."""

import gzip
import hashlib
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from processes import Asked, Serving, everything, make, request
from starlette.testclient import TestClient

from communique.serving.metrics import Metrics
from communique.serving.ready import HARMLESS, LARGEST, ROOM, SEEN, Ready, key_of

PAGE = b"<html><head></head>" + b"<p>Some words of a page.</p>" * 400
LARGE = bytes(range(256)) * (LARGEST // 256)
FILES = {
    "p.html": PAGE,
    "sco__x.html": PAGE,
    "sco__x.ttl": b"<a> <b> <c> .",
    "folder__index.html": b"<p>folder",
    "search.html": b"<p>search",
    "small.css": b"p {}",
    "large.png": LARGE,
}
ETAG = b'"%s"' % hashlib.sha256(PAGE).hexdigest()[:32].encode()
LAST = b"GET /small.css HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n"
BROWSER = (
    b"User-Agent: Mozilla/5.0\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Language: ru,en;q=0.5\r\n"
    b"Accept-Encoding: gzip, br\r\nReferer: http://x/\r\nCookie: a=b\r\nSec-Fetch-Site: same-origin\r\n"
    b"Priority: u=0, i\r\nConnection: keep-alive\r\n"
)


ASK = request(b"GET /sparql?query=ASK%20%7B%7D", b"Accept: application/sparql-results+json\r\n")
POSTED = request(b"POST /sparql", b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\n") + b"ASK {}"
READY = [
    request(b"GET /p.html"),
    request(b"GET /p.html", BROWSER),
    request(b"HEAD /p.html"),
    request(b"HEAD /p.html", BROWSER),
    request(b"GET /p.html", b"Accept-Encoding: br\r\n"),
    request(b"GET /p.html", b"Accept-Encoding: identity;q=0\r\n"),
    request(b"GET /p.html", b"ACCEPT-ENCODING:GZIP\r\n"),
    request(b"GET /p.html", b"Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n"),
    request(b"GET /p.html", b"If-None-Match: " + ETAG + b"\r\n"),
    request(b"HEAD /p.html", b"If-None-Match: *\r\n"),
    request(b"GET /p.html", BROWSER + b'If-None-Match: "other"\r\n'),
    request(b"GET /p.html?a=b&c"),
    request(b"GET /%70.html"),
    request(b"GET http://x/p.html"),
    request(b"GET /"),
    request(b"GET /search.html"),
    request(b"GET /folder"),
    request(b"GET /folder/"),
    request(b"GET /sco/x.nt"),
    request(b"GET /sco/x"),
    request(b"GET /sco/x", b"Accept: text/html\r\n"),
    request(b"GET /sco/x", b"Accept: image/png\r\nAccept: text/turtle\r\n"),
    request(b"HEAD /sco/x", BROWSER),
    request(b"GET /sco/x?_mediatype=ttl"),
    request(b"GET /large.png", BROWSER),
    ASK,
    request(b"GET /sparql?query=ASK%20%7B%7D&format=xml", BROWSER),
    request(b"HEAD /sparql?query=ASK%20%7B%7D"),
    request(b"GET /sparql?query=ASK%20%7B%7D", b"If-None-Match: *\r\n"),
]
SLOW = [
    request(b"GET /p.html", b"Range: bytes=0-3\r\n"),
    request(b"GET /p.html", b"Range: bytes=99999999-\r\n"),
    request(b"GET /p.html", b"X-Nobody-Knows: 1\r\n"),
    request(b"GET /p.html", b"If-Modified-Since: Fri, 27 Nov 2026 00:00:00 GMT\r\n"),
    request(b"GET /p.html", b"Content-Length: 0\r\n"),
    request(b"GET /p.html", b"Content-Length: 2\r\n") + b"ab",
    request(b"GET /p.html", b"Transfer-Encoding: chunked\r\n") + b"2\r\nab\r\n0\r\n\r\n",
    request(b"GET /p.html", b"Expect: 100-continue\r\n"),
    request(b"GET /nothing", BROWSER),
    request(b"GET /sco/x", b"Accept: image/png\r\n"),
    request(b"GET /../p.html"),
    request(b"POST /p.html", b"Content-Length: 0\r\n"),
    request(b"OPTIONS /p.html"),
    request(b"DELETE /p.html"),
    request(b"GET /search.html?q=words"),
    POSTED,
    request(b"GET /sparql?query=ASK%20%7B%7D%20SERVICE"),
    request(b"GET /sparql?query=ASK"),
    request(b"GET /sparql?query=ASK%20%7B%7D", b"Accept: image/png\r\n"),
    request(b"GET /sparql?query=SELECT%20(RAND()*0%20AS%20%3Fa)%20%7B%7D"),
]
CLOSED = [
    request(b"GET /p.html", b"Connection: close\r\n"),
    request(b"HEAD /p.html", b"Connection: Close\r\n"),
    request(b"GET /p.html", version=b"1.0"),
    request(b"GET /p.html", b"Connection: keep-alive\r\n", version=b"1.0"),
]
"""Answered and closed: of requests that lie ready when HTTP/1.1 has asked for them."""
REFUSED = [
    b"GET /p.html HTTP/1.1\r\n\r\n",
    request(b"GET /p.html", b"Host: x\r\n"),
    request(b"GET /p.html", b"User-Agent: a\0b\r\n"),
    request(b"GET /p.html", b"User-Agent: " + b"a" * 40_000 + b"\r\n"),
    request(b"GET /p.html", b"Via: a\r\n" * 100),
    request(b"GET /p.html", b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("ready") / "public"
    make(folder, 1, **FILES)
    return folder


@pytest.fixture(scope="module")
def quick(out: Path) -> Iterator[Asked]:
    serving = Serving("--no-build", "--out", str(out), "--limit", "write-time=1")
    asked = Asked(serving)
    for _ in range(2):
        asked(LAST)
    yield asked
    assert serving.stop() == 0
    assert "\n".join(serving.complained) == ""


@pytest.fixture(scope="module")
def slow(out: Path) -> Iterator[Asked]:
    """Return a server in which nothing has room to lie ready."""
    serving = Serving("--no-build", "--out", str(out), "--limit", "ready=1")
    yield Asked(serving)
    assert serving.stop() == 0


def given(quick: Asked, data: bytes) -> tuple[bytes, int]:
    """Return what comes, and how many of the answers lay ready."""
    before = quick.metric("ready_answers_total")
    answer = quick(data)
    return answer, quick.metric("ready_answers_total") - before


@pytest.mark.parametrize("asked", READY)
def test_what_was_sent_twice_is_sent_again_by_the_front_with_the_same_bytes(
    quick: Asked, slow: Asked, asked: bytes
) -> None:
    first = quick(asked + LAST)
    assert quick(asked + LAST) == first
    assert given(quick, asked + LAST) == (first, 2)
    assert first == slow(asked + LAST)
    assert first.count(b"\r\nDATE\r\n") == 2


@pytest.mark.parametrize("asked", SLOW)
def test_what_may_have_to_do_with_more_than_the_page_is_always_for_the_application(
    quick: Asked, slow: Asked, asked: bytes
) -> None:
    for _ in range(2):
        first = quick(asked + LAST)
    assert given(quick, asked + LAST)[1] <= 1
    assert first == quick(asked + LAST) == slow(asked + LAST)


@pytest.mark.parametrize("asked", CLOSED)
def test_a_connection_that_is_not_kept_is_closed_behind_the_answer(quick: Asked, slow: Asked, asked: bytes) -> None:
    for _ in range(2):
        for method in (b"GET", b"HEAD"):
            quick(request(method + b" /p.html", b"Connection: close\r\n"))
    answer, ready = given(quick, asked)
    assert ready == 1
    assert answer == slow(asked)
    assert b"\r\nconnection: close\r\n\r\n" in answer


@pytest.mark.parametrize("asked", CLOSED)
def test_nothing_is_answered_behind_the_last_request_of_a_connection(quick: Asked, asked: bytes) -> None:
    for _ in range(3):
        assert quick(asked + request(b"GET /p.html") + request(b"POST /", b"Content-Length: 1\r\n") + b"a").count(
            b"HTTP/1.1"
        ) in (0, 1)


@pytest.mark.parametrize("asked", REFUSED)
def test_what_is_refused_is_refused_for_a_page_that_lies_ready_as_well(quick: Asked, slow: Asked, asked: bytes) -> None:
    for _ in range(2):
        quick(request(b"GET /p.html") + LAST)
        quick(b"GET /p.html HTTP/1.0\r\n\r\n")
    whole = slow(asked)
    assert quick(asked) == whole
    assert quick(asked[:20], asked[20:]) == whole
    # Behind another request its size is not counted by the front.
    assert quick(request(b"GET /p.html") + asked).endswith(whole)


def test_answers_come_in_the_order_of_the_requests(quick: Asked, slow: Asked) -> None:
    mixed = [READY[0], SLOW[9], READY[1], ASK, POSTED, READY[2], READY[0], POSTED, SLOW[0], READY[18]]
    for turn in range(len(mixed)):
        asked = b"".join(mixed[turn:] + mixed[:turn]) + LAST
        assert quick(asked) == slow(asked)


def test_a_request_may_arrive_in_pieces(quick: Asked, slow: Asked) -> None:
    asked = request(b"GET /p.html", b"Accept: text/html\r\n")
    pieces = [asked[start : start + 9] for start in range(0, len(asked), 9)]
    assert quick(*pieces, LAST) == quick(asked, LAST) == slow(asked, LAST)
    # The end of one request, and the beginning of the next one.
    assert quick(asked[:9], asked[9:] + asked[:9], asked[9:] + LAST) == slow(asked + asked + LAST)


def test_the_date_is_that_of_the_answer(quick: Asked) -> None:
    def date() -> bytes:
        with quick.connect() as connection:
            connection.sendall(request(b"HEAD /p.html", b"Connection: close\r\n"))
            return re.search(rb"\r\ndate: ([^\r]+)", everything(connection))[1]  # type: ignore[index]

    first = date()
    time.sleep(2.1)
    assert date() > first[:5]
    assert date() != first


@pytest.mark.parametrize("name", sorted(HARMLESS - {b"connection"}))
def test_a_field_that_is_called_harmless_changes_nothing(client: TestClient, name: bytes) -> None:
    for path in ("/p.html", "/sco/x", "/nothing", "/folder"):
        for value in ("text/turtle", "https", "bytes=0-3, no-cache", "203.0.113.7", "gzip;q=0, identity;q=0"):
            plain, odd = client.get(path), client.get(path, headers={name.decode(): value})
            assert (odd.status_code, odd.content, odd.headers) == (plain.status_code, plain.content, plain.headers)


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[TestClient]:
    with server(files={name.replace("__", "/"): content for name, content in FILES.items()}) as client:
        yield client


def test_each_request_is_counted(quick: Asked) -> None:
    before = quick.metric('http_requests_total{status="200"}')
    quick(request(b"GET /p.html") * 9 + LAST)
    # The metrics themselves were asked for, too.
    assert quick.metric('http_requests_total{status="200"}') == before + 11


def test_answers_to_queries_are_counted_as_kept_and_do_not_lie_ready_where_none_are_kept(
    quick: Asked, out: Path
) -> None:
    for _ in range(2):
        quick(ASK + LAST)
    before = quick.metric("kept_answers_total")
    quick(ASK * 3 + LAST)
    assert quick.metric("kept_answers_total") == before + 3
    assert given(quick, request(b"GET /sparql") * 3 + LAST)[1] == 0
    serving = Serving("--no-build", "--out", str(out), "--limit", "kept=1")
    try:
        for _ in range(3):
            Asked(serving)(ASK + request(b"GET /nothing", b"Connection: close\r\n"))
        assert Asked(serving).metric("ready_answers_total") == 0
    finally:
        serving.stop()


def test_a_new_generation_has_nothing_of_the_former_one(tmp_path: Path) -> None:
    out = tmp_path / "public"
    make(out, 1, **{"p.html": b"one"})
    serving = Serving("--no-build", "--out", str(out))
    try:
        asked = Asked(serving)
        for number, word in enumerate((b"two", b"three"), start=2):
            assert len({asked(request(b"GET /p.html") * 3 + LAST) for _ in range(3)}) == 1
            make(out, number, **{"p.html": word})
            serving.process.send_signal(signal.SIGHUP)
            end = time.monotonic() + 20
            while b'"generation": "%d"' % number not in asked(request(b"GET /healthz", b"Connection: close\r\n")):
                assert time.monotonic() < end
                time.sleep(0.02)
            assert asked(request(b"GET /p.html", b"Connection: close\r\n")).endswith(b"\r\n\r\n" + word)
    finally:
        serving.stop()


def test_below_the_prefix_of_a_proxy_pages_lie_ready_too(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--root-path", "/data")
    try:
        asked = Asked(serving)
        for line in (b"GET /data/p.html", b"GET /p.html", b"GET /data/sco/x", b"GET /sco/x", b"GET /data/"):
            for _ in range(2):
                first = asked(request(line) + request(line, b"Connection: close\r\n"))
            assert given(asked, request(line) + request(line, b"Connection: close\r\n")) == (first, 2)
        assert b"\r\nlocation: /data/sco/x." in asked(request(b"GET /sco/x", b"Connection: close\r\n"))
    finally:
        serving.stop()


def test_the_access_log_has_a_line_for_each_request_the_same_as_of_the_application(out: Path) -> None:
    fields = (
        b"X-Request-ID: a-1\r\nX-Forwarded-For: 203.0.113.7\r\nUser-Agent: b\r\nReferer: http://c/\r\nAccept: d/e\r\n"
    )
    lines = (
        b"GET /p.html",
        b"HEAD /p.html?f=g",
        b"GET /p.html?",
        b"GET /sco/x",
        b"GET http://x/p.html",
        b"GET /p.html#h",
    )
    told = []
    for limit, proxy in (("ready=1", "127.0.0.1"), ("ready=9MiB", "127.0.0.1"), ("ready=9MiB", "192.0.2.1")):
        serving = Serving("--no-build", "--out", str(out), "--access-log", "--limit", limit, "--trust-proxy", proxy)
        asked = Asked(serving)
        answers = [asked(request(line, fields) + LAST) for line in lines for _ in range(3)]
        ready = asked.metric("ready_answers_total")
        serving.stop()
        records = [json.loads(line) for line in serving.said if "/small.css" not in line and "/metrics" not in line]
        assert all(isinstance(each.pop("time"), str) and 0 <= each.pop("seconds") < 5 for each in records)
        told.append((records, [re.sub(rb"x-request-id: \w{16}", b"ID", each) for each in answers], ready > 0))
    assert told[0][:2] == told[1][:2]
    assert [ready for _, _, ready in told] == [False, True, True]
    assert {each["client"] for each in told[1][0]} == {"203.0.113.7"}
    assert {each["client"] for each in told[2][0]} == {"127.0.0.1"}
    assert len(told[1][0]) == 3 * len(lines)
    assert all(b"\r\nx-request-id: a-1\r\n" in each for each in told[1][1])


def test_each_request_that_lies_ready_has_an_id_of_its_own(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--access-log")
    asked = Asked(serving)
    for _ in range(2):
        asked(request(b"GET /p.html", b"Connection: close\r\n"))
    answer = asked(request(b"GET /p.html") * 3 + request(b"GET /p.html", b"Connection: close\r\n"))
    serving.stop()
    given = [each.decode() for each in re.findall(rb"\r\nx-request-id: (\w+)", answer)]
    assert len(set(given)) == 4
    assert [json.loads(line)["id"] for line in serving.said][2:] == given


def test_who_does_not_read_is_cut_off_and_fills_no_memory(quick: Asked) -> None:
    for _ in range(2):
        quick(request(b"GET /large.png") + LAST)
    pid = quick.serving.process.pid
    before = resident(pid)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", quick.port))
        connection.sendall(request(b"GET /large.png") * 400)
        time.sleep(0.5)
        most = resident(pid)
        time.sleep(2)
        connection.settimeout(5)
        received = everything(connection)
    assert most < before + (16 << 20)
    assert len(received) < 100 * len(LARGE)


def resident(pid: int) -> int:
    """Return the bytes of memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) << 10  # type: ignore[index]


def test_a_connection_that_stays_idle_is_closed_after_some_seconds(quick: Asked) -> None:
    for _ in range(2):
        quick(request(b"GET /p.html") + LAST)
    with quick.connect() as connection:
        connection.sendall(request(b"GET /p.html"))
        began = time.monotonic()
        answer = everything(connection)
    assert answer.count(b"HTTP/1.1 200") == 1
    assert 3 < time.monotonic() - began < 10


def test_a_connection_is_not_idle_while_what_was_asked_behind_a_page_is_made(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out), "--limit", "deadline=6")
    try:
        asked = Asked(serving)
        values = "".join(f"VALUES ?{name} {{ {' '.join(map(str, range(200)))} }}" for name in "abcd")
        query = quote(f"SELECT (COUNT(*) AS ?n) {{ {values} }}", safe="").encode()
        for _ in range(2):
            asked(request(b"GET /p.html") + LAST)
        answer = asked(request(b"GET /p.html") + request(b"GET /sparql?query=" + query, b"Connection: close\r\n"))
        assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"504"]
    finally:
        serving.stop()


def test_the_server_ends_beside_idle_connections(out: Path) -> None:
    serving = Serving("--no-build", "--out", str(out))
    asked = Asked(serving)
    for _ in range(2):
        asked(request(b"GET /p.html") + LAST)
    with asked.connect() as connection:
        connection.sendall(request(b"GET /p.html"))
        connection.recv(100)
        began = time.monotonic()
        assert serving.stop() == 0
        assert time.monotonic() - began < 4
    assert "\n".join(serving.complained) == ""


def keep(ready: Ready, target: bytes, body: bytes, *, status: int = 200, **fields: str) -> bool:
    key = key_of(b"GET", target, [(b"host", b"x")])
    said = {"content-length": str(len(body)), **fields}
    headers = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in said.items()]
    ready.keep(key, {"type": "http.response.start", "status": status, "headers": headers}, body)
    return ready.of(key) is not None


def test_what_lies_ready_is_bounded_and_what_nobody_asks_for_goes_first() -> None:
    ready = Ready(20 * (ROOM + 1000), Metrics())
    kept = [keep(ready, b"/%d" % number, b"x" * 500) and keep(ready, b"/0", b"x" * 500) for number in range(200)]
    assert all(kept)
    found = [number for number in range(200) if ready.of(key_of(b"GET", b"/%d" % number, [(b"host", b"x")]))]
    assert found[0] == 0
    assert found[1:] == list(range(201 - len(found), 200))
    assert 15 < len(found) <= 20 * (ROOM + 1000) // (ROOM + 500)
    assert not keep(ready, b"/too-large", b"x" * 40_000)
    assert not keep(Ready(LARGEST * 9, Metrics()), b"/too-large", b"x" * (LARGEST + 1))


def test_what_nobody_asks_for_again_takes_no_place_and_no_memory() -> None:
    ready = Ready(1 << 20, Metrics())
    wanted = [ready.comes_again(key_of(b"GET", b"/%d" % number, [(b"host", b"x")])) for number in range(2 * SEEN)]
    assert not any(wanted)
    assert ready.comes_again(key_of(b"GET", b"/%d" % (2 * SEEN - 1), [(b"host", b"x")]))
    assert not ready.comes_again(key_of(b"GET", b"/0", [(b"host", b"x")]))
    assert not any(ready.comes_again(key_of(b"GET", b"/odd", [(b"x-odd", b"1")])) for _ in range(3))


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (200, {"content_length": "4"}),
        (200, {"transfer_encoding": "chunked"}),
        (200, {"connection": "close"}),
        (200, {"link": "a\r\nSet-Cookie: b"}),
        (404, {}),
        (503, {}),
        (206, {}),
    ],
)
def test_what_is_not_whole_or_has_to_do_with_the_moment_does_not_lie_ready(status: int, fields: dict[str, str]) -> None:
    assert keep(Ready(1 << 20, Metrics()), b"/", b"whole")
    assert not keep(Ready(1 << 20, Metrics()), b"/", b"whole", status=status, **fields)


def test_a_packed_page_that_lies_ready_can_be_unpacked(quick: Asked) -> None:
    asked = request(b"GET /p.html", b"Accept-Encoding: gzip\r\nConnection: close\r\n")
    for _ in range(2):
        quick(asked)
    answer, ready = given(quick, asked)
    assert (ready, gzip.decompress(answer.partition(b"\r\n\r\n")[2])) == (1, PAGE)
