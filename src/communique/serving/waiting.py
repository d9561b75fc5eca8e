"""Waiting for one thing, with an eye on another one, at the least cost: what is soon there needs no task of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType

from starlette.types import Receive


async def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until a condition holds that nobody announces, `seconds` (0 or more) at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.02)


async def hang_up(receive: Receive) -> None:
    """Wait until the client of a request has gone (ASGI, `http.disconnect`)."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Unless:
    """An asynchronous context that is left with TimeoutError when what `event` waits for comes before its end.

    Nobody looks in the first `after` seconds. It works as `asyncio.timeout` does.
    """

    def __init__(self, event: Callable[[], Awaitable[object]], *, after: float) -> None:
        """Prepare to look."""
        self._event, self._after = event, after
        self._task: asyncio.Task[object] | None = None
        self._watch: asyncio.Future[object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._came = False

    async def __aenter__(self) -> None:
        """Begin."""
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(self._after, self._look)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more; raises TimeoutError if the event ended the context."""
        assert self._task is not None and self._timer is not None
        self._timer.cancel()
        if self._watch is not None:
            self._watch.remove_done_callback(self._interrupt)
            self._watch.cancel()
        if self._came and self._task.uncancel() <= 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _look(self) -> None:
        self._watch = asyncio.ensure_future(self._event())
        self._watch.add_done_callback(self._interrupt)

    def _interrupt(self, _: object) -> None:
        assert self._task is not None
        self._came = True
        self._task.cancel()
