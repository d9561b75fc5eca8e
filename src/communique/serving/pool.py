"""Query workers by lane: a few take queries as they come; what takes longer moves to a narrow, polite lane."""

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from communique.serving import frames
from communique.serving.limits import Limits

IN_MEMORY = 1 << 20
"""Bytes of an answer that are held in memory before the rest goes to a temporary file."""
NICE = 15
"""Priority of the slow lane (nice(1)): it takes what others leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, the base of its relative IRIs, and the formats its asker accepts (None: no such format is accepted)."""

    query: str
    base: str
    results: str | None
    graph: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Answer:
    """A whole answer, or why there is none; `seconds` is what it cost, `retry` after how many seconds to ask again."""

    status: int
    form: str = ""
    detail: str = ""
    body: IO[bytes] | None = None
    size: int = 0
    seconds: float = 0.0
    retry: int | None = None

    def close(self) -> None:
        """Let go of the body."""
        if self.body is not None:
            self.body.close()


@dataclass(eq=False, slots=True)
class Worker:
    """One worker process and the streams that lead to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def kill(self) -> None:
        """End the process at once; its parent reaps it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.writer.close()


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
    _stopped: bool = False

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

    async def stop(self) -> None:
        """Let running queries end within the deadline, then end every process."""
        self._stopped = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self.limits.deadline + 1):
                while self._asking:
                    await asyncio.sleep(0.02)
        for worker in tuple(self._alive):
            self._fire(worker)
        for task in tuple(self._tasks):
            task.cancel()
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
        exchange = asyncio.create_task(_exchange(worker, question))
        try:
            await asyncio.wait({exchange}, timeout=self.limits.fast_slice)
            if not exchange.done():
                if self._slow >= self.limits.slow_lane:
                    self.counts["shed"] += 1
                    return Answer(
                        status=503,
                        detail="The lane for expensive queries is full. Try again in a moment.",
                        retry=5,
                        seconds=clock() - began,
                    )
                slow = True
                self._slow_down(worker)
                await asyncio.wait({exchange}, timeout=self.limits.deadline - (clock() - began))
            if not exchange.done():
                return Answer(
                    status=504,
                    detail=f"The query did not end within {self.limits.deadline:g} s and was stopped.",
                    seconds=clock() - began,
                )
            answer = await exchange
            answer.seconds, healthy = clock() - began, answer.status != 500
            return answer
        except (asyncio.IncompleteReadError, ConnectionError):
            self.counts["crashed"] += 1
            return Answer(
                status=500,
                detail="The query went beyond the memory or nesting that a worker has.",
                seconds=clock() - began,
            )
        finally:
            exchange.cancel()
            self._release(worker, slow=slow, healthy=healthy)

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

    def _replace(self) -> None:
        if not self._stopped:
            task = asyncio.create_task(self._hire_again())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hire_again(self) -> None:
        """Hire a worker; where the nursery is gone or the machine is full, try again until the pool is stopped."""
        while not self._stopped:
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


async def _exchange(worker: Worker, question: Question) -> Answer:
    """Put the question to the worker and collect the whole answer, the larger part of it in a temporary file."""
    frame = json.dumps(asdict(question)).encode()
    worker.writer.write(frames.HEAD.pack(b"Q", len(frame)) + frame)
    with _spool() as body:
        form, size = "", 0
        while True:
            kind, payload = await frames.read(worker.reader)
            if kind == b"T":
                form = payload.decode()
            elif kind == b"D":
                body.write(payload)
                size += len(payload)
            elif kind == b"X":
                body.close()
                return Answer(**json.loads(payload))
            else:
                body.seek(0)
                return Answer(status=200, form=form, body=body, size=size)


@contextmanager
def _spool() -> Iterator[IO[bytes]]:
    """Yield a file that is closed, and so removed, when an answer is not completed."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer takes it along)
    try:
        yield body
    except BaseException:
        body.close()
        raise
