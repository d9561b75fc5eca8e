"""Gathering: what an excerpt lacks, as tasks that do not depend on each other (`steps`).

Nothing here knows the network, or waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.live import nameless, queries, steps, walks
from communique.live.blank_nodes import ownerless, take_owned
from communique.live.excerpt import Demand
from communique.live.steps import BATCH, DEPTHS, batches, integer_of, quad_of, shares, too_deep
from communique.live.subjects import of_pairs, of_properties, of_subjects, properties_of
from communique.syntax.naming import mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from communique.live.excerpt import Excerpt
    from communique.live.queries import Manner
    from communique.live.steps import Steps
    from communique.store import Term

SHOWN = 50
FEW = 500
"""So many of very many triples of a predicate are read, as a sample."""

T = TypeVar("T")


def tasks(manner: Manner, excerpt: Excerpt, wanted: Iterable[Demand]) -> Iterator[Steps[None]]:
    """Give the tasks that let an excerpt have what is wanted."""
    kinds: defaultdict[str, list[Demand]] = defaultdict(list)
    for demand in sorted(wanted, key=str):
        kinds[_kind(demand)].append(demand)
    whole = {each.subject: None for each in kinds["subject"] if each.subject is not None}
    for nodes in shares(list(whole)):
        yield of_subjects(manner, excerpt, nodes)
    some = properties_of(each for each in kinds["pair"] if each.subject not in whole)
    yield from of_properties(manner, excerpt, some)
    yield from _object_tasks(manner, excerpt, kinds["object"])
    for demand in kinds["part"]:
        yield _parts(manner, excerpt, demand)
    for graphs in batches(kinds["graph"]):
        yield _graphs(manner, excerpt, graphs)
    if about := [each.object for each in kinds["axioms"] if isinstance(each.object, ox.NamedNode)]:
        yield nameless.about(manner, excerpt, about)
    for demand in kinds["predicate"]:
        yield _predicate(manner, excerpt, demand)
    # Of what is said of these, there will be something to see: who finds nothing asks again.
    others = (each.subject for each in kinds["exists"] if each.subject not in whole and each.subject not in some)
    for nodes in shares([each for each in others if each is not None]):
        yield _described(manner, excerpt, nodes)


def _object_tasks(manner: Manner, excerpt: Excerpt, demands: Sequence[Demand]) -> Iterator[Steps[None]]:
    wide = [each for each in demands if each.predicate is None]
    covered = {each.object for each in wide}
    narrow = [each for each in demands if each.predicate is not None and each.object not in covered]
    for batch in batches(wide):
        query = queries.counts_of_objects(manner, [each.object for each in batch if each.object is not None])
        yield _objects(manner, excerpt, batch, query)
    for batch in batches(narrow):
        pairs = [(each.predicate, each.object) for each in batch if each.predicate and each.object is not None]
        yield _objects(manner, excerpt, batch, queries.counts_of_pairs(manner, pairs))
    excerpt.known.met.update(each for each in demands if each.predicate is not None and each.object in covered)


def _objects(manner: Manner, excerpt: Excerpt, demands: Sequence[Demand], counting: str) -> Steps[None]:
    """Read what points to some nodes: counts first, then all of it, or of very much the first."""
    counts = {(p, o): integer_of(n) for p, o, n in (yield counting) if p is not None and o is not None}
    few = sorted((pair for pair, count in counts.items() if count <= steps.WHOLE), key=str)
    for some in _within(few, counts):
        yield from _links(manner, excerpt, some)
    for (predicate, object), count in counts.items():
        if count > steps.WHOLE:
            demand = Demand(None, predicate, object)  # type: ignore[arg-type]
            shown = yield from _part(manner, demand._replace(part=(0, SHOWN)))
            yield from of_pairs(
                manner, excerpt, [each for each in shown if isinstance(each, ox.NamedNode)], [predicate]
            )
            excerpt.known.held_back[demand] = count - len(shown)
    excerpt.known.met.update(demands)


def _parts(manner: Manner, excerpt: Excerpt, demand: Demand) -> Steps[None]:
    excerpt.known.parts[demand] = yield from _part(manner, demand)


def _described(manner: Manner, excerpt: Excerpt, nodes: Sequence[ox.NamedNode]) -> Steps[None]:
    found = {row[0] for row in (yield queries.described(manner, nodes))}
    excerpt.known.described.update((node, node in found) for node in nodes)


def _part(manner: Manner, demand: Demand) -> Steps[tuple[Term, ...]]:
    assert demand.predicate is not None and demand.object is not None and demand.part is not None
    offset, limit = demand.part
    query = queries.part_of_objects(manner, demand.predicate, demand.object, limit=limit, offset=offset)
    return tuple(row[0] for row in (yield query) if row[0] is not None)


def _links(manner: Manner, excerpt: Excerpt, pairs: Sequence[tuple[Term, Term]]) -> Steps[None]:
    quads = [quad_of(row) for row in (yield queries.of_objects(manner, pairs, depth=0))]
    blank = {(quad.predicate, quad.object) for quad in quads if isinstance(quad.subject, ox.BlankNode)}
    excerpt.take(quad for quad in quads if (quad.predicate, quad.object) not in blank)
    if not blank:
        return
    if manner.virtuoso:
        found = yield from _owned_by_name(manner, [quad for quad in quads if (quad.predicate, quad.object) in blank])
    else:
        found = yield from _owned_at_once(manner, sorted(blank, key=str))
    nodes = {object for _, object in blank if isinstance(object, ox.NamedNode)}
    take_owned(excerpt, found, targets=nodes)


def _owned_at_once(manner: Manner, pairs: Sequence[tuple[Term, Term]]) -> Steps[set[ox.Quad]]:
    """Return how blank nodes point to something, what leads to them, and something of what they say."""
    found: set[ox.Quad] = set()
    for depth in DEPTHS:
        rows = yield queries.of_objects(manner, pairs, depth=depth)
        told = [(integer_of(far), quad_of(tuple(quad))) for far, *quad in rows]
        found = {quad for _, quad in told}
        # Where blank nodes lead back to one another, the last step comes from where an earlier one came from.
        last = {quad.subject for far, quad in told if far == depth and isinstance(quad.subject, ox.BlankNode)}
        if not last - {quad.subject for far, quad in told if far < depth}:
            break
    return found


def _owned_by_name(manner: Manner, quads: Iterable[ox.Quad]) -> Steps[set[ox.Quad]]:
    """Return quads and what leads to their blank nodes; where nothing does, what these say and lead to instead."""
    found, deep = yield from walks.back(manner, quads)
    if not deep and (loose := ownerless(found)):
        more, deep = yield from walks.onward(manner, (yield from walks.said(manner, loose)))
        found |= more
    if deep:
        raise too_deep()
    return found


def _graphs(manner: Manner, excerpt: Excerpt, demands: Sequence[Demand]) -> Steps[None]:
    """Read what stands in some named graphs, all of it or of very much the first."""
    counts: dict[Term, int] = {}
    graphs = [each.graph for each in demands if each.graph is not None and each.graph.value not in manner.hidden]
    for names in batches(graphs):
        rows = yield queries.counts_of_graphs(names)
        counts |= {name: integer_of(count) for name, count in rows if name is not None}
    for some in _within(sorted(counts, key=str), counts):
        large = counts[some[0]] > steps.WHOLE
        limit = SHOWN if large else 2 * steps.WHOLE
        quads = {quad_of(row) for row in (yield queries.of_graphs(some, limit=limit))}
        take_owned(excerpt, quads)
        if large:
            demand = Demand(graph=some[0])  # type: ignore[arg-type]
            excerpt.known.totals[demand] = counts[some[0]]
    excerpt.known.met.update(demands)


def _predicate(manner: Manner, excerpt: Excerpt, demand: Demand) -> Steps[None]:
    assert demand.predicate is not None
    count = integer_of((yield queries.count_of_predicate(manner, demand.predicate))[0][0])
    if count:
        limit = 2 * steps.WHOLE if count <= steps.WHOLE else FEW
        rows = yield queries.of_predicate(manner, demand.predicate, limit=limit)
        # A blank node comes with what leads to it.
        quads = {quad for quad in map(quad_of, rows) if not mentions_blank_node(quad)}
        excerpt.take(quads)
        excerpt.known.held_back[demand] = max(0, count - len({quad.triple for quad in quads}))
    excerpt.known.met.add(demand)


def _kind(demand: Demand) -> str:
    if demand.axioms:
        return "axioms"
    if demand.exists or demand.part is not None:
        return "exists" if demand.exists else "part"
    if demand.subject is not None:
        return "subject" if demand.predicate is None else "pair"
    if demand.object is not None:
        return "object"
    return "graph" if demand.graph is not None else "predicate"


def _within(items: Sequence[T], counts: Mapping[T, int]) -> Iterator[list[T]]:
    """Give items in batches that have no more rows together than are read of one."""
    batch: list[T] = []
    rows = 0
    for item in items:
        if batch and (rows + counts[item] > steps.WHOLE or len(batch) == BATCH):
            yield batch
            batch, rows = [], 0
        batch.append(item)
        rows += counts[item]
    if batch:
        yield batch
