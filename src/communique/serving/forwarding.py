"""Queries that a service elsewhere answers: the protections of our front, and what each client may cost.

| where the query is | what holds |
|---|---|
| on its way out | it only reads, and calls nobody (`sparql`); suspects have one query at a time |
| before a service that is silent | it is refused at once (`pulse`) |
| at the service | after the fast slice it needs a place in the slow lane; at the deadline the request is cut off |
| where the service fails | its asker pays nothing |
| on its way back | whole or an error; a worker puts it into the format that was asked for |
"""

import asyncio
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from communique.formats import NTRIPLES, RESULTS_JSON
from communique.reasons import reason
from communique.remote import answers
from communique.remote.dialects import GRAPHS, RESULTS, ends_as_rows
from communique.remote.failures import failure_of, fault_in_query, reason_of
from communique.remote.harvest import is_virtuoso
from communique.remote.service import Reply, ServiceError, TooLarge
from communique.remote.upstream import Upstream
from communique.serving.budget import Standing
from communique.serving.exchange import Answer, Conversion, Question, Translation
from communique.serving.lanes import Turn
from communique.serving.limits import Limits
from communique.serving.metrics import no_counts
from communique.serving.pool import EXCERPT, STOPPED, Pool
from communique.serving.pulse import Pulse
from communique.serving.refusals import not_acceptable, too_large
from communique.serving.silence import SECONDS, SILENT
from communique.serving.waiting import until
from communique.syntax.sparql_text import form_of, names_dataset

TAIL = 256
"""Bytes at the end of an answer that tell whether it is whole."""


