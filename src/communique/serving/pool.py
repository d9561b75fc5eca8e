"""Query workers by lane: a few take queries as they come; what takes longer moves to a narrow, polite lane."""

import asyncio
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from communique.serving import frames
from communique.serving.exchange import Answer, Question, Worker, exchange
from communique.serving.limits import Limits

NICE = 15
"""Priority of the slow lane (nice(1)): it takes what others leave."""


@dataclass(slots=True)
class Pool:
    """The workers of one snapshot. Use `start`, then `ask`, and `stop` when nobody asks any more."""

    snapshot: Path
    limits: Limits
    missing_guards: tuple[str, ...] = ()
    counts: dict[str, int] = field(
        default_factory=lambda: {"started": 0, "killed": 0, "crashed": 0, "slowed": 0, "shed": 0}
    )
    _ready: asyncio.Queue[Worker] = field(default_factory=asyncio.Queue)
    _alive: set[Worker] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _nursery: asyncio.subprocess.Process | None = None
    _control: socket.socket | None = None
    _waiting: int = 0
    _slow: int = 0
    _asking: int = 0
    _retired: bool = False

    @property
    def workers(self) -> int:
        """How many workers are alive."""
        return len(self._alive)

    async def start(self) -> None:
        """Start the nursery and the workers of the fast lane; raises OSError when a worker does not come up."""
        hires = (self._hire() for _ in range(self.limits.fast_workers))
        for problem in await asyncio.gather(*hires, return_exceptions=True):
            if problem is not None:
                await self.stop()
                raise problem

    def retire(self) -> None:
        """Hire no more, and end what still runs after a short time: the server is about to stop."""
        if not self._retired:
            self._retired = True
            asyncio.get_running_loop().call_later(self.limits.stop_time, self._fire_all)

    async def stop(self) -> None:
        """Let running queries end within a short time, then end every process."""
        self.retire()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.limits.stop_time + 1):
                while self._asking:
                    await asyncio.sleep(0.02)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._fire_all()
        if self._control is not None:
            self._control.close()
        if self._nursery is not None:
            await self._nursery.wait()

    async def ask(self, question: Question) -> Answer:
        """Return the whole answer to `question`; never raises for what a query can do."""
        self._asking += 1
        try:
            worker = await self._next_worker()
            if worker is None:
                self.counts["shed"] += 1
                return Answer(status=503, detail="All workers are busy. Try again in a moment.", retry=2)
            return await self._ask(worker, question)
        finally:
            self._asking -= 1

    async def _next_worker(self) -> Worker | None:
        if self._retired and self._ready.empty():
            return None
        if self._ready.empty() and self._waiting >= self.limits.queue:
            return None
        self._waiting += 1
        try:
            return await asyncio.wait_for(self._ready.get(), self.limits.queue_wait)
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1

    async def _ask(self, worker: Worker, question: Question) -> Answer:
        clock = asyncio.get_running_loop().time
        began, slow, healthy = clock(), False, False
        running = asyncio.create_task(exchange(worker, question))
        try:
            await asyncio.wait({running}, timeout=self.limits.fast_slice)
            if not running.done() and self._slow < self.limits.slow_lane:
                slow = True
                self._slow_down(worker)
                await asyncio.wait({running}, timeout=self.limits.deadline - (clock() - began))
            answer = self._outcome(running, slow=slow)
            answer.seconds, healthy = clock() - began, answer.status not in (500, 503, 504, 507)
            return answer
        finally:
            running.cancel()
            self._release(worker, slow=slow, healthy=healthy)

    def _outcome(self, running: asyncio.Task[Answer], *, slow: bool) -> Answer:
        """Return the answer of an exchange, or what became of it."""
        if not running.done():
            if slow:
                detail = f"The query did not end within {self.limits.deadline:g} s and was stopped."
                return Answer(status=504, detail=detail)
            self.counts["shed"] += 1
            return Answer(status=503, detail="The lane for expensive queries is full. Try again in a moment.", retry=5)
        try:
            return running.result()
        except (asyncio.IncompleteReadError, ConnectionError):
            if self._retired:
                return Answer(status=503, detail="The server is being stopped.", retry=5)
            self.counts["crashed"] += 1
            return Answer(status=500, detail="The query went beyond the memory or nesting that a worker has.")
        except OSError as error:
            return Answer(status=507, detail=f"The answer cannot be held: {error.strerror}.", retry=10)

    def _slow_down(self, worker: Worker) -> None:
        """Move the worker to the slow lane and hire another one for the fast lane."""
        self._slow += 1
        self.counts["slowed"] += 1
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.pid, NICE)
        self._replace()

    def _release(self, worker: Worker, *, slow: bool, healthy: bool) -> None:
        """Take the worker back, or end it when it is slow, ill, or still at work on what nobody waits for."""
        if slow:
            self._slow -= 1
        if healthy and not slow:
            self._ready.put_nowait(worker)
            return
        self._fire(worker)
        if not slow:
            self._replace()

    def _fire(self, worker: Worker) -> None:
        self.counts["killed"] += 1
        self._alive.discard(worker)
        worker.kill()

    def _fire_all(self) -> None:
        for worker in tuple(self._alive):
            self._fire(worker)

    def _replace(self) -> None:
        if not self._retired:
            task = asyncio.create_task(self._hire_again())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hire_again(self) -> None:
        """Hire a worker; where the nursery is gone or the machine is full, try again until the pool is stopped."""
        while not self._retired:
            try:
                await self._hire()
                return
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.2)

    async def _hire(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            pid = await self._fork(theirs)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        worker = Worker(pid, reader, writer)
        self._alive.add(worker)
        try:
            _, missing = await asyncio.wait_for(frames.read(reader), 10)
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            self._fire(worker)
            raise OSError(f"no query worker could be started on {self.snapshot}") from error
        self.missing_guards = tuple(json.loads(missing))
        self.counts["started"] += 1
        self._ready.put_nowait(worker)

    async def _fork(self, connection: socket.socket) -> int:
        async with self._lock:
            if self._nursery is None or self._nursery.returncode is not None:
                await self._open_nursery()
            assert self._control is not None
            socket.send_fds(self._control, [b"+"], [connection.fileno()])
            pid = await asyncio.get_running_loop().sock_recv(self._control, 4)
            if len(pid) < 4:
                raise OSError("the nursery of the query workers ended")
            return int.from_bytes(pid, "big")

    async def _open_nursery(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        arguments = [str(theirs.fileno()), str(self.snapshot), str(self.limits.worker_memory), str(self.limits.result)]
        self._nursery = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "communique.serving.nursery",
            *arguments,
            pass_fds=[theirs.fileno()],
            stdin=asyncio.subprocess.DEVNULL,
        )
        theirs.close()
        self._control = ours
