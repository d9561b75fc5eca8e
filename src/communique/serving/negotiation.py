"""Which representation to send: proactive negotiation by the Accept header (RFC 9110 sections 12.4.2 and 12.5.1)."""

from collections.abc import Sequence

import mimeparse


def best(accept: str | None, *, offers: Sequence[str]) -> str | None:
    """Return the media type of `offers` that suits `accept` best, None when none does.

    `offers` stand in the order of the server's preference, which decides between equals: `*/*`, a missing, an empty and
    an unreadable header get the first. Type names are compared without regard to case; parameters other than q do not
    count against an offer. A media range with q=0 rules out what no more specific range lets in.
    """
    if accept is None or not accept.strip(" ,"):
        return offers[0]
    try:
        # Of equals mimeparse takes the last.
        return mimeparse.best_match(list(reversed(offers)), accept.lower()) or None
    except mimeparse.MimeTypeParseException:
        return offers[0]
