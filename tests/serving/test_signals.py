"""A signal to the server and all its processes, as a service manager and a terminal send it, is one to the server."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import Serving, make

from services import Manners, mannered

JSON = {"Accept": "application/sparql-results+json"}
VALUES = "VALUES ?%s { " + " ".join(map(str, range(300))) + " }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(VALUES % name for name in "abcd") + " }"
DATA = '<http://example.org/id/x> <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .'


class Asking(threading.Thread):
    """Asks, and has the answer at its end, or None where there was none."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__()
        self._url, self._options = url, options
        self.answer: httpx2.Response | None = None
        self.start()

    def run(self) -> None:
        self.answer = httpx2.get(self._url, timeout=60, **self._options)

    def status(self) -> int:
        self.join()
        return self.answer.status_code if self.answer else 0


def descendants(pid: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(below for each in found for below in descendants(each))]


def until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def signalled(server: Serving, number: int) -> None:
    """Send a signal to a server and all below it, the former last; those with sessions of their own as well."""
    for each in descendants(server.process.pid):
        os.kill(each, number)
    os.killpg(server.process.pid, number)


def are_gone(processes: list[int]) -> bool:
    return not any(Path(f"/proc/{each}").exists() for each in processes)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    make(tmp_path / "public", 1)
    return tmp_path / "public"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_query_that_runs_goes_on_to_its_end(out: Path, number: int) -> None:
    server = Serving("--no-build", "--out", str(out), "--limit", "deadline=2", "--limit", "stop-time=20")
    try:
        until(lambda: httpx2.get(server.url + "x.nt").status_code == 200)
        processes = descendants(server.process.pid)
        asking = Asking(server.url + "sparql", params={"query": ENDLESS}, headers=JSON)
        time.sleep(0.7)
        signalled(server, number)
        # It is stopped by its deadline, and not by the signal (503).
        assert asking.status() == 504
    finally:
        assert server.stop() == 0
    assert processes
    assert are_gone(processes)
    assert server.complained == []


def test_a_document_is_still_made_from_another(out: Path) -> None:
    server = Serving("--no-build", "--out", str(out))
    try:
        # Converters come up after the server.
        until(lambda: httpx2.get(server.url + "x.nt").status_code == 200)
        processes = descendants(server.process.pid)
        for each in processes:
            os.kill(each, signal.SIGTERM)
        assert httpx2.get(server.url + "x.rdf").status_code == 200
        assert httpx2.get(server.url + "sparql", params={"query": "ASK {}"}, headers=JSON).status_code == 200
        assert descendants(server.process.pid)[: len(processes)] == processes
    finally:
        assert server.stop() == 0


def test_a_page_over_a_service_is_made_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    manners = Manners()
    with mannered([], manners) as engine:
        server = Serving(str(tmp_path), "--store", engine)
        try:
            manners.pause = 0.2
            processes = descendants(server.process.pid)
            begun = len(manners.requests)
            asking = Asking(server.url + "nothing")
            until(lambda: len(manners.requests) > begun)
            signalled(server, signal.SIGTERM)
            assert asking.status() == 404
        finally:
            assert server.stop() == 0
    assert are_gone(processes)
    assert not any("503" in line or "500" in line for line in server.complained)


def test_a_build_that_has_begun_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.ttl").write_text(DATA, encoding="utf-8")
    server = Serving("--quiet", "--watch", str(tmp_path))
    try:
        (tmp_path / "site/templates").mkdir(parents=True)
        (tmp_path / "site/templates/home.html").write_text("{% for _ in range(10 ** 12) %}{% endfor %}")
        until((tmp_path / ".public/2").exists)
        processes = descendants(server.process.pid)
        signalled(server, signal.SIGTERM)
    finally:
        assert server.stop() == 0
    assert server.complained == []
    until(lambda: are_gone(processes), seconds=5)
    assert (tmp_path / "public").readlink().name == "1"
