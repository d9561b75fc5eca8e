"""Query workers by lane: a few take queries as they come; what takes longer moves to a narrow, polite lane."""

import asyncio
import functools
import secrets
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from communique.reasons import reason
from communique.serving.budget import Standing
from communique.serving.exchange import Answer, Asked, FellError, NotTakenError, Question, Worker
from communique.serving.hiring import Hiring
from communique.serving.lanes import Lane, Meter, Run, Turn, lanes
from communique.serving.limits import Limits
from communique.serving.metrics import no_counts
from communique.serving.processes import make_polite
from communique.serving.refusals import too_many_graphs
from communique.serving.waiting import until

START_TIME = 30
"""Seconds in which a worker must be ready; a machine under load takes its time to read programs."""
ENDED, STOPPED = reason("ended"), (reason("stopping"),)
EXCERPT = 300
"""Characters of a query that are logged when it ended its worker."""
NICE = 19
"""Priority of the slow lane (nice(1)): it takes what others leave."""


@dataclass(slots=True)
class Pool:
    """The workers of one snapshot, or of none: then they only derive documents.

    `aids` is the file for editors (`sparql.query_aids`) whose prefixes graphs are written with.

    Use `start`, then `ask`, and `stop` when nobody asks any more.
    """

    snapshot: Path | None
    limits: Limits
    missing_guards: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=no_counts)
    aids: Path | None = None
    _lanes: dict[Standing, Lane] = field(init=False)
    _alive: dict[Worker, Lane | None] = field(default_factory=dict)
    _suspects: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _hiring: Hiring = field(init=False)
    _slow: int = 0
    _asking: int = 0
    _retired: bool = False

    def __post_init__(self) -> None:
        """Lay out the lanes."""
        self._lanes = lanes(self.limits)
        memory, result = self.limits.worker_memory, self.limits.result
        self._hiring = Hiring((str(self.snapshot or ""), str(memory), str(result), str(self.aids or "")))

    @property
    def workers(self) -> int:
        """How many workers are alive."""
        return len(self._alive)

    @property
    def load(self) -> dict[str, int]:
        """How many queries run in the fast lanes and in the slow one, and how many wait."""
        waiting = sum(lane.waiting for lane in set(self._lanes.values()))
        return {"fast": max(0, self._asking - self._slow - waiting), "slow": self._slow, "waiting": waiting}

    async def start(self) -> None:
        """Start the nursery and the workers of the fast lanes; raises OSError when a worker does not come up."""
        hires = (self._hire(lane) for lane in set(self._lanes.values()) for _ in range(lane.kept))
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
        await until(lambda: not self._asking, self.limits.stop_time + 1)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._fire_all()
        await self._hiring.stop()

    async def ask(self, question: Asked, *, standing: Standing = Standing.KNOWN) -> Answer:
        """Return the whole answer to `question`; never raises for what a query can do."""
        lane = self._lanes[standing]
        turn = Turn(self._suspects if standing is Standing.SUSPECT else None)
        self._asking += 1
        try:
            began = await turn.begin(self.limits.queue_wait)
            while began and not (self._retired and lane.ready.empty()) and (worker := await self._next(lane)):
                answer = await self._ask(worker, question, standing, turn)
                if answer is not None:
                    return answer
            self.counts["shed"] += 1
            return Answer(status=503, reasons=(reason("busy"),), retry=2)
        finally:
            turn.end()
            self._asking -= 1

    async def _next(self, lane: Lane) -> Worker | None:
        """Return a worker that is alive: one that ended while it had nothing to do is no fault of the next query."""
        while (worker := await lane.next(self.limits.queue_wait, longest=self.limits.queue)) and worker.gone:
            self.counts["crashed"] += 1
            self._release(worker, lane, slow=False, healthy=False)
        return worker

    async def _ask(self, worker: Worker, question: Asked, standing: Standing, turn: Turn) -> Answer | None:
        """Return the answer of a worker, None where it ended before it took the question."""
        loop = asyncio.get_running_loop()
        run = Run(worker, self._lanes[standing], turn, Meter(worker.pid, loop.time(), standing))
        run.timer = loop.call_later(self.limits.patience, self._look, run)
        healthy = False
        try:
            answer = await self._outcome(worker.ask(question))
            if answer is None:
                return None
            if answer.status in (500, 504) and isinstance(question, Question):
                answer.reasons += too_many_graphs(question.query, question.default_graphs, question.named_graphs)
            if answer.status == 500 or ENDED in answer.reasons:
                self._tell(worker, question, answer)
            answer.seconds = answer.seconds or run.meter.seconds(loop.time())
            healthy = answer.status not in (500, 503, 504, 507)
            return answer
        finally:
            run.timer.cancel()
            self._release(worker, run.lane, slow=run.slow, healthy=healthy)

    def _look(self, run: Run) -> None:
        """See what a question still at work has spent: it keeps its place, goes on in the slow lane, or ends."""
        loop = asyncio.get_running_loop()
        now, lane = loop.time(), run.lane
        if run.worker.reply.done():
            return
        passed = now - run.meter.began
        if run.slow:
            # What had to be stopped has held its place for so long, however little it got done.
            late = reason("deadline", seconds=self.limits.deadline)
            run.worker.give_up(Answer(status=504, reasons=(late,), seconds=passed))
            return
        run.meter.start(now)
        left = run.meter.left(now, limits=self.limits, crowded=lane.waiting > 0 and lane.full)
        if left > 0:
            self._make_room(lane)
            again = min(max(left, 0.01), self.limits.patience)
        elif self._slow < self.limits.slow_lane:
            self._slow_down(run)
            again = self.limits.deadline - passed
        else:
            self.counts["shed"] += 1
            run.worker.give_up(Answer(status=503, reasons=(reason("lane"),), retry=5))
            return
        run.timer = loop.call_later(max(again, 0), self._look, run)

    async def _outcome(self, reply: asyncio.Future[Answer]) -> Answer | None:
        """Return the answer of a worker, or what became of it."""
        try:
            return await reply
        except ConnectionError as error:
            if self._retired:
                return Answer(status=503, reasons=STOPPED, retry=5)
            self.counts["crashed"] += 1
            if isinstance(error, NotTakenError):
                return None
            beyond = Answer(status=500, reasons=(reason("memory"),))
            return beyond if isinstance(error, FellError) else Answer(status=503, reasons=(ENDED,), retry=2)
        except OSError as error:
            return Answer(status=507, reasons=(reason("held", said=str(error.strerror)),), retry=10)

    def _tell(self, worker: Worker, question: Asked, answer: Answer) -> None:
        """Write what happened where the operator finds it, with an id that the client gets as well."""
        name, asked = secrets.token_hex(4), question.query if isinstance(question, Question) else "a document"
        sys.stderr.write(f"communique: {name}: worker {worker.pid}: {answer.detail} {asked[:EXCERPT]!r}\n")
        answer.reasons += (reason("logged", id=name),)

    def _slow_down(self, run: Run) -> None:
        """Move a worker to the slow lane and hire another one for the fast lane."""
        run.slow = True
        run.turn.end()
        self._slow += 1
        self.counts["slowed"] += 1
        make_polite(run.worker.pid, nice=NICE)
        run.lane.workers -= 1
        self._alive[run.worker] = None
        self._make_room(run.lane)

    def _release(self, worker: Worker, lane: Lane, *, slow: bool, healthy: bool) -> None:
        """Take the worker back, or end it when it is slow, ill, or still at work on what nobody waits for."""
        if slow:
            self._slow -= 1
        if healthy and not slow and not worker.gone:
            lane.ready.put_nowait(worker)
            return
        self._fire(worker)
        self._make_room(lane)

    def _miss(self, worker: Worker, lane: Lane) -> None:
        """Replace a worker that ended while it had nothing to do."""
        if worker in self._alive and lane.dismiss(worker):
            self.counts["crashed"] += 1
            self._release(worker, lane, slow=False, healthy=False)

    def _make_room(self, lane: Lane) -> None:
        """Hire another worker if the lane lacks one."""
        if lane.lacks and not self._retired:
            task = asyncio.create_task(self._hire_again(lane))
            lane.hiring += 1
            self._tasks.add(task)
            task.add_done_callback(lambda done: self._hired(done, lane))

    def _hired(self, task: asyncio.Task[None], lane: Lane) -> None:
        lane.hiring -= 1
        self._tasks.discard(task)
        # Who has started and is not yet ready counts twice: another one may have ended meanwhile.
        if lane.short:
            self._make_room(lane)

    def _fire(self, worker: Worker) -> None:
        self.counts["killed"] += 1
        if lane := self._alive.pop(worker, None):
            lane.workers -= 1
        worker.kill()

    def _fire_all(self) -> None:
        for worker in tuple(self._alive):
            self._fire(worker)

    async def _hire_again(self, lane: Lane) -> None:
        """Hire a worker; where the nursery is gone or the machine is full, try again until the pool is stopped."""
        while not self._retired:
            try:
                await self._hire(lane)
                return
            except OSError:
                await asyncio.sleep(0.2)

    async def _hire(self, lane: Lane) -> None:
        ours, theirs = socket.socketpair()
        try:
            pid = await self._hiring.fork(theirs)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        worker = Worker(pid, ours)
        try:
            await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)
        except BaseException:
            worker.kill()
            raise
        make_polite(pid, nice=lane.nice)
        self._alive[worker] = lane
        lane.workers += 1
        try:
            ready = await asyncio.wait_for(worker.reply, START_TIME)
        except (ConnectionError, TimeoutError) as error:
            self._fire(worker)
            raise OSError(f"no worker could be started on {self.snapshot or 'documents'}") from error
        self.missing_guards = tuple(ready.said)
        self.counts["started"] += 1
        worker.ended = functools.partial(self._miss, worker, lane)
        lane.welcome(worker)
