"""What the server keeps to when it is restarted, asked for too much, or asked for long.

    python tests/benchmarks/promises.py [restart [TRIPLES] | memory | connections | leak [QUERIES] | service [CALLS]]

| part | figure |
|---|---|
| `restart` | seconds from the start after kill -9 to the first page and the first answer, at 10^6 triples |
| `memory` | resident bytes of the largest worker beside queries that want more than there is |
| `connections` | what 2,000 connections that say nothing do to others |
| `leak` | descriptors and resident bytes of the web process over 100,000 queries, one in twenty hostile |
| `service` | of 1,000,000 made-up queries that the engine would send to another host, how many are not refused first |

`service` takes the better part of an hour on all processors, and is run when it is named.
"""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from communique import snapshots
from communique.serving import app
from communique.serving.limits import MIB, Limits
from communique.serving.running import run

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "serving"))
sys.path.insert(0, str(Path(__file__).parents[1]))
from processes import make

import serving
from service_queries import scanned

MEMORY = 256 * MIB
LIMITS = Limits(deadline=4.0, worker_memory=MEMORY, refill=1e6, slow_lane=2)
GREEDY = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c",
    "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f }",
    "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "SELECT (GROUP_CONCAT(?c) AS ?all) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (COUNT(DISTINCT CONCAT(?c, ?f)) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { { SELECT * { ?a ?b ?c . ?d ?e ?f } } { SELECT * { ?a ?g ?h . ?d ?i ?j } } }",
    'SELECT ?v40 { BIND("x" AS ?v0) ' + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40)) + " }",
    "CONSTRUCT { ?a ?e ?c . ?d ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c MINUS { ?a ?x ?c . ?y ?z ?w } }",
    "SELECT * { ?s (<http://example.org/p1>|!<http://example.org/q>)* ?o . ?c ?d ?e } ORDER BY ?o",
)
HOSTILE = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p",
    "INSERT DATA { <x:s> <x:p> 1 }",
    "SELECT * {" + "{" * 2300 + "}" * 2300 + "}",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 30000",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
)


def quads(triples: int) -> list[ox.Quad]:
    return [
        ox.Quad(ox.NamedNode(f"http://example.org/s{n // 10}"), ox.NamedNode(f"http://example.org/p{n % 10}"), literal)
        for n, literal in ((n, ox.Literal(f"value {n} of a thing that has a name")) for n in range(triples))
    ]


def restart(triples: int) -> None:
    folder = Path(tempfile.mkdtemp())
    shutil.rmtree(make(folder / "public", 1))
    snapshot = snapshots.write_beside(folder / "public", quads(triples))
    size = sum(path.stat().st_size for path in snapshot.iterdir())
    began = time.perf_counter()
    snapshots.Check(snapshot).result()
    print(f"snapshot of {triples} triples: {size >> 20} MiB, checked in {time.perf_counter() - began:.2f} s")
    for _ in range(5):
        began = time.perf_counter()
        out = str(folder / "public")
        command = [sys.executable, "-m", "communique", "serve", "--no-build", "--port", "0", "--out", out]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        urllib.request.urlopen(url + "x.html").read()
        page = time.perf_counter() - began
        urllib.request.urlopen(url + "sparql?query=" + quote("ASK { ?s ?p ?o }")).read()
        query = time.perf_counter() - began
        spent = serving.processor_seconds(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        print(
            f"restart: page after {page:.2f} s, answer after {query:.2f} s, {spent:.2f} s of processor time", flush=True
        )


def serve(folder: Path) -> None:
    where = {"snapshot": folder / "snapshot", "triples": 0, "url": "http://example.org/", "limits": LIMITS}
    application = app.application(folder / "site", **where)  # type: ignore[arg-type]
    run(application, host="127.0.0.1", port=0, announce=lambda url: print(url, flush=True), limits=LIMITS)


def with_server(part: Callable[[int, int], None], triples: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "site").mkdir()
        (Path(name) / "site/page.html").write_text("<p>" + "x" * 20_000)
        snapshots.write(quads(triples), Path(name) / "snapshot")
        command = [sys.executable, __file__, "serve", name]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
        try:
            part(port, server.pid)
        finally:
            server.terminate()
            server.wait(20)


def descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def resident(pid: int, field: str = "VmRSS") -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(field)), 0)


def below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            found += [child, *below(child)] if Path(f"/proc/{child}/task").is_dir() else []
    return found


