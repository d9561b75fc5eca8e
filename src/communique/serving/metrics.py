"""What the server counts, in the text format of Prometheus (version 0.0.4)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds."""
WORKERS = {
    "started": "Workers that were started.",
    "killed": "Workers that were ended: at a deadline, with their client, or beyond their limits.",
    "crashed": "Workers that ended by themselves.",
    "slowed": "Queries that went on in the slow lane.",
    "shed": "Queries that found no worker or no room in the slow lane.",
}


def no_counts() -> dict[str, int]:
    """Return that nothing has become of workers and queries yet."""
    return dict.fromkeys(WORKERS, 0)


@dataclass(slots=True)
class Metrics:
    """Counters that outlive a generation."""

    requests: Counter[int] = field(default_factory=Counter)
    """Requests by status."""
    ready: int = 0
    """Requests that were answered from what lay ready."""
    given_again: int = 0
    """Queries that were answered from what was kept."""
    reloads: Counter[str] = field(default_factory=Counter)
    """Reloads that were `done` or `failed`."""
    workers: dict[str, int] = field(default_factory=no_counts)
    """What became of query workers and queries."""
    _durations: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    _seconds: float = 0.0

    def took(self, seconds: float) -> None:
        """Count a query that took `seconds`, 0 or more."""
        self._durations[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def text(self, *, workers: int, lanes: dict[str, int], generation: str) -> str:
        """Return everything; `workers` are alive, `lanes` tells how many queries are in each."""
        return "".join(f"{line}\n" for line in self._lines(workers, lanes, generation))

    def _lines(self, workers: int, lanes: dict[str, int], generation: str) -> Iterator[str]:
        yield from _head("http_requests_total", "counter", "Requests by status.")
        for status, count in sorted(self.requests.items()):
            yield f'communique_http_requests_total{{status="{status}"}} {count}'
        yield from _head("ready_answers_total", "counter", "Requests that were answered from what lay ready.")
        yield f"communique_ready_answers_total {self.ready}"
        yield from self._histogram()
        yield from _head("kept_answers_total", "counter", "Queries that were answered from what was kept.")
        yield f"communique_kept_answers_total {self.given_again}"
        yield from _head("queries", "gauge", "Queries that are running in a lane, or wait for a worker.")
        for lane, count in lanes.items():
            yield f'communique_queries{{lane="{lane}"}} {count}'
        yield from _head("query_workers", "gauge", "Query workers that are alive.")
        yield f"communique_query_workers {workers}"
        for name, count in self.workers.items():
            yield from _head(f"query_workers_{name}_total", "counter", WORKERS[name])
            yield f"communique_query_workers_{name}_total {count}"
        yield from _head("reloads_total", "counter", "Generations that were taken up, or could not be.")
        for result in ("done", "failed"):
            yield f'communique_reloads_total{{result="{result}"}} {self.reloads[result]}'
        yield from _head("generation_info", "gauge", "The generation that is served.")
        yield f'communique_generation_info{{generation="{generation}"}} 1'

    def _histogram(self) -> Iterator[str]:
        name = "query_duration_seconds"
        yield from _head(name, "histogram", "Seconds that queries took, with the wait for a worker.")
        total = 0
        for bound, count in zip((*BUCKETS, "+Inf"), self._durations, strict=True):
            total += count
            yield f'communique_{name}_bucket{{le="{bound}"}} {total}'
        yield f"communique_{name}_sum {self._seconds:.6f}"
        yield f"communique_{name}_count {total}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP communique_{name} {meaning}"
    yield f"# TYPE communique_{name} {kind}"
