"""The page of the search for readers without scripts: the same page, filled by its own templates."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from communique.hosting import plan
from communique.serving.encodings import encoded
from communique.serving.filling import filled, templates_of
from communique.serving.problems import Refusal

if TYPE_CHECKING:
    from communique.lookup.label_search import Answer

PLACE = re.compile(r'data-root="([^"]*)" data-ending="([^"]*)" data-language="([^"]*)"')
Look = Callable[[str, str], "Awaitable[Answer]"]
"""Returns what a text finds, with titles in a language; raises Refusal."""
LONGEST = 200
"""Characters of a query that are looked at."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """An ASGI application: the page as it was built (`pages`), and with what its form asks for, if that is asked.

    `look` searches, where the index of names of the site does not.
    """

    page: Path
    pages: ASGIApp
    look: Look | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        query = Request(scope).query_params.get("q", "")
        if not query.strip() or scope["method"] not in ("GET", "HEAD"):
            return await self.pages(scope, receive, send)
        try:
            html = await self._answered(query)
            response = Response(html, 200, {**plan.HEADERS, "Cache-Control": plan.REVALIDATE}, "text/html")
        except Refusal as refusal:
            html = failed(self.page.read_text(encoding="utf-8"), getattr(refusal, "reason", ""))
            response = Response(
                html, refusal.status, {**plan.HEADERS, "Cache-Control": "no-store", **refusal.headers}, "text/html"
            )
        except (OSError, ValueError):
            response = Refusal(500, "The index of names cannot be read.").response()
        return await encoded(response, scope["headers"])(scope, receive, send)

    async def _answered(self, query: str) -> str:
        page = self.page.read_text(encoding="utf-8")
        if self.look is None:
            return await asyncio.to_thread(answered, page, query, site=self.page.parent)
        place = PLACE.search(page)
        query = query.strip()[:LONGEST]
        return filled_in(page, query, await self.look(query, place[3])) if place else page


def routes(site: Path, pages: ASGIApp, look: Look | None = None) -> list[Route]:
    """Return a route for the page of the search in each language that a built site has it in."""
    # Whatever the method: what is no question is for the pages.
    every = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"]
    files = sorted(site.glob("search*.html"))
    return [Route(f"/{file.name}", SearchPage(file, pages, look), methods=every) for file in files]


def answered(page: str, query: str, *, site: Path) -> str:
    """Return the page of the search, as it was built, with what a query finds; `site` is the folder of the built site.

    Raises OSError or ValueError if the index is missing or damaged.
    """
    from communique.lookup.label_search import search  # a third of a second: a server has its first page sooner without

    query = query.strip()[:LONGEST]
    place = PLACE.search(page)
    if not query or place is None:
        return page
    return filled_in(page, query, search(site, query, language=place[3]))


def failed(page: str, reason: str = "") -> str:
    """Return the page of the search, which says that nothing could be looked up, and why, if it knows."""
    templates = templates_of(page)
    found = templates["failed"] if reason in ("", "late", "large") else templates.get("gone", templates["failed"])
    return page.replace("<!--status-->", found)


def filled_in(page: str, query: str, answer: "Answer") -> str:
    """Return the page of the search with what a query has found."""
    place = PLACE.search(page)
    assert place is not None
    from communique.interface import Interface  # as `answered` does

    root, ending, language = place.groups()
    number = Interface(language).number
    templates = templates_of(page)
    told = templates.get(_state(answer), templates["more"])
    status = filled(told, {"count": number(answer.count), "shown": number(len(answer.found))})
    kinds = groupby(sorted(answer.found, key=lambda each: _first(answer, each.kind)), key=lambda each: each.kind)
    sections = []
    for kind, hits in kinds:
        found = list(hits)
        lines = [
            filled(templates["hit"], {"url": root + quote(each.stem) + ending, "title": each.title,
                                       "language": each.language, "other": each.other})
            for each in found
        ]  # fmt: skip
        heading = (kind, found[0].kind_language) if kind else (unescape(templates.get("untyped", "")), language)
        values = dict(zip(("kind", "language"), heading, strict=True)) | {"count": number(len(found))}
        sections.append(filled(templates["group"], values).replace("</ul>", "".join(lines) + "</ul>"))
    whole = page.replace("<!--status-->", status).replace("<!--found-->", "".join(sections))
    return whole.replace('type="search" value=""', f'type="search" value="{escape(query)}"', 1)


def _state(answer: "Answer") -> str:
    if answer.short:
        return "short"
    if not answer.count:
        return "none"
    if not answer.counted:
        return "uncounted"
    return "more" if answer.count > len(answer.found) else "count"


def _first(answer: "Answer", kind: str) -> int:
    """Return the place of the best thing of a class: the classes come in the order of their best."""
    return next(place for place, each in enumerate(answer.found) if each.kind == kind)
