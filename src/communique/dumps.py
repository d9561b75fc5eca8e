"""Dumps: a whole store in one file, the same bytes each time.

Formats with graphs hold every quad where it stands. Those without hold the union, and a `cmq:statedIn` link from each
thing to each evidence graph that states a triple of it, so that the evidence is not lost. Subjects are written one
after the other: memory grows with their number, not with the number of triples.
"""

from __future__ import annotations

import shutil
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Quad

from communique.canonical import Canonical
from communique.documents import RANKS
from communique.errors import UsageError
from communique.facts import Value
from communique.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from communique.jsonld import JsonLd, Writer, json_object
from communique.labels import Labels
from communique.serialization import write
from communique.store import Store
from communique.terms import Terms, block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import NamedNode

    from communique.context import Context
    from communique.formats import Format
    from communique.iris import Prefixes
    from communique.store import Term


def dump(
    store: Store | Canonical, *, format: Format, prefixes: Prefixes, out: IO[bytes], context: Context | None = None
) -> None:
    """Write a store to a binary stream in any RDF format; JSON-LD needs a context.

    For several dumps of one store give the same `Canonical` view of it, which then is made once.
    Raises UsageError if the format cannot hold what the store says.
    """
    source = store if isinstance(store, Canonical) else Canonical(store)
    if format == NQUADS:
        _write_lines((map(str, source.quads(subject)) for subject in source.subjects), out)
    elif format == NTRIPLES:
        _write_lines((_triples(source, subject) for subject in source.subjects), out)
    elif format == TRIG:
        _write_turtle(_graphs(source, turtle := _Turtle(prefixes)), turtle, out)
    elif format == TURTLE:
        _write_turtle(_union(source, turtle := _Turtle(prefixes)), turtle, out)
    elif format == JSONLD and context:
        _write_jsonld(source, context, out)
    elif format == RDFXML:
        write(_quads(source), out, format=format, prefixes=prefixes)
    else:
        raise UsageError(f"{format.label} cannot hold a whole store")


def _write_lines(groups: Iterable[Iterable[str]], out: IO[bytes]) -> None:
    for group in groups:
        out.write("".join(f"{statement} .\n" for statement in sorted(group)).encode())


def _triples(source: Canonical, subject: NamedNode | BlankNode) -> set[str]:
    start = str(subject)
    return {f"{start} {predicate} {term}" for predicate, term in source.union(subject)}


def _quads(source: Canonical) -> Iterator[Quad]:
    for subject in source.subjects:
        for predicate, term in sorted(set(source.union(subject)), key=str):
            yield Quad(subject, predicate, term)


class _Turtle:
    """Blocks of statements, types and labels first, and the prefixes that they use."""

    def __init__(self, prefixes: Prefixes) -> None:
        self.terms = Terms(prefixes)
        self.used: set[str | None] = set()
        self._verbs: dict[NamedNode, str] = {}

    def block(self, subject: NamedNode | BlankNode, pairs: Iterable[tuple[NamedNode, Term]], indent: str = "") -> str:
        terms, used = self.terms, self.used
        lines = {f"{self._ranked_verb(predicate)} {terms.term(term, used)}" for predicate, term in pairs}
        return block(terms.term(subject, used), [line[1:] for line in sorted(lines)], indent=indent)

    def _ranked_verb(self, predicate: NamedNode) -> str:
        """A predicate after one letter, by which the lines of types and labels sort before the others."""
        known = self._verbs.get(predicate)
        if known is None:
            rank = chr(ord("a") + RANKS.get(predicate, len(RANKS)))
            known = self._verbs[predicate] = rank + self.terms.verb(predicate, self.used)
        return known


def _write_turtle(parts: Iterable[str], turtle: _Turtle, out: IO[bytes]) -> None:
    """Write the body aside, since the prefixes that it needs stand before it."""
    with TemporaryFile() as body:
        body.writelines(part.encode() for part in parts)
        out.write(turtle.terms.header(turtle.used).encode())
        body.seek(0)
        shutil.copyfileobj(body, out)


def _union(source: Canonical, turtle: _Turtle) -> Iterator[str]:
    for number, subject in enumerate(source.subjects):
        yield ("\n" if number else "") + turtle.block(subject, source.union(subject))


def _graphs(source: Canonical, turtle: _Turtle) -> Iterator[str]:
    between = ""
    for graph in source.graphs():
        start, indent, end = "", "", ""
        if not isinstance(graph, DefaultGraph):
            start, indent, end = f"{turtle.terms.term(graph, turtle.used)} {{\n", "  ", "}\n"
        if subjects := source.subjects_in(graph):
            yield between + start
            for number, subject in enumerate(subjects):
                pairs = ((quad.predicate, quad.object) for quad in source.quads(subject, graph))
                yield ("\n" if number else "") + turtle.block(subject, pairs, indent)
            yield end
            between = "\n"


def _write_jsonld(source: Canonical, context: Context, out: IO[bytes]) -> None:
    """Write the nodes aside, since the part of the context that they need stands before them."""
    writer = Writer(JsonLd(labels=Labels(Store.of(()), ()), context=context), _OwnNames())
    with TemporaryFile() as body:
        for number, subject in enumerate(source.subjects):
            text = json_object(writer.node(subject, _by_property(source.union(subject))), 2)
            body.write((",\n    " if number else "\n    ").encode() + text.encode())
        excerpt = context.excerpt(writer.used)
        if excerpt is None:
            _write_jsonld(source, context.without_prefixes(), out)
            return
        out.write(f'{{\n  "@context": {excerpt},\n  "@graph": ['.encode())
        body.seek(0)
        shutil.copyfileobj(body, out)
        out.write(b"\n  ]\n}\n")


def _by_property(pairs: Iterable[tuple[NamedNode, Term]]) -> dict[NamedNode, list[Value]]:
    found: dict[NamedNode, dict[Term, Value]] = {}
    for predicate, term in pairs:
        found.setdefault(predicate, {})[term] = Value(term, ())
    ranked = sorted(found, key=lambda path: (RANKS.get(path, len(RANKS)), path.value))
    return {path: [found[path][term] for term in sorted(found[path], key=str)] for path in ranked}


class _OwnNames(dict[BlankNode, str]):
    """Every blank node is written by the name it has."""

    def __contains__(self, node: object) -> bool:
        return isinstance(node, BlankNode)

    def __missing__(self, node: BlankNode) -> str:
        return str(node)
