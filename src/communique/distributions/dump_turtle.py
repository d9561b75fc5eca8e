"""Dumps in Turtle and TriG: a block for each subject, types and labels first, and the prefixes that they use.

In TriG each graph has its blocks together, in the order of what they begin with: until they are sorted, each is a line.
"""

from __future__ import annotations

import re
import shutil
from itertools import pairwise, repeat
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import NamedNode, parse

from communique.bounded import Bounded
from communique.descriptions.description import RANKS
from communique.distributions.external_sort import ExternalSort
from communique.distributions.frames import MANY, NAME, Frames
from communique.distributions.statements import LINK
from communique.formats import NTRIPLES
from communique.representations.terms import BARE, Terms
from communique.syntax import RDF_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.distributions.statements import Batch, Triples
    from communique.iris import Prefixes

Verbs = tuple[bytes, ...]
_END = ord(">")
# What Turtle takes for a local name at first sight; `Prefixes.curie` knows the others.
_PLAIN = rb"[A-Za-z0-9_][A-Za-z0-9_-]*>"
_PLAIN_NAME, _PLAIN_NAMES = re.compile(_PLAIN), re.compile(b"(?:%b)*" % _PLAIN)
_BREAK = "\x1f"
"""Stands for a line break in a block that is a line: canonical N-Quads escape all control characters."""


class Spelling:
    """How Turtle spells what N-Triples says; all dumps of one store share it, and declare the same prefixes."""

    def __init__(self, prefixes: Prefixes) -> None:
        """Know nothing yet."""
        self._texts = _Texts(prefixes)
        self.blocks = Frames[Verbs](lambda predicates: self._parts(predicates, "", "\n"))
        self.lines = Frames[Verbs](lambda predicates: self._parts(predicates, "", _BREAK))
        self.inner_lines = Frames[Verbs](lambda predicates: self._parts(predicates, "  ", _BREAK))

    def header(self) -> bytes:
        """Return the prefix lines, and an empty line after them."""
        return Terms(self._texts.prefixes).header(self._texts.used).encode()

    def term(self, text: bytes) -> bytes:
        """Return a term as Turtle spells it."""
        # Only what ends in an IRI is spelt otherwise: names, and literals with a type.
        return self._texts[text] if text[-1] == _END else text

    def terms(self, texts: Sequence[bytes]) -> list[bytes]:
        """Return terms as Turtle spells them."""
        spelt = self._texts
        return [spelt[text] if text[-1] == _END else text for text in texts]

    def objects(self, triples: Triples) -> list[bytes]:
        """Return the objects of triples as Turtle spells them."""
        found = list(triples.objects)
        for key, first, last in triples.groups:
            start, end = triples.bounds[first], triples.bounds[last]
            if last - first < MANY:
                found[start:end] = self.terms(found[start:end])
                continue
            for place in range(start, start + len(key)):
                found[place : end : len(key)] = self.column(found[place : end : len(key)])
        return found

    def column(self, texts: list[bytes]) -> list[bytes]:
        """Return terms as Turtle spells them, the sooner if many are all one, texts, or in one namespace."""
        first, count = texts[0], len(texts)
        if count < MANY:
            return self.terms(texts)
        if texts.count(first) == count:
            return [self.term(first)] * count
        if first[-1] == _END:
            return self._texts.of_one_namespace(texts) or self.terms(texts)
        return self.terms(texts) if any(map(bytes.endswith, texts, repeat(b">"))) else texts

    def _parts(self, predicates: tuple[bytes, ...], indent: str, end: str) -> Iterator[str | int]:
        """Give the parts of a block: statements of one subject, each on its line, the full stop alone."""
        yield indent
        yield NAME
        between = ""
        nodes = [NamedNode(predicate[1:-1].decode()) for predicate in predicates]
        for place in sorted(range(len(nodes)), key=lambda place: RANKS.get(nodes[place], len(RANKS))):
            yield f"{between}{end}{indent}  {Terms(self._texts.prefixes).verb(nodes[place], self._texts.used)} "
            yield place
            between = " ;"
        yield f"{end}{indent}.{end}"


