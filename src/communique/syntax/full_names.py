"""Turtle whose prefixed names every reader takes.

Two forms that Turtle allows (sections 6.4 and 6.5) make rdflib refuse the document: a local name that ends in an
escaped dot, and a prefix with a dot before a verb.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TAIL = 64 << 10
"""Bytes of a name that are waited for."""
# A backslash before a dot stands in no string: there it would be escaped itself, and no IRI holds one.
_NAME = re.compile(rb"([^\s<>\"^(:]*):(\S*(?<!\\)\\\.)(?=\s)")
_ESCAPE = re.compile(rb"\\(.)")


def is_safe_prefix(prefix: str) -> bool:
    """Tell whether a prefix can stand before every name."""
    return "." not in prefix


class FullNames:
    """A binary stream for Turtle or TriG of pyoxigraph that writes names whose last letter is escaped as full IRIs."""

    def __init__(self, output: IO[bytes], *, prefixes: Mapping[str, str]) -> None:
        """Write to `output`."""
        self._output, self._tail = output, b""
        self._namespaces = {prefix.encode(): name.encode() for prefix, name in prefixes.items()}

    def write(self, piece: bytes) -> int:
        """Take a piece and return its length; the name at its end is held back until it is whole."""
        text = self._tail + piece
        end = max(text.rfind(b" "), text.rfind(b"\n"), text.rfind(b"\t")) + 1
        if len(text) - end > TAIL:
            end = len(text)
        self._tail = text[end:]
        self._output.write(self._spelt(text[:end]))
        return len(piece)

    def flush(self) -> None:
        """Write what was held back: the document is whole."""
        self._output.write(self._spelt(self._tail))
        self._tail = b""
        self._output.flush()

    def _spelt(self, text: bytes) -> bytes:
        return _NAME.sub(self._full, text) if b"\\." in text else text

    def _full(self, found: re.Match[bytes]) -> bytes:
        namespace = self._namespaces.get(found[1])
        return found[0] if namespace is None else b"<%b%b>" % (namespace, _ESCAPE.sub(rb"\1", found[2]))
