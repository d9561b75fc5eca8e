"""Description: one resource in one pass over the store's index, its facts in shape order, each with its evidence."""

from __future__ import annotations

from heapq import nsmallest
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.axioms import ONTOLOGY
from communique.descriptions.facts import Description, Facts, Value
from communique.descriptions.labels import LABEL_PROPERTIES
from communique.descriptions.links import LIMIT, assertions, incoming, term_key
from communique.descriptions.lists import cells
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import PropertyView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.links import Assertions
    from communique.descriptions.presentation import Layout, Presentation, Rank
    from communique.store import GraphName, Store, Subject, Term

# How deep descriptions are nested in one another; further in, a node is shown as a link.
MAX_DEPTH = 5
MAX_DEPTH_OF_BLANK_NODES = 32

# An axiom is no value of a property; it is described as one that no shape names.
AXIOM = PropertyView(TYPE, shaped=False)

RANKS = {path: rank for rank, path in enumerate((TYPE, *LABEL_PROPERTIES))}

_Graphs = dict["Term", list["GraphName"]]
_ByProperty = dict[NamedNode, _Graphs]


def describe(store: Store, *, resource: NamedNode, presentation: Presentation, limit: int = LIMIT) -> Description:
    """Return what the store says of a resource, its own triples in full.

    Incoming links, inverse properties and the triples that stand in the graph of its name are counted, and the first
    `limit` of each named. Blank nodes are described in place, and so are the values that a shape nests; no node twice.
    Beside them stand the axioms without a name that are about any of these.
    """
    return _Describer(store, presentation, limit).of(resource)


class _Describer:
    """The descriptions that go into one document."""

    def __init__(self, store: Store, presentation: Presentation, limit: int) -> None:
        self._store = store
        self._presentation = presentation
        self._evidence = presentation.evidences.of_all
        self._limit = limit
        self._described: dict[Subject, None] = {}

    def of(self, resource: NamedNode) -> Description:
        """Describe the resource that the document is about."""
        self._described[resource] = None
        found = self._read(resource)
        types = _types(found)
        layout = self._presentation.layout(types)
        ranked = [*self._facts(found, layout, 0), *self._inverse_facts(resource, layout)]
        facts = tuple(each for _, each in sorted(ranked, key=lambda each: each[0]))
        axioms = tuple(self._axioms(resource, is_ontology=ONTOLOGY in types))
        return Description(
            resource,
            types,
            facts,
            _own(facts),
            self._evidence_of(found),
            incoming(self._store, resource=resource, except_by=layout.inverse_paths, limit=self._limit),
            self._asserts(resource),
            axioms,
        )

    def _axioms(self, resource: NamedNode, *, is_ontology: bool) -> Iterator[Description]:
        """Describe the axioms without a name that are about a resource, or about what is described in place."""
        known, told, seen = self._presentation.axioms, 0, self._described
        waiting = known.of_ontology(resource) if is_ontology else []
        while waiting or told < len(seen):
            for axiom in waiting:
                if nested := self._nested(axiom, AXIOM, 0):
                    yield nested
            # An axiom may be about another one.
            nodes = [node for node in list(seen)[told:] if node == resource or isinstance(node, BlankNode)]
            told = len(seen)
            waiting = [axiom for node in nodes for axiom in known.about(node)]

    def _nested(self, node: NamedNode | BlankNode, view: PropertyView, depth: int) -> Description | None:
        """Describe a value in place, unless it is described elsewhere, too deep in, or nothing is said of it."""
        if node in self._described or not (found := self._read(node)):
            return None
        self._described[node] = None
        types = _types(found)
        layout = self._presentation.layout(types, node=view.node)
        facts = tuple(each for _, each in self._facts(found, layout, depth))
        return Description(node, types, facts, _own(facts), self._evidence_of(found))

    def _read(self, node: Subject) -> _ByProperty:
        found: _ByProperty = {}
        for _, predicate, term, graph in self._store.quads(node, None, None, None):
            found.setdefault(predicate, {}).setdefault(term, []).append(graph)
        return found

    def _facts(self, found: _ByProperty, layout: Layout, depth: int) -> Iterator[tuple[Rank, Facts]]:
        # In shape order from the start, since a node is described where a reader meets it first.
        for rank, view in layout.ordered(tuple(found)):
            graphs = found[view.path]
            values = tuple([self._value(term, graphs[term], view, depth) for term in self._ordered(graphs)])
            yield rank, Facts(view, values, len(values))

    def _value(self, term: Term, graphs: list[GraphName], view: PropertyView, depth: int) -> Value:
        evidence = self._evidence(graphs)
        if isinstance(term, Literal):
            return Value(term, evidence)
        if isinstance(term, NamedNode):
            nests = view.node is not None and depth < MAX_DEPTH
            return Value(term, evidence, self._nested(term, view, depth + 1) if nests else None)
        if not isinstance(term, BlankNode) or depth >= MAX_DEPTH_OF_BLANK_NODES:
            return Value(term, evidence)
        if listed := cells(self._store, term):
            items = (self._value(cell.member, list(cell.graphs), view, depth + 1) for cell in listed)
            return Value(term, evidence, items=tuple(items))
        return Value(term, evidence, self._nested(term, view, depth + 1))

    def _inverse_facts(self, resource: NamedNode, layout: Layout) -> Iterator[tuple[Rank, Facts]]:
        for rank, view in layout.inverse:
            graphs: _Graphs = {}
            for subject, _, _, graph in self._store.quads(None, view.path, resource, None):
                graphs.setdefault(subject, []).append(graph)
            if graphs:
                first = nsmallest(self._limit, graphs, key=self._key)
                values = tuple(Value(term, self._evidence(graphs[term])) for term in first)
                yield rank, Facts(view, values, len(graphs) + self._store.held_back(view.path, resource))

    def _ordered(self, terms: _Graphs) -> Iterable[Term]:
        if len(terms) == 1:
            return terms
        # Only nodes have a position.
        texts_only = all(isinstance(term, Literal) for term in terms)
        return sorted(terms, key=term_key if texts_only else self._key)

    def _key(self, term: Term) -> tuple[float, int, str, str]:
        return self._presentation.positions.get(term, inf), *term_key(term)

    def _evidence_of(self, found: _ByProperty) -> tuple[Evidence, ...]:
        every = {graph for graphs in found.values() for names in graphs.values() for graph in names}
        return self._evidence(tuple(every))

    def _asserts(self, resource: NamedNode) -> Assertions | None:
        found = assertions(self._store, graph=resource, limit=self._limit)
        return found if found.count else None


def _own(facts: tuple[Facts, ...]) -> tuple[Facts, ...]:
    own = [each for each in facts if not each.view.inverse]
    own.sort(key=lambda each: RANKS.get(each.view.path, len(RANKS)))
    return tuple(own)


def _types(found: _ByProperty) -> tuple[NamedNode, ...]:
    types = [each for each in found.get(TYPE, ()) if isinstance(each, NamedNode)]
    return tuple(sorted(types, key=lambda cls: cls.value) if len(types) > 1 else types)
