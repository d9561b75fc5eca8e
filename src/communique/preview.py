"""Preview: a folder of a built site over HTTP on this machine, for the eyes of whoever builds it."""

from __future__ import annotations

import mimetypes
import os
import signal
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from communique.errors import AccessError
from communique.formats import FORMATS, HTML, JSONLD, TURTLE

if TYPE_CHECKING:
    from collections.abc import Callable

OFFERED = (HTML, TURTLE, JSONLD)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the file that is sent, and where the client should look instead."""

    status: HTTPStatus
    file: Path | None = None
    location: str = ""


def answer(root: Path, *, target: str, accept: str = "") -> Answer:
    """Return what a GET of `target` gets from the site in `root`; nothing outside `root` is ever sent.

    A path without a file but with documents beside it (`x` beside `x.html`, `x.ttl`) is answered with 303 See Other.
    """
    origin, *segments = unquote(target.partition("?")[0].partition("#")[0]).split("/")
    if segments and not segments[-1]:
        segments[-1] = "index.html"
    if origin or not segments or any(not part or part in {".", ".."} or "\0" in part for part in segments):
        return _missing(root)
    name = "/".join(segments)
    if file := _inside(root, name):
        return Answer(HTTPStatus.OK, file)
    siblings = [each.extension for each in OFFERED if _inside(root, name + each.extension)]
    if not siblings:
        return _missing(root)
    return Answer(HTTPStatus.SEE_OTHER, location=quote("./" + segments[-1] + preferred(accept, siblings)))


def preferred(accept: str, extensions: list[str]) -> str:
    """Return the extension that an Accept header (RFC 9110, section 12.5.1) likes best; in doubt the first.

    >>> preferred("text/turtle, text/html;q=0.5", [".html", ".ttl"])
    '.ttl'
    """
    best, liked = extensions[0], 0.0
    for part in accept.split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        found = FORMATS.by_media_type(media_type)
        quality = _quality(parameters)
        if found is not None and found.extension in extensions and quality > liked:
            best, liked = found.extension, quality
    return best


def media_type(file: Path) -> str:
    """Return the media type of a file by its extension, with its charset where it is text."""
    known = FORMATS.by_extension(file.suffix)
    found = known.media_type if known else mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return found + "; charset=utf-8" if found.startswith("text/") else found


def serve(root: Path, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the site in `root` until Ctrl-C or SIGTERM; `announce` gets the address. Port 0 takes any free one."""
    try:
        server = ThreadingHTTPServer((host, port), _handler(root))
    except OSError as problem:
        raise AccessError(f"{host}:{port}: {problem.strerror}: choose another one with --port") from problem
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with server:
        announce(f"http://{f'[{host}]' if ':' in host else host}:{server.server_address[1]}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, former)


def _handler(root: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "communique"
        sys_version = ""
        timeout = 30

        def do_GET(self) -> None:
            self._send(body=True)

        def do_HEAD(self) -> None:
            self._send(body=False)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

        def _send(self, *, body: bool) -> None:
            found = answer(root, target=self.path, accept=self.headers.get("Accept", ""))
            content = found.file.read_bytes() if found.file else b""
            self.send_response(found.status)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            if found.location:
                self.send_header("Location", found.location)
                self.send_header("Vary", "Accept")
            if found.file:
                self.send_header("Content-Type", media_type(found.file))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content)

    return Handler


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _inside(root: Path, name: str) -> Path | None:
    """Return the file of this name if it lies in the site, links followed."""
    try:
        real = os.path.realpath(root / name)
        return Path(real) if Path(real).is_relative_to(os.path.realpath(root)) and os.path.isfile(real) else None  # noqa: PTH113
    except (OSError, ValueError):
        return None


def _missing(root: Path) -> Answer:
    return Answer(HTTPStatus.NOT_FOUND, _inside(root, "404.html"))
