"""Catalogue: what the data say of themselves by DCAT, VoID or an ontology's header, completed where they are silent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.bases import guessed_base, stated_base
from communique.descriptions.dataset_parts import linked_to, parts_of
from communique.descriptions.labels import LABEL_PROPERTIES, XL, Label, local_name
from communique.descriptions.presentation import TYPE
from communique.descriptions.well_known import TWO_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.descriptions.labels import Labels
    from communique.formats import Format
    from communique.store import Store, Term

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
OWL = "http://www.w3.org/2002/07/owl#"
SCHEMA = "http://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"

DESCRIPTION = (DCTERMS + "description", SCHEMA + "description", "http://www.w3.org/2000/01/rdf-schema#comment")
CREATOR = (DCTERMS + "creator", SCHEMA + "creator", SCHEMA + "author")
PUBLISHER = (DCTERMS + "publisher", SCHEMA + "publisher")
LICENCE = (DCTERMS + "license", SCHEMA + "license", "http://creativecommons.org/ns#license", DCTERMS + "rights")
VERSION = (DCAT + "version", OWL + "versionInfo", SCHEMA + "version")
ISSUED = (DCTERMS + "issued", DCTERMS + "created", SCHEMA + "datePublished")
MODIFIED = (DCTERMS + "modified", SCHEMA + "dateModified")
FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file in which a dataset can be had, as the data describe it, by a name or in brackets."""

    resource: NamedNode | BlankNode
    title: Label
    url: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is said of one dataset; what is not said is "" or None."""

    resource: NamedNode | None
    title: Label
    description: Label | None = None
    publisher: Term | None = None
    licence: NamedNode | None = None
    languages: tuple[str, ...] = ()
    version: str = ""
    issued: str = ""
    modified: str = ""
    distributions: tuple[Distribution, ...] = ()
    creators: tuple[Term, ...] = ()

    @property
    def authors(self) -> tuple[Term, ...]:
        """Whom a citation names: who made it, else who publishes it."""
        return self.creators or ((self.publisher,) if self.publisher else ())


@dataclass(frozen=True, slots=True)
class Catalog:
    """A store's description of itself: of the whole (`about`) and of each dataset in it.

    `base` is where the IRIs of the project begin. It ends in "/" or "#"; or in ":", if it is inferred from names such
    as URNs. What the whole does not say of itself, its dataset says for it if there is exactly one, and where there is
    none, the thesaurus that all is.
    """

    about: Dataset
    datasets: tuple[Dataset, ...]
    base: str
    is_guess: bool = False
    """Whether nothing states the base."""

    @classmethod
    def read(cls, store: Store, *, labels: Labels, folder: str = "", base: str = "") -> Catalog:
        """Read the catalogue of a store; `folder` names what has no title, `base` is that of what states none.

        Raises ProjectError, with file and line, if `void:uriSpace` cannot be a base.
        """
        whole = _instances(store, DCAT + "Catalog")
        datasets = [node for node in _datasets(store, whole) if node not in whole]
        described = tuple(_dataset(store, labels, node) for node in datasets)
        about = _dataset(store, labels, whole[0]) if whole else Dataset(None, Label(folder or "Data"))
        speaking = described or tuple(_dataset(store, labels, node) for node in _thesaurus(store))
        if len(speaking) == 1:
            about = _completed(about, speaking[0], titled=bool(whole))
        languages = about.languages or tuple(dict.fromkeys(tag for each in described for tag in each.languages))
        about = replace(about, languages=languages or _languages_of_labels(store))
        stated = stated_base(store, whole=whole, datasets=datasets) or base
        return cls(about, described, stated or guessed_base(store), is_guess=not stated)

    def described(self, node: NamedNode) -> Dataset | None:
        """Return what is said of the catalogue or a dataset, completed by the whole; None of anything else.

        One of several datasets inherits publisher and licence alone. Whoever publishes a dataset made it, if it does
        not say who did.
        """
        if node == self.about.resource:
            return self.about
        found = next((each for each in self.datasets if each.resource == node), None)
        if found is None or len(self.datasets) > 1:
            inherited = Dataset(None, self.title, publisher=self.about.publisher, licence=self.licence)
            return _completed(found, inherited, titled=True) if found else None
        completed = _completed(found, self.about, titled=True)
        return replace(completed, creators=found.creators) if found.publisher else completed

    def owns(self, node: NamedNode) -> bool:
        """Tell whether a name is one of ours: below the base, or that of a catalogue of several datasets.

        These may be at home on several hosts, and the catalogue on one more.
        """
        iri = node.value
        below = iri.startswith(self.base) or iri == self.base.rstrip("#")
        return below or (len(self.datasets) > 1 and node == self.about.resource)

    @property
    def title(self) -> Label:
        """The title of the whole, never empty."""
        return self.about.title

    @property
    def licence(self) -> NamedNode | None:
        """The licence of the whole, if it is said."""
        return self.about.licence

    @property
    def version(self) -> str:
        """The version of the whole, or ""."""
        return self.about.version

    @property
    def dataset(self) -> NamedNode | None:
        """What stands for everything as a dataset: the only one, else the catalogue, if there is one."""
        return self.datasets[0].resource if len(self.datasets) == 1 else self.about.resource

    def dump_path(self, format: Format) -> str:
        """Return where a dump is written: where the data say below `dumps/` (`dcat:downloadURL`), or `dumps/data.*`."""
        start = self.base + "dumps/"
        for dataset in (self.about, *self.datasets):
            for each in dataset.distributions:
                name = each.url.removeprefix(start)
                if each.media_type == format.media_type and each.url.startswith(start) and FILE_NAME.fullmatch(name):
                    return f"dumps/{name}"
        return f"dumps/data{format.extension}"


def _datasets(store: Store, whole: list[NamedNode]) -> list[NamedNode]:
    """The datasets that are no parts of others, and not others'; where there is none, the ontologies of the project."""
    listed = [node for catalog in whole for node in _nodes(store, catalog, DCAT + "dataset")]
    if listed:
        return list(dict.fromkeys(listed))
    every = dict.fromkeys(_instances(store, DCAT + "Dataset") + _instances(store, VOID + "Dataset"))
    parts = parts_of(store, every)
    found = [node for node in every if node not in parts]
    others = linked_to(store, found) if len(found) > 1 else ()
    return [node for node in found if node not in others] or _instances(store, OWL + "Ontology")


