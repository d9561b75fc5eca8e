"""JSON-LD of pyoxigraph with `@type` and a context of prefixes, neither of which it writes: both are put in on the way.

What it writes has no space between tokens, and every key beside keywords is an IRI. So an IRI stands behind a quotation
mark that follows a comma (a key), `"@id":` or `"@type":`, and no other text does: in a string that mark is escaped.
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING

from communique.syntax.compact_iris import possible
from communique.syntax.prefixed import one_each
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

HELD = 64 << 10
"""Bytes of a document that are worked on at once, the first of which decide about its prefixes."""
BEHIND = rb'(?<!\\)(?<!"@value":)(?<!"@language":)(?<!"@direction":)"'
"""A quotation mark with which an IRI or a keyword begins, or a string ends."""
KEY = f'"{TYPE.value}":['.encode()
"""The key of types, which no string holds: its last mark would be escaped."""
NODE = rb'\{"@id":"[^"]*"\}'
VALUE = rb'\{"@[a-z]+":"(?:[^"\\]|\\.)*+"(?:,"@[a-z]+":"(?:[^"\\]|\\.)*+")*+\}'
OBJECTS = re.compile(rb"((?:(?:" + NODE + rb"|" + VALUE + rb"),?)++)\]")
"""What stands behind that key."""
OBJECT = re.compile(rb"(?P<node>" + NODE + rb")|" + VALUE)


class CapturedError(Exception):
    """A document whose prefixes are declared holds an IRI whose scheme is one of them: it must be written without."""


class CompactJsonLd:
    """A binary stream for JSON-LD of pyoxigraph that declares those of the `prefixes` that occur in its beginning.

    Types are told by `@type`, as far as they are nodes: it can have no literals (JSON-LD 1.1, section 9.2).
    A prefix that is the scheme of an IRI there is left out: readers could not tell the two apart (JSON-LD 1.1 API,
    section 5.2). If one turns up later, `write` raises CapturedError.
    """

    def __init__(self, output: IO[bytes], *, prefixes: Mapping[str, str]) -> None:
        """Write to `output`."""
        self._output = output
        self._possible = {prefix: name for prefix, name in possible(one_each(prefixes)).items() if prefix != "_"}
        self._text: _Text | None = None
        self._held: list[bytes] = []
        self._size, self._enough = 0, HELD

    def write(self, piece: bytes) -> int:
        """Take a piece and return its length; raises CapturedError."""
        # Whoever writes may use the memory again.
        self._held.append(bytes(piece))
        self._size += len(piece)
        if self._size >= self._enough:
            held = b"".join(self._held)
            end = _end(held)
            self._pass(held[:end])
            self._held, self._size = [held[end:]], len(held) - end
            self._enough = max(HELD, 2 * self._size)
        return len(piece)

    def flush(self) -> None:
        """Write what was held back, and the end: the document is whole."""
        self._pass(b"".join(self._held))
        self._held, self._size = [], 0
        if self._text is not None and self._text.prefixes:
            self._output.write(b"}")
            self._text = _Text({})
        self._output.flush()

    def _pass(self, text: bytes) -> None:
        if not text:
            return
        text = _typed(text)
        if self._text is None:
            self._text = _Text(_used(text, self._possible))
            self._output.write(self._text.head)
        self._output.write(self._text.compact(text))


class _Text:
    """What becomes of a text under the context of some prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        longest_first = sorted(prefixes.items(), key=lambda pair: (-len(pair[1]), pair))
        self._short = {name.encode(): prefix.encode() for prefix, name in longest_first}
        self._pattern = _iris(prefixes, self._short)
        begun = tuple(prefix + b":" for prefix in self._short.values())
        self._is_simple = not any(name.startswith(begun) for name in self._short)
        """Whether no namespace begins as a compact IRI does: what is compact stays as it is."""

    @property
    def head(self) -> bytes:
        """What stands before the array of nodes."""
        if not self.prefixes:
            return b""
        context = json.dumps({"@context": self.prefixes}, ensure_ascii=False, separators=(",", ":")).encode()
        return context[:-1] + b',"@graph":'

    def compact(self, text: bytes) -> bytes:
        """Return a text with compact IRIs; raises CapturedError."""
        quick = self._quick(text) if self.prefixes else text
        return self._pattern.sub(self._shortened, text) if quick is None else quick

    def _quick(self, text: bytes) -> bytes | None:
        """Return the same in a fraction of the time, None where a text might be no IRI, or a compact one none."""
        if not self._is_simple:
            return None
        for name, prefix in self._short.items():
            full, short = b'"' + name, b'"' + prefix + b":"
            if short in text:
                return None
            if full in text:
                if b'"@value":' + full in text or b"\\" + full in text:
                    return None
                text = text.replace(full, short)
                if short + b"//" in text:
                    return None
        return text

    def _shortened(self, found: re.Match[bytes]) -> bytes:
        if found["name"] is None:
            raise CapturedError
        return b'"' + self._short[found["name"]] + b":"


def _end(text: bytes) -> int:
    """Return how much of a beginning can be taken alone: no IRI is cut, which has no brace, and no types of a node."""
    end = max(text.rfind(b"{"), 0)
    types = text.rfind(KEY, 0, end)
    return end if types < 0 or OBJECTS.match(text, types + len(KEY), end) else types


def _typed(text: bytes) -> bytes:
    """Return a text with `@type`."""
    first, *others = text.split(KEY)
    pieces = [first]
    for each in others:
        # Nearly always it is one: of `{"@id":"x"}]` remains `"x"]`.
        end = each.find(b"}") if each.startswith(b'{"@id":') else -1
        if end > 0 and each.startswith(b"}]", end):
            pieces += b'"@type":[', each[7:end], each[end + 1 :]
        else:
            found = OBJECTS.match(each)
            pieces += (_types(found), each[found.end() :]) if found else (KEY, each)
    return b"".join(pieces)


def _types(found: re.Match[bytes]) -> bytes:
    """Return the types of a node that has several, or literals among them."""
    objects = list(OBJECT.finditer(found[1]))
    nodes = b",".join(each[0][7:-1] for each in objects if each["node"])
    others = b",".join(each[0] for each in objects if not each["node"])
    return b",".join([b'"@type":[' + nodes + b"]"] * bool(nodes) + [KEY + others + b"]"] * bool(others))


def _iris(prefixes: Mapping[str, str], names: Mapping[bytes, bytes]) -> re.Pattern[bytes]:
    """Return what finds the beginnings of IRIs in these namespaces, longest first, and of those that are captured.

    A compact IRI whose second part begins with "//" would be read as an IRI.
    """
    full = b"|".join(map(re.escape, names)) or b"(?!)"
    schemes = b"|".join(re.escape(prefix.encode()) for prefix in prefixes) or b"(?!)"
    return re.compile(BEHIND + rb"(?:(?P<name>" + full + rb")(?!//)|(?P<scheme>" + schemes + rb"):(?!//))")


def _used(text: bytes, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that occur in a text, without those that are schemes of IRIs in it."""
    names = {name.encode(): b"" for name in sorted(prefixes.values(), key=lambda name: (-len(name), name))}
    found = [*_iris(prefixes, names).finditer(text)]
    used, captured = ({(each[group] or b"").decode() for each in found} for group in ("name", "scheme"))
    return {prefix: name for prefix, name in prefixes.items() if name in used and prefix not in captured}
