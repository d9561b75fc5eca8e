"""Vocabulary: where the terms of an ontology are used, as a reader asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.presentation import TYPE
from communique.descriptions.views import SH

if TYPE_CHECKING:
    from communique.descriptions.facts import Description
    from communique.descriptions.links import Incoming
    from communique.store import Store, Subject

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
ROLES = {
    TYPE: "instances",
    NamedNode(RDFS + "domain"): "domain",
    NamedNode(RDFS + "range"): "range",
    NamedNode(RDFS + "subClassOf"): "narrower",
    NamedNode(RDFS + "subPropertyOf"): "narrower",
    NamedNode(SH + "targetClass"): "shapes",
    NamedNode(SH + "path"): "rules",
    NamedNode(SH + "class"): "rules",
    NamedNode(SH + "datatype"): "rules",
}


@dataclass(frozen=True, slots=True)
class TermUse:
    """Where a term is used: who points to it, by what that means, and how many statements it makes as a property.

    `domain` and `range` are the properties whose domain or range it is; `shapes` describe its instances; `rules` are
    property shapes that speak of it.
    """

    instances: Incoming | None
    domain: tuple[Subject, ...]
    range: tuple[Subject, ...]
    narrower: tuple[Subject, ...]
    shapes: tuple[Subject, ...]
    rules: tuple[Subject, ...]
    others: tuple[Incoming, ...]
    statements: int


def use_of(store: Store, *, description: Description) -> TermUse:
    """Return where the term that is described is used."""
    found: dict[str, list[Incoming]] = {}
    for each in description.incoming:
        found.setdefault(ROLES.get(each.property, "others"), []).append(each)

    def those(role: str) -> tuple[Subject, ...]:
        return tuple(dict.fromkeys(node for each in found.get(role, ()) for node in each.resources))

    term = description.resource
    return TermUse(
        next(iter(found.get("instances", ())), None),
        those("domain"),
        those("range"),
        those("narrower"),
        those("shapes"),
        those("rules"),
        tuple(found.get("others", ())),
        _uses(store, term) if isinstance(term, NamedNode) else 0,
    )


def _uses(store: Store, term: NamedNode) -> int:
    return sum(1 for _ in store.quads(None, term, None, None)) + store.held_back(term, None)
