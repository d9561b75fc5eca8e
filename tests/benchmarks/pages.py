"""Pages from memory, beside nginx with the same files: requests a second, and the processor time of each, which does
not depend on who else is at work. Documents made on request. Reloads at 200 requests a second.

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
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "serving"))
from processes import make

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head><body>" + b"<p>Some words of a page.</p>\n" * 280
TURTLE = b"".join(b'<http://example.org/s%d> <http://example.org/p> "some words, %d" .\n' % (n, n) for n in range(60))
NGINX = """daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log; user root;
events {{}} http {{ access_log off; types {{ text/html html; text/turtle ttl; }}
server {{ listen 127.0.0.1:{1}; root {0}/public; keepalive_requests 100000000; }} }}"""
BROWSER = """User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
Accept-Language: en-US,en;q=0.5
Accept-Encoding: identity
Referer: https://data.example/meetings/
Connection: keep-alive
Upgrade-Insecure-Requests: 1
Sec-Fetch-Dest: document
Sec-Fetch-Mode: navigate
Sec-Fetch-Site: same-origin
Sec-Fetch-User: ?1
Priority: u=0, i"""
"""Not packed, as nginx would pack anew each time."""
IN_TURN = """local number = 0
request = function() number = (number + 1) % 300; return wrk.format("GET", "/d" .. number .. ".ttl") end"""
RELOADS, RATE = 50, 200
BATCHES = 6


def cpu(pid: int) -> float:
    """Return the processor seconds of a process and of its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu(int(child)) for child in children)


def load(url: str, pid: int, seconds: int, options: list[str]) -> tuple[float, float]:
    """Return requests a second, and microseconds of processor time of the server for each."""
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{seconds}s", *options, url]
    before = cpu(pid)
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    requests = int(re.search(r"(\d+) requests in", told)[1])  # type: ignore[index]
    return requests / seconds, (cpu(pid) - before) / requests * 1e6


def pages(folder: Path, servers: dict[str, tuple[str, int]], seconds: int) -> None:
    """Compare servers of the same files; each asks nginx and the others in turn, five times."""
    in_turn = folder / "in-turn.lua"
    in_turn.write_text(IN_TURN)
    fields = [option for field in BROWSER.splitlines() for option in ("-H", field)]
    kinds = {"a page": [], "a page, as a browser asks": fields, "300 documents in turn": ["-s", str(in_turn)]}
    for kind, options in kinds.items():
        found: dict[str, list[tuple[float, float]]] = {who: [] for who in servers}
        for _ in range(5):
            for who, (url, pid) in servers.items():
                found[who].append(load(url + "page.html", pid, seconds, options))
        print(f"from memory: {kind}")
        for who, times in found.items():
            rate, each = (statistics.median(values) for values in zip(*times, strict=True))
            rates = statistics.median(b[0] / a[0] for a, b in zip(found["nginx"], times, strict=True))
            cost = statistics.median(a[1] / b[1] for a, b in zip(found["nginx"], times, strict=True))
            print(f"  {who:24} {rate:7.0f}/s {each:4.0f} us; of nginx: {rates:.2f} in rate, {cost:.2f} in time")


def made(serve: tuple[str, int]) -> None:
    """Measure documents that are derived when they are first asked for, in turn with ones that are read.

    What one costs depends on what the machine does besides, and the first ones find everything cold: these are not
    counted.
    """
    found: dict[str, list[float]] = {"ttl": [], "nt": [], "rdf": []}
    for batch in range(BATCHES):
        for turn in range(3):
            extension = [*found][(batch + turn) % 3]
            before = cpu(serve[1])
            for number in range(batch * 300, batch * 300 + 300):
                urllib.request.urlopen(f"{serve[0]}d{number}.{extension}").read()
            found[extension].append((cpu(serve[1]) - before) / 300 * 1e3)
    for extension, times in found.items():
        beyond = [a - b for a, b in zip(times[1:], found["ttl"][1:], strict=True)]
        words = f"{statistics.median(times[1:]):.2f} ms, {statistics.median(beyond):.2f} beyond reading"
        print(
            f"first request of a document of 60 triples, .{extension}: {words} ({min(beyond):.2f} to {max(beyond):.2f})"
        )


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


def serving(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = ["taskset", "-c", "0", sys.executable, "-m", "communique", "serve", "--no-build", "--port", "0"]
    return subprocess.Popen([*command, "--out", folder / "public", *options], stdout=subprocess.PIPE, text=True)


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    folder = Path(tempfile.mkdtemp())
    files = {f"d{n}.ttl": TURTLE.replace(b"words", b"words %d" % n) for n in range(300 * BATCHES)}
    make(folder / "public", 1, **{"page.html": PAGE, **files})
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(NGINX.format(folder, port))
    nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    processes = [serving(folder), serving(folder, "--limit", "ready=1")]
    everybody: tuple[subprocess.Popen[bytes] | subprocess.Popen[str], ...] = (nginx, *processes)
    try:
        lines = [each.stdout.readline().strip() for each in processes if each.stdout is not None]
        servers = {"nginx": (f"http://127.0.0.1:{port}/", nginx.pid), "serve": (lines[0], processes[0].pid)}
        print(f"Python {sys.version.split()[0]}, {'uvloop' if find_spec('uvloop') else 'asyncio alone'}")
        pages(folder, {**servers, "serve, nothing ready": (lines[1], processes[1].pid)}, seconds)
        made(servers["serve"])
        reloads(folder, servers["serve"])
    finally:
        for each in everybody:
            each.terminate()
            each.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
