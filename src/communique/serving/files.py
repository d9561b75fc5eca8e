"""Files of a site as they are sent: bytes with all that is said about them, whole, in part, or not again.

| request | answer |
|---|---|
| plain | 200 |
| `If-Match` that names none of its forms | 412 (RFC 9110, section 13.1.1) |
| `If-None-Match` that names what there is | 304 (section 13.1.2) |
| `Range` of one range | 206, or 416 where there are no such bytes (section 14) |
| several ranges, another unit, `If-Range` of other bytes | 200, as section 14.2 allows |
| `Accept-Encoding: gzip` (`encodings`) | 200 with the packed form, whose ETag is that of the file with `-gzip` |

A range is one of the file as it is. 304 answers the ETag of either form, whichever would be sent, and so does 412.
There is no `Last-Modified`: conditions of time are disregarded (sections 13.1.3 and 13.1.4).
"""

import asyncio
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.types import Send

from communique.gzipped import packed
from communique.hosting import plan
from communique.serving.encodings import Coding, is_worth_it, packed_tag, wanted
from communique.serving.problems import Refusal

Headers = list[tuple[bytes, bytes]]
COMMON: Headers = [(name.lower().encode(), value.encode()) for name, value in plan.HEADERS.items()]
LARGE = 1 << 20
"""Bytes beyond which a file is sent in pieces and not held."""
PIECE = 256 << 10
LARGEST_PACKED = 16 << 20
"""Bytes of a file that is packed here; a larger one is sent so where the build has packed it."""
VARY = (b"vary", b"Accept-Encoding")
RANGE = re.compile(rb"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class File:
    """Something to send; `content` is None when it is too large to be held, and then it stands at `path`."""

    size: int
    digest: str
    headers: Headers
    content: bytes | None
    path: Path | None = None
    etag: bytes = field(init=False)
    unchanged: Headers = field(init=False)
    """What goes with 304 (RFC 9110, section 15.4.5)."""
    forms: "dict[str, File]" = field(init=False, default_factory=dict)
    """What follows from this file and was asked for: it packed, and it at the address of its folder."""

    def __post_init__(self) -> None:
        """Leave the length of the body out of what has none."""
        object.__setattr__(self, "etag", b'"%s"' % self.digest.encode())
        object.__setattr__(self, "unchanged", [each for each in self.headers if each[0] != b"content-length"])

    @property
    def can_be_packed(self) -> bool:
        """Whether there is, or may be, a packed form."""
        return VARY in self.headers

    @property
    def room(self) -> int:
        """The bytes of memory that it takes at most, with its packed form."""
        packed = self.size if self.can_be_packed and self.size <= LARGEST_PACKED else 0
        return len(self.content or b"") + packed


def is_there(path: Path) -> bool:
    """Tell whether there is a file at `path`: there is none where paths cannot be so long."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_large(path: Path) -> bool:
    """Tell whether there is a file at `path` that is not held in memory."""
    return is_there(path) and path.stat().st_size > LARGE


def read(path: Path, name: str, *, link: str = "", language: str = "") -> File:
    """Return the file at `path`, whose name in the site is `name`.

    `link` is the value of its Link header, `language` that of Content-Language, "" for none.
    """
    size = path.stat().st_size
    content = path.read_bytes() if size <= LARGE else None
    if content is not None:
        return made(content, name, link=link, language=language)
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return File(size, digest[:32], _headers(size, digest[:32], name, link, language), None, path)


def made(content: bytes, name: str, *, link: str = "", language: str = "") -> File:
    """Return what was made on request as the file that a build would have written under `name`."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return File(len(content), digest, _headers(len(content), digest, name, link, language), content)


def located(file: File, name: str, *, vary: str = "") -> File:
    """Return a file that says its own address: `name`, relative to another one at which it is sent as well.

    `vary` names what of a request decides that it is sent there; for one file that is always the same.
    """
    if name not in file.forms:
        headers = [*file.headers, (b"content-location", name.encode())]
        file.forms[name] = varying(replace(file, headers=headers), vary)
    return file.forms[name]


def varying(file: File, vary: str) -> File:
    """Return a file that says what of a request decides that it is sent, "" for nothing."""
    return replace(file, headers=[*file.headers, (b"vary", vary.encode())]) if vary else file


def in_gzip(file: File) -> File | None:
    """Return a file in its packed form, which is made once; None where it has none."""
    found = file.forms.get("gzip")
    if found is None and file.can_be_packed:
        beside = file.path and file.path.with_name(f"{file.path.name}.gz")
        if file.content is None and beside is not None and beside.is_file():
            found = _packed(file, beside.stat().st_size, None, beside)
        elif file.size <= LARGEST_PACKED:
            content = packed(_whole(file))
            found = _packed(file, len(content), content, None)
        if found is not None:
            file.forms["gzip"] = found
    return found


def _packed(file: File, size: int, content: bytes | None, path: Path | None) -> File:
    changed = {b"content-length": str(size).encode(), b"etag": b'"%s-gzip"' % file.digest.encode()}
    kept = [(name, changed.get(name, value)) for name, value in file.headers if name != b"accept-ranges"]
    return File(size, f"{file.digest}-gzip", [*kept, (b"content-encoding", b"gzip")], content, path)


def _whole(file: File) -> bytes:
    return b"".join(_pieces(file, 0, file.size))


def _headers(size: int, digest: str, name: str, link: str, language: str) -> Headers:
    kind = plan.type_of(name)
    if kind == plan.UNTYPED:
        kind = mimetypes.guess_type(name)[0] or kind
    headers = [
        *COMMON,
        (b"content-type", plan.typed(kind).encode()),
        (b"content-length", str(size).encode()),
        (b"accept-ranges", b"bytes"),
        (b"etag", b'"%s"' % digest.encode()),
        (b"cache-control", plan.FOR_EVER.encode() if name.startswith(plan.ASSETS) else plan.REVALIDATE.encode()),
    ]
    if plan.is_packed(kind):
        headers.append(VARY)
    if language:
        headers.append((b"content-language", language.encode()))
    if link:
        headers.append((b"link", link.encode()))
    return headers


async def send(file: File, *, method: str, headers: Headers, send: Send) -> None:
    """Answer a GET or HEAD request with these header fields; raises Refusal with 412."""
    known = part = condition = encodings = None
    for name, value in headers:
        if name == b"if-none-match":
            known = value if known is None else known + b"," + value
        elif name == b"if-match":
            _check_match(headers, file)
        elif name == b"accept-encoding":
            encodings = value if encodings is None else encodings + b"," + value
        elif name == b"range":
            part = value
        elif name == b"if-range":
            condition = value
    if known is not None and (same := _unchanged(known, file)) is not None:
        return await _answer(304, same, b"", send)
    if part is not None and method == "GET" and condition in (None, file.etag):
        found = _range(part, file.size)
        if found is not None:
            return await _send_range(file, found, send)
    if encodings is not None and file.can_be_packed:
        file = await _in_form(file, wanted(encodings))
    if method == "HEAD" or file.content is not None:
        return await _answer(200, file.headers, b"" if method == "HEAD" else file.content or b"", send)
    return await _send_pieces(200, file.headers, _pieces(file, 0, file.size), send)


async def _in_form(file: File, coding: Coding) -> File:
    """Return a file in the form that a client wants."""
    if not is_worth_it(coding, file.size):
        return file
    if file.content is None and "gzip" not in file.forms:
        return await asyncio.to_thread(in_gzip, file) or file
    return in_gzip(file) or file


async def _send_range(file: File, found: range, send: Send) -> None:
    if not found:
        headers = [*file.unchanged, (b"content-range", b"bytes */%d" % file.size), (b"content-length", b"0")]
        return await _answer(416, headers, b"", send)
    said = b"bytes %d-%d/%d" % (found.start, found.stop - 1, file.size)
    headers = [*file.unchanged, (b"content-range", said), (b"content-length", b"%d" % len(found))]
    return await _send_pieces(206, headers, _pieces(file, found.start, found.stop), send)


def _unchanged(known: bytes, file: File) -> Headers | None:
    """Return what goes with 304 where a client knows one of the forms of a file, else None."""
    if names_tag(known, file.etag):
        return file.unchanged
    if not file.can_be_packed or b"-gzip" not in known or not names_tag(known, etag := packed_tag(file.etag)):
        return None
    return [(name, etag if name == b"etag" else value) for name, value in file.unchanged if name != b"accept-ranges"]


def _check_match(headers: Headers, file: File) -> None:
    """Raise Refusal unless If-Match names one of the forms of a file: compared strongly (RFC 9110, section 13.1.1)."""
    tags = (file.etag, packed_tag(file.etag) if file.can_be_packed else file.etag, b"*")
    named = (each.strip() for name, value in headers if name == b"if-match" for each in value.split(b","))
    if not any(each in tags for each in named):
        message = "What is here is another state than the one that If-Match names: ask again without it."
        raise Refusal(412, message, headers={"ETag": file.etag.decode()})


def names_tag(known: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names an entity tag: compared weakly (RFC 9110, section 8.8.3.2)."""
    return any(each.strip().removeprefix(b"W/") in (etag, b"*") for each in known.split(b","))


def _range(header: bytes, size: int) -> range | None:
    """Return the bytes that are asked for, an empty range where there are none, None where all are to be sent."""
    match = RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == b"":
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    stop = min(int(last) + 1, size) if last else size
    return range(int(first), max(int(first), stop))


def _pieces(file: File, start: int, stop: int) -> Iterator[bytes]:
    if file.content is not None:
        yield file.content[start:stop]
        return
    assert file.path is not None
    with file.path.open("rb") as opened:
        opened.seek(start)
        while start < stop and (piece := opened.read(min(PIECE, stop - start))):
            start += len(piece)
            yield piece


async def _answer(status: int, headers: Headers, body: bytes, send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_pieces(status: int, headers: Headers, pieces: Iterator[bytes], send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body"})
