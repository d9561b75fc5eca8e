"""Sources: a document as the ordered list of its passages and, where its text is at hand, the text with them marked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.links import natural
from communique.portraits.graph import cmq, literal
from communique.shacl.source_text import END, IN_DOCUMENT, SHA256, START, source_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.descriptions.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.store import Term

Place = tuple[int, int, str, NamedNode]
"""Where a passage stands: its start, its end as a negative number, a sort key of its name, the name."""
MOST = 500
"""So many passages of one document are told at most."""
NEAR = 60
"""So many passages before and after one are looked at to find its neighbours."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage: its note, its place (-1 where it has none), and how many triples it states; `name` is unique."""

    note: Note
    start: int
    end: int
    count: int
    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that the same passages cover; `opens` are those that begin with it."""

    text: str
    covers: tuple[Excerpt, ...]
    opens: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class SourcePortrait:
    """A document: its passages in the order of the text, the paragraphs of the text in runs, and what it reports on.

    `paragraphs` is empty where the owner of the site has not supplied the text. `whole` are graphs that hold what the
    document says as a whole, such as external reports.
    """

    passages: tuple[Excerpt, ...]
    more: int
    paragraphs: tuple[tuple[Run, ...], ...]
    whole: Values
    meetings: Values


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The passages beside one: the one before and the one after it, those that it lies within, those that it holds."""

    before: tuple[Excerpt, ...]
    after: tuple[Excerpt, ...]
    within: tuple[Excerpt, ...]
    holds: tuple[Excerpt, ...]


def source_portrait(graph: Graph, node: Term) -> SourcePortrait:
    """Return the portrait of a document."""
    found = _places(graph, node)
    placed = {each[-1] for each in found}
    whole = (each for each in graph.subjects(IN_DOCUMENT, node) if each.term not in placed)
    passages = tuple(_excerpt(graph, *each) for each in found[:MOST])
    text = _text_of(graph, node)
    return SourcePortrait(
        passages,
        len(found) - len(passages),
        tuple(paragraphs(text, passages)) if text else (),
        tuple(whole),
        graph.objects(node, cmq("reportsOn")),
    )


def paragraphs(text: str, passages: Sequence[Excerpt]) -> Iterator[tuple[Run, ...]]:
    """Give the lines of a text that are not blank, each cut wherever a passage begins or ends."""
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if line.strip():
            within = [each for each in passages if each.start < end and start < each.end]
            yield tuple(_runs(text, start, start + len(line.rstrip("\r\n")), within))
        start = end


def _runs(text: str, start: int, end: int, passages: list[Excerpt]) -> Iterator[Run]:
    inner = (offset for each in passages for offset in (each.start, each.end) if start < offset < end)
    cuts = sorted({start, end, *inner})
    for first, last in pairwise(cuts):
        covers = tuple(each for each in passages if each.start <= first and last <= each.end)
        # A passage that began in an earlier paragraph is told at the head of each.
        yield Run(text[first:last], covers, tuple(each for each in covers if each.start == first))


def neighbours(graph: Graph, node: Term) -> Neighbours:
    """Return the passages of the same document that stand beside a passage."""
    before: list[Place] = []
    after: list[Place] = []
    within: list[Place] = []
    holds: list[Place] = []
    for document in graph.objects(node, IN_DOCUMENT):
        places = _places(graph, document.term)
        own = next((number for number, each in enumerate(places) if each[-1] == node), None)
        if own is not None:
            start, end = places[own][0], -places[own][1]
            earlier, later = places[max(0, own - NEAR) : own], places[own + 1 : own + 1 + NEAR]
            before += [each for each in earlier if -each[1] <= start][-1:]
            after += [each for each in later if each[0] >= end][:1]
            within += [each for each in earlier if end <= -each[1]]
            holds += [each for each in later if -each[1] <= end]
    found = ([_excerpt(graph, *each) for each in those] for those in (before, after, within, holds))
    return Neighbours(*(tuple(those) for those in found))


def _places(graph: Graph, document: Term) -> list[Place]:
    """Return the passages of a document in the order of the text, those that hold others before these."""
    known = graph.places.get(document)
    if known is None:
        known = []
        for value in graph.subjects(IN_DOCUMENT, document):
            start, end = literal(graph.objects(value.term, START)), literal(graph.objects(value.term, END))
            if isinstance(value.term, NamedNode) and start.isdecimal() and end.isdecimal():
                known.append((int(start), -int(end), natural(value.term.value), value.term))
        known.sort()
        graph.places[document] = known
    return known


def _excerpt(graph: Graph, start: int, end: int, _: str, node: NamedNode) -> Excerpt:
    note = graph.site.notes.of(graph.site.presentation.evidences.of(node))
    count = sum(1 for _ in graph.store.quads(None, None, None, node)) + graph.store.held_back(None, None, node)
    name = graph.site.targets.stem(node).rpartition("/")[2] if node in graph.site.targets else str(start)
    return Excerpt(note, start, -end, count, name)


def _text_of(graph: Graph, node: Term) -> str:
    """Return the text that the owner of the site supplies for a document, known by its hash, or ""."""
    wanted = {value.term.value for value in graph.objects(node, SHA256) if isinstance(value.term, Literal)}
    if not wanted:
        return ""
    for path in source_texts(graph.site.project):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() in wanted:
            return content.decode("utf-8", errors="replace")
    return ""
