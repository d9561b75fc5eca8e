"""Figures of the server on this machine: ordinary queries and pages alone and beside hostile clients (G1, G2, G3).

    python tests/benchmarks/serving.py [SECONDS] [ROUNDS]

Open loop: 40 ordinary queries and 40 pages a second are sent whatever becomes of the ones before. Alone and attacked
take turns in each round, so that the ratio holds on a machine that others use. Hostile clients loop in a process of
their own, each with an address (127.0.2.x), as budgets go by address. The control runs the same application with
queries in threads of the web process, as many servers do: it must fail.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import pyoxigraph as ox

from communique import snapshots
from communique.serving import app, exchange, served
from communique.serving.budget import Standing
from communique.serving.limits import MIB, Limits
from communique.serving.pool import Pool
from communique.serving.running import run

TRIPLES, RATE = 100_000, 40
LIMITS = Limits(deadline=5.0)
SLICES = 7
# No two are the same text: an answer that was kept would need no worker.
ORDINARY = "SELECT ?p ?o {{ <http://example.org/s{}> ?p ?o }} # {}"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c",
    "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }",
)


class InProcess:
    """The control: a pool whose workers are threads of the web process."""

    workers, missing_guards = 1, ()
    load: ClassVar[dict[str, int]] = {}

    def __init__(self, snapshot: Path, limits: Limits) -> None:
        self.store, self.limits = snapshots.Snapshot.open(snapshot), limits

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    def retire(self) -> None:
        pass

    async def ask(self, question: exchange.Question, *, standing: Standing = Standing.KNOWN) -> exchange.Answer:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self.answer, question), self.limits.deadline)
        except TimeoutError:
            return exchange.Answer(status=504)

    def answer(self, question: exchange.Question) -> exchange.Answer:
        found = self.store.query(question.query, base=question.base)
        body = tempfile.SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115
        found.write(body, format_name=str(question.graph if found.form == "graph" else question.results))
        size = body.tell()
        body.seek(0)
        return exchange.Answer(status=200, form=found.form, body=body, size=size)


def in_process(snapshot: Path | None, limits: Limits, **keywords: object) -> object:
    """Return the control in place of the workers of the endpoint."""
    return InProcess(snapshot, limits) if snapshot else Pool(snapshot, limits)


def serve(folder: Path, kind: str) -> None:
    if kind == "threads":
        served.Pool = in_process  # type: ignore[assignment, attr-defined]
    where = {"snapshot": folder / "snapshot", "triples": 0, "url": "http://example.org/", "limits": LIMITS}
    application = app.application(folder / "site", **where)  # type: ignore[arg-type]
    run(application, host="127.0.0.1", port=0, announce=lambda url: print(url, flush=True))


class Client:
    """Requests over connections that are kept and used again, from one address."""

    def __init__(self, port: int, source: str) -> None:
        self.port, self.source = port, source
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> str:
        while self.idle:
            try:
                return await self.over(*self.idle.pop(), path)
            except (EOFError, OSError):
                continue  # the server closes what was idle for long
        return await self.over(*await self.connect(), path)

    async def over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> str:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        if b"connection: close" in head:
            writer.close()
        else:
            self.idle.append((reader, writer))
        return head[9:12].decode()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.source, 0))


async def ordinary(port: int, seconds: float) -> dict[str, object]:
    """Send queries and pages at their times, and return what became of them."""
    times: dict[str, list[float]] = {"query": [], "page": []}
    statuses: dict[str, Counter[str]] = {"query": Counter(), "page": Counter()}
    clients = [Client(port, f"127.0.1.{number + 1}") for number in range(SLICES)]

    async def one(number: int, kind: str, due: float) -> None:
        path = (
            "/page.html" if kind == "page" else "/sparql?query=" + quote(ORDINARY.format(number * 37 % TRIPLES, began))
        )
        try:
            status = await asyncio.wait_for(clients[number % SLICES].get(path), 15)
        except (OSError, EOFError, TimeoutError) as error:
            status = type(error).__name__
        times[kind].append(time.perf_counter() - due)
        statuses[kind][status] += 1

    began, tasks = time.perf_counter(), []
    for number in range(int(RATE * seconds) * 2):
        due = began + number / RATE / 2
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number // 2, ("query", "page")[number % 2], due)))
    await asyncio.gather(*tasks)
    return {"times": times, "statuses": statuses}


async def hostile(port: int, number: int, longest: list[float]) -> None:
    while True:
        client, began = Client(port, f"127.0.2.{number + 1}"), time.perf_counter()
        try:
            status = await client.get("/sparql?query=" + quote(HOSTILE[number % len(HOSTILE)]))
        except (OSError, EOFError):
            status = "closed"
        finally:
            longest.append(time.perf_counter() - began)
        for _, writer in client.idle:
            writer.close()
        await asyncio.sleep(0.05 if status != "200" else 0)


async def attack(port: int, clients: int) -> None:
    longest: list[float] = []
    tasks = [asyncio.create_task(hostile(port, number, longest)) for number in range(clients)]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("ready", flush=True)
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(max(longest, default=0.0), flush=True)


def part(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def measured(port: int, seconds: float, clients: int) -> tuple[dict[str, Any], float]:
    """Return what ordinary clients saw beside some hostile ones, and how long the longest hostile query took."""
    attackers, longest = part("attack", port, clients) if clients else None, 0.0
    if attackers and attackers.stdout:
        attackers.stdout.readline()
    found = part("ordinary", port, seconds).communicate()[0]
    if attackers:
        attackers.terminate()
        longest = float(attackers.communicate()[0] or 0)
    return json.loads(found), longest


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000


def report(kind: str, port: int, server: int, seconds: float, rounds: int) -> None:
    kept: dict[int, dict[str, list[float]]] = {}
    failed: Counter[int] = Counter()
    worst, memory = 0.0, 0
    for _ in range(rounds):
        for clients in (0, 4, 16) if kind == "workers" else (0, 4):
            found, longest = measured(port, seconds, clients)
            worst, memory = max(worst, longest), max(memory, peak(server))
            for name, values in found["times"].items():
                kept.setdefault(clients, {}).setdefault(name, []).extend(values)
            failed[clients] += sum(n for s in found["statuses"].values() for c, n in s.items() if c != "200")
    for clients, seen in kept.items():
        for name, values in seen.items():
            base = kept[0][name]
            figures = f"p50 {percentile(values, 0.5):.1f} ms, p99 {percentile(values, 0.99):.1f} ms"
            ratio = percentile(values, 0.99) / percentile(base, 0.99)
            print(
                f"{kind}, {clients} hostile clients, {name}: {figures}, {ratio:.1f} x alone, {failed[clients]} failed"
            )
    print(
        f"{kind}: the longest hostile query took {worst:.2f} s; the largest worker had {memory >> 20} MiB", flush=True
    )


def processor_seconds(pid: int) -> float:
    """Return the processor seconds that a process and all below it that are alive have had so far."""
    # The clock of a process, as clock_getcpuclockid(3) makes it: to a nanosecond, with threads that have ended.
    own = time.clock_gettime(~pid << 3 | 2)
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread or the process below has ended meanwhile
            own += sum(map(processor_seconds, map(int, (task / "children").read_text().split())))
    return own


def peak(pid: int) -> int:
    """Return the resident bytes of the largest process below `pid`, at most so far (VmHWM)."""
    sizes, waiting = [0], [pid]
    while waiting:
        try:
            waiting += map(int, Path(f"/proc/{waiting[-1]}/task/{waiting.pop()}/children").read_text().split())
        except OSError:
            continue
        for child in waiting:
            try:
                lines = Path(f"/proc/{child}/status").read_text().splitlines()
                sizes += [int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")]
            except OSError:
                continue
    return max(sizes)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        (folder / "site/page.html").write_text("<p>" + "x" * 20_000)
        predicate = ox.NamedNode("http://example.org/p")
        quads = (ox.Quad(ox.NamedNode(f"http://example.org/s{n}"), predicate, ox.Literal(n)) for n in range(TRIPLES))
        snapshots.write(quads, folder / "snapshot")
        for kind in ("workers", "threads"):
            server = part("serve", name, kind)
            assert server.stdout is not None
            try:
                port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
                if kind == "workers":
                    report(kind, port, server.pid, seconds, rounds)
                else:
                    report(kind, port, server.pid, seconds * rounds, 1)
            finally:
                began = time.monotonic()
                server.send_signal(signal.SIGTERM)
                try:
                    print(f"{kind}, SIGTERM: exit {server.wait(20)} after {time.monotonic() - began:.1f} s", flush=True)
                except subprocess.TimeoutExpired:
                    server.kill()
                    print(f"{kind}, SIGTERM: still there after 20 s, killed", flush=True)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder_name, kind_name]:
            serve(Path(folder_name), kind_name)
        case ["ordinary", port_name, seconds_name]:
            print(json.dumps(asyncio.run(ordinary(int(port_name), float(seconds_name)))))
        case ["attack", port_name, clients_name]:
            asyncio.run(attack(int(port_name), int(clients_name)))
        case _:
            main()
