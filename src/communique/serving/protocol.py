"""SPARQL 1.1 Protocol: from an HTTP request to the query operation it asks for (sections 2.1 and 2.1.4)."""

import re
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.types import Scope

from communique.reasons import reason
from communique.serving.limits import Limits
from communique.serving.negotiation import combined
from communique.serving.problems import Refusal

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
Headers = Iterable[tuple[bytes, bytes]]
Parameters = list[tuple[str, str]]
OVERRIDES = ("_mediatype", "format")
"""Parameters that name a format, whatever the Accept header says."""
UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}
PARAMETERS = 100
READ_ONLY = (reason("read-only"),)
ABSOLUTE = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
"""An absolute IRI (SPARQL 1.1 Query, section 19.8, IRIREF; RFC 3986, section 3.1)."""
BARE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
"""A percent sign that escapes nothing, and stands for itself."""


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
    kind, address = _of_head(request.scope)
    # What is wrong with the head is told before the body is waited for.
    body = await read_body(request, limit=limits.body) if kind else b""
    return _of_whole(kind, address, body, limits)


def operation_of(scope: Scope, body: bytes, *, limits: Limits) -> Operation | None:
    """Return the same as `operation`, of a request whose body has come."""
    kind, address = _of_head(scope)
    if len(body) > limits.body:
        raise _too_long(limits.body)
    return _of_whole(kind, address, body, limits)


def _of_head(scope: Scope) -> tuple[str, Parameters]:
    """Return the media type of the body of a POST request, "" of any other, and what the address says."""
    kind = _kind(scope["headers"]) if scope["method"] == "POST" else ""
    return kind, pairs(scope["query_string"])


def _of_whole(kind: str, address: Parameters, body: bytes, limits: Limits) -> Operation | None:
    if kind == FORM:
        return _operation(_of_form(address, body), limits) or Operation("")
    if not kind:
        return _operation(address, limits)
    if any(name == "query" for name, _ in address):
        raise Refusal(400, "The query stands in the body and in the address: send it once.")
    return _operation([*address, ("query", _text(body))], limits)


def _kind(headers: Headers) -> str:
    """Return the media type of the body of a POST request, FORM or QUERY; raises Refusal for anything else."""
    media_type, charset = _content_type(headers)
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
    if _encoding(headers) != "identity":
        raise Refusal(415, "Send the body as it is, without a content encoding.")
    return media_type


def is_form(scope: Scope) -> bool:
    """Tell whether a request carries what a form of HTML sends by POST."""
    try:
        return scope["method"] == "POST" and _kind(scope["headers"]) == FORM
    except Refusal:
        return False


async def parameters(request: Request, *, limits: Limits) -> Parameters:
    """Return what a GET request, or a form by POST (`is_form`), says in parameters; raises Refusal."""
    address = pairs(request.scope["query_string"])
    if request.method != "POST":
        return address
    return _of_form(address, await read_body(request, limit=limits.body))


def _of_form(address: Parameters, body: bytes) -> Parameters:
    """Return what a form by POST says.

    Parameters in its address hold too, since to answer over other graphs than are named there would mislead; but its
    query stands in the body (section 2.1.2).
    """
    return [*(each for each in address if each[0] != "query"), *pairs(body)]


async def read_body(request: Request, *, limit: int) -> bytes:
    """Return the body, counted while it is read whatever Content-Length says; raises Refusal beyond `limit` bytes."""
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "The body ended early.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise _too_long(limit)
    return bytes(body)


def _too_long(limit: int) -> Refusal:
    return Refusal(413, [reason("body", limit=limit)], limit=limit)


def pairs(encoded: bytes) -> Parameters:
    """Return names and values of `application/x-www-form-urlencoded` (URL Standard, section 5.1); raises Refusal.

    >>> pairs(b"query=ASK+%7B%7D&format=&x")
    [('query', 'ASK {}'), ('format', ''), ('x', '')]
    """
    if encoded.count(b"&") >= PARAMETERS:
        raise Refusal(400, f"There are more than {PARAMETERS} parameters.")
    parts = (each.partition(b"=") for each in encoded.split(b"&") if each)
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in parts]
    except UnicodeDecodeError as error:
        raise Refusal(400, "The parameters are not UTF-8.") from error


def _decoded(text: bytes) -> str:
    """Return a name or a value read: escapes are those of quoted-printable by another sign, which C decodes."""
    text = text.replace(b"+", b" ")
    if b"%" in text:
        text = a2b_qp(BARE.sub(b"%25", text).replace(b"=", b"=3D").replace(b"%", b"="))
    return text.decode()


def _operation(parameters: Parameters, limits: Limits) -> Operation | None:
    found: dict[str, list[str]] = {}
    for name, value in parameters:
        found.setdefault(name, []).append(value)
    if not UPDATES.isdisjoint(found):
        raise Refusal(403, READ_ONLY)
    if "query" not in found:
        return None
    query, *others = found["query"]
    if others:
        raise Refusal(400, f"There are {len(others) + 1} queries: send one.")
    if len(query.encode()) > limits.query:
        raise Refusal(413, [reason("query", limit=limits.query)], limit=limits.query)
    default_graphs, named_graphs = (_graphs(found, kind) for kind in ("default-graph-uri", "named-graph-uri"))
    wanted = next((value for name in OVERRIDES for value in found.get(name, ()) if value), "")
    # A plus that was not escaped has come as a space.
    return Operation(query, wanted.replace(" ", "+"), default_graphs, named_graphs)


def _graphs(found: dict[str, list[str]], kind: str) -> tuple[str, ...]:
    """Return the IRIs of the graphs that are named by the parameter `kind`."""
    for name in found.get(kind, ()):
        if not ABSOLUTE.fullmatch(name):
            raise Refusal(400, [reason("graph", parameter=kind, name=name)])
    return tuple(found.get(kind, ()))


def _encoding(headers: Headers) -> str:
    return (combined(headers, b"content-encoding") or "identity").lower()


def _content_type(headers: Headers) -> tuple[str, str]:
    """Return the media type and the charset of the body, in lower case."""
    return _read_type(combined(headers, b"content-type") or "")


@lru_cache(maxsize=64)
def _read_type(content_type: str) -> tuple[str, str]:
    essence, *parameters = (part.strip() for part in content_type.lower().split(";"))
    charset = next(
        (value.strip('"') for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "charset"), ""
    )
    return essence, charset


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, f"The body is not UTF-8: byte {error.start}.") from error
