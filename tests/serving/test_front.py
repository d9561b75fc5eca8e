"""A real server on 127.0.0.1, and clients that do not behave."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from processes import everything

from communique import snapshots

PROGRAM = """
import sys
from pathlib import Path
from communique.serving.app import application
from communique.serving.limits import Limits
from communique.serving.running import run
folder, port, limits = Path(sys.argv[1]), int(sys.argv[2]), Limits(**eval(sys.argv[3]))
app = application(folder / "site", snapshot=folder / "snapshot", triples=0, url="http://example.org/", limits=limits)
run(app, host="127.0.0.1", port=port, announce=lambda url: print(url, flush=True), limits=limits)
"""
BROKEN = """
from communique.serving.pages import Pages
from communique.serving.served import Served
def broken(*_):
    raise ZeroDivisionError("secret")
async def broken_too(*_):
    broken()
Pages._see_other = broken
Served._health = broken_too
"""
LIMITS = {
    "fast_workers": 2, "deadline": 4.0, "worker_memory": 256 << 20, "head_time": 1.0, "body_time": 1.0,
    "write_time": 1.0, "stop_time": 1.0, "per_client": 50, "budget": 1000.0, "connections": 200,
}  # fmt: skip
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
GZIP = b"Transfer-Encoding: gzip\r\n"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BIG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 25000"


class Running:
    """A server process and what may be asked of it over plain sockets."""

    def __init__(self, folder: Path, *, program: str = PROGRAM, **limits: float) -> None:
        command = [sys.executable, "-c", program, str(folder), "0", repr({**LIMITS, **limits})]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        url = self.process.stdout.readline()
        assert url, self.process.communicate()[1]
        self.port = int(url.rstrip("/\n").rpartition(":")[2])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def send(self, data: bytes) -> tuple[int, bytes]:
        """Send bytes, and return the status (0: closed without one) and all that came until the server closed."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
            answer = everything(connection)
        return (int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0), answer

    def get(self, path: str, *, headers: str = "") -> tuple[int, bytes]:
        return self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode("latin-1"))

    def metric(self, name: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            lines = answer.read().decode().splitlines()
            return next(int(line.split()[1]) for line in lines if name in line and not line.startswith("#"))

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float, str]:
        """End it and return the exit code, the seconds it took, and what it complained of."""
        began = time.monotonic()
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began, errors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("front")
    (root / "site/sco").mkdir(parents=True)
    for name, content in {"index.html": b"<p>home", "sco/x.html": b"<p>", "sco/x.ttl": b"<a> <b> <c> ."}.items():
        (root / "site" / name).write_bytes(content)
    predicate = ox.NamedNode("http://example.org/p")
    quads = (ox.Quad(ox.NamedNode(f"http://example.org/s{n}"), predicate, ox.Literal(n)) for n in range(2000))
    snapshots.write(quads, root / "snapshot")
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    yield running
    running.stop()


def test_an_ordinary_request_is_answered(server: Running) -> None:
    status, answer = server.get("/sparql?query=" + quote("ASK {}"))
    assert (status, json.loads(answer.partition(b"\r\n\r\n")[2])["boolean"]) == (200, True)
    assert b"\r\nserver:" not in answer.lower()


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", {501}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n%sTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % GZIP, {501}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n", {400}),
        (b"GET / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: a b/<>\r\n\r\n", {400}),
        (b"GET /x.html HTTP/1.1\r\nHost: a@b\r\n\r\n", {400}),
        (b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n", {501}),
        (b"F@O / HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"nonsense\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 5000 + b"\r\n", {431}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", {431}),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\nHost: x\r\n\r\n", {431}),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", {431}),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
    ],
    ids=range(24),
)
def test_what_is_not_sound_http_is_refused_and_closed(
    server: Running, request_bytes: bytes, statuses: set[int]
) -> None:
    status, answer = server.send(request_bytes)
    assert status in statuses
    assert b"application/problem+json" in answer
    assert b"x-content-type-options: nosniff" in answer.lower()
    assert server.get("/")[0] == 200


