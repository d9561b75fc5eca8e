"""What one request may cost. Every limit can be set; the service description and the errors it causes show it."""

import re
from collections.abc import Iterable
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, TypeVar

from communique.errors import UsageError

MIB = 1 << 20
SETTING = re.compile(r"([a-z _-]+)=([0-9]+(?:\.[0-9]+)?)(KiB|MiB|GiB)?")
FACTORS = {"KiB": 1 << 10, "MiB": MIB, "GiB": 1 << 30}


T = TypeVar("T", int, float)


def _limit(default: T, meaning: str, unit: str) -> T:
    """Return a field whose meaning the service description tells."""
    made: T = field(default=default, metadata={"meaning": meaning, "unit": unit})
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the endpoint; seconds, bytes and counts are greater than zero, or 0 of what there is not at all."""

    deadline: float = _limit(10.0, "Time after which a query is stopped (504).", "s")
    fast_slice: float = _limit(0.25, "Processor time after which a query moves to the slow lane.", "s")
    patience: float = _limit(0.03, "Time after which another worker is started beside a query that still runs.", "s")
    fast_workers: int = _limit(2, "Workers for clients that were answered lately at little cost.", "workers")
    stranger_workers: int = _limit(2, "Workers for everybody else.", "workers")
    spare_workers: int = _limit(4, "Workers that may be started in each lane while these are at work.", "workers")
    slow_lane: int = _limit(1, "Queries in the slow lane at once (503).", "queries")
    worker_memory: int = _limit(1024 * MIB, "Memory of a query (500).", "bytes")
    result: int = _limit(64 * MIB, "Size of an answer (413).", "bytes")
    query: int = _limit(64 * 1024, "Length of a query (413).", "bytes")
    nesting: int = _limit(200, "Depth of brackets in a query (400).", "brackets")
    body: int = _limit(MIB, "Size of the body of a request (413).", "bytes")
    queue: int = _limit(64, "Queries that wait for a worker (503).", "queries")
    queue_wait: float = _limit(2.0, "Time that a query waits for a worker (503).", "s")
    per_client: int = _limit(4, "Queries of one client at once (429).", "queries")
    budget: float = _limit(3.0, "Slow work of one client at once, which comes back with time (429).", "s")
    refill: float = _limit(
        0.1, "Budget that comes back each second: a thirtieth of the whole, unless this is set.", "s"
    )
    penalty: float = _limit(
        1.5, "What a query that had to be stopped (500, 503, 504) costs at least, or half the budget if that is less.",
        "s",
    )  # fmt: skip
    longest_wait: float = _limit(15.0, "Time after which a client may ask again, however much it took (429).", "s")
    spooled: int = _limit(512 * MIB, "Answers that wait for slow readers at once (503).", "bytes")
    kept: int = _limit(64 * MIB, "Answers that are kept, to be given again.", "bytes")
    kept_answer: int = _limit(256 * 1024, "Size of an answer that is kept.", "bytes")
    ready: int = _limit(32 * MIB, "Pages that lie ready, to be sent again as they are.", "bytes")
    url: int = _limit(16 * 1024, "Length of an address (414).", "bytes")
    head: int = _limit(32 * 1024, "Size of the header fields of a request (431).", "bytes")
    fields: int = _limit(100, "Header fields of a request (431).", "fields")
    head_time: float = _limit(5.0, "Time in which the head of a request must arrive (408).", "s")
    body_time: float = _limit(10.0, "Time in which the body of a request must arrive (408).", "s")
    write_time: float = _limit(10.0, "Time in which a client must read something of its answer.", "s")
    stop_time: float = _limit(1.5, "Time that running queries have when the server is told to stop.", "s")
    connections: int = _limit(1000, "Connections at once (503).", "connections")


OF_SERVICE = {
    "fast_slice": "Time after which a query moves to the slow lane.",
    "fast_workers": "Queries that the service is asked at once, beside those in the slow lane.",
    "worker_memory": "Memory of a process that puts an answer into another format (500).",
    "queue": "Queries that wait for their turn (503).",
    "queue_wait": "Time that a query waits for its turn (503).",
    "refill": "Budget that comes back each second: a sixtieth of the whole, unless this is set.",
}
"""What some limits mean where queries go to a service."""


def name_of(limit: "Field[Any]") -> str:
    """Return how a limit is called by the service description and by who sets it."""
    return limit.name.replace("_", "-")


def limits_of_service(limits: Limits) -> Limits:
    """Return the limits for queries that go to a service: time passes there, costs us nothing, and changes the data.

    There are no workers for strangers, no answers that are kept, and no pages that lie ready.
    """
    nothing = dict.fromkeys(("stranger_workers", "spare_workers", "kept", "kept_answer", "ready"), 0)
    longer = replace(limits, deadline=30.0, fast_slice=1.0, slow_lane=4, fast_workers=8, **nothing)
    return replace(longer, budget=30.0, refill=0.5, penalty=15.0, longest_wait=30.0)


def limits_with(limits: Limits, settings: Iterable[str]) -> Limits:
    """Return limits with some set anew, each as `name=value`: `deadline=20`, `worker-memory=2GiB`, also with spaces.

    What comes back of a budget that is set follows it, unless that is set as well: it is full again after as long.

    Raises UsageError for a name that there is not, and for what is no number above zero.
    """
    # What is 0 is not there (`limits_of_service`).
    kinds: dict[str, Any] = {name_of(each): each.type for each in fields(Limits) if getattr(limits, each.name)}
    found: dict[str, Any] = {}
    for setting in settings:
        parts = SETTING.fullmatch(setting)
        if parts is None:
            raise UsageError(f"--limit {setting}: must be a name and a number, as in deadline=20 or worker-memory=2GiB")
        name, number, unit = re.sub("[ _]", "-", parts[1]), parts[2], parts[3]
        if name not in kinds:
            raise UsageError(f"--limit {setting}: there is no limit {name}; there are {', '.join(kinds)}")
        value = float(number) * FACTORS.get(unit, 1)
        if value <= 0 or (kinds[name] is int and value != int(value)):
            raise UsageError(
                f"--limit {setting}: must be {'a whole number' if kinds[name] is int else 'a number'} above zero"
            )
        found[name.replace("-", "_")] = kinds[name](value)
    if "budget" in found:
        found.setdefault("refill", limits.refill * found["budget"] / limits.budget)
    return replace(limits, **found)
