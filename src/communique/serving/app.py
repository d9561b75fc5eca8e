"""The web application: pages, the endpoint, health and metrics; it holds no store and parses no RDF."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pyoxigraph import Triple
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from communique.serving import found, service_description
from communique.serving.limits import Limits
from communique.serving.negotiation import best
from communique.serving.pages import Pages
from communique.serving.pool import Pool
from communique.serving.problems import Refusal
from communique.serving.reconcile import Reconciliation
from communique.serving.service_link import ServiceLink
from communique.serving.sparql import CORS, Endpoint

METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"]
"""What reaches the endpoint, to be answered or refused there."""

CLOSE = {"Connection": "close"}
"""Nothing more is read from a client whose request cannot be trusted."""


class Sane:
    """Middleware that refuses requests which proxies and servers read in different ways, or that are too large."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        """Stand before `app`."""
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 400, 414 or 431."""
        if scope["type"] == "http" and (refusal := _refusal(scope, self.limits)) is not None:
            await refusal.response()(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def application(
    site: Path, *, snapshot: Path, triples: int, url: str, limits: Limits | None = None, names: Path | None = None
) -> Starlette:
    """Return the application over a built site and the snapshot of its store.

    `url` is the public address of the site, ending in `/`; `triples` is what the service description says of the size.
    With `names`, the index of names of the site, it is a reconciliation service as well.
    """
    limits = limits or Limits()
    pool = Pool(snapshot, limits)
    description = service_description.describe(url + "sparql", limits=limits, triples=triples)
    pages = Pages(site)

    async def describe(request: Request) -> Response:
        return _described(request, description, pages)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()

    routes = [
        Route("/sparql", _method(Endpoint(pool, limits, url + "sparql", describe)), methods=METHODS),
        Route("/healthz", _health(pool)),
        Route("/metrics", _metrics(pool)),
        *found.routes(site, pages),
        *(Reconciliation(names, url, limits).routes() if names else ()),
        Mount("/", pages),
    ]
    handlers = {HTTPException: _as_problem, Exception: _as_problem}
    guard = Middleware(Sane, limits=limits)
    link = Middleware(ServiceLink)
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[guard, link], exception_handlers=handlers)
    app.state.retire = pool.retire
    return app


def _refusal(scope: Scope, limits: Limits) -> Refusal | None:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.url:
        return Refusal(
            414, f"The address has more than {limits.url} bytes: POST a long query.", limit=limits.url, headers=CLOSE
        )
    if len(headers) > limits.fields:
        return Refusal(
            431, f"The request has more than {limits.fields} header fields.", limit=limits.fields, headers=CLOSE
        )
    if sum(len(name) + len(value) for name, value in headers) > limits.head:
        return Refusal(431, f"The header fields have more than {limits.head} bytes.", limit=limits.head, headers=CLOSE)
    names = [name for name, _ in headers]
    if names.count(b"content-length") + names.count(b"transfer-encoding") > 1:
        return Refusal(400, "The length of the body is said twice.", headers=CLOSE)
    if names.count(b"host") > 1:
        return Refusal(400, "There is more than one Host.", headers=CLOSE)
    return None


def _method(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint as a function, which is what a route takes."""

    async def answer(request: Request) -> Response:
        return await endpoint(request)

    return answer


def _described(request: Request, description: list[Triple], pages: Pages) -> Response:
    """Answer a request without a query: the query page for people, the service description for programs."""
    formats = {each.media_type: each for each in service_description.FORMATS}
    offers = ["text/html", *formats] if pages.file("sparql.html") else [*formats]
    found = best(request.headers.get("accept"), offers=offers)
    if found is None:
        raise Refusal(406, f"The service description is to be had as {', '.join(formats)}.", headers={"Vary": "Accept"})
    page = pages.file("sparql.html") if found == "text/html" else None
    if page is not None:
        return Response(page.content, headers={"Vary": "Accept", **{k.decode(): v.decode() for k, v in page.headers}})
    body = service_description.write(description, format=formats[found])
    return Response(body, headers={**CORS, "Vary": "Accept"}, media_type=found)


def _health(pool: Pool) -> Callable[[Request], Awaitable[Response]]:
    async def health(_: Request) -> Response:
        body = {"status": "ok", "workers": pool.workers, "missing guards": list(pool.missing_guards)}
        return Response(json.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    return health


def _metrics(pool: Pool) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        lines = [f"communique_query_workers {pool.workers}"]
        lines += [f"communique_query_workers_{name}_total {count}" for name, count in pool.counts.items()]
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-store"})

    return metrics


async def _as_problem(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    return Refusal(status, str(getattr(error, "detail", "")), headers=headers).response()
