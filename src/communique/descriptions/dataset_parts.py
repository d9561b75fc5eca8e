"""Parts: which of the datasets that VoID describes are no datasets of their own, but parts or forms of others."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.store import Store

VOID = "http://rdfs.org/ns/void#"
SUBSET, ENDPOINT, SPACE = (NamedNode(VOID + name) for name in ("subset", "sparqlEndpoint", "uriSpace"))
PART_OF = (SUBSET, NamedNode(VOID + "classPartition"), NamedNode(VOID + "propertyPartition"))
"""By which of VoID a dataset has parts, which are datasets too (*Describing Linked Datasets with VoID*, section 4)."""
HAS_FORMAT = NamedNode("http://purl.org/dc/terms/hasFormat")


def parts_of(store: Store, datasets: Iterable[NamedNode]) -> set[object]:
    """Return what is a part of a dataset, or another form of one of `datasets`.

    What an endpoint holds beside the description of it is no part: then the endpoint is none of the datasets.
    """
    parts: set[object] = {quad.object for node in datasets for quad in store.quads(node, HAS_FORMAT)}
    for quad in chain.from_iterable(store.quads(None, name) for name in PART_OF):
        holds = quad.predicate == SUBSET and isinstance(quad.object, NamedNode) and any(store.quads(quad.object, SPACE))
        is_endpoint = holds and any(store.quads(quad.subject, ENDPOINT)) and not any(store.quads(quad.subject, SPACE))
        parts.add(quad.subject if is_endpoint else quad.object)
    return parts
