"""Writing quads in any RDF syntax, the same bytes each time, and nothing that its readers would refuse.

pyoxigraph lists prefixes in the order of a hash table (`prefixed`), and writes RDF/XML that no XML parser reads
(`xml_text`, `node_elements`); both are mended or refused here.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from communique.errors import UsageError
from communique.formats import JSONLD, RDFXML, TRIG, TURTLE
from communique.syntax import RDF_FORMATS
from communique.syntax.compact_jsonld import CompactJsonLd
from communique.syntax.naming import canonical
from communique.syntax.node_elements import xml_stream
from communique.syntax.prefixed import one_each, prefixed_stream
from communique.syntax.rdf import TYPE
from communique.syntax.xml_text import has_letters, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from communique.formats import Format
    from communique.iris import Prefixes

XSD = "http://www.w3.org/2001/XMLSchema#"
UNWRITTEN_TYPES = frozenset(XSD + name for name in ("string", "boolean", "integer", "decimal", "double"))


def write(
    quads: Iterable[ox.Quad], output: IO[bytes], *, format: Format, prefixes: Mapping[str, str], letters: bool = False
) -> None:
    """Write quads to a binary stream, in their order; `prefixes` are used where the format has them.

    `letters` tells that XML is known to have all letters of these quads (`xml_text`). Raises UsageError if the format
    cannot say what a quad says.
    """
    if format == RDFXML:
        quads = named(quads if letters else _checked_for_xml(quads))
    if format == JSONLD:
        quads = _checked_for_jsonld(quads)
    prefixed = one_each(prefixes) if format in (TURTLE, TRIG, RDFXML) else {}
    if format == RDFXML:
        output = xml_stream(output, prefixes=prefixed)
    target = output
    if prefixed or format == RDFXML:
        target = prefixed_stream(output, prefixes=prefixed, xml=format == RDFXML)
    elif format == JSONLD:
        target = cast("IO[bytes]", CompactJsonLd(output, prefixes=prefixed))
    try:
        ox.serialize(quads, target, RDF_FORMATS[format.name], prefixes=prefixed)
    except ValueError as error:
        raise UsageError(f"{format.label} cannot hold this: {error}") from error


def ordered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads sorted, each once, with the canonical names of RDFC-1.0 for their blank nodes."""
    return sorted(
        canonical(quads), key=lambda quad: (str(quad.graph_name), str(quad.subject), *_rank(quad), str(quad.object))
    )


def by_subject(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads sorted, whatever order they come in and whatever their blank nodes are called."""
    return sorted(quads, key=lambda quad: (_name(quad.subject), *_rank(quad), _name(quad.object)))


def _name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return "" if isinstance(term, ox.BlankNode) else str(term)


def prefixes_in_use(quads: Iterable[ox.Quad], prefixes: Prefixes) -> dict[str, str]:
    """Return those prefixes that shorten an IRI of these quads."""
    found = set()
    for quad in quads:
        for iri in _iris(quad):
            curie = prefixes.curie(iri)
            if curie is not None:
                found.add(curie.partition(":")[0])
    return {prefix: prefixes[prefix] for prefix in sorted(found)}


def _checked_for_jsonld(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise UsageError("JSON-LD has no word for triple terms: write Turtle, TriG, N-Triples or N-Quads.")
        yield quad


def _rank(quad: ox.Quad) -> tuple[bool, str]:
    """Types come first."""
    return quad.predicate != TYPE, quad.predicate.value


def _iris(quad: ox.Quad) -> Iterator[str]:
    """Give the IRIs that Turtle writes out; `a`, and the types of strings and numbers, are not."""
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, ox.NamedNode) and term != TYPE:
            yield term.value
        elif isinstance(term, ox.Literal) and not term.language and term.datatype.value not in UNWRITTEN_TYPES:
            yield term.datatype.value


def _checked_for_xml(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        if isinstance(quad.object, ox.Literal) and not has_letters(quad.object.value):
            raise UsageError(f"RDF/XML cannot hold the control characters of a literal of {quad.subject}.")
        yield quad
