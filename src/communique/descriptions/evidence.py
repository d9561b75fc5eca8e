"""Evidence: the named graph in which a triple stands says who says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from communique.bounded import Bounded
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.store import GraphName, Store

CMQ = "https://w3id.org/communique/ns#"
STATED_IN = NamedNode(CMQ + "statedIn")


class Standing(StrEnum):
    """Who answers for a triple, the most direct first."""

    REPORTED = "reported"
    INTERPRETED = "interpreted"
    EXTERNAL = "external"
    RECORDED = "recorded"


_STANDINGS = {
    NamedNode(CMQ + "Passage"): Standing.REPORTED,
    NamedNode(CMQ + "Interpretation"): Standing.INTERPRETED,
    NamedNode(CMQ + "ExternalReport"): Standing.EXTERNAL,
    NamedNode(CMQ + "Register"): Standing.RECORDED,
}
_ORDER = {standing: rank for rank, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A graph that states something; if it is citable, a `cmq:EvidenceGraph`, then `cmq:statedIn` may point to it."""

    graph: GraphName
    standing: Standing
    citable: bool


class Evidences:
    """The evidence of a store's graph names, each looked up once."""

    def __init__(self, store: Store) -> None:
        """Prepare an empty cache."""
        self._store = store
        self._known: dict[GraphName, Evidence] = Bounded()
        self._sets: dict[GraphName | tuple[GraphName, ...], tuple[Evidence, ...]] = Bounded()

    def of(self, graph: GraphName) -> Evidence:
        """The evidence that a graph of this name is."""
        known = self._known.get(graph)
        if known is None:
            known = self._known[graph] = self._read(graph)
        return known

    def of_all(self, graphs: Sequence[GraphName]) -> tuple[Evidence, ...]:
        """The evidence that graphs of these names are, by standing, then by name, none twice."""
        # Most triples stand in one graph, and a name alone is found sooner than a tuple.
        key = graphs[0] if len(graphs) == 1 else tuple(graphs)
        known = self._sets.get(key)
        if known is None:
            known = tuple(sorted({self.of(graph) for graph in graphs}, key=_sort_key))
            self._sets[key] = known
        return known

    def citable(self) -> set[NamedNode]:
        """Return every name to which `cmq:statedIn` may point."""
        found = {quad.subject for cls in _STANDINGS for quad in self._store.quads(None, TYPE, cls)}
        return {node for node in found if isinstance(node, NamedNode)}

    def _read(self, graph: GraphName) -> Evidence:
        if isinstance(graph, DefaultGraph):
            return Evidence(graph, Standing.RECORDED, citable=False)
        types = {quad.object for quad in self._store.quads(graph, TYPE, None, None)}
        standings = [standing for cls, standing in _STANDINGS.items() if cls in types]
        best = min(standings, key=_ORDER.__getitem__, default=Standing.RECORDED)
        return Evidence(graph, best, citable=bool(standings) and isinstance(graph, NamedNode))


def citable(evidence: Iterable[Evidence]) -> list[NamedNode]:
    """Return the graphs that `cmq:statedIn` may point to."""
    return [each.graph for each in evidence if each.citable and isinstance(each.graph, NamedNode)]


def _sort_key(evidence: Evidence) -> tuple[int, str]:
    return _ORDER[evidence.standing], str(evidence.graph)
