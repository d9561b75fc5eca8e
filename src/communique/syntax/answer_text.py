"""Answers to queries in any format, whoever found them: whole, or an error that says which formats can hold them."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from communique.errors import UsageError
from communique.formats import CSV, NTRIPLES, RESULTS_JSON, TSV, TURTLE
from communique.syntax.compact_jsonld import CompactJsonLd
from communique.syntax.node_elements import xml_stream
from communique.syntax.prefixed import one_each, prefixed_stream
from communique.syntax.query_faults import declarations
from communique.syntax.xml_text import XmlText, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from communique.formats import Format

RESULTS_THAT_CAN = (RESULTS_JSON, CSV, TSV)
GRAPHS_THAT_CAN = (TURTLE, NTRIPLES)
NOT_IN_JSONLD = "JSON-LD does not support RDF 1.2"
"""How the engine says so."""
RESERVED_IN_XML = frozenset(
    ("", "xml", "xmlns", "rdf", "its", "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
)
"""Prefixes and namespaces that are not declared in RDF/XML: it has its own, and "" would hold for what has none."""
PLAIN = (ox.NamedNode, ox.Literal)
TOGETHER = 100
"""Rows of CSV that are written at once."""
NONE: Mapping[str, str] = MappingProxyType({})


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
    elif isinstance(results, ox.QuerySolutions) and format == ox.QueryResultsFormat.CSV:
        _write_csv(results, output)
    elif format == ox.QueryResultsFormat.XML:
        try:
            results.serialize(cast("IO[bytes]", XmlText(output)), format)
        except UsageError as error:
            raise CannotHoldError(str(error), RESULTS_THAT_CAN) from error
    else:
        results.serialize(output, format)


def _write_csv(results: ox.QuerySolutions, output: IO[bytes]) -> None:
    """Write rows (SPARQL 1.1 Query Results CSV and TSV Formats, section 3); the engine puts no quotes around IRIs."""
    rows = chain([[variable.value for variable in results.variables]], map(_texts, results))
    while some := list(islice(rows, TOGETHER)):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(some)
        output.write(text.getvalue().encode())


def _texts(row: ox.QuerySolution) -> list[str]:
    return [term.value if isinstance(term, PLAIN) else _text(term) for term in row]


def _text(term: ox.BlankNode | ox.Triple | None) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {term} )>>"
    return "" if term is None else str(term)


def write_graph(
    triples: Iterable[ox.Triple], output: IO[bytes], *, format: ox.RdfFormat, prefixes: Mapping[str, str] = NONE
) -> None:
    """Write a graph in the order of its triples; raises CannotHoldError where the format cannot hold what they say.

    Turtle, RDF/XML and JSON-LD use `prefixes`, one for a namespace, each an absolute IRI: a short text declares those
    that occur in it, a long one all of them, and in JSON-LD those that occur at its beginning (`CapturedError`).
    """
    xml = format == ox.RdfFormat.RDF_XML
    if xml:
        prefixes = {prefix: name for prefix, name in prefixes.items() if not {prefix, name} & RESERVED_IN_XML}
        triples, output = named(triples), xml_stream(output, prefixes=prefixes)
    try:
        if xml or (prefixes and format == ox.RdfFormat.TURTLE):
            stream = prefixed_stream(output, prefixes=prefixes, xml=xml, spare=True)
            ox.serialize(triples, stream, format, prefixes=dict(prefixes))
        else:
            if format == ox.RdfFormat.JSON_LD:
                output = cast("IO[bytes]", CompactJsonLd(output, prefixes=prefixes))
            if isinstance(triples, ox.QueryTriples):
                triples.serialize(output, format)
            else:
                ox.serialize(triples, output, format)
    except UsageError as error:
        raise CannotHoldError(str(error), GRAPHS_THAT_CAN) from error
    except OSError as error:
        if not str(error).startswith(NOT_IN_JSONLD):
            raise
        raise CannotHoldError("JSON-LD has no word for triple terms.", GRAPHS_THAT_CAN) from error


def answer_prefixes(query: str, known: Mapping[str, str], *, base: str = "") -> Mapping[str, str]:
    """Return the prefixes for the graph that a query gives: its own, and of those that are known what fits to them.

    `base` is that of the query, where it says none itself.
    """
    own = one_each(namespaces(declarations(query, base=base)))
    if not own:
        return known
    taken = set(own.values())
    return own | {prefix: name for prefix, name in known.items() if prefix not in own and name not in taken}


def namespaces(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is no absolute IRI."""
    return {prefix: name for prefix, name in prefixes.items() if _is_iri(name)}


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
