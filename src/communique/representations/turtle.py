"""Turtle of one resource, for people: the resource, what belongs to it in reading order, the labels of the rest.

One statement a line, types and labels first; blank nodes and lists in brackets where they stand; only prefixes in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.bounded import Bounded
from communique.descriptions.evidence import STATED_IN
from communique.representations.documents import blank_names, cited, linked
from communique.representations.terms import Terms, block

if TYPE_CHECKING:
    from communique.descriptions.facts import Description, Value
    from communique.descriptions.labels import Labels
    from communique.iris import Prefixes


def turtle(description: Description, *, labels: Labels, prefixes: Prefixes) -> bytes:
    """Return the document of a resource as Turtle: the graph that `documents.document_graph` defines."""
    return Turtle(labels=labels, prefixes=prefixes).document(description)


class Turtle:
    """The Turtle documents of one store, which share what they repeat."""

    def __init__(self, *, labels: Labels, prefixes: Prefixes) -> None:
        """Start with empty caches."""
        self._labels = labels
        self._terms = Terms(prefixes)
        self._links: dict[NamedNode, tuple[str, frozenset[str | None]]] = Bounded()

    def document(self, description: Description) -> bytes:
        """Return the document of a resource."""
        writer = _Writer(self._terms, description)
        blocks = writer.blocks(description)
        for axiom in description.axioms:
            blocks += writer.blocks(axiom)
        for node in linked(description):
            text, used = self._link(node)
            if text:
                blocks.append(text)
                writer.used |= used
        return (self._terms.header(writer.used) + "\n".join(blocks)).encode()

    def _link(self, node: NamedNode) -> tuple[str, frozenset[str | None]]:
        """The labels of a node that is linked to, and the prefixes they need."""
        known = self._links.get(node)
        if known is None:
            used: set[str | None] = set()
            verbs = ((self._terms.iri(path, used), literal) for path, literal, _ in self._labels.statements(node))
            lines = list(dict.fromkeys(f"{verb} {self._terms.literal(literal, used)}" for verb, literal in verbs))
            text = block(self._terms.iri(node, used), lines) if lines else ""
            known = self._links[node] = (text, frozenset(used))
        return known


class _Writer:
    """The blocks of one document."""

    def __init__(self, terms: Terms, description: Description) -> None:
        self._terms = terms
        self.used: set[str | None] = set()
        self._names = blank_names(description)

    def blocks(self, description: Description) -> list[str]:
        """The block of a description, then those of what is nested in it."""
        later: list[Description] = []
        node = description.resource
        lines = self._statements(description, later, "  ")
        if not lines:
            return []
        subject = self._names.get(node, "[]") if isinstance(node, BlankNode) else self._terms.iri(node, self.used)
        found = [block(subject, lines)]
        for nested in later:
            found += self.blocks(nested)
        return found

    def _statements(self, description: Description, later: list[Description], indent: str) -> list[str]:
        terms, used = self._terms, self.used
        lines = []
        for facts in description.own:
            verb = terms.verb(facts.view.path, used)
            lines += [f"{verb} {self._value(value, later, indent)}" for value in facts.values]
        graphs = cited(description)
        if graphs:
            verb = terms.iri(STATED_IN, used)
            lines += [f"{verb} {terms.iri(graph, used)}" for graph in graphs]
        return lines

    def _value(self, value: Value, later: list[Description], indent: str) -> str:
        term = value.term
        if isinstance(term, Literal):
            return self._terms.literal(term, self.used)
        if value.items:
            return f"( {' '.join(self._value(item, later, indent) for item in value.items)} )"
        nested = value.nested
        if isinstance(term, BlankNode) and term not in self._names:
            if nested is None:
                return "[]"
            inside = f" ;\n{indent}  ".join(self._statements(nested, later, indent + "  "))
            return f"[\n{indent}  {inside}\n{indent}]"
        if nested:
            later.append(nested)
        return self._names[term] if isinstance(term, BlankNode) else self._terms.term(term, self.used)
