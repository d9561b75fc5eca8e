"""Turtle of any triples for people: what is mentioned once and has no name stands in brackets where it is mentioned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Triple

from communique.descriptions.description import RANKS
from communique.descriptions.views import FIRST, NIL, REST
from communique.representations.derivation import numbering
from communique.representations.terms import Terms, block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.iris import Prefixes
    from communique.store import Subject, Term

DEEPEST = 20
"""So many brackets stand in each other; what is deeper has a name, and a block of its own."""


def nested_turtle(triples: Iterable[Triple], *, prefixes: Prefixes) -> bytes:
    """Return triples as Turtle, a block for each subject in the order in which these come, types and labels first.

    Blank nodes that are mentioned once stand in square brackets, lists of which nothing else is said in round ones.
    """
    return _Nested(triples, prefixes).text()


class _Nested:
    def __init__(self, triples: Iterable[Triple], prefixes: Prefixes) -> None:
        self._terms = Terms(prefixes)
        self._used: set[str | None] = set()
        self._name = numbering()
        self._said: dict[Subject, list[Triple]] = {}
        self._mentions: Counter[BlankNode] = Counter()
        self._written: set[Subject] = set()
        self._unlisted: set[Subject] = set()
        for triple in dict.fromkeys(triples):
            self._said.setdefault(triple.subject, []).append(triple)
            self._mentions.update(_mentioned(triple.object))

    def text(self) -> bytes:
        """Return the whole text."""
        blocks = [self._block(node) for node in self._said if not self._has_place(node)]
        # What is too deep, or leads to itself and has no other place.
        for node in self._said:
            if isinstance(node, BlankNode) and node not in self._written:
                self._mentions[node] += 1
                blocks.append(self._block(node))
        return (self._terms.header(self._used) + "\n".join(blocks)).encode()

    def _has_place(self, node: Term) -> bool:
        """Tell if a node is written where it is mentioned."""
        return isinstance(node, BlankNode) and self._mentions[node] == 1

    def _block(self, node: Subject) -> str:
        named = not isinstance(node, BlankNode) or self._mentions[node]
        return block(self._spelt(node) if named else "[]", self._lines(node, "  ", 0))

    def _lines(self, node: Subject, indent: str, depth: int) -> list[str]:
        self._written.add(node)
        said = sorted(self._said[node], key=lambda triple: RANKS.get(triple.predicate, len(RANKS)))
        verbs = [self._terms.verb(triple.predicate, self._used) for triple in said]
        return [f"{verb} {self._value(triple.object, indent, depth)}" for verb, triple in zip(verbs, said, strict=True)]

    def _value(self, term: Term, indent: str, depth: int) -> str:
        if not isinstance(term, BlankNode) or not self._has_place(term):
            return self._spelt(term)
        if term not in self._said:
            return "[]"
        if depth == DEEPEST:
            self._mentions[term] += 1
            return self._spelt(term)
        cells = self._cells(term)
        if cells is not None:
            self._written.update(cells)
            items = (self._value(self._one(cell, FIRST), indent, depth + 1) for cell in cells)
            return f"( {' '.join(items)} )"
        inner = indent + "  "
        inside = f" ;\n{inner}".join(self._lines(term, inner, depth + 1))
        return f"[\n{inner}{inside}\n{indent}]"

    def _cells(self, node: Term) -> list[BlankNode] | None:
        """Return the cells of a list that says nothing else; None of anything else."""
        found: dict[BlankNode, None] = {}
        while node != NIL:
            if not isinstance(node, BlankNode) or node in found or not self._is_cell(node):
                # What comes before is no list either.
                self._unlisted.update(found)
                return None
            found[node] = None
            node = self._one(node, REST)
        return list(found)

    def _is_cell(self, node: BlankNode) -> bool:
        if node in self._unlisted or not self._has_place(node):
            return False
        said = self._said.get(node, [])
        return sorted(triple.predicate.value for triple in said) == [FIRST.value, REST.value]

    def _one(self, node: Subject, predicate: object) -> Term:
        return next(triple.object for triple in self._said[node] if triple.predicate == predicate)

    def _spelt(self, term: Term) -> str:
        return self._terms.term(self._name(term), self._used)


def _mentioned(term: Term) -> Iterator[BlankNode]:
    """Give the blank nodes of an object; those in a triple, where nothing stands in brackets, twice."""
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        for part in (term.subject, term.object):
            for node in _mentioned(part):
                yield from (node, node)
