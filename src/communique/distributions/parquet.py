"""Tables once more as Parquet, with typed columns, made from each CSV and its metadata; the one module with arro3.

A column has the type of its metadata if all its values keep to it, else it is text; a cell of several values is a list.
An empty cell is null, of a list no value. https://parquet.apache.org/docs/file-format/
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any

from communique.distributions.class_tables import metadata_path
from communique.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from arro3.core import Array, DataType, RecordBatch
    from pyoxigraph import NamedNode

    from communique.distributions.class_tables import TableFile
    from communique.generations import Generation

EXTENSION = ".parquet"
BATCH, GROUP = 5_000, 50_000
"""Rows that are in memory at once as texts, and rows of a row group, which are in memory packed."""
LONGEST_CELL = 1 << 30
MOST_DIGITS = 38
INTEGERS = frozenset(
    ("byte", "int", "integer", "long", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger",
     "short", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort")
)  # fmt: skip
_TIME = r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d(?:\.\d{1,6})?"
SPELT = {
    "boolean": re.compile("true|false|0|1"),
    "integer": re.compile(r"[+-]?\d{1,19}"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "local": re.compile(_TIME),
    "instant": re.compile(_TIME + r"(?:Z|[+-]\d\d:\d\d)"),
}
"""How the values of a kind are spelt that Parquet has a type for. Times are `local` or an `instant`, never both."""
KINDS = {
    **dict.fromkeys(INTEGERS, ("integer",)),
    **dict.fromkeys(("double", "float"), ("double",)),
    **dict.fromkeys(("dateTime", "dateTimeStamp"), ("instant", "local")),
    **{each: (each,) for each in ("boolean", "decimal", "date")},
}


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """The table of a class as Parquet: its path, its size in bytes, its SHA-256."""

    cls: NamedNode
    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class _Column:
    """A column of a table: `kinds` are those that all its values keep to, `whole` and `part` digits of its decimals."""

    name: str
    kinds: tuple[str, ...]
    separator: str
    whole: int = 1
    part: int = 0

    def values(self, cell: str) -> list[str]:
        if self.separator:
            return cell.split(self.separator) if cell else []
        return [cell] if cell else []

    def look(self, cell: str) -> None:
        """Take note of the values of a cell: they rule out kinds."""
        for value in self.values(cell):
            self.kinds = tuple(each for each in self.kinds if SPELT[each].fullmatch(value))
            if self.kinds == ("integer",) and not -(2**63) <= int(value) < 2**63:
                self.kinds = ()
            elif self.kinds == ("decimal",):
                whole, _, part = value.lstrip("+-").partition(".")
                self.whole, self.part = max(self.whole, len(whole)), max(self.part, len(part))
                self.kinds = self.kinds if self.whole + self.part <= MOST_DIGITS else ()
            if not self.kinds:
                return


def check_installed(where: object) -> None:
    """Raise ProjectError, which names the setting `where`, if the library is missing that writes Parquet."""
    if importlib.util.find_spec("arro3") is None or importlib.util.find_spec("arro3.io") is None:
        remedy = "install it by pip install 'communique[parquet]', or remove the setting"
        raise ProjectError(f"{where}: parquet: the library that writes Parquet is missing; {remedy}")


def write_parquet(new: Generation, tables: Iterable[TableFile]) -> tuple[ParquetFile, ...]:
    """Write each table once more, beside its CSV."""
    return tuple(_written(new, table) for table in tables)


def _written(new: Generation, table: TableFile) -> ParquetFile:
    from arro3.core import Field, RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    from communique import __version__

    source = new.folder / table.path
    columns = _columns(new.folder / metadata_path(table.path), source)
    types = [_type(column) for column in columns]
    schema = Schema(
        [Field(each.name, type_, nullable=not each.separator) for each, type_ in zip(columns, types, strict=True)]
    )
    path = table.path.removesuffix(".csv") + EXTENSION
    with new.open(path) as out:
        reader = RecordBatchReader.from_batches(schema, _batches(source, columns, types, schema))
        # The library would name its own version.
        write(reader, out, compression="zstd(3)", created_by=f"communique version {__version__}",
              max_row_group_size=GROUP, skip_arrow_metadata=True)  # fmt: skip
    written = new.folder / path
    with written.open("rb") as file:
        return ParquetFile(table.cls, path, written.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _columns(described: Path, source: Path) -> list[_Column]:
    """Return the columns with the types that all their values keep to."""
    found = [
        _Column(each["titles"], KINDS.get(str(each["datatype"]), ()), each.get("separator", ""))
        for each in json.loads(described.read_bytes())["tableSchema"]["columns"]
        if not each.get("virtual")
    ]
    typed = [(place, column) for place, column in enumerate(found) if column.kinds]
    for row in _rows(source) if typed else ():
        for place, column in typed:
            if column.kinds:
                column.look(row[place])
    return found


def _rows(source: Path) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    with source.open(newline="", encoding="utf-8") as file:
        yield from islice(csv.reader(file), 1, None)


def _type(column: _Column) -> DataType:
    from arro3.core import DataType, Field

    kind = column.kinds[0] if column.kinds else ""
    simple: dict[str, Callable[[], DataType]] = {
        "boolean": DataType.bool,
        "integer": DataType.int64,
        "double": DataType.float64,
        "date": DataType.date32,
        "local": lambda: DataType.timestamp("us"),
        "instant": lambda: DataType.timestamp("us", tz="UTC"),
        "decimal": lambda: DataType.decimal128(column.whole + column.part, column.part),
    }
    value = simple.get(kind, DataType.utf8)()
    return DataType.list(Field("element", value, nullable=False)) if column.separator else value


def _batches(source: Path, columns: list[_Column], types: list[DataType], schema: Any) -> Iterator[RecordBatch]:
    from arro3.core import RecordBatch

    rows = _rows(source)
    while some := list(islice(rows, BATCH)):
        cells = zip(*some, strict=True)
        arrays = [_array(column, type_, each) for column, type_, each in zip(columns, types, cells, strict=True)]
        yield RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: _Column, type_: DataType, cells: Sequence[str]) -> Array:
    from arro3.core import Array, DataType, list_array

    if not column.separator:
        return Array([cell or None for cell in cells], DataType.utf8()).cast(type_)
    values = [column.values(cell) for cell in cells]
    offsets = Array([0, *accumulate(map(len, values))], DataType.int32())
    assert type_.value_type is not None
    flat = Array([value for each in values for value in each], DataType.utf8()).cast(type_.value_type)
    return list_array(offsets, flat, type=type_)