class _Texts(Bounded[bytes, bytes]):
    """The texts of terms in Turtle by those in N-Triples; `used` collects the prefixes that they need."""

    def __init__(self, prefixes: Prefixes) -> None:
        super().__init__()
        self.prefixes = prefixes
        self.used: set[str | None] = set()
        self._starts = {f"<{name}".encode(): prefix for name, prefix in prefixes.plain.items()}
        self._others = (b"<<", *(f"<{name}".encode() for name in sorted(prefixes.others)))

    def of_one_namespace(self, texts: list[bytes]) -> list[bytes] | None:
        """Return names as Turtle spells them if all have a plain local name in one namespace, else None."""
        start = texts[0][: _end_of_namespace(texts[0])]
        length = len(start)
        if not start or not all(map(bytes.startswith, texts, repeat(start))):
            return None
        if not _PLAIN_NAMES.fullmatch(b"".join([text[length:] for text in texts])):
            return None
        prefix = self._starts.get(start)
        if prefix is not None:
            self.used.add(prefix)
            short = f"{prefix}:".encode()
            return [short + text[length:-1] for text in texts]
        is_other = any(other.startswith(start) or start.startswith(other) for other in self._others)
        return None if is_other or start[:1] != b"<" else texts

    def __missing__(self, text: bytes) -> bytes:
        end = _end_of_namespace(text)
        prefix = self._starts.get(text[:end])
        if prefix is not None and _PLAIN_NAME.fullmatch(text, end):
            self.used.add(prefix)
            found = b"%b:%b" % (prefix.encode(), text[end:-1])
        elif prefix is None and text[:1] == b"<" and not text.startswith(self._others):
            found = text
        else:
            found = self._spelt(text.decode()).encode()
        self[text] = found
        return found

    def _spelt(self, text: str) -> str:
        if text.startswith("<<"):
            quad = next(parse(f"<x:x> <x:x> {text} .", format=RDF_FORMATS[NTRIPLES.name], rename_blank_nodes=False))
            return Terms(self.prefixes).term(quad.object, self.used)
        if text[0] == "<":
            curie = self.prefixes.curie(text[1:-1])
            if curie is None:
                return text
            self.used.add(curie.partition(":")[0])
            return curie
        quoted, _, datatype = text.rpartition("^^")
        bare = BARE.get(datatype[1:-1])
        if bare and bare.fullmatch(quoted, 1, len(quoted) - 1):
            return quoted[1:-1]
        return f"{quoted}^^{self._spelt(datatype)}"


def _end_of_namespace(text: bytes) -> int:
    return max(text.rfind(b"/"), text.rfind(b"#")) + 1


class TurtleDump:
    """The union of all graphs, with `cmq:statedIn` links to the evidence."""

    def __init__(self, out: IO[bytes], spelling: Spelling) -> None:
        """Write to `out`, once all is known."""
        self._out = out
        self._spelling = spelling
        self._body = TemporaryFile()  # noqa: SIM115  closed by `finish`
        self._between = b""

    def write(self, batch: Batch) -> None:
        """Take some subjects."""
        triples, objects = self._spelt(batch)
        texts = []
        for key, first, last in triples.groups:
            start, end = triples.bounds[first], triples.bounds[last]
            columns = [objects[place : end : len(key)] for place in range(start, start + len(key))]
            names = self._spelling.column(triples.names[first:last])
            texts.append(self._spelling.blocks[key].filled_often(names, columns, b"\n"))
        self._body.write(self._between + b"\n".join(texts))
        self._between = b"\n"

    def finish(self) -> None:
        """Write the prefixes, then the body, which waited aside."""
        with self._body as body:
            self._out.write(self._spelling.header())
            body.seek(0)
            shutil.copyfileobj(body, self._out, 1 << 20)

    def _spelt(self, batch: Batch) -> tuple[Triples, list[bytes]]:
        """Return the triples to write, and their objects as Turtle spells them."""
        return batch.linked, self._spelling.objects(batch.linked)


