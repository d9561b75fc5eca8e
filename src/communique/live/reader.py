"""Reading: what an excerpt lacks, from the service, in as few queries as that takes."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.errors import AccessError
from communique.live import queries
from communique.live.blank_nodes import named, ownerless, take_owned
from communique.live.excerpt import Demand
from communique.live.queries import Manner
from communique.remote import answers
from communique.remote.harvest import is_virtuoso
from communique.syntax.naming import mentions_blank_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from communique.live.excerpt import Excerpt
    from communique.remote.service import Service
    from communique.store import Term

BATCH = 200
"""Terms that one query names."""
WHOLE = 10_000
"""So many links to a node by one property are read; of more, the first."""
SHOWN = 50
FEW = 500
"""So many of very many triples of a predicate are read, as a sample."""
DEEPEST = 32
"""Steps through blank nodes."""
OWNERS = (2, 8, 32)
"""Steps back from a blank node that points to a node to what it belongs to, as few as lead there."""
MOST_ROWS = 200_000
MOST_QUERIES = 120

T = TypeVar("T")
Row = tuple["Term | None", ...]


class TooMuch(AccessError):  # noqa: N818 (it is an answer, not a fault)
    """A page for which more would have to be read than one request may cost."""


def manner_of(service: Service, *, only: Sequence[str] = ()) -> Manner:
    """Ask a service how it keeps graphs."""
    reply = service.ask("ASK { GRAPH ?g { ?s ?p ?o } }", accept=answers.ACCEPT_RESULTS)
    named = bool(answers.results_of(reply, url=service.url)[0])
    virtuoso = is_virtuoso(reply)
    sample = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(isIRI(?s) && isIRI(?o)) } LIMIT 1"
    rows = list(answers.rows_of(service.ask(sample, accept=answers.ACCEPT_RESULTS), url=service.url)[0])
    union = not named
    for row in rows:
        triple = " ".join(str(term) for term in row)
        union = bool(
            answers.results_of(service.ask(f"ASK {{ {triple} }}", accept=answers.ACCEPT_RESULTS), url=service.url)[0]
        )
    # Virtuoso has no unnamed graph of its own.
    return Manner(named, not virtuoso and not only, union, virtuoso, tuple(only))


@dataclass(slots=True)
class Reader:
    """Reads from a service; `left` are the seconds for one page, all its queries together."""

    service: Service
    manner: Manner
    seconds: float = 20.0
    asked: int = 0
    _rows: int = 0
    _end: float = field(default=0.0)

    def begin(self) -> None:
        """Begin with another page."""
        self.asked = self._rows = 0
        self._end = time.monotonic() + self.seconds

    def fill(self, excerpt: Excerpt) -> None:
        """Read all that an excerpt wants; raises ServiceError, and TooMuch."""
        wanted, excerpt.wanted = excerpt.wanted, set()
        kinds: defaultdict[str, list[Demand]] = defaultdict(list)
        for demand in sorted(wanted, key=str):
            kinds[_kind(demand)].append(demand)
        whole = [each.subject for each in kinds["subject"] if each.subject is not None]
        for batch in _batches(whole):
            self._subjects(excerpt, batch)
        pairs = [each for each in kinds["pair"] if not excerpt.is_known(each)]
        for batch in _batches(sorted({each.subject for each in pairs if each.subject is not None}, key=str)):
            self._pairs(excerpt, batch, [each for each in pairs if each.subject in set(batch)])
        self._objects(excerpt, kinds["object"])
        for demand in kinds["part"]:
            excerpt.known.parts[demand] = self._part(demand)
        self._graphs(excerpt, kinds["graph"])
        for demand in kinds["predicate"]:
            self._predicate(excerpt, demand)
        for batch in _batches([each.subject for each in kinds["exists"] if each.subject is not None]):
            found = {row[0] for row in self.rows(queries.described(self.manner, batch))}
            excerpt.known.described.update((node, node in found) for node in batch)

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query; raises ServiceError."""
        self.asked += 1
        if self.asked > MOST_QUERIES:
            raise TooMuch(f"This page needs more than {MOST_QUERIES} queries.")
        left = max(0.1, self._end - time.monotonic())
        reply = self.service.ask(query, accept=answers.ACCEPT_RESULTS, deadline=left)
        answers.refuse_part(reply, url=self.service.url)
        found, count = answers.rows_of(reply, url=self.service.url)
        self._rows += count
        if self._rows > MOST_ROWS:
            raise TooMuch(f"This page needs more than {MOST_ROWS} rows.")
        return [tuple(row) for row in found]

    def _subjects(self, excerpt: Excerpt, nodes: Sequence[Term]) -> None:
        """Read all that is said of some nodes; of those that lead to blank nodes, once more, and deeper."""
        self._take_subjects(excerpt, nodes, self.rows(queries.of_subjects(self.manner, nodes, depth=0)))

    def _take_subjects(self, excerpt: Excerpt, nodes: Sequence[Term], rows: Sequence[Row]) -> None:
        blank = _leading_to_blank(rows)
        excerpt.take(_quad(row) for row in rows if row[1] not in blank)
        depth = 2
        while blank:
            rows = self.rows(queries.of_subjects(self.manner, sorted(blank, key=str), depth=depth))
            by_root: defaultdict[Term | None, set[ox.Quad]] = defaultdict(set)
            open_ends: set[Term] = set()
            for root, steps, *rest in rows:
                by_root[root].add(quad := _quad(tuple(rest)))
                if isinstance(quad.object, ox.BlankNode) and _int(steps) == depth and root is not None:
                    open_ends.add(root)
            if open_ends and depth >= DEEPEST:
                raise TooMuch(f"Something here has more than {DEEPEST} blank nodes in a row.")
            for root, quads in by_root.items():
                if root not in open_ends:
                    excerpt.take(named(quads, root=root))
            blank, depth = open_ends, depth * 4
        excerpt.known.met.update(Demand(node) for node in nodes if isinstance(node, ox.NamedNode))

    def _pairs(self, excerpt: Excerpt, nodes: Sequence[Term], demands: Iterable[Demand]) -> None:
        """Read some properties of some nodes, and all that is said of them where that is not much.

        Whoever asks for a name asks for something else the next time, and each time the page is made again.
        """
        rows = self.rows(queries.of_subjects(self.manner, nodes, depth=0, limit=WHOLE))
        if len(rows) < WHOLE:
            self._take_subjects(excerpt, nodes, rows)
            return
        predicates = sorted({each.predicate for each in demands if each.predicate is not None}, key=str)
        rows = self.rows(queries.of_pairs(self.manner, nodes, predicates))
        blank = _leading_to_blank(rows)
        excerpt.take(_quad(row) for row in rows if row[1] not in blank)
        if blank:
            self._subjects(excerpt, sorted(blank, key=str))
        excerpt.known.met.update(
            Demand(node, predicate) for node in nodes for predicate in predicates if isinstance(node, ox.NamedNode)
        )

    def _objects(self, excerpt: Excerpt, demands: Sequence[Demand]) -> None:
        """Read what points to some nodes: counts first, then all of it, or of very much the first."""
        counts: dict[tuple[Term, Term], int] = {}
        wide = [each.object for each in demands if each.predicate is None and each.object is not None]
        for nodes in _batches(wide):
            counts |= self._counts(queries.counts_of_objects(self.manner, nodes))
        narrow = [
            (each.predicate, each.object)
            for each in demands
            if each.predicate is not None and each.object is not None and each.object not in set(wide)
        ]
        for pairs in _batches(narrow):
            counts |= self._counts(queries.counts_of_pairs(self.manner, pairs))
        few = sorted((pair for pair, count in counts.items() if count <= WHOLE), key=str)
        for some in _within(few, counts):
            self._links(excerpt, some)
        for (predicate, object), count in counts.items():
            if count > WHOLE:
                demand = Demand(None, predicate, object)  # type: ignore[arg-type]
                shown = self._part(demand._replace(part=(0, SHOWN)))
                self._pairs(excerpt, [each for each in shown if isinstance(each, ox.NamedNode)], [demand])
                excerpt.known.held_back[demand] = count - len(shown)
        excerpt.known.met.update(demands)

    def _part(self, demand: Demand) -> tuple[Term, ...]:
        assert demand.predicate is not None and demand.object is not None and demand.part is not None
        offset, limit = demand.part
        query = queries.part_of_objects(self.manner, demand.predicate, demand.object, limit=limit, offset=offset)
        return tuple(row[0] for row in self.rows(query) if row[0] is not None)

    def _links(self, excerpt: Excerpt, pairs: Sequence[tuple[Term, Term]]) -> None:
        quads = [_quad(row) for row in self.rows(queries.of_objects(self.manner, pairs, depth=0))]
        blank = {(quad.predicate, quad.object) for quad in quads if isinstance(quad.subject, ox.BlankNode)}
        excerpt.take(quad for quad in quads if (quad.predicate, quad.object) not in blank)
        for depth in OWNERS:
            if not blank:
                break
            query = queries.of_objects(self.manner, sorted(blank, key=str), depth=depth)
            found = {_quad(row) for row in self.rows(query)}
            if depth == OWNERS[-1] or not ownerless(found):
                take_owned(excerpt, found)
                break

    def _graphs(self, excerpt: Excerpt, demands: Sequence[Demand]) -> None:
        """Read what stands in some named graphs, all of it or of very much the first."""
        counts: dict[Term, int] = {}
        for names in _batches([each.graph for each in demands if each.graph is not None]):
            rows = self.rows(queries.counts_of_graphs(names))
            counts |= {name: _int(count) for name, count in rows if name is not None}
        for some in _within(sorted(counts, key=str), counts):
            large = counts[some[0]] > WHOLE
            limit = SHOWN if large else 2 * WHOLE
            quads = {_quad(row) for row in self.rows(queries.of_graphs(some, limit=limit))}
            take_owned(excerpt, quads)
            if large:
                demand = Demand(graph=some[0])  # type: ignore[arg-type]
                excerpt.known.held_back[demand] = max(0, counts[some[0]] - len(quads))
        excerpt.known.met.update(demands)

    def _predicate(self, excerpt: Excerpt, demand: Demand) -> None:
        assert demand.predicate is not None
        count = _int(self.rows(queries.count_of_predicate(self.manner, demand.predicate))[0][0])
        if count:
            limit = 2 * WHOLE if count <= WHOLE else FEW
            rows = self.rows(queries.of_predicate(self.manner, demand.predicate, limit=limit))
            # A blank node comes with what leads to it.
            quads = {quad for quad in map(_quad, rows) if not mentions_blank_node(quad)}
            excerpt.take(quads)
            excerpt.known.held_back[demand] = max(0, count - len({quad.triple for quad in quads}))
        excerpt.known.met.add(demand)

    def _counts(self, query: str) -> dict[tuple[Term, Term], int]:
        return {(p, o): _int(n) for p, o, n in self.rows(query) if p is not None and o is not None}


