"""Readings: the interpretations on record that concern a thing, so that a known oddity is not taken for a fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.store import Store, Term

CMQ = "https://w3id.org/communique/ns#"
CONCERNS = ox.NamedNode(CMQ + "concerns")
RATIONALE = ox.NamedNode(CMQ + "rationale")
CERTAINTY = ox.NamedNode(CMQ + "hasCertainty")
ATTRIBUTED = ox.NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")


@dataclass(frozen=True, slots=True)
class Reading:
    """An interpretation with its reasons, how sure it is, and who answers for it."""

    interpretation: ox.NamedNode
    rationales: tuple[ox.Literal, ...] = ()
    certainties: tuple[Term, ...] = ()
    agents: tuple[Term, ...] = ()


def readings(store: Store, *, nodes: Iterable[ox.NamedNode]) -> tuple[Reading, ...]:
    """Return the interpretations that concern any of some nodes, sorted by IRI."""
    found = {quad.subject for node in nodes for quad in store.quads(None, CONCERNS, node)}
    named = sorted((each for each in found if isinstance(each, ox.NamedNode)), key=str)
    return tuple(
        Reading(
            each,
            tuple(text for text in _objects(store, each, RATIONALE) if isinstance(text, ox.Literal)),
            tuple(_objects(store, each, CERTAINTY)),
            tuple(_objects(store, each, ATTRIBUTED)),
        )
        for each in named
    )


def _objects(store: Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[Term]:
    return sorted({quad.object for quad in store.quads(subject, predicate)}, key=str)
