"""How much work a build is, as ratios taken in one run on made-up meetings.

    python tests/benchmarks/build.py [--triples 100000] [--runs 3]

Prints, from the medians of interleaved runs in processes of their own: CPU seconds of pyoxigraph's bare parse of the
project's files, of `communique check` and of `communique build`; both over the parse; resources and documents per CPU
second; peak memory.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import generate

PARSE = "import sys, pyoxigraph\nprint(sum(1 for path in sys.argv[1:] for _ in pyoxigraph.parse(path=path)))"
NOTHING = "import sys, pyoxigraph"


class Cost(NamedTuple):
    """CPU seconds and peak resident bytes of one process."""

    seconds: float
    memory: int


def cost(command: list[str], *, cwd: Path) -> Cost:
    """Run a command that must succeed, and return what it took with all its children."""
    pid = os.posix_spawn(sys.executable, ["python", "-c", WRAPPER, str(cwd), *command], dict(os.environ))
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


WRAPPER = (
    "import os, sys\nos.chdir(sys.argv[1])\n"
    "out = os.open(os.devnull, os.O_WRONLY)\nos.dup2(out, 1)\nos.execv(sys.argv[2], sys.argv[2:])"
)


def median(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(statistics.median(c.seconds for c in costs), int(statistics.median(c.memory for c in costs)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        generate.write(project, triples=options.triples)
        files = sorted(str(path) for path in (project / "data").iterdir())
        triples = int(subprocess.check_output([sys.executable, "-c", PARSE, *files]))
        command = [sys.executable, "-m", "communique"]
        costs: dict[str, list[Cost]] = {"start": [], "parse": [], "check": [], "build": []}
        for run in range(options.runs):
            costs["start"].append(cost([sys.executable, "-c", NOTHING], cwd=project))
            costs["parse"].append(cost([sys.executable, "-c", PARSE, *files], cwd=project))
            costs["check"].append(cost([*command, "check"], cwd=project))
            costs["build"].append(cost([*command, "build", "--out", f"../public-{run}"], cwd=project))
        report(triples, {name: median(of) for name, of in costs.items()}, (Path(folder) / "public-0").resolve())


def report(triples: int, medians: dict[str, Cost], public: Path) -> None:
    """Print the figures of one run."""
    parse = medians["parse"].seconds - medians["start"].seconds
    documents = [path for path in public.rglob("*") if path.suffix in (".html", ".ttl", ".jsonld")]
    resources = sum(path.suffix == ".jsonld" for path in documents)
    print(f"{triples:,} triples, {resources:,} resources, {len(documents):,} documents")
    print(f"bare parse   {parse:8.2f} s CPU   {medians['parse'].memory / 2**20:6.0f} MiB")
    for name in ("check", "build"):
        seconds = medians[name].seconds - medians["start"].seconds
        memory = medians[name].memory / 2**20
        print(f"{name:<11}  {seconds:8.2f} s CPU   {memory:6.0f} MiB   {seconds / parse:6.1f} x the parse")
    pages = medians["build"].seconds - medians["check"].seconds
    rates = f"{resources / pages:,.0f} resources/s, {len(documents) / pages:,.0f} documents/s"
    print(f"documents    {pages:8.2f} s CPU   {rates}")


if __name__ == "__main__":
    main()
