"""Tables: for each class one in CSV, a row for each thing, with metadata of CSV on the Web.

They are made in the pass that makes the dumps. Rows are written aside as they come; what the cells of a table are
separated by, and the types of its columns, are known at the end.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.bounded import Bounded
from communique.descriptions.labels import LABEL_PROPERTIES, XL_PREFERRED, reified_labels
from communique.descriptions.presentation import TYPE
from communique.distributions.aside import Aside
from communique.distributions.columns import LABEL, LINK, TEXT, columns_of
from communique.distributions.csvw import metadata
from communique.literals import is_ill_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from communique.distributions.columns import Column
    from communique.distributions.statements import Batch
    from communique.generations import Generation
    from communique.website.site import Site

FOLDER = "dumps/tables"
BUFFER = 1 << 14
MARK = "\x1f"
"""Stands between the values of a cell until it is known what none of them holds."""
SEPARATORS = ("|", "¦", "␟")
_RUNS = re.compile("\\|(¦+)")
_LABELS = {str(path).encode(): rank for rank, path in enumerate(LABEL_PROPERTIES)}
_TYPE = str(TYPE).encode()
_REIFIED = str(XL_PREFERRED).encode()
_LABEL_OF_REIFIED = b"%b/<literalForm>" % _REIFIED
_LABELS[_LABEL_OF_REIFIED] = 0
_MARK = MARK.encode()
_QUOTE, _LESS, _GREATER = b'"<>'
_Fact = tuple[bytes, tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class TableFile:
    """The table of a class: path, names of the columns, rows, size in bytes, SHA-256, and that of the metadata."""

    cls: NamedNode
    path: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str
    metadata_sum: str


def metadata_path(table: str) -> str:
    """Return where the metadata of a table are (Tabular Data on the Web, section 5.3)."""
    return f"{table}-metadata.json"


class ClassTables:
    """The tables of all classes that have a list; a dump among others (`dumps.Dump`)."""

    def __init__(self, site: Site, new: Generation) -> None:
        """Begin with a head and no rows."""
        self._site = site
        self._new = new
        self._aside = Aside[bytes]()
        self._typed = _Kinds()
        self._tables = {
            str(each.cls).encode(): _Table(columns_of(site, each.cls), f"{FOLDER}/{each.path.rpartition('/')[2]}.csv")
            for each in site.classes.values()
        }
        self.files: tuple[TableFile, ...] = ()

    def write(self, batch: Batch) -> None:
        """Take some subjects: a row for each class of each."""
        predicates, objects = batch.linked.predicates, batch.linked.objects
        for name, (first, last) in zip(batch.linked.names, pairwise(batch.linked.bounds), strict=True):
            start = bisect_left(predicates, _TYPE, first, last)
            classes = objects[start : bisect_right(predicates, _TYPE, start, last)]
            tables = [self._tables[cls] for cls in classes if cls in self._tables]
            if tables and name[0] == _LESS:
                told, values = predicates[first:last], objects[first:last]
                if _REIFIED in told:
                    texts = reified_labels(self._site.store, NamedNode(name[1:-1].decode()))
                    told += (_LABEL_OF_REIFIED,) * len(texts)
                    values = [*values, *(str(each).encode() for each in texts)]
                _add_row(name, told, values, tables, self._typed)
        for cls, table in self._tables.items():
            if table.waiting.tell() > BUFFER:
                self._aside.add(cls, table.taken())

    def finish(self) -> None:
        """Write each table with its metadata."""
        for cls, table in self._tables.items():
            self._aside.add(cls, table.taken())
        with self._aside as aside:
            self.files = tuple(self._written(cls, table, aside) for cls, table in self._tables.items())

    def _written(self, cls: bytes, table: _Table, aside: Aside[bytes]) -> TableFile:
        separator = table.separator
        with self._new.open(table.path) as out:
            out.write(_line(["id", *(column.name for column in table.columns)]).encode())
            for part in aside.parts(cls):
                out.write(part.replace(_MARK, separator.encode()))
            size = out.tell()
        sha256 = _digest(self._new.folder / table.path)
        node = NamedNode(cls[1:-1].decode())
        described = metadata(self._site, node, table.columns, url=table.path.rpartition("/")[2], separator=separator)
        text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
        self._new.write(metadata_path(table.path), text.encode())
        names = ("id", *(column.name for column in table.columns))
        metadata_sum = hashlib.sha256(text.encode()).hexdigest()
        return TableFile(node, table.path, names, table.rows, size, sha256, metadata_sum)


class _Layout(NamedTuple):
    """Where the values of a thing go in its row: `cells` picks one for each column, `joined` are cells of several."""

    cells: Callable[[list[str]], tuple[str, ...]]
    joined: tuple[tuple[int, ...], ...]


class _Table:
    def __init__(self, columns: list[Column], path: str) -> None:
        self.columns = columns
        self.path = path
        self.rows = 0
        self.waiting = io.StringIO(newline="")
        self.writer = csv.writer(self.waiting)  # RFC 4180: lines end in CR LF
        self.layouts: dict[tuple[bytes, ...], _Layout] = Bounded()
        self._seen: set[str] = set()
        self._longest = 0

    @property
    def separator(self) -> str:
        """What stands between the values of a cell: the first sign that no value holds, else `|` with enough `¦`.

        The latter begins with nothing that it ends with, so that no end of a value makes another one with its begin.
        """
        return next((sign for sign in SEPARATORS if sign not in self._seen), f"|{'¦' * (self._longest + 1)}")

    def add(self, key: tuple[bytes, ...], values: list[str]) -> None:
        """Add a row, by the predicates and the kinds of its values, before which stands the name of the thing."""
        layout = self.layouts.get(key)
        if layout is None:
            layout = self.layouts[key] = self._layout(key)
        if layout.joined:
            values = values + [MARK.join([values[place] for place in places]) for places in layout.joined]
        self.writer.writerow(layout.cells(values))
        self.rows += 1

    def taken(self) -> bytes:
        """Return the rows that wait, which then wait no more."""
        text = self.waiting.getvalue()
        self._seen.update(sign for sign in SEPARATORS if sign in text)
        if "|¦" in text:
            self._longest = max(self._longest, *map(len, _RUNS.findall(text)))
        self.waiting.seek(0)
        self.waiting.truncate()
        return text.encode()

    def _layout(self, key: tuple[bytes, ...]) -> _Layout:
        """Return where values go; note of which types they are, and how many a cell has at the most."""
        half = len(key) // 2
        facts = list(zip(key[:half], map(_type_of, key[half:]), range(1, half + 1), strict=True))
        joined: list[tuple[int, ...]] = []
        cells = [0]
        for column in self.columns:
            places = _labels(column, facts) if column.path == LABEL else _places(column, facts)
            column.found.update(type_ for _, (type_, _), place in facts if place in places)
            column.most = max(column.most, len(places))
            if len(places) > 1:
                joined.append(places)
            cells.append(places[0] if len(places) == 1 else half + 1 + len(joined) * (len(places) > 1))
        return _Layout(itemgetter(*cells), tuple(joined))


def _add_row(
    name: bytes, predicates: tuple[bytes, ...], objects: Sequence[bytes], tables: list[_Table], typed: _Kinds
) -> None:
    kinds, values = [], [name[1:-1]]
    for text in objects:
        if text[0] == _QUOTE:
            end = text.rindex(b'"')
            kinds.append(typed[text] if text[-1] == _GREATER else text[end + 1 :])
            # N-Triples and JSON escape alike.
            quoted = text[1:end]
            values.append(_unescaped(text[: end + 1]) if b"\\" in quoted else quoted)
        else:
            kinds.append(b"<")
            values.append(text[1:-1] if text[0] == _LESS and text[1] != _LESS else text)
    values.append(b"")
    key = (*predicates, *kinds)
    texts = _MARK.join(values).decode().split(MARK)
    for table in tables:
        table.add(key, texts)


class _Kinds(Bounded[bytes, bytes]):
    """The datatypes of typed values as N-Triples writes them; of what is none of its datatype's: none, it is a text."""

    def __missing__(self, text: bytes) -> bytes:
        end = text.rindex(b'"') + 1
        datatype = NamedNode(text[end + 3 : -1].decode())
        found = b"" if is_ill_typed(Literal(json.loads(text[:end]), datatype=datatype)) else text[end:]
        self[text] = found
        return found


def _unescaped(quoted: bytes) -> bytes:
    value: str = json.loads(quoted)
    return value.replace(MARK, " ").encode()


def _type_of(kind: bytes) -> tuple[str, str]:
    """Return the type of a value (`LINK` for a node) and its language or ""."""
    if kind == b"<":
        return LINK, ""
    return (kind[3:-1].decode(), "") if kind[:1] == b"^" else (TEXT, kind[1:].decode())


def _places(column: Column, facts: list[_Fact]) -> tuple[int, ...]:
    """Return the places of the values of a column."""
    path = str(column.path).encode()
    return tuple(
        place
        for predicate, (_, language), place in facts
        if predicate == path and (not column.language or is_in(language, column.language))
    )


def _labels(column: Column, facts: list[_Fact]) -> tuple[int, ...]:
    """Return the place of the best label of a column."""
    found = [
        (_LABELS[predicate], place, language)
        for predicate, (type_, language), place in facts
        if predicate in _LABELS and type_ == TEXT and (column.choose or is_in(language, column.language))
    ]
    if found and column.choose:
        best = column.choose({language for _, _, language in found})
        found = [each for each in found if each[2] == best]
    return (min(found)[1],) if found else ()


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
