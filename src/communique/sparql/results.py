"""Results of queries: as a table for people, or in a format for programs."""

from __future__ import annotations

import unicodedata
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import UsageError
from communique.formats import CSV, FORMATS, RESULTS_JSON, RESULTS_XML, TSV, TURTLE, Format
from communique.legibility import legible_name
from communique.syntax import answer_text
from communique.syntax.serialization import ordered, prefixes_in_use, write

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from communique.iris import Prefixes
    from communique.store import Results, Term

TABLE = "table"
RESULTS_FORMATS = {
    CSV: ox.QueryResultsFormat.CSV,
    TSV: ox.QueryResultsFormat.TSV,
    RESULTS_JSON: ox.QueryResultsFormat.JSON,
    RESULTS_XML: ox.QueryResultsFormat.XML,
}
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def write_results(results: Results, output: IO[bytes], *, format: Format | None, prefixes: Prefixes) -> None:
    """Write results in a format of the table of formats; None means Turtle, which only graphs have.

    Graphs come sorted, each triple once. Raises UsageError if the format does not fit the form of the query, or cannot
    hold what is found.
    """
    if isinstance(results, ox.QueryTriples):
        _write_graph(results, output, format or TURTLE, prefixes)
    elif format not in RESULTS_FORMATS:
        raise UsageError(_misfit("SELECT and ASK give", format, (TABLE, *(each.name for each in RESULTS_FORMATS))))
    elif isinstance(results, ox.QueryBoolean) and format in (CSV, TSV):
        output.write(b"true\n" if results else b"false\n")
    else:
        answer_text.write_results(results, output, format=RESULTS_FORMATS[format])
        if format in (RESULTS_JSON, RESULTS_XML):
            output.write(b"\n")


def _write_graph(results: ox.QueryTriples, output: IO[bytes], format: Format, prefixes: Prefixes) -> None:
    if format.kind != "rdf":
        names = [each.name for each in FORMATS.of_kind("rdf")]
        raise UsageError(_misfit("CONSTRUCT and DESCRIBE give", format, names))
    quads = ordered(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in results)
    write(quads, output, format=format, prefixes=prefixes_in_use(quads, prefixes))


def print_table(results: ox.QuerySolutions | ox.QueryBoolean, console: Console, *, prefixes: Prefixes) -> int:
    """Print results for people and return the number of rows; a console that is no terminal gets plain columns."""
    if isinstance(results, ox.QueryBoolean):
        console.print("yes" if results else "no")
        return 1
    names = [variable.value for variable in results.variables]
    rows = [[_cell(term, prefixes) for term in solution] for solution in results]
    if console.is_terminal:
        _print_fitted(names, rows, console)
    else:
        _print_plain(names, rows, console)
    return len(rows)


def _print_fitted(names: list[str], rows: list[list[Text]], console: Console) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _print_plain(names: list[str], rows: list[list[Text]], console: Console) -> None:
    lines = [names, *([cell.plain for cell in row] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        console.out("  ".join(padded).rstrip(), highlight=False)


def _cell(term: Term | None, prefixes: Prefixes) -> Text:
    """Return a term as people read it: IRIs short, literals without quotes, unfamiliar types named."""
    from rich.text import Text

    if isinstance(term, ox.NamedNode):
        return Text(legible_name(prefixes.curie(term.value) or f"<{term.value}>"), style="cyan")
    if isinstance(term, ox.Literal):
        return Text(legible_name(term.value)).append(_suffix(term, prefixes), style="dim")
    return Text("" if term is None else legible_name(str(term)))


def _suffix(literal: ox.Literal, prefixes: Prefixes) -> str:
    if literal.language:
        return f" @{literal.language}"
    datatype = literal.datatype.value
    short = prefixes.curie(datatype) or f"<{datatype}>"
    return "" if short.startswith("xsd:") or datatype == XSD_STRING else f" ^^{short}"


def _width(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a wide letter, none for a combining mark."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _misfit(what: str, format: Format | None, names: list[str] | tuple[str, ...]) -> str:
    asked = format.name if format else TABLE
    return f"{what} no {asked}: use --format {', '.join(names[:-1])} or {names[-1]}"
