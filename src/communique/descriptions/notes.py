"""Notes: what a page says about each graph that states one of its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.bounded import Bounded
from communique.descriptions.evidence import CMQ
from communique.literals import safe_url

if TYPE_CHECKING:
    from communique.descriptions.evidence import Evidence, Standing
    from communique.descriptions.labels import Label, Labels
    from communique.store import GraphName, Store, Term

GIST = NamedNode(CMQ + "gist")
RATIONALE = NamedNode(CMQ + "rationale")
DESCRIPTION = NamedNode("http://purl.org/dc/terms/description")
PARAGRAPH = NamedNode(CMQ + "paragraph")
START = NamedNode("http://www.w3.org/ns/oa#start")
END = NamedNode("http://www.w3.org/ns/oa#end")
NOTATION = NamedNode("http://www.w3.org/2004/02/skos/core#notation")
URL = NamedNode("http://schema.org/url")
DOCUMENT = NamedNode(CMQ + "inDocument")
CERTAINTY = NamedNode(CMQ + "hasCertainty")
ATTRIBUTED = NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")


@dataclass(frozen=True, slots=True)
class Note:
    """One graph as evidence: where its statements come from, or who answers for them and why.

    `text` is the gist of a passage, the rationale of an interpretation or the description of anything else; `position`
    is the paragraph (from 1), and the first and the last character of the passage, each "" where it is not known.
    """

    graph: GraphName
    standing: Standing
    label: Label
    notations: tuple[str, ...]
    text: Label | None
    position: tuple[str, str, str]
    url: str | None
    documents: tuple[Term, ...]
    certainties: tuple[Term, ...]
    agents: tuple[Term, ...]


class Notes:
    """The notes of a store, each read once."""

    def __init__(self, store: Store, labels: Labels) -> None:
        """Prepare an empty cache."""
        self._store = store
        self._labels = labels
        self._known: Bounded[GraphName, Note] = Bounded()

    def of(self, evidence: Evidence) -> Note:
        """Return the note of a graph."""
        note = self._known.get(evidence.graph)
        if note is None:
            note = self._known[evidence.graph] = self._read(evidence)
        return note

    def _read(self, evidence: Evidence) -> Note:
        found: dict[NamedNode, list[Term]] = {}
        if isinstance(evidence.graph, NamedNode):
            for quad in self._store.quads(evidence.graph, None, None, None):
                found.setdefault(quad.predicate, []).append(quad.object)
        for terms in found.values():
            terms.sort(key=str)
        urls = (safe_url(term.value) for term in found.get(URL, ()) if isinstance(term, NamedNode | Literal))
        return Note(
            evidence.graph,
            evidence.standing,
            self._labels.of(evidence.graph),
            _texts(found, NOTATION),
            self._text(found),
            (_number(found, PARAGRAPH), _number(found, START), _number(found, END)),
            next((url for url in urls if url), None),
            tuple(found.get(DOCUMENT, ())),
            tuple(found.get(CERTAINTY, ())),
            tuple(found.get(ATTRIBUTED, ())),
        )

    def _text(self, found: dict[NamedNode, list[Term]]) -> Label | None:
        for path in (GIST, RATIONALE, DESCRIPTION):
            literals = [term for term in found.get(path, ()) if isinstance(term, Literal)]
            if label := self._labels.choose({term.language or "": term.value for term in literals}):
                return label
        return None


def _texts(found: dict[NamedNode, list[Term]], path: NamedNode) -> tuple[str, ...]:
    return tuple(term.value for term in found.get(path, ()) if isinstance(term, Literal))


def _number(found: dict[NamedNode, list[Term]], path: NamedNode) -> str:
    return next((text for text in _texts(found, path) if text.isdecimal()), "")
