"""What the endpoint adds to the engine, and how both compare with rdflib, over made-up meetings.

    python tests/benchmarks/endpoint.py [TRIPLES [ROUNDS]]

Ten kinds of queries, each answered by processes of their own (`contenders`):

| by | what it tells |
|---|---|
| `engine`: a call of the engine, read-only, the answer written as JSON | the query itself, without HTTP |
| `plain`: the same behind uvicorn, in the plainest way | HTTP in Python around the engine, without a guard |
| `oxigraph serve-read-only`, if found (`pip install oxigraph`) | HTTP in Rust around the engine, without a guard |
| `endpoint` | our server as it is shipped |
| `endpoint, nothing kept`: the same with `--limit kept=1` | each time the engine is asked |
| `rdflib`: a call of its memory store; `rdflib, plain`: behind uvicorn | no garbage is looked for in its graph |
| `rdflib-endpoint serve`, if found (`pip install 'rdflib-endpoint[cli]'`) | the server that users of rdflib take |

Three tables of one run, in each of which the contenders take turns:

- *Each query another one*: batches of a kind, broken off after some seconds, so that who is slow gets fewer of them.
  Its meeting or person differs, and a number at its end: no answer is kept, and the blocks of the store that a query
  needs are mostly cold.
- *Ten fixed queries, asked again in every round*: the same ten one after the other, the first round not counted. Here
  the blocks are warm and the engine is quicker; no answer that was kept is given, but `rdflib-endpoint` (0.6) keeps
  queries that it has parsed.
- *The same as shipped*: in these rounds the endpoint gives what it has kept. It tells what somebody sees who asks what
  was asked before, and nothing of the engine.

"Native pyoxigraph" over the same wire is the plainest server: a bare call needs no HTTP, which alone takes longer than
a small query. Figures are medians of rounds: of the median of wall-clock time in a batch, as a client sees it that does
nothing but send bytes and wait; and of the processor time of a server and its workers for each small query. The answers
of all must have equally many rows.
"""

import itertools
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from communique import snapshots

sys.path.insert(0, str(Path(__file__).parent))
from contenders import Contender, of_others, of_python

