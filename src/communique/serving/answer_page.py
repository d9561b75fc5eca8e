"""Answers for readers without scripts: what a browser's form asks the endpoint comes as the query page, filled.

Programs never get it: it is sent to those alone who like HTML better than any format of results.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from communique.hosting import plan
from communique.serving.encodings import encoded
from communique.serving.limits import Limits
from communique.serving.negotiation import best, combined, spoken
from communique.serving.page_links import is_live
from communique.serving.problems import Refusal
from communique.serving.protocol import OVERRIDES, UPDATES, is_form, pairs, parameters
from communique.serving.query_page import CELLS, Page
from communique.serving.questions import GRAPHS, RESULTS
from communique.serving.readers import readers
from communique.serving.result_names import Row, best_labels, pieces
from communique.sparql.label_query import label_query
from communique.syntax.query_prefixes import with_prefixes

ROWS = 500
"""So many rows are shown; all of them are in the files that the page links to."""
LARGEST = 2 << 20
"""Bytes of an answer beyond which none of it is shown."""
MOST_LABELS = 400
FEWEST = 25
TOO_MUCH = (200, 413, 502)
"""With what an answer comes that is larger than it may be: of ours, of an engine that says so, of one that does not."""
TEXT = re.compile(r'(<textarea id="query-text"[^>]*>)(.*?)(</textarea>)', re.DOTALL)
UNSAFE = re.compile(r'[<>"{}|^`\\\x00-\x20]')
OFFERS = (*(name for each in (*RESULTS, *GRAPHS) for name in (each.media_type, *each.other_media_types)), "text/html")
ACCEPT = ", ".join(("application/sparql-results+json", "text/turtle"))
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class AnswerPage:
    """Asks the endpoint, and gives what it answers as it is, or on the query page of the built site at `site`."""

    endpoint: Endpoint
    site: Path
    limits: Limits

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if not wants_page(request.scope):
            return await self.endpoint(request)
        try:
            asked = await parameters(request, limits=self.limits)
        except Refusal as refusal:
            return refusal.response()
        if request.method == "POST":
            scope = {**request.scope, "method": "GET", "query_string": urlencode(asked).encode()}
            request = Request(scope, request.receive)
        page = self._page(dict(asked).get("lang", ""), request.scope) if _is_plain_query(asked) else None
        if page is None:
            return await self.endpoint(request)
        # As the page does with scripts.
        query = with_prefixes(dict(asked)["query"], self._data["prefixes"], separator="\n")
        status, said, body = await self._ask(request, query)
        if status != 200:
            content = page.fault(_problem(body))
        elif len(body) > LARGEST:
            content = page.large(query)
        elif said["content-type"] != "application/sparql-results+json":
            text = body.decode()
            named = {iri for _, iri in pieces(text, most=CELLS) if iri}
            # Without files to look for, what is described has a page.
            ours = named if not is_live(self._data) else set(await self._labels(request, named, page.language))
            content = page.graph(query, text, ours=ours) if text.strip() else page.empty()
        else:
            found = json.loads(body)
            rows = _first(found)
            iris = {term["value"] for row in rows for term in row.values() if term["type"] == "uri"}
            labels = await self._labels(request, iris, page.language)
            content = page.results(query, found, rows, labels)
        html = TEXT.sub(lambda text: f"{text[1]}\n{escape(query)}{text[3]}", content, count=1)
        wait = {"Retry-After": said["retry-after"]} if "retry-after" in said else {}
        headers = {**plan.HEADERS, "Cache-Control": "no-cache", "Vary": ", ".join(plan.vary(self._languages)), **wait}
        headers["Content-Language"] = self._readers[page.language]
        return encoded(Response(html, status, headers, "text/html"), request.scope["headers"])

    def _page(self, language: str, scope: Scope) -> Page | None:
        """Return the query page in the language of the form, else in that of the reader, as far as there is one."""
        endings = plan.endings(self._languages)
        spoken_best = spoken(combined(scope["headers"], b"accept-language"), offers=[*endings])
        names = (f"sparql{endings.get(language) or endings[spoken_best]}", "sparql.html")
        file = next((self.site / name for name in names if (self.site / name).is_file()), None)
        return Page(self.site, file, self._data, endings) if file else None

    @cached_property
    def _languages(self) -> Sequence[str]:
        table = self.site / plan.LANGUAGES
        return json.loads(table.read_bytes()) if table.is_file() else ("en",)

    @cached_property
    def _readers(self) -> Mapping[str, str]:
        return readers(self.site, self._languages)

    @cached_property
    def _data(self) -> dict[str, Any]:
        said, aids = (
            json.loads((self.site / f"queries/{each}.json").read_bytes()) for each in ("engine", "completion")
        )
        return {**said, "prefixes": aids["prefixes"]}

    async def _ask(self, request: Request, query: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return the status, the headers and the body with which the endpoint answers a query."""
        graphs = [pair for pair in pairs(request.scope["query_string"]) if pair[0].endswith("-graph-uri")]
        asked = urlencode([("query", query), *graphs])
        scope: Scope = {**request.scope, "method": "GET", "query_string": asked.encode()}
        # What a browser knows of an answer says nothing of the page, and the answer is read here.
        omitted = (b"accept", b"accept-encoding", b"if-none-match")
        headers = [pair for pair in request.scope["headers"] if pair[0] not in omitted]
        scope["headers"] = [*headers, (b"accept", ACCEPT.encode())]
        response = await self.endpoint(Request(scope, request.receive))
        body = bytearray()

        async def keep(message: Message) -> None:
            if len(body) <= LARGEST:
                body.extend(message.get("body", b""))

        await response(scope, request.receive, keep)
        return response.status_code, response.headers, bytes(body)

    async def _labels(self, request: Request, iris: set[str], language: str) -> dict[str, tuple[str, str]]:
        """Return the best label and its language of each IRI that the data describe."""
        safe = sorted(iri for iri in iris if not UNSAFE.search(iri))[:MOST_LABELS]
        if not safe:
            return {}
        return best_labels(await self._label_rows(request, safe), [language, *self._data["languages"]])

    async def _label_rows(self, request: Request, iris: list[str]) -> list[Row]:
        """Return the rows with the labels of some IRIs, of half of them each where they are too much for one answer."""
        status, _, body = await self._ask(request, label_query(iris, in_graphs=is_live(self._data)))
        if status == 200 and len(body) <= LARGEST:
            rows: list[Row] = json.loads(body)["results"]["bindings"]
            return rows
        if status not in TOO_MUCH or len(iris) <= FEWEST:
            return []
        middle = (len(iris) + 1) // 2
        first = await self._label_rows(request, iris[:middle])
        return first + await self._label_rows(request, iris[middle:])


def wants_page(scope: Scope) -> bool:
    """Tell whether who sends a request likes a page better than any format of an answer."""
    if best(combined(scope["headers"], b"accept"), offers=OFFERS) != "text/html":
        return False
    return scope["method"] in ("GET", "HEAD") or is_form(scope)


def _is_plain_query(asked: Sequence[tuple[str, str]]) -> bool:
    """Tell whether there is one query and no wish for a format; what is refused is the endpoint's to refuse."""
    queries = [value for name, value in asked if name == "query"]
    others = {name for name, value in asked if name in UPDATES or (name in OVERRIDES and value)}
    return len(queries) == 1 and not others


def _first(found: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows that are shown, none of an answer so wide that its first row were too much."""
    rows: Sequence[Row] = found.get("results", {}).get("bindings", [])
    return rows[: min(ROWS, CELLS // max(1, len(found["head"].get("vars", ()))))]


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        problem = json.loads(body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
