"""From a reply to results: only what is whole, in whichever dialect; a cut is an error, never a shorter answer.

| manner | of | what is done |
|---|---|---|
| `X-SQL-State`, status 206 | Virtuoso's "anytime" queries | an error: the answer is a part |
| `X-SPARQL-MaxRows` | Virtuoso's cap on rows | an error: the answer is cut |
| 200 with HTML or plain text | proxies, pages of errors | an error that quotes it |
| results without an end, or text after it | Fuseki, QLever: a query that fails in the middle | an error |
| `nodeID://b1` for a blank node | Virtuoso | a label that is one |
| `__ASK_RETVAL` | Virtuoso | a boolean |
"""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.legibility import legible_name
from communique.remote.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.remote.service import Reply

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "text/ntriples": ox.RdfFormat.N_TRIPLES,
}
ACCEPT_RESULTS = "application/sparql-results+json"
ACCEPT_GRAPH = "application/n-triples, text/turtle;q=0.5"
ASK_VARIABLE = "__ASK_RETVAL"
LABEL = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")([^"\\]*)')
PIECE = 256 << 10

F = TypeVar("F")


def is_capped(reply: Reply) -> bool:
    """Tell whether the service gave fewer rows than there are, and says so."""
    return "x-sparql-maxrows" in reply.headers


def refuse_part(reply: Reply, *, url: str, paged: bool = False) -> None:
    """Raise ServiceError if the service says that its reply is but a part; of a page the cap on rows is no matter."""
    if state := reply.headers.get("x-sql-state"):
        said = reply.headers.get("x-sql-message", state)
        message = f"{url}: the service gave a part of the answer only: {legible_name(said)}. Give it more time."
        raise ServiceError(message, status=504, said=said)
    if is_capped(reply) and not paged:
        cap = legible_name(reply.headers["x-sparql-maxrows"])
        remedy = "Ask for less, in pages with LIMIT and OFFSET, or raise ResultSetMaxRows of the service."
        raise ServiceError(f"{url}: the service cuts answers at {cap} rows. {remedy}", status=502)


def results_of(reply: Reply, *, url: str) -> tuple[ox.QuerySolutions | ox.QueryBoolean, int]:
    """Return the results of a SELECT or ASK and the number of rows, after reading them to the end once.

    Raises ServiceError when the reply is none, or does not reach its end.
    """
    format = _format(reply, RESULTS, url=url)
    try:
        found = _parse(reply, format, last=False)
        if isinstance(found, ox.QueryBoolean):
            return found, 1
        rows = 0
        truth = False
        for row in found:
            rows += 1
            truth = truth or any(isinstance(value, ox.Literal) and value.value not in ("0", "false") for value in row)
    except (SyntaxError, ValueError, OSError) as error:
        raise _damaged(url, error) from error
    if [variable.value for variable in found.variables] == [ASK_VARIABLE]:
        return boolean(truth and rows > 0), 1
    return _parse(reply, format, last=True), rows


def rows_of(reply: Reply, *, url: str) -> tuple[ox.QuerySolutions, int]:
    """Return the rows of a SELECT and their number; raises ServiceError, as `results_of`."""
    found, count = results_of(reply, url=url)
    if isinstance(found, ox.QueryBoolean):
        raise ServiceError(f"{url}: answered a SELECT with a boolean. Is this a SPARQL 1.1 service?", status=502)
    return found, count


def triples_of(reply: Reply, *, url: str) -> Iterator[ox.Triple]:
    """Give the triples of the graph of a reply, after reading them to the end once; raises ServiceError."""
    format = _format(reply, GRAPHS, url=url)
    try:
        for _ in ox.parse(reply.body, format=format, base_iri=url):
            pass
    except (SyntaxError, ValueError, OSError) as error:
        raise _damaged(url, error) from error
    reply.body.seek(0)
    return _triples(reply, format, url)


def _triples(reply: Reply, format: ox.RdfFormat, url: str) -> Iterator[ox.Triple]:
    with reply.body:
        yield from (quad.triple for quad in ox.parse(reply.body, format=format, base_iri=url))


def boolean(value: bool) -> ox.QueryBoolean:
    """Return the result of an ASK."""
    content = b'{"head":{},"boolean":%s}' % (b"true" if value else b"false")
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QueryBoolean)
    return found


def _parse(reply: Reply, format: ox.QueryResultsFormat, *, last: bool) -> ox.QuerySolutions | ox.QueryBoolean:
    reply.body.seek(0)
    return ox.parse_query_results(io.BufferedReader(_Relabelled(reply.body, last=last), PIECE), format=format)


def _format(reply: Reply, formats: dict[str, F], *, url: str) -> F:
    if (found := formats.get(reply.media_type)) is not None:
        return found
    said = legible_name(" ".join(re.sub(r"<[^>]*>", " ", reply.body.read(2048).decode("utf-8", "replace")).split()))
    message = f"{url}: answered with {legible_name(reply.media_type) or 'a body without a type'} instead of results"
    raise ServiceError(f"{message}: {said[:200]}. Is this the address of the SPARQL endpoint?", said=said)


def _damaged(url: str, error: Exception) -> ServiceError:
    message = f"{url}: the answer is damaged or was cut on the way: {legible_name(str(error))}."
    return ServiceError(f"{message} Ask again, or for less.", status=502)


class _Relabelled(io.RawIOBase):
    """JSON results in which the labels of blank nodes are such that Turtle could write them.

    Whoever reads last closes the source, which they do when they are no longer used.
    """

    def __init__(self, source: IO[bytes], *, last: bool) -> None:
        super().__init__()
        self._last = last
        self._source, self._kept, self._ready = source, b"", memoryview(b"")

    def close(self) -> None:
        """Let go of the source."""
        if self._last:
            self._source.close()
        super().close()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as a piece reaches."""
        if not self._ready:
            self._ready = memoryview(self._next())
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _next(self) -> bytes:
        """Return the next piece, which ends before a brace: no term is on both sides."""
        while True:
            piece = self._source.read(PIECE)
            text = self._kept + piece
            end = text.rfind(b"{") if piece else len(text)
            self._kept = text[max(end, 0) :]
            if end > 0 or not piece:
                return LABEL.sub(_label, text[: max(end, 0)])


def _label(found: re.Match[bytes]) -> bytes:
    return found[1] + b"n" + re.sub(rb"[^A-Za-z0-9]", lambda sign: b"x%02X" % sign[0][0], found[2])
