"""Contents: what the page of one resource tells, in which order, in the words of the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.labels import LABEL_PROPERTIES, XL_PREFERRED, Label, literal_forms
from communique.descriptions.prominence import SUMMARIES, Elsewhere, Lead, prominent
from communique.descriptions.tables import NAMING
from communique.legibility import legible_name
from communique.metadata.authors import is_person
from communique.metadata.schema_org import structured_data
from communique.page_contents.axioms_told import axioms_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import BlankNode

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.facts import Description, Facts
    from communique.descriptions.labels import Labels
    from communique.descriptions.links import Incoming
    from communique.descriptions.prominence import Sections
    from communique.page_contents.axioms_told import AxiomsTold
    from communique.store import Store, Term
    from communique.website.actions import Actions
    from communique.website.site import Site

RANKS = {path.value: rank for rank, path in enumerate(LABEL_PROPERTIES)} | {XL_PREFERRED.value: 0}
IN_HEAD = NAMING | {XL_PREFERRED.value}
SUMMARY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together; the heading is None for what no shape has put into a group.

    `names` is true for the last section, which holds what the head of the page tells already: types and labels.
    """

    heading: Label | None
    facts: tuple[Facts, ...]
    names: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A resource as a page tells it.

    `lead` says what it is in a sentence, `glance` holds the facts that matter, `elsewhere` the same in other datasets:
    what stands there is in no section. `kinds` are the types, of those with one name the first; `incoming` begins with
    what most things link here by, and `more` leads, by property, to the page that goes on where there are too many.
    `document` describes the thing and others besides, where that is a page of its own.
    `cites` is true where some graph is described as evidence: a dataset that does not say who says what has no notes.
    `parts` are described in the same document; `structured` is the resource in the words of schema.org.
    """

    description: Description
    title: Label
    other_titles: tuple[Label, ...]
    summary: str
    lead: Lead | None
    glance: tuple[Facts, ...]
    elsewhere: tuple[Elsewhere, ...]
    sections: tuple[Section, ...]
    kinds: tuple[NamedNode, ...]
    incoming: tuple[Incoming, ...]
    more: Mapping[NamedNode, str]
    actions: Actions
    document: NamedNode | None
    cites: bool
    parts: tuple[NamedNode, ...]
    axioms: AxiomsTold | None
    structured: dict[str, object]


def content_of(site: Site, description: Description) -> Content:
    """Return what the page of a resource tells."""
    labels = site.labels
    title = labels.of(description.resource)
    groups, naming = _groups(description, labels)
    told = prominent(groups, labels=labels, ours=site.targets)
    sections = [Section(labels.choose(group.names) if group else None, tuple(facts)) for group, facts in told.sections]
    return Content(
        description,
        title,
        tuple(_other_titles(site.store, naming, title)),
        _summary(description, labels),
        told.lead,
        told.glance,
        told.elsewhere,
        (*sections, Section(None, tuple(naming), names=True)) if naming else tuple(sections),
        _distinct(description.types, labels),
        tuple(sorted(description.incoming, key=lambda each: -each.count)),
        site.arrivals.more_of(description.resource),
        site.offers.of(description.resource),
        _document_of(description.resource, site),
        _cites(description),
        site.parts_of(description.resource),
        axioms_told(description, site.presentation.layout(description.types)),
        structured_data(description, labels=labels, is_person=partial(is_person, site)),
    )


def _groups(description: Description, labels: Labels) -> tuple[Sections, list[Facts]]:
    """Return the facts by group, and apart from them those that the head of a page tells.

    What two properties of one name say alike, as `dcat:version` and `owl:versionInfo` do, is told once.
    """
    groups: Sections = []
    naming: list[Facts] = []
    told: set[tuple[str, frozenset[tuple[Term, tuple[Evidence, ...]]]]] = set()
    for group, facts in description.sections:
        kept: list[Facts] = []
        for each in facts:
            is_name = each.view.path.value in IN_HEAD and not each.view.inverse
            said = (each.view.label(labels).text, frozenset((value.term, value.evidence) for value in each.values))
            if is_name:
                naming.append(each)
            elif said not in told:
                kept.append(each)
            told.add(said)
        if kept:
            groups.append((group, kept))
    return groups, naming


def _other_titles(store: Store, naming: list[Facts], title: Label) -> Iterator[Label]:
    """Give the best label in each language but that of the title."""
    found: dict[str, tuple[int, str]] = {}
    for facts in naming:
        rank = RANKS.get(facts.view.path.value, len(RANKS))
        for literal in _texts(store, facts):
            language, text = literal.language or "", literal.value
            if text != title.text and (language not in found or rank < found[language][0]):
                found[language] = rank, text
    found.pop(title.language, None)
    for language, (_, text) in sorted(found.items()):
        yield Label(text, language)


def _texts(store: Store, facts: Facts) -> Iterator[Literal]:
    """Give the texts that names are, or have as labels of SKOS-XL."""
    for value in facts.values:
        if isinstance(value.term, Literal):
            yield value.term
        elif facts.view.path == XL_PREFERRED:
            yield from sorted({text for text, _ in literal_forms(store, value.term) if text.value.strip()}, key=str)


def _summary(description: Description, labels: Labels) -> str:
    """Return one sentence or two for those who see no more than that: search engines, previews of links."""
    best = min(description.facts, key=lambda facts: SUMMARIES.get(facts.view.path.value, inf), default=None)
    if best is not None and best.view.path.value in SUMMARIES:
        literals = (value.term for value in best.values if isinstance(value.term, Literal))
        if label := labels.choose({literal.language or "": literal.value for literal in literals}):
            return _shortened(label.text)
    text = labels.of(description.resource).text
    types = ", ".join(labels.of(cls).text for cls in description.types)
    return _shortened(f"{text} ({types})" if types else text)


def _shortened(text: str) -> str:
    text = legible_name(" ".join(text[: SUMMARY_LENGTH * 4].split()))
    return text if len(text) <= SUMMARY_LENGTH else text[:SUMMARY_LENGTH].rpartition(" ")[0] + " …"


def _document_of(node: NamedNode | BlankNode, site: Site) -> NamedNode | None:
    """Return the document that a fragment belongs to."""
    document, mark, _ = node.value.partition("#")
    return NamedNode(document) if mark and NamedNode(document) in site.targets else None


def _distinct(types: tuple[NamedNode, ...], labels: Labels) -> tuple[NamedNode, ...]:
    return tuple({labels.of(cls).text: cls for cls in reversed(types)}.values())[::-1]


def _cites(description: Description) -> bool:
    if any(each.citable for each in description.evidence):
        return True
    nested = (value.nested for facts in description.facts for value in facts.values)
    return any(_cites(inner) for inner in nested if inner is not None)
