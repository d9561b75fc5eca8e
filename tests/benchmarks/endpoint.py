"""What the endpoint adds to the engine, and how both compare with rdflib, over made-up meetings.

    python tests/benchmarks/endpoint.py [TRIPLES]

Ten kinds of queries, each answered

| by | what it tells |
|---|---|
| the engine in this process, read-only, the answer written as JSON | the query itself, without HTTP |
| `oxigraph serve-read-only`, if found (`pip install oxigraph`) | native HTTP around the engine, without a guard |
| the engine behind uvicorn, in the plainest way | HTTP in Python around the engine, without a guard |
| the endpoint with the engine in the web process | all of ours but isolation |
| the endpoint | |
| rdflib's memory store in this process, and behind uvicorn in the plainest way | |

over connections that are kept. They take turns, so that the ratios hold on a machine that others use. "Native
pyoxigraph" over the same wire is the plainest server: a bare call needs no HTTP, which alone takes longer than a small
query. Times are medians of wall-clock time as a client sees it, of rdflib the best of three; then the processor time of
the server for each query, with its workers.
"""

import functools
import http.client
import io
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
SMALL = ("point", "star")
NAMES = {"meeting": "https://example.org/made-up/meeting/m77", "person": "https://example.org/made-up/person/p77"}
JSON = "application/sparql-results+json"
Answerer = Callable[[str], bytes]


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

    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def forked(answer: Answerer) -> tuple[int, int]:
    """Serve in a process of its own, which has what this one has; return its id and its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    pid = os.fork()
    if pid == 0:
        try:
            plain(answer, listener)
        finally:
            os._exit(0)
    port = listener.getsockname()[1]
    listener.close()
    return pid, port


def of_engine(opened: Callable[[], snapshots.Snapshot], text: str) -> bytes:
    answered = io.BytesIO()
    opened().query(text, base="http://example.org/").write(answered, format_name="json")
    return answered.getvalue()


def of_rdflib(graph: rdflib.Graph, text: str) -> bytes:
    return graph.query(text).serialize(format="json") or b""


def over_http(connection: http.client.HTTPConnection, path: str, text: str) -> bytes:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}
    try:
        connection.request("POST", path, urlencode({"query": text}), headers)
        response = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):
        connection.close()  # a server ends what was idle while rdflib was at work
        connection.request("POST", path, urlencode({"query": text}), headers)
        response = connection.getresponse()
    content = response.read()
    assert response.status == 200, content
    return content


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def native(folder: Path) -> tuple[subprocess.Popen[bytes], int] | None:
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
                return process, port
        time.sleep(0.05)
    return None


def generated(folder: Path, triples: int) -> list[ox.Quad]:
    generate = Path(__file__).with_name("generate.py")
    subprocess.run([sys.executable, str(generate), str(folder), "--triples", str(triples)], check=True)
    return [quad for path in sorted(folder.rglob("data/**/*.t*")) for quad in ox.parse(path=str(path))]


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        quads = generated(folder / "project", triples)
        snapshots.write(quads, folder / "snapshot")
        # Each process opens it when it is first asked: an open store is not carried over to a fork.
        opened = functools.cache(partial(snapshots.Snapshot.open, folder / "snapshot"))
        graph = rdflib.Graph()
        graph.parse(data=ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.N_TRIPLES), format="nt")
        print(f"{len(quads)} quads, {len(graph)} triples", flush=True)
        ours = [serving.part("serve", name, kind) for kind in ("workers", "threads")]
        own = native(folder / "snapshot")
        servers = {"endpoint": (ours[0].pid, port_of(ours[0])), "in one process": (ours[1].pid, port_of(ours[1]))}
        if own is not None:
            servers["oxigraph"] = own[0].pid, own[1]
        servers["plain"] = forked(partial(of_engine, opened))
        servers["plain rdflib"] = forked(partial(of_rdflib, graph))
        time.sleep(1)
        try:
            compare(servers, {"engine": partial(of_engine, opened), "rdflib": partial(of_rdflib, graph)})
        finally:
            for pid, _ in servers.values():
                os.kill(pid, 15)
            for process in ours:
                process.wait(20)
    print(f"load average {os.getloadavg()[0]:.1f}")


def port_of(server: "subprocess.Popen[str]") -> int:
    assert server.stdout is not None
    return int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])


def compare(servers: dict[str, tuple[int, int]], bare: dict[str, Answerer]) -> None:
    connections = {name: http.client.HTTPConnection("127.0.0.1", port) for name, (_, port) in servers.items()}
    paths = {name: "/query" if name == "oxigraph" else "/sparql" for name in servers}
    answerers = bare | {name: partial(over_http, connection, paths[name]) for name, connection in connections.items()}
    found: dict[str, dict[str, float]] = {}
    spent: dict[str, dict[str, float]] = {}
    for query, template in QUERIES.items():
        text = PREFIXES + template.format(**NAMES)
        rounds = 300 if query not in ("aggregate", "text filter", "NOT EXISTS", "ORDER and LIMIT") else 30
        found[query], spent[query] = taking_turns(answerers, text, rounds, {n: pid for n, (pid, _) in servers.items()})
        told = ", ".join(f"{name} {seconds * 1000:.2f}" for name, seconds in found[query].items())
        print(f"{query}, ms: {told}", flush=True)
    report(found, spent)


def taking_turns(
    answerers: dict[str, Answerer], text: str, rounds: int, pids: dict[str, int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds of each answerer, and the processor seconds that a query took in each process."""
    slow = {name for name in answerers if "rdflib" in name}
    times: dict[str, list[float]] = {name: [] for name in answerers}
    spent = {}
    for name in sorted(slow):
        began = time.process_time()
        times[name] = [timed(partial(answerers[name], text)) for _ in range(3)]
        if name not in pids:
            spent[name] = (time.process_time() - began) / 3
    fast = {name: answer for name, answer in answerers.items() if name not in slow}
    for answer in fast.values():
        answer(text)  # once, to warm up
    before = {name: serving.processor_seconds(pid) for name, pid in pids.items()}
    for _ in range(rounds):
        for name, answer in fast.items():
            times[name].append(timed(partial(answer, text)))
    after = {name: serving.processor_seconds(pid) for name, pid in pids.items()}
    seconds = {name: min(each) if name in slow else statistics.median(each) for name, each in times.items()}
    served = {name: (after[name] - before[name]) / rounds for name in pids if name not in slow}
    return seconds, spent | served


