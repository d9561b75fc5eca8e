"""The command `communique serve` as a process, what it says over a socket, and made-up generations to serve."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox

from communique import snapshots
from communique.generations import generation

NUMBER = ox.NamedNode("http://example.org/number")
HOW_MANY = "SELECT ?n { <http://example.org/number> <http://example.org/is> ?n }"


class Serving:
    """A server process; its address, and all that it says."""

    def __init__(self, *options: str, env: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "communique", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
            process_group=0,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/.*", line), line + self.process.communicate(timeout=20)[1]
        self.url = line
        self.said: list[str] = []
        self.complained: list[str] = []
        self._listeners = [
            threading.Thread(target=_collect, args=(self.process.stdout, self.said)),
            threading.Thread(target=_collect, args=(self.process.stderr, self.complained)),
        ]
        for each in self._listeners:
            each.start()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            for each in self._listeners:
                each.join()
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                stream.close()
        return self.process.returncode


def everything(connection: socket.socket) -> bytes:
    """Return what comes until the connection ends, in whatever way."""
    answer = bytearray()
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(1 << 16):
            answer += piece
    return bytes(answer)


def _collect(stream: object, lines: list[str]) -> None:
    lines.extend(line.rstrip("\n") for line in stream)  # type: ignore[attr-defined]


def make(out: Path, number: int, **files: bytes) -> Path:
    """Publish a generation that says its number in its pages and in its data, and return the folder of its snapshot."""
    body = b"%d" % number
    with generation(out) as new:
        for name in ("index.html", "x.html", "404.html"):
            new.write(name, b"<head></head>" + body + b" " * 20_000 + body)
        new.write("x.ttl", b"<http://example.org/number> <http://example.org/is> %d ." % number)
        for name, content in files.items():
            new.write(name.replace("__", "/"), content)
    quad = ox.Quad(NUMBER, ox.NamedNode("http://example.org/is"), ox.Literal(number))
    return snapshots.write_beside(out, [quad])


def request(line: bytes, fields: bytes = b"", *, version: bytes = b"1.1") -> bytes:
    """Return the head of a request with these header fields, each with its line end."""
    return b"%s HTTP/%s\r\nHost: x\r\n%s\r\n" % (line, version, fields)


class Asked:
    """A server, and the bytes that it sends, but for the date."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.port = int(serving.url.rstrip("/").split(":")[2].partition("/")[0])

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def __call__(self, *pieces: bytes) -> bytes:
        """Send pieces, apart if there are many, and return all that comes until the connection ends."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):
                for each in pieces:
                    connection.sendall(each)
                    time.sleep(0.02 * (len(pieces) > 1))
            return dateless(everything(connection))

    def metric(self, name: str, *, default: int | None = None) -> int:
        """Return what is counted under this name, or the default where nothing is."""
        text = self(request(b"GET /metrics", b"Connection: close\r\n")).decode()
        found = re.search(rf"^communique_{re.escape(name)} (\d+)$", text, re.MULTILINE)
        assert found or default is not None, name
        return int(found[1]) if found else int(default or 0)


def dateless(answer: bytes) -> bytes:
    return re.sub(rb"\r\ndate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n", b"\r\nDATE\r\n", answer)
