"""Answers to queries in any format, whoever found them: whole, or an error that says which formats can hold them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from communique.errors import UsageError
from communique.formats import CSV, NTRIPLES, RESULTS_JSON, TSV, TURTLE
from communique.syntax.xml_text import XmlText, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.formats import Format

RESULTS_THAT_CAN = (RESULTS_JSON, CSV, TSV)
GRAPHS_THAT_CAN = (TURTLE, NTRIPLES)
NOT_IN_JSONLD = "JSON-LD does not support RDF 1.2"
"""How the engine says so."""


class CannotHoldError(UsageError):
    """An answer that says what its format has no place for; `formats` have one."""

    def __init__(self, message: str, formats: Sequence[Format]) -> None:
        """Say which can."""
        *names, last = (each.label.removeprefix("SPARQL results in ") for each in formats)
        super().__init__(f"{message} {', '.join(names)} and {last} can.")
        self.formats = formats


def write_results(
    results: ox.QuerySolutions | ox.QueryBoolean, output: IO[bytes], *, format: ox.QueryResultsFormat
) -> None:
    """Write the results of a SELECT or ASK; raises CannotHoldError where XML has no letter for what they say.

    A boolean in CSV or TSV, of which no specification speaks, is a line.
    """
    if isinstance(results, ox.QueryBoolean) and format in (ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV):
        output.write(b"true\r\n" if results else b"false\r\n")
    elif format == ox.QueryResultsFormat.XML:
        try:
            results.serialize(cast("IO[bytes]", XmlText(output)), format)
        except UsageError as error:
            raise CannotHoldError(str(error), RESULTS_THAT_CAN) from error
    else:
        results.serialize(output, format)


def write_graph(triples: Iterable[ox.Triple], output: IO[bytes], *, format: ox.RdfFormat) -> None:
    """Write a graph in the order of its triples; raises CannotHoldError where the format cannot hold what they say."""
    try:
        if format == ox.RdfFormat.RDF_XML:
            ox.serialize(named(triples), cast("IO[bytes]", XmlText(output)), format)
        elif isinstance(triples, ox.QueryTriples):
            triples.serialize(output, format)
        else:
            ox.serialize(triples, output, format)
    except UsageError as error:
        raise CannotHoldError(str(error), GRAPHS_THAT_CAN) from error
    except OSError as error:
        if not str(error).startswith(NOT_IN_JSONLD):
            raise
        raise CannotHoldError("JSON-LD has no word for triple terms.", GRAPHS_THAT_CAN) from error
