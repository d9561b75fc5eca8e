"""A page from memory and a document made on request, against nginx with the same file: requests a second, and the
processor time of each, which does not depend on who else is at work. Reloads at 200 requests a second.

    python tests/benchmarks/pages.py [SECONDS]

Needs nginx and wrk. Servers run on one core, wrk on another one.
"""

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "serving"))
from processes import make

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head><body>" + b"<p>Some words of a page.</p>\n" * 280
TURTLE = b"".join(b'<http://example.org/s%d> <http://example.org/p> "some words, %d" .\n' % (n, n) for n in range(60))
NGINX = """daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log; user root;
events {{}} http {{ access_log off; types {{ text/html html; text/turtle ttl; }}
server {{ listen 127.0.0.1:{1}; root {0}/public; keepalive_requests 100000000; }} }}"""
RELOADS, RATE = 50, 200


def cpu(pid: int) -> float:
    """Return the processor seconds of a process and of its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu(int(child)) for child in children)


def load(url: str, pid: int, seconds: float) -> tuple[float, float]:
    """Return requests a second, and microseconds of processor time of the server for each."""
    before = cpu(pid)
    told = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{seconds}s", url], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx" not in told, told
    requests = int(re.search(r"(\d+) requests in", told)[1])  # type: ignore[index]
    return requests / seconds, (cpu(pid) - before) / requests * 1e6


def pages(folder: Path, serve: tuple[str, int], seconds: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(NGINX.format(folder, port))
    nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    time.sleep(0.5)
    found: dict[str, list[tuple[float, float]]] = {"nginx": [], "serve": []}
    for _ in range(5):
        found["nginx"].append(load(f"http://127.0.0.1:{port}/page.html", nginx.pid, seconds))
        found["serve"].append(load(serve[0] + "page.html", serve[1], seconds))
    nginx.terminate()
    medians = {who: [statistics.median(each) for each in zip(*times, strict=True)] for who, times in found.items()}
    for who, (rate, each) in medians.items():
        print(f"page from memory, {who}: {rate:.0f}/s, {each:.0f} us of processor time each")
    rates = [b[0] / a[0] for a, b in zip(found["nginx"], found["serve"], strict=True)]
    print(f"  serve / nginx: {statistics.median(rates):.2f} in rate, {found_time(medians):.2f} in time")


def found_time(medians: dict[str, list[float]]) -> float:
    return medians["nginx"][1] / medians["serve"][1]


def made(folder: Path, serve: tuple[str, int]) -> None:
    """Measure documents that are derived when they are first asked for, beside ones that are read."""
    for extension in ("ttl", "nt", "rdf"):
        before = cpu(serve[1])
        for number in range(300):
            urllib.request.urlopen(f"{serve[0]}d{number}.{extension}").read()
        print(f"first request of a document of 60 triples, .{extension}: {(cpu(serve[1]) - before) / 300 * 1e3:.2f} ms")


def reloads(folder: Path, serve: tuple[str, int]) -> None:
    """Ask for pages at a fixed rate while one generation follows the other."""
    statuses: Counter[str] = Counter()
    stopped = threading.Event()

    def one() -> None:
        try:
            text = urllib.request.urlopen(serve[0] + "x.html", timeout=20).read().removeprefix(b"<head></head>").split()
            statuses["whole" if text[0] == text[1] else "MIXED"] += 1
        except Exception as error:
            statuses[repr(error)] += 1

    def visit() -> None:
        began, number = time.perf_counter(), 0
        while not stopped.is_set():
            threading.Thread(target=one).start()
            number += 1
            time.sleep(max(0.0, began + number / RATE - time.perf_counter()))

    visitor = threading.Thread(target=visit)
    visitor.start()
    began = time.perf_counter()
    for number in range(2, RELOADS + 2):
        make(folder / "public", number)
        os.kill(serve[1], signal.SIGHUP)
        while f'"{number}"' not in urllib.request.urlopen(serve[0] + "healthz").read().decode():
            time.sleep(0.01)
    seconds = time.perf_counter() - began
    stopped.set()
    visitor.join()
    time.sleep(1)
    print(
        f"{RELOADS} reloads in {seconds:.0f} s at {sum(statuses.values()) / seconds:.0f} requests/s: {dict(statuses)}"
    )


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    folder = Path(tempfile.mkdtemp())
    files = {f"d{n}.ttl": TURTLE.replace(b"words", b"words %d" % n) for n in range(300)}
    make(folder / "public", 1, **{"page.html": PAGE, **files})
    folder.chmod(0o755)
    command = ["taskset", "-c", "0", sys.executable, "-m", "communique", "serve", "--no-build", "--port", "0"]
    server = subprocess.Popen([*command, "--out", folder / "public"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        serve = (server.stdout.readline().strip(), server.pid)
        pages(folder, serve, seconds)
        made(folder, serve)
        reloads(folder, serve)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
