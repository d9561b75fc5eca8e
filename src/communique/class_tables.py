"""Tables: for each class one in CSV, a row for each thing, with metadata of CSV on the Web, and all in one archive.

They are made in the pass that makes the dumps. Rows are written aside as they come; what the cells of a table are
separated by, and the types of its columns, are known at the end.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.aside import Aside
from communique.columns import LABEL, LINK, TEXT, columns_of
from communique.csvw import metadata
from communique.labels import LABEL_PROPERTIES
from communique.packing import LEVEL
from communique.presentation import TYPE
from communique.terms import XSD

if TYPE_CHECKING:
    from pathlib import Path

    from communique.columns import Column
    from communique.generations import Generation
    from communique.site import Site
    from communique.statements import Fact, Node

FOLDER = "dumps/tables"
ARCHIVE = "dumps/tables.zip"
BUFFER = 1 << 14
MARK = "\x1f"
"""Stands between the values of a cell until it is known what none of them holds."""
SEPARATORS = ("|", "¦", "␟")
_LABELS = {str(path): rank for rank, path in enumerate(LABEL_PROPERTIES)}
_TYPE = str(TYPE)


@dataclass(frozen=True, slots=True)
class TableFile:
    """The table of a class: its path, the names of its columns, its rows, its size in bytes and its SHA-256."""

    cls: NamedNode
    path: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str


class ClassTables:
    """The tables of all classes that have a list; a dump among others (`dumps.Dump`)."""

    def __init__(self, site: Site, new: Generation) -> None:
        """Begin with a head and no rows."""
        self._site = site
        self._new = new
        self._aside = Aside[str]()
        self._tables = {
            str(each.cls): _Table(columns_of(site, each.cls), f"{FOLDER}/{each.path.rpartition('/')[2]}.csv")
            for each in site.classes.values()
        }
        self.files: tuple[TableFile, ...] = ()
        self.archive_sum = ""
        """The SHA-256 of the archive, once it is finished."""

    def write(self, node: Node) -> None:
        """Take one subject: a row for each of its classes."""
        if node.name[0] != "<":
            return
        for predicate, cls, _ in node.facts:
            if predicate == _TYPE and cls in self._tables:
                table = self._tables[cls]
                table.add(node)
                if table.waiting.tell() > BUFFER:
                    self._aside.add(cls, table.taken())

    def finish(self) -> None:
        """Write each table with its metadata, then the archive."""
        for cls, table in self._tables.items():
            self._aside.add(cls, table.taken())
        with self._aside as aside:
            self.files = tuple(self._written(cls, table, aside) for cls, table in self._tables.items())
        self._archive()

    def _written(self, cls: str, table: _Table, aside: Aside[str]) -> TableFile:
        separator = table.separator
        with self._new.open(table.path) as out:
            out.write(_line(["id", *(column.name for column in table.columns)]).encode())
            for part in aside.parts(cls):
                out.write(part.replace(MARK.encode(), separator.encode()))
            size = out.tell()
        sha256 = _digest(self._new.folder / table.path)
        node = NamedNode(cls[1:-1])
        described = metadata(self._site, node, table.columns, url=table.path.rpartition("/")[2], separator=separator)
        text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
        self._new.write(f"{table.path}-metadata.json", text.encode())
        return TableFile(node, table.path, ("id", *(column.name for column in table.columns)), table.rows, size, sha256)

    def _archive(self) -> None:
        # No time stands in the archive: the earliest that the format has stands for none.
        paths = sorted(path for each in self.files for path in (each.path, f"{each.path}-metadata.json"))
        with (
            self._new.open(ARCHIVE) as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
        ):
            for path in paths:
                entry = zipfile.ZipInfo(path.removeprefix("dumps/"))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with (self._new.folder / path).open("rb") as content, archive.open(entry, "w") as packed:
                    while piece := content.read(1 << 20):
                        packed.write(piece)
        self.archive_sum = _digest(self._new.folder / ARCHIVE)


class _Table:
    def __init__(self, columns: list[Column], path: str) -> None:
        self.columns = columns
        self.path = path
        self.rows = 0
        self.waiting = io.StringIO(newline="")
        self._writer = csv.writer(self.waiting)  # RFC 4180: lines end in CR LF
        self._seen: set[str] = set()
        self._by_path: dict[str, list[tuple[int, Column]]] = {}
        self._labels = [(number, each) for number, each in enumerate(columns, 1) if each.path == LABEL]
        for number, column in enumerate(columns, 1):
            if column.path != LABEL:
                self._by_path.setdefault(str(column.path), []).append((number, column))

    @property
    def separator(self) -> str:
        """What stands between the values of a cell: the first sign that no value holds."""
        return next((sign for sign in SEPARATORS if sign not in self._seen), SEPARATORS[-1])

    def add(self, node: Node) -> None:
        """Add the row of a thing."""
        cells: list[list[str]] = [[] for _ in range(len(self.columns) + 1)]
        cells[0] = [node.name[1:-1]]
        self._fill(cells[-1], self.columns[-1], node.evidence)
        for predicate, text, _ in node.facts:
            for number, column in self._by_path.get(predicate, ()):
                self._fill(cells[number], column, (text,))
        self._label(cells, node.facts)
        self._writer.writerow([MARK.join(cell) for cell in cells])
        self.rows += 1

    def taken(self) -> bytes:
        """Return the rows that wait, which then wait no more."""
        content = self.waiting.getvalue().encode()
        self.waiting.seek(0)
        self.waiting.truncate()
        return content

    def _fill(self, cell: list[str], column: Column, texts: tuple[str, ...] | list[str]) -> None:
        for text in texts:
            value, type_, language = plain(text)
            if column.language and not is_in(language, column.language):
                continue
            if type_ != LINK:
                value = value.replace(MARK, " ")
                self._seen.update(sign for sign in SEPARATORS if sign in value)
            column.found.add(type_)
            cell.append(value)
            column.most = max(column.most, len(cell))

    def _label(self, cells: list[list[str]], facts: list[Fact]) -> None:
        """Put the best label in each language into its column."""
        best: dict[int, tuple[int, str]] = {}
        for predicate, text, _ in facts:
            if predicate in _LABELS:
                value, type_, language = plain(text)
                for number, column in self._labels:
                    fits = type_ == TEXT and is_in(language, column.language)
                    if fits and (number not in best or _LABELS[predicate] < best[number][0]):
                        best[number] = (_LABELS[predicate], value)
        for number, (_, value) in best.items():
            cells[number] = [value]
            self.columns[number - 1].found.add(TEXT)


def plain(text: str) -> tuple[str, str, str]:
    """Return the value of a term of N-Triples without its marks, its type (`LINK` for a node), its language or "".

    >>> plain('"x"@en')
    ('x', 'http://www.w3.org/2001/XMLSchema#string', 'en')
    """
    if text[0] != '"':
        return text[1:-1] if text[0] == "<" and text[1] != "<" else text, LINK, ""
    end = text.rindex('"')
    quoted, rest = text[: end + 1], text[end + 1 :]
    # N-Triples and JSON escape alike.
    value = json.loads(quoted) if "\\" in quoted else quoted[1:-1]
    if rest.startswith("@"):
        return value, TEXT, rest[1:]
    return value, rest[3:-1] if rest else XSD + "string", ""


def is_in(tag: str, language: str) -> bool:
    """Tell if a text with a language tag is in a language (RFC 4647, section 3.3.1)."""
    return tag.lower() == language.lower() or tag.lower().startswith(f"{language.lower()}-")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _line(cells: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()
