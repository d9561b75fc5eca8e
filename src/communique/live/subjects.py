"""What is said of nodes, all of it or some properties, as tasks that do not depend on each other (`steps`)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.live import queries, steps, walks
from communique.live.blank_nodes import named
from communique.live.excerpt import Demand
from communique.live.steps import DEPTHS, batches, by_length, integer_of, quad_of, shares, too_deep
from communique.remote.service import ServiceError
from communique.syntax.naming import mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from communique.errors import AccessError
    from communique.live.excerpt import Excerpt
    from communique.live.queries import Manner
    from communique.live.steps import Row, Steps
    from communique.store import Term

MANY = 100
"""Nodes of which the same is wanted, and nothing else is read."""


def of_subjects(manner: Manner, excerpt: Excerpt, nodes: Sequence[Term]) -> Steps[None]:
    """Read all that is said of some nodes; of those that lead to blank nodes, once more, and deeper."""
    yield from _take_subjects(manner, excerpt, nodes, (yield queries.of_subjects(manner, nodes, depth=0)))


def _take_subjects(manner: Manner, excerpt: Excerpt, nodes: Sequence[Term], rows: Sequence[Row]) -> Steps[None]:
    blank = _leading_to_blank(rows)
    excerpt.take(quad_of(row) for row in rows if row[1] not in blank)
    if blank:
        beginning = [quad_of(row) for row in rows if row[1] in blank]
        deep = yield from (_by_name if manner.virtuoso else _at_once)(manner, excerpt, beginning)
        if deep:
            _do_without(excerpt, beginning, deep)
    excerpt.known.met.update(Demand(node) for node in nodes if isinstance(node, ox.NamedNode))


def _by_name(manner: Manner, excerpt: Excerpt, beginning: Sequence[ox.Quad]) -> Steps[dict[Term, AccessError]]:
    """Take what is said of nodes that lead to blank nodes, and of these; return those of which that cannot be had."""
    roots = {quad.subject for quad in beginning}
    try:
        found, deep = yield from walks.onward(manner, beginning)
    except ServiceError as error:
        return dict.fromkeys(roots, error)
    failed: dict[Term, AccessError] = {}
    for root in roots:
        quads = walks.reached(found, root=root)
        if deep and any(quad.object in deep for quad in quads):
            failed[root] = too_deep()
        else:
            excerpt.take_whole(root, named(quads, root=root))
    return failed


def _at_once(manner: Manner, excerpt: Excerpt, beginning: Sequence[ox.Quad]) -> Steps[dict[Term, AccessError]]:
    """Do the same where names mean nothing from one answer to the next: each answer begins at the nodes again."""
    roots: set[Term] = {quad.subject for quad in beginning}
    for depth in DEPTHS:
        try:
            rows = yield queries.of_subjects(manner, sorted(roots, key=str), depth=depth)
        except ServiceError as error:
            return dict.fromkeys(roots, error)
        by_root: defaultdict[Term | None, set[ox.Quad]] = defaultdict(set)
        farthest: set[tuple[Term, Term]] = set()
        for root, far, *rest in rows:
            by_root[root].add(quad := quad_of(tuple(rest)))
            if isinstance(quad.object, ox.BlankNode) and integer_of(far) == depth and root is not None:
                farthest.add((root, quad.object))
        # Where blank nodes lead back to one another, the last step leads to what was told at an earlier one.
        told = {root: {quad.subject for quad in quads} for root, quads in by_root.items()}
        open_ends = {root for root, node in farthest if node not in told[root]}
        for root, quads in by_root.items():
            if root is not None and root not in open_ends:
                excerpt.take_whole(root, named(quads, root=root))
        if not open_ends:
            return {}
        roots = open_ends
    return dict.fromkeys(roots, too_deep())


def _do_without(excerpt: Excerpt, beginning: Iterable[ox.Quad], failed: Mapping[Term, AccessError]) -> None:
    """Take what nodes say without blank nodes, where that is better than nothing; else raise what went wrong."""
    if excerpt.left_out is None:
        raise next(iter(failed.values()))
    excerpt.left_out |= {Demand(node): error for node, error in failed.items() if isinstance(node, ox.NamedNode)}
    excerpt.take(quad for quad in beginning if quad.subject in failed and not mentions_blank_node(quad))


def properties_of(pairs: Iterable[Demand]) -> dict[Term, frozenset[Term]]:
    """Return the properties that are wanted of each node."""
    found: defaultdict[Term, set[Term]] = defaultdict(set)
    for each in pairs:
        if each.subject is not None and each.predicate is not None:
            found[each.subject].add(each.predicate)
    return {node: frozenset(predicates) for node, predicates in found.items()}


def of_properties(manner: Manner, excerpt: Excerpt, some: Mapping[Term, frozenset[Term]]) -> Iterator[Steps[None]]:
    """Give the tasks that read some properties of some nodes.

    Where the same is wanted of many nodes, it is read and nothing else: what is said of them all are very many rows.
    """
    alike: defaultdict[frozenset[Term], list[Term]] = defaultdict(list)
    for node, predicates in some.items():
        alike[predicates].append(node)
    for predicates, nodes in alike.items():
        if len(nodes) > MANY:
            for batch in by_length(nodes):
                yield _properties(manner, excerpt, batch, predicates)
    few = [node for node, predicates in some.items() if len(alike[predicates]) <= MANY]
    for share in shares(few):
        yield of_pairs(manner, excerpt, share, frozenset().union(*(some[node] for node in share)))


def of_pairs(manner: Manner, excerpt: Excerpt, nodes: Sequence[Term], predicates: Iterable[Term]) -> Steps[None]:
    """Read some properties of some nodes, and all that is said of them where that is not much.

    Whoever asks for a name asks for something else the next time, and each time the page is made again.
    """
    rows = yield queries.of_subjects(manner, nodes, depth=0, limit=steps.WHOLE)
    if len(rows) < steps.WHOLE:
        yield from _take_subjects(manner, excerpt, nodes, rows)
    else:
        yield from _properties(manner, excerpt, nodes, predicates)


def _properties(manner: Manner, excerpt: Excerpt, nodes: Sequence[Term], predicates: Iterable[Term]) -> Steps[None]:
    """Read some properties of some nodes, of fewer at a time where that is very much."""
    some = sorted(predicates, key=str)
    rows = yield queries.of_pairs(manner, nodes, some, limit=steps.WHOLE)
    if len(rows) >= steps.WHOLE and len(nodes) > 1:
        middle = len(nodes) // 2
        for half in (nodes[:middle], nodes[middle:]):
            yield from _properties(manner, excerpt, half, some)
        return
    blank = _leading_to_blank(rows)
    excerpt.take(quad_of(row) for row in rows if row[1] not in blank)
    for batch in batches(sorted(blank, key=str)):
        yield from of_subjects(manner, excerpt, batch)
    excerpt.known.met.update(
        Demand(node, predicate)
        for node in nodes
        for predicate in some
        if isinstance(node, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
    )


def _leading_to_blank(rows: Iterable[Row]) -> set[Term]:
    return {row[1] for row in rows if row[1] is not None and isinstance(row[3], ox.BlankNode)}
