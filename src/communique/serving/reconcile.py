"""The Reconciliation Service API 0.2 over the index of names, with look-ups by label and by foreign IRI."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from communique.alignment.page_addresses import named_properly
from communique.errors import AccessError
from communique.lookup.names import Names, Resource
from communique.lookup.romanisation import in_one_line
from communique.serving import previews
from communique.serving.limits import Limits
from communique.serving.place import absolute
from communique.serving.problems import Refusal
from communique.serving.protocol import FORM, read_body
from communique.serving.reconcile_answers import (
    extended,
    identified,
    manifest,
    proposed,
    reconciled,
    suggested_entities,
    suggested_terms,
)

CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z_$][A-Za-z0-9_$]*)*")
AT_ONCE, WAITING = 2, 32
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
Parameters = Mapping[str, str]
Asked = Callable[[Names, Parameters], Any]


@dataclass(slots=True)
class Reconciliation:
    """Answers questions of reconciliation; `url` is the public address of the site (`place.absolute`)."""

    names: Path
    url: str
    limits: Limits
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _waiting: int = 0

    def routes(self) -> list[Route]:
        """Return the routes of the service and of the look-ups."""
        asked: dict[str, Asked] = {
            "/reconcile/extend": lambda names, given: self._extend(names, given),
            "/reconcile/properties": proposed,
            "/reconcile/suggest/entity": suggested_entities,
            "/reconcile/suggest/type": lambda names, given: suggested_terms(names, given, sort="type"),
            "/reconcile/suggest/property": lambda names, given: suggested_terms(names, given, sort="property"),
        }
        telling: dict[str, Callable[..., Any]] = {
            "/reconcile": self._service,
            **{
                f"/reconcile/flyout/{sort}": partial(previews.flyout, sort=sort)
                for sort in ("entity", "type", "property")
            },
        }
        answers = {path: self._answering(question) for path, question in asked.items()}
        answers |= {path: self._answering(question, with_url=True) for path, question in telling.items()}
        methods = ["GET", "HEAD", "POST", "OPTIONS"]
        routes = [Route(path, answer, methods=methods) for path, answer in answers.items()]
        return [
            *routes,
            Route("/reconcile/preview", self._preview),
            Route("/reconcile/view", self._redirecting(self._viewed)),
            _of_any_text(Route("/label/{text:path}", self._redirecting(self._labelled))),
            Route("/lookup", self._redirecting(self._looked_up)),
        ]

    def _service(self, names: Names, given: Parameters, *, url: str) -> Any:
        if "queries" in given:
            return reconciled(names, given["queries"])
        if "extend" in given:
            return extended(names, given["extend"])
        return manifest(names, url=url)

    def _extend(self, names: Names, given: Parameters) -> Any:
        if "extend" not in given:
            raise Refusal(400, "The parameter extend is missing.")
        return extended(names, given["extend"])

    def _answering(
        self, question: Callable[..., Any], *, with_url: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers a request with what `question` returns, which wants to know the address of the site."""

        async def answer(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=HEADERS)
            try:
                given = await _parameters(request, self.limits)
                callback = given.get("callback", "")
                if callback and (len(callback) > 100 or not CALLBACK.fullmatch(callback)):
                    raise Refusal(400, "The callback is no name of a JavaScript function.")
                asked = partial(question, url=absolute(self.url, request.scope)) if with_url else question
                return _json(await self._in_turn(asked, given), callback)
            except Refusal as refusal:
                return refusal.response()

        return answer

    def _redirecting(self, find: Callable[[Names, Request], Resource]) -> Callable[[Request], Awaitable[Response]]:
        async def redirect(request: Request) -> Response:
            try:
                found = await self._in_turn(lambda names, _: find(names, request), {})
            except Refusal as refusal:
                return refusal.response()
            return Response(status_code=302, headers={**HEADERS, "Location": self._address(found, request)})

        return redirect

    async def _preview(self, request: Request) -> Response:
        try:
            given = dict(request.query_params)
            shown = partial(previews.preview, url=absolute(self.url, request.scope))
            text = await self._in_turn(shown, given)
        except Refusal as refusal:
            return refusal.response()
        return Response(text, 200, previews.HEADERS, "text/html")

    def _address(self, resource: Resource, request: Request) -> str:
        return absolute(self.url, request.scope) + quote(resource.stem)

    def _viewed(self, names: Names, request: Request) -> Resource:
        found = names.resource(identified(names, request.query_params.get("id", "")))
        if found is None:
            raise Refusal(404, "There is nothing with this identifier.")
        return found

    def _labelled(self, names: Names, request: Request) -> Resource:
        text = in_one_line(request.path_params["text"])
        exact = {name.resource for name in names.exact(text) if in_one_line(name.text) == text}
        found = [names.resource(number) for number in sorted(exact)]
        return self._only([each for each in found if each is not None], "Nothing has exactly this label.", request)

    def _looked_up(self, names: Names, request: Request) -> Resource:
        uri = request.query_params.get("uri", "")
        if not uri:
            raise Refusal(400, "The parameter uri is missing.")
        _, proper = named_properly(uri) or ("", "")
        return self._only(names.linked(uri) or names.linked(proper), "Nothing of ours is said to be the same.", request)

    def _only(self, found: list[Resource], nothing: str, request: Request) -> Resource:
        if not found:
            raise Refusal(404, nothing)
        if len(found) > 1:
            addresses = [self._address(each, request) for each in found]
            raise Refusal(300, "Several resources fit.", alternatives=addresses)
        return found[0]

    async def _in_turn(self, question: Asked, given: Parameters) -> Any:
        """Answer in a thread, few at once; raises Refusal when too many wait."""
        if self._waiting >= WAITING:
            raise Refusal(503, "Too many questions are waiting.", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._ask, question, given)
        except AccessError as error:
            raise Refusal(503, "The question took too long.", headers={"Retry-After": "5"}) from error
        finally:
            self._waiting -= 1

    def _ask(self, question: Asked, given: Parameters) -> Any:
        with Names(self.names) as names:
            return question(names, given)


def _of_any_text(route: Route) -> Route:
    """Return a route whose last parameter may have line breaks, which Starlette's do not take."""
    route.path_regex = re.compile(route.path_regex.pattern, re.DOTALL)
    return route


async def _parameters(request: Request, limits: Limits) -> Parameters:
    """Return the parameters of the address and of a form, which comes first; of several the last."""
    given = _pairs(request.scope["query_string"].decode("latin-1"))
    if request.method == "POST":
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != FORM:
            raise Refusal(415, f"Send a form ({FORM}).", headers={"Accept-Post": FORM})
        try:
            body = (await read_body(request, limit=limits.body)).decode()
        except UnicodeDecodeError as error:
            raise Refusal(400, "The body is not UTF-8.") from error
        given |= _pairs(body)
    return given


def _pairs(encoded: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError as error:  # UnicodeDecodeError is one as well
        raise Refusal(400, "The parameters are not UTF-8, or more than 100.") from error


def _json(answer: Any, callback: str) -> Response:
    # All but ASCII is escaped: U+2028 ends a line of JavaScript, and half a surrogate pair is no UTF-8.
    body = json.dumps(answer)
    if callback:
        # The comment keeps the first bytes of the answer from being chosen by whoever asks.
        return Response(f"/**/{callback}({body});", 200, HEADERS, "application/javascript")
    return Response(body, 200, HEADERS, "application/json")
