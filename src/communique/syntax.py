"""From files to quads: strict parsing whose errors name file, line and column."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import DataError, Problem
from communique.formats import FORMATS
from communique.project import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def parse_file(file: SourceFile | Path, *, base: str | None = None) -> Iterator[ox.Quad]:
    """Give the quads of a file in its order; blank nodes are numbered by first appearance under a name of the file's.

    Raises DataError with the file, the line and the column of the first fault.
    """
    path, name = (file, str(file)) if isinstance(file, Path) else (file.path, file.name or str(file.path))
    found = FORMATS.by_extension(Path(path.name.removesuffix(".gz")).suffix)
    if found is None or found.name not in RDF_FORMATS:
        raise DataError([Problem(path, None, None, "is no RDF file by its extension.")])
    prefix = "f" + hashlib.sha256(name.encode()).hexdigest()[:8] + "b"
    try:
        with _opened(path) as stream:
            yield from _renamed(ox.parse(stream, format=RDF_FORMATS[found.name], base_iri=base), prefix)
    except SyntaxError as error:
        message = str(error.args[0])
        raise DataError([Problem(path, error.lineno, error.offset, message)]) from error


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _renamed(quads: Iterator[ox.Quad], prefix: str) -> Iterator[ox.Quad]:
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def rename(term):  # type: ignore[no-untyped-def]
        if isinstance(term, ox.BlankNode):
            return names.setdefault(term, ox.BlankNode(f"{prefix}{len(names)}"))
        if isinstance(term, ox.Triple):
            return ox.Triple(rename(term.subject), term.predicate, rename(term.object))
        return term

    for quad in quads:
        yield ox.Quad(rename(quad.subject), quad.predicate, rename(quad.object), rename(quad.graph_name))
