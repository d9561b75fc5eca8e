"""RDF lists: the members of a well-formed one, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from communique.descriptions.views import FIRST, NIL, REST

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from communique.store import GraphName, Store, Term


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list: its member, the graphs that say so, and every quad of the cell."""

    member: Term
    graphs: tuple[GraphName, ...]
    quads: tuple[Quad, ...]


def cells(store: Store, head: Term) -> list[Cell] | None:
    """Return the cells of a list that ends and that nothing but its beginning points into; None of anything else.

    A list of which a cell is an IRI, says more than `rdf:first` and `rdf:rest`, says either twice, or is reached from
    two places, can be written in no list notation without loss.
    """
    found: list[Cell] = []
    seen: set[Term] = set()
    while isinstance(head, BlankNode):
        quads = tuple(store.quads(head, None, None, None))
        statements = {(quad.predicate, quad.object) for quad in quads}
        objects = dict(statements)
        if head in seen or len(statements) != 2 or objects.keys() != {FIRST, REST} or not _is_reached_once(store, head):
            return None
        seen.add(head)
        graphs = tuple(quad.graph_name for quad in quads if quad.predicate == FIRST)
        found.append(Cell(objects[FIRST], graphs, quads))
        head = objects[REST]
    return found if found and head == NIL else None


def _is_reached_once(store: Store, cell: BlankNode) -> bool:
    return len({(quad.subject, quad.predicate) for quad in store.quads(None, None, cell, None)}) == 1
