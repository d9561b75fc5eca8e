"""Outward links: which things of ours are said to be, or to match, things of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    from communique.store import Store

OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RELATIONS = tuple(
    NamedNode(iri)
    for iri in (
        OWL + "sameAs",
        OWL + "equivalentClass",
        OWL + "equivalentProperty",
        SKOS + "exactMatch",
        SKOS + "closeMatch",
        SKOS + "broadMatch",
        SKOS + "narrowMatch",
        SKOS + "relatedMatch",
        "http://schema.org/sameAs",
        "https://schema.org/sameAs",
    )
)
CONCEPT, IN_SCHEME = NamedNode(SKOS + "Concept"), NamedNode(SKOS + "inScheme")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One thing of ours, how it is related, and the thing of others."""

    iri: str
    relation: str
    target: str

    @property
    def namespace(self) -> str:
        """Where the names of the target begin: all up to the last `#` or `/`."""
        return namespace_of(self.target)


def outward_links(store: Store, *, base: str) -> tuple[Link, ...]:
    """Return the links from what is under the base to what is not, each once, sorted."""
    found = set()
    for relation in RELATIONS:
        for quad in store.quads(None, relation):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                found.add(Link(quad.subject.value, relation.value, quad.object.value))
    return tuple(sorted(each for each in found if each.iri.startswith(base) and not each.target.startswith(base)))


def sameness(store: Store, node: NamedNode) -> NamedNode:
    """Return what says that a thing of others is this one: `skos:exactMatch` of concepts, `owl:sameAs` of all else."""
    concept = any(store.quads(node, TYPE, CONCEPT)) or any(store.quads(node, IN_SCHEME))
    return NamedNode(SKOS + "exactMatch") if concept else NamedNode(OWL + "sameAs")


def namespace_of(iri: str) -> str:
    """Return where the names of a vocabulary begin.

    >>> namespace_of("http://www.wikidata.org/entity/Q42")
    'http://www.wikidata.org/entity/'
    """
    return iri[: max(iri.rfind(mark, 0, -1) for mark in "#/:") + 1]
