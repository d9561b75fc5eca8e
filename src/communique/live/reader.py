"""Reading: what an excerpt lacks, from the service, in as few rounds as that takes.

Questions that do not depend on each other are put at once, over a few connections: an engine is somebody else's.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from communique.live.gathering import tasks
from communique.live.queries import Manner
from communique.live.steps import AT_ONCE, TooMuch
from communique.remote import answers
from communique.remote.harvest import is_virtuoso
from communique.remote.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from communique.live.excerpt import Excerpt
    from communique.live.steps import Row, Steps
    from communique.remote.service import Service

MOST_ROWS = 200_000
MOST_QUERIES = 120
SECONDS = 20.0

T = TypeVar("T")


def manner_of(service: Service, *, only: Sequence[str] = ()) -> Manner:
    """Ask a service how it keeps graphs."""
    reply = service.ask("ASK { GRAPH ?g { ?s ?p ?o } }", accept=answers.ACCEPT_RESULTS)
    named = answers.boolean_of(reply, url=service.url)
    virtuoso = is_virtuoso(reply)
    sample = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?s) && isIRI(?o)) } LIMIT 1"
    rows, _ = answers.rows_of(service.ask(sample, accept=answers.ACCEPT_RESULTS), url=service.url, query=sample)
    union = not named
    for row in rows:
        triple = " ".join(str(term) for term in row)
        reply = service.ask(f"ASK {{ {triple} }}", accept=answers.ACCEPT_RESULTS)
        union = answers.boolean_of(reply, url=service.url)
    # Virtuoso has no unnamed graph of its own.
    return Manner(named, not virtuoso and not only, union, virtuoso, tuple(only))


@dataclass(slots=True)
class Reader:
    """Reads from a service; `seconds` are those that one page has to wait for it, all its queries together."""

    service: Service
    manner: Manner
    seconds: float = SECONDS
    asked: int = 0
    answered: int = 0
    _most: int = MOST_QUERIES
    _rows: int = 0
    _left: float = 0.0
    _end: float = 0.0
    _askers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))

    def begin(self, *, most: int | None = None, seconds: float | None = None) -> None:
        """Begin with another page, which may take so many queries, and so many seconds if not `self.seconds`."""
        self._most = MOST_QUERIES if most is None else most
        self.asked = self.answered = self._rows = 0
        self._left = self.seconds if seconds is None else seconds

    def fill(self, excerpt: Excerpt) -> None:
        """Read all that an excerpt wants; raises ServiceError, and TooMuch."""
        wanted, excerpt.wanted = excerpt.wanted, set()
        self.run(tasks(self.manner, excerpt, wanted))

    def rows(self, query: str, *, share: float = 1.0) -> list[Row]:
        """Return the rows of a query, which has a share of the time that is left; raises ServiceError, and TooMuch."""
        with self._waiting(share):
            return self._counted(self._asked(query).result())

    def run(self, steps: Iterable[Steps[T]]) -> list[T]:
        """Return what some tasks return, whose queries are put at once; raises what they raise.

        A task that a ServiceError concerns is told, and may do without. When one raises, nothing more is asked, and
        nothing is left behind.
        """
        results: dict[Steps[T], T] = {}
        waiting: dict[Future[list[Row]], Steps[T]] = {}
        with self._waiting():
            try:
                every = list(steps)
                for each in every:
                    self._go_on(each, None, waiting, results)
                while waiting:
                    for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                        self._go_on(waiting.pop(done), done, waiting, results)
            finally:
                for future in waiting:
                    future.cancel()
                wait(waiting)
        return [results[each] for each in every]

    @contextmanager
    def _waiting(self, share: float = 1.0) -> Iterator[None]:
        """Count the time of what is done in this context as the service's."""
        began = time.monotonic()
        self._end = began + self._left * share
        try:
            yield
        finally:
            self._left -= time.monotonic() - began

    def _go_on(
        self,
        task: Steps[T],
        done: Future[list[Row]] | None,
        waiting: dict[Future[list[Row]], Steps[T]],
        results: dict[Steps[T], T],
    ) -> None:
        """Let a task go on to its next query or to its end, with the rows of the query before."""
        try:
            if done is None:
                query = next(task)
            elif isinstance(error := done.exception(), ServiceError):
                query = task.throw(error)
            else:
                query = task.send(self._counted(done.result()))
        except StopIteration as end:
            results[task] = end.value
        else:
            waiting[self._asked(query)] = task

    def _asked(self, query: str) -> Future[list[Row]]:
        self.asked += 1
        if self.asked > self._most:
            raise TooMuch(f"This page needs more than {self._most} queries.")
        return self._askers.submit(_rows_of, self.service, query, self._end)

    def _counted(self, rows: list[Row]) -> list[Row]:
        self.answered += 1
        self._rows += len(rows)
        if self._rows > MOST_ROWS:
            raise TooMuch(f"This page needs more than {MOST_ROWS} rows.")
        return rows


def _rows_of(service: Service, query: str, end: float) -> list[Row]:
    left = max(0.1, end - time.monotonic())
    try:
        reply = service.ask(query, accept=answers.ACCEPT_RESULTS, deadline=left)
        answers.refuse_part(reply, url=service.url)
        return list(answers.rows_of(reply, url=service.url, query=query)[0])
    except ServiceError as error:
        # Its frames hold a parser, which no other thread may let go of.
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None)  # noqa: B904
