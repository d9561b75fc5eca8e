"""Watching a project: build again when a file changes, then load the pages in browsers again, or show what is wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send
from watchfiles import Change, DefaultFilter, awatch

from communique.serving.ordering import Builder
from communique.serving.waiting import hang_up

EVENTS, SCRIPT = "/_watch", "/_watch.js"
ROLES = ("data", "ontology", "shapes", "site")
LOOK = 1000
"""Milliseconds after which folders that did not exist are looked for again."""
HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class Watcher:
    """Builds a project at each change of its files, and tells the pages that are open what came of it."""

    def __init__(self, project: Path, *, out: Path, prefix: str, tell: Callable[[str], None]) -> None:
        """Watch `project`, which is built into `out`.

        `prefix` is that of all addresses, `tell` gets what is wrong.
        """
        self._project, self._tell = project, tell
        self._builder = Builder(project, out)
        self._filter = _Sources((out.absolute(), out.absolute().with_name(f".{out.name}")))
        self._readers: set[asyncio.Queue[bytes | None]] = set()
        self._trouble = ""
        self._script = files("communique.serving").joinpath("watch.js").read_bytes()
        self.injected = f'<script src="{prefix}{SCRIPT}" data-events="{prefix}{EVENTS}" defer></script>\n'.encode()
        self.apps: dict[str, ASGIApp] = {EVENTS: self._events, SCRIPT: self._send_script}

    async def run(self, reload: Callable[[], Awaitable[bool]]) -> None:
        """Build and `reload` at each change, until it is cancelled."""
        try:
            await self._builder.start()
            async for _ in self._changes():
                self._trouble = await self._builder.build()
                if self._trouble:
                    self._tell(self._trouble)
                    self._send(self._failed())
                elif await reload():
                    self._send(b"event: reload\ndata:\n\n")
        finally:
            await self._builder.stop()

    def retire(self) -> None:
        """Let the pages go: the server is about to stop."""
        self._send(None)

    async def _changes(self) -> AsyncIterator[None]:
        known = self._folders()
        while True:
            async for changes in awatch(*known, watch_filter=self._filter, rust_timeout=LOOK, yield_on_timeout=True):
                there = self._folders()
                if changes or there != known:
                    yield
                if there != known:
                    known = there
                    break

    def _folders(self) -> list[Path]:
        folders = [self._project / role for role in ROLES if (self._project / role).is_dir()]
        return folders if self._project / "data" in folders else [self._project]

    def _failed(self) -> bytes:
        return b"event: failed\ndata: %s\n\n" % json.dumps(self._trouble).encode()

    def _send(self, event: bytes | None) -> None:
        for reader in self._readers:
            reader.put_nowait(event)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send server-sent events until the page is left."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._readers.add(queue)
        gone = asyncio.ensure_future(hang_up(receive))
        gone.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            headers = [*HEADERS, (b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            event: bytes | None = self._failed() if self._trouble else b": watching\n\n"
            while event is not None:
                await send({"type": "http.response.body", "body": event, "more_body": True})
                event = await queue.get()
            await send({"type": "http.response.body"})
        finally:
            gone.cancel()
            self._readers.discard(queue)

    async def _send_script(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*HEADERS, (b"content-type", b"text/javascript; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._script})


class _Sources(DefaultFilter):
    """Lets pass what a build reads, and not what it writes."""

    def __init__(self, written: tuple[Path, ...]) -> None:
        super().__init__(ignore_paths=[str(path) for path in written])

    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and not Path(path).name.startswith(".")
