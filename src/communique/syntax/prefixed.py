"""Documents with prefixes: their heads in order, which pyoxigraph writes in that of a hash table."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast

from communique.syntax.full_names import FullNames, is_safe_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

HELD = 64 << 10
"""Bytes of a document of which it is looked which prefixes occur in them."""
XML_HEAD = re.compile(rb"<\?xml[^>]*>\s*<rdf:RDF(?: [^\s>]+=\"[^\"]*\")*>")
XML_PREFIX = re.compile(rb"xmlns:([^=]+)=")
XML_BEGIN = b"<rdf:RDF "


def one_each(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Keep one prefix for a namespace, the first in the alphabet that every reader takes.

    Of two, a hash table would decide.
    """
    names = {name: prefix for prefix, name in sorted(prefixes.items(), reverse=True) if is_safe_prefix(prefix)}
    return {prefix: name for name, prefix in names.items()}


def prefixed_stream(output: IO[bytes], *, prefixes: Mapping[str, str], xml: bool, spare: bool = False) -> IO[bytes]:
    """Return the stream for a document of pyoxigraph that declares these `prefixes` (`PrefixedText`)."""
    stream = cast("IO[bytes]", PrefixedText(output, prefixes=prefixes, xml=xml, spare=spare))
    return stream if xml else cast("IO[bytes]", FullNames(stream, prefixes=prefixes))


class PrefixedText:
    """A binary stream for Turtle, TriG or RDF/XML (`xml`) of pyoxigraph, whose head it puts in order.

    Of what is `spare`, a document of less than HELD bytes declares only those prefixes that occur in it; a longer one,
    which is not waited for, declares all. So it is with `its`, which pyoxigraph declares for the direction of texts.
    """

    def __init__(self, output: IO[bytes], *, prefixes: Mapping[str, str], xml: bool, spare: bool = False) -> None:
        """Write to `output` a document that declares these `prefixes`, which must not be none in Turtle."""
        self._output, self._prefixes, self._xml, self._spare = output, prefixes, xml, spare
        self._head = XML_HEAD if xml else re.compile(rb"(?:@prefix [^\n]*\n){%d}" % len(prefixes))
        self._held: bytes | None = b""

    def write(self, piece: bytes) -> int:
        """Take a piece and return its length."""
        if self._held is None:
            self._output.write(piece)
            return len(piece)
        self._held += piece
        if not (self._spare or self._xml) or len(self._held) >= HELD:
            self._begin(self._held, whole=False)
        return len(piece)

    def flush(self) -> None:
        """Write what was held back: the document is whole."""
        if self._held is not None and not self._begin(self._held, whole=True):
            self._output.write(self._held)
            self._held = None
        self._output.flush()

    def _begin(self, text: bytes, *, whole: bool) -> bool:
        """Write the head and what stands behind it, if the head is there."""
        found = self._head.match(text)
        if found is None:
            return False
        body = text[found.end() :]
        used = self._used(text[found.end() - 1 :]) if whole else None
        order = _attributes if self._xml else _lines
        self._output.write(order(found[0], used) + body)
        self._held = None
        return True

    def _used(self, body: bytes) -> set[bytes]:
        """Return the prefixes that occur, and some that only seem to, in a string."""
        names = {prefix.encode() for prefix in self._prefixes}
        before = (b"<",) if self._xml else (b"\n", b"\t", b" ", b"^")
        if self._spare:
            names = {
                name for name in names if name + b":" in body and any(each + name + b":" in body for each in before)
            }
        if self._xml:
            # Of these are attributes.
            names |= {b"rdf", b"its"} if b" its:" in body else {b"rdf"}
        return names


def _lines(head: bytes, used: set[bytes] | None) -> bytes:
    lines = [each for each in head.splitlines(keepends=True) if used is None or each[8:].partition(b":")[0] in used]
    return b"".join(sorted(lines)) + (b"\n" if lines else b"")


def _attributes(head: bytes, used: set[bytes] | None) -> bytes:
    start, _, rest = head.rpartition(XML_BEGIN)
    attributes = rest.removesuffix(b">").split()
    if used is not None:
        attributes = [each for each in attributes if (name := XML_PREFIX.match(each)) and name[1] in used]
    return start + XML_BEGIN + b" ".join(sorted(attributes)) + b">"