class AnnotatedDump(TurtleDump):
    """RDF 1.2: the union of all graphs, each triple of an evidence graph annotated with those that state it.

    `s p o {| cmq:statedIn g |}` is short for a reifier of the triple that is stated in g (RDF 1.2 Turtle, 2.11).
    """

    annotated = 0
    """So many triples are annotated."""
    annotations = 0
    """So many triples annotate them: a reifier for each, and its links."""

    def _spelt(self, batch: Batch) -> tuple[Triples, list[bytes]]:
        term, objects = self._spelling.term, self._spelling.objects(batch.facts)
        verb = term(LINK) if any(batch.evidence) else LINK
        for evidence, (first, last) in zip(batch.evidence, pairwise(batch.facts.bounds), strict=True):
            names = {graph: term(graph) for graph in evidence}
            for place in range(first, last) if names else ():
                graphs = [batch.graphs[place], *batch.more.get(place, ())]
                cited = [names[graph] for graph in graphs if graph in names]
                if cited:
                    objects[place] = b"%b {| %b %b |}" % (objects[place], verb, b", ".join(cited))
                    self.annotated += 1
                    self.annotations += 1 + len(cited)
        return batch.facts, objects


class TrigDump:
    """Each graph with what it states, the default graph first."""

    def __init__(self, out: IO[bytes], spelling: Spelling) -> None:
        """Write to `out`, once all is known."""
        self._out = out
        self._spelling = spelling
        self._sorting = ExternalSort(_beginning)

    def write(self, batch: Batch) -> None:
        """Take some subjects."""
        objects, predicates = self._spelling.objects(batch.facts), batch.facts.predicates
        lines = []
        subjects = self._spelling.column(batch.facts.names)
        for subject, (first, last) in zip(subjects, pairwise(batch.facts.bounds), strict=True):
            graphs = batch.graphs[first:last]
            if graphs.count(graphs[0]) == len(graphs) and not batch.more:
                lines.append(self._line(graphs[0], subject, predicates[first:last], objects[first:last]))
                continue
            for graph, places in _by_graph(batch, first, last).items():
                verbs, values = tuple([predicates[place] for place in places]), [objects[place] for place in places]
                lines.append(self._line(graph, subject, verbs, values))
        self._sorting.add(lines, size=sum(map(len, lines)))

    def _line(self, graph: bytes, subject: bytes, predicates: tuple[bytes, ...], objects: list[bytes]) -> bytes:
        """Return a block as a line, its graph before it."""
        if not graph:
            return b" " + self._spelling.lines[predicates].filled(subject, objects)
        return b"%b %b" % (self._spelling.term(graph), self._spelling.inner_lines[predicates].filled(subject, objects))

    def finish(self) -> None:
        """Write the prefixes, then graph after graph."""
        self._out.write(self._spelling.header())
        last, between = b"", b""
        for lines in self._sorting.batches():
            texts = []
            for graph, _, block in [line.partition(b" ") for line in lines]:
                if graph != last:
                    texts.append(b"%b%b%b {\n" % (b"}\n" if last else b"", between, graph))
                    last, between = graph, b""
                texts += between, block
                between = b"\n"
            self._out.write(b"".join(texts).replace(_BREAK.encode(), b"\n"))
        self._out.write(b"}\n" if last else b"")


def _by_graph(batch: Batch, first: int, last: int) -> dict[bytes, list[int]]:
    """Return the places of the statements of each graph."""
    found: dict[bytes, list[int]] = {}
    for place in range(first, last):
        for graph in (batch.graphs[place], *batch.more.get(place, ())):
            found.setdefault(graph, []).append(place)
    return found


def _beginning(line: bytes) -> bytes:
    """Return the graph and the subject of a block: no other block has both."""
    return line[: line.index(_BREAK.encode()) + 1]
