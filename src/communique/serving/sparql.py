"""The SPARQL endpoint: one operation of the protocol from request to response, with what it may cost."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from communique.formats import (
    CSV,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Format,
)
from communique.hosting import plan
from communique.serving import forms
from communique.serving.budget import Budget, Standing
from communique.serving.exchange import Answer, Question
from communique.serving.kept import Kept, KeptAnswer
from communique.serving.limits import Limits
from communique.serving.metrics import Metrics
from communique.serving.negotiation import LENGTH, best, combined
from communique.serving.problems import Refusal
from communique.serving.protocol import READ_ONLY, Operation, operation
from communique.serving.spooled import Packed, Spooled
from communique.serving.waiting import Unless, hang_up
from communique.syntax.sparql_text import form_of, is_nested_deeper, is_update, only_reads, reaches_out

RESULTS = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
GRAPHS = (TURTLE, NTRIPLES, JSONLD, RDFXML)
DATASETS = {name: each.media_type for each in (TRIG, NQUADS) for name in (each.name, each.extension.removeprefix("."))}
"""What is known and no answer can be had in: a graph is no dataset."""
EXTENSIONS = "This endpoint passes on what is sure to read alone: no word of an update, no DEFINE, no bif: or sql:."
NO_QUERY = "This is no query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE."
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

GRAPH_NAMES = {RESULTS_JSON.name: JSONLD, RESULTS_XML.name: RDFXML}
"""What of a graph is meant by the names of formats of results: clients name one format, whatever the query."""
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
CONTENT_TYPES = {each.name: plan.typed(each.media_type).encode() for each in (*RESULTS, *GRAPHS)}


def _types(formats: Sequence[Format]) -> dict[str, Format]:
    """Return formats by their media types; last those that `text/*` would mean before a text, as it does text/xml."""
    types = [(name, each) for each in formats for name in (each.media_type, *each.other_media_types)]
    return dict(sorted(types, key=lambda pair: pair[0].partition("/")[0] != pair[1].media_type.partition("/")[0]))


RESULT_TYPES, GRAPH_TYPES = _types(RESULTS), _types(GRAPHS)

Describe = Callable[[Request], Awaitable[Response]]


class Engine(Protocol):
    """What answers questions: workers over a snapshot (`pool`), or a service elsewhere (`forwarding`)."""

    async def ask(self, question: Question, *, standing: Standing) -> Answer:
        """Return the whole answer, or why there is none."""


@dataclass(slots=True)
class Endpoint:
    """Answers the operations of the SPARQL 1.1 Protocol; `describe` answers a request that carries none.

    `budget` limits each client, `metrics` counts. An answer that is kept costs nobody anything. `url` is the address of
    the endpoint, against which relative IRIs are resolved (RFC 3986 section 5.1.3). With `forwards` the engine is not
    ours: it may know extensions by which a query does more than to read.
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

    async def _answer(self, request: Request, asked: Operation) -> Response:
        self._refuse_text(asked.query)
        question = _question(request, asked, self.url)
        kept = self._kept.of(question)
        if kept is not None:
            self.metrics.given_again += 1
            answer = kept.again()
        else:
            answer = await self._ask(request, question)
            kept = self._kept.keep(question, answer)
        return self._response(request, question, answer, kept)

    async def _ask(self, request: Request, question: Question) -> Answer:
        """Return the answer of the engine, which the client may ask and pays for; raises Refusal."""
        client, _ = request.scope.get("client") or ("", 0)
        self._refuse_client(client)
        self._running[client] = self._running.get(client, 0) + 1
        try:
            asking = self.engine.ask(question, standing=self.budget.standing(client))
            answer = await self._unless_gone(request, client, asking)
            self._charge(client, answer)
            self.metrics.took(answer.seconds)
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
        return answer

    def _refuse_text(self, query: str) -> None:
        if not query.strip():
            raise Refusal(400, "The query is empty.")
        if reaches_out(query):
            raise Refusal(403, "SERVICE and LOAD are refused: this endpoint calls nobody.")
        if is_update(query):
            raise Refusal(403, READ_ONLY)
        if self.forwards and not only_reads(query):
            raise Refusal(403, EXTENSIONS if form_of(query) else NO_QUERY)
        if is_nested_deeper(query, than=(limit := self.limits.nesting)):
            raise Refusal(400, f"The query is nested deeper than {limit} brackets.", limit=limit)

    def _refuse_client(self, client: str) -> None:
        if self._running.get(client, 0) >= self.limits.per_client:
            limit = self.limits.per_client
            raise Refusal(
                429, f"{limit} of your queries are running: wait for one.", headers={"Retry-After": "1"}, limit=limit
            )
        if self.budget.left(client) <= 0:
            wait = self.budget.wait(client)
            detail = f"Your expensive queries have used up their {self.limits.budget:g} s. Try again in {wait} s."
            raise Refusal(429, detail, headers={"Retry-After": str(wait)})

    def _charge(self, client: str, answer: Answer) -> None:
        """Take what the answer cost beyond the fast slice; what had to be stopped costs at least half the budget.

        A query for which there was no worker has cost nothing, nor one of a known client that had no processor.
        """
        cost = answer.seconds - self.limits.fast_slice
        if answer.status in (500, 503, 504) and answer.seconds and not self._starved(client, answer):
            cost = max(cost, self.limits.budget / 2)
        if cost > 0:
            self.budget.spend(client, cost)
        elif answer.status == 200:
            self.budget.welcome(client)

    def _starved(self, client: str, answer: Answer) -> bool:
        known = self.budget.standing(client) is Standing.KNOWN
        return answer.status == 503 and answer.seconds < self.limits.fast_slice * (0.2 if known else 0.0)

    def _response(self, request: Request, question: Question, answer: Answer, kept: KeptAnswer | None) -> Response:
        if answer.status == 406:
            raise _not_acceptable(answer.detail, GRAPHS if form_of(question.query) in GRAPH_FORMS else RESULTS)
        if answer.body is None:
            headers = {"Retry-After": str(answer.retry)} if answer.retry else {}
            raise Refusal(answer.status, answer.detail, headers=headers)
        packed = forms.is_packed(request, answer.size)
        etags = forms.tags(request, kept, packed=packed)
        if (known := forms.known(request, etags)) is not None:
            answer.close()
            return forms.unchanged([*HEADERS, (b"etag", known)])
        if self._spooled + answer.size > self.limits.spooled:
            answer.body.close()
            raise Refusal(503, "Too many large answers are waiting for their readers.", headers={"Retry-After": "10"})
        self._spooled += answer.size
        content_type = CONTENT_TYPES[str(question.graph if answer.form == "graph" else question.results)]
        fields = [*HEADERS, *((b"etag", etag) for etag in etags[:1]), (b"content-type", content_type)]
        size = answer.size
        way = Packed if packed and kept is None else Spooled
        if packed and kept is not None:
            content = self._kept.packed(question, kept)
            answer.body, answer.size = io.BytesIO(content), len(content)
            fields.append((b"content-encoding", b"gzip"))
        return way(answer.body, size=answer.size, headers=fields, sent=lambda: self._sent(size))

    def _sent(self, size: int) -> None:
        self._spooled -= size

    async def _unless_gone(self, request: Request, client: str, asking: Awaitable[Answer]) -> Answer:
        """Return the answer, or stop asking when the client hangs up: a worker is not held for nobody."""
        began = asyncio.get_running_loop().time()
        try:
            async with Unless(lambda: hang_up(request.receive), after=self.limits.patience):
                return await asking
        except TimeoutError as gone:
            self.budget.spend(client, asyncio.get_running_loop().time() - began + RESTART)
            raise Refusal(408, "The client hung up.") from gone


