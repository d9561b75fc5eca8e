"""Headers: which graph the triples of a vocabulary go into, by what its file says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

File = TypeVar("File")
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

OWL_ONTOLOGY = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
SKOS_CONCEPT_SCHEME = ox.NamedNode("http://www.w3.org/2004/02/skos/core#ConceptScheme")
DEFAULT_GRAPH = ox.DefaultGraph()


def in_graph_of_header(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Return the quads of a file of an ontology or of shapes, those outside any graph in the graph of its header."""
    header = _header(quads)
    if header is None:
        return quads
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, header) if quad.graph_name == DEFAULT_GRAPH else quad
        for quad in quads
    ]


def noting_graphs(
    quads: Iterable[ox.Quad], file: File, origins: dict[GraphName, tuple[File, ...]]
) -> Iterator[ox.Quad]:
    """Pass quads on, and remember which graphs the file writes into."""
    seen: set[GraphName] = set()
    for quad in quads:
        graph = quad.graph_name
        if graph not in seen:
            seen.add(graph)
            origins[graph] = (*origins.get(graph, ()), file)
        yield quad


def _header(quads: list[ox.Quad]) -> ox.NamedNode | None:
    """Return the first ontology that is described, or the only scheme."""
    typed = [quad for quad in quads if quad.predicate == TYPE and isinstance(quad.subject, ox.NamedNode)]
    ontologies = [quad.subject for quad in typed if quad.object == OWL_ONTOLOGY]
    schemes = [quad.subject for quad in typed if quad.object == SKOS_CONCEPT_SCHEME]
    found = ontologies[:1] or (schemes if len(schemes) == 1 else [])
    return next((name for name in found if isinstance(name, ox.NamedNode)), None)
