"""The two forms of an answer of the endpoint, as it is and packed by gzip, and how a client says which one it has."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.types import Scope

from communique.serving.encodings import Coding, wanted_of
from communique.serving.files import names_tag
from communique.serving.kept import KeptAnswer
from communique.serving.negotiation import combined

SMALLEST = 4 << 10
"""Bytes of an answer from which on it is packed: a smaller one is no sooner there."""


def is_packed(scope: Scope, size: int) -> bool:
    """Tell whether an answer of `size` bytes goes packed: to those who like that, and read pieces (RFC 9112, 7.1)."""
    if size < SMALLEST or scope["http_version"] != "1.1":
        return False
    return wanted_of(scope["headers"]) is not Coding.PLAIN


def tags(scope: Scope, kept: KeptAnswer | None, *, packed: bool) -> Sequence[bytes]:
    """Return the ETags of both forms, first that of the form that is sent.

    The answer to a POST is no representation of the endpoint and has none (RFC 9110, section 9.3.3).
    """
    if kept is None or scope["method"] == "POST":
        return ()
    return (kept.etag_packed, kept.etag) if packed else (kept.etag, kept.etag_packed)


def known(scope: Scope, etags: Sequence[bytes]) -> bytes | None:
    """Return the ETag of the form that the client has already (RFC 9110, section 13.1.2), None if it has neither."""
    said = combined(scope["headers"], b"if-none-match") if etags else None
    return next((etag for etag in etags if names_tag(said.encode("latin-1"), etag)), None) if said else None


def unchanged(fields: list[tuple[bytes, bytes]]) -> Response:
    """Return that what the client has still holds (RFC 9110, section 15.4.5)."""
    response = Response(status_code=304)
    response.raw_headers = fields
    return response
