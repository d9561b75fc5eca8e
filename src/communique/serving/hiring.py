"""How the web process comes by query workers: the other side of the nursery, which forks them."""

import asyncio
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field

from communique.serving.processes import worker_environment

BURIAL = 0.3
"""Seconds in which a nursery without workers should end; and those workers, where the system does not tell of them."""


@dataclass(slots=True)
class Hiring:
    """A nursery that is started when the first worker is wanted, and again when it has ended.

    `arguments` are its own, after the descriptor (`nursery`).
    """

    arguments: tuple[str, ...]
    _nursery: asyncio.subprocess.Process | None = None
    _control: socket.socket | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ends: set[asyncio.Future[None]] = field(default_factory=set)

    async def fork(self, connection: socket.socket) -> int:
        """Return the process id of a new worker at the other end of `connection`; raises OSError."""
        async with self._lock:
            if self._nursery is None or self._nursery.returncode is not None:
                await self._open()
            assert self._control is not None
            socket.send_fds(self._control, [b"+"], [connection.fileno()])
            pid = await asyncio.get_running_loop().sock_recv(self._control, 4)
            if len(pid) < 4:
                raise OSError("the nursery of the query workers ended")
            self._watch(int.from_bytes(pid, "big"))
            return int.from_bytes(pid, "big")

    def _watch(self, pid: int) -> None:
        """Have `stop` wait for the end of this process (pidfd_open(2), Linux 5.3; elsewhere it is not waited for)."""
        try:
            process = os.pidfd_open(pid)
        except (AttributeError, OSError):
            return
        loop = asyncio.get_running_loop()
        end = loop.create_future()

        def ended() -> None:
            loop.remove_reader(process)
            os.close(process)
            self._ends.discard(end)
            end.set_result(None)

        self._ends.add(end)
        loop.add_reader(process, ended)

    async def stop(self) -> None:
        """End the nursery, whose workers were killed, once the last of them has ended.

        That has no fixed time: a worker of the slow lane dies, as it lived, on what others leave. They need no nursery
        for it, which ignores what becomes of them; so one that hangs is ended then without leaving any.
        """
        if self._ends:
            await asyncio.wait(self._ends)
        if self._control is not None:
            self._control.close()
        if self._nursery is None:
            return
        try:
            async with asyncio.timeout(BURIAL):
                await self._nursery.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._nursery.kill()
            await self._nursery.wait()

    async def _open(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        with theirs:
            self._nursery = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "communique.serving.nursery",
                str(theirs.fileno()),
                *self.arguments,
                pass_fds=[theirs.fileno()],
                env=worker_environment(os.environ),
                stdin=asyncio.subprocess.DEVNULL,
            )
