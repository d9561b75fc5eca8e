"""How much work a build is, by part, as ratios taken in one run on made-up meetings.

    python tests/benchmarks/build.py [--triples 100000] [--runs 3]

Prints, from the medians of interleaved runs in processes of their own, each over pyoxigraph's bare parse of the
project's files: `communique check`, `communique build` with one process, the same again over what it has written, and
the build with a process for each processor; CPU seconds, wall seconds, peak memory of the largest process. Then, from
one process that makes every document and writes none: what each part of a build takes, and resources per CPU second in
one language and in three.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import generate

PARSE = "import sys, pyoxigraph\nprint(sum(1 for path in sys.argv[1:] for _ in pyoxigraph.parse(path=path)))"
START = "import sys, pyoxigraph"
QUIET = (
    "import os, sys\nos.chdir(sys.argv[1])\n"
    "out = os.open(os.devnull, os.O_WRONLY)\nos.dup2(out, 1)\nos.execv(sys.argv[2], sys.argv[2:])"
)
DESCRIBE = "describe"
COMMUNIQUE = [sys.executable, "-m", "communique"]


class Cost(NamedTuple):
    """CPU seconds with all children, wall seconds, and peak resident bytes of the largest process."""

    seconds: float
    wall: float
    memory: int


def cost(command: list[str], *, cwd: Path) -> Cost:
    """Run a command that must succeed, and return what it took."""
    start = time.perf_counter()
    pid = os.posix_spawn(sys.executable, ["python", "-c", QUIET, str(cwd), *command], dict(os.environ))
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss * 1024)


def median(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parts-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.parts_of:
        print(json.dumps(parts_of(options.parts_of)))
        return
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        generate.write(project, triples=options.triples)
        files = sorted(str(path) for path in (project / "data").iterdir())
        commands = {
            "start": [sys.executable, "-c", START],
            "bare parse": [sys.executable, "-c", PARSE, *files],
            "check": [*COMMUNIQUE, "check"],
            "build": [*COMMUNIQUE, "build", "--out", "../public", "--quiet", "--jobs", "1"],
            "build again": [*COMMUNIQUE, "build", "--out", "../public", "--quiet", "--jobs", "1"],
            "build, parallel": [*COMMUNIQUE, "build", "--out", "../parallel", "--quiet"],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(options.runs):
            for name, command in commands.items():
                costs[name].append(cost(command, cwd=project))
            for public in ("public", "parallel"):
                subprocess.run(["rm", "-rf", f"{folder}/{public}", f"{folder}/.{public}"], check=True)
        triples = int(subprocess.check_output(commands["bare parse"]))
        report(triples, {name: median(of) for name, of in costs.items()})
        (project / "site").mkdir()
        (project / "site/site.toml").write_text('languages = ["en", "ru", "zh"]\n', encoding="utf-8")
        command = [sys.executable, __file__, "--parts-of", str(project)]
        report_parts(json.loads(subprocess.check_output(command)))


def report(triples: int, medians: dict[str, Cost]) -> None:
    """Print what commands take."""
    parse = medians["bare parse"].seconds - medians["start"].seconds
    print(f"{triples:,} triples")
    for name, each in medians.items():
        if name != "start":
            seconds = each.seconds - medians["start"].seconds
            figures = f"{seconds:8.2f} s CPU {seconds / parse:7.1f} x the parse"
            print(f"{name:<18}{figures} {each.wall:8.2f} s wall {each.memory / 2**20:6.0f} MiB")


def parts_of(folder: Path) -> dict[str, tuple[float, int]]:
    """Return CPU seconds and number of documents of each part of the build of a project, of which nothing stays."""
    from communique.distributions.downloads import write_downloads
    from communique.formats import HTML
    from communique.garbage import few_collections
    from communique.generations import generation
    from communique.project import Project
    from communique.rendition.assets import published_assets
    from communique.rendition.rendering import Renderer
    from communique.shacl.validation import validate
    from communique.store import Store
    from communique.website.site import Site

    seconds, counts = defaultdict[str, float](float), Counter[str]()

    @contextmanager
    def timed(part: str) -> Iterator[None]:
        start = time.process_time()
        yield
        seconds[part] += time.process_time() - start
        counts[part] += 1

    project = Project.open(folder)
    with timed("load"):
        store = Store.load(project)
    with timed("validate"):
        report = validate(store, project=project)
    with timed("find pages"):
        site = Site(project, store)
        pages = [(page, page.resource) for page in site.pages() if page.resource and len(page.formats) > 1]
    with generation(folder.parent / "dumps") as new, timed("dumps and tables"):
        write_downloads(site, new)
    assets = {name: asset.path for name, asset in published_assets(project).items()}
    renderer = Renderer(site, assets=assets, downloads=(), report=report)
    with few_collections():
        for page, resource in pages:
            with timed(DESCRIBE):
                renderer._described(resource)
            for format in page.formats:
                for edition in site.editions if format is HTML else (site,):
                    with timed(f"HTML {edition.language}" if format is HTML else format.label):
                        renderer.render(page, format, language=edition.language)
    return {part: (seconds[part], counts[part]) for part in seconds}


def report_parts(parts: dict[str, tuple[float, int]]) -> None:
    """Print what the parts take, and how many resources are told in a second."""
    total = sum(seconds for seconds, _ in parts.values())
    for part, (seconds, count) in sorted(parts.items(), key=lambda each: -each[1][0]):
        each = f"{seconds / count * 1000:8.3f} ms each" if count > 2 else ""
        print(f"{part:<18}{seconds:8.2f} s CPU {seconds / total:6.1%} {each}")
    resources = parts[DESCRIBE][1]
    data = sum(
        seconds for part, (seconds, count) in parts.items() if count == resources and not part.startswith("HTML")
    )
    pages = [seconds for part, (seconds, _) in parts.items() if part.startswith("HTML")]
    print(f"{resources:,} resources: {resources / (data + pages[0]):,.0f} a second in one language, with their data;")
    print(f"{resources / (data + sum(pages)):,.0f} a second in {len(pages)} languages")


if __name__ == "__main__":
    main()
