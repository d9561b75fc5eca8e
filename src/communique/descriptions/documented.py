"""What a store describes, and in which document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from communique.store import Store


def names_in(store: Store) -> list[NamedNode]:
    """Return every IRI that the store says something about, as a subject or as the name of a graph."""
    graphs = (name for name in store.graph_names() if isinstance(name, NamedNode))
    return sorted({*store.subjects(), *graphs}, key=lambda node: node.value)


def document_of(iri: str) -> str:
    """Return the IRI without query and fragment, which are described in its document."""
    return iri.partition("#")[0].partition("?")[0]
