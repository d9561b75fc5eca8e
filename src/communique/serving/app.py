"""The web application: it holds no store and parses no RDF, and passes each request to the present generation.

A reload opens the new generation beside the old one, swaps the two between requests, and lets the old one finish what
it has begun: every answer is of one generation, and no request is lost.
"""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from communique.errors import CommuniqueError
from communique.reasons import reason
from communique.serving.direct import Queries
from communique.serving.faults import fault
from communique.serving.limits import Limits
from communique.serving.problems import Refusal
from communique.serving.ready import Ready
from communique.serving.sanity import insane
from communique.serving.served import Built, Served, Shared
from communique.serving.watching import Watcher
from communique.snapshots import Size


class Application:
    """An ASGI application that serves one generation after the other."""

    def __init__(
        self,
        opened: Callable[[], Built],
        shared: Shared,
        *,
        root_path: str = "",
        announce: Callable[[str], None] = lambda _: None,
        watcher: Watcher | None = None,
    ) -> None:
        """Serve what `opened` gives, first and at every reload; it raises AccessError, and then the former one stays.

        `root_path` is the prefix that a reverse proxy gives to all addresses, "" or "/x"; a request may come with it or
        without. `announce` is told of what cannot be taken up. `watcher` asks for reloads.
        """
        self._open, self.shared, self.root_path, self._announce = opened, shared, root_path, announce
        self._endpoints = {f"{prefix}/sparql".encode() for prefix in ("", quote(root_path))}
        self._watcher = watcher
        self._served: Served | None = None
        self._former: set[Served] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self._reloading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def reload(self, injected: bytes | None = None) -> bool:
        """Take up the latest generation; tells whether that could be done. `injected` goes into its pages."""
        async with self._reloading:
            former = self.shared.injected
            self.shared.injected = former if injected is None else injected
            try:
                await self._take_up()
            except (CommuniqueError, OSError) as error:
                self.shared.injected = former
                self.shared.trouble = str(error)
                self.shared.metrics.reloads["failed"] += 1
                self._announce(f"The former site is served on: {error}")
                return False
            self.shared.trouble = ""
            self.shared.metrics.reloads["done"] += 1
            return True

    def _stay(self, trouble: str) -> None:
        """Keep in mind why the site that is served is not the latest one."""
        self.shared.trouble = trouble

    def request_reload(self) -> None:
        """Begin to reload, as at a signal."""
        self._spawn(self.reload())

    @property
    def ready(self) -> Ready | None:
        """What lies ready of the generation that is served now, if anything may."""
        is_ahead = self._watcher is not None and self._watcher.is_ahead
        return self._served.ready if self._served and not is_ahead else None

    def queries(self, path: bytes) -> Queries | None:
        """Return what answers queries at this path, as it came, in the generation that is served now."""
        return self._served if path in self._endpoints else None

    def retire(self) -> None:
        """The server is about to stop: running queries have a short time left."""
        if self._watcher is not None:
            self._watcher.retire()
        for each in (*self._former, *([self._served] if self._served else [])):
            each.pool.retire()

    async def _take_up(self) -> None:
        built = await asyncio.to_thread(self._open)
        served = Served(built, self.shared)
        try:
            await served.start()
        except OSError:
            await served.close()
            raise
        former, self._served = self._served, served
        if former is not None:
            self._spawn(self._finish(former))

    async def _finish(self, former: Served) -> None:
        """Let what has begun in a former generation come to its end."""
        self._former.add(former)
        try:
            await former.finish()
        finally:
            self._former.discard(former)

    async def _start_converters(self) -> None:
        """Start what makes documents: few ask for one, and no page and no query has to wait for it."""
        try:
            await self.shared.converters.start()
        except OSError as error:
            self._announce(f"No document can be made from another: {error}")

    def _spawn(self, work: Coroutine[object, object, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Speak the lifespan protocol of ASGI."""
        await receive()
        try:
            await self._take_up()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        if self._watcher is not None:
            self._spawn(self._watcher.run(self.reload, self._stay))
        await send({"type": "lifespan.startup.complete"})
        self._spawn(self._start_converters())
        try:
            await receive()
        except asyncio.CancelledError:
            # Told to end at once: the kernel ends the workers with us.
            return
        self.retire()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        served = [self._served.close()] if self._served is not None else []
        await asyncio.gather(*served, self.shared.converters.stop())
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        requests, began = self.shared.metrics.requests, False

        async def counted(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                requests[message["status"]] += 1
            await send(message)

        try:
            await self._app_for(scope)(scope, receive, counted)
        except Exception as error:
            if not began:
                await fault(scope, error)(scope, receive, counted)
            raise

    def _app_for(self, scope: Scope) -> ASGIApp:
        """Return what answers a request, after `scope` got the prefix and the path as ASGI has them."""
        if (refusal := insane(scope, self.shared.limits)) is not None:
            return refusal.response()
        path, prefix = scope["path"], self.root_path
        scope["root_path"] = prefix
        if prefix:
            if path == prefix:
                headers = {"Location": quote(prefix) + "/"}
                return Refusal(308, "This folder is written with a slash.", headers=headers).response()
            scope["path"] = path if path.startswith(f"{prefix}/") else prefix + path
            path = scope["path"][len(prefix) :]
        watching = self._watcher.app(path) if self._watcher else None
        return watching or self._served or Refusal(503, [reason("starting")]).response()


def application(
    site: Path,
    *,
    snapshot: Path,
    triples: int,
    url: str,
    limits: Limits | None = None,
    names: Path | None = None,
    service: str = "",
    only: tuple[str, ...] = (),
) -> Application:
    """Return the application over a built site and the snapshot of its store, for as long as it lives.

    `url` is the public address of the site, ending in `/`; `triples` is what the service description says of the size.
    With `names`, the index of names of the site, it is a reconciliation service as well. With `service`, the URL of a
    SPARQL service, queries are passed on to that one, over `only` these graphs of it, if any are named.
    """
    built = Built(site=site, snapshot=snapshot, size=Size(triples, 0), names=names, service=service, only=only)
    return Application(lambda: built, Shared(url, limits or Limits()))
