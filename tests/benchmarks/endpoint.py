"""What the endpoint adds to the engine, and how both compare with rdflib, over made-up meetings.

    python tests/benchmarks/endpoint.py [TRIPLES [ROUNDS]]

Ten kinds of queries, each answered

| by | what it tells |
|---|---|
| the engine in this process, read-only, the answer written as JSON | the query itself, without HTTP |
| the engine behind uvicorn, in the plainest way | HTTP in Python around the engine, without a guard |
| `oxigraph serve-read-only`, if found (`pip install oxigraph`) | HTTP in Rust around the engine, without a guard |
| the endpoint | |
| rdflib's memory store in this process, and behind uvicorn in the plainest way | |

They take turns in batches, each the same list of queries in the same order over a connection that is kept, broken off
after some seconds: who is slow gets fewer of them. No query comes twice: its meeting or person differs, and a number at
its end, so that no answer that was kept is measured; those are a line of their own. The answers of all must have
equally many rows.

"Native pyoxigraph" over the same wire is the plainest server: a bare call needs no HTTP, which alone takes longer than
a small query. Figures are medians of rounds: of the median of wall-clock time in a batch, as a client sees it that does
nothing but send bytes and wait; and of the processor time of a server and its workers for each small query.
"""

import functools
import io
import itertools
import json
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pyoxigraph as ox
import rdflib
import uvicorn

from communique import snapshots

sys.path.insert(0, str(Path(__file__).parent))
import serving

PREFIXES = """PREFIX cmq: <https://w3id.org/communique/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# rdflib needs minutes for a negation of two patterns, and so does the engine: the one here has one.
QUERIES = {
    "point": "SELECT ?p ?o {{ <{meeting}> ?p ?o }}",
    "star": """SELECT ?label ?n ?mode ?verbatim {{ <{meeting}> rdfs:label ?label ; cmq:ordinal ?n ;
        cmq:hasAttendanceMode ?mode ; cmq:hasDate ?date . ?date cmq:verbatim ?verbatim }}""",
    "path of three steps": """SELECT ?name ?state {{ <{meeting}> cmq:hasParticipation ?x . ?x cmq:nameAsPrinted ?name ;
        cmq:inCapacityOf ?holding . ?holding cmq:ofOffice ?office . ?office cmq:officeOf ?state }}""",
    "aggregate": "SELECT ?class (COUNT(*) AS ?n) {{ ?s a ?class }} GROUP BY ?class",
    "text filter": "SELECT ?s ?n {{ ?s foaf:name ?n FILTER(CONTAINS(LCASE(STR(?n)), 'kalo')) }}",
    "OPTIONAL": "SELECT ?s ?l ?o {{ ?s a cmq:State ; rdfs:label ?l OPTIONAL {{ ?o cmq:officeOf ?s }} }}",
    "property path": "SELECT ?x {{ <{meeting}> cmq:inSeries/cmq:convenedWithin+ ?x }}",
    "ORDER and LIMIT": """SELECT ?m ?n ?l {{ ?m a cmq:Meeting ; cmq:ordinal ?n ; rdfs:label ?l
        FILTER(LANG(?l) = "en") }} ORDER BY DESC(?n) LIMIT 20""",
    "inverse with labels": "SELECT ?s ?p ?l {{ ?s ?p <{person}> ; rdfs:label ?l }}",
    "NOT EXISTS": """SELECT ?p ?n {{ ?p a foaf:Person ; foaf:name ?n
        FILTER NOT EXISTS {{ ?x cmq:hasParticipant ?p }} }}""",
}
SMALL, AGAIN = ("point", "star"), "a point, again and again"
MADE_UP = "https://example.org/made-up/"
JSON = "application/sparql-results+json"
BATCH, SECONDS = 100, 2.0
"""Queries in a batch at most, and seconds after which it is broken off."""
Answerer = Callable[[str], bytes]


@dataclass
class Contender:
    """Who answers queries; `pid` is that of the server, None for this process."""

    answer: Answerer
    pid: int | None = None
    wall: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    def take(self, kind: str, queries: list[str]) -> int:
        """Answer queries, note what that took, and return how many rows the first of them has."""
        rows = rows_of(self.answer(queries[0]))
        times: list[float] = []
        before, began = self.spent(), time.perf_counter()
        for query in queries:
            start = time.perf_counter()
            self.answer(query)
            times.append(time.perf_counter() - start)
            if time.perf_counter() - began > SECONDS:
                break
        self.processor.setdefault(kind, []).append((self.spent() - before) / len(times))
        self.wall.setdefault(kind, []).append(statistics.median(times))
        return rows

    def spent(self) -> float:
        return time.process_time() if self.pid is None else serving.processor_seconds(self.pid)


class Wire:
    """A connection that is kept: bytes out, bytes in, and no more work than that."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self.connection = self.connect()

    def connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def __call__(self, text: str) -> bytes:
        body = urlencode({"query": text})
        head = f"POST {self.path} HTTP/1.1\r\nHost: x\r\nAccept: {JSON}\r\nContent-Length: {len(body)}\r\n"
        request = f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
        try:
            return self.over(request)
        except ConnectionError:  # a server ends what was idle while others were at work
            self.connection = self.connect()
            return self.over(request)

    def over(self, request: bytes) -> bytes:
        self.connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head, _, content = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), received
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        pieces, size = [content], len(content)
        while size < int(length) if length else not pieces[-1].endswith(b"0\r\n\r\n"):
            pieces.append(self.more())
            size += len(pieces[-1])
        content = b"".join(pieces)
        return content if length else unchunked(content)

    def more(self) -> bytes:
        piece = self.connection.recv(1 << 20)
        if not piece:
            raise ConnectionResetError
        return piece