def memory(port: int, pid: int) -> None:
    began = max(map(resident, below(pid)))
    peaks: dict[str, int] = {}
    query = ""
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(0.01):
            try:
                largest = max((resident(each, "VmHWM") for each in below(pid)), default=0)
            except OSError:
                continue
            peaks[query] = max(peaks.get(query, 0), largest)

    watcher = threading.Thread(target=watch)
    watcher.start()
    statuses: Counter[str] = Counter()
    for query in GREEDY:
        client = serving.Client(port, "127.0.3.1")
        statuses[asyncio.run(client.get("/sparql?query=" + quote(query)))] += 1
        time.sleep(0.3)
    stopped.set()
    watcher.join()
    for query, peak in peaks.items():
        print(f"{peak >> 20:5} MiB  {query[:90]}")
    most = max(peaks.values()) - began
    print(f"statuses {dict(statuses)}; a worker begins with {began >> 20} MiB and may take {MEMORY >> 20} MiB more")
    print(f"it took {most >> 20} MiB at most: {most / MEMORY:.2f} of the cap", flush=True)


def connections(port: int, pid: int) -> None:
    """Open 2,000 connections, half of them with the beginning of a request, and ask for pages meanwhile."""
    asyncio.run(crowd(port, pid))


async def crowd(port: int, pid: int) -> None:
    before = descriptors(pid)
    held, answers, times = [], Counter[str](), []
    client = serving.Client(port, "127.0.3.2")
    await client.get("/page.html")
    for number in range(2000):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.4.{number % 200 + 1}", 0))
        if number % 2:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        held.append((reader, writer))
        if number % 20 == 0:
            began = time.perf_counter()
            answers["page " + await client.get("/page.html")] += 1
            times.append(time.perf_counter() - began)
    most = descriptors(pid)
    for reader, writer in held:
        try:
            first = await asyncio.wait_for(reader.read(12), 15)
        except (OSError, TimeoutError):
            first = b""
        answers[first[9:12].decode() or "closed"] += 1
        writer.close()
    await asyncio.sleep(1)
    after = descriptors(pid)
    print(f"2,000 connections: {dict(answers)}, slowest page {max(times) * 1000:.0f} ms")
    print(f"descriptors: {before} before, {most} during, {after} after", flush=True)


def leak(queries: int) -> Callable[[int, int], None]:
    def part(port: int, pid: int) -> None:
        asyncio.run(many(port, pid, queries))

    return part


async def many(port: int, pid: int, queries: int) -> None:
    statuses: Counter[str] = Counter()
    draw = random.Random(0)
    done = 0

    async def ask(number: int) -> None:
        nonlocal done
        good = serving.Client(port, f"127.0.5.{number + 1}")
        while done < queries:
            done += 1
            if draw.random() >= 0.05:
                text = f"SELECT ?p ?o {{ <http://example.org/s{draw.randrange(1000)}> ?p ?o }} # {done}"
                statuses[await good.get("/sparql?query=" + quote(text))] += 1
                continue
            bad = serving.Client(port, f"127.0.6.{draw.randrange(250) + 1}")
            asking = asyncio.create_task(bad.get("/sparql?query=" + quote(draw.choice(HOSTILE))))
            if draw.random() < 0.3:
                asking.cancel()  # hangs up
            try:
                await asyncio.wait_for(asyncio.shield(asking), 1.0)
                statuses["hostile " + asking.result()] += 1
            except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
                asking.cancel()
                statuses["hung up"] += 1
            for _, writer in bad.idle:
                writer.close()

    async def watch() -> None:
        step, then = queries // 10, time.perf_counter()
        for tenth in range(1, 11):
            while done < tenth * step:
                await asyncio.sleep(0.05)
            rate = step / (time.perf_counter() - then)
            then = time.perf_counter()
            fds = descriptors(pid)
            print(f"{done} queries: {fds} descriptors, {resident(pid) / MIB:.1f} MiB, {rate:.0f}/s", flush=True)

    await asyncio.gather(watch(), *(ask(number) for number in range(6)))
    print(f"{dict(statuses)}; {len(below(pid))} processes below the server", flush=True)


def service(calls: int, *, share: int = 2000) -> None:
    """Make up queries on every processor until the engine would have sent so many of them."""
    tried = sent = missed = 0
    with ProcessPoolExecutor() as processes:
        for result in processes.map(partial(scanned, calls=share), range(-(-calls // share))):
            tried, sent, missed = tried + result[0], sent + result[1], missed + len(result[2])
            print(*map(repr, result[2]), sep="\n", end="\n" * bool(result[2]), flush=True)
            if sent % (share * 50) == 0:
                print(f"{tried} queries, {sent} of which the engine would have sent; {missed} missed", flush=True)
    print(f"{tried} queries, {sent} of which the engine would have sent; {missed} missed")


def main(part: str, number: int | None) -> None:
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    if part in ("", "restart"):
        restart(number or 1_000_000)
    if part in ("", "memory"):
        with_server(memory)
    if part in ("", "connections"):
        with_server(connections)
    if part in ("", "leak"):
        with_server(leak(number or 100_000))
    if part == "service":
        service(number or 1_000_000)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]))
    else:
        main("".join(sys.argv[1:2]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
