"""The press: processes that make pages over a service, each one page at a time, and the pages that are still fresh."""

import asyncio
import json
import sys
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from communique.serving import frames
from communique.serving.limits import MIB, Limits
from communique.serving.problems import Refusal
from communique.serving.silence import Silence, Unavailable

if TYPE_CHECKING:
    from communique.lookup.label_search import Answer

HELD = 64 * MIB
"""Bytes of pages that are held."""
MISSING = 30.0
"""Seconds after which a page that was not there is looked for again, at the latest."""
MEMORY = 2048 * MIB
"""Bytes of address space of a process."""
START_TIME = 300.0
"""Seconds in which a process must have read what the pages share."""
PROCESSES = 2
OF_THE_ENGINE = ("gone", "busy", "late", "wrong")
"""Reasons for which a page that was made before is shown."""
STALE = 86_400.0
"""Seconds for which it is."""
LEFT_ALONE = 10.0
"""Seconds after which the engine is asked again for a page that could not be made anew."""


@dataclass(frozen=True, slots=True)
class Live:
    """What pages are made from: a project, a service, its graphs that count, and for how many seconds that holds."""

    project: Path
    url: str
    only: tuple[str, ...] = ()
    fresh: float = 300.0


@dataclass(frozen=True, slots=True)
class Made:
    """The files of one page by their paths, none where there is no page; they hold until a time of the event loop.

    `at` is the time when they were made, in seconds since 1970; a page is `stale` that could not be made anew.
    """

    files: dict[str, bytes]
    until: float
    at: float = 0.0
    stale: bool = False

    @property
    def size(self) -> int:
        """The bytes of all files, and some for the entry."""
        return 200 + sum(map(len, self.files.values()))


