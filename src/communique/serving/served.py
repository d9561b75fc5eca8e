"""One generation of a site, ready to answer: its pages, its endpoint and the workers over its snapshot."""

import json
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from communique.formats import Format
from communique.generations import Hold
from communique.serving import found, metrics, service_description
from communique.serving.answer_page import AnswerPage, wants_page
from communique.serving.budget import Budget
from communique.serving.describing import Describing
from communique.serving.exchange import Conversion, Question
from communique.serving.faults import fault
from communique.serving.limits import Limits
from communique.serving.live_pages import LivePages
from communique.serving.metrics import Metrics
from communique.serving.pages import Pages
from communique.serving.place import follows_requests
from communique.serving.pool import Pool
from communique.serving.press import Live, Press
from communique.serving.problems import Refusal
from communique.serving.ready import Ready, keeping, known_key
from communique.serving.reconcile import Reconciliation
from communique.serving.sparql import Endpoint, Fields, Given
from communique.serving.waiting import until
from communique.snapshots import NOTHING, Size

if TYPE_CHECKING:
    from communique.serving.forwarding import Forwarder


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has left: the folder of the pages, the snapshot of the store and how much the store holds.

    `names` is the index of names, where there is one; `hold` keeps later builds from removing the folder. With
    `service` queries go to the SPARQL service of this URL, to `only` these graphs of it, if any are named. With
    `live` the pages of things are made on request, and the folder is the shell of the site.
    """

    site: Path
    snapshot: Path
    size: Size = NOTHING
    names: Path | None = None
    hold: Hold | None = None
    service: str = ""
    only: tuple[str, ...] = ()
    live: Live | None = None

    def release(self) -> None:
        """Let builds remove it."""
        if self.hold is not None:
            self.hold.close()


@dataclass(slots=True)
class Shared:
    """What the generations of one server have in common.

    `url` is the public address of the site, ending in `/`; it may be without a host (`place.absolute`).
    """

    url: str
    limits: Limits
    injected: bytes = b""
    metrics: Metrics = field(default_factory=Metrics)
    budget: Budget = field(init=False)
    converters: Pool = field(init=False)
    trouble: str = ""
    """Why the latest generation is not served, "" when it is."""

    def __post_init__(self) -> None:
        """Open the accounts of the clients and the workers that make documents."""
        self.budget = Budget(self.limits)
        # Documents have a worker of their own, which no query can keep busy.
        self.converters = Pool(None, replace(self.limits, fast_workers=1, spare_workers=0, stranger_workers=0))

    async def convert(self, document: bytes, format: Format) -> bytes:
        """Return a document in another format; raises Refusal."""
        answer = await self.converters.ask(Conversion(document, format.name))
        if answer.body is None:
            retry = {"Retry-After": str(answer.retry)} if answer.retry else {}
            raise Refusal(answer.status, answer.reasons, headers=retry)
        with answer.body as body:
            return body.read()


class Served:
    """An ASGI application over one generation."""

    def __init__(self, built: Built, shared: Shared) -> None:
        """Prepare to answer from `built`."""
        self.built, self._shared = built, shared
        self.pool = engine_of(built, shared)
        self.press = Press(built.live, built.site, shared.limits) if built.live else None
        self.pages = pages_of(built, shared, self.press)
        # Pages that are made on request hold for a time alone.
        self.ready = None if built.live else Ready(shared.limits.ready, shared.metrics)
        self._pages = keeping(self.pages, self.ready) if self.ready else self.pages
        # What lies ready is found without the scheme and the host that a proxy is believed.
        self._answers = None if follows_requests(shared.url) else self.ready
        self._queries = keeping(self._ask, self._answers, is_endpoint=True) if self._answers else self._ask
        self._busy = 0
        endpoint = shared.url + "sparql"
        limits, forwards = self.pool.limits, bool(built.service)
        description = partial(service_description.describe, limits=limits, size=None if forwards else built.size)
        describe = Describing(description, endpoint, self.pages)
        self._endpoint = Endpoint(
            self.pool, limits, endpoint, describe, shared.budget, shared.metrics, forwards=forwards
        )
        self._sparql = AnswerPage(self._endpoint, built.site, limits)
        routes = [
            Route("/healthz", self._health),
            Route("/healthz/ready", self._ready),
            Route("/metrics", self._metrics),
            *found.routes(built.site, self._pages, self.press.look if self.press else None),
            *(Reconciliation(built.names, shared.url, shared.limits).routes() if built.names else ()),
        ]
        handlers = {HTTPException: _as_problem, Exception: _as_fault}
        services = Starlette(routes=routes, exception_handlers=handlers)
        # It would send a client to the host that the request names.
        services.router.redirect_slashes = False
        # Files may stand below the address of a service, as those of `lookup/` do.
        services.router.default = self._pages
        self._services: ASGIApp = services
        self._names = frozenset(route.path.split("/")[1] for route in routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: what is no service is a page."""
        self._busy += 1
        try:
            path = scope["path"].removeprefix(scope["root_path"])
            if path == "/sparql":
                # Not by way of the router, which takes longer than the query.
                await self._queries(scope, receive, send)
            else:
                first = path[1:].partition("/")[0]
                await (self._services if first in self._names else self._pages)(scope, receive, send)
        finally:
            self._busy -= 1

    def question(self, scope: Scope, body: bytes) -> Question | None:
        """Return what a plain request asks, None where it is for the application (`direct`)."""
        question = None if wants_page(scope) else self._endpoint.question(scope, body)
        key = known_key(scope)
        if question is not None and key is not None and self._answers is not None and self._answers.comes_again(key):
            # The application lets its answer lie ready.
            return None
        return question

    async def answer(self, question: Question, client: str) -> Given:
        """Return the answer to a question; raises Refusal."""
        self._busy += 1
        try:
            return await self._endpoint.answer(question, client)
        finally:
            self._busy -= 1

    def fields(self, scope: Scope, question: Question, given: Given) -> Fields | None:
        """Return the fields that go with an answer that is sent as it is, None if it is not."""
        return self._endpoint.fields(scope, question, given)

    def count(self, status: int) -> None:
        """Count a request that was answered with this status."""
        self._shared.metrics.requests[status] += 1

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._sparql(Request(scope, receive))
        await response(scope, receive, send)

    async def start(self) -> None:
        """Start the workers; raises OSError when one does not come up."""
        await self.pool.start()
        if self.press is not None:
            await self.press.start()

    async def finish(self) -> None:
        """End when all requests that have begun are answered, at the latest after the deadlines."""
        limits = self.pool.limits
        await until(lambda: not self._busy, limits.deadline + limits.queue_wait + limits.write_time)
        await self.close()

    async def close(self) -> None:
        """End the workers."""
        await self.pool.stop()
        if self.press is not None:
            await self.press.stop()
        self.built.release()

    async def _ready(self, request: Request) -> Response:
        """Say the same, with 503 where the engine is gone: for those who can send readers elsewhere."""
        response = await self._health(request)
        response.status_code = 503 if json.loads(bytes(response.body))["status"] == "degraded" else 200
        return response

    async def _health(self, _: Request) -> Response:
        engine = await self.pool.trouble() if not isinstance(self.pool, Pool) else ""
        body = {
            "status": "degraded" if engine else "stale" if self._shared.trouble else "ok",
            "generation": self.built.site.name,
            "workers": self.pool.workers,
            "missing guards": list(self.pool.missing_guards),
        }
        if engine or self._shared.trouble:
            body["trouble"] = engine or self._shared.trouble
        return Response(json.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    async def _metrics(self, _: Request) -> Response:
        text = self._shared.metrics.text(
            workers=self.pool.workers, lanes=self.pool.load, generation=self.built.site.name
        )
        return Response(text, headers={"Cache-Control": "no-store", "Content-Type": metrics.MEDIA_TYPE})


def pages_of(built: Built, shared: Shared, press: Press | None) -> Pages:
    """Return the pages of a generation."""
    if press is None:
        return Pages(built.site, shared.convert, shared.injected)
    return LivePages(built.site, shared.convert, shared.injected, press=press)


def engine_of(built: Built, shared: Shared) -> "Pool | Forwarder":
    """Return what answers the queries of a generation."""
    aids = built.site / "queries/completion.json"
    if not built.service:
        return Pool(built.snapshot, shared.limits, counts=shared.metrics.workers, aids=aids)
    from communique.serving.forwarding import Forwarder

    return Forwarder(built.service, shared.limits, only=built.only, aids=aids, counts=shared.metrics.workers)


async def _as_fault(request: Request, error: Exception) -> Response:
    return fault(request.scope, error)


async def _as_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        # They come from a set, whose order differs from process to process.
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    return Refusal(error.status_code, error.detail, headers=headers).response()
