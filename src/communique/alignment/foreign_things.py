"""Things of another dataset with their names, read from a file of it: RDF in any syntax, or a table `id,label`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.alignment.page_addresses import named_properly
from communique.descriptions.presentation import TYPE
from communique.errors import DataError, Problem
from communique.formats import CSV, TSV
from communique.lookup.name_source import NAMES
from communique.syntax import parse_file
from communique.syntax.sources import opened, rewind

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATORS = {CSV.extension: ",", TSV.extension: "\t"}


@dataclass(slots=True)
class Thing:
    """A thing of others: its names in all languages, the first one to be shown, and its types."""

    names: dict[str, None] = field(default_factory=dict)
    types: dict[str, None] = field(default_factory=dict)


def read_things(path: Path) -> dict[str, Thing]:
    """Return the things of a file that have a name, by IRI.

    A table has the columns `id`, an IRI, and `label`, and may have `type` and others; a thing may take several rows. An
    id that is the address of a page of a well-known authority stands for the IRI of the thing.
    Raises DataError with the line of what is wrong, or if nothing has a name, AccessError if the file cannot be read.
    """
    separator = SEPARATORS.get(Path(path.name.removesuffix(".gz")).suffix.lower())
    found = _of_table(path, separator) if separator else _of_rdf(path)
    named = {iri: thing for iri, thing in found.items() if thing.names}
    if not named:
        raise _nothing(path, rows=len(found) if separator else None)
    return named


def _nothing(path: Path, *, rows: int | None) -> DataError:
    """Return the error of a file in which nothing has a name; `rows` counts the things of a table."""
    if rows is None:
        names = "rdfs:label, skos:prefLabel or foaf:name"
        return _wrong(path, None, "has nothing with a name.", f"Name its things, by {names}.")
    message = "has no row with a label." if rows else "has the names of columns and no row below them."
    return _wrong(path, 1, message, "Add a row for each thing: its IRI as id, its name as label.")


def _of_rdf(path: Path) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for quad in parse_file(path):
        if isinstance(quad.subject, NamedNode):
            if quad.predicate in NAMES and isinstance(quad.object, Literal) and quad.object.value.strip():
                found.setdefault(quad.subject.value, Thing()).names[quad.object.value] = None
            elif quad.predicate == TYPE and isinstance(quad.object, NamedNode):
                found.setdefault(quad.subject.value, Thing()).types[quad.object.value] = None
    return found


def _of_table(path: Path, separator: str) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for line, row in _rows(path, separator):
        iri = row["id"]
        try:
            if ":" not in iri:
                raise ValueError
            NamedNode(iri)
        except ValueError as error:
            raise _wrong(path, line, f"has the id {iri!r}, which is no IRI.", "Write it in full.") from error
        _, iri = named_properly(iri) or ("", iri)
        thing = found.setdefault(iri, Thing())
        if row["label"]:
            thing.names[row["label"]] = None
        if row.get("type"):
            thing.types[row["type"]] = None
    return found


def _rows(path: Path, separator: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows with their lines, by the names of the columns in small letters."""
    with opened(path) as stream:
        try:
            text = rewind(stream).read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _wrong(path, None, "is not valid UTF-8.", "Save the table as UTF-8.") from error
    head = text.partition("\n")[0]
    # Spreadsheets separate by semicolons where a comma begins the decimals.
    separator = next((sign for sign in (separator, ";") if sign in head), separator)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        for name in ("id", "label"):
            if name not in columns:
                raise _wrong(path, 1, f"lacks the column {name}.", "Name the columns id, label, and if need be type.")
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                yield (
                    line,
                    {name: cell.strip() for name, cell in zip(columns, cells, strict=False)} | _missing(columns, cells),
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise _wrong(path, reader.line_num, f"is no table: {error}.", "Save it as CSV again.") from error


def _missing(columns: list[str], cells: list[str]) -> dict[str, str]:
    return dict.fromkeys(columns[len(cells) :], "")


def _wrong(path: Path, line: int | None, message: str, remedy: str) -> DataError:
    return DataError([Problem(path, line, None, message, remedy)])
