"""Every form of request that the threat model names, to a server whose system calls are watched.

Each gets a status that it may get, a probe is answered within two seconds, the process stays the same, no connection is
opened and no file is read that is none of the server's.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from processes import make
from test_front import Running
from test_hostile_queries import COSTLY, NESTED, UPDATES

PROBE_SECONDS = 2.0
FORM, QUERY, UPDATE = "x-www-form-urlencoded", "sparql-query", "sparql-update"
REFUSED, FOUND = {400, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 429, 431, 501}, {200, 206, 303, 304, 308}
PATHS = (
    "/",
    "/index.html",
    "/x",
    "/x/",
    "/x.html",
    "/X.html",
    "//x.html",
    "/./x.html",
    "/../x.html",
    "/%2e%2e/x.html",
    "/..%2F..%2Fetc/passwd",
    "/%5c..%5cx",
    "/%252e%252e/",
    "/%00",
    "/%0d%0aX:1",
    "/x%ff",
    "/%f0%28%8c%bc",
    "/.git/config",
    "/.htaccess",
    "/store-1/SHA256SUMS.json",
    "/" + "a" * 300,
    "/" + "a/" * 500,
    "/x?" + "a=1&" * 200,
    "*",
    "http://evil.example/x.html",
    "/sparql/",
    "/sparql/x",
    "/SPARQL",
    "/x.html;a=b",
    "/x.html%00.ttl",
)
ACCEPTS = (
    "",
    "*/*",
    "text/turtle",
    "text/html;q=0",
    "text/*;q=0.1, */*;q=0",
    "TEXT/TURTLE",
    "image/png",
    ";;;,,,",
    "a" * 9000,
    "text/turtle;q=2",
    "text/turtle;q=-1",
    "*/*;q=nan",
    ",".join(["text/turtle;q=0.5"] * 300),
    '"',
    'text/turtle; x="a,b"',
)
LINES = (
    "Host: evil.example",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-For: " + "1.2.3.4, " * 300,
    "X-Forwarded-Proto: javascript",
    "Forwarded: host=evil",
    "Range: bytes=" + ",".join(f"{n}-{n}" for n in range(2000)),
    "Range: bytes=9-1",
    "Range: bytes=-0",
    "If-None-Match: " + '"x",' * 2000 + '"y"',
    "If-None-Match: *",
    "If-Range: x",
    "If-Modified-Since: never",
    "Accept-Language: " + "a-" * 2000,
    "Accept-Language: *;q=0",
    "Accept-Encoding: \x01",
    "Cookie: " + "a=b;" * 2000,
    "Expect: 100-continue",
    "Expect: something",
    "Upgrade: websocket\r\nConnection: upgrade",
    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    "X: \xff\xfe",
    "Origin: null",
    "Content-Encoding: gzip",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, identity",
    "Trailer: x",
    "Te: trailers",
)
METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "get", "BREW", "GET" * 100)
SERVICES = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT*{SERVICE<http://127.0.0.1:1/>{?s ?p ?o}}",
    "SELECT*{SERVICEsilent<http://127.0.0.1:1/>{?s ?p ?o}}",
    "SELECT * { BIND(<http://127.0.0.1:1/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o.service<http://127.0.0.1:1/>{?a ?b ?c} }",
    r"SELECT * { \u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "PREFIX s: <http://127.0.0.1:1/> DESCRIBE ?s { SERVICE s: { ?s ?p ?o } }",
    "LOAD <http://127.0.0.1:1/>",
)
SOURCES = ("file:///etc/passwd", "http://127.0.0.1:1/", "data:text/turtle,", "/etc/passwd")


def get(path: str, *lines: str, method: str = "GET") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Connection: close", *lines]
    head += [] if any(line.startswith("Host:") for line in lines) else ["Host: x"]
    return "\r\n".join([*head, "", ""]).encode("latin-1")


def post(kind: str, body: str | bytes, path: str = "/sparql", *lines: str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    about = (f"Content-Type: application/{kind}", f"Content-Length: {len(content)}")
    return get(path, *about, *lines, method="POST") + content


def forms() -> Iterator[tuple[str, bytes, set[int]]]:
    """Give what is tried, the bytes of the request and the statuses that it may get; 0 is an end without one."""
    for path in PATHS:
        yield f"path {path[:30]}", get(path), FOUND | REFUSED
    for accept in ACCEPTS:
        yield f"Accept {accept[:30]}", get("/x", f"Accept: {accept}"), {303, 406}
    for line in LINES:
        yield line[:30], get("/x.html", line), {200, 206, 304, 400, 408, 416, 417, 431}
    for method in METHODS:
        yield method[:10], get("/x.html", method=method), {200, 204, 400, 405, 501}
        yield f"{method[:10]} /sparql", get("/sparql", method=method), {200, 204, 400, 405, 501}
    for update in UPDATES:
        yield f"form {update[:20]}", post(FORM, f"update={quote(update)}"), {403}
        yield f"direct {update[:20]}", post(UPDATE, update), {403}
        yield f"as a query: {update[:20]}", post(QUERY, update), {400, 403}
    for service in SERVICES:
        yield service[:40], post(QUERY, service), {403}
    for source in SOURCES:
        yield f"FROM {source}", post(QUERY, f"SELECT * FROM <{source}> {{ ?s ?p ?o }}"), {200, 400}
        yield (
            f"default graph {source}",
            get(f"/sparql?query=ASK%7B%7D&default-graph-uri={quote(source)}"),
            {200, 400, 500},
        )
    for query in (*NESTED, *COSTLY):
        yield query[:40], post(QUERY, query), {200, 400, 413, 429, 500, 503, 504}
    yield from broken()


def broken() -> Iterator[tuple[str, bytes, set[int]]]:
    """Give what is no sound operation of the SPARQL protocol, or no sound HTTP."""
    asked = "query=ASK%7B%7D"
    yield "two queries", post(FORM, f"{asked}&{asked}"), {400}
    yield "no query", post(FORM, ""), {400}
    yield "an empty query", get("/sparql?query="), {400}
    yield "letters that are no UTF-8", get("/sparql?query=%ff%fe"), {400}
    yield "a body that is no UTF-8", post(QUERY, b"\xff\xfe"), {400}
    yield "a NUL", get("/sparql?query=ASK%7B%7D%00"), {400}
    yield "a query in the address and in the body", post(QUERY, "ASK {}", f"/sparql?{asked}"), {400}
    yield "8 MB of query", post(QUERY, "#" * (8 << 20)), {413}
    yield "70 kB of query", post(QUERY, "ASK {} #" + "x" * 70_000), {413}
    yield "a thousand parameters", post(FORM, "a=1&" * 1000 + asked), {400}
    yield "another type", post("json", "{}"), {415}
    yield "no type", post("", "ASK {}"), {415}
    yield "a packed body", post(QUERY, b"\x1f\x8b\x08", "/sparql", "Content-Encoding: gzip"), {415}
    yield "a timeout of its own", get(f"/sparql?{asked}&timeout=999999"), {200}
    yield "a callback", get(f"/sparql?{asked}&callback=alert"), {200}
    yield "a format that there is not", get(f"/sparql?{asked}&format=exe"), {200}
    yield (
        "a body that ends early",
        post(FORM, asked).replace(b"Content-Length: 15", b"Content-Length: 99"),
        {0, 400, 408},
    )
    chunked = get("/sparql", f"Content-Type: application/{FORM}", "Transfer-Encoding: chunked", method="POST")
    yield "chunks", chunked + b"f\r\nquery=ASK%7B%7D\r\n0\r\n\r\n", {200}
    yield "a chunk without a size", chunked + b"zz\r\nabc\r\n", {0, 400}
    yield "a chunk of 2^64", chunked + b"ffffffffffffffffff\r\n", {0, 400}
    yield "both lengths", get("/", "Content-Length: 1", "Transfer-Encoding: chunked") + b"0\r\n\r\n", {400}
    yield "two lengths", get("/", "Content-Length: 1", "Content-Length: 2") + b"ab", {400}
    yield "a length below zero", get("/", "Content-Length: -1"), {400}
    yield "no length", get("/sparql", f"Content-Type: application/{FORM}", method="POST"), {400, 411}
    yield "two hosts", get("/", "Host: a", "Host: b"), {400}
    yield "no host", b"GET / HTTP/1.1\r\n\r\n", {400}
    yield "HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", {200}
    yield "HTTP/0.9", b"GET /\r\n\r\n", {200, 400}
    yield "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}
    yield "HTTP/9.9", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {200, 400}
    yield "TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n", {400}
    yield "nonsense", b"nonsense\r\n\r\n", {400}
    yield "folded lines", b"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", {200, 400, 408}
    yield "a space before the colon", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", {400}
    yield "a NUL in a field", get("/", "X: a\0b"), {400}
    yield "line feeds alone", b"GET / HTTP/1.1\nHost: x\nConnection: close\n\n", {200, 400}
    yield "5,000 fields", get("/", *["X: 1"] * 5000), {431}
    yield "a field of 1 MB", get("/", "X: " + "a" * 1_000_000), {431}
    yield "an address of 100 kB", get("/" + "a" * 100_000), {414}


FORMS = tuple(forms())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path, Path]]:
    """A server, the folder of all that is its own, and what `strace` writes of it."""
    if shutil.which("strace") is None:
        if os.environ.get("CI"):
            pytest.fail("strace is missing")
        pytest.skip("strace is not installed")
    folder = tmp_path_factory.mktemp("forms")
    log = folder.with_name(f"{folder.name}.strace")
    snapshot = make(folder / "public", 1)
    (folder / "site").symlink_to(folder / "public")
    (folder / "snapshot").symlink_to(snapshot)
    running = Running(folder, fast_workers=1, stranger_workers=1, refill=1e6, deadline=1.0, queue_wait=5.0)
    # The worker that makes documents starts beside the first answers, and reads programs then.
    assert running.get("/x.nt")[0] == 200
    command = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=connect,open,openat,execve,bind",
        "-o",
        log,
        "-p",
        str(running.process.pid),
    ]
    threads = [task for pid in everybody(running.process.pid) for task in ("-p", str(pid))]
    tracer = subprocess.Popen([*command[:-2], *threads], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not traced(running.process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if not traced(running.process.pid):
        tracer.kill()
        tracer.wait()
        running.stop()
        pytest.skip("this system does not let strace attach")
    yield running, folder, log
    running.stop()
    tracer.wait(20)


def everybody(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += everybody(int(child))
    return found


def traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()


def test_there_are_as_many_forms_as_the_threat_model_counts() -> None:
    assert len(FORMS) >= 137
    assert len({name for name, *_ in FORMS}) > 130


@pytest.mark.parametrize(("request_bytes", "statuses"), [each[1:] for each in FORMS], ids=[each[0] for each in FORMS])
def test_a_request_gets_its_status_and_the_next_one_is_answered(
    watched: tuple[Running, Path, Path], request_bytes: bytes, statuses: set[int]
) -> None:
    server = watched[0]
    status, answer = server.send(request_bytes)
    assert status in statuses, answer[:300]
    assert b"evil.example" not in answer
    began = time.monotonic()
    assert server.get("/x.html")[0] == 200
    assert time.monotonic() - began < PROBE_SECONDS
    assert server.process.poll() is None


def test_nothing_was_called_and_no_strange_file_was_read(watched: tuple[Running, Path, Path]) -> None:
    """Runs after the others of this module."""
    server, folder, log = watched
    assert server.get("/x.html")[0] == 200
    calls = log.read_text(errors="replace").splitlines()
    assert any("openat(" in call for call in calls)
    assert [
        call for call in calls if re.search(r"\bconnect\(|\bbind\(|\bexecve\(", call) and "AF_UNIX" not in call
    ] == []
    own = (
        str(folder.resolve()),
        sys.prefix,
        sys.base_prefix,
        "/proc/",
        "/dev/null",
        "/dev/urandom",
        "/usr/lib",
        "/lib",
        "/sys/",
    )
    read = {
        found[1] for call in calls if (found := re.search(r'open(?:at)?\(.*?"([^"]*)"', call)) and "ENOENT" not in call
    }
    source = str(Path(__file__).parents[2] / "src")
    assert sorted(name for name in read if not name.startswith((*own, source, "/tmp/", "/etc/ld.so.cache"))) == []
    assert not [
        name for name in read if name.startswith("/tmp/") and str(folder.parent) not in name and "/tmp/tmp" not in name
    ]
