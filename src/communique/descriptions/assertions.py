"""Assertions: what a graph states, told thing by thing; nodes without a name stand in place, as Turtle writes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from communique.store import Term

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST, REST, NIL = (NamedNode(_RDF + name) for name in ("first", "rest", "nil"))
DEEPEST = 12
"""So many nodes without a name stand in each other at most."""
_Facts = dict["Term", dict[NamedNode, list["Term"]]]


@dataclass(frozen=True, slots=True)
class Said:
    """An object; of a node without a name what is stated of it, of a list its members."""

    term: Term
    facts: tuple[tuple[NamedNode, tuple[Said, ...]], ...] = ()
    items: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a graph states of one thing, by property."""

    subject: Term
    facts: tuple[tuple[NamedNode, tuple[Said, ...]], ...]


def stated(triples: Iterable[Triple]) -> tuple[Stated, ...]:
    """Return triples by what they are about, and by property, in the order in which they stand.

    A blank node stands in place where one triple alone leads to it, and by itself otherwise.
    """
    facts: _Facts = {}
    uses: Counter[Term] = Counter()
    for triple in triples:
        facts.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        uses[triple.object] += 1
    inner: set[Term] = {node for node in facts if isinstance(node, BlankNode) and uses[node] == 1}
    inner -= _in_circles(facts, inner)
    return tuple(Stated(node, _told(node, facts, inner)) for node in facts if node not in inner)


def _in_circles(facts: _Facts, inner: set[Term]) -> set[Term]:
    """Return the nodes that are reached from no other thing: those that lead to each other in a circle."""
    reached: set[Term] = set()
    waiting = [node for node in facts if node not in inner]
    while waiting:
        objects = [term for those in facts[waiting.pop()].values() for term in those if term in inner]
        reached.update(objects)
        waiting += objects
    return inner - reached


def _told(
    node: Term, facts: _Facts, inner: set[Term], depth: int = 0
) -> tuple[tuple[NamedNode, tuple[Said, ...]], ...]:
    return tuple(
        (path, tuple(_said(each, facts, inner, depth) for each in those)) for path, those in facts[node].items()
    )


def _said(term: Term, facts: _Facts, inner: set[Term], depth: int) -> Said:
    if term not in inner or depth == DEEPEST:
        return Said(term)
    if (members := _members(term, facts, inner)) is not None:
        return Said(term, items=tuple(_said(member, facts, inner, depth + 1) for member in members))
    return Said(term, _told(term, facts, inner, depth + 1))


def _members(head: Term, facts: _Facts, inner: set[Term]) -> list[Term] | None:
    """Return the members of a list that is whole, None of anything else."""
    found: list[Term] = []
    while head != NIL:
        cell = facts.get(head, {}) if head in inner else {}
        if cell.keys() != {FIRST, REST} or len(cell[FIRST]) != 1 or len(cell[REST]) != 1:
            return None
        found.append(cell[FIRST][0])
        head = cell[REST][0]
    return found
