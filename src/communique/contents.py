"""Contents: what the page of one resource tells, in which order, in the words of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.labels import LABEL_PROPERTIES
from communique.legibility import legible_name
from communique.schema_org import structured_data
from communique.tables import NAMING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.facts import Description, Facts
    from communique.labels import Label, Labels
    from communique.site import Site

CMQ = "https://w3id.org/communique/ns#"
SUMMARIES = tuple(
    NamedNode(iri)
    for iri in (
        CMQ + "gist",
        CMQ + "content",
        CMQ + "rationale",
        "http://purl.org/dc/terms/description",
        "http://www.w3.org/2004/02/skos/core#definition",
        "http://schema.org/description",
        "http://www.w3.org/2000/01/rdf-schema#comment",
    )
)
SUMMARY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together; the heading is None for what no shape has put into a group."""

    heading: Label | None
    facts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A resource as a page tells it.

    `naming` holds the facts that the head of the page tells already: types and labels. `cites` is true where some graph
    is described as evidence: a dataset that does not say who says what has no notes. `parts` are described in the same
    document; `structured` is the resource in the words of schema.org.
    """

    description: Description
    title: Label
    other_titles: tuple[Label, ...]
    summary: str
    sections: tuple[Section, ...]
    naming: tuple[Facts, ...]
    cites: bool
    parts: tuple[NamedNode, ...]
    structured: dict[str, object]


def content_of(site: Site, description: Description) -> Content:
    """Return what the page of a resource tells."""
    labels = site.labels
    title = labels.of(description.resource)
    naming = tuple(each for each in description.facts if each.view.path in NAMING and not each.view.inverse)
    return Content(
        description,
        title,
        tuple(_other_titles(naming, title)),
        _summary(description, labels),
        tuple(_sections(description, labels)),
        naming,
        _cites(description),
        site.parts_of(description.resource),
        structured_data(description, labels=labels),
    )


def _sections(description: Description, labels: Labels) -> Iterator[Section]:
    for group, facts in description.sections:
        kept = tuple(each for each in facts if each.view.inverse or each.view.path not in NAMING)
        if kept:
            yield Section(labels.choose(group.names) if group else None, kept)


def _other_titles(naming: tuple[Facts, ...], title: Label) -> Iterator[Label]:
    """Give the best label in each language but that of the title."""
    found: dict[str, str] = {title.language: title.text}
    for path in LABEL_PROPERTIES:
        for facts in naming:
            for value in facts.values if facts.view.path == path else ():
                if isinstance(value.term, Literal) and value.term.value != title.text:
                    found.setdefault(value.term.language or "", value.term.value)
    del found[title.language]
    for language, text in sorted(found.items()):
        yield type(title)(text, language)


def _summary(description: Description, labels: Labels) -> str:
    """Return one sentence or two for those who see no more than that: search engines, previews of links."""
    texts: dict[NamedNode, dict[str, str]] = {}
    for facts in description.facts:
        if facts.view.path in SUMMARIES:
            literals = (value.term for value in facts.values if isinstance(value.term, Literal))
            texts[facts.view.path] = {literal.language or "": literal.value for literal in literals}
    for path in SUMMARIES:
        if label := labels.choose(texts.get(path, {})):
            return _shortened(label.text)
    types = ", ".join(labels.of(cls).text for cls in description.types)
    return _shortened(
        f"{labels.of(description.resource).text} ({types})" if types else labels.of(description.resource).text
    )


def _shortened(text: str) -> str:
    text = legible_name(" ".join(text[: SUMMARY_LENGTH * 4].split()))
    return text if len(text) <= SUMMARY_LENGTH else text[:SUMMARY_LENGTH].rpartition(" ")[0] + " …"


def _cites(description: Description) -> bool:
    def nested(facts: Facts) -> Iterator[Description]:
        return (value.nested for value in facts.values if value.nested)

    return any(each.citable for each in description.evidence) or any(
        _cites(inner) for facts in description.facts for inner in nested(facts)
    )
