"""Dumps: a whole store in one file, the same bytes each time.

Formats with graphs hold every quad where it stands. Those without hold the union, and a `cmq:statedIn` link from each
thing to each evidence graph that states a triple of it, so that the evidence is not lost. The store is read once for
all of them, subject after subject: memory grows with the number of subjects, not with that of triples.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from pyoxigraph import Quad

from communique.canonical import Canonical
from communique.dump_jsonld import JsonLdDump
from communique.dump_turtle import AnnotatedDump, Spelling, TrigDump, TurtleDump
from communique.errors import UsageError
from communique.evidence import STATED_IN
from communique.formats import ANNOTATED, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from communique.serialization import write
from communique.statements import Node, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from communique.context import Context
    from communique.formats import Format
    from communique.iris import Prefixes
    from communique.store import Store

TURTLE_LIKE: dict[Format, type[TurtleDump | TrigDump]] = {TURTLE: TurtleDump, TRIG: TrigDump, ANNOTATED: AnnotatedDump}


class Counts(NamedTuple):
    """How many quads a store holds, how many triples in any graph, and how many `cmq:statedIn` links it gets."""

    quads: int
    triples: int
    links: int

    def of(self, format: Format) -> int:
        """Return the statements of a dump."""
        if format in (NQUADS, TRIG):
            return self.quads
        return self.triples if format == ANNOTATED else self.triples + self.links


class Dump(Protocol):
    """A dump in the making: it is given every subject once, in canonical order, and then finished."""

    def write(self, node: Node) -> None:
        """Take one subject."""

    def finish(self) -> object:
        """Write what could not be written before everything was known."""


def dump(
    store: Store | Canonical, *, format: Format, prefixes: Prefixes, out: IO[bytes], context: Context | None = None
) -> None:
    """Write a store to a binary stream in any RDF format; JSON-LD needs a context.

    Raises UsageError if the format cannot hold what the store says.
    """
    source = store if isinstance(store, Canonical) else Canonical(store)
    if format == RDFXML:
        write(_union(source), out, format=format, prefixes=prefixes)
    else:
        write_dumps(source, outs={format: out}, prefixes=prefixes, context=context)


def write_dumps(
    source: Canonical,
    *,
    outs: Mapping[Format, IO[bytes]],
    prefixes: Prefixes,
    context: Context | None = None,
    others: Iterable[Dump] = (),
) -> Counts:
    """Write a store in several formats, each to its binary stream, and to other dumps, in one pass; count it.

    Raises UsageError if one of the formats cannot hold a whole store.
    """
    spelling = Spelling(prefixes)
    dumps = [_begun(format, out, spelling, context) for format, out in outs.items()]
    writes = [each.write for each in (*dumps, *others)]
    quads = triples = links = 0
    for node in nodes(source):
        quads += len(node.lines)
        triples += len(node.pairs)
        links += len(node.evidence)
        for take in writes:
            take(node)
    for each in (*dumps, *others):
        if each.finish() is False and context:
            out = next(out for format, out in outs.items() if format == JSONLD)
            write_dumps(source, outs={JSONLD: out}, prefixes=prefixes, context=context.without_prefixes())
    return Counts(quads, triples, links)


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

    def write(self, node: Node) -> None:
        lines = node.lines if self._graphs else [f"{node.name} {pair}" for pair in _pairs(node)]
        self._out.write((" .\n".join(lines) + " .\n").encode())

    def finish(self) -> None:
        """All is written."""


def _pairs(node: Node) -> list[str]:
    return sorted({*node.pairs, *(f"{STATED_IN} {graph}" for graph in node.evidence)}) if node.evidence else node.pairs


def _union(source: Canonical) -> Iterator[Quad]:
    for subject in source.subjects:
        for predicate, term in sorted(set(source.union(subject)), key=str):
            yield Quad(subject, predicate, term)
