"""How much work the downloads are, as ratios taken in one run on made-up meetings.

    python tests/benchmarks/dumps.py [--triples 1000000] [--runs 3]

Prints, from the medians of interleaved runs in processes of their own: CPU seconds of pyoxigraph's bare parse of the
project's files and of writing the downloads, without loading; the latter over the former; peak memory with and without
the downloads. "nt + ttl + jsonld" are these three with both of their packed forms, "all" is what a build writes.
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
start = time.process_time()
for path in sys.argv[1:]:
    for quad in pyoxigraph.parse(path=path):
        pass
print(json.dumps([time.process_time() - start, 0]))
"""
WRITE = """
import json, resource, sys, time
from pathlib import Path
from communique import downloads
from communique.formats import JSONLD, NTRIPLES, TURTLE
from communique.generations import generation
from communique.project import Project
from communique.site import Site
from communique.store import Store

project, out, which = Project.open(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
site = Site(project, Store.load(project))
seconds = 0.0
if which != "nothing":
    with generation(out) as new:
        start = time.process_time()
        if which == "some":
            formats = (NTRIPLES, TURTLE, JSONLD)
            downloads.write_packed(site, new, paths={format: site.dumps[format] for format in formats})
        else:
            downloads.write_downloads(site, new)
        seconds = time.process_time() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def run(code: str, *arguments: str) -> tuple[float, float]:
    """Run code in a process of its own, and return the CPU seconds and the MiB that it tells."""
    seconds, memory = json.loads(subprocess.check_output([sys.executable, "-c", code, *arguments]))
    return seconds, memory


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
        costs: dict[str, list[tuple[float, float]]] = {"parse": [], "nothing": [], "some": [], "all": []}
        for number in range(options.runs):
            costs["parse"].append(run(PARSE, *files))
            for which in ("nothing", "some", "all"):
                costs[which].append(run(WRITE, str(project), f"{folder}/{which}-{number}", which))
        seconds = {name: statistics.median(cost[0] for cost in of) for name, of in costs.items()}
        memory = {name: statistics.median(cost[1] for cost in of) for name, of in costs.items()}
    print(f"bare parse          {seconds['parse']:7.2f} s CPU")
    print(f"loaded, no dumps                     {memory['nothing']:6.0f} MiB")
    for name, words in (("some", "nt + ttl + jsonld"), ("all", "all")):
        ratio = seconds[name] / seconds["parse"]
        print(f"{words:<18}  {seconds[name]:7.2f} s CPU   {memory[name]:6.0f} MiB   {ratio:5.1f} x the parse")


if __name__ == "__main__":
    main()
