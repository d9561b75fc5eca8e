"""Concepts: the words above and below one, and where it was discussed, said, proposed and decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.facts import Value
from communique.portraits.graph import cmq
from communique.portraits.statements import DECISION, KINDS, PROPOSAL, in_text_order, statement
from communique.portraits.told import MOST

if TYPE_CHECKING:
    from communique.portraits.graph import Graph, Values
    from communique.portraits.statements import Statement
    from communique.store import Term

SKOS = "http://www.w3.org/2004/02/skos/core#"
BROADER, NARROWER, RELATED = (NamedNode(SKOS + name) for name in ("broader", "narrower", "related"))
IN_SCHEME, TOP_OF, HAS_TOP = (NamedNode(SKOS + name) for name in ("inScheme", "topConceptOf", "hasTopConcept"))
DEPTH = 8
MOST_IN_TREE = 500
"""A tree holds so many concepts at most."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept with its narrower ones; `cut` counts those that are left out."""

    value: Value
    branches: tuple[Branch, ...]
    cut: int = 0


@dataclass(frozen=True, slots=True)
class ConceptPortrait:
    """A concept: the chains that lead up from it, what is below and beside it, and who speaks of it.

    `ways_up` begin with the next broader concept. `said` are statements that are neither proposals nor decisions.
    """

    ways_up: tuple[tuple[Value, ...], ...]
    narrower: Branch
    related: Values
    discussed: Values
    speeches: Values
    said: tuple[Statement, ...]
    proposed: tuple[Statement, ...]
    decided: tuple[Statement, ...]
    aimed_at: Values
    more: int


@dataclass(frozen=True, slots=True)
class SchemePortrait:
    """A concept scheme as a tree of its concepts: how many they are, and how many at the top are left out (`cut`)."""

    tops: tuple[Branch, ...]
    count: int
    cut: int


def concept_portrait(graph: Graph, node: Term) -> ConceptPortrait:
    """Return the portrait of a concept."""
    about = graph.subjects(cmq("about"), node)
    found = [value.term for value in about if graph.types(value.term) & KINDS]
    told = [statement(graph, each) for each in in_text_order(graph, found[:MOST])]
    return ConceptPortrait(
        tuple(ways_up(graph, node)),
        branch(graph, Value(node, ()), {node}),
        _both(graph, node, RELATED, RELATED),
        graph.subjects(cmq("discussed"), node),
        tuple(each for each in about if cmq("Speech") in graph.types(each.term)),
        tuple(each for each in told if each.kind not in {PROPOSAL, DECISION}),
        tuple(each for each in told if each.kind == PROPOSAL),
        tuple(each for each in told if each.kind == DECISION),
        graph.subjects(cmq("aimsAt"), node),
        len(found) - len(told),
    )


def scheme_portrait(graph: Graph, node: Term) -> SchemePortrait:
    """Return the portrait of a concept scheme."""
    members = {value.term: value for value in graph.subjects(IN_SCHEME, node)}
    tops = {value.term: value for value in _both(graph, node, HAS_TOP, TOP_OF)}
    for term, value in members.items():
        if not any(above.term in members for above in _both(graph, term, BROADER, NARROWER)):
            tops.setdefault(term, value)
    ordered = sorted(tops.values(), key=lambda each: (graph.position(each.term), _label(graph, each)))
    shown = ordered[:MOST_IN_TREE]
    seen: set[Term] = {each.term for each in shown}
    branches = tuple(branch(graph, each, seen) for each in shown)
    return SchemePortrait(branches, len(members), len(ordered) - len(shown))


def branch(graph: Graph, value: Value, seen: set[Term]) -> Branch:
    """Return a concept with what is narrower, none twice, so that circles end."""
    return _branch(graph, value, seen, DEPTH)


def ways_up(graph: Graph, node: Term) -> list[tuple[Value, ...]]:
    """Return the chains of ever broader concepts, at most eight of them, as far as they go without a circle."""
    waiting: list[Values] = [(each,) for each in _both(graph, node, BROADER, NARROWER)]
    found: list[Values] = []
    while waiting and len(found) < DEPTH:
        chain = waiting.pop(0)
        above = [each for each in _both(graph, chain[-1].term, BROADER, NARROWER) if _is_new(each, chain, node)]
        if above and len(chain) < DEPTH:
            waiting += ((*chain, each) for each in above)
        else:
            found.append(chain)
    return found


def _branch(graph: Graph, value: Value, seen: set[Term], depth: int) -> Branch:
    below = [each for each in _both(graph, value.term, NARROWER, BROADER) if each.term not in seen]
    below.sort(key=lambda each: (graph.position(each.term), _label(graph, each)))
    shown = below[: max(0, MOST_IN_TREE - len(seen))] if depth else []
    seen.update(each.term for each in shown)
    return Branch(value, tuple(_branch(graph, each, seen, depth - 1) for each in shown), len(below) - len(shown))


def _both(graph: Graph, node: Term, there: NamedNode, back: NamedNode) -> Values:
    """Return what a node points to by one property, or what points to it by the reverse one."""
    found = {value.term: value for value in graph.objects(node, there)}
    for value in graph.subjects(back, node):
        found.setdefault(value.term, value)
    return tuple(found.values())


def _is_new(value: Value, chain: tuple[Value, ...], node: Term) -> bool:
    return value.term != node and all(value.term != each.term for each in chain)


def _label(graph: Graph, value: Value) -> str:
    return graph.site.labels.of(value.term).text.casefold()
