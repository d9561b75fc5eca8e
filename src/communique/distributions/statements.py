"""Statements: a store as text, many subjects at a time, in the order of canonical N-Quads; what every dump is made of.

Terms are written once, as N-Triples has them: a dump that spells them otherwise changes the texts, and makes no terms.
Texts of one kind stand in a list of their own, so that what is done to each of them is done to all of them at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from contextlib import suppress
from itertools import compress, pairwise
from operator import eq, ne
from typing import TYPE_CHECKING, NamedTuple

from communique.bounded import Bounded
from communique.descriptions.evidence import STATED_IN
from communique.distributions.frames import neighbours
from communique.distributions.lines import sorted_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.descriptions.evidence import Evidences
    from communique.store import Store

LINK = str(STATED_IN).encode()
BATCH = 5_000
"""About so many lines are taken at once."""


class Triples(NamedTuple):
    """Triples of some subjects, sorted, none twice: as texts without the full stop, and their predicates and objects.

    `names` are the subjects; the triples of each begin at its place in `bounds`, which ends with the number of triples.
    `groups` are the subjects with the same predicates as their neighbours: these, and where the subjects begin and end.
    """

    names: list[bytes]
    bounds: list[int]
    texts: Sequence[bytes]
    predicates: tuple[bytes, ...]
    objects: Sequence[bytes]
    groups: list[tuple[tuple[bytes, ...], int, int]]


class Batch(NamedTuple):
    """What is said of some subjects, as text in UTF-8.

    `lines` are the canonical N-Quads, sorted, without the full stop. `facts` are the triples, `graphs` the name of a
    graph in which each of them stands, b"" for the default graph; `more` are the other graphs in which some stand, by
    the places of these. `evidence` are for each subject the names of the evidence graphs that state something of it; a
    blank node has none.
    `linked` are the triples with a `cmq:statedIn` link to each of these.
    """

    lines: list[bytes]
    facts: Triples
    graphs: Sequence[bytes]
    more: dict[int, list[bytes]]
    evidence: list[list[bytes]]
    linked: Triples


def batches(store: Store, *, evidences: Evidences) -> Iterator[Batch]:
    """Give every subject of a store once, in canonical order."""
    citable = frozenset(str(graph).encode() for graph in evidences.citable())
    is_graph, intern = _IsGraph(), _Interned()
    for lines in sorted_lines(store):
        first, end = 0, len(lines)
        while first < end:
            last = _end_of_subject(lines, min(first + BATCH, end))
            yield _batch(lines[first:last], is_graph, intern, citable)
            first = last


class _IsGraph(Bounded[bytes, bool]):
    """Whether the last word of a line can be the name of a graph, where it is not the object."""

    def __missing__(self, word: bytes) -> bool:
        # The last word of a literal holds its closing quote, and the end of a triple term is no name.
        found = self[word] = word[:1] in (b"<", b"_") and b'"' not in word
        return found


class _Interned(Bounded[bytes, bytes]):
    """The same object for the same text: it is found sooner in other dictionaries."""

    def __missing__(self, text: bytes) -> bytes:
        self[text] = text
        return text


def _end_of_subject(lines: list[bytes], place: int) -> int:
    """Return where the subject of the line before a place ends."""
    last = lines[place - 1]
    name = last[: last.index(b" ") + 1]
    while place < len(lines) and lines[place].startswith(name):
        place += 1
    return place


def _batch(lines: list[bytes], is_graph: _IsGraph, intern: _Interned, citable: frozenset[bytes]) -> Batch:
    """Take sorted lines apart."""
    texts, graphs, names, predicates, objects = _apart(lines, is_graph)
    more: dict[int, list[bytes]] = {}
    if any(map(eq, texts[1:], texts)):
        keep = [True, *map(ne, texts[1:], texts)]
        for before, place in enumerate([place for place, is_new in enumerate(keep) if not is_new]):
            more.setdefault(place - before - 1, []).append(graphs[place])
        columns = (texts, graphs, names, predicates, objects)
        texts, graphs, names, predicates, objects = (list(compress(each, keep)) for each in columns)
    bounds = [0, *[place for place, is_new in enumerate(map(ne, names[1:], names), 1) if is_new], len(names)]
    subjects = [names[place] for place in bounds[:-1]]
    facts = _triples(subjects, bounds, texts, tuple(map(intern.__getitem__, predicates)), objects)
    evidence = _evidence(facts, graphs, more, citable)
    return Batch(lines, facts, graphs, more, evidence, _linked(facts, evidence) if any(evidence) else facts)


def _apart(lines: list[bytes], is_graph: _IsGraph) -> tuple[list[bytes], ...]:
    """Return the triple of each line as one text, the name of its graph, and its three terms, in five lists."""
    texts, graphs = list[bytes](), list[bytes]()
    # Each tuple is let go at once, here and in `_terms`: to keep thousands of them takes twice the time.
    for line in lines:
        text, _, graph = line.rpartition(b" ")
        texts.append(text)
        graphs.append(graph)
    if all(map(is_graph.__getitem__, {*graphs})):
        with suppress(ValueError):  # A line without a graph, whose object is a name.
            return texts, graphs, *_terms(texts)
    is_named = [text.count(b" ") > 1 and is_graph[graph] for text, graph in zip(texts, graphs, strict=True)]
    texts = [text if named else line for text, line, named in zip(texts, lines, is_named, strict=True)]
    return texts, [graph if named else b"" for graph, named in zip(graphs, is_named, strict=True)], *_terms(texts)


def _terms(texts: list[bytes]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Return the subjects, predicates and objects of triples."""
    names, predicates, objects = list[bytes](), list[bytes](), list[bytes]()
    for text in texts:
        name, predicate, object_ = text.split(b" ", 2)
        names.append(name)
        predicates.append(predicate)
        objects.append(object_)
    return names, predicates, objects