def report(found: dict[str, dict[str, float]], spent: dict[str, dict[str, float]]) -> None:
    for query in SMALL:
        times = found[query]
        ratios = (f"{times['endpoint'] / seconds:.2f} x {name}" for name, seconds in times.items() if seconds < 1)
        print(f"{query}, endpoint: {', '.join(ratios)}")
        cpu = (f"{name} {seconds * 1e6:.0f}" for name, seconds in spent[query].items())
        print(f"{query}, us of processor time: {', '.join(cpu)}")
    mean = partial(ratio_of, found.values())
    print(f"geometric means of {len(found)}: rdflib takes {mean('rdflib', 'endpoint'):.1f} x the endpoint")
    print(f"  rdflib in the plainest server {mean('plain rdflib', 'endpoint'):.1f} x the endpoint")
    print(f"  rdflib {mean('rdflib', 'engine'):.1f} x the engine, both in this process")
    print(f"  rdflib {ratio_of(spent.values(), 'rdflib', 'endpoint'):.1f} x the endpoint in processor time")
    for other in ("engine", "plain", "in one process", "oxigraph"):
        if all(other in times for times in found.values()):
            print(f"  the endpoint {mean('endpoint', other):.2f} x {other}")


def ratio_of(found: Iterable[dict[str, float]], above: str, below: str) -> float:
    return math.exp(statistics.mean(math.log(times[above] / times[below]) for times in found))


if __name__ == "__main__":
    main()