PREFIXES = """PREFIX cmq: <https://w3id.org/communique/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# rdflib needs minutes for a negation of two patterns, and so does the engine: the one here has one.
QUERIES = {
    "point": "SELECT ?p ?o {{ <{meeting}> ?p ?o }}",
    "star": """SELECT ?label ?n ?mode ?verbatim {{ <{meeting}> rdfs:label ?label ; cmq:ordinal ?n ;
        cmq:hasAttendanceMode ?mode ; cmq:hasDate ?date . ?date cmq:verbatim ?verbatim }}""",
    "path of three steps": """SELECT ?name ?state {{ <{meeting}> cmq:hasParticipation ?x . ?x cmq:nameAsPrinted ?name ;
        cmq:inCapacityOf ?holding . ?holding cmq:ofOffice ?office . ?office cmq:officeOf ?state }}""",
    "aggregate": "SELECT ?class (COUNT(*) AS ?n) {{ ?s a ?class }} GROUP BY ?class",
    "text filter": "SELECT ?s ?n {{ ?s foaf:name ?n FILTER(CONTAINS(LCASE(STR(?n)), 'kalo')) }}",
    "OPTIONAL": "SELECT ?s ?l ?o {{ ?s a cmq:State ; rdfs:label ?l OPTIONAL {{ ?o cmq:officeOf ?s }} }}",
    "property path": "SELECT ?x {{ <{meeting}> cmq:inSeries/cmq:convenedWithin+ ?x }}",
    "ORDER and LIMIT": """SELECT ?m ?n ?l {{ ?m a cmq:Meeting ; cmq:ordinal ?n ; rdfs:label ?l
        FILTER(LANG(?l) = "en") }} ORDER BY DESC(?n) LIMIT 20""",
    "inverse with labels": "SELECT ?s ?p ?l {{ ?s ?p <{person}> ; rdfs:label ?l }}",
    "NOT EXISTS": """SELECT ?p ?n {{ ?p a foaf:Person ; foaf:name ?n
        FILTER NOT EXISTS {{ ?x cmq:hasParticipant ?p }} }}""",
}
SMALL = ("point", "star")
ANEW = "endpoint, nothing kept"
WAKE = "SELECT (1 AS ?one) {}"
"""What is asked first of who may have slept."""
BATCH = 100
"""Queries in a batch at most."""
MADE_UP = "https://example.org/made-up/"
Figures = dict[str, dict[str, list[tuple[float, float]]]]
"""Seconds of wall-clock time and of processor time in each round, by contender and kind."""


def generated(folder: Path, triples: int) -> dict[str, list[str]]:
    """Write the snapshot and the triples for rdflib; return the IRIs of all meetings and persons described."""
    generate = Path(__file__).with_name("generate.py")
    project = folder / "project"
    subprocess.run([sys.executable, str(generate), str(project), "--triples", str(triples)], check=True)
    quads = [quad for path in sorted(project.rglob("data/**/*.t*")) for quad in ox.parse(path=str(path))]
    snapshots.write(quads, folder / "snapshot")
    union = {quad.triple for quad in quads}
    ox.serialize(union, str(folder / "data.nt"), format=ox.RdfFormat.N_TRIPLES)
    print(f"{len(quads)} quads, {len(union)} triples", flush=True)
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    return {kind: sorted(s for s in subjects if s.startswith(MADE_UP + kind)) for kind in ("meeting", "person")}


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        names = generated(folder, triples)
        contenders = of_python(folder) | of_others(folder)
        print(f"all have read their data; load average {os.getloadavg()[0]:.1f}", flush=True)
        try:
            compare(contenders, names, rounds)
        finally:
            for each in contenders.values():
                each.process.terminate()
                each.process.wait()
    print(f"load average {os.getloadavg()[0]:.1f}")


def compare(contenders: dict[str, Contender], names: dict[str, list[str]], rounds: int) -> None:
    others = {name: each for name, each in contenders.items() if name != ANEW}
    table = different(others, names, rounds)
    print("EACH QUERY ANOTHER ONE, " + legend(table))
    for kind in SMALL:
        report_small(table, kind)
    report_means(table)
    table = fixed(contenders, names, rounds + 2)
    shipped = table.pop("endpoint")
    table = {"endpoint": table.pop(ANEW), **table}
    print("TEN FIXED QUERIES, ASKED AGAIN IN EVERY ROUND, NOTHING KEPT, " + legend(table))
    report_means(table)
    table["endpoint"] = shipped
    print("THE SAME AS SHIPPED, WITH ANSWERS THAT WERE KEPT, " + legend({"endpoint": shipped}))
    report_means(table, only="endpoint")


def different(contenders: dict[str, Contender], names: dict[str, list[str]], rounds: int) -> Figures:
    found: Figures = defaultdict(lambda: defaultdict(list))
    numbers = itertools.count()
    for (kind, template), round_ in itertools.product(QUERIES.items(), range(rounds)):
        batch = [text_of(template, names, next(numbers)) for _ in range(BATCH)]
        rows = {}
        for name in turned(contenders, round_):
            rows[name], times, processor = contenders[name].take(batch)
            found[name][kind].append((statistics.median(times), processor / len(times)))
        assert len(set(rows.values())) == 1, (kind, rows)
    return {name: found[name] for name in contenders}


def fixed(contenders: dict[str, Contender], names: dict[str, list[str]], rounds: int) -> Figures:
    found: Figures = defaultdict(lambda: defaultdict(list))
    mix = [text_of(template, names, 0) for template in QUERIES.values()]
    for round_ in range(rounds + 1):
        for name in turned(contenders, round_):
            _, times, _ = contenders[name].take([WAKE, *mix], longest=math.inf)
            for kind, seconds in zip(QUERIES, times[1:], strict=True):
                if round_:
                    found[name][kind].append((seconds, math.nan))
    return {name: found[name] for name in contenders}


def turned(contenders: dict[str, Contender], round_: int) -> list[str]:
    place = round_ % len(contenders)
    return [*list(contenders)[place:], *list(contenders)[:place]]


def text_of(template: str, names: dict[str, list[str]], number: int) -> str:
    """Return a query that is another one for each number."""
    chosen = {kind: each[number * 7 % len(each)] for kind, each in names.items()}
    return f"{PREFIXES}{template.format(**chosen)} # {number}"


def wall(table: Figures, name: str, kind: str) -> float:
    return statistics.median(wall for wall, _ in table[name][kind])


def processor(table: Figures, name: str, kind: str) -> float:
    return statistics.median(processor for _, processor in table[name][kind])


def legend(table: Figures) -> str:
    lines = (", ".join(f"{name} {wall(table, name, kind) * 1000:.2f}" for name in table) for kind in QUERIES)
    return "ms:\n" + "\n".join(f"  {kind}: {line}" for kind, line in zip(QUERIES, lines, strict=True))


def report_small(table: Figures, kind: str) -> None:
    print(f"  {kind}:")
    for name in table:
        times = wall(table, name, kind), processor(table, name, kind)
        ratios = wall(table, "endpoint", kind) / times[0], processor(table, "endpoint", kind) / times[1]
        print(f"    {name}: {times[0] * 1000:.2f} ms, {times[1] * 1e6:.0f} us of processor time;", end=" ")
        print("the endpoint takes {:.2f} x, {:.2f} x as long".format(*ratios), flush=True)


def report_means(table: Figures, *, only: str = "") -> None:
    print(f"  geometric means of {len(QUERIES)} kinds, wall-clock time:")
    for above, below in itertools.permutations(table, 2):
        ratio = mean(wall(table, above, kind) / wall(table, below, kind) for kind in QUERIES)
        if ratio > 1 and only in ("", above, below):
            print(f"    {above} takes {ratio:.2f} x as long as {below}", flush=True)


def mean(ratios: Iterable[float]) -> float:
    return math.exp(statistics.mean(map(math.log, ratios)))


if __name__ == "__main__":
    main()
