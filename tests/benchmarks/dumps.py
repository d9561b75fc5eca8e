"""How much work the downloads are, as ratios taken in one run on made-up meetings.

    python tests/benchmarks/dumps.py [--triples 1000000] [--runs 3]

Prints, from the medians of interleaved runs in processes of their own: seconds, of CPU and of the clock, of
pyoxigraph's bare parse of the project's files and of writing the downloads, without loading; CPU of the latter over the
former; how much memory the writing takes at its peak beyond what was loaded (Linux), and the peak of the whole. "nt +
ttl + jsonld" are these three with both of their packed forms, "all" is what a build writes. "engine alone" is the
floor: pyoxigraph's own writers for the same three, packed alike, of the union in no order, without evidence, and
without a context.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
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
from communique.formats import JSONLD, NTRIPLES, TURTLE
from communique.generations import generation
from communique.project import Project
from communique.website.site import Site
from communique.store import Store

project, out, which = Project.open(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
site = Site(project, Store.load(project))
site.classes  # which the pages need as well
begin()
if which != "nothing":
    with generation(out) as new:
        if which == "some":
            formats = (NTRIPLES, TURTLE, JSONLD)
            downloads.write_packed(site, new, paths={{format: site.dumps[format] for format in formats}})
        else:
            downloads.write_downloads(site, new)
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
    "engine": (ENGINE, "engine alone"),
    "some": (WRITE, "nt + ttl + jsonld"),
    "all": (WRITE, "all"),
}


def run(code: str, *arguments: str) -> tuple[float, ...]:
    """Run code in a process of its own, and return the seconds, of CPU and of the clock, and the MiB that it tells."""
    return tuple(json.loads(subprocess.check_output([sys.executable, "-c", code, *arguments])))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        generate.write(project, triples=options.triples)
        files = sorted(str(path) for path in (project / "data").iterdir())
        costs: dict[str, list[tuple[float, ...]]] = {"parse": [], **{name: [] for name in ROWS}}
        for number in range(options.runs):
            costs["parse"].append(run(PARSE, *files))
            for name, (code, _) in ROWS.items():
                costs[name].append(run(code, str(project), f"{folder}/{name}-{number}", name))
    medians = {name: [statistics.median(each) for each in zip(*of, strict=True)] for name, of in costs.items()}
    parse = medians["parse"][0]
    print(f"bare parse          {parse:7.2f} s CPU  {medians['parse'][1]:7.2f} s")
    for name, (_, words) in ROWS.items():
        seconds, wall, added, peak = medians[name]
        print(
            f"{words:<18}  {seconds:7.2f} s CPU  {wall:7.2f} s  {seconds / parse:5.1f} x the parse's CPU  "
            f"{added:+5.0f} MiB  peak {peak:.0f}"
        )


if __name__ == "__main__":
    main()
