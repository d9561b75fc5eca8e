"""Overviews: what the pages tell that are about many things: terms, shapes, lists, the home page, the report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.documented import document_of
from communique.descriptions.readings import readings
from communique.descriptions.rules import RuleBook, read_rule_book
from communique.descriptions.term_types import (
    CLASSES,
    DATATYPES,
    NODE_SHAPE,
    ONTOLOGY,
    OWL,
    PROPERTIES,
    PROPERTY_SHAPE,
    TERMS,
)
from communique.page_contents.diagram import diagram_of
from communique.project import bundled_folder
from communique.syntax.rdf import TYPE
from communique.website.browsing import EVIDENCE, MEETING, ClassList, by_label, newest
from communique.website.pages import QUERY_PAGE, Kind
from communique.website.summaries import summary_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.labels import Label
    from communique.descriptions.readings import Reading
    from communique.page_contents.diagram import Diagram
    from communique.shacl.validation import ValidationReport, ValidationResult
    from communique.website.prose import Prose
    from communique.website.site import Site

MOST_UNTYPED = 200
"""Things without a type that the home page lists; a site with more of them can be searched and asked."""
OF_LITERALS = frozenset(NamedNode(OWL + name) for name in ("DatatypeProperty", "AnnotationProperty"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a list, and what it is in a sentence."""

    node: NamedNode
    summary: Label | None


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one sort: "classes", "properties", "datatypes", "shapes" or "others"."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The home page: what people wrote, what is new, and which classes there are, those of evidence apart.

    `ways` are where a reader may begin, by name, with the URL from the root of the site, or within the page. `untyped`
    are things in no list of a class, since they have no type, `untyped_count` is the number of all of these.
    """

    prose: Prose | None
    ways: tuple[tuple[str, str], ...]
    newest: tuple[tuple[NamedNode, str], ...]
    classes: tuple[ClassList, ...]
    evidence: tuple[ClassList, ...]
    untyped: tuple[NamedNode, ...]
    untyped_count: int


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a validation; `place` is a line of a file, by its path in the project, or "".

    `readings` are the interpretations on record that concern it.
    """

    result: ValidationResult
    place: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Results of a validation that have one cause: the shape, its words, and everything that it was found at."""

    severity: str
    shape: NamedNode | None
    message: Label | None
    results: tuple[Found, ...]


def term_groups(site: Site, terms: Iterable[NamedNode]) -> tuple[TermGroup, ...]:
    """Return terms by sort, each sort in the order of labels; property shapes are left out."""
    sorts = (("classes", CLASSES), ("properties", PROPERTIES), ("datatypes", DATATYPES), ("shapes", {NODE_SHAPE}))
    found: dict[str, list[NamedNode]] = {name: [] for name in (*dict(sorts), "others")}
    for node in terms:
        types = site.types_of(node)
        if PROPERTY_SHAPE not in types:
            found[next((name for name, wanted in sorts if wanted & types), "others")].append(node)
    return tuple(
        TermGroup(name, tuple(Entry(node, summary_of(site, node)) for node in by_label(nodes, site.labels)))
        for name, nodes in found.items()
        if nodes
    )


def is_vocabulary(site: Site, *, document: NamedNode) -> bool:
    """Tell if a document is that of an ontology, which may have a "#" at its end."""
    return any(ONTOLOGY in site.types_of(each) for each in (document, NamedNode(document.value + "#")))


def terms_of(site: Site, *, document: NamedNode) -> tuple[NamedNode, ...]:
    """Return the terms of a vocabulary: those that its document describes, and those whose IRIs go on behind a slash.

    Those of the only ontology may stand beside it, as those of OBO do: `DEMO_0000001` beside `demo.owl`.
    """
    itself = {document, NamedNode(document.value + "#")}
    starts = [document.value.rstrip("/") + "/"]
    if itself.issuperset(_of_ours(site, ONTOLOGY)):
        starts.append(document.value.rpartition("/")[0] + "/")
    terms = {node for cls in TERMS for node in _of_ours(site, cls)} - itself
    below = re.compile(f"(?:{'|'.join(map(re.escape, starts))})[^/#?]+")
    near = {node for node in terms if below.fullmatch(node.value)}
    return tuple(dict.fromkeys((*(set(site.parts_of(document)) - itself), *near)))


def _of_ours(site: Site, cls: NamedNode) -> Iterator[NamedNode]:
    found = (quad.subject for quad in site.store.quads(None, TYPE, cls))
    return (node for node in found if isinstance(node, NamedNode) and node in site.targets)


def diagram(site: Site, terms: Iterable[NamedNode]) -> Diagram | None:
    """Return the diagram of terms, None where nothing in it leads anywhere."""
    typed = [(node, site.types_of(node)) for node in by_label(terms, site.labels)]
    classes = [node for node, types in typed if types & CLASSES]
    properties = [node for node, types in typed if types & PROPERTIES and not types & OF_LITERALS]
    return diagram_of(site.store, classes=classes, properties=properties, labels=site.labels)


def rule_books(site: Site, *, document: NamedNode) -> dict[NamedNode, RuleBook]:
    """Return the node shapes of a file of shapes in the order of their labels, those that describe properties first."""
    shapes = (node for node in site.parts_of(document) if NODE_SHAPE in site.types_of(node))
    books = {node: read_rule_book(site.store, shape=node) for node in by_label(shapes, site.labels)}
    return dict(sorted(books.items(), key=lambda pair: not pair[1].rules))


def home(site: Site) -> Home:
    """Return what the home page tells."""
    meetings = site.classes[MEETING].members if MEETING in site.classes else ()
    untyped = by_label(_without_type(site), site.labels)
    return Home(
        site.read_prose("index") if "index" in site.prose else None,
        tuple(_ways(site, has_lists=bool(site.classes or untyped))),
        newest(site.store, members=meetings),
        tuple(each for each in site.classes.values() if each.cls not in EVIDENCE),
        tuple(each for each in site.classes.values() if each.cls in EVIDENCE),
        untyped[:MOST_UNTYPED],
        len(untyped) if site.whole else site.statistics.untyped_count,
    )


def _without_type(site: Site) -> Iterator[NamedNode]:
    """Give the things without a type that have a document of their own; over a service those that it has counted."""
    if not site.whole:
        yield from site.statistics.untyped
        return
    typed = {quad.subject for quad in site.store.quads(None, TYPE)}
    for node in site.store.subjects():
        has_document = node in site.targets and document_of(node.value) == node.value
        if node not in typed and has_document and site.targets.stem(node) != "index":
            yield node


def _ways(site: Site, *, has_lists: bool) -> Iterator[tuple[str, str]]:
    if has_lists:
        yield "browse", "#site-classes"
    yield "query", site.targets.url(QUERY_PAGE + ".html")
    if site.dataset and site.whole:
        yield "take", site.targets.url(site.targets.stem(site.dataset) + ".html")
    for page in site.vocabularies:
        if page.kind is Kind.ONTOLOGY and page.resource and site.parts_of(page.resource):
            yield "words", site.targets.url(page.path + ".html")
            break
    if not site.whole:
        return
    yield "check", site.targets.url(site.report_path + ".html")
    yield "numbers", site.targets.url(site.statistics_path + ".html")


def findings(site: Site, report: ValidationReport) -> tuple[Finding, ...]:
    """Return the results of a validation by cause, in the order of the report: the worst first."""

    def cause(result: ValidationResult) -> tuple[str, str, str]:
        message = site.labels.choose({each.language or "": each.value for each in result.messages})
        return result.severity.value, str(result.source_shape), message.text if message else ""

    return tuple(_finding(site, tuple(group)) for _, group in groupby(report.results, key=cause))


def _finding(site: Site, results: tuple[ValidationResult, ...]) -> Finding:
    first = results[0]
    return Finding(
        first.severity.value.rpartition("#")[2],
        first.source_shape if isinstance(first.source_shape, NamedNode) else None,
        site.labels.choose({each.language or "": each.value for each in first.messages}),
        tuple(_found(site, result) for result in results),
    )


def _found(site: Site, result: ValidationResult) -> Found:
    nodes = [node for node in (result.focus_node, result.value) if isinstance(node, NamedNode)]
    return Found(result, _place(site, result), readings(site.store, nodes=nodes))


def _place(site: Site, result: ValidationResult) -> str:
    if result.place is None:
        return ""
    path = result.place.path.resolve()
    for folder in (site.project.root.resolve(), bundled_folder().resolve()):
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}:{result.place.line}"
    return f"{path.name}:{result.place.line}"