def _evidence(
    facts: Triples, graphs: Sequence[bytes], more: dict[int, list[bytes]], citable: frozenset[bytes]
) -> list[list[bytes]]:
    found = [citable.intersection(graphs[first:last]) for first, last in pairwise(facts.bounds)]
    for place, others in more.items():
        found[bisect_right(facts.bounds, place) - 1] |= citable.intersection(others)
    return [sorted(each) if name[:1] == b"<" else [] for name, each in zip(facts.names, found, strict=True)]


def _linked(facts: Triples, evidence: list[list[bytes]]) -> Triples:
    """Add the links to the evidence where they belong in the order."""
    names, bounds, texts, predicates, objects, _ = facts
    new_texts, new_predicates, new_objects = list[bytes](), list[bytes](), list[bytes]()
    new_bounds, done = [0], 0
    for name, graphs, (first, last) in zip(names, evidence, pairwise(bounds), strict=True):
        if graphs:
            place = end = bisect_left(predicates, LINK, first, last)
            if place < last and predicates[place] == LINK:
                end = bisect_right(predicates, LINK, place, last)
                graphs = sorted({*objects[place:end], *graphs})
            start = b"%b %b " % (name, LINK)
            new_texts += texts[done:place]
            new_texts += [start + graph for graph in graphs]
            new_predicates += predicates[done:place]
            new_predicates += [LINK] * len(graphs)
            new_objects += objects[done:place]
            new_objects += graphs
            done = end
        new_bounds.append(len(new_texts) + last - done)
    new_texts += texts[done:]
    new_predicates += predicates[done:]
    new_objects += objects[done:]
    return _triples(names, new_bounds, new_texts, tuple(new_predicates), new_objects)


def _triples(
    names: list[bytes],
    bounds: list[int],
    texts: Sequence[bytes],
    predicates: tuple[bytes, ...],
    objects: Sequence[bytes],
) -> Triples:
    groups = list(neighbours([predicates[first:last] for first, last in pairwise(bounds)]))
    return Triples(names, bounds, texts, predicates, objects, groups)
