"""The dialects of services: the types of their answers, and how one becomes what the specifications say.

| manner | of | what is done |
|---|---|---|
| `nodeID://b1` for a blank node | Virtuoso | a label that is one; the same in every answer, and an IRI that it takes |
| `__ASK_RETVAL` | Virtuoso | a boolean |
| members after the rows (`metadata`) | Comunica | left out: SPARQL 1.1 Query Results JSON forbids none |

Nothing here knows the network.
"""

from __future__ import annotations

import io
import json
import re
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.sparql.results import RESULTS_FORMATS
from communique.syntax.answer_text import NONE, write_graph, write_results

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.formats import Format

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
ENDS_AS_ROWS = re.compile(rb"\]\s*\}\s*\}\s*\Z")
PIECE = 256 << 10
TAIL = 256
"""Bytes at the end of results that tell whether they are whole."""
MOST_WITH_STRANGERS = 64 << 20
"""Bytes of results of which members are left out: these are read as a whole."""
MEMBERS = {"head": ("vars",), "results": ("bindings",)}


def parse_results(
    body: IO[bytes], *, format: ox.QueryResultsFormat, closing: bool = False
) -> ox.QuerySolutions | ox.QueryBoolean:
    """Return the results of a SELECT or ASK in a body, which is closed with them if `closing`.

    Raises SyntaxError or ValueError, also later, where a body is damaged.
    """
    if format is ox.QueryResultsFormat.JSON and (known := _without_strangers(body)) is not None:
        if closing:
            body.close()
        body = io.BytesIO(known)
    readable = io.BufferedReader(_Relabelled(body, closing=closing), PIECE)
    return ox.parse_query_results(readable, format=format)


def boolean(value: bool) -> ox.QueryBoolean:
    """Return the result of an ASK."""
    content = b'{"head":{},"boolean":%s}' % (b"true" if value else b"false")
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QueryBoolean)
    return found


def is_truth(rows: ox.QuerySolutions) -> bool:
    """Tell whether the rows that stand for a boolean mean true."""
    return any(isinstance(value, ox.Literal) and value.value not in ("0", "false") for row in rows for value in row)


def stands_for_boolean(rows: ox.QuerySolutions) -> bool:
    """Tell whether rows are the answer to an ASK, which their names say."""
    return [variable.value for variable in rows.variables] == [ASK_VARIABLE]


def virtuoso_name(node: ox.BlankNode) -> str:
    """Return what stands for a blank node of an answer in a query to Virtuoso: nothing else knows it by name.

    >>> virtuoso_name(ox.BlankNode("nnodeIDx3Ax2Fx2Fb1"))
    '<nodeID://b1>'
    """
    written = re.sub(r"x([0-9A-F]{2})", lambda sign: chr(int(sign[1], 16)), node.value.removeprefix("n"))
    return str(ox.NamedNode(written))


def ends_as_rows(tail: bytes) -> bool:
    """Tell whether the last bytes of JSON results are those of a whole answer of rows."""
    return ENDS_AS_ROWS.search(tail) is not None


def translate(
    body: bytes,
    *,
    media_type: str,
    base: str,
    output: IO[bytes],
    formats: Mapping[str, Format | None],
    prefixes: Mapping[str, str] = NONE,
) -> None:
    """Write an answer that came in a type of RESULTS or GRAPHS to `output` in another format.

    `formats` names one for `results` and one for `graph`, which uses `prefixes`.

    Raises SyntaxError or ValueError if the body is damaged, and UsageError where the format cannot hold what it says.
    """
    if media_type in GRAPHS:
        graph = formats["graph"]
        assert graph is not None
        quads = ox.parse(body, format=GRAPHS[media_type], base_iri=base)
        rdf = ox.RdfFormat.from_media_type(graph.media_type)
        assert rdf is not None
        write_graph((quad.triple for quad in quads), output, format=rdf, prefixes=prefixes)
        return
    results = formats["results"]
    assert results is not None
    found = parse_results(io.BytesIO(body), format=RESULTS[media_type])
    if isinstance(found, ox.QuerySolutions) and stands_for_boolean(found):
        found = boolean(is_truth(found))
    write_results(found, output, format=RESULTS_FORMATS[results])


def _without_strangers(body: IO[bytes]) -> bytes | None:
    """Return rows of which something else than their end follows, without that; None where nothing does."""
    begin = body.tell()
    size = body.seek(0, io.SEEK_END) - begin
    body.seek(max(begin, begin + size - TAIL))
    strange = not ends_as_rows(body.read()) and size <= MOST_WITH_STRANGERS
    body.seek(begin)
    if not strange:
        return None
    try:
        told = json.load(body)
        known = {name: {inner: told[name][inner] for inner in told[name] if inner in MEMBERS[name]} for name in MEMBERS}
    except (ValueError, LookupError, TypeError):
        known = {}
    body.seek(begin)
    return json.dumps(known).encode() if known else None


class _Relabelled(io.RawIOBase):
    """JSON results in which the labels of blank nodes are such that Turtle could write them.

    Whoever reads last closes the source, which they do when they are no longer used.
    """

    def __init__(self, source: IO[bytes], *, closing: bool) -> None:
        super().__init__()
        self._closing = closing
        self._source, self._kept, self._ready = source, b"", memoryview(b"")

    def close(self) -> None:
        """Let go of the source."""
        if self._closing:
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
    return found[1] + b"n" + re.sub(rb"[^A-Za-wyz0-9]", lambda sign: b"x%02X" % sign[0][0], found[2])
