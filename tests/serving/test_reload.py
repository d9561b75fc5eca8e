"""A server that goes on while the site under it is built anew, damaged, or missing."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from processes import HOW_MANY, Serving, make

from communique.generations import Hold, generation, held


@pytest.fixture
def out(tmp_path: Path) -> Path:
    make(tmp_path / "public", 1)
    return tmp_path / "public"


@pytest.fixture
def server(out: Path) -> Iterator[Serving]:
    serving = Serving("--no-build", "--out", str(out))
    yield serving
    serving.stop()


def until(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def health(server: Serving) -> dict[str, str]:
    found: dict[str, str] = httpx2.get(server.url + "healthz").json()
    return found


def page(server: Serving) -> int:
    return whole(httpx2.get(server.url + "x.html").text)


def whole(text: str) -> int:
    """Return the generation that wrote a page, which says it first and last."""
    first, last = text.removeprefix("<head></head>").split()
    assert first == last
    return int(first)


def queried(client: httpx2.Client, url: str) -> int:
    rows = client.get(url + "sparql", params={"query": HOW_MANY}).json()["results"]["bindings"]
    return int(rows[0]["n"]["value"])


class Visitor(threading.Thread):
    """Asks for pages, derived documents and queries until it is told to stop; keeps what was no good answer."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.stopped, self.failures, self.seen = url, threading.Event(), list[str](), Counter[int]()

    def run(self) -> None:
        with httpx2.Client(timeout=20) as client:
            while not self.stopped.is_set():
                try:
                    self.seen[whole(client.get(self.url + "x.html").text)] += 1
                    self.seen[int(client.get(self.url + "x.nt").text.split('"')[1])] += 1
                    self.seen[queried(client, self.url)] += 1
                except Exception as error:
                    self.failures.append(repr(error))
                time.sleep(0.01)


def test_no_request_is_lost_and_every_answer_is_of_one_generation(server: Serving, out: Path) -> None:
    visitors = [Visitor(server.url) for _ in range(3)]
    for each in visitors:
        each.start()
    for number in range(2, 8):
        make(out, number)
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda number=number: health(server)["generation"] == str(number))  # type: ignore[misc]
    time.sleep(0.3)
    for each in visitors:
        each.stopped.set()
        each.join()
    assert [failure for each in visitors for failure in each.failures] == []
    assert set(visitors[0].seen) == set(range(1, 8))
    assert until(lambda: len(children(server.process.pid)) == 2)


