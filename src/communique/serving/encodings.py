"""Content encodings: who gets a representation packed by gzip (RFC 9110, section 12.5.3).

| Accept-Encoding | answer |
|---|---|
| none, or nothing that can be read | as it is |
| `gzip`, `x-gzip` or `*`, not below the weight of `identity` | packed, where that is worth it |
| `identity;q=0` or `*;q=0`, and gzip | packed, however small |
| neither | as it is: who can take neither is better off with an answer, and a host of files does so too |

Section 12.4.1 lets a server disregard a field that it cannot meet.
"""

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache

from starlette.responses import Response

from communique.gzipped import packed
from communique.serving.negotiation import combined

CODING = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]=([01](?:\.[0-9]{0,3})?)\s*)?")
LENGTH = 1000
"""Characters of a header that is read."""
SMALLEST = 512
"""Bytes below which a packed answer is no sooner there."""


class Coding(Enum):
    """In which form a client wants what it asks for."""

    PLAIN = "as it is"
    GZIP = "packed where that is worth it"
    ONLY_GZIP = "packed"


@lru_cache(maxsize=256)
def wanted(accept_encoding: bytes) -> Coding:
    """Return what an Accept-Encoding header asks for.

    >>> wanted(b"gzip, deflate, br, zstd").name, wanted(b"gzip;q=0.5, identity").name
    ('GZIP', 'PLAIN')
    """
    header = accept_encoding.decode("latin-1").lower()
    found = [CODING.fullmatch(each) for each in header.split(",")] if len(header) <= LENGTH else []
    weights = {each[1]: float(each[2] or 1) for each in found if each}
    others = weights.get("*", 0.0)
    gzip = weights.get("gzip", weights.get("x-gzip", others))
    plain = weights.get("identity", weights.get("*"))
    if gzip and plain == 0.0:
        return Coding.ONLY_GZIP
    return Coding.GZIP if gzip and gzip >= weights.get("identity", 0.0) else Coding.PLAIN


def wanted_of(headers: Iterable[tuple[bytes, bytes]]) -> Coding:
    """Return what the header fields of a request ask for, however many of them are Accept-Encoding."""
    given = combined(headers, b"accept-encoding")
    return Coding.PLAIN if given is None else wanted(given.encode("latin-1"))


def packed_tag(etag: bytes) -> bytes:
    """Return the ETag of the packed form of what has this one: it is another representation (RFC 9110, 8.8.3.3)."""
    return b'%s-gzip"' % etag[:-1]


def is_worth_it(coding: Coding, size: int) -> bool:
    """Tell whether something of `size` bytes that can be packed is sent so."""
    return coding is Coding.ONLY_GZIP or (coding is Coding.GZIP and size >= SMALLEST)


def encoded(response: Response, headers: Iterable[tuple[bytes, bytes]]) -> Response:
    """Return a page that was made for one request, packed if the header fields of that ask for it."""
    response.headers.add_vary_header("Accept-Encoding")
    if is_worth_it(wanted_of(headers), len(response.body)):
        response.body = packed(bytes(response.body))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response
