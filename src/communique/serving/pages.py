"""The files of a built site over HTTP, and dereferencing: an IRI of a thing answers 303 with the document that suits.

| request | answer |
|---|---|
| `/sco/meeting/x.ttl`, a file | 200 with its bytes, 206, 304 or 416 |
| `/sco/meeting/x.nt`, a document that follows from a file | the same, with the bytes that a build would have written |
| `/sco/meeting/x`, documents beside it | 303 to the best of them, or 406 that lists them |
| the same, pages in several languages | 303 to that of the reader, if a page suits best |
| `/dumps`, a folder with a page | 308 to `/dumps/` |
| `/place/`, the page of a folder | 200 with it |
| the same, data beside the page | the page, in the language of the reader, where that suits best, else 303 or 406 |
| anything else | 404, on a page in the language that the address names (`x.ru.html`), else in that of the reader |

303 is the way of *Cool URIs for the Semantic Web*, section 4.2.
"""

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.bounded import Bounded
from communique.formats import DOCUMENTS, HTML, Format
from communique.hosting import plan
from communique.representations.derivation import SOURCES
from communique.serving import files
from communique.serving.addresses import INDEX, Names
from communique.serving.encodings import encoded
from communique.serving.files import File
from communique.serving.links import (
    DATA,
    Link,
    data_of_page,
    led_from,
    links_of_data,
    links_of_page,
    linkset,
    offers,
    written,
)
from communique.serving.negotiation import best, combined, spoken
from communique.serving.preferences import preferred
from communique.serving.problems import Refusal
from communique.serving.readers import readers

EXTENSIONS = {each.extension: each for each in DOCUMENTS}
QUERY_PAGE = re.compile(r"sparql(?:\.[A-Za-z-]+)?\.html")
ENDPOINT: Link = ("service", "sparql", "")
"""What the query page, in whatever language, need not try in vain: a static host has no such header."""
CACHED = 64 << 20
"""Bytes of files that are held in memory."""
LARGEST_SOURCE = 16 << 20
"""Bytes of a document from which others are made on request."""
PREFLIGHT = {"Access-Control-Allow-Origin": "*", **plan.PREFLIGHT, "Allow": plan.METHODS}

Convert = Callable[[bytes, Format], Awaitable[bytes]]
"""Makes a document from its source (`communique.representations.derivation`); raises Refusal."""


