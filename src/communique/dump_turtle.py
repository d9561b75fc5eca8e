"""Dumps in Turtle and TriG: a block for each subject, types and labels first, and the prefixes that they use.

In TriG each graph has its blocks together. They are written aside in the order of subjects, and collected by graph at
the end: what stays in memory is where each block lies.
"""

from __future__ import annotations

import shutil
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import NamedNode, parse

from communique.aside import Aside
from communique.bounded import Bounded
from communique.description import RANKS
from communique.evidence import STATED_IN
from communique.formats import NTRIPLES
from communique.syntax import RDF_FORMATS
from communique.terms import BARE, Terms, block

if TYPE_CHECKING:
    from communique.iris import Prefixes
    from communique.statements import Node

_STATED_IN = str(STATED_IN)


class Spelling:
    """How Turtle spells what N-Triples says; all dumps of one store share it.

    `used` collects the prefixes that subjects, predicates and objects need: all dumps hold the same ones.
    """

    def __init__(self, prefixes: Prefixes) -> None:
        """Know nothing yet."""
        self.prefixes = prefixes
        self.terms = TermTexts(prefixes)
        self._verbs = _Verbs(self.terms)
        self._latest: Node | None = None
        self._lines: list[str] = []

    def lines(self, node: Node) -> list[str]:
        """Return predicate and object of each fact, in the order of the facts.

        Before each stands a letter by which the lines of types and labels sort before the others.
        """
        if self._latest is not node:
            verbs, terms = self._verbs, self.terms
            # Only what ends in an IRI is spelt otherwise: names, and literals with a type.
            self._lines = [
                verbs[predicate] + (terms[text] if text[-1] == ">" else text) for predicate, text, _ in node.facts
            ]
            self._latest = node
        return self._lines

    def verb(self, predicate: str) -> str:
        """Return a predicate, its letter before it and a space after it."""
        return self._verbs[predicate]

    def subject(self, node: Node) -> str:
        """Return the name of a subject."""
        return self.terms[node.name] if node.name[0] == "<" else node.name


class TermTexts(Bounded[str, str]):
    """The texts of terms in Turtle by those in N-Triples; `used` collects the prefixes that they need."""

    def __init__(self, prefixes: Prefixes) -> None:
        """Start with nothing."""
        super().__init__()
        self.prefixes = prefixes
        self.used: set[str | None] = set()

    def __missing__(self, text: str) -> str:
        """Spell a term that is not known yet."""
        found = self[text] = self._iri(text) if text[1] != "<" and text[0] == "<" else self._other(text)
        return found

    def _iri(self, text: str) -> str:
        curie = self.prefixes.curie(text[1:-1])
        if curie is None:
            return text
        self.used.add(curie.partition(":")[0])
        return curie

    def _other(self, text: str) -> str:
        if text[0] == "<":
            quad = next(parse(f"<x:x> <x:x> {text} .", format=RDF_FORMATS[NTRIPLES.name]))
            return Terms(self.prefixes).term(quad.object, self.used)
        quoted, _, datatype = text.rpartition("^^")
        bare = BARE.get(datatype[1:-1])
        if bare and bare.fullmatch(quoted, 1, len(quoted) - 1):
            return quoted[1:-1]
        return f"{quoted}^^{self[datatype]}"


class _Verbs(dict[str, str]):
    def __init__(self, terms: TermTexts) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, predicate: str) -> str:
        node = NamedNode(predicate[1:-1])
        rank = chr(ord("a") + RANKS.get(node, len(RANKS)))
        found = self[predicate] = f"{rank}{Terms(self._terms.prefixes).verb(node, self._terms.used)} "
        return found


class TurtleDump:
    """The union of all graphs, with `cmq:statedIn` links to the evidence."""

    def __init__(self, out: IO[bytes], spelling: Spelling) -> None:
        """Write to `out`, once all is known."""
        self._out = out
        self._spelling = spelling
        self._names = TermTexts(spelling.prefixes)
        self._stated_in = _Verbs(self._names)
        self._body = TemporaryFile()  # noqa: SIM115  closed by `finish`
        self._between = ""

    def write(self, node: Node) -> None:
        """Take one subject."""
        lines = sorted(self._lines(node))
        text = block(self._spelling.subject(node), [line[1:] for line in lines])
        self._body.write(f"{self._between}{text}".encode())
        self._between = "\n"

    def finish(self) -> None:
        """Write the prefixes, then the body, which waited aside."""
        with self._body as body:
            self._out.write(_header(self._spelling, self._names))
            body.seek(0)
            shutil.copyfileobj(body, self._out, 1 << 20)

    def _lines(self, node: Node) -> set[str] | list[str]:
        lines = self._spelling.lines(node)
        if not node.evidence:
            return lines
        verb, names = self._stated_in[_STATED_IN], self._names
        return {*lines, *(verb + names[graph] for graph in node.evidence)}


class AnnotatedDump(TurtleDump):
    """RDF 1.2: the union of all graphs, each triple annotated with the evidence graphs that state it.

    `s p o {| cmq:statedIn g |}` is short for a reifier of the triple that is stated in g (RDF 1.2 Turtle, 2.11).
    """

    def _lines(self, node: Node) -> list[str]:
        lines = self._spelling.lines(node)
        if not node.evidence:
            return lines
        verb, names, evidence = self._stated_in[_STATED_IN][1:], self._names, node.evidence
        found = []
        for line, (_, _, graphs) in zip(lines, node.facts, strict=True):
            cited = [names[graph] for graph in evidence if graph in graphs]
            found.append(f"{line} {{| {verb}{', '.join(cited)} |}}" if cited else line)
        return found


class TrigDump:
    """Each graph with what it states, the default graph first."""

    def __init__(self, out: IO[bytes], spelling: Spelling) -> None:
        """Write to `out`, once all is known."""
        self._out = out
        self._spelling = spelling
        self._aside = Aside[str]()

    def write(self, node: Node) -> None:
        """Take one subject."""
        subject = self._spelling.subject(node)
        by_graph: dict[str, list[str]] = {}
        for line, (_, _, graphs) in zip(self._spelling.lines(node), node.facts, strict=True):
            for graph in graphs:
                if graph in by_graph:
                    by_graph[graph].append(line)
                else:
                    by_graph[graph] = [line]
        for graph, lines in by_graph.items():
            lines.sort()
            text = block(subject, [line[1:] for line in lines], indent="  " if graph else "")
            self._aside.add(graph, text.encode())

    def finish(self) -> None:
        """Write the prefixes, then graph after graph."""
        names = TermTexts(self._spelling.prefixes)
        texts = {graph: names[graph] if graph[:1] == "<" else graph for graph in sorted(self._aside.keys)}
        self._out.write(_header(self._spelling, names))
        between = b""
        with self._aside as aside:
            for graph, name in texts.items():
                self._out.write(between + (f"{name} {{\n".encode() if graph else b""))
                for number, text in enumerate(aside.parts(graph)):
                    self._out.write(b"\n" * (number > 0) + text)
                self._out.write(b"}\n" if graph else b"")
                between = b"\n"


def _header(spelling: Spelling, names: TermTexts) -> bytes:
    return Terms(spelling.prefixes).header(spelling.terms.used | names.used).encode()
