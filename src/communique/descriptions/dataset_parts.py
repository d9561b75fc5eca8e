"""Parts: which datasets of a VoID description are not ours, but parts of others, forms of them, or linked to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from communique.store import Store

VOID = "http://rdfs.org/ns/void#"
SUBSET, ENDPOINT, SPACE = (NamedNode(VOID + name) for name in ("subset", "sparqlEndpoint", "uriSpace"))
PART_OF = (SUBSET, NamedNode(VOID + "classPartition"), NamedNode(VOID + "propertyPartition"))
"""By which of VoID a dataset has parts, which are datasets too (*Describing Linked Datasets with VoID*, section 4)."""
HAS_FORMAT = NamedNode("http://purl.org/dc/terms/hasFormat")
ENDS = tuple(NamedNode(VOID + name) for name in ("subjectsTarget", "objectsTarget", "target"))
"""By which of VoID a set of links joins datasets (section 5)."""


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


def linked_to(store: Store, datasets: Collection[NamedNode]) -> set[object]:
    """Return which of `datasets` are others', to which links of ours lead, and the sets of these links.

    Ours is what holds a set of links, else whose things are their subjects. What begins at our host is no others'.
    """
    ours: set[object] = set()
    ends: set[object] = set()
    linksets: set[object] = set()
    for linkset in {quad.subject for name in ENDS for quad in store.quads(None, name)}:
        joined = {quad.object for name in ENDS for quad in store.quads(linkset, name)}
        own = joined & {quad.subject for quad in store.quads(None, SUBSET, linkset)}
        own = own or {quad.object for quad in store.quads(linkset, ENDS[0])}
        if not own.isdisjoint(datasets):
            ours |= own
            ends |= joined
            linksets.add(linkset)
    others = [node for node in datasets if node in ends - ours]
    hosts = {host for node in datasets if node not in others for host in _hosts(store, node)}
    return linksets | {node for node in others if hosts.isdisjoint(_hosts(store, node))}


def _hosts(store: Store, node: NamedNode) -> set[str]:
    """Return at which hosts the things of a dataset begin, or its own name does where it does not say."""
    spaces = [quad.object.value for quad in store.quads(node, SPACE) if isinstance(quad.object, Literal)]
    return {urlsplit(each).netloc for each in spaces or [node.value]}
