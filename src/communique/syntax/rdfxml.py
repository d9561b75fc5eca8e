"""A look at RDF/XML before it is parsed: well-formed, no document type from outside, no bomb of entities.

pyoxigraph gives no line for a fault in RDF/XML, takes a document that breaks off for complete, and expands whatever
entities are declared. Protégé and others write flat internal entities; these stay allowed.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from communique.errors import DataError, Problem
from communique.syntax.sources import BLOCK, blocks, rewind

if TYPE_CHECKING:
    from pathlib import Path

EXPANSION_LIMIT = 1 << 20
DEPTH_LIMIT = 1_000
REFERENCE = re.compile(rb"&([^#;&\s<>]{1,255});")


def check(stream: IO[bytes], path: Path) -> None:
    """Raise DataError, with line and column, if the document is malformed or against the policy."""
    inspection = _Inspection(path)
    inspection.read(stream)
    if inspection.entities:
        _check_expansion(stream, path, inspection.entities)


class _Inspection:
    """One pass of expat over a document."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entities: dict[bytes, int] = {}
        self._depth = 0
        self._parser = parser = expat.ParserCreate()
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended

    def read(self, stream: IO[bytes]) -> None:
        """Read the whole stream."""
        try:
            rewind(stream)
            while block := stream.read(BLOCK):
                self._parser.Parse(block, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            message = f"is no well-formed XML: {expat.ErrorString(error.code)}."
            raise DataError([Problem(self.path, error.lineno, error.offset + 1, message)]) from error

    def _refuse(self, message: str, remedy: str) -> None:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        raise DataError([Problem(self.path, line, column, message, remedy)])

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
            self._refuse(f"is encoded as {encoding}; only UTF-8 is read.", "Save it as UTF-8.")

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        if system is not None or public is not None:
            where = system or public
            self._refuse(f"has an external document type ({where}), which is never fetched.", "Remove the DOCTYPE.")

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        if is_parameter or value is None:
            self._refuse(f"declares the external or parameter entity {name}.", "Only plain internal entities are read.")
        elif REFERENCE.search(value.encode()):
            self._refuse(f"declares the entity {name} by other entities.", "Write its text out.")
        else:
            self.entities.setdefault(name.encode(), len(value.encode()))

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            self._refuse(f"nests elements more than {DEPTH_LIMIT} deep.", "Describe nested nodes side by side.")
        if self._depth == 1 and name.lower() == "html":
            self._refuse("looks like an HTML page.", "Download the RDF itself.")

    def _ended(self, name: str) -> None:
        self._depth -= 1


def _check_expansion(stream: IO[bytes], path: Path, entities: dict[bytes, int]) -> None:
    total, line = 0, 1
    for block in blocks(stream):
        total += sum(entities.get(name, 0) for name in REFERENCE.findall(block))
        if total > EXPANSION_LIMIT:
            raise DataError([Problem(path, line, None, "expands entities to more than 1 MiB.", "Write the text out.")])
        line += block.count(b"\n")