@dataclass(slots=True)
class Pages:
    """An ASGI application over the folder of one generation, whose files never change.

    `convert` makes the formats that are not kept; `injected` goes to the end of each page's head, or where no tag ends
    that, of the page.
    """

    root: Path
    convert: Convert | None = None
    injected: bytes = b""
    _held: OrderedDict[str, File] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _names: Names = field(default_factory=Names)
    _endings: dict[str, str] = field(default_factory=dict)
    _readers: dict[str, str] = field(default_factory=dict)
    _vary: str = "Accept"
    _folder_of_site: str = "/"
    _linkset: dict[str, list[Link]] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _siblings: Bounded[str, tuple[Format, ...]] = field(default_factory=Bounded)

    def __post_init__(self) -> None:
        """Learn which documents have another name than their IRIs, and in which languages there are pages."""
        self._names = Names.of(self.root)
        table = self.root / plan.LANGUAGES
        if table.is_file():
            languages = json.loads(table.read_bytes())
            self._endings, self._vary = plan.endings(languages), ", ".join(plan.vary(languages))
            self._readers = readers(self.root, languages)
        self._linkset = linkset(self.root / plan.LINKSET, address=self.root / plan.ADDRESS)
        table = self.root / plan.FOLDER
        if table.is_file():
            self._folder_of_site = json.loads(table.read_bytes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            method = scope["method"]
            if method not in ("GET", "HEAD"):
                await _other_method(method)(scope, receive, send)
                return
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            name = self._names.asked_for(path, scope)
            found = await self._file(name) or await self._derived(name) or self._names.renamed.get(path[1:], name)
            if isinstance(found, File) and path.endswith("/"):
                found = await self._of_folder(found, name, scope)
            if isinstance(found, File):
                await files.send(found, method=method, headers=scope["headers"], send=send)
            else:
                await self._see_other(found, scope)(scope, receive, send)
        except Refusal as refusal:
            response = refusal.response() if refusal.status != 404 else self._not_found(scope, refusal)
            await response(scope, receive, send)

    async def _file(self, name: str) -> File | None:
        """Return the file at `name`; a large one is read in a thread, once: its digest takes a second per gigabyte."""
        if name in self._held or not files.is_large(self.root / name):
            return self.file(name)
        async with self._reading:
            return self._held.get(name) or await asyncio.to_thread(self.file, name)

    def file(self, name: str) -> File | None:
        """Return the file at `name`, a plain path inside the site, None when there is none."""
        held = self._held.get(name)
        if held is not None:
            self._held.move_to_end(name)
            return held
        path = self.root / name
        if not files.is_there(path):
            return None
        link, language = self._link(name), self._readers.get(self._language_of(name), "")
        file = files.read(path, name, link=link, language=language)
        if self.injected and file.content is not None and name.endswith(HTML.extension):
            head, end, rest = file.content.partition(b"</head>")
            file = files.made(head + self.injected + end + rest, name, link=link, language=language)
        self._hold(name, file)
        return file

    def has(self, name: str) -> bool:
        """Tell whether there is a file at `name`."""
        return files.is_there(self.root / name)

    def content(self, name: str, *, most: int | None = None) -> bytes | None:
        """Return the bytes of the file at `name`, None where there is none, or where it has more than `most` bytes."""
        path = self.root / name
        if not files.is_there(path) or (most is not None and path.stat().st_size > most):
            return None
        return path.read_bytes()

    def siblings(self, name: str) -> tuple[Format, ...]:
        """Return the formats in which the thing at `name` can be had, the preferred one first."""
        known = self._siblings.get(name)
        if known is None:
            known = self._siblings[name] = self._offered(name)
        return known

    def _offered(self, name: str, *, told: Collection[Format] = ()) -> tuple[Format, ...]:
        """Return the formats of the files beside `name`, those that are `told`, and what follows from them."""
        kept = {*told, *(each for each in DOCUMENTS if self.has(name + each.extension))}
        made = {each for each, source in SOURCES.items() if source in kept and self.convert is not None}
        return tuple(each for each in DOCUMENTS if each in kept | made)

    async def _derived(self, name: str) -> File | None:
        """Return a document that follows from a file of the site, None when there is no such file."""
        stem, dot, extension = name.rpartition(".")
        format = EXTENSIONS.get(dot + extension)
        if format is None or format not in SOURCES or self.convert is None:
            return None
        source = self.content(stem + SOURCES[format].extension, most=LARGEST_SOURCE)
        if source is None:
            return None
        file = files.made(await self.convert(source, format), name, link=self._link(name))
        self._hold(name, file)
        return file

    def _hold(self, name: str, file: File) -> None:
        if name in self._held:
            return
        self._held[name] = file
        self._bytes += file.room
        while self._bytes > CACHED:
            self._bytes -= self._held.popitem(last=False)[1].room

    def _language_of(self, name: str) -> str:
        """Return the language of a page by its name, "" where it is no page."""
        return next((tag for tag, ending in reversed(self._endings.items()) if name.endswith(ending)), "")

    @property
    def vary(self) -> str:
        """What of a request decides about the page of a thing, as the value of a header field."""
        return self._vary

    def name_for(self, stem: str, scope: Scope) -> str:
        """Return the name of a page in the language that the client understands best, as far as there is one."""
        return stem + self._page(stem, scope)

    def _page(self, stem: str, scope: Scope) -> str:
        """Return the ending of the page that the client understands best, as far as there is one."""
        header = combined(scope["headers"], b"accept-language")
        ending = self._endings[spoken(header, offers=[*self._endings])] if self._endings else HTML.extension
        return ending if self.has(stem + ending) else HTML.extension

    def _link(self, name: str) -> str:
        """Return the Link header of a file."""
        return written([*self._links(name), *([ENDPOINT] if QUERY_PAGE.fullmatch(name) else ())])

    def _links(self, name: str) -> list[Link]:
        stem, dot, extension = name.rpartition(".")
        if dot + extension not in EXTENSIONS or (name in self._linkset and extension != "html"):
            return self._linkset.get(name, [])
        stem = name.removesuffix(self._endings.get(self._language_of(name), dot + extension))
        last = quote(stem.rpartition("/")[2])
        page = self.content(name if extension == "html" else stem + HTML.extension)
        links = links_of_page(page) if page is not None else []
        if extension == "html":
            return [*links, *self._other_data(stem, links)]
        formats = (each for each in self.siblings(stem) if each is not HTML)
        others = [("alternate", last + each.extension, each.media_type) for each in formats]
        described = None if page is None else f"{last}.html"
        return links_of_data(links, page=described, own=last + dot + extension, others=others)

    def _other_data(self, stem: str, links: Iterable[Link]) -> list[Link]:
        """Return the data documents of a page that its head, which tells where they are, does not name."""
        start, extensions = data_of_page(links)
        told = {each for each in DOCUMENTS if each.extension in extensions}
        others = (each for each in self._offered(stem, told=told) if each is not HTML and each not in told)
        start = start or quote(stem.rpartition("/")[2])
        return [(DATA, start + each.extension, each.media_type) for each in others]

    async def _of_folder(self, page: File, name: str, scope: Scope) -> File | str:
        """Return the page of a folder, or where that is a thing, with data beside it, the best page, or the stem."""
        stem = name.removesuffix(HTML.extension)
        formats = self.siblings(stem)
        if not {*formats} - {HTML}:
            return files.located(page, INDEX)
        if preferred(formats, scope) is not HTML:
            return stem
        name = stem + self._page(stem, scope)
        return files.located(await self._file(name) or page, name.rpartition("/")[2], vary=self._vary)

    def _see_other(self, name: str, scope: Scope) -> Response:
        """Return the redirection to the document that the client likes best."""
        formats = self.siblings(name)
        if not formats and self.has(f"{name}/{INDEX}"):
            return self._folder(name, scope)
        if not formats:
            raise Refusal(404, "There is no such page.")
        chosen = preferred(formats, scope)
        if chosen is None:
            links = offers(name, formats, links_of_page(self.content(name + HTML.extension) or b""))
            headers = {"Vary": self._vary, "Link": written(links)}
            alternatives = [url for _, url, _ in links]
            raise Refusal(406, "This is to be had in other formats.", headers=headers, alternatives=alternatives)
        ending = self._page(name, scope) if chosen is HTML else chosen.extension
        location = quote(scope.get("root_path", "")) + quote(f"/{name}") + ending
        headers = {
            "Location": location,
            "Vary": self._vary,
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        }
        return Response(status_code=303, headers=headers)

    @staticmethod
    def _folder(name: str, scope: Scope) -> Response:
        location = quote(scope.get("root_path", "")) + quote(f"/{name}/")
        headers = {"Location": location, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        return Response(status_code=308, headers=headers)

    def _not_found(self, scope: Scope, refusal: Refusal) -> Response:
        named = self._endings.get(self._language_of(scope["path"]), HTML.extension)
        ending = named if named != HTML.extension else self._page("404", scope)
        page = self.file("404" + ending)
        header = combined(scope["headers"], b"accept")
        if (
            page is None
            or page.content is None
            or best(header, offers=["text/html", "application/problem+json"]) != "text/html"
        ):
            refusal.headers["Vary"] = f"{self._vary}, Accept-Encoding"  # the page is packed
            return refusal.response()
        headers = {**plan.HEADERS, "Cache-Control": plan.NOT_KEPT, "Vary": self._vary}
        if language := self._language_of("404" + ending):
            headers["Content-Language"] = self._readers[language]
        content = led_from(self._folder_of_site, page.content, to=scope.get("root_path", ""))
        return encoded(Response(content, 404, headers, "text/html"), scope["headers"])


def _other_method(method: str) -> Response:
    if method == "OPTIONS":
        return Response(status_code=204, headers=PREFLIGHT)
    return Refusal(405, "Pages are read with GET and HEAD.", headers={"Allow": plan.METHODS}).response()