@dataclass(slots=True)
class Forwarder:
    """Puts questions to a service, as a `Pool` to its workers.

    `only` names the graphs that it may read, if any; `aids` is the file of the prefixes that graphs are written with.
    """

    url: str
    limits: Limits
    only: Sequence[str] = ()
    aids: Path | None = None
    counts: dict[str, int] = field(default_factory=no_counts)
    missing_guards: tuple[str, ...] = ()
    _upstream: Upstream = field(init=False)
    _pulse: Pulse = field(init=False)
    _translators: Pool = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _suspects: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _asking: int = 0
    _running: set[asyncio.Task[Answer]] = field(default_factory=set)
    _slow: int = 0
    _waiting: int = 0
    _retired: bool = False

    def __post_init__(self) -> None:
        """Raise UsageError if the URL is none that can be asked."""
        self._upstream = Upstream(self.url, self.limits.result)
        self._pulse = Pulse(self._upstream)
        self._places = asyncio.Semaphore(self.limits.fast_workers)
        # A translation takes its time: it has the whole deadline, in the fast lane.
        lanes = {"fast_workers": 1, "spare_workers": 1, "stranger_workers": 0}
        limits = replace(self.limits, **lanes, fast_slice=self.limits.deadline)
        self._translators = Pool(None, limits, counts=self.counts, aids=self.aids)

    @property
    def workers(self) -> int:
        """How many workers are alive, which translate."""
        return self._translators.workers

    @property
    def load(self) -> dict[str, int]:
        """How many queries the service is asked in the fast lane and in the slow one, and how many wait."""
        return {
            "fast": max(0, self._asking - self._slow - self._waiting), "slow": self._slow, "waiting": self._waiting
        }  # fmt: skip

    async def start(self) -> None:
        """Start the workers that translate; raises OSError when one does not come up."""
        await self._translators.start()

    def retire(self) -> None:
        """Take no more questions; running ones have a short time left."""
        if not self._retired:
            self._retired = True
            self._translators.retire()
            asyncio.get_running_loop().call_later(self.limits.stop_time, self._cut_off)

    async def stop(self) -> None:
        """Let running queries end within a short time, then cut them off."""
        self.retire()
        await until(lambda: not self._asking, self.limits.stop_time + 1)
        await self._translators.stop()
        await self._pulse.stop()
        await self._upstream.close()

    async def ask(self, question: Question | Conversion, *, standing: Standing = Standing.KNOWN) -> Answer:
        """Return the whole answer to `question`; never raises for what a query or the service can do."""
        assert isinstance(question, Question)
        turn = Turn(self._suspects if standing is Standing.SUSPECT else None)
        place = Turn(self._places)
        self._asking += 1
        try:
            if not await self._pulse.is_there():
                self.counts["shed"] += 1
                return Answer(status=503, reasons=(SILENT,), retry=SECONDS)
            if self._retired or not await self._admitted(turn, place):
                self.counts["shed"] += 1
                return Answer(status=503, reasons=(reason("many"),), retry=2)
            return await self._timed(question, place)
        finally:
            place.end()
            turn.end()
            self._asking -= 1

    async def _admitted(self, turn: Turn, place: Turn) -> bool:
        if self._waiting >= self.limits.queue:
            return False
        self._waiting += 1
        try:
            return await turn.begin(self.limits.queue_wait) and await place.begin(self.limits.queue_wait)
        finally:
            self._waiting -= 1

    async def _timed(self, question: Question, place: Turn) -> Answer:
        """Ask the service; what takes longer than the fast slice goes on only where the slow lane has room."""
        clock = asyncio.get_running_loop().time
        began, slow = clock(), False
        running = asyncio.create_task(self._answer(question))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        try:
            await asyncio.wait({running}, timeout=self.limits.fast_slice)
            if not running.done():
                self._pulse.doubt(since=began)
                if self._slow >= self.limits.slow_lane:
                    self.counts["shed"] += 1
                    # Where the service fails, or answers nobody, it is not full of what is expensive.
                    spent = 0.0 if self._upstream.fails or self._upstream.heard < began else clock() - began
                    return Answer(status=503, reasons=(reason("lane"),), retry=5, seconds=spent)
                slow = True
                self._slow += 1
                self.counts["slowed"] += 1
                place.end()
                await asyncio.wait({running})
            if running.cancelled():
                return Answer(status=503, reasons=STOPPED, retry=5)
            answer = running.result()
            if answer.status != 503:
                answer.seconds = max(clock() - began, 0.001)
            return answer
        finally:
            running.cancel()
            self._slow -= slow

    def _cut_off(self) -> None:
        for each in self._running:
            each.cancel()

    async def _answer(self, question: Question) -> Answer:
        form = form_of(question.query)
        graph = form in ("CONSTRUCT", "DESCRIBE")
        if (question.graph if graph else question.results) is None:
            return Answer(status=406, reasons=(not_acceptable(graph=graph),))
        graphs = self._graphs(question)
        if graphs is None:
            return Answer(status=403, reasons=(reason("graphs"),))
        if self.only and names_dataset(question.query):
            # To some engines these are graphs beside those of the request.
            return Answer(status=403, reasons=(reason("from"),))
        try:
            accept = answers.ACCEPT_GRAPH if graph else answers.ACCEPT_RESULTS
            reply = await self._upstream.whole(
                question.query, accept=accept, graphs=graphs, deadline=self.limits.deadline
            )
            return await self._put_into(question, reply, graph=graph)
        except ServiceError as error:
            return self._failed(error, question)
        except OSError as error:
            return Answer(status=507, reasons=(reason("held", said=str(error.strerror)),), retry=10)

    def _graphs(self, question: Question) -> Mapping[str, Sequence[str]] | None:
        """Return the dataset to ask over (SPARQL 1.1 Protocol, section 2.1.4), None for graphs that are not shown."""
        named = {"default-graph-uri": question.default_graphs, "named-graph-uri": question.named_graphs}
        if self.only:
            if not any(named.values()):
                return dict.fromkeys(named, tuple(self.only))
            if not {graph for graphs in named.values() for graph in graphs} <= set(self.only):
                return None
            # Where none is named, Virtuoso lets a query name any.
            named["named-graph-uri"] = question.named_graphs or question.default_graphs
        return {name: graphs for name, graphs in named.items() if graphs}

    async def _put_into(self, question: Question, reply: Reply, *, graph: bool) -> Answer:
        """Return a reply in the format that is wanted: as it came, where that is the one, else translated."""
        try:
            answers.format_of(reply, GRAPHS if graph else RESULTS, url=self.url)
            form = "graph" if graph else "boolean" if form_of(question.query) == "ASK" else "bindings"
            if _fits(question, reply, form):
                return Answer(status=200, form=form, body=reply.body, size=reply.size)
            body = reply.body.read()
        except BaseException:
            reply.body.close()
            raise
        reply.body.close()
        formats = {"results": question.results, "graph": question.graph}
        asked = Translation(body, reply.media_type, self.url, formats, question.query)
        answer = await self._translators.ask(asked)
        answer.form = form if answer.body is not None else ""
        if answer.status == 422:
            return self._failed(answers.damaged(self.url, ValueError(answer.detail)), question)
        return answer

    def _failed(self, error: ServiceError, question: Question) -> Answer:
        """Return what a client is told of an error of the service; the operator finds the rest in the log."""
        if isinstance(error, TooLarge):
            return Answer(status=413, reasons=(too_large(self.limits.result),))
        if error.status == 413 and error.for_readers is None:
            said = fault_in_query(error.said, question.query) or "it asks for too much"
            return Answer(status=413, reasons=(reason("engine-refuses", said=said),))
        if error.status == 400:
            said = fault_in_query(error.said, question.query)
            why = reason("engine-refuses", said=said) if said or not error.for_readers else error.for_readers
            return Answer(status=400, reasons=(why,))
        failure, name = failure_of(error), secrets.token_hex(4)
        sys.stderr.write(f"communique: {name}: {error} {question.query[:EXCERPT]!r}\n")
        told = (reason_of(error), reason("logged", id=name))
        # What has too many rows for the service is as what has too many bytes for us.
        status = 413 if error.status == 413 else failure.status
        return Answer(status=status, reasons=told, retry=failure.retry)

    async def trouble(self) -> str:
        """Return why the service cannot be used now, "" where it answers; it is asked every few seconds at most."""
        return await self._pulse.trouble()


def _fits(question: Question, reply: Reply, form: str) -> bool:
    """Tell whether a reply can be sent as it came: in the format that is wanted, whole, and in no dialect."""
    if form == "graph":
        return question.graph == NTRIPLES.name and reply.media_type == NTRIPLES.media_type and not is_virtuoso(reply)
    if question.results != RESULTS_JSON.name or reply.media_type != RESULTS_JSON.media_type or is_virtuoso(reply):
        return False
    # What does not end as rows do is left to the parser of a worker.
    return form == "bindings" and ends_as_rows(_tail(reply.body, reply.size))


def _tail(body: IO[bytes], size: int) -> bytes:
    body.seek(max(0, size - TAIL))
    tail = body.read()
    body.seek(0)
    return tail