@dataclass(slots=True)
class Press:
    """Makes pages. Use `start`, then `page`, and `stop`."""

    live: Live
    shell: Path
    limits: Limits
    stems: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    _held: OrderedDict[str, Made] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _making: dict[str, asyncio.Task[Made]] = field(default_factory=dict)
    _free: asyncio.Queue[asyncio.subprocess.Process] = field(default_factory=asyncio.Queue)
    _alive: set[asyncio.subprocess.Process] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _waiting: int = 0
    _silence: Silence = field(default_factory=Silence)
    _stopped: bool = False

    async def start(self) -> None:
        """Start the processes; raises OSError with the reason why one does not come up."""
        await asyncio.gather(*(self._hire() for _ in range(PROCESSES)))

    async def stop(self) -> None:
        """End the processes."""
        self._stopped = True
        for task in (*self._making.values(), *self._tasks):
            task.cancel()
        await asyncio.gather(*self._making.values(), *self._tasks, return_exceptions=True)
        for process in tuple(self._alive):
            await self._fire(process)

    def held(self, stem: str) -> Made | None:
        """Return a page that is still fresh."""
        found = self._held.get(stem)
        if found is None or found.until <= asyncio.get_running_loop().time():
            return None
        self._held.move_to_end(stem)
        return found

    async def page(self, stem: str) -> Made:
        """Return a page, made now unless it is still fresh; who asks for the same gets the same. Raises Refusal.

        What was made before is better than nothing while the engine fails (RFC 9111, section 4.2.4).
        """
        if (found := self.held(stem)) is not None:
            return found
        task = self._making.get(stem)
        if task is None:
            task = self._making[stem] = asyncio.create_task(self._make(stem))
            task.add_done_callback(lambda done: self._done(stem, done))
        try:
            return await self._silence.unless(task)
        except Unavailable as problem:
            if problem.reason not in OF_THE_ENGINE or (former := self._former(stem)) is None:
                raise
            return former

    def _former(self, stem: str) -> Made | None:
        """Return a page that holds no more; for some seconds it does again, so that the engine is left alone."""
        found = self._held.get(stem)
        if found is None or not found.files or time.time() - found.at > STALE:
            return None
        until = asyncio.get_running_loop().time() + LEFT_ALONE
        self._held[stem] = found = replace(found, stale=True, until=until)
        return found

    def _done(self, stem: str, task: "asyncio.Task[Made]") -> None:
        self._making.pop(stem, None)
        if task.cancelled() or task.exception() is not None:
            return
        made = task.result()
        if (former := self._held.pop(stem, None)) is not None:
            self._bytes -= former.size
        self._held[stem] = made
        self._bytes += made.size
        while self._bytes > HELD and self._held:
            self._bytes -= self._held.popitem(last=False)[1].size

    async def look(self, text: str, language: str) -> "Answer":
        """Return what a search finds; raises Refusal."""
        from communique.lookup.label_search import Answer, Found

        payload = json.dumps({"text": text, "language": language}).encode()
        async with self._process() as process:
            _, _, said = await _exchange(process, b"S", payload)
        told = json.loads(said)
        return Answer(**told | {"found": tuple(Found(**each) for each in told["found"])})

    async def _make(self, stem: str) -> Made:
        async with self._process() as process:
            kind, files, _ = await _exchange(process, b"P", stem.encode())
        seconds = self.live.fresh if kind == b"E" else min(self.live.fresh, MISSING)
        return Made(files, asyncio.get_running_loop().time() + seconds, time.time())

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Give a process that has nothing to do; it is killed where it does not come to an end. Raises Refusal."""
        self._silence.refuse()
        process = await self._next()
        try:
            self._silence.refuse()
        except Refusal:
            self._free.put_nowait(process)
            raise
        healthy = False
        try:
            async with asyncio.timeout(self.limits.deadline + 2):
                yield process
            healthy = True
        except Refusal as problem:
            healthy = True
            self._silence.note(problem)
            raise
        except TimeoutError:
            raise Unavailable("late", 504, f"The page was not made within {self.limits.deadline:g} s.") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Unavailable("large", 500, "The page went beyond the memory that a process has.") from None
        finally:
            if healthy:
                self._free.put_nowait(process)
            else:
                await self._fire(process)
                self._hire_again()

    async def _next(self) -> asyncio.subprocess.Process:
        busy = Unavailable("busy", 503, "Too many pages are being made. Try again in a moment.", retry=5)
        if self._waiting >= self.limits.queue:
            raise busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.queue_wait * 5):
                return await self._free.get()
        except TimeoutError:
            raise busy from None
        finally:
            self._waiting -= 1

    async def _hire(self) -> None:
        settings = {
            "project": str(self.live.project),
            "shell": str(self.shell),
            "url": self.live.url,
            "only": list(self.live.only),
            "fresh": self.live.fresh,
            "deadline": self.limits.deadline,
            "memory": MEMORY,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "communique.live.worker",
            json.dumps(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
            # Ctrl-C is for the server, which ends the others in good order.
            start_new_session=True,
        )
        self._alive.add(process)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_TIME):
                kind, payload = await _frame(process.stdout)
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            await self._fire(process)
            raise OSError("no process could be started that makes pages") from error
        said = json.loads(payload)
        if kind != b"R":
            await self._fire(process)
            raise OSError(said["detail"])
        self.stems, self.folders = frozenset(said["stems"]), tuple(said["folders"])
        self.renamed, self.reserved = said["renamed"], frozenset(said["reserved"])
        self._free.put_nowait(process)

    def _hire_again(self) -> None:
        async def hire() -> None:
            while not self._stopped:
                try:
                    await self._hire()
                    break
                except OSError:
                    await asyncio.sleep(5)

        task = asyncio.create_task(hire())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fire(self, process: asyncio.subprocess.Process) -> None:
        self._alive.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _frame(stream: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind, length = frames.HEAD.unpack(await stream.readexactly(frames.HEAD.size))
    return kind, await stream.readexactly(length)


async def _exchange(
    process: asyncio.subprocess.Process, kind: bytes, payload: bytes
) -> tuple[bytes, dict[str, bytes], bytes]:
    """Put a question to a process; return the kind of its last frame, the files that came before, and its payload."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(frames.packed(kind, payload))
    await process.stdin.drain()
    files: dict[str, bytes] = {}
    while True:
        kind, payload = await _frame(process.stdout)
        if kind == b"F":
            name, _, content = payload.partition(b"\n")
            files[name.decode()] = content
        elif kind == b"X":
            raise Unavailable(**json.loads(payload))
        else:
            return kind, files, payload
