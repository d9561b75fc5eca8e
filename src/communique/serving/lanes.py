"""Lanes of query workers by the standing of clients, and how long a query may keep its place.

| lane | who | what it does to others |
|---|---|---|
| known | clients that were answered lately at little cost | nothing that strangers do makes them wait for a worker |
| strangers | everybody else, of suspects one query at a time | politer processes (nice 5) |
| slow | what has had its slice | the politest processes (nice 19), as many as `slow_lane` |
"""

import asyncio
from dataclasses import dataclass, field

from communique.serving.budget import Standing
from communique.serving.exchange import Worker
from communique.serving.limits import Limits
from communique.serving.processes import cpu_seconds

SHORT = 0.2
"""The part of a slice that a suspect has, and a known client while others wait."""
CROWDED = 0.1
"""Seconds that the query of a stranger or suspect may keep its worker while others wait."""
STARVED = 8
"""A query that had no processor time to speak of has had its slice after so many times its length."""


@dataclass(eq=False, slots=True)
class Lane:
    """Workers that are kept ready, and others that may be started while these are at work; `nice` as for nice(1)."""

    kept: int
    spare: int
    nice: int = 0
    ready: asyncio.LifoQueue[Worker] = field(default_factory=asyncio.LifoQueue)
    """Who worked last is taken first: what it needs is in the caches of its processor."""
    workers: int = 0
    hiring: int = 0
    waiting: int = 0

    @property
    def full(self) -> bool:
        """Whether no more workers may be started."""
        return self.workers + self.hiring >= self.kept + self.spare

    @property
    def short(self) -> bool:
        """Whether there are fewer workers than are kept ready, and none is on its way."""
        return self.workers + self.hiring < self.kept

    @property
    def lacks(self) -> bool:
        """Whether a worker should be started: one is missing, or the next query would wait for one."""
        return self.short or (self.ready.empty() and not self.hiring and not self.full)

    def welcome(self, worker: Worker) -> None:
        """Take in a new worker, which is taken last: it has nothing in its caches yet."""
        others = [self.ready.get_nowait() for _ in range(self.ready.qsize())]
        for each in (worker, *reversed(others)):
            self.ready.put_nowait(each)

    def dismiss(self, worker: Worker) -> bool:
        """Take a worker from those that are ready; tell whether it was one of them."""
        others = [self.ready.get_nowait() for _ in range(self.ready.qsize())]
        for each in reversed(others):
            if each is not worker:
                self.ready.put_nowait(each)
        return worker in others

    async def next(self, seconds: float, *, longest: int) -> Worker | None:
        """Return a worker within `seconds`, else None, as when `longest` queries wait already."""
        if not self.waiting and not self.ready.empty():
            return self.ready.get_nowait()
        if self.ready.empty() and self.waiting >= longest:
            return None
        self.waiting += 1
        try:
            # Not by wait_for, which may lose what the queue gave when it is cancelled.
            async with asyncio.timeout(seconds):
                return await self.ready.get()
        except TimeoutError:
            return None
        finally:
            self.waiting -= 1


@dataclass(slots=True)
class Turn:
    """A turn for which one must wait, unless there is nothing to wait for; it ends once."""

    semaphore: asyncio.Semaphore | None
    _has_begun: bool = False

    async def begin(self, seconds: float) -> bool:
        """Wait until it is one's turn, `seconds` at most; tell whether it is."""
        if self.semaphore is not None:
            try:
                async with asyncio.timeout(seconds):
                    await self.semaphore.acquire()
            except TimeoutError:
                return False
            self._has_begun = True
        return True

    def end(self) -> None:
        """Let the next one have a turn."""
        if self.semaphore is not None and self._has_begun:
            self._has_begun = False
            self.semaphore.release()


def lanes(limits: Limits) -> dict[Standing, Lane]:
    """Return the lane for each standing."""
    known = Lane(limits.fast_workers, limits.spare_workers)
    strangers = Lane(limits.stranger_workers, limits.spare_workers, nice=5)
    return {Standing.KNOWN: known, Standing.STRANGER: strangers, Standing.SUSPECT: strangers}


@dataclass(slots=True)
class Meter:
    """What a worker has spent on a query that began at `began`: processor time, where the system tells, else time.

    It is read only for queries that take some time: what is answered at once is not worth it.
    """

    pid: int
    began: float
    standing: Standing
    _before: float | None = None
    _started: float | None = None

    def start(self, now: float) -> None:
        """Count processor time from `now` on, and the time before it as it was, unless it is counted already."""
        if self._started is None:
            self._started, self._before = now, cpu_seconds(self.pid)

    def seconds(self, now: float) -> float:
        """Return the seconds up to `now`: more than 0."""
        spent = cpu_seconds(self.pid) if self._before is not None else None
        if spent is None or self._before is None or self._started is None:
            return max(now - self.began, 0.001)
        return max(spent - self._before + self._started - self.began, 0.001)

    def left(self, now: float, *, limits: Limits, crowded: bool) -> float:
        """Return the seconds of its slice that are left: of processor time, since a busy machine is no fault."""
        known = self.standing is Standing.KNOWN
        short = self.standing is Standing.SUSPECT or (known and crowded)
        piece = limits.fast_slice * (SHORT if short else 1.0)
        longest = CROWDED if crowded and not known else min(limits.fast_slice * STARVED, limits.deadline)
        return min(piece - self.seconds(now), self.began + longest - now)


@dataclass(slots=True)
class Run:
    """A question at work: with which worker, of which lane, on whose turn, for how long, and when it is looked at."""

    worker: Worker
    lane: Lane
    turn: Turn
    meter: Meter
    slow: bool = False
    timer: asyncio.TimerHandle = field(init=False)