def _question(request: Request, asked: Operation, base: str) -> Question:
    """Return what to ask a worker: the best results and the best graph format, since only it knows which is needed."""
    results, graph = _formats(combined(request.scope["headers"], b"accept"), asked.format[:LENGTH])
    if results is None and graph is None:
        raise _not_acceptable("None of the formats that you accept is to be had here.")
    return Question(
        query=asked.query,
        base=base,
        results=results,
        graph=graph,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )


@lru_cache(maxsize=256)  # the same few programs ask again and again
def _formats(accept: str | None, name: str) -> tuple[str | None, str | None]:
    """Return the names of the best format of results and of graphs; `name`, if known, overrides the Accept header."""
    name = name.lower()
    results, graph = _named(name, RESULT_TYPES), _named(name, GRAPH_TYPES)
    if results is None and graph is None:
        # A name that nobody knows says nothing: clients send names of their own beside an Accept header.
        wanted = name if "/" in name else DATASETS.get(name, accept)
        return _format(wanted, RESULT_TYPES), _format(wanted, GRAPH_TYPES)
    return results, graph


def _format(accept: str | None, types: Mapping[str, Format]) -> str | None:
    """Return the name of the format that suits an Accept header best."""
    found = best(accept, offers=tuple(types))
    return types[found].name if found else None


def _named(name: str, types: Mapping[str, Format]) -> str | None:
    """Return the name of the format that is called so, by its name, its extension or the end of its media type."""
    for media_type, each in types.items():
        if name and name in (each.name, each.extension.removeprefix("."), media_type.removeprefix("application/")):
            return each.name
    if types is GRAPH_TYPES and name in GRAPH_NAMES:
        return GRAPH_NAMES[name].name
    return None


def _not_acceptable(detail: str, formats: Sequence[Format] = (*RESULTS, *GRAPHS)) -> Refusal:
    known = [each.media_type for each in formats]
    return Refusal(406, detail, headers={"Vary": "Accept"}, alternatives=known)