def unchunked(content: bytes) -> bytes:
    whole = b""
    while (size := int(content.partition(b"\r\n")[0], 16)) > 0:
        start = content.index(b"\r\n") + 2
        whole += content[start : start + size]
        content = content[start + size + 2 :]
    return whole


def rows_of(answer: bytes) -> int:
    return len(json.loads(answer)["results"]["bindings"])


def plain(answer: Answerer, listener: socket.socket) -> None:
    """Serve in the plainest way: a form comes, the query is evaluated, the answer goes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answered = answer(parse_qs(body.decode())["query"][0])
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(answered))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answered})

    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listener])


def forked(answer: Answerer) -> Contender:
    """Serve in a process of its own, which has what this one has."""
    listener = socket.create_server(("127.0.0.1", 0))
    # Else an answer in two writes waits for an acknowledgment that the client delays, 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pid = os.fork()
    if pid == 0:
        try:
            plain(answer, listener)
        finally:
            os._exit(0)
    port = listener.getsockname()[1]
    listener.close()
    return Contender(Wire(port, "/sparql"), pid)


def of_engine(opened: Callable[[], snapshots.Snapshot], text: str) -> bytes:
    answered = io.BytesIO()
    opened().query(text, base="http://example.org/").write(answered, format_name="json")
    return answered.getvalue()


def of_rdflib(graph: rdflib.Graph, text: str) -> bytes:
    return graph.query(text).serialize(format="json") or b""


def ours(folder: Path) -> Contender:
    server = serving.part("serve", folder, "workers")
    assert server.stdout is not None
    return Contender(Wire(int(server.stdout.readline().rstrip("/\n").rpartition(":")[2]), "/sparql"), server.pid)


def native(folder: Path) -> Contender | None:
    """Start Oxigraph's own server, if there is one."""
    program = shutil.which("oxigraph")
    if program is None:
        return None
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command: list[str | Path] = [program, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Contender(Wire(port, "/query"), process.pid)
        time.sleep(0.05)
    return None


def generated(folder: Path, triples: int) -> list[ox.Quad]:
    generate = Path(__file__).with_name("generate.py")
    subprocess.run([sys.executable, str(generate), str(folder), "--triples", str(triples)], check=True)
    return [quad for path in sorted(folder.rglob("data/**/*.t*")) for quad in ox.parse(path=str(path))]


def names_of(quads: list[ox.Quad], kind: str) -> list[str]:
    """Return the IRIs of all meetings or persons that something is said of."""
    subjects = (quad.subject for quad in quads)
    return sorted({s.value for s in subjects if isinstance(s, ox.NamedNode) and s.value.startswith(MADE_UP + kind)})


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        quads = generated(folder / "project", triples)
        snapshots.write(quads, folder / "snapshot")
        names = {kind: names_of(quads, kind) for kind in ("meeting", "person")}
        # Each process opens it when it is first asked: an open store is not carried over to a fork.
        opened = functools.cache(partial(snapshots.Snapshot.open, folder / "snapshot"))
        graph = rdflib.Graph()
        graph.parse(data=ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.N_TRIPLES), format="nt")
        print(f"{len(quads)} quads, {len(graph)} triples", flush=True)
        del quads
        contenders = {"endpoint": ours(folder), "plain": forked(partial(of_engine, opened))}
        contenders["rdflib, plain"] = forked(partial(of_rdflib, graph))
        if (own := native(folder / "snapshot")) is not None:
            contenders["oxigraph"] = own
        contenders |= {"engine": Contender(partial(of_engine, opened))}
        contenders |= {"rdflib": Contender(partial(of_rdflib, graph))}
        time.sleep(1)
        try:
            compare(contenders, names, rounds)
        finally:
            for pid in filter(None, (each.pid for each in contenders.values())):
                os.kill(pid, 15)
                os.waitpid(pid, 0)
    print(f"load average {os.getloadavg()[0]:.1f}")


