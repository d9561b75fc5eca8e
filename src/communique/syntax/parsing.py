"""Parsing: quads from a file or a stream, never lenient; what is wrong is said with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import DataError, Problem, UsageError
from communique.formats import FORMATS, JSONLD, NQUADS, NTRIPLES, RDFXML, SSSOM, Format, is_mappings
from communique.syntax import blank_nodes, jsonld, rdfxml
from communique.syntax.diagnosis import diagnose, recognise
from communique.syntax.mappings import mapping_quads
from communique.syntax.sources import blocks, opened, rewind, spooled

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from communique.project import SourceFile
    from communique.syntax.mappings import MappingSet

RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
TRIPLE_TERM_DEPTH_LIMIT = 1_000


class Parsing(Iterator[ox.Quad]):
    """The quads of a source, read as they are asked for; `prefixes` are those that were declared so far."""

    def __init__(self, job: _Job) -> None:
        """Begin nothing yet."""
        self._job = job
        self._quads = job.quads()

    def __iter__(self) -> Iterator[ox.Quad]:
        """Give the quads without a detour."""
        return self._quads

    def __next__(self) -> ox.Quad:
        """Give the next quad."""
        return next(self._quads)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the source has declared up to the last quad read."""
        return self._job.parser.prefixes if self._job.parser else {}

    @property
    def mappings(self) -> MappingSet | None:
        """The mapping set, with what it does not state, once its first quad was read; None for a source of RDF."""
        return self._job.mappings


def parse_file(
    file: SourceFile | Path,
    *,
    base: str | None = None,
    format: Format | None = None,
    contexts: Mapping[str, Path] | None = None,
) -> Parsing:
    """Give the quads of a file in its order; blank nodes are numbered as they appear, under a name of the file's own.

    `format` is by default what the extension says; `contexts` are the files of the JSON-LD contexts that may be named
    by their address. Raises DataError with file, line and column of the first fault, AccessError if it cannot be read.
    """
    path, name = (file, str(file)) if isinstance(file, Path) else (file.path, file.name or str(file.path))
    prefix = f"f{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:12]}b"
    return Parsing(_Job(opened(path), path, format or format_of(path), prefix, base, contexts or {}))


def parse_stream(
    stream: IO[bytes],
    *,
    format: Format,
    base: str | None = None,
    contexts: Mapping[str, Path] | None = None,
) -> Parsing:
    """Give the quads of a pipe; the rest as with `parse_file`."""
    return Parsing(_Job(spooled(stream), Path("<stdin>"), format, "b", base, contexts or {}))


def format_of(path: Path) -> Format:
    """Return the RDF format that the extension of a file tells; raises DataError if it tells none."""
    if is_mappings(path):
        return SSSOM
    found = FORMATS.by_extension(Path(path.name.removesuffix(".gz")).suffix)
    if path.name.removesuffix(".gz").endswith(".xml"):
        return RDFXML
    if found is None or found.name not in RDF_FORMATS:
        extensions = " ".join(each.extension for each in FORMATS.of_kind("rdf"))
        raise DataError([Problem(path, None, None, "has no extension of an RDF format.", f"Known are {extensions}.")])
    return found


@dataclass(slots=True)
class _Job:
    """One source and how to read it."""

    source: AbstractContextManager[IO[bytes]]
    path: Path
    format: Format
    prefix: str
    base: str | None
    contexts: Mapping[str, Path]
    parser: ox.QuadParser | None = None
    mappings: MappingSet | None = None

    def quads(self) -> Iterator[ox.Quad]:
        """Open the source, look at it, parse it, close it."""
        with self.source as stream:
            if _is_empty(stream):
                return
            try:
                yield from self._quads(stream)
            except DataError as error:
                known = recognise(stream, self.path)
                raise DataError([known] if known else error.problems) from error

    def _quads(self, stream: IO[bytes]) -> Iterator[ox.Quad]:
        if self.format == SSSOM:
            from communique.syntax.sssom import read_mappings  # with a parser of YAML, which a server has no use for

            self.mappings = read_mappings(rewind(stream).read(), self.path)
            return mapping_quads(self.mappings, prefix=self.prefix)
        if self.format == JSONLD:
            return self._jsonld(rewind(stream).read(), stream)
        if self.format == RDFXML:
            rdfxml.check(stream, self.path)
        elif self.format not in (NTRIPLES, NQUADS):
            _check_depth(stream, self.path)
        return self._parsed(stream)

    def _parsed(self, stream: IO[bytes]) -> Iterator[ox.Quad]:
        abbreviated = self.format not in (NTRIPLES, NQUADS)
        rename = self.format == RDFXML or blank_nodes.may_occur(stream, abbreviated=abbreviated)
        quads = self._begin(rewind(stream), self.base)
        return self._diagnosed(blank_nodes.renamed(quads, prefix=self.prefix) if rename else quads, stream, self.base)

    def _jsonld(self, content: bytes, stream: IO[bytes]) -> Iterator[ox.Quad]:
        prepared = jsonld.prepare(content, self.path, contexts=self.contexts)
        base = self.base or jsonld.NO_BASE
        quads: Iterator[ox.Quad] = self._begin(prepared, base)
        if self.base is None:
            quads = jsonld.check_absolute(quads, self.path, content)
        return self._diagnosed(blank_nodes.renamed(quads, prefix=self.prefix), stream, base)

    def _begin(self, content: IO[bytes] | bytes, base: str | None) -> ox.QuadParser:
        try:
            self.parser = ox.parse(content, format=RDF_FORMATS[self.format.name], base_iri=base)
        except ValueError as error:
            raise UsageError(f"the base {base!r} is no absolute IRI, such as https://example.org/: {error}") from error
        return self.parser

    def _diagnosed(self, quads: Iterator[ox.Quad], stream: IO[bytes], base: str | None) -> Iterator[ox.Quad]:
        try:
            yield from quads
        except (SyntaxError, MemoryError) as error:
            found = diagnose(error, stream, self.path, format=RDF_FORMATS[self.format.name], base=base)
            raise DataError([found]) from error


def _is_empty(stream: IO[bytes]) -> bool:
    return not any(block.strip() for block in blocks(stream))


def _check_depth(stream: IO[bytes], path: Path) -> None:
    """Refuse triple terms so deep that they would overflow the stack of the parser, which kills the process."""
    depth = 0
    line = 1
    for block in blocks(stream):
        if b"<<" in block:
            for text in block.splitlines():
                depth = max(0, depth + text.count(b"<<") - text.count(b">>"))
                if max(depth, text.count(b"<<")) > TRIPLE_TERM_DEPTH_LIMIT:
                    raise DataError([Problem(path, line, None, "nests triple terms more than 1,000 deep.")])
                line += 1
        else:
            depth = max(0, depth - block.count(b">>"))
            line += block.count(b"\n")
