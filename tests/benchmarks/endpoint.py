"""What the endpoint adds to the engine, and how both compare with rdflib, over made-up meetings.

    python tests/benchmarks/endpoint.py [TRIPLES]

Each query is put to the endpoint over one connection that is kept, to the same HTTP front with the engine in the web
process (the price of isolation), to the engine in this process (read-only, the answer written as JSON), and to rdflib's
memory store. They take turns, so that the ratios hold on a machine that others use.
"""

import http.client
import io
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import rdflib

from communique import snapshots

sys.path.insert(0, str(Path(__file__).parent))
import serving

PREFIXES = """PREFIX cmq: <https://w3id.org/communique/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
QUERIES = {
    "point": "SELECT ?p ?o {{ <{meeting}> ?p ?o }}",
    "star": "SELECT ?label ?type ?series {{ <{meeting}> rdfs:label ?label ; a ?type ; cmq:inSeries ?series }}",
    "participants": "SELECT ?n {{ <{meeting}> cmq:hasParticipation ?x . ?x cmq:nameAsPrinted ?n }} ORDER BY ?n",
    "back": "SELECT ?s ?p {{ ?s ?p <{meeting}> }}",
    "ask": "ASK {{ <{meeting}> a cmq:Meeting }}",
    "page of meetings": "SELECT ?m ?l {{ ?m a cmq:Meeting ; rdfs:label ?l }} LIMIT 50",
    "count by class": "SELECT ?c (COUNT(*) AS ?n) {{ ?s a ?c }} GROUP BY ?c",
    "decisions": "SELECT ?m (COUNT(?d) AS ?n) {{ ?m cmq:hasDecision ?d }} GROUP BY ?m ORDER BY DESC(?n) LIMIT 10",
    "by label": "SELECT ?s ?l {{ ?s a cmq:Meeting ; rdfs:label ?l FILTER(CONTAINS(?l, '7')) }} LIMIT 20",
    "describe": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ <{meeting}> cmq:hasParticipation ?s . ?s ?p ?o }}",
}
MEETING = ox.NamedNode("https://w3id.org/communique/ns#Meeting")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def generated(folder: Path, triples: int) -> list[ox.Quad]:
    generate = Path(__file__).with_name("generate.py")
    subprocess.run([sys.executable, str(generate), str(folder), "--triples", str(triples)], check=True)
    return [quad for path in sorted(folder.rglob("data/**/*.t*")) for quad in ox.parse(path=str(path))]


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def of_engine(store: snapshots.Snapshot, text: str) -> None:
    found = store.query(text, base="http://example.org/")
    found.write(io.BytesIO(), format_name="ntriples" if found.form == "graph" else "json")


def of_endpoint(connection: http.client.HTTPConnection, body: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers["Accept"] = "application/sparql-results+json, application/n-triples"
    connection.request("POST", "/sparql", body, headers)
    response = connection.getresponse()
    content = response.read()
    assert response.status == 200, content


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        quads = generated(folder / "project", triples)
        snapshots.write(quads, folder / "snapshot")
        meeting = next(quad.subject for quad in quads if quad.predicate == TYPE and quad.object == MEETING)
        plain = rdflib.Graph()
        plain.parse(data=ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.N_TRIPLES), format="nt")
        print(f"{len(quads)} quads, {len(plain)} triples", flush=True)
        servers = [serving.part("serve", name, kind) for kind in ("workers", "threads")]
        try:
            ports = [int(each.stdout.readline().rstrip("/\n").rpartition(":")[2]) for each in servers if each.stdout]
            compare(ports, folder / "snapshot", plain, str(meeting.value))  # type: ignore[union-attr]
        finally:
            for server in servers:
                server.terminate()
                server.wait(20)
    print(f"load average {os.getloadavg()[0]:.1f}")


def compare(ports: list[int], snapshot: Path, plain: rdflib.Graph, meeting: str) -> None:
    store = snapshots.Snapshot.open(snapshot)
    endpoint, control = (http.client.HTTPConnection("127.0.0.1", port) for port in ports)
    gains = []
    for name, template in QUERIES.items():
        text = PREFIXES + template.format(meeting=meeting)
        body = urlencode({"query": text})
        for each in (endpoint, control):
            each.close()  # it is opened anew: the server ends what was idle while rdflib was at work
        calls = (
            partial(of_engine, store, text),
            partial(of_endpoint, endpoint, body),
            partial(of_endpoint, control, body),
        )
        times: list[list[float]] = [[], [], []]
        for _ in range(30 if name in ("count by class", "decisions") else 200):
            for kept, call in zip(times, calls, strict=True):
                kept.append(timed(call))
        own, ours, theirs = map(statistics.median, times)
        slow = min(timed(lambda text=text: list(plain.query(text))) for _ in range(3))  # type: ignore[misc]
        gains.append(slow / ours)
        print(
            f"{name}: engine {own * 1000:.2f} ms, endpoint {ours * 1000:.2f} ms ({ours / own:.1f} x the engine, "
            f"{ours / theirs:.2f} x in one process), rdflib {slow * 1000:.1f} ms ({slow / ours:.1f} x the endpoint)",
            flush=True,
        )
    mean = math.exp(statistics.mean(map(math.log, gains)))
    print(f"rdflib to endpoint, geometric mean of {len(gains)}: {mean:.1f} x")


if __name__ == "__main__":
    main()
