"""Answers for readers without scripts: what a browser's form asks the endpoint comes as the query page, filled.

Programs never get it: it is sent to those alone who like HTML better than any format of results.
"""

import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from communique.hosting import plan
from communique.iris import Prefixes
from communique.serving.encodings import encoded
from communique.serving.fault_words import translated
from communique.serving.filling import filled, part, repeated, templates_of
from communique.serving.limits import Limits
from communique.serving.negotiation import best, combined, spoken
from communique.serving.page_links import is_live, url_of_page
from communique.serving.problems import Refusal
from communique.serving.protocol import OVERRIDES, UPDATES, is_form, pairs, parameters
from communique.serving.questions import GRAPHS, RESULTS
from communique.serving.result_names import Row, best_labels, is_familiar, label_query, pieces

ROWS = 500
"""So many rows are shown; all of them are in the files that the page links to."""
CELLS = 3000
"""So many cells are shown: nobody pays for them, and who is served next waits until they are written."""
LARGEST = 2 << 20
"""Bytes of an answer beyond which none of it is shown."""
MOST_LABELS = 400
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
        query = dict(asked)["query"]
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
        headers["Content-Language"] = page.language
        return encoded(Response(html, status, headers, "text/html"), request.scope["headers"])

    def _page(self, language: str, scope: Scope) -> "Page | None":
        """Return the query page in the language of the form, else in that of the reader, as far as there is one."""
        endings = plan.endings(self._languages)
        spoken_best = spoken(combined(scope["headers"], b"accept-language"), offers=[*endings])
        names = (f"sparql{endings.get(language) or endings[spoken_best]}", "sparql.html")
        file = next((self.site / name for name in names if (self.site / name).is_file()), None)
        return Page(self.site, file, self._data, tuple(endings.values())) if file else None

    @cached_property
    def _languages(self) -> Sequence[str]:
        table = self.site / plan.LANGUAGES
        return json.loads(table.read_bytes()) if table.is_file() else ("en",)

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
        question = label_query(safe, in_graphs=is_live(self._data))
        status, _, body = await self._ask(request, question)
        bindings = json.loads(body)["results"]["bindings"] if status == 200 and len(body) <= LARGEST else []
        languages = [language, *self._data["languages"]]
        return best_labels(bindings, languages)


@dataclass(frozen=True)
class Page:
    """The query page in one language, to be filled."""

    site: Path
    file: Path
    data: Mapping[str, Any]
    endings: Sequence[str]

    @cached_property
    def _text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def _templates(self) -> dict[str, str]:
        return templates_of(self._text)

    @property
    def ending(self) -> str:
        """What the names of pages in this language end with."""
        return self.file.name.removeprefix("sparql")

    @property
    def language(self) -> str:
        """The language of the page."""
        found = re.search(r'<html lang="([^"]*)"', self._text)
        return found[1] if found else ""

    def fault(self, problem: Mapping[str, Any]) -> str:
        """Return the page with what a problem document says."""
        told = translated(problem, page=self._text, number=self._number)
        return self._with(filled(self._templates["fault-at" if told.line else "fault"], told._asdict()), "")

    def large(self, query: str) -> str:
        """Return the page with links to an answer that is too large to be shown."""
        return self._with(self._templates["large"], self._files(query))

    def empty(self) -> str:
        """Return the page that says that a graph has no triples."""
        return self._with(self._templates["empty"], "")

    def graph(self, query: str, turtle: str, *, ours: Collection[str]) -> str:
        """Return the page with a graph in Turtle, of whose IRIs those may have a page that are `ours`."""
        text = "".join(
            self._named(piece, iri, url=self._url(iri) if iri in ours else "") if iri else str(escape(piece))
            for piece, iri in pieces(turtle, most=CELLS)
        )
        return self._with("", self._files(query, "ttl") + self._templates["graph"].replace("{turtle}", text, 1))

    def results(
        self, query: str, found: Mapping[str, Any], rows: Sequence[Row], labels: Mapping[str, tuple[str, str]]
    ) -> str:
        """Return the page with the answer to a SELECT or an ASK query, of whose rows `rows` are shown."""
        if "boolean" in found:
            return self._with(self._templates["yes" if found["boolean"] else "no"], "")
        head, count = found["head"]["vars"], len(found["results"]["bindings"])
        if count and not rows:
            return self.large(query)
        table = self._templates["table"]
        row, cell = part(table, "row"), part(part(table, "row"), "cell")
        table = repeated(table, "head", (filled(part(table, "head"), {"name": name}) for name in head))
        lines = (
            repeated(row, "cell", (cell.replace("{cell}", self._shown(each.get(name), labels)) for name in head))
            for each in rows
        )
        table = repeated(table, "row", lines)
        status = filled(self._templates["rows"], {"count": self._number(count), "shown": self._number(len(rows))})
        return self._with(status, self._files(query) + table)

    def _number(self, value: int | str) -> str:
        from communique.interface import Interface  # a server has its first page sooner without

        return Interface(self.language).number(value)

    def _with(self, status: str, results: str) -> str:
        return self._text.replace("<!--status-->", status, 1).replace("<!--results-->", results, 1)

    def _files(self, query: str, *formats: str) -> str:
        template = self._templates["files"]
        address = f"sparql?query={quote(query, safe='')}&format="
        wanted = formats or ("csv", "srj")
        names = {"srj": "JSON"}
        values = ({"url": address + each, "name": names.get(each, each.upper())} for each in wanted)
        return repeated(template, "file", (filled(part(template, "file"), each) for each in values))

    def _shown(self, term: Mapping[str, Any] | None, labels: Mapping[str, tuple[str, str]]) -> str:
        if term is None:
            return ""
        kind, value = term["type"], term["value"]
        if kind == "uri":
            text, language = labels.get(value, ("", ""))
            values = {"iri": value, "text": text or value, "language": language}
            if value in labels and (url := self._url(value)):
                return filled(self._templates["page"], {**values, "url": url})
            if value.startswith(("http://", "https://")):
                return filled(self._templates["elsewhere"], {**values, "url": value})
            return filled(self._templates["iri"], values)
        if kind != "literal":
            return filled(self._templates["text"], {"text": "[ ]" if kind == "bnode" else json.dumps(value)})
        if not is_familiar(datatype := term.get("datatype", "")):
            short = Prefixes(self.data["prefixes"]).curie(datatype) or datatype
            return filled(self._templates["typed"], {"text": value, "datatype": datatype, "short": short})
        return filled(self._templates["text"], {"text": value, "language": term.get("xml:lang", "")})

    def _named(self, text: str, iri: str, *, url: str) -> str:
        """Return a name with a link to its page, or to itself."""
        template = "name"
        if not url and iri.startswith(("http://", "https://")):
            url, template = iri, "name-elsewhere"
        return filled(self._templates[template], {"url": url, "iri": iri, "text": text}) if url else str(escape(text))

    def _url(self, iri: str) -> str:
        return url_of_page(iri, site=self.site, data=self.data, ending=self.ending, endings=self.endings)


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
