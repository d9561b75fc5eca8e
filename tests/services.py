"""SPARQL services on this machine to read from: our own endpoint, one with the manners of others, and Virtuoso."""

import io
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox

from communique import snapshots
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.sparql.query_aids import graphs_beside
from communique.store import Store

PROGRAM = """
import sys
from pathlib import Path
from communique.serving.app import application
from communique.serving.limits import Limits
from communique.serving.running import run
folder = Path(sys.argv[1])
limits = Limits(budget=1000.0, fast_workers=1)
app = application(folder / "site", snapshot=folder / "snapshot", triples=0, url="http://127.0.0.1/", limits=limits)
run(app, host="127.0.0.1", port=0, announce=lambda url: print(url, flush=True), limits=limits)
"""
RESULTS = "application/sparql-results+json"


@contextmanager
def endpoint(quads: Iterable[ox.Quad], folder: Path) -> Iterator[str]:
    """Give the address of our own endpoint over some quads."""
    (folder / "site").mkdir(parents=True)
    snapshots.write(quads, folder / "snapshot")
    server = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip() + "sparql"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def held(project: Path, *, root: str) -> list[ox.Quad]:
    """Return what our own endpoint holds of a project, with the graphs that describe it; its site begins at `root`."""
    opened = Project.open(project)
    build(opened, out=project / "public", progress=Progress(quiet=True), snapshot=True)
    store = Store.load(opened)
    beside = graphs_beside(project / "public", root=root, dataset=store)
    return [*store.quads(), *(quad for quads in beside.values() for quad in quads)]


@dataclass
class Manners:
    """What a service does otherwise: a cap on rows, fresh labels, pages that overlap, a pause, given replies.

    Queries in which `gives_up` stands are too much for it, which it tells by the status `given_up`.

    It answers 503 to more questions at once than it `takes`. It notes how many questions it was asked at the same time.
    """

    cap: int = 10**9
    says_so: bool = False
    fresh_labels: bool = True
    shuffles: bool = False
    pause: float = 0.0
    gives_up: str = ""
    given_up: int = 500
    takes: int = 10**9
    at_once: int = 0
    most_at_once: int = 0
    replies: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, list[str]]] = field(default_factory=list)


@contextmanager
def mannered(quads: Iterable[ox.Quad], manners: Manners) -> Iterator[str]:
    """Give the address of a service over some quads, with manners of its own; its default graph is the unnamed one."""
    store = ox.Store()
    store.extend(quads)
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            form = parse_qs(body.decode())
            query = form["query"][0]
            manners.bodies.append(form)
            manners.requests.append(query)
            manners.headers.append({name.lower(): value for name, value in self.headers.items()})
            with lock:
                manners.at_once += 1
                manners.most_at_once = max(manners.most_at_once, manners.at_once)
                is_full = manners.at_once > manners.takes
            time.sleep(manners.pause)
            if is_full:
                reply = 503, {}, b"full"
            elif manners.gives_up and manners.gives_up in query:
                reply = manners.given_up, {"Content-Type": "text/plain"}, b"Transaction timed out"
            else:
                reply = manners.replies.pop(0) if manners.replies else answer(store, query, manners)
            with lock:
                manners.at_once -= 1
            self.reply(*reply)

        def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(content)
            self.close_connection = "Connection" in headers

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(store: ox.Store, query: str, manners: Manners) -> tuple[int, dict[str, str], bytes]:
    try:
        results = store.query(query)
    except SyntaxError as error:
        return 400, {"Content-Type": "text/plain"}, str(error).encode()
    out = io.BytesIO()
    if isinstance(results, ox.QueryTriples):
        results.serialize(out, ox.RdfFormat.N_TRIPLES)
        return 200, {"Content-Type": "application/n-triples"}, out.getvalue()
    if isinstance(results, ox.QueryBoolean):
        results.serialize(out, ox.QueryResultsFormat.JSON)
        return 200, {"Content-Type": RESULTS}, out.getvalue()
    return bindings(results, manners)


def bindings(results: ox.QuerySolutions, manners: Manners) -> tuple[int, dict[str, str], bytes]:
    rows = [tuple(row) for row in results]
    if manners.shuffles:
        random.Random(len(manners.requests)).shuffle(rows)
    headers = {"X-SPARQL-MaxRows": str(manners.cap)} if manners.says_so and len(rows) > manners.cap else {}
    names = [variable.value for variable in results.variables]
    lines = "\n".join("\t".join("" if term is None else str(term) for term in row) for row in rows[: manners.cap])
    table = "\t".join(f"?{name}" for name in names) + "\n" + lines + "\n" * bool(lines)
    if manners.fresh_labels:
        table = table.replace("_:", f"_:r{len(manners.requests)}x")
    out = io.BytesIO()
    found = ox.parse_query_results(table, format=ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    found.serialize(out, ox.QueryResultsFormat.JSON)
    return 200, {"Content-Type": RESULTS, **headers}, out.getvalue()


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
CheckpointInterval = 0
NumberOfBuffers = 2000
MaxDirtyBuffers = 1000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 3
"""


def has_virtuoso() -> bool:
    """Tell whether Virtuoso is installed; where CI runs it must be."""
    found = shutil.which("virtuoso-t") is not None and shutil.which("isql-vt") is not None
    assert found or os.environ.get("CI") != "true", "install virtuoso-opensource-7-bin (.ci/run does)"
    return found


@contextmanager
def virtuoso(nquads: str, folder: Path, *, rows: int) -> Iterator[str]:
    """Give the address of a fresh Virtuoso that has loaded some N-Quads and answers with `rows` rows at most."""
    folder.mkdir(parents=True, exist_ok=True)
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=sql, http=http, rows=rows), encoding="utf-8")
    (folder / "data.nq").write_text(nquads, encoding="utf-8")
    log = (folder / "out").open("wb")
    command = ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{http}/sparql"
    try:
        wait_for(url, server)
        load = "DB.DBA.TTLP(file_to_string_output('data.nq'), '', 'http://example.org/loaded', 512);"
        isql = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
        done = subprocess.run(isql, capture_output=True, text=True, timeout=60, check=False)
        assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
        yield url
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "Virtuoso ended"
        try:
            urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Virtuoso did not answer within a minute")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