@pytest.mark.parametrize("host", ["x", "x:80", "xn--e1afmkfd.example:8000", "[::1]:8000", "[fe80::1]", "a_b.c", ""])
def test_a_name_or_an_address_is_a_host(server: Running, host: str) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    assert server.send(request.encode())[0] == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (b"Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding"),
        (b"Host: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n", b"Duplicate Content-Length"),
        (b"Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding"),
        (b"Transfer-Encoding: chunked\r\n", b"no Host"),
        (b"Host: a\r\nHost: b\r\nTransfer-Encoding: chunked\r\n", b"more than one Host"),
    ],
)
def test_a_refusal_says_what_is_wrong(server: Running, fields: bytes, words: bytes) -> None:
    status, answer = server.send(b"POST /sparql HTTP/1.1\r\n%s\r\n0\r\n\r\n" % fields)
    assert status == 400
    assert words in answer


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"408"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 60_000, b"431"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nz\r\n", b"400"),
        (POST + b"Content-Length: 9\r\n\r\n", b"408"),
    ],
)
@pytest.mark.parametrize("query", ["ASK {} # before", BIG.replace("25000", "4000")], ids=["small", "large"])
def test_what_was_asked_before_a_refusal_is_answered_first(
    server: Running, query: str, refused: bytes, status: bytes
) -> None:
    # A field that nobody knows leads by way of the application.
    asked = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nX-Unknown: 1\r\nAccept: text/csv\r\n".encode()
    whole = server.send(asked + b"Connection: close\r\n\r\n")[1].partition(b"\r\n\r\n")[2]
    behind = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * (status != b"408")
    answer = server.send((asked + b"\r\n") * 2 + refused + behind)[1]
    assert re.findall(rb"HTTP/1\.1 (\d+) ", answer) == [b"200", b"200", status]
    assert answer.count(whole) == 2


def test_a_plain_query_before_a_refusal_is_answered_first(server: Running) -> None:
    one = f"GET /sparql?query={quote('ASK {} # plain')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    answer = server.send(one + b"nonsense\r\n\r\n")[1]
    assert re.findall(rb"HTTP/1\.1 (\d+) ", answer) == [b"200", b"400"]


def test_a_refusal_waits_for_no_longer_than_who_would_read_it(server: Running) -> None:
    killed = server.metric("workers_killed_total")
    with server.connect() as connection:
        head = f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        connection.sendall(head + b"nonsense\r\n\r\n")
        time.sleep(0.3)
    time.sleep(0.3)
    assert server.metric("workers_killed_total") == killed + 1


def test_a_body_in_chunks_is_read(server: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
    status, answer = server.send(head + b"Transfer-Encoding: Chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n")
    assert (status, b"true" in answer) == (200, True)


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    ],
)
def test_a_request_that_does_not_arrive_is_ended_at_the_deadline(server: Running, beginning: bytes) -> None:
    began = time.monotonic()
    status, _ = server.send(beginning)
    assert status in (408, 415)
    assert time.monotonic() - began < 8


def test_a_request_that_trickles_is_ended_all_the_same(server: Running) -> None:
    with server.connect() as connection:
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            for letter in b"GET / HTTP/1.1\r\nX: " + b"a" * 40:
                connection.sendall(bytes([letter]))
                time.sleep(0.05)
        assert b" 408 " in everything(connection)
        assert time.monotonic() - began < 4


