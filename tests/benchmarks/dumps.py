"""How much work the downloads are, as ratios taken in one run on made-up meetings.

    python tests/benchmarks/dumps.py [--triples 1000000] [--runs 5]

Prints, from the medians of runs in processes of their own: seconds, of CPU and of the clock, of pyoxigraph's bare parse
of the project's files and of writing the downloads, without loading; CPU of the latter over that of the former; how
much memory the writing takes at its peak beyond what was loaded (Linux), and the peak of the whole. The files are
parsed before and after each writing, and its ratio is that to the mean of both, since machines are quicker at one time
than at another; besides the median the lowest and the highest ratio are given.

"nt + ttl + jsonld, zst" are these three, each packed by Zstandard alone; "all three forms" are they plain, by gzip and
by Zstandard; "all" is what a build writes. "engine alone" is the floor of "all three forms": pyoxigraph's own writers
for the same three, packed alike, of the union in no order, without evidence, and without a context.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import generate

PARSE = """
import sys, time, json, pyoxigraph
start, wall = time.process_time(), time.time()
for path in sys.argv[1:]:
    for quad in pyoxigraph.parse(path=path):
        pass
print(json.dumps([time.process_time() - start, time.time() - wall, 0, 0]))
"""
MEMORY = """
import json, time
from pathlib import Path
status = Path("/proc/self/status")

def kilobytes(name):
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(name))

def begin():
    # proc_pid_clear_refs(5): the peak is forgotten.
    global peak, before, start, wall
    peak = kilobytes("VmHWM")
    Path("/proc/self/clear_refs").write_text("5")
    before, start, wall = kilobytes("VmRSS"), time.process_time(), time.time()

def end():
    seconds, waited, later = time.process_time() - start, time.time() - wall, kilobytes("VmHWM")
    print(json.dumps([seconds, waited, (later - before) / 1024, max(peak, later) / 1024]))
"""
WRITE = f"""{MEMORY}
import sys
from communique.distributions import downloads
from communique.distributions.packing import Packing
from communique.formats import JSONLD, NTRIPLES, TURTLE
from communique.generations import generation
from communique.project import Project
from communique.website.site import Site
from communique.store import Store

project, out, which = Project.open(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
site = Site(project, Store.load(project))
site.classes, site.statistics  # which pages and VoID need as well
begin()
if which != "nothing":
    with generation(out) as new:
        if which == "all":
            downloads.write_downloads(site, new)
        else:
            paths = {{format: site.dumps[format] for format in (NTRIPLES, TURTLE, JSONLD)}}
            packings = [Packing.ZSTD] if which == "packed" else list(Packing)
            downloads.write_packed(site, new, paths=paths, packings=packings)
end()
"""
ENGINE = f"""{MEMORY}
import io, sys
import pyoxigraph as ox
from communique.generations import generation
from communique.distributions.packing import PackedFile

store, prefixes = ox.Store(), dict()
for path in Path(sys.argv[1], "data").iterdir():
    parser = ox.parse(path=path)
    store.extend(ox.Quad(*quad.triple) for quad in parser)
    prefixes |= parser.prefixes
begin()
with generation(Path(sys.argv[2])) as new:
    for format in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD):
        text = store.dump(format=format, from_graph=ox.DefaultGraph(), prefixes=prefixes)
        file = PackedFile(new, f"data.{{format.file_extension}}")
        file.write(text)
        file.finish()
end()
"""
ROWS = {
    "nothing": (WRITE, "loaded, no dumps"),
    "packed": (WRITE, "nt + ttl + jsonld, zst"),
    "some": (WRITE, "all three forms"),
    "engine": (ENGINE, "engine alone"),
    "all": (WRITE, "all"),
}


def run(code: str, *arguments: str) -> tuple[float, ...]:
    """Run code in a process of its own, and return the seconds, of CPU and of the clock, and the MiB that it tells."""
    return tuple(json.loads(subprocess.check_output([sys.executable, "-c", code, *arguments])))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        generate.write(project, triples=options.triples)
        files = sorted(str(path) for path in (project / "data").iterdir())
        parses = [run(PARSE, *files)]
        costs: dict[str, list[tuple[float, ...]]] = {name: [] for name in ROWS}
        for number, (name, (code, _)) in product(range(options.runs), ROWS.items()):
            cost = run(code, str(project), f"{folder}/{name}-{number}", name)
            parses.append(run(PARSE, *files))
            costs[name].append((*cost, 2 * cost[0] / (parses[-2][0] + parses[-1][0])))
    seconds, wall, *_ = map(statistics.median, zip(*parses, strict=True))
    print(f"{'bare parse':<22}  {seconds:6.2f} s CPU  {wall:6.2f} s")
    for name, found in costs.items():
        seconds, wall, added, peak, ratio = map(statistics.median, zip(*found, strict=True))
        ratios = [each[-1] for each in found]
        print(
            f"{ROWS[name][1]:<22}  {seconds:6.2f} s CPU  {wall:6.2f} s  {ratio:5.1f} x the parse's CPU "
            f"({min(ratios):.1f} to {max(ratios):.1f})  {added:+5.0f} MiB  peak {peak:.0f}"
        )
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
