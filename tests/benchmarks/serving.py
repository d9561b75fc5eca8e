"""Figures of the server on this machine: ordinary queries alone and beside hostile clients, and how fast it stops.

    python tests/benchmarks/serving.py [SECONDS]

Open loop: 40 ordinary queries a second are sent whatever becomes of the ones before. Clients have addresses of their
own (127.0.0.x), as budgets go by address.
"""

import asyncio
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from communique import snapshots

PROGRAM = """
import sys
from pathlib import Path
from communique.serving.app import application
from communique.serving.running import run
folder = Path(sys.argv[1])
app = application(folder / "site", snapshot=folder / "snapshot", triples=0, url="http://example.org/")
run(app, host="127.0.0.1", port=0, announce=lambda url: print(url, flush=True))
"""
TRIPLES, RATE = 100_000, 40
ORDINARY = "SELECT ?p ?o {{ <http://example.org/s{}> ?p ?o }}"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c",
    "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }",
)


async def ask(port: int, query: str, *, source: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        writer.write(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return (await reader.read())[9:12].decode() or "closed"
    finally:
        writer.close()


async def ordinary(port: int, seconds: float) -> str:
    times: list[float] = []
    statuses: Counter[str] = Counter()

    async def one(number: int) -> None:
        began = time.perf_counter()
        status = await asyncio.wait_for(
            ask(port, ORDINARY.format(number * 37 % TRIPLES), source=f"127.0.1.{number % 7 + 1}"), 15
        )
        times.append(time.perf_counter() - began)
        statuses[status] += 1

    began, tasks = time.perf_counter(), []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    times.sort()
    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {dict(statuses)}"


async def hostile(port: int, number: int) -> None:
    while True:
        try:
            status = await ask(port, HOSTILE[number % len(HOSTILE)], source=f"127.0.2.{number + 1}")
        except OSError:
            status = "closed"
        await asyncio.sleep(0.05 if status != "200" else 0)


async def measure(port: int, seconds: float) -> None:
    for clients in (0, 4, 16):
        tasks = [asyncio.create_task(hostile(port, number)) for number in range(clients)]
        await asyncio.sleep(0.5)
        print(f"{clients} hostile clients: {await ordinary(port, seconds)}", flush=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        predicate = ox.NamedNode("http://example.org/p")
        quads = (ox.Quad(ox.NamedNode(f"http://example.org/s{n}"), predicate, ox.Literal(n)) for n in range(TRIPLES))
        snapshots.write(quads, folder / "snapshot")
        server = subprocess.Popen([sys.executable, "-c", PROGRAM, name], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            asyncio.run(measure(int(server.stdout.readline().rstrip("/\n").rpartition(":")[2]), seconds))
        finally:
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            print(f"SIGTERM: exit {server.wait(20)} after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