def test_a_second_request_on_a_connection_may_not_trickle_either(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT")
        answer = everything(connection)
    assert (answer.count(b"HTTP/1.1 200"), answer.count(b"HTTP/1.1 408")) == (1, 1)


def test_who_goes_on_sending_after_a_refusal_is_answered_once(server: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with server.connect() as connection:
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 17)
        answer = everything(connection)
    assert (answer.count(b"HTTP/1.1 413"), answer.count(b"HTTP/1.1 ")) == (1, 1)


def test_a_body_without_end_is_refused(server: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    status, _ = server.send(head + b"10000\r\n" + b"x" * 65536 + b"\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 40)
    assert status in (0, 413)
    assert server.get("/")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/sco/..%5c..%5cx", "//etc/passwd",
        "/sco/x.html%00", "/%c0%ae/etc/passwd", "/./sco/x.html", "/sco/../../snapshot/CURRENT", "/sco/%252e%252e/x",
        "/sco/x.html/..", "http://evil/../etc/passwd", "*", "/;/etc/passwd", "/sco/x.html?/../..", "/~root",
        "/" + "a" * 400, "/" + "a/" * 2500, "/" + "%d0%b6" * 1500, "/" + "a/" * 2500 + "x.ttl",
    ],
)  # fmt: skip
def test_no_raw_path_leads_out_of_the_site(server: Running, path: str) -> None:
    status, answer = server.get(path)
    assert status == 200 if "?" in path else 300 <= status < 500
    assert b"root:" not in answer


def test_line_breaks_in_an_address_make_no_header(server: Running) -> None:
    for path in (
        "/%0d%0aSet-Cookie:%20a=1",
        "/sco/x?_mediatype=text/turtle%0d%0aSet-Cookie:%20a=1",
        "/sparql?query=%0d%0aX:1",
    ):
        assert b"\r\nset-cookie" not in server.get(path)[1].lower()


def test_two_thousand_ranges_cost_nothing(server: Running) -> None:
    ranges = "Range: bytes=" + ",".join(f"{n}-{n + 1}" for n in range(2000)) + "\r\n"
    assert server.get("/sco/x.ttl", headers=ranges)[0] in (200, 416)
    accept = "Accept: " + ",".join(f"a/b{n}" for n in range(2000)) + "\r\n"
    assert server.get("/sco/x", headers=accept)[0] == 303


def test_accept_in_two_lines_is_one_list(server: Running) -> None:
    answer = server.get("/sco/x", headers="Accept: image/png\r\nAccept: text/turtle\r\n")[1]
    assert b"location: /sco/x.ttl" in answer.lower()


def test_head_of_a_query_has_the_length_and_no_body(server: Running) -> None:
    status, answer = server.send(
        f"HEAD /sparql?query={quote('ASK {}')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (status, body) == (200, b"")
    assert b"content-length: " in head.lower()


def test_a_client_that_hangs_up_frees_its_worker_within_100_ms(server: Running) -> None:
    killed = server.metric("workers_killed_total")
    with server.connect() as connection:
        connection.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.1)
    time.sleep(0.1)
    assert server.metric("workers_killed_total") == killed + 1


def test_who_sends_no_more_is_answered_and_so_is_all_that_was_asked_before(server: Running) -> None:
    one = f"GET /sparql?query={quote('ASK {} # half')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for asked, answers in ((one, 1), (one + one + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 3)):
        with server.connect() as connection:
            connection.sendall(asked)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(5)
            assert everything(connection).count(b"HTTP/1.1 200 OK") == answers


def test_a_large_answer_to_who_sends_no_more_is_whole_whatever_was_asked_behind_it(server: Running) -> None:
    large, runaway = (
        f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
        for query in (BIG.replace("25000", "40000"), RUNAWAY)
    )
    status, answer = server.send(large[:-2] + b"Connection: close\r\n\r\n")
    assert status == 200
    body = answer.partition(b"\r\n\r\n")[2]
    killed = server.metric("workers_killed_total")
    for behind, answers in ((b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 2), (runaway, 1)):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
            connection.settimeout(10)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(large + behind)
            came = bytearray(connection.recv(1))
            connection.shutdown(socket.SHUT_WR)
            time.sleep(0.2)
            came += everything(connection)
        assert body in came
        assert came.count(b"HTTP/1.1 200 OK") == answers
    assert server.metric("workers_killed_total") > killed


def test_who_sends_no_more_and_asks_for_something_long_frees_its_worker_too(server: Running) -> None:
    killed = server.metric("workers_killed_total")
    with server.connect() as connection:
        connection.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        assert everything(connection) == b""
        time.sleep(0.1)
        assert server.metric("workers_killed_total") == killed + 1
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost:")
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(2)
        assert everything(connection) == b"", "a request that never gets whole"


def test_who_hangs_up_with_more_requests_behind_the_first_frees_its_worker_too(server: Running) -> None:
    killed = server.metric("workers_killed_total")
    with server.connect() as connection:
        head = f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        connection.sendall(head + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        time.sleep(0.3)
    time.sleep(0.3)
    assert server.metric("workers_killed_total") == killed + 1


def test_a_slow_reader_is_cut_off_and_holds_no_lane(server: Running) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(f"GET /sparql?query={quote(BIG)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        connection.settimeout(10)
        connection.recv(1, socket.MSG_PEEK)
        assert server.get("/sparql?query=" + quote("ASK {} # still there"))[0] == 200
        time.sleep(3)
        connection.settimeout(5)
        received = everything(connection)
    length = int(received.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert len(received) < length


def test_more_connections_than_there_is_room_for_are_told_so(folder: Path) -> None:
    running = Running(folder, connections=20)
    try:
        held = [running.connect() for _ in range(20)]
        status, answer = running.get("/")
        assert (status, b"Retry-After" in answer) == (503, True)
        for each in held:
            each.close()
        time.sleep(0.1)
        assert running.get("/")[0] == 200
    finally:
        running.stop()


def test_sigterm_under_load_ends_in_good_order(folder: Path) -> None:
    running = Running(folder, deadline=30.0, slow_lane=4, fast_workers=4)
    workers = children(running.process.pid)
    hostile = [running.connect() for _ in range(4)]
    for each in hostile:
        each.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    time.sleep(0.6)
    code, seconds, errors = running.stop()
    assert (code, errors) == (0, "")
    assert seconds < 3
    statuses = set()
    for each in hostile:
        with each:
            statuses.add(everything(each)[9:12])
    assert statuses == {b"503"}
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_fault_of_the_server_is_told_to_people_and_programs_and_its_cause_to_the_log_alone(folder: Path) -> None:
    running, names = Running(folder, program=BROKEN + PROGRAM), []
    try:
        for path in ("/sco/x", "/healthz"):
            for accept, kind in (("text/html,*/*;q=0.8", b"text/html; charset=utf-8"), ("*/json", None)):
                status, answer = running.get(path, headers=f"Accept: {accept if kind else 'application/json'}\r\n")
                head, _, body = answer.partition(b"\r\n\r\n")
                found = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
                assert (status, found[b"content-type"]) == (500, kind or b"application/problem+json")
                assert found[b"cache-control"] == b"no-store"
                assert found[b"x-request-id"] in body
                assert b"ZeroDivision" not in answer and b"secret" not in answer and b"Traceback" not in answer
                names.append(found[b"x-request-id"].decode())
        _, answer = running.get("/sco/x", headers="X-Request-ID: proxy-1\r\n")
        assert b"proxy-1" in answer.partition(b"\r\n\r\n")[2]
        assert running.get("/sco/x.html")[0] == 200
    finally:
        errors = running.stop()[2]
    assert all(f"the request is {name}" in errors for name in (*names, "proxy-1"))
    assert errors.count("ZeroDivisionError: secret") >= 5


def test_a_killed_server_leaves_no_process(folder: Path) -> None:
    running = Running(folder)
    workers = children(running.process.pid)
    assert len(workers) > 4
    running.stop(signal.SIGKILL)
    deadline = time.monotonic() + 2
    while (left := [pid for pid in workers if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(folder), port, repr(LIMITS)], capture_output=True, text=True, timeout=20
        )
    assert "AccessError" in done.stderr
    assert "choose another one with --port" in done.stderr


def children(pid: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [grand for child in found for grand in children(child)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_no_descriptor_is_left_open(server: Running) -> None:
    def descriptors() -> int:
        return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    large = "/sparql?query=" + quote(BIG.replace("25000", "10000"))
    server.get(large)
    time.sleep(0.3)
    before = descriptors()
    for _ in range(5):
        server.get(large)
    time.sleep(0.3)
    assert descriptors() <= before + 2
