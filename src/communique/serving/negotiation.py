"""Which representation to send: proactive negotiation by the Accept header (RFC 9110 sections 12.4.2 and 12.5.1)."""

import re
from collections.abc import Iterable, Sequence

import mimeparse

RANGES, LENGTH = 100, 8192
"""Media ranges and characters of an Accept header that is read."""
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def combined(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """Return the value of a header field that is a list, its lines joined (RFC 9110 section 5.3), None without it."""
    values = [value.decode("latin-1") for each, value in headers if each == name]
    return ", ".join(values) if values else None


def best(accept: str | None, *, offers: Sequence[str]) -> str | None:
    """Return the media type of `offers` that suits `accept` best, None when none does.

    `offers` stand in the order of the server's preference, which decides between equals: `*/*`, a missing, an empty and
    an unreadable header get the first, and so does one of more than RANGES ranges, which is disregarded (RFC 9110
    section 12.5.1). Type names are compared without regard to case; parameters other than q do not
    count against an offer. A media range with q=0 rules out what no more specific range lets in.
    """
    if accept is None or not accept.strip(" ,") or len(accept) > LENGTH or accept.count(",") >= RANGES:
        return offers[0]
    try:
        # Of equals mimeparse takes the last; it would split a quoted comma.
        return mimeparse.best_match(list(reversed(offers)), QUOTED.sub('""', accept.lower())) or None
    except mimeparse.MimeTypeParseException:
        return offers[0]
