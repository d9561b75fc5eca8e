"""What one request may cost. Every limit can be set; the service description and the errors it causes show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from communique.errors import UsageError

MIB = 1 << 20
SETTING = re.compile(r"([a-z-]+)=([0-9]+(?:\.[0-9]+)?)(KiB|MiB|GiB)?")
FACTORS = {"KiB": 1 << 10, "MiB": MIB, "GiB": 1 << 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the endpoint; seconds, bytes and counts are all greater than zero."""

    deadline: float = 10.0
    """Seconds after which a query is killed."""
    fast_slice: float = 0.25
    """Seconds of processor time a query may have before it moves to the slow lane."""
    patience: float = 0.03
    """Seconds after which a query that still runs is no reason for others to wait: another worker is started."""
    fast_workers: int = 2
    """Workers for clients that were answered lately at little cost."""
    stranger_workers: int = 2
    """Workers for everybody else."""
    spare_workers: int = 4
    """Workers that may be started in each lane while these are at work."""
    slow_lane: int = 1
    """Queries that may run in the slow lane at once."""
    worker_memory: int = 1024 * MIB
    """Bytes of address space a worker may take beyond its start."""
    result: int = 64 * MIB
    """Bytes of one answer."""
    query: int = 64 * 1024
    """Bytes of query text."""
    nesting: int = 200
    """Depth of brackets in a query."""
    body: int = MIB
    """Bytes of a request body."""
    queue: int = 64
    """Queries that may wait for a worker."""
    queue_wait: float = 2.0
    """Seconds that a query may wait for a worker."""
    per_client: int = 4
    """Queries of one client at once."""
    budget: float = 3.0
    """Seconds of slow work that a client may spend at once."""
    refill: float = 0.1
    """Seconds of budget that come back each second."""
    spooled: int = 512 * MIB
    """Bytes of answers that may wait for slow readers at once."""
    url: int = 16 * 1024
    """Bytes of an address."""
    head: int = 32 * 1024
    """Bytes of the header fields of a request."""
    fields: int = 100
    """Header fields of a request."""
    head_time: float = 5.0
    """Seconds in which the head of a request must arrive."""
    body_time: float = 10.0
    """Seconds in which the body of a request must arrive."""
    write_time: float = 10.0
    """Seconds in which a client must read something of its answer."""
    stop_time: float = 2.0
    """Seconds that running queries have when the server is told to stop."""
    connections: int = 1000
    """Connections at once."""


def limits_of_service(limits: Limits) -> Limits:
    """Return the limits for queries that go to a service: time passes there, and costs us nothing."""
    return replace(limits, deadline=30.0, fast_slice=1.0, slow_lane=4, fast_workers=8, budget=30.0, refill=0.5)


def limits_with(limits: Limits, settings: Iterable[str]) -> Limits:
    """Return limits with some set anew, each as `name=value`: `deadline=20`, `worker-memory=2GiB`.

    Raises UsageError for a name that there is not, and for what is no number above zero.
    """
    kinds: dict[str, Any] = {each.name.replace("_", "-"): each.type for each in fields(Limits)}
    found: dict[str, Any] = {}
    for setting in settings:
        parts = SETTING.fullmatch(setting)
        if parts is None:
            raise UsageError(f"--limit {setting}: must be a name and a number, as in deadline=20 or worker-memory=2GiB")
        name, number, unit = parts.groups()
        if name not in kinds:
            raise UsageError(f"--limit {setting}: there is no limit {name}; there are {', '.join(kinds)}")
        value = float(number) * FACTORS.get(unit, 1)
        if value <= 0 or (kinds[name] is int and value != int(value)):
            raise UsageError(
                f"--limit {setting}: must be {'a whole number' if kinds[name] is int else 'a number'} above zero"
            )
        found[name.replace("-", "_")] = kinds[name](value)
    return replace(limits, **found)