def compare(contenders: dict[str, Contender], names: dict[str, list[str]], rounds: int) -> None:
    numbers = itertools.count()
    for kind, template in QUERIES.items():
        for round_ in range(rounds):
            batch = [text_of(template, names, next(numbers)) for _ in range(BATCH)]
            place = round_ % len(contenders)
            order = [*list(contenders)[place:], *list(contenders)[:place]]
            rows = {name: contenders[name].take(kind, batch) for name in order}
            assert len(set(rows.values())) == 1, (kind, rows)
        told = ", ".join(f"{name} {figure(each.wall, kind) * 1000:.2f}" for name, each in contenders.items())
        print(f"{kind}, ms: {told}", flush=True)
    again = [text_of(QUERIES["point"], names, next(numbers))] * BATCH
    for _, name in itertools.product(range(rounds), ("endpoint", "plain")):
        contenders[name].take(AGAIN, again)
    report(contenders)


def text_of(template: str, names: dict[str, list[str]], number: int) -> str:
    """Return a query that nobody was asked before."""
    chosen = {kind: each[number * 7 % len(each)] for kind, each in names.items()}
    return f"{PREFIXES}{template.format(**chosen)} # {number}"


def figure(kept: dict[str, list[float]], kind: str) -> float:
    return statistics.median(kept[kind])


def report(contenders: dict[str, Contender]) -> None:
    endpoint = contenders["endpoint"]
    for kind in (*SMALL, AGAIN):
        print(f"{kind}:")
        for name, each in contenders.items():
            if kind in each.wall:
                wall, processor = figure(each.wall, kind), figure(each.processor, kind)
                ratios = figure(endpoint.wall, kind) / wall, figure(endpoint.processor, kind) / processor
                print(f"  {name}: {wall * 1000:.2f} ms, {processor * 1e6:.0f} us of processor time;", end=" ")
                print("the endpoint takes {:.2f} x, {:.2f} x as long".format(*ratios))
    print(f"geometric means of {len(QUERIES)} kinds, wall-clock time:")
    for above, below in itertools.permutations(contenders, 2):
        ratio = mean(figure(contenders[above].wall, kind) / figure(contenders[below].wall, kind) for kind in QUERIES)
        if ratio > 1:
            print(f"  {above} takes {ratio:.2f} x as long as {below}")


def mean(ratios: Iterable[float]) -> float:
    return math.exp(statistics.mean(map(math.log, ratios)))


if __name__ == "__main__":
    main()
