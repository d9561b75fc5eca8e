"""Which representation to send: proactive negotiation by Accept and Accept-Language (RFC 9110, section 12)."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import mimeparse

from communique.language_ranges import language_ranges

RANGES, LENGTH = 100, 8192
"""Media ranges and characters of an Accept header that is read."""
SPOKEN = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]=([01](?:\.[0-9]{0,3})?)\s*)?")
"""A range of an Accept-Language header and its weight (RFC 9110, section 12.5.4)."""
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def combined(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """Return the value of a header field that is a list, its lines joined (RFC 9110 section 5.3), None without it."""
    values = [value for each, value in headers if each == name]
    return b", ".join(values).decode("latin-1") if values else None


def spoken(accept_language: str | None, *, offers: Sequence[str]) -> str:
    """Return the language tag of `offers` that suits a reader best (RFC 4647, section 3.4: lookup).

    The first offer is for all who say nothing, nothing readable, or nothing that there is. "ru-RU" is content with
    "ru"; "*" means the first offer that no range names.
    """
    header = accept_language or ""
    if len(header) > LENGTH or header.count(",") >= RANGES:
        return offers[0]
    ranges = (each for each in map(SPOKEN.fullmatch, header.split(",")) if each)
    weights = {each[1].lower(): float(each[2] or 1) for each in ranges}
    for wanted in sorted((tag for tag, weight in weights.items() if weight > 0), key=lambda tag: -weights[tag]):
        unnamed = (offer for offer in offers if offer not in weights)
        found = unnamed if wanted == "*" else (tag for tag in language_ranges(wanted) if tag in offers)
        if (tag := next(iter(found), None)) and weights.get(tag, 1) > 0:
            return tag
    return offers[0]


def best(accept: str | None, *, offers: Sequence[str]) -> str | None:
    """Return the media type of `offers` that suits `accept` best, None when none does.

    `offers` stand in the order of the server's preference, which decides between equals: `*/*`, a missing, an empty and
    an unreadable header get the first, and so does one of more than RANGES ranges, which is disregarded (RFC 9110
    section 12.5.1). Type names are compared without regard to case; parameters other than q do not
    count against an offer. A media range with q=0 rules out what no more specific range lets in.
    """
    if accept is None or len(accept) > LENGTH:
        return offers[0]
    return _best(accept, tuple(offers))


@lru_cache(maxsize=256)  # the same few programs ask again and again, and reading the header took longer than the rest
def _best(accept: str, offers: tuple[str, ...]) -> str | None:
    if not accept.strip(" ,") or accept.count(",") >= RANGES:
        return offers[0]
    try:
        # Of equals mimeparse takes the last; it would split a quoted comma.
        return mimeparse.best_match(list(reversed(offers)), QUOTED.sub('""', accept.lower())) or None
    except mimeparse.MimeTypeParseException:
        return offers[0]
