"""Quads up to the names of their blank nodes, to be compared."""

from collections.abc import Iterable

import pyoxigraph as ox


def canonical(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the quads as lines, with the canonical names of RDFC-1.0 for their blank nodes."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def lines(text: str | bytes) -> set[str]:
    """Return the same of a text in N-Quads."""
    return canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS))