def _kind(demand: Demand) -> str:
    if demand.exists or demand.part is not None:
        return "exists" if demand.exists else "part"
    if demand.subject is not None:
        return "subject" if demand.predicate is None else "pair"
    if demand.object is not None:
        return "object"
    return "graph" if demand.graph is not None else "predicate"


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := tuple(islice(rest, BATCH)):
        yield batch


def _within(items: Sequence[T], counts: Mapping[T, int]) -> Iterator[list[T]]:
    """Give items in batches that have no more rows together than are read of one."""
    batch: list[T] = []
    rows = 0
    for item in items:
        if batch and (rows + counts[item] > WHOLE or len(batch) == BATCH):
            yield batch
            batch, rows = [], 0
        batch.append(item)
        rows += counts[item]
    if batch:
        yield batch


def _quad(row: Row) -> ox.Quad:
    graph, subject, predicate, object = row
    return ox.Quad(subject, predicate, object, graph)  # type: ignore[arg-type]


def _leading_to_blank(rows: Iterable[Row]) -> set[Term]:
    return {row[1] for row in rows if row[1] is not None and isinstance(row[3], ox.BlankNode)}


def _int(term: Term | None) -> int:
    return int(term.value) if isinstance(term, ox.Literal) and term.value.isdecimal() else 0
