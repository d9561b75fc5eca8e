"""The files of a built site over HTTP, and dereferencing: an IRI of a thing answers 303 with the document that suits.

| request | answer |
|---|---|
| `/sco/meeting/x.ttl`, a file | 200 with its bytes, or 304 |
| `/sco/meeting/x`, documents beside it | 303 to the best of them, or 406 that lists them |
| the same, pages in several languages | 303 to that of the reader, if a page suits best |
| anything else | 404 |

303 is the way of *Cool URIs for the Semantic Web*, section 4.2.
"""

import hashlib
import json
import mimetypes
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.formats import FORMATS, HTML, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from communique.hosting import negotiation, plan
from communique.serving.negotiation import best, combined, spoken
from communique.serving.problems import Refusal

OFFERED = (HTML, TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS)
ALSO = {name: format for format, names in negotiation.ALSO.items() for name in names}
"""Media types that are asked for when one of ours is meant."""
COMMON = [(name.lower().encode(), value.encode()) for name, value in plan.HEADERS.items() if value != plan.POLICY]
TYPES = plan.media_types()
WELL_KNOWN_VOID = ".well-known/void"
"""The description of the dataset where programs look for it (VoID, section 7.2), in Turtle."""
CACHED = 64 << 20
"""Bytes of files that are held in memory."""
LARGE = 1 << 20
"""Bytes beyond which a file is sent in pieces and not held."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site with all that is sent about it; `content` is None when it is too large to be held."""

    path: Path
    size: int
    etag: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes | None


@dataclass(slots=True)
class Pages:
    """An ASGI application over the folder of one generation, whose files never change."""

    root: Path
    _held: OrderedDict[str, File] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _renamed: dict[str, str] = field(default_factory=dict)
    _endings: dict[str, str] = field(default_factory=dict)
    _vary: str = "Accept"

    def __post_init__(self) -> None:
        """Learn which documents have another name than their IRIs, and in which languages there are pages."""
        table = self.root / plan.RENAMED
        if table.is_file():
            self._renamed = json.loads(table.read_bytes())
        table = self.root / plan.LANGUAGES
        if table.is_file():
            languages = json.loads(table.read_bytes())
            self._endings, self._vary = plan.endings(languages), ", ".join(plan.vary(languages))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise Refusal(405, "Pages are read with GET and HEAD.", headers={"Allow": "GET, HEAD"})
            name = _name(scope["path"].removeprefix(scope.get("root_path", "")))
            file = self.file(name)
            if file is None:
                await self._see_other(self._renamed.get(name, name), scope)(scope, receive, send)
            else:
                await _send(file, scope, send)
        except Refusal as refusal:
            response = refusal.response() if refusal.status != 404 else self._not_found(scope, refusal)
            await response(scope, receive, send)

    def file(self, name: str) -> File | None:
        """Return the file at `name`, a plain path inside the site, None when there is none."""
        held = self._held.get(name)
        if held is not None:
            self._held.move_to_end(name)
            return held
        path = self.root / name
        if not path.is_file():
            return None
        file = _read(path, name, self._alternates(name), self._language_of(name))
        if file.content is not None:
            self._hold(name, file)
        return file

    def siblings(self, name: str) -> list[str]:
        """Return the extensions of the documents of the thing at `name`, the preferred one first."""
        return [each.extension for each in OFFERED if (self.root / (name + each.extension)).is_file()]

    def _hold(self, name: str, file: File) -> None:
        self._held[name] = file
        self._bytes += file.size
        while self._bytes > CACHED:
            self._bytes -= self._held.popitem(last=False)[1].size

    def _language_of(self, name: str) -> str:
        """Return the language of a page by its name, "" where it is no page."""
        return next((tag for tag, ending in reversed(self._endings.items()) if name.endswith(ending)), "")

    def _page(self, stem: str, scope: Scope) -> str:
        """Return the ending of the page that the client understands best, as far as there is one."""
        header = combined(scope["headers"], b"accept-language")
        ending = self._endings[spoken(header, offers=[*self._endings])] if self._endings else HTML.extension
        return ending if (self.root / (stem + ending)).is_file() else HTML.extension

    def _alternates(self, name: str) -> str:
        """Return the Link header of a document: the others of the same thing (RFC 8288)."""
        stem, dot, extension = name.rpartition(".")
        if ending := self._endings.get(self._language_of(name), ""):
            stem = name.removesuffix(ending)
        if FORMATS.by_extension(extension) not in OFFERED:
            return ""
        others = [each for each in self.siblings(stem) if each != dot + extension]
        last = quote(stem.rpartition("/")[2])
        return ", ".join(f'<{last}{each}>; rel="alternate"; type="{_media_type(each)}"' for each in others)

    def _see_other(self, name: str, scope: Scope) -> Response:
        """Return the redirection to the document that the client likes best."""
        extensions = self.siblings(name)
        if not extensions:
            raise Refusal(404, "There is no such page.")
        offers = {_media_type(each): each for each in extensions}
        known = {also: format.extension for also, format in ALSO.items() if format.extension in extensions}
        wanted = _override(scope, extensions) or combined(scope["headers"], b"accept")
        found = best(wanted, offers=[*offers, *known])
        last = quote(name.rpartition("/")[2])
        if found is None:
            links = [f"{last}{each}" for each in extensions]
            raise Refusal(406, "This is to be had in other formats.", headers={"Vary": self._vary}, alternatives=links)
        ending = {**known, **offers}[found]
        if ending == HTML.extension:
            ending = self._page(name, scope)
        location = quote(scope.get("root_path", "")) + quote(f"/{name}") + ending
        headers = {
            "Location": location,
            "Vary": self._vary,
            "Cache-Control": "no-cache",
            "Access-Control-Allow-Origin": "*",
        }
        return Response(status_code=303, headers=headers)

    def _not_found(self, scope: Scope, refusal: Refusal) -> Response:
        ending = self._page("404", scope)
        page = self.file("404" + ending)
        header = combined(scope["headers"], b"accept")
        if (
            page is None
            or page.content is None
            or best(header, offers=["text/html", "application/problem+json"]) != "text/html"
        ):
            refusal.headers["Vary"] = self._vary
            return refusal.response()
        headers = {"Cache-Control": "no-store", "Vary": self._vary, "Content-Security-Policy": plan.POLICY}
        if language := self._language_of("404" + ending):
            headers["Content-Language"] = language
        return Response(page.content, 404, headers, "text/html")


