"""Naming: blank nodes get the names of RDFC-1.0, and whoever makes that take for ever is told so.

Most blank nodes are told apart by the triples that they stand in, and then naming them takes no time to speak of. Those
that are alike are told apart by trying all orders (RDFC-1.0, section 4.8): a dozen that all point to one another take
longer than anybody waits. So that is done in a process of its own, which is ended when its time is up.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse, serialize

from communique.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECONDS = 30.0
FEW = 5
REFUSED = (
    "RDFC-1.0 could not name the blank nodes within {seconds:g} s: {count} of them are too much alike, "
    "{example} for one. Give them IRIs."
)
_CHILD = """
import sys
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize
dataset = Dataset(parse(sys.stdin.buffer, format=RdfFormat.N_QUADS))
dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
serialize(dataset, sys.stdout.buffer, RdfFormat.N_QUADS)
"""


class BlankNodeWatch:
    """Whether any of the quads that passed mentions a blank node."""

    def __init__(self) -> None:
        """Have seen nothing yet."""
        self.seen = False

    def passing(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Pass quads on."""
        for quad in quads:
            if not self.seen:
                self.seen = mentions_blank_node(quad)
            yield quad


def mentions_blank_node(quad: Quad) -> bool:
    """Tell if a quad has a blank node in any of its places, those of triple terms too."""
    kind = type(quad.object)
    if kind is BlankNode or type(quad.subject) is BlankNode or type(quad.graph_name) is BlankNode:
        return True
    return kind is Triple and "_:" in str(quad.object)


def canonical(quads: Iterable[Quad], *, seconds: float = SECONDS) -> Dataset:
    """Return the quads, each once, their blank nodes named by RDFC-1.0.

    Raises DataError if the blank nodes are so much alike that this takes more than `seconds`.
    """
    dataset = Dataset(quads)
    alike = _alike(dataset)
    if len(alike) > FEW:
        return _named_by_a_child(dataset, alike, seconds)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _alike(dataset: Dataset) -> list[BlankNode]:
    """Return the blank nodes that the quads they stand in do not tell apart (RDFC-1.0, section 4.6)."""
    seen: defaultdict[BlankNode, list[str]] = defaultdict(list)
    for quad in dataset:
        if mentions_blank_node(quad):
            for node in _blank_nodes(quad):
                seen[node].append(str(Quad(*(_seen_from(node, term) for term in quad))))
    views = {node: tuple(sorted(lines)) for node, lines in seen.items()}
    counts = Counter(views.values())
    return sorted((node for node, view in views.items() if counts[view] > 1), key=str)


def _blank_nodes(terms: Iterable[Any]) -> set[BlankNode]:
    found = set()
    for term in terms:
        if isinstance(term, BlankNode):
            found.add(term)
        elif isinstance(term, Triple):
            found |= _blank_nodes(term)
    return found


def _seen_from(node: BlankNode, term: Any) -> Any:
    if isinstance(term, Triple):
        return Triple(*(_seen_from(node, part) for part in term))
    return term if not isinstance(term, BlankNode) else BlankNode("a" if term == node else "z")


def _named_by_a_child(dataset: Dataset, alike: list[BlankNode], seconds: float) -> Dataset:
    text = serialize(dataset, format=RdfFormat.N_QUADS)
    command = [sys.executable, "-I", "-c", _CHILD]
    try:
        named = subprocess.run(command, input=text, capture_output=True, check=True, timeout=seconds).stdout
    except subprocess.TimeoutExpired:
        example = next(str(quad) for quad in dataset if alike[0] in _blank_nodes(quad))
        message = REFUSED.format(seconds=seconds, count=len(alike), example=f"that of {example}")
        raise DataError([Problem(None, None, None, message)]) from None
    return Dataset(parse(named, format=RdfFormat.N_QUADS))
