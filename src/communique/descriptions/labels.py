"""Labels: the one text by which a reader recognises a term, in the language that fits best."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from communique.bounded import Bounded
from communique.descriptions.well_known import language_known, licence_known
from communique.language_ranges import language_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from communique.store import GraphName, Store

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph
XL = "http://www.w3.org/2008/05/skos-xl#"
LITERAL_FORM, XL_PREFERRED = NamedNode(XL + "literalForm"), NamedNode(XL + "prefLabel")
LabelStatement = tuple[NamedNode, Literal, "GraphName"]

LABEL_PROPERTIES = tuple(
    NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://xmlns.com/foaf/0.1/name",
        "http://purl.org/dc/terms/title",
        "http://purl.org/dc/elements/1.1/title",
        "http://schema.org/name",
        "https://schema.org/name",
        "http://www.w3.org/ns/shacl#name",
        XL + "literalForm",
    )
)
_RANKS = {iri: rank for rank, iri in enumerate(LABEL_PROPERTIES)} | {XL_PREFERRED: 0}
_NAMING = (*LABEL_PROPERTIES, XL_PREFERRED)


@dataclass(frozen=True, slots=True)
class Label:
    """A text, its language tag ("" when untagged), and whether it stands in for one in the reader's language.

    One that is a `curie` is no words: it is shown letter by letter.
    """

    text: str
    language: str = ""
    fallback: bool = False
    curie: bool = field(default=False, compare=False)


class Labels:
    """The labels of a store's terms for a reader whose languages are given, the language of the page first.

    `fallback` marks a label in any language but the first; an untagged label fits every reader, and every label fits
    one whose languages are not known.
    """

    def __init__(self, store: Store, languages: Sequence[str]) -> None:
        """Prepare an empty cache: labels are read when first asked for."""
        self.languages = tuple(languages)
        self._store = store
        self._ranges = [language_ranges(language) for language in self.languages]
        self._labels: dict[Term, Label] = Bounded()
        self._statements: dict[Term, tuple[LabelStatement, ...]] = Bounded()
        self._choices: dict[tuple[str, ...], tuple[str, bool]] = {}

    def of(self, term: Term) -> Label:
        """The best label: the store's, the bundled ontology's, a well-known name, the CURIE, the local name.

        Its text is never empty.
        """
        label = self._labels.get(term)
        if label is None:
            label = self._labels[term] = self._find(term)
        return label

    def all_of(self, term: Term) -> dict[str, tuple[str, ...]]:
        """Every label in the store by language tag ("" when untagged), the most telling property first."""
        found: dict[str, dict[str, None]] = {}
        for _, literal, _ in _label_statements(self._store, term, reified=True):
            found.setdefault(literal.language or "", {})[literal.value] = None
        return {language: tuple(texts) for language, texts in sorted(found.items())}

    def statements(self, term: Term) -> tuple[LabelStatement, ...]:
        """The labels that the store states of a term itself, in a declared language or in none, the most telling first.

        Where there is no such label, those in the language that `of` falls back to.
        """
        found = self._statements.get(term)
        if found is None:
            every = _label_statements(self._store, term)
            tags = sorted({literal.language or "" for _, literal, _ in every})
            wanted = {tag for tag in tags if not tag or any(_rank(tag, ranges) for ranges in self._ranges)}
            wanted = wanted or ({self._choose(tuple(tags))[0]} if tags else set())
            found = tuple(each for each in every if (each[1].language or "") in wanted)
            self._statements[term] = found
        return found

    def choose(self, texts: Mapping[str, str]) -> Label | None:
        """The best of some texts by language tag, or None of none."""
        if not texts:
            return None
        language, fallback = self._choose(tuple(sorted(texts)))
        return Label(texts[language], language, fallback)

    def language_among(self, tags: Iterable[str]) -> str:
        """Return the language, of at least one ("" for none), whose text `choose` would take."""
        return self._choose(tuple(sorted(tags)))[0]

    def known(self, term: Term) -> Label | None:
        """The best label that the store or the bundled ontology states, or None where the term has none."""
        for store in (self._store, self._store.background):
            if store is not None and (label := self.choose(texts(store, term))):
                return label
        return None

    def _find(self, term: Term) -> Label:
        if isinstance(term, Literal):
            return self.choose({term.language or "": term.value}) or Label(term.value)
        return self.known(term) or self._well_known(term) or self._spell(term)

    def _well_known(self, term: Term) -> Label | None:
        if not isinstance(term, NamedNode) or not self.languages:
            return None
        reader = self.languages[0]
        if name := language_known(term.value, reader=reader):
            return Label(name, reader)
        licence = licence_known(term.value)
        return Label(licence) if licence else None

    def _spell(self, term: Term) -> Label:
        match term:
            case NamedNode():
                name = self._store.prefixes.chosen.curie(term.value)
                return Label(name, curie=True) if name else Label(local_name(term.value))
            case BlankNode():
                return Label("[ ]")  # its identifier means nothing and changes from one load to the next
            case DefaultGraph():
                return Label("default graph")
            case _:
                return Label(str(term))

    def _choose(self, tags: tuple[str, ...]) -> tuple[str, bool]:
        choice = self._choices.get(tags)
        if choice is None:
            choice = self._choices[tags] = self._pick(tags)
        return choice

    def _pick(self, tags: tuple[str, ...]) -> tuple[str, bool]:
        for position, ranges in enumerate(self._ranges):
            ranked = [(-rank, tag) for tag in tags if tag and (rank := _rank(tag, ranges))]
            if ranked:
                return min(ranked)[1], position > 0
            if position == 0 and "" in tags:
                return "", False
        return ("", False) if "" in tags else (tags[0], bool(self.languages))


def local_name(iri: str) -> str:
    """The last part of an IRI in readable characters, or all of it where the last part says nothing.

    >>> local_name("https://example.org/person/%D0%98%D0%B2%D0%B0%D0%BD")
    'Иван'
    >>> local_name("https://example.org/")
    'example.org'
    """
    last = iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    name = unquote(last, errors="replace")
    return name if name.strip() and name.isprintable() and "\ufffd" not in name else last or iri


def texts(store: Store, term: Term) -> dict[str, str]:
    """Return the best label of a term in each language ("" when untagged), empty ones left out.

    The literal form of a label of SKOS-XL is a label of what has that (SKOS Reference, section B.3.4.2).
    """
    found: dict[str, str] = {}
    for _, literal, _ in _label_statements(store, term, reified=True):
        if literal.value.strip():
            found.setdefault(literal.language or "", literal.value)
    return found


def literal_forms(store: Store, label: Term) -> Iterator[tuple[Literal, GraphName]]:
    """Give the texts that a label of SKOS-XL has, each with the graph that says so; nothing of what is none."""
    if isinstance(label, NamedNode | BlankNode):
        for quad in store.about(label, (LITERAL_FORM,)):
            if quad.predicate == LITERAL_FORM and isinstance(quad.object, Literal):
                yield quad.object, quad.graph_name


def reified_labels(store: Store, term: Term) -> list[Literal]:
    """Return the texts of the preferred labels of SKOS-XL that a term has, by language and text, but empty ones."""
    if not isinstance(term, NamedNode | BlankNode):
        return []
    labels = (quad.object for quad in store.about(term, (XL_PREFERRED,)) if quad.predicate == XL_PREFERRED)
    found = {text for label in labels for text, _ in literal_forms(store, label) if text.value.strip()}
    return sorted(found, key=lambda text: (text.language or "", text.value))


def _label_statements(store: Store, term: Term, *, reified: bool = False) -> list[LabelStatement]:
    """Return what names a term; `reified` labels, which are resources of SKOS-XL, only if they are asked for."""
    if isinstance(term, Literal | DefaultGraph | Triple):
        return []
    found: dict[tuple[int, str, str, str], LabelStatement] = {}
    for quad in store.about(term, _NAMING):
        rank = _RANKS.get(quad.predicate)
        if rank is None:
            continue
        texts: Iterable[tuple[Literal, GraphName]] = ()
        if quad.predicate == XL_PREFERRED:
            texts = literal_forms(store, quad.object) if reified else ()
        elif isinstance(quad.object, Literal):
            texts = ((quad.object, quad.graph_name),)
        for literal, graph in texts:
            found[(rank, literal.language or "", literal.value, str(graph))] = (quad.predicate, literal, graph)
    return [found[key] for key in sorted(found)]


def _rank(tag: str, ranges: Iterable[str]) -> int:
    """How well a language tag fits the ranges, 0 for not at all: "de" is met by "de", and less well by "de-AT"."""
    tag = tag.lower()
    for distance, wanted in enumerate(ranges):
        if tag == wanted:
            return 1000 - 2 * distance
        if tag.startswith(wanted + "-"):
            return 999 - 2 * distance
    return 0