def _name(path: str) -> str:
    """Return the path inside the site that a decoded URL path names; one thing has one address: nothing is guessed."""
    origin, *segments = path.split("/")
    if segments and not segments[-1]:
        segments[-1] = "index.html"
    if origin or not segments or not all(map(_is_name, segments)):
        raise Refusal(404, "There is no such page.")
    return "/".join(segments)


def _is_name(segment: str) -> bool:
    """Tell whether a segment can be the name of a file of ours; names of more than 255 bytes are none anywhere."""
    plain = segment not in ("", ".", "..") and not {"\0", "\\"} & set(segment)
    return plain and len(segment.encode("utf-8", "surrogatepass")) <= 255


def _override(scope: Scope, extensions: list[str]) -> str | None:
    """Return the media type that `?_mediatype=` asks for, by its name or by an extension."""
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=100):
        if name == "_mediatype":
            return _media_type("." + value) if "." + value in extensions else value.replace(" ", "+")
    return None


def _media_type(extension: str) -> str:
    known = TYPES.get(extension.removeprefix("."))
    return known or mimetypes.guess_type(f"x{extension}")[0] or "application/octet-stream"


def _read(path: Path, name: str, alternates: str, language: str) -> File:
    size = path.stat().st_size
    content = path.read_bytes() if size <= LARGE else None
    with path.open("rb") as opened:
        etag = b'"%s"' % hashlib.file_digest(opened, "sha256").hexdigest()[:32].encode()
    media_type = TURTLE.media_type if name == WELL_KNOWN_VOID else _media_type(path.suffix)
    headers = [
        *COMMON,
        (b"content-type", (media_type + "; charset=utf-8" * media_type.startswith("text/")).encode()),
        (b"content-length", str(size).encode()),
        (b"etag", etag),
        (b"cache-control", plan.FOR_EVER.encode() if name.startswith("assets/") else plan.REVALIDATE.encode()),
    ]
    if language:
        headers.append((b"content-language", language.encode()))
    if alternates:
        headers.append((b"link", alternates.encode()))
    if media_type == "text/html":
        headers.append((b"content-security-policy", plan.POLICY.encode()))
    return File(path, size, etag, headers, content)


async def _send(file: File, scope: Scope, send: Send) -> None:
    asked = [
        each.strip().removeprefix("W/") for each in (combined(scope["headers"], b"if-none-match") or "").split(",")
    ]
    if "*" in asked or file.etag.decode() in asked:
        headers = [header for header in file.headers if header[0] != b"content-length"]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": file.headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body"})
    elif file.content is not None:
        await send({"type": "http.response.body", "body": file.content})
    else:
        await _send_pieces(file.path, send)


async def _send_pieces(path: Path, send: Send) -> None:
    with path.open("rb") as opened:
        while piece := opened.read(LARGE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body"})
