"""Parallel: processes that share the tasks of one, forked from it, so that what it has read is not read again."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from math import inf
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from communique.errors import AccessError, CommuniqueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")

LEAST = 200
"""Tasks for which a process is worth its while."""
PIECES = 1000
"""Into how many pieces tasks are cut at most: a pipe that nobody reads holds the numbers of so many."""
NUMBER = 4
MOST = 8


class Outcome(NamedTuple, Generic[Result]):
    """What one process returned, or the error that it met, and at which task."""

    position: float
    error: Exception | None
    result: Result | None


def processors() -> int:
    """Return in how many processes to work unless somebody says otherwise."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST)


def in_parallel(
    tasks: Sequence[Task], work: Callable[[Iterable[Task]], Result], *, jobs: int, least: int = LEAST
) -> list[Result]:
    """Call `work` in up to `jobs` processes, each time with the tasks that it takes, and return what all calls return.

    Which process takes a task is left to chance, so that a result may depend on all of them only as a sum does. There
    are fewer processes where one would have less than `least` tasks, and only this one on systems that cannot fork, or
    where threads run, which no fork survives.

    Raises the error that was met at the first task of those that failed; AccessError if a process is killed.
    """
    count = min(jobs, len(tasks) // least)
    if count < 2 or not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return [work(tasks)]
    queue = _Queue(tasks)
    children: list[_Child] = []
    try:
        for _ in range(count - 1):
            children.append(_fork(work, queue))  # noqa: PERF401  those that there are have to be ended
        outcomes = [_outcome(work, queue), *(child.outcome() for child in children)]
    finally:
        queue.close()
        for child in children:
            child.end()
    first = min(outcomes, key=lambda each: each.position)
    if first.error is not None:
        raise first.error
    return [each.result for each in outcomes if each.result is not None]


class _Queue(Generic[Task]):
    """Tasks in pieces, each of which one process takes: their numbers wait in a pipe, from which all read."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = tasks
        self._size = -(-len(tasks) // PIECES)
        self._owner = os.getpid()
        self.position = 0
        self._waiting, end = os.pipe()
        os.write(end, b"".join(start.to_bytes(NUMBER) for start in range(0, len(tasks), self._size)))
        os.close(end)

    def __iter__(self) -> Iterator[Task]:
        """Give the tasks that are left, until others have taken the last or the first process is no more."""
        while self._owner in (os.getpid(), os.getppid()) and (number := os.read(self._waiting, NUMBER)):
            start = int.from_bytes(number)
            for position in range(start, min(start + self._size, len(self._tasks))):
                self.position = position
                yield self._tasks[position]

    def drain(self) -> None:
        """Leave nothing to be taken. As pieces are taken in order, nobody misses an error at an earlier task."""
        while os.read(self._waiting, NUMBER * PIECES):
            pass

    def close(self) -> None:
        os.close(self._waiting)


class _Child:
    def __init__(self, pid: int, pipe: int) -> None:
        self._pid, self._pipe = pid, pipe

    def outcome(self) -> Outcome[Any]:
        """Wait for what the child has to say, which is the last thing that it does."""
        with open(self._pipe, "rb", closefd=False) as stream:
            sent = stream.read()
        if not sent:
            raise AccessError("a process that wrote pages was killed: if memory is short, take --jobs 1")
        outcome: Outcome[Any] = pickle.loads(sent)
        return outcome

    def end(self) -> None:
        os.close(self._pipe)
        os.kill(self._pid, signal.SIGKILL)  # it is there until it is waited for
        os.waitpid(self._pid, 0)


def _fork(work: Callable[[Iterable[Task]], object], queue: _Queue[Task]) -> _Child:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return _Child(pid, read)
    try:
        sent = pickle.dumps(_outcome(work, queue))
        with open(write, "wb") as pipe:  # noqa: PTH123  a descriptor
            pipe.write(sent)
    finally:
        os._exit(0)  # nothing that the parent has begun is ended here


def _outcome(work: Callable[[Iterable[Task]], Result], queue: _Queue[Task]) -> Outcome[Result]:
    try:
        return Outcome(inf, None, work(queue))
    except Exception as error:
        queue.drain()
        if not isinstance(error, CommuniqueError):
            error.add_note("".join(traceback.format_tb(error.__traceback__)))
        return Outcome(queue.position, error, None)