def _thesaurus(store: Store) -> list[NamedNode]:
    """The only scheme of which more is said than that it is one, if half of all things but labels are concepts."""
    schemes = [each for each in _instances(store, SKOS + "ConceptScheme") if len([*store.quads(each)]) > 1]
    concepts, labels = (_number(store, each) for each in (SKOS + "Concept", XL + "Label"))
    return schemes if len(schemes) == 1 and 2 * concepts >= store.count_of_subjects() - labels else []


def _number(store: Store, cls: str) -> int:
    return len(_instances(store, cls)) + store.held_back(TYPE, NamedNode(cls))


def _dataset(store: Store, labels: Labels, node: NamedNode) -> Dataset:
    files = (each for each in _values(store, node, (DCAT + "distribution",)) if isinstance(each, NamedNode | BlankNode))
    return Dataset(
        node,
        labels.of(node),
        labels.choose(_by_language(store, node, DESCRIPTION)),
        next(_values(store, node, PUBLISHER), None),
        next((term for term in _values(store, node, LICENCE) if isinstance(term, NamedNode)), None),
        _languages(store, node),
        _text(store, node, VERSION),
        _text(store, node, ISSUED),
        _text(store, node, MODIFIED),
        tuple(sorted((_distribution(store, labels, each) for each in files), key=lambda each: each.url)),
        tuple(dict.fromkeys(_values(store, node, CREATOR))),
    )


def _distribution(store: Store, labels: Labels, node: NamedNode | BlankNode) -> Distribution:
    url = _text(store, node, (DCAT + "downloadURL", DCAT + "accessURL"))
    media_type = _text(store, node, (DCAT + "mediaType", DCTERMS + "format"))
    prefix = "https://www.iana.org/assignments/media-types/"
    return Distribution(node, labels.of(node), url, media_type.replace("http:", "https:", 1).removeprefix(prefix))


def _completed(about: Dataset, dataset: Dataset, *, titled: bool) -> Dataset:
    """Return what is said of `about`, and what it does not say as `dataset` says it."""
    return Dataset(
        about.resource,
        about.title if titled else dataset.title,
        about.description or dataset.description,
        about.publisher or dataset.publisher,
        about.licence or dataset.licence,
        about.languages or dataset.languages,
        about.version or dataset.version,
        about.issued or dataset.issued,
        about.modified or dataset.modified,
        about.distributions,
        about.creators or dataset.creators,
    )


def stated_languages(store: Store) -> tuple[str, ...]:
    """Return the languages that the data state of the whole, else of the first dataset (`dcterms:language`)."""
    whole = _instances(store, DCAT + "Catalog")
    datasets = [node for node in _datasets(store, whole) if node not in whole]
    found = (_languages(store, node) for node in (*whole[:1], *datasets[:1]))
    return next(filter(None, found), ())


def _languages(store: Store, node: NamedNode) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language_of(term) for term in _values(store, node, (DCTERMS + "language",))))


def label_languages(store: Store) -> Counter[str]:
    """Count the labels of a store by their languages, "" where they have none."""
    labels = (quad.object for path in LABEL_PROPERTIES for quad in store.quads(None, path))
    return Counter(label.language or "" for label in labels if isinstance(label, Literal))


def _languages_of_labels(store: Store) -> tuple[str, ...]:
    """The languages of the labels, the most frequent first, rare ones left out."""
    found = label_languages(store)
    del found[""]
    ranked = sorted(found, key=lambda tag: (-found[tag], tag))
    return tuple(tag for tag in ranked if found[tag] * 10 >= found[ranked[0]])


def language_of(term: Term) -> str:
    """Return the tag of a language that is named by a literal, or by an IRI of the usual authorities."""
    code = term.value if isinstance(term, Literal) else local_name(str(term).strip("<>"))
    return TWO_LETTERS.get(code.lower(), code.lower())


def _instances(store: Store, cls: str) -> list[NamedNode]:
    found = {quad.subject for quad in store.quads(None, TYPE, NamedNode(cls))}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value)


def _nodes(store: Store, node: NamedNode, path: str) -> list[NamedNode]:
    return [term for term in _values(store, node, (path,)) if isinstance(term, NamedNode)]


def _values(store: Store, node: NamedNode | BlankNode, paths: tuple[str, ...]) -> Iterator[Term]:
    for path in paths:
        yield from sorted({quad.object for quad in store.quads(node, NamedNode(path))}, key=str)


def _text(store: Store, node: NamedNode | BlankNode, paths: tuple[str, ...]) -> str:
    return next((term.value for term in _values(store, node, paths) if isinstance(term, Literal | NamedNode)), "")


def _by_language(store: Store, node: NamedNode, paths: tuple[str, ...]) -> dict[str, str]:
    literals = [term for term in _values(store, node, paths) if isinstance(term, Literal)]
    return {literal.language or "": literal.value for literal in reversed(literals)}
