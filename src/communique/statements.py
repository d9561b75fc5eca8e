"""Statements: a store as text, subject by subject, in the order of canonical N-Quads; what every dump is made of.

Terms are written once, as N-Triples has them: a dump that spells them otherwise changes the texts, and makes no terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from communique.bounded import Bounded
from communique.evidence import citable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.canonical import Canonical
    from communique.evidence import Evidences

Fact = tuple[str, str, list[str]]


class Node(NamedTuple):
    """What is said of one subject, as text.

    `lines` are its canonical N-Quads, sorted, without the full stop. `facts` are its triples, each once: the predicate,
    the object and the names of the graphs in which they stand, "" for the default graph; `pairs` are predicate and
    object of each in one text. `evidence` are the names of the evidence graphs that state one of them; a blank node has
    none.
    """

    name: str
    lines: list[str]
    facts: list[Fact]
    pairs: list[str]
    evidence: list[str]


def nodes(source: Canonical) -> Iterator[Node]:
    """Give every subject of a store once, in canonical order."""
    is_citable = _Citable(source.evidences)
    for subject in source.subjects:
        name = str(subject)
        lines = sorted([str(quad) for quad in source.quads(subject)])
        facts, pairs, graphs = _facts(lines, start=len(name) + 1)
        evidence = sorted([graph for graph in graphs if is_citable[graph]]) if name[0] == "<" else []
        yield Node(name, lines, facts, pairs, evidence)


class _Citable(Bounded[str, bool]):
    """Whether `cmq:statedIn` may point to a graph, by its name as text."""

    def __init__(self, evidences: Evidences) -> None:
        super().__init__()
        self._evidences = evidences

    def __missing__(self, name: str) -> bool:
        found = self[name] = bool(name[:1] == "<" and citable((self._evidences.of(NamedNode(name[1:-1])),)))
        return found


def _facts(lines: list[str], *, start: int) -> tuple[list[Fact], list[str], set[str]]:
    """Take sorted lines apart, whose subject and the space after it end at `start`."""
    facts: list[Fact] = []
    pairs: list[str] = []
    every = set()
    last, graphs = "", [""]
    for line in lines:
        rest = line[start:]
        pair, _, graph = rest.rpartition(" ")
        # What follows the last space of a literal holds its closing quote, and the end of a triple term is no name.
        if graph[0] not in "<_" or '"' in graph or " " not in pair:
            pair, graph = rest, ""
        every.add(graph)
        if pair == last:
            graphs.append(graph)
        else:
            last, graphs = pair, [graph]
            predicate, _, text = pair.partition(" ")
            facts.append((predicate, text, graphs))
            pairs.append(pair)
    return facts, pairs, every
