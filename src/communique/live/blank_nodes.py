"""Blank nodes from several answers: the same node has the same name, which follows from what is said of it.

A service gives a blank node another name in each answer. Those to which an IRI leads are taken from the answer to the
question what is said of that IRI, and from no other. Those that nothing leads to, such as `[] a owl:Axiom`, are told by
all that is said of them: of two that say the same, one is enough.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from communique.live.excerpt import Demand
from communique.syntax.naming import canonical, mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from communique.live.excerpt import Excerpt


def named(quads: Collection[Quad], *, root: object) -> list[Quad]:
    """Return quads that are all said of a root, with names for their blank nodes that are the same each time."""
    if not any(map(mentions_blank_node, quads)):
        return list(quads)
    start = "r" + hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return [_renamed(quad, start) for quad in canonical(quads)]


def take_owned(excerpt: Excerpt, quads: set[Quad]) -> None:
    """Let an excerpt take quads, but want the owners of blank nodes instead of what is said of these."""
    excerpt.take(quad for quad in quads if not mentions_blank_node(quad))
    for part in _parts(quads):
        owners = {q.subject for q in part if isinstance(q.object, BlankNode) and isinstance(q.subject, NamedNode)}
        for owner in owners:
            excerpt.want(Demand(owner))
        if not owners:
            excerpt.take(_by_content(part))


def by_content(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give those of some quads that have blank nodes, with names for these that follow from what is said of them."""
    for part in _parts(quads):
        yield from _by_content(part)


def _by_content(part: Collection[Quad]) -> list[Quad]:
    known = canonical(part)
    text = "".join(sorted(f"{quad}\n" for quad in known))
    start = "o" + hashlib.sha256(text.encode()).hexdigest()[:16]
    return [_renamed(quad, start) for quad in known]


def ownerless(quads: Iterable[Quad]) -> bool:
    """Tell whether there are blank nodes to which no IRI is known to lead."""
    return any(
        not any(isinstance(quad.object, BlankNode) and isinstance(quad.subject, NamedNode) for quad in part)
        for part in _parts(quads)
    )


def _parts(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    """Give the quads with blank nodes in parts that share no blank node."""
    of_node: defaultdict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for term in _blank(quad):
            of_node[term].append(quad)
    seen: set[BlankNode] = set()
    for first in list(of_node):
        if first in seen:
            continue
        part: dict[Quad, None] = {}
        waiting = [first]
        seen.add(first)
        while waiting:
            for quad in of_node[waiting.pop()]:
                part[quad] = None
                fresh = [term for term in _blank(quad) if term not in seen]
                seen.update(fresh)
                waiting += fresh
        yield list(part)


def _blank(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object) if isinstance(term, BlankNode)]


def _renamed(quad: Quad, start: str) -> Quad:
    subject, object = (
        BlankNode(start + term.value) if isinstance(term, BlankNode) else term for term in (quad.subject, quad.object)
    )
    return Quad(subject, quad.predicate, object, quad.graph_name)  # type: ignore[arg-type]
