"""Presentation: what shapes say about how a thing of some type looks, which is the only place that says it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.evidence import CMQ, Evidences
from communique.labels import LABEL_PROPERTIES, Label, Labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from communique.store import Store, Subject, Term

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = NamedNode(RDF + "type")
_SUBCLASS = NamedNode(RDFS + "subClassOf")
_CLASSES = (NamedNode(RDFS + "Class"), NamedNode("http://www.w3.org/2002/07/owl#Class"))
_POSITIONS = (NamedNode(CMQ + "listingOrder"), NamedNode("http://schema.org/position"), NamedNode(SH + "order"))


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of properties (`sh:PropertyGroup`) with its labels by language tag ("" when untagged)."""

    iri: Subject
    names: Mapping[str, str] = field(compare=False)
    order: float


@dataclass(frozen=True, slots=True)
class PropertyView:
    """How one property is shown: its names and descriptions by language tag, its group and order, and whether values are nested.

    `node` is the shape that nested values conform to. A property that no shape names has neither names nor group, and `shaped` is false.
    """

    path: NamedNode
    inverse: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    descriptions: Mapping[str, str] = field(default_factory=dict, compare=False)
    order: float = inf
    group: Group | None = None
    node: Subject | None = None
    shaped: bool = True

    @property
    def nested(self) -> bool:
        """Whether the value is shown in place, with its own facts."""
        return self.node is not None

    def label(self, labels: Labels) -> Label:
        """The name that the shape gives, else the label of the property."""
        return labels.choose(self.names) or labels.of(self.path)
