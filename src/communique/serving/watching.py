"""Watching a project: build again when a file changes, then load the pages in browsers again, or show what is wrong.

The pages that are open are built first, and shown before the rest of the site is there. Each page says which build it
is of, so that what a browser holds of another build is never left there, whether the page was listening or not: builds
are numbered in the order of their beginning, below a name that no other run of a server has.
"""

import asyncio
import json
import math
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from communique.hosting import plan
from communique.serving.addresses import name_of
from communique.serving.looking import State, state_of
from communique.serving.ordering import KILLED, Builder
from communique.serving.pages import Pages
from communique.serving.problems import Refusal
from communique.serving.waiting import hang_up

EVENTS, SCRIPT = "/_watch", "/_watch.js"
ASSETS = "assets/"
LOOK = 0.1
"""Seconds between two looks at the files, at least."""
IDLE = 20
"""So many times as long as a look takes nothing is looked at."""
QUIET, PATIENCE = 0.05, 1.6
"""Seconds for which files have to be at rest before they are built, and after which they are in any case."""
AGAIN = 5.0
"""Seconds after which a build that was killed is tried once more, where no file changes before."""
TRIED_AGAIN, GIVEN_UP = f" It is tried once more in {AGAIN:g} s.", " It is tried again at the next change."
FORMER = {"en": "The site was not built: this is the former one."}
"""What a page says as long as the project has not told it in its languages."""
METHODS = "GET, HEAD"
HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
RELOAD = b"event: reload\ndata:\n\n"


@dataclass(eq=False, slots=True)
class Reader:
    """A page that is shown in a browser: the path of its document, and the name of the build that made it."""

    document: str
    build: str
    events: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)


@dataclass(frozen=True, slots=True)
class Early:
    """Pages of a site in the making: the name of the build, what serves its folder, and which documents are there."""

    build: str
    pages: Pages
    documents: frozenset[str]


