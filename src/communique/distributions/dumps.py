"""Dumps: a whole store in one file, the same bytes each time.

Formats with graphs hold every quad where it stands. Those without hold the union, and a `cmq:statedIn` link from each
thing to each evidence graph that states a triple of it, so that the evidence is not lost. The store is read once for
all of them, as text, subject after subject, in memory that does not grow with it.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from pyoxigraph import parse

from communique.descriptions.evidence import Evidences
from communique.distributions.dump_jsonld import JsonLdDump
from communique.distributions.dump_turtle import AnnotatedDump, Spelling, TrigDump, TurtleDump
from communique.distributions.lines import END
from communique.distributions.statements import batches
from communique.errors import UsageError
from communique.formats import ANNOTATED, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from communique.syntax import RDF_FORMATS
from communique.syntax.serialization import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

    from communique.distributions.statements import Batch
    from communique.formats import Format
    from communique.iris import Prefixes
    from communique.representations.context import Context
    from communique.store import Store

TURTLE_LIKE: dict[Format, type[TurtleDump | TrigDump]] = {TURTLE: TurtleDump, TRIG: TrigDump, ANNOTATED: AnnotatedDump}


class Counts(NamedTuple):
    """How many quads a store holds, how many triples in any graph, and how many `cmq:statedIn` links it gets.

    Of the triples, `nested` have a triple for an object (RDF 1.2), which JSON-LD cannot say, if that was written;
    `annotated` are the triples that some evidence graph states, if they were written with these, which takes so many
    `annotations`, triples too.
    """

    quads: int
    triples: int
    links: int
    nested: int = 0
    annotated: int = 0
    annotations: int = 0

    def of(self, format: Format) -> int:
        """Return the statements of a dump, without annotations."""
        if format in (NQUADS, TRIG):
            return self.quads
        if format == ANNOTATED:
            return self.triples
        return self.triples + self.links - (self.nested if format == JSONLD else 0)


class Dump(Protocol):
    """A dump in the making: it is given every subject once, in canonical order, and then finished."""

    def write(self, batch: Batch) -> None:
        """Take some subjects."""

    def finish(self) -> object:
        """Write what could not be written before everything was known."""


def dump(
    store: Store,
    *,
    format: Format,
    prefixes: Prefixes,
    out: IO[bytes],
    context: Context | None = None,
    evidences: Evidences | None = None,
) -> None:
    """Write a store to a binary stream in any RDF format; JSON-LD needs a context.

    `evidences` know what the graphs are, if the store is a part of another and does not say so itself. Raises
    UsageError if the format cannot hold what the store says.
    """
    if format == RDFXML:
        write(_union(store, evidences), out, format=format, prefixes=prefixes)
    else:
        write_dumps(store, outs={format: out}, prefixes=prefixes, context=context, evidences=evidences)


def write_dumps(
    store: Store,
    *,
    outs: Mapping[Format, IO[bytes]],
    prefixes: Prefixes,
    context: Context | None = None,
    others: Iterable[Dump] = (),
    evidences: Evidences | None = None,
) -> Counts:
    """Write a store in several formats, each to its binary stream, and to other dumps, in one pass; count it.

    Raises UsageError if one of the formats cannot hold a whole store.
    """
    spelling = Spelling(prefixes)
    dumps = [*(_begun(format, out, spelling, context) for format, out in outs.items()), *others]
    quads = triples = links = 0
    for batch in batches(store, evidences=evidences or Evidences(store)):
        quads += len(batch.lines)
        triples += len(batch.facts.texts)
        links += len(batch.linked.texts) - len(batch.facts.texts)
        for each in dumps:
            each.write(batch)
    for each in dumps:
        if each.finish() is False and isinstance(each, JsonLdDump):
            out, context = outs[JSONLD], each.remaining
            write_dumps(store, outs={JSONLD: out}, prefixes=prefixes, context=context, evidences=evidences)
    of_rdf12 = [each for each in dumps if isinstance(each, AnnotatedDump)]
    annotated, annotations = sum(each.annotated for each in of_rdf12), sum(each.annotations for each in of_rdf12)
    nested = sum(each.left_out for each in dumps if isinstance(each, JsonLdDump))
    return Counts(quads, triples, links, nested, annotated, annotations)


def _begun(format: Format, out: IO[bytes], spelling: Spelling, context: Context | None) -> Dump:
    if format in TURTLE_LIKE:
        return TURTLE_LIKE[format](out, spelling)
    if format == JSONLD and context:
        return JsonLdDump(out, context)
    if format in (NQUADS, NTRIPLES):
        return _Lines(out, format)
    raise UsageError(f"{format.label} cannot hold a whole store")


class _Lines:
    """N-Quads as they are, or N-Triples: the union of all graphs, with `cmq:statedIn` links."""

    def __init__(self, out: IO[bytes], format: Format) -> None:
        self._out = out
        self._graphs = format.graphs

    def write(self, batch: Batch) -> None:
        self._out.write(_text(batch.lines if self._graphs else batch.linked.texts))

    def finish(self) -> None:
        """All is written."""


def _text(statements: Sequence[bytes]) -> bytes:
    return END.join((*statements, b""))


def _union(store: Store, evidences: Evidences | None) -> Iterator[Quad]:
    for batch in batches(store, evidences=evidences or Evidences(store)):
        yield from parse(_text(batch.linked.texts), format=RDF_FORMATS[NTRIPLES.name], rename_blank_nodes=False)
