"""Summaries: what a thing is, in a sentence, for lists that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.prominence import SUMMARIES

if TYPE_CHECKING:
    from communique.descriptions.labels import Label
    from communique.website.site import Site

SUMMARY_PROPERTIES = tuple(map(NamedNode, SUMMARIES))


def summary_of(site: Site, node: NamedNode) -> Label | None:
    """Return what a thing is, in a sentence of the data, or of the bundled ontology."""
    for store in (site.store, site.store.background):
        if store is None:
            continue
        texts: dict[int, dict[str, str]] = {}
        for quad in store.about(node, SUMMARY_PROPERTIES):
            rank = SUMMARIES.get(quad.predicate.value)
            if rank is not None and isinstance(quad.object, Literal):
                texts.setdefault(rank, {})[quad.object.language or ""] = quad.object.value
        if texts:
            return site.labels.choose(texts[min(texts)])
    return None
