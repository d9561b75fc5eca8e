"""A store subject by subject, in the order of canonical N-Quads, blank nodes named as RDFC-1.0 names them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from communique.evidence import STATED_IN, Evidences, citable
from communique.naming import canonical, mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.store import GraphName, Store, Subject, Term

    Node = NamedNode | BlankNode

_DEFAULT = DefaultGraph()


class Canonical:
    """A view of a store that copies nothing of it but the quads that mention blank nodes."""

    def __init__(self, store: Store, *, evidences: Evidences | None = None) -> None:
        """Name the blank nodes: no other quads have a say in their names (RDFC-1.0, section 4.4).

        `evidences` know what the graphs are, if the store is a part of another and does not say so itself.
        """
        self._store = store
        self.evidences = evidences or Evidences(store)
        dataset = canonical(filter(mentions_blank_node, store.quads())) if store.blank_nodes.seen else ()
        self._renamed: defaultdict[Node, list[Quad]] = defaultdict(list)
        self._renamed_in: defaultdict[GraphName, set[Node]] = defaultdict(set)
        for quad in dataset:
            if not isinstance(quad.subject, Triple):
                self._renamed[quad.subject].append(quad)
                self._renamed_in[quad.graph_name].add(quad.subject)

    @cached_property
    def subjects(self) -> list[Node]:
        """All subjects in canonical order."""
        return sorted({*self._store.subjects(), *self._renamed}, key=str)

    def graphs(self) -> list[GraphName]:
        """Return the names of all graphs, the default graph first, then in canonical order."""
        named = {name for name in self._store.graph_names() if isinstance(name, NamedNode)}
        return [_DEFAULT, *sorted((named | self._renamed_in.keys()) - {_DEFAULT}, key=str)]

    def subjects_in(self, graph: GraphName) -> list[Node]:
        """Return the subjects of the triples of a graph in canonical order."""
        found = set() if isinstance(graph, BlankNode) else {quad.subject for quad in self._store.quads(graph=graph)}
        return sorted(_iris(found) | self._renamed_in.get(graph, set()), key=str)

    def quads(self, subject: Node, graph: GraphName | None = None) -> Iterable[Quad]:
        """Return the quads of a subject in no order, all of them or those in one graph."""
        named = isinstance(subject, NamedNode) and not isinstance(graph, BlankNode)
        found = self._store.quads(subject, None, None, graph) if named else iter(())
        if subject not in self._renamed:
            return found
        renamed = (quad for quad in self._renamed[subject] if graph is None or quad.graph_name == graph)
        return [*(quad for quad in found if not mentions_blank_node(quad)), *renamed]

    def union(self, subject: Node) -> Iterator[tuple[NamedNode, Term]]:
        """Give the predicates and objects of a subject in any graph, in no order, some more than once.

        An IRI gets its `cmq:statedIn` links to the evidence graphs that state one of them.
        """
        graphs = set()
        for _, predicate, term, graph in self.quads(subject):
            graphs.add(graph)
            yield predicate, term
        if isinstance(subject, NamedNode):
            for graph in citable(self.evidences.of_all(tuple(graphs))):
                yield STATED_IN, graph


def _iris(nodes: Iterable[Subject]) -> set[Node]:
    return {node for node in nodes if isinstance(node, NamedNode)}
