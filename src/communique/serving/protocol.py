"""SPARQL 1.1 Protocol: from an HTTP request to the query operation it asks for (sections 2.1 and 2.1.4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from communique.serving.limits import Limits
from communique.serving.problems import Refusal

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
OVERRIDES = ("_mediatype", "format")
"""Parameters that name a format, whatever the Accept header says."""
READ_ONLY = "This endpoint is read-only: updates are refused."
ABSOLUTE = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
"""An absolute IRI (SPARQL 1.1 Query, section 19.8, IRIREF; RFC 3986, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A query with the dataset it is asked over, all graphs unless some are named, and the format that is asked for.

    `format` is "" where the Accept header decides.
    """

    query: str
    format: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


async def operation(request: Request, *, limits: Limits) -> Operation | None:
    """Return the operation of a GET or POST request, None when it names none at all; raises Refusal."""
    url = _pairs(request.scope["query_string"].decode("latin-1"))
    if request.method != "POST":
        return _operation(url, limits)
    media_type, charset = _content_type(request)
    if media_type == UPDATE:
        raise Refusal(403, READ_ONLY)
    if media_type not in (FORM, QUERY):
        raise Refusal(
            415,
            f"Send a query as {FORM} or {QUERY}, not as {media_type or 'a body without a type'}.",
            headers={"Accept-Post": f"{FORM}, {QUERY}"},
        )
    if charset not in ("", "utf-8", "utf8"):
        raise Refusal(415, f"Send the query in UTF-8, not in {charset}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "Send the body as it is, without a content encoding.")
    body = _text(await read_body(request, limit=limits.body))
    if media_type == FORM:
        overrides = [each for each in url if each[0] in OVERRIDES]
        return _operation([*overrides, *_pairs(body)], limits) or Operation("")
    if any(name == "query" for name, _ in url):
        raise Refusal(400, "The query stands in the body and in the address: send it once.")
    return _operation([*url, ("query", body)], limits)


def is_form(request: Request) -> bool:
    """Tell whether a request carries what a form of HTML sends by POST."""
    plain = request.headers.get("content-encoding", "identity").lower() == "identity"
    media_type, charset = _content_type(request)
    return request.method == "POST" and media_type == FORM and charset in ("", "utf-8", "utf8") and plain


async def as_get(request: Request, *, limits: Limits) -> Request:
    """Return the GET request that asks what a form (`is_form`) asks; raises Refusal."""
    body = await read_body(request, limit=limits.body)
    return Request({**request.scope, "method": "GET", "query_string": body}, request.receive)


async def read_body(request: Request, *, limit: int) -> bytes:
    """Return the body, counted while it is read whatever Content-Length says; raises Refusal beyond `limit` bytes."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise Refusal(413, f"The body has more than {limit} bytes.", limit=limit)
    except ClientDisconnect as error:
        raise Refusal(400, "The body ended early.") from error
    return bytes(body)


def _operation(pairs: Sequence[tuple[str, str]], limits: Limits) -> Operation | None:
    queries = [value for name, value in pairs if name == "query"]
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise Refusal(403, READ_ONLY)
    if not queries:
        return None
    if len(queries) > 1:
        raise Refusal(400, f"There are {len(queries)} queries: send one.")
    if len(queries[0].encode()) > limits.query:
        raise Refusal(413, f"The query has more than {limits.query} bytes.", limit=limits.query)
    graphs = {
        kind: tuple(value for name, value in pairs if name == kind) for kind in ("default-graph-uri", "named-graph-uri")
    }
    for kind, names in graphs.items():
        for name in names:
            if not ABSOLUTE.fullmatch(name):
                raise Refusal(400, f"{kind} names no graph: '{name}' is not an absolute IRI.")
    # A plus that was not escaped has come as a space.
    wanted = {name: value.replace(" ", "+") for name, value in reversed(pairs) if name in OVERRIDES and value}
    format = next((wanted[name] for name in OVERRIDES if name in wanted), "")
    return Operation(queries[0], format, graphs["default-graph-uri"], graphs["named-graph-uri"])


def _content_type(request: Request) -> tuple[str, str]:
    """Return the media type and the charset of the body, in lower case."""
    essence, *parameters = (part.strip() for part in request.headers.get("content-type", "").lower().split(";"))
    charset = next(
        (value.strip('"') for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "charset"), ""
    )
    return essence, charset


def _pairs(encoded: str) -> list[tuple[str, str]]:
    if not encoded:
        return []
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError as error:
        raise Refusal(400, "The parameters are not UTF-8.") from error
    except ValueError as error:
        raise Refusal(400, "There are more than 100 parameters.") from error


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, f"The body is not UTF-8: byte {error.start}.") from error
