"""Ordering builds: the web process's side of the process that builds (`builder`)."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 1 << 26
"""Bytes of the longest answer that is read: the faults of very many files."""
STOP_TIME = 3.0
"""Seconds that a builder has for its end, before the kernel ends it."""
WAITING = "{}: this server goes on when that has ended. Another `serve --watch` may have the same project."
KILLED = "The build was killed: it may be that the machine had no memory left."
ATTEMPTS = 2
"""So often an order is given: a builder whose program has changed, or that somebody killed, does not answer."""


@dataclass(slots=True)
class Builder:
    """Builds a project into `out`, in a process that is started when it is wanted and there is none.

    Where somebody else builds it, that is waited for, and `tell` is told.
    """

    project: Path
    out: Path
    tell: Callable[[str], None]
    words: dict[str, str] = field(default_factory=dict)
    """By language, what a page says of a build that failed; that of the plain addresses comes first."""
    _process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process, which makes itself ready."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "communique.serving.builder",
            str(self.project),
            str(self.out),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST,
        )

    async def build(self, wanted: Iterable[str], shown: Callable[[Path, list[str]], None]) -> str:
        """Build, unless all is as it was, and return what kept the site from being built: KILLED, or "" if nothing did.

        Documents that are `wanted` come first; `shown` is told the folder in which some are there before the rest.
        """
        order = json.dumps(sorted(wanted)).encode() + b"\n"
        for _ in range(ATTEMPTS):
            if self._process is None:
                await self.start()
            async for line in self._answer(order):
                said = json.loads(line)
                if said is None:
                    return KILLED
                if isinstance(said, str):
                    return said
                if "awaited" in said:
                    self.tell(WAITING.format(said["awaited"]))
                elif "words" in said:
                    self.words = said["words"]
                else:
                    shown(Path(said["folder"]), said["names"])
            await self.stop()
        return "The process that builds has ended: its last words are in the terminal."

    def interrupt(self) -> None:
        """End the build that has begun, if any: its answer will be that it was killed."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGUSR1)

    async def stop(self) -> None:
        """End the process, and what it has begun; if it does not hear, it is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGUSR2)
        try:
            await asyncio.wait_for(process.wait(), STOP_TIME)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _answer(self, order: bytes) -> AsyncIterator[bytes]:
        """Give the lines of the answer to an order, until the process ends; none if it has ended before."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(order)
        except (OSError, RuntimeError):
            # What a transport says that was closed, asyncio's and uvloop's.
            return
        while line := await self._process.stdout.readline():
            yield line
