"""The SPARQL endpoint: one operation of the protocol from request to response, with what it may cost."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from communique.hosting import plan
from communique.reasons import reason
from communique.serving import forms
from communique.serving.budget import Budget, Standing, payer_at
from communique.serving.exchange import Answer, Question
from communique.serving.kept import Kept, KeptAnswer
from communique.serving.limits import Limits
from communique.serving.metrics import Metrics
from communique.serving.place import absolute
from communique.serving.problems import Refusal
from communique.serving.protocol import READ_ONLY, Operation, operation, operation_of
from communique.serving.questions import GRAPHS, RESULTS, formats_of, not_acceptable, question_of
from communique.serving.spooled import PIECE, Packed, Spooled
from communique.serving.waiting import Unless, hang_up
from communique.syntax.sparql_calls import foreign_call
from communique.syntax.sparql_text import is_nested_deeper, is_nothing, only_reads, reaches_out, update_word

RESTART = 0.25
"""Seconds of budget that a query costs whose asker has gone: its worker is ended and replaced."""
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "Content-Type, ETag, Retry-After",
    "Access-Control-Max-Age": "86400",
}
HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", CORS["Access-Control-Expose-Headers"].encode()),
    (b"vary", b"Accept, Accept-Encoding"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-cache"),
]
"""What goes with every answer; the rest of CORS is for preflights (Fetch, section 3.3)."""

CONTENT_TYPES = {each.name: plan.typed(each.media_type).encode() for each in (*RESULTS, *GRAPHS)}


ANSWERED = "communique.answer"
"""The extension of ASGI by which the front tells what was answered already."""

Describe = Callable[[Request], Awaitable[Response]]
Fields = list[tuple[bytes, bytes]]


class Given(NamedTuple):
    """An answer, and the same as it is kept, if it is."""

    answer: Answer
    kept: KeptAnswer | None


class Engine(Protocol):
    """What answers questions: workers over a snapshot (`pool`), or a service elsewhere (`forwarding`)."""

    async def ask(self, question: Question, *, standing: Standing) -> Answer:
        """Return the whole answer, or why there is none."""


@dataclass(slots=True)
class Endpoint:
    """Answers the operations of the SPARQL 1.1 Protocol; `describe` answers a request that carries none.

    `budget` limits each client, `metrics` counts. An answer that is kept costs nobody anything. `url` is the address of
    the endpoint (`place.absolute`), against which relative IRIs are resolved (RFC 3986 section 5.1.3). With `forwards`
    the engine is not ours: it may know extensions by which a query does more than to read, and its data change.
    """

    engine: Engine
    limits: Limits
    url: str
    describe: Describe
    budget: Budget
    metrics: Metrics
    forwards: bool = False
    _kept: Kept = field(init=False)
    _running: dict[str, int] = field(default_factory=dict)
    _spooled: int = 0

    def __post_init__(self) -> None:
        """Keep no answers yet."""
        self._kept = Kept(self.limits)

    async def __call__(self, request: Request) -> Response:
        """Answer one request; a refusal becomes a problem document."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=CORS)
        try:
            if request.method not in ("GET", "HEAD", "POST"):
                raise Refusal(
                    405, "Queries come by GET or POST.", headers={"Allow": CORS["Access-Control-Allow-Methods"]}
                )
            asked = await operation(request, limits=self.limits)
            return await self.describe(request) if asked is None else await self._answer(request, asked)
        except Refusal as refusal:
            return refusal.response()

    def question(self, scope: Scope, body: bytes) -> Question | None:
        """Return what a request asks whose body has come, None where it asks nothing or is refused."""
        try:
            asked = operation_of(scope, body, limits=self.limits)
            if asked is None:
                return None
            self._refuse_text(asked.query)
            return question_of(scope["headers"], asked, absolute(self.url, scope))
        except Refusal:
            return None

    async def answer(self, question: Question, client: str, *, receive: Receive | None = None) -> Given:
        """Return the answer to a question, as it is kept if it is, or that of the engine; raises Refusal.

        Where nobody cancels this when the client goes, `receive` tells of it.
        """
        kept = self._kept.of(question)
        if kept is not None:
            self.metrics.given_again += 1
            return Given(kept.again(), kept)
        answer = await self._ask(question, payer_at(client), receive)
        # The data of a service change.
        return Given(answer, None if self.forwards else self._kept.keep(question, answer))

    def fields(self, scope: Scope, question: Question, given: Given) -> Fields | None:
        """Return the fields of a response that is the answer alone, None where more is to be thought of."""
        answer, kept = given
        if answer.status != 200 or answer.size > PIECE or self._spooled + answer.size > self.limits.spooled:
            return None
        if forms.is_packed(scope, answer.size):
            return None
        return _fields(question, answer, forms.tags(scope, kept, packed=False))

    async def _answer(self, request: Request, asked: Operation) -> Response:
        self._refuse_text(asked.query)
        question = question_of(request.scope["headers"], asked, absolute(self.url, request.scope))
        given = request.scope.get("extensions", {}).get(ANSWERED)
        if given is None:
            client, _ = request.scope.get("client") or ("", 0)
            given = await self.answer(question, client, receive=request.receive)
        return self._response(request.scope, question, *given)

    async def _ask(self, question: Question, client: str, receive: Receive | None) -> Answer:
        """Return the answer of the engine, which the client (`payer_at`) may ask and pays for; raises Refusal."""
        self._refuse_client(client)
        self._running[client] = self._running.get(client, 0) + 1
        began = asyncio.get_running_loop().time()
        try:
            asking = self.engine.ask(question, standing=self.budget.standing(client))
            answer = await (asking if receive is None else self._unless_gone(receive, asking))
            self._charge(client, answer)
            self.metrics.took(answer.seconds)
        except (asyncio.CancelledError, TimeoutError) as gone:
            self.budget.spend(client, asyncio.get_running_loop().time() - began, added=RESTART)
            if isinstance(gone, asyncio.CancelledError):
                raise
            raise Refusal(408, "The client hung up.") from gone
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
        return answer

    def _refuse_text(self, query: str) -> None:
        if not query.strip():
            raise Refusal(400, [reason("empty")])
        if reaches_out(query):
            raise Refusal(403, [reason("calls")])
        if update_word(query):
            raise Refusal(403, READ_ONLY)
        if self.forwards and is_nothing(query):
            raise Refusal(400, [reason("no-query")])
        if self.forwards and not only_reads(query):
            raise Refusal(403, [reason("extension")])
        if self.forwards and (called := foreign_call(query)):
            raise Refusal(403, [reason("foreign", name=called[:100])])
        if is_nested_deeper(query, than=(limit := self.limits.nesting)):
            raise Refusal(400, [reason("nested", limit=limit)], limit=limit)

    def _refuse_client(self, client: str) -> None:
        if self._running.get(client, 0) >= self.limits.per_client:
            limit = self.limits.per_client
            raise Refusal(429, [reason("running", limit=limit)], headers={"Retry-After": "1"}, limit=limit)
        if self.budget.left(client) <= 0:
            wait = {"Retry-After": str(self.budget.wait(client))}
            raise Refusal(429, self.budget.statement(client), headers=wait)

    def _charge(self, client: str, answer: Answer) -> None:
        """Take what the answer cost beyond the fast slice; what had to be stopped costs at least the penalty.

        A query for which there was no worker has cost nothing, nor one of a known client that had no processor.
        """
        cost, least = max(0.0, answer.seconds - self.limits.fast_slice), 0.0
        if answer.status in (500, 503, 504) and answer.seconds and not self._starved(client, answer):
            least = min(self.limits.penalty, self.limits.budget / 2)
        if cost or least:
            self.budget.spend(client, cost, added=max(0.0, least - cost))
        elif answer.status == 200:
            self.budget.welcome(client)

    def _starved(self, client: str, answer: Answer) -> bool:
        known = self.budget.standing(client) is Standing.KNOWN
        return answer.status == 503 and answer.seconds < self.limits.fast_slice * (0.2 if known else 0.0)

    def _response(self, scope: Scope, question: Question, answer: Answer, kept: KeptAnswer | None) -> Response:
        if answer.status == 406:
            offered = formats_of(question.query)
            raise not_acceptable(
                answer.detail, [each for each in offered if not answer.formats or each.name in answer.formats]
            )
        if answer.body is None:
            headers = {"Retry-After": str(answer.retry)} if answer.retry else {}
            raise Refusal(answer.status, answer.reasons, headers=headers)
        packed = forms.is_packed(scope, answer.size)
        etags = forms.tags(scope, kept, packed=packed)
        if (known := forms.known(scope, etags)) is not None:
            answer.close()
            return forms.unchanged([*HEADERS, (b"etag", known)])
        if self._spooled + answer.size > self.limits.spooled:
            answer.body.close()
            raise Refusal(503, [reason("readers")], headers={"Retry-After": "10"})
        self._spooled += answer.size
        fields, size = _fields(question, answer, etags), answer.size
        way = Packed if packed and kept is None else Spooled
        if packed and kept is not None:
            content = self._kept.packed(question, kept)
            answer.body, answer.size = io.BytesIO(content), len(content)
            fields.append((b"content-encoding", b"gzip"))
        return way(answer.body, size=answer.size, headers=fields, sent=lambda: self._sent(size))

    def _sent(self, size: int) -> None:
        self._spooled -= size

    async def _unless_gone(self, receive: Receive, asking: Awaitable[Answer]) -> Answer:
        """Return the answer; a client that hangs up ends this by TimeoutError: a worker is not held for nobody."""
        async with Unless(lambda: hang_up(receive), after=self.limits.patience):
            return await asking


def _fields(question: Question, answer: Answer, etags: Sequence[bytes]) -> Fields:
    """Return what goes with an answer; of its ETags the first."""
    content_type = CONTENT_TYPES[question.format_of(answer.form)]
    return [*HEADERS, *((b"etag", etag) for etag in etags[:1]), (b"content-type", content_type)]