class Watcher:
    """Builds a project at each change of its files, and tells the pages that are open what came of it."""

    def __init__(self, project: Path, *, seen: State, out: Path, prefix: str, tell: Callable[[str], None]) -> None:
        """Watch `project`, which is built into `out`, and was `seen` before the site that is there was built.

        `prefix` is that of all addresses, `tell` gets what is wrong.
        """
        self._project, self._out, self._seen, self._prefix, self._tell = project, out, seen, prefix, tell
        self._builder = Builder(project, out, tell)
        self._pause = LOOK
        self._work: asyncio.Task[None]
        self._readers: set[Reader] = set()
        self._trouble = ""
        self._stale: Callable[[str], None] = lambda _: None
        self._script = files("communique.serving").joinpath("watch.js").read_bytes()
        self._run = secrets.token_hex(4)
        self._begun = self._served = 0
        self._dropped = -1
        self._again = math.inf
        """When the build that was killed is tried once more, on the clock of `time.monotonic`."""
        self._early: Early | None = None
        self._apps = {EVENTS: _only_read(self._events), SCRIPT: _only_read(self._send_script)}

    @property
    def is_ahead(self) -> bool:
        """Whether pages are shown that are newer than the site."""
        return self._early is not None

    def injected(self, build: int = 0) -> bytes:
        """Return what loads the pages of a build again; 0 is the one before all."""
        events = f'data-events="{self._prefix}{EVENTS}" data-build="{self._name_of(build)}"'
        return f'<script src="{self._prefix}{SCRIPT}" {events} defer></script>\n'.encode()

    def app(self, path: str) -> ASGIApp | None:
        """Return what answers at a path, None where that is the site."""
        early, name = self._early, _name(path)
        if early and (name in early.documents or name.startswith(ASSETS)) and early.pages.has(name):
            return early.pages
        return self._apps.get(path)

    def _name_of(self, build: int) -> str:
        return f"{self._run}-{build}"

    async def run(self, reload: Callable[[bytes], Awaitable[bool]], stale: Callable[[str], None]) -> None:
        """Build and `reload` at each change, until it is cancelled; `reload` is given what goes into the new pages.

        `stale` is told why the site that is served is not that of the files.

        A build ends early when a file changes whose effect somebody may be looking at, but never two in a row: the
        whole site follows as well where files change all the time. Whatever goes wrong is told, and the watch goes on.
        """
        self._stale = stale
        self._work = asyncio.create_task(self._guarded(self._builder.start()))
        try:
            while True:
                await asyncio.sleep(self._pause)
                await self._guarded(self._step(reload))
        finally:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            await self._builder.stop()

    async def _step(self, reload: Callable[[bytes], Awaitable[bool]]) -> None:
        """Begin to build if the files are others than when the latest build began, as soon as that has ended.

        A build that was killed is tried once more with the same files.
        """
        is_second = await self._look() == self._seen
        if is_second and time.monotonic() < self._again:
            return
        if not self._work.done() and self._readers and self._dropped != self._begun - 1:
            self._dropped = self._begun
            self._builder.interrupt()
        await self._work
        self._seen = await self._at_rest()
        self._again = math.inf
        self._work = asyncio.create_task(self._guarded(self._build(reload, is_second=is_second)))

    async def _look(self) -> State:
        begun = time.monotonic()
        state = await asyncio.to_thread(state_of, self._project, self._out)
        self._pause = max(LOOK, IDLE * (time.monotonic() - begun))
        return state

    async def _at_rest(self) -> State:
        """Return the state of the files once it stays, so that those that are saved together are built together."""
        end, state = time.monotonic() + PATIENCE, await self._look()
        while time.monotonic() < end:
            await asyncio.sleep(QUIET)
            former, state = state, await self._look()
            if state == former:
                break
        return state

    async def _guarded(self, work: Awaitable[None]) -> None:
        """Do something, tell what nobody expected, and begin with another builder the next time."""
        try:
            await work
        except Exception:
            trouble, self._early, self._pause = traceback.format_exc(), None, PATIENCE
            if trouble != self._trouble:
                self._fail(trouble)
                self._settle()
            await self._builder.stop()

    async def _build(self, reload: Callable[[bytes], Awaitable[bool]], *, is_second: bool) -> None:
        self._begun, self._trouble = self._begun + 1, ""
        wanted = {reader.document for reader in self._readers}
        trouble = await self._builder.build(wanted, self._show_early)
        self._early = None
        if trouble and self._dropped == self._begun:
            return  # What browsers hold of it is compared with the next build, which begins now.
        if trouble == KILLED:
            self._again = math.inf if is_second else time.monotonic() + AGAIN
            trouble += GIVEN_UP if is_second else TRIED_AGAIN
        if trouble:
            self._fail(trouble)
        elif await reload(self.injected(self._begun)):
            self._served = self._begun
        self._settle()

    def _fail(self, trouble: str) -> None:
        self._trouble = trouble
        self._tell(trouble)
        self._stale(trouble)

    def retire(self) -> None:
        """Let the pages go: the server is about to stop."""
        self._send(None)

    def _show_early(self, folder: Path, documents: list[str]) -> None:
        pages = Pages(folder, None, self.injected(self._begun))
        self._early = Early(self._name_of(self._begun), pages, frozenset(documents))
        self._settle()

    def _settle(self) -> None:
        """Let the pages that are of another build than they should be load again, and tell the others what is wrong."""
        for reader in self._readers:
            if event := self._due(reader):
                reader.events.put_nowait(event)

    def _due(self, reader: Reader) -> bytes:
        early = self._early
        build = early.build if early and reader.document in early.documents else self._name_of(self._served)
        if reader.build != build:
            reader.build = build
            return RELOAD
        return self._failed(reader.document) if self._trouble else b""

    def _failed(self, document: str) -> bytes:
        """Tell a page what is wrong, in its language as far as the words are our own."""
        words = self._builder.words or FORMER
        endings = reversed(plan.endings([*words]).items())
        language = next((tag for tag, ending in endings if document.endswith(ending)), next(iter(words)))
        told = {"language": language, "words": words[language], "trouble": self._trouble}
        return b"event: failed\ndata: %s\n\n" % json.dumps(told).encode()

    def _send(self, event: bytes | None) -> None:
        for reader in self._readers:
            reader.events.put_nowait(event)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send server-sent events until the page is left, or shown no more."""
        headers = [*HEADERS, (b"content-type", b"text/event-stream")]
        if scope["method"] == "HEAD":
            await _send_whole(send, headers)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        path = unquote(asked.get("page", ["/"])[0]).removeprefix(self._prefix)
        reader = Reader(_name(path), asked.get("build", [self._name_of(self._served)])[0])
        self._readers.add(reader)
        gone = asyncio.ensure_future(hang_up(receive))
        gone.add_done_callback(lambda _: reader.events.put_nowait(None))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            event: bytes | None = self._due(reader) or b": watching\n\n"
            while event is not None:
                await send({"type": "http.response.body", "body": event, "more_body": True})
                event = await reader.events.get()
            await send({"type": "http.response.body"})
        finally:
            gone.cancel()
            self._readers.discard(reader)

    async def _send_script(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*HEADERS, (b"content-type", b"text/javascript; charset=utf-8")]
        await _send_whole(send, headers, self._script)


async def _send_whole(send: Send, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _only_read(app: ASGIApp) -> ASGIApp:
    """Return what answers GET and HEAD as `app` does, and refuses all else."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        refusal = Refusal(405, "This is read with GET and HEAD.", headers={"Allow": METHODS})
        await (app if scope["method"] in METHODS.split(", ") else refusal.response())(scope, receive, send)

    return answer


def _name(path: str) -> str:
    """Return the path, in the site, of what stands at an address, "" where nothing can."""
    try:
        return name_of(path)
    except Refusal:
        return ""