def children(pid: int) -> list[str]:
    """Return the nurseries: that of the present generation and that of the documents."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_damaged_generation_is_not_taken_up(server: Serving, out: Path) -> None:
    snapshot = make(out, 2)
    table = next(snapshot.glob("*.sst"))
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    server.process.send_signal(signal.SIGHUP)
    assert until(lambda: health(server)["status"] == "stale")
    assert "damaged" in health(server)["trouble"]
    assert page(server) == 1
    assert 'communique_reloads_total{result="failed"} 1' in httpx2.get(server.url + "metrics").text
    make(out, 3)
    server.process.send_signal(signal.SIGHUP)
    assert until(lambda: health(server)["status"] == "ok")
    assert page(server) == 3
    server.stop()
    assert "damaged" in "".join(server.complained)


def test_builds_leave_alone_what_is_served(server: Serving, out: Path) -> None:
    for number in range(2, 6):
        make(out, number)
    assert page(server) == 1
    assert httpx2.get(server.url + "x.nt").status_code == 200
    assert sorted(each.name for each in out.with_name(".public").iterdir() if each.name.isdecimal()) == ["1", "4", "5"]
    server.process.send_signal(signal.SIGHUP)
    assert until(lambda: page(server) == 5)
    assert until(lambda: not held(out.with_name(".public") / "1"))
    make(out, 6)
    assert sorted(each.name for each in out.with_name(".public").iterdir() if each.name.isdecimal()) == ["5", "6"]


def test_a_generation_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    with generation(tmp_path / "public") as new:
        new.write("a", b"")
    holds = [Hold(new.folder), Hold(new.folder)]
    holds.pop().close()
    assert held(new.folder)
    holds.pop().close()
    assert not held(new.folder)


def test_a_query_that_runs_over_a_reload_is_answered(server: Serving, out: Path) -> None:
    # The answer is collected by a worker of the former generation after the new one has been taken up.
    asked = "SELECT (COUNT(*) AS ?c) (SAMPLE(?n) AS ?m) { ?s ?p ?n " + "".join(
        f"VALUES ?a{n} {{ {' '.join(map(str, range(33)))} }} " for n in range(4)
    )
    found: list[int] = []
    with httpx2.Client(timeout=30) as client:
        asking = threading.Thread(
            target=lambda: found.append(client.get(server.url + "sparql", params={"query": asked + "}"}).status_code)
        )
        asking.start()
        time.sleep(0.2)
        make(out, 2)
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: page(server) == 2)
        asking.join()
    assert found == [200]


def test_a_query_that_runs_over_a_reload_is_told_when_the_server_stops(server: Serving, out: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?c) { " + "".join(
        f"VALUES ?a{n} {{ {' '.join(map(str, range(99)))} }} " for n in range(9)
    )
    found: list[httpx2.Response] = []
    with httpx2.Client(timeout=30) as client:
        asking = threading.Thread(
            target=lambda: found.append(client.get(server.url + "sparql", params={"query": endless + "}"}))
        )
        asking.start()
        time.sleep(0.2)
        make(out, 2)
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: page(server) == 2)
        assert server.stop() == 0
        asking.join()
    assert [(each.status_code, each.json()["reasons"]) for each in found] == [(503, [{"kind": "stopping"}])]


def test_the_reader_of_stdout_may_go_away(out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "communique", "serve", "--no-build", "--out", str(out), "--port", str(port)]
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([*command, "--access-log"], stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        try:
            assert until(lambda: answers(port))
            assert all(answers(port) for _ in range(4))
        finally:
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/x.html").status_code == 200
    except httpx2.HTTPError:
        return False


def test_a_second_interrupt_ends_at_once(server: Serving) -> None:
    server.process.send_signal(signal.SIGINT)
    server.process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert server.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in "".join(server.complained)


def test_requests_are_logged_as_lines_of_json(out: Path) -> None:
    server = Serving("--no-build", "--out", str(out), "--access-log")
    headers = {
        "Accept-Encoding": "identity",
        "X-Request-ID": "abc-1",
        "User-Agent": 'a "b" \\',
        "Referer": "http://r.example/",
    }
    known = httpx2.get(server.url + "x.html?q=1", headers=headers)
    made = httpx2.get(server.url + "nothing", headers={"X-Request-ID": "no good; [31m"})
    server.stop()
    first, second = (json.loads(line) for line in server.said if line.startswith("{"))
    assert known.headers["x-request-id"] == first["id"] == "abc-1"
    assert (first["method"], first["target"], first["status"]) == ("GET", "/x.html?q=1", 200)
    assert (first["client"], first["bytes"]) == ("127.0.0.1", len(known.content))
    assert (first["agent"], first["referrer"]) == ('a "b" \\', "http://r.example/")
    assert made.headers["x-request-id"] == second["id"] != "no good; [31m"
    assert second["status"] == 404


def test_metrics_are_those_of_prometheus(server: Serving) -> None:
    with httpx2.Client() as client:
        queried(client, server.url)
        client.get(server.url + "nothing")
        answer = client.get(server.url + "metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'communique_http_requests_total{status="404"} 1' in lines
    assert 'communique_query_duration_seconds_bucket{le="+Inf"} 1' in lines
    assert "communique_query_duration_seconds_count 1" in lines
    assert 'communique_queries{lane="slow"} 0' in lines
    samples = [line.split(" ")[0].partition("{")[0] for line in lines if not line.startswith("#")]
    typed = {line.split(" ")[2] for line in lines if line.startswith("# TYPE")}
    endings = ("_bucket", "_sum", "_count")
    assert {next((s.removesuffix(e) for e in endings if s.endswith(e)), s) for s in samples} == typed
