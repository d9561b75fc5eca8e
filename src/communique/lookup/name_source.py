"""What the index of names holds of a site: names, types, facts and links of all of ours that has a name or a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import CMQ
from communique.descriptions.labels import LABEL_PROPERTIES, LITERAL_FORM, XL, literal_forms
from communique.descriptions.presentation import TYPE
from communique.descriptions.prominence import SUMMARIES
from communique.lookup.designations import TERMS
from communique.lookup.names import Entry, write
from communique.website.theme import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from communique.store import Store
    from communique.website.site import Site
    from communique.website.theme import Compiled

SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMES = frozenset(LABEL_PROPERTIES) - {LITERAL_FORM} | {NamedNode(SKOS + "altLabel"), NamedNode(SKOS + "hiddenLabel")}
XL_NAMES = frozenset(NamedNode(XL + each) for each in ("prefLabel", "altLabel", "hiddenLabel"))
"""Properties whose values are labels of SKOS-XL, which name what has them and are not looked for themselves."""
SAME = frozenset(
    NamedNode(iri)
    for iri in (
        "http://www.w3.org/2002/07/owl#sameAs",
        SKOS + "exactMatch",
        "http://schema.org/sameAs",
        "https://schema.org/sameAs",
    )
)
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
PRINTED, PARTICIPANT = NamedNode(CMQ + "nameAsPrinted"), NamedNode(CMQ + "hasParticipant")
LONGEST = 1000
MANUAL = "manual/reconcile"
"""The page that a site may have about its service of reconciliation."""
INVERSE = "^"
"""Stands before the IRI of a property that is read from its value to its subject."""


def write_names(path: Path, *, site: Site, compiled: Compiled | None = None) -> None:
    """Write the index of the names of a site; raises AccessError. `compiled` has the templates that are compiled."""
    templates = environment(site.project, words=site.interface, compiled=compiled)
    about = {
        "base": site.catalog.base,
        "title": site.title.text,
        "version": site.version,
        "summaries": list(SUMMARIES),
        "documentation": MANUAL if MANUAL in site.prose else "link",
        **{each: templates.get_template(f"reconcile/{each}.html").render(site=site) for each in ("preview", "flyout")},
    }
    source = _Source(site)
    write(path, source.entries(), about=about, terms=source.terms())


def names_of(store: Store, node: NamedNode) -> list[str]:
    """Return all names of a thing, also those under which documents print it, sorted; nothing if it has none."""
    found: dict[str, None] = {}
    for quad in store.quads(node):
        if quad.predicate in NAMES and isinstance(quad.object, Literal):
            found[quad.object.value] = None
        elif quad.predicate in XL_NAMES:
            found.update(dict.fromkeys(form.value for form, _ in literal_forms(store, quad.object)))
    if found:
        for quad in store.quads(None, PARTICIPANT, node):
            found.update({printed.object.value: None for printed in store.quads(quad.subject, PRINTED)})  # type: ignore[union-attr]
    return sorted(text for text in found if text.strip())


class _Source:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._stores = [store for store in (site.store, site.store.background) if store]
        self._above: dict[NamedNode, frozenset[NamedNode]] = {}
        self._properties: set[str] = set()

    def entries(self) -> Iterator[Entry]:
        for node in filter(self._site.targets.__contains__, self._things_first()):
            texts, links = names_of(self._site.store, node), self._links(node)
            if texts or links:
                label, stem = self._site.labels.of(node).text, self._site.targets.stem(node)
                yield Entry(node.value, stem, label, self._types(node), texts, self._facts(node), links)

    def _links(self, node: NamedNode) -> list[str]:
        """Return what is said to be the same."""
        quads = (quad for quad in self._site.store.quads(node) if quad.predicate in SAME)
        return [quad.object.value for quad in quads if isinstance(quad.object, NamedNode)]

    def _things_first(self) -> Iterator[NamedNode]:
        """Give the subjects with the terms that describe them last: where an answer is cut, it lacks these."""
        terms = {
            quad.subject for each in TERMS for quad in self._site.store.quads(None, TYPE, NamedNode(each))
        }  # fmt: skip
        for last in (False, True):
            yield from (node for node in self._site.store.subjects() if (node in terms) is last)

    def terms(self) -> Iterator[tuple[str, str, str]]:
        """Give types and properties; to be asked for after the entries."""
        labels = self._site.labels
        for cls in sorted(frozenset().union(*self._above.values()), key=lambda each: each.value):
            yield cls.value, "type", labels.of(cls).text
        for iri in sorted(self._properties):
            name = labels.of(NamedNode(iri.removeprefix(INVERSE))).text
            yield iri, "property", f"← {name}" if iri.startswith(INVERSE) else name

    def _types(self, node: NamedNode) -> dict[str, bool]:
        direct = [quad.object for quad in self._site.store.quads(node, TYPE) if isinstance(quad.object, NamedNode)]
        found = {cls.value: False for each in direct for cls in self._superclasses(each)}
        return found | {cls.value: True for cls in direct}

    def _superclasses(self, cls: NamedNode) -> frozenset[NamedNode]:
        """The class and all classes above it."""
        if cls not in self._above:
            seen, waiting = {cls}, [cls]
            for each in waiting:
                above = {quad.object for store in self._stores for quad in store.quads(each, SUBCLASS)}
                fresh = [node for node in above if isinstance(node, NamedNode) and node not in seen]
                seen.update(fresh)
                waiting.extend(fresh)
            self._above[cls] = frozenset(seen)
        return self._above[cls]

    def _facts(self, node: NamedNode) -> Iterator[tuple[str, str, str, str]]:
        for quad in self._site.store.quads(node):
            term = quad.object
            if isinstance(term, NamedNode):
                self._properties.add(quad.predicate.value)
                yield quad.predicate.value, term.value, "iri", ""
            elif isinstance(term, Literal):
                self._properties.add(quad.predicate.value)
                sort = term.datatype.value.rpartition("#")[2]
                yield quad.predicate.value, term.value[:LONGEST], sort, term.language or ""
        for quad in self._site.store.quads(None, None, node):
            if quad.predicate != TYPE and isinstance(quad.subject, NamedNode) and quad.subject in self._site.targets:
                self._properties.add(INVERSE + quad.predicate.value)
                yield INVERSE + quad.predicate.value, quad.subject.value, "iri", ""
