"""Sources: a document as the ordered list of its passages and, where its text is at hand, the text with them marked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.links import natural
from communique.portraits.graph import cmq, literal
from communique.source_text import END, IN_DOCUMENT, SHA256, START, source_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.notes import Note
    from communique.portraits.graph import Graph, Values
    from communique.store import Term

MOST = 500
"""So many passages of one document are told at most."""


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


def source_portrait(graph: Graph, node: Term) -> SourcePortrait:
    """Return the portrait of a document."""
    found: list[tuple[int, int, str, NamedNode]] = []
    whole = []
    for value in graph.subjects(IN_DOCUMENT, node):
        if isinstance(value.term, NamedNode):
            start, end = literal(graph.objects(value.term, START)), literal(graph.objects(value.term, END))
            if start.isdecimal() and end.isdecimal():
                found.append((int(start), -int(end), natural(value.term.value), value.term))
            else:
                whole.append(value)
    passages = tuple(_excerpt(graph, *each) for each in sorted(found)[:MOST])
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


def _excerpt(graph: Graph, start: int, end: int, _: str, node: NamedNode) -> Excerpt:
    note = graph.site.notes.of(graph.site.presentation.evidences.of(node))
    count = sum(1 for _ in graph.store.quads(None, None, None, node))
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
