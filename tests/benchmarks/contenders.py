"""Who answers queries in `endpoint.py`: each in a process of its own, which holds no more than it needs.

    python tests/benchmarks/contenders.py bare|plain|serve engine|rdflib|ours FOLDER

`bare` reads queries and the seconds after which they are broken off, a JSON list on each line; it answers how many rows
the first had, the seconds of each, and the processor seconds of all. `plain` and `serve` print their port.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs, urlencode

sys.path.insert(0, str(Path(__file__).parent))
import serving

JSON = "application/sparql-results+json"
SECONDS = 1.5
"""Seconds after which a batch is broken off."""
Answerer = Callable[[str], bytes]


class Taken(NamedTuple):
    """How many rows the first query had, the seconds of each one, and the processor seconds of all of them."""

    rows: int
    seconds: list[float]
    processor: float


class Contender(Protocol):
    """Who answers queries one after the other, some seconds long at most."""

    process: "subprocess.Popen[str]"

    def take(self, queries: list[str], *, longest: float = SECONDS) -> Taken:
        """Answer queries one after the other until `longest` seconds are over; the first is asked once before."""


def taken(answer: Answerer, spent: Callable[[], float], queries: list[str], longest: float) -> Taken:
    rows = len(json.loads(answer(queries[0]))["results"]["bindings"])
    times: list[float] = []
    before, began = spent(), time.perf_counter()
    for query in queries:
        start = time.perf_counter()
        answer(query)
        times.append(time.perf_counter() - start)
        if time.perf_counter() - began > longest:
            break
    return Taken(rows, times, spent() - before)


@dataclass
class Bare:
    """A call without HTTP in a process of its own: the queries go there, and the times come back."""

    process: "subprocess.Popen[str]"

    def take(self, queries: list[str], *, longest: float = SECONDS) -> Taken:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps((queries, longest)) + "\n")
        self.process.stdin.flush()
        return Taken(*json.loads(self.process.stdout.readline()))


class Wire:
    """A server, over a connection that is kept: bytes out, bytes in, and no more work than that."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, path: str = "/sparql") -> None:
        self.process, self.port, self.path = process, port, path
        self.connection = self.connect()

    def take(self, queries: list[str], *, longest: float = SECONDS) -> Taken:
        # It may have been idle for so long that the server ends it.
        self.connection.close()
        self.connection = self.connect()
        return taken(self.answer, partial(serving.processor_seconds, self.process.pid), queries, longest)

    def connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def answer(self, text: str) -> bytes:
        body = urlencode({"query": text})
        head = f"POST {self.path} HTTP/1.1\r\nHost: x\r\nAccept: {JSON}\r\nContent-Length: {len(body)}\r\n"
        self.connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head_of_it, _, content = received.partition(b"\r\n\r\n")
        assert head_of_it.startswith(b"HTTP/1.1 200"), received
        length = head_of_it.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
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


def started(*arguments: object, command: tuple[object, ...] = (sys.executable, __file__)) -> "subprocess.Popen[str]":
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([str(each) for each in (*command, *arguments)], text=True, **pipes)  # type: ignore[call-overload, no-any-return]


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return str(process.stdout.readline())


def of_python(folder: Path) -> dict[str, Contender]:
    """Start the contenders in Python; those with rdflib's graph come last, and are ready when they have it."""
    begun = {
        name: started(*name.split(), folder)
        for name in ("serve ours", "serve anew", "plain engine", "bare engine", "plain rdflib", "bare rdflib")
    }
    ports = {name: int(line_of(process)) for name, process in begun.items()}
    names = ("endpoint", "endpoint, nothing kept", "plain", "engine", "rdflib, plain", "rdflib")
    return {
        name: Wire(process, ports[part]) if ports[part] else Bare(process)
        for name, (part, process) in zip(names, begun.items(), strict=True)
    }


def of_others(folder: Path) -> dict[str, Contender]:
    """Start the servers of others that are found on PATH."""
    port, rdflib_port = free_port(), free_port()
    commands = {
        "oxigraph": ("serve-read-only", "--location", folder / "snapshot", "--bind", f"127.0.0.1:{port}"),
        "rdflib-endpoint": ("serve", "--host", "127.0.0.1", "--port", rdflib_port, folder / "data.nt"),
    }
    places = {"oxigraph": (port, "/query"), "rdflib-endpoint": (rdflib_port, "/")}
    found: dict[str, Contender] = {}
    for name, arguments in commands.items():
        if (program := shutil.which(name)) is None:
            print(f"{name} is not on PATH", flush=True)
            continue
        with Path(os.devnull).open("w") as nowhere:
            process = subprocess.Popen([program, *map(str, arguments)], stdout=nowhere, stderr=nowhere, text=True)
        if answers(process, places[name][0]):
            found[name] = Wire(process, *places[name])
    return found


def answers(process: "subprocess.Popen[str]", port: int) -> bool:
    """Wait until a server has read its data; tell whether it lives."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answerer_of(kind: str, folder: Path) -> Answerer:
    import io

    if kind == "rdflib":
        import gc

        import rdflib

        graph = rdflib.Graph()
        graph.parse(folder / "data.nt", format="nt")
        gc.freeze()
        return lambda text: graph.query(text).serialize(format="json") or b""

    from communique import snapshots

    opened = snapshots.Snapshot.open(folder / "snapshot")

    def answer(text: str) -> bytes:
        answered = io.BytesIO()
        opened.query(text, base="http://example.org/").write(answered, format_name="json")
        return answered.getvalue()

    return answer


def bare(answer: Answerer) -> None:
    print(0, flush=True)
    for line in sys.stdin:
        print(json.dumps(taken(answer, time.process_time, *json.loads(line))), flush=True)


def plain(answer: Answerer) -> None:
    """Serve in the plainest way: a form comes, the query is evaluated, the answer goes."""
    import uvicorn

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answered = answer(parse_qs(body.decode())["query"][0])
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(answered))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answered})

    listener = socket.create_server(("127.0.0.1", 0))
    # Else an answer in two writes waits for an acknowledgment that the client delays, 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listener])


def serve(kind: str, folder: Path) -> None:
    from communique.serving import app
    from communique.serving.limits import Limits
    from communique.serving.running import run

    limits = Limits() if kind == "ours" else replace(Limits(), kept=1)
    url = "http://example.org/"
    application = app.application(folder / "site", snapshot=folder / "snapshot", triples=0, url=url, limits=limits)
    run(
        application,
        host="127.0.0.1",
        port=0,
        announce=lambda url: print(url.rstrip("/").rpartition(":")[2], flush=True),
    )


if __name__ == "__main__":
    way, what, where = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if way == "serve":
        serve(what, where)
    else:
        (bare if way == "bare" else plain)(answerer_of(what, where))
