"""The union of all graphs, for engines that do not make it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give the quads, and each triple of a named graph in the default graph as well.

    So the default graph is the union of all graphs as a set. The engine's own union counts a triple once for each graph
    in which it stands, and has no effect beside a `FROM`.
    """
    for quad in quads:
        yield quad
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
