"""Derived documents: what follows from the text of another document alone, so that it need not be kept.

N-Triples and RDF/XML follow from Turtle, N-Quads from TriG. A build may write them, a server may make them when they
are asked for: the same document gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.formats import NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from communique.syntax.serialization import write
from communique.syntax.xml_text import has_letters_for_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from communique.formats import Format

SOURCES: Mapping[Format, Format] = MappingProxyType({NTRIPLES: TURTLE, RDFXML: TURTLE, NQUADS: TRIG})
"""What each derived format is made from."""
_MAY_HOLD_BLANKS = (ox.BlankNode, ox.Triple)
_BLANKS = (b"_:", b"[", b"(")
"""Without any of these Turtle has no blank node (sections 2.6 to 2.8)."""
_SYNTAXES = {TURTLE: ox.RdfFormat.TURTLE, TRIG: ox.RdfFormat.TRIG}


def derive(document: bytes, *, format: Format) -> bytes:
    """Return a document of ours in a format of SOURCES, made from its text in the format that SOURCES names for it.

    N-Triples and N-Quads are sorted. Raises UsageError where XML has no name or no letter for what the data say.
    """
    source = _SYNTAXES[SOURCES[format]]
    if format != RDFXML:
        lines = ox.serialize(ox.parse(document, format=source, lenient=True), format=ox.RdfFormat.N_QUADS) or b""
        if b"_:" in lines:
            quads = numbered(ox.parse(document, format=source, lenient=True))
            lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        return b"".join(sorted(lines.splitlines(keepends=True)))
    parser = ox.parse(document, format=source, lenient=True)
    out = BytesIO()
    # The prefixes are known once all is read.
    quads = numbered(parser) if any(mark in document for mark in _BLANKS) else list(parser)
    write(quads, out, format=RDFXML, prefixes=parser.prefixes, letters=has_letters_for_xml(document))
    return out.getvalue()


def numbered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads with their blank nodes named b1, b2, ... as they are met."""
    name = numbering()
    return [
        ox.Quad(name(quad.subject), quad.predicate, name(quad.object), name(quad.graph_name))
        if isinstance(quad.object, _MAY_HOLD_BLANKS)
        or isinstance(quad.subject, ox.BlankNode)
        or isinstance(quad.graph_name, ox.BlankNode)
        else quad
        for quad in quads
    ]


def numbering() -> Callable[[Any], Any]:
    """Return what gives a term with its blank nodes named b1, b2, ... as they are met."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def name(term: Any) -> Any:
        if isinstance(term, ox.BlankNode):
            return names.setdefault(term, ox.BlankNode(f"b{len(names) + 1}"))
        return ox.Triple(name(term.subject), term.predicate, name(term.object)) if isinstance(term, ox.Triple) else term

    return name
