"""Axioms as a page tells them: what is disjoint, what is different, what is not so, and remarks on facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.axioms import MEMBERS, OWL
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.descriptions.facts import Description, Facts, Value
    from communique.descriptions.presentation import Layout
    from communique.descriptions.views import PropertyView
    from communique.store import Term

MOST = 50
"""So many axioms are told on a page."""
APART = {
    NamedNode(OWL + "AllDisjointClasses"): "disjoint",
    NamedNode(OWL + "AllDisjointProperties"): "disjoint",
    NamedNode(OWL + "AllDifferent"): "different",
}
_Path = frozenset[NamedNode]
DENIAL = tuple(
    frozenset(NamedNode(OWL + name) for name in names)
    for names in (("sourceIndividual",), ("assertionProperty",), ("targetIndividual", "targetValue"))
)
REMARK = tuple(
    frozenset((NamedNode(OWL + name), NamedNode(RDF + other)))
    for name, other in (
        ("annotatedSource", "subject"),
        ("annotatedProperty", "predicate"),
        ("annotatedTarget", "object"),
    )
)


@dataclass(frozen=True, slots=True)
class Apart:
    """Things that are "disjoint" or "different", and what else is said of that.

    With `mutual` these are all that are so; else the one that the page is about is so to each of them.
    """

    kind: str
    others: tuple[Value, ...]
    mutual: bool
    more: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact of the one that the page is about, and what else is said of the fact."""

    view: PropertyView
    value: Value
    more: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class General:
    """Any other axiom: of which kinds it is, and what it says."""

    kinds: tuple[NamedNode, ...]
    facts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class AxiomsTold:
    """The axioms of a page: `denied` are facts that are not so, `remarks` are on those that are.

    `hidden` counts those that are left out.
    """

    apart: tuple[Apart, ...]
    denied: tuple[Claim, ...]
    general: tuple[General, ...]
    remarks: tuple[Claim, ...]
    hidden: int


def axioms_told(description: Description, layout: Layout) -> AxiomsTold | None:
    """Return the axioms that are told beside a description, whose properties are called as in a layout."""
    if not description.axioms:
        return None
    shown = description.axioms[:MOST]
    told = [_told(axiom, description, layout) for axiom in shown]
    return AxiomsTold(
        tuple(each for each in told if isinstance(each, Apart)),
        tuple(each for each, axiom in zip(told, shown, strict=True) if isinstance(each, Claim) and _denies(axiom)),
        tuple(each for each in told if isinstance(each, General)),
        tuple(each for each, axiom in zip(told, shown, strict=True) if isinstance(each, Claim) and not _denies(axiom)),
        len(description.axioms) - len(shown),
    )


def _denies(axiom: Description) -> bool:
    return any(facts.view.path in DENIAL[0] for facts in axiom.facts)


def _told(axiom: Description, description: Description, layout: Layout) -> Apart | Claim | General:
    said: Apart | Claim | None = _apart(axiom, description.resource)
    for paths in (DENIAL, REMARK):
        said = said or _claim(axiom, description, layout, paths)
    return said or General(axiom.types, tuple(each for each in axiom.facts if each.view.path != TYPE))


def _apart(axiom: Description, resource: Term) -> Apart | None:
    kind = next((APART[cls] for cls in axiom.types if cls in APART), None)
    members = _value(axiom, MEMBERS)
    if kind is None or members is None or members.items is None:
        return None
    others = tuple(each for each in members.items if each.term != resource)
    return Apart(kind, others, len(others) == len(members.items), _rest(axiom, MEMBERS))


def _claim(axiom: Description, description: Description, layout: Layout, paths: tuple[_Path, ...]) -> Claim | None:
    subject, predicate, object = (_value(axiom, each) for each in paths)
    if subject is None or predicate is None or object is None or subject.term != description.resource:
        return None
    if not isinstance(predicate.term, NamedNode):
        return None
    # What is described above is described here again: a node without a name says nothing else.
    told = (value for facts in description.facts for value in facts.values if value.term == object.term)
    value = next((each for each in told if each.nested or each.items), object)
    return Claim(layout[predicate.term][1], value, _rest(axiom, frozenset().union(*paths)))


def _value(axiom: Description, paths: Iterable[NamedNode]) -> Value | None:
    """Return the only value of some properties."""
    found = [value for facts in axiom.facts if facts.view.path in paths for value in facts.values]
    return found[0] if len(found) == 1 else None


def _rest(axiom: Description, paths: frozenset[NamedNode]) -> tuple[Facts, ...]:
    return tuple(each for each in axiom.facts if each.view.path not in paths and each.view.path != TYPE)
