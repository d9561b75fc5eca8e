"""Every quad of a service, whole or not at all, whatever it cuts.

A service may cut answers at some number of rows (Virtuoso at 10,000 unless told otherwise), and labels of blank nodes
mean something within one answer only (SPARQL 1.1 Query Results JSON, section 3.2.2). So:

1. all quads in one answer, whose rows are counted by the service as well: the usual case;
2. where that is cut, rows without blank nodes come page by page. The order of pages is not guaranteed without ORDER BY,
   which services refuse for large results: so what came is counted, and each quad once must be as many as there are;
3. rows with blank nodes never span two answers: they come in one, else graph by graph, else there is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.remote import answers
from communique.remote.caps import HEADER
from communique.remote.service import ServiceError, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from communique.remote.service import Reply, Service
    from communique.store import Term

SYSTEM_GRAPHS = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://localuriqaserver/sparql",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/2002/07/owl#",
)
"""Graphs that Virtuoso keeps for itself."""
NAMED = "GRAPH ?g { ?s ?p ?o }"
UNNAMED = "?s ?p ?o FILTER NOT EXISTS { GRAPH ?other { ?s ?p ?o } }"
BLANK = "FILTER(isBlank(?s) || isBlank(?o))"
NOT_BLANK = "FILTER(!isBlank(?s) && !isBlank(?o))"
SHARED = (
    "GRAPH ?g { ?a ?p ?b } GRAPH ?h { ?b ?q ?c }",
    "GRAPH ?g { ?b ?p ?a } GRAPH ?h { ?b ?q ?c }",
    "GRAPH ?g { ?a ?p ?b } GRAPH ?h { ?c ?q ?b }",
)
ORDER = "ORDER BY ?g ?s ?p ?o"
PAGE = 10_000

Row = tuple["Term | None", ...]


def harvest(
    service: Service,
    *,
    only: Sequence[str] = (),
    hidden: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Iterator[ox.Quad]:
    """Give every quad of a service once, or those of the graphs named; raises ServiceError if they cannot be had whole.

    What stands in a `hidden` graph is left out, unless graphs are named.

    A triple of the unnamed graph that stands in a named one as well is given once, in the named one: where the unnamed
    graph is the union of all, the two cannot be told apart.
    """
    return _Harvest(service, extent(service, only=only, hidden=hidden), progress or _unseen).quads()


@dataclass(frozen=True, slots=True)
class Extent:
    """What is to be had: as a graph pattern over `?g ?s ?p ?o`, and how many quads in named graphs and in none.

    `stable` tells that blank nodes have the same labels in every answer.
    """

    pattern: str
    named: int
    unnamed: int
    stable: bool

    def __len__(self) -> int:
        """Count the quads."""
        return self.named + self.unnamed


def extent(service: Service, *, only: Sequence[str] = (), hidden: Sequence[str] = ()) -> Extent:
    """Ask a service how much it holds, in the graphs named, else in all that are not hidden."""
    counted, reply = _count(service, NAMED)
    virtuoso = is_virtuoso(reply)
    alone = UNNAMED if counted else "?s ?p ?o"
    named = NAMED
    if only:
        named += " FILTER(?g IN ({}))".format(", ".join(f"<{iri}>" for iri in only))
    elif others := (*hidden, *(SYSTEM_GRAPHS if virtuoso else ())):
        named += " FILTER(?g NOT IN ({}))".format(", ".join(f"<{iri}>" for iri in others))
    if named != NAMED:
        counted = _count(service, named)[0]
    # Virtuoso has no unnamed graph of its own.
    unnamed = 0 if only or virtuoso else _count(service, alone)[0]
    parts = [named] * bool(counted) + [alone] * bool(unnamed)
    return Extent(" UNION ".join(f"{{ {part} }}" for part in parts), counted, unnamed, virtuoso)


def is_virtuoso(reply: Reply) -> bool:
    """Tell whether a reply comes from Virtuoso, whose manners are its own."""
    return reply.headers.get("server", "").startswith("Virtuoso")


@dataclass(slots=True)
class _Harvest:
    service: Service
    extent: Extent
    progress: Callable[[str], None]

    def quads(self) -> Iterator[ox.Quad]:
        total = len(self.extent)
        if not total:
            return
        self.progress(f"Reading {total} quads from {self.service.url}")
        rows, cap = self._one_answer(self.extent.pattern, total)
        if rows is not None:
            yield from map(_quad, rows)
        elif self.extent.stable:
            yield from self._pages(self.extent.pattern, total, cap)
        else:
            blank = _count(self.service, f"{self.extent.pattern} {BLANK}")[0]
            yield from self._pages(f"{self.extent.pattern} {NOT_BLANK}", total - blank, cap)
            yield from self._blank(blank)

    def _one_answer(self, pattern: str, total: int) -> tuple[Iterator[Row] | None, int]:
        """Return all rows of a pattern, or None and how many rows an answer of this service may have."""
        query = f"SELECT ?g ?s ?p ?o {{ {pattern} }}"
        try:
            reply = self.service.ask(query, accept=answers.ACCEPT_RESULTS)
        except ServiceError as error:
            if isinstance(error, TooLarge) or error.status in (413, 500, 504):
                return None, PAGE
            raise
        if answers.is_capped(reply):
            return None, int(reply.headers[HEADER])
        answers.refuse_part(reply, url=self.service.url)
        rows, found = answers.rows_of(reply, url=self.service.url, query=query)
        if found == total:
            return rows, found
        if found > total:
            raise ServiceError(f"{self.service.url}: the data changed while they were read. Begin again.")
        return None, found

    def _pages(self, pattern: str, total: int, cap: int) -> Iterator[ox.Quad]:
        """Give each quad of a pattern without blank nodes once, from as many answers as it takes."""
        seen: set[int] = set()
        for order in ("", ORDER):
            offset = 0
            while len(seen) < total:
                rows = self._page(f"{pattern} }} {order}", f"LIMIT {min(cap, PAGE)} OFFSET {offset}")
                if not rows:
                    break
                offset += len(rows)
                self.progress(f"Reading quad {offset} of {total}")
                for quad in map(_quad, rows):
                    if hash(quad) not in seen:
                        seen.add(hash(quad))
                        yield quad
        if len(seen) != total:
            message = f"{self.service.url}: gave {len(seen)} of {total} quads: its pages overlap."
            raise ServiceError(f"{message} Raise its limit of rows, or build from a dump.")

    def _page(self, rest: str, part: str) -> list[Row]:
        # Virtuoso sorts no more than 10,000 rows itself, but any number of a query within.
        query = f"SELECT ?g ?s ?p ?o {{ {{ SELECT ?g ?s ?p ?o {{ {rest} }} }} {part}"
        reply = self.service.ask(query, accept=answers.ACCEPT_RESULTS)
        answers.refuse_part(reply, url=self.service.url, paged=True)
        return list(answers.rows_of(reply, url=self.service.url, query=query)[0])

    def _blank(self, total: int) -> Iterator[ox.Quad]:
        """Give the quads with blank nodes: in one answer, else graph by graph."""
        if not total:
            return
        rows, cap = self._one_answer(f"{self.extent.pattern} {BLANK}", total)
        if rows is not None:
            yield from map(_quad, rows)
            return
        self._refuse_shared(total, cap)
        for graph, count in self._blank_by_graph():
            within = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g = {graph}) {BLANK}"
            rows, cap = self._one_answer(within, count)
            if rows is None:
                raise self._too_many(f"the graph {graph}", count, cap)
            fresh: dict[ox.BlankNode, ox.BlankNode] = {}
            for quad in map(_quad, rows):
                yield _renamed(quad, fresh)

    def _refuse_shared(self, total: int, cap: int) -> None:
        """Raise ServiceError unless each blank node is known to stand in one graph."""
        shared = " UNION ".join(f"{{ {each} FILTER(isBlank(?b) && ?g != ?h) }}" for each in SHARED)
        reply = self.service.ask(f"ASK {{ {shared} }}", accept=answers.ACCEPT_RESULTS)
        if self.extent.unnamed or answers.boolean_of(reply, url=self.service.url):
            raise self._too_many("what several graphs share", total, cap)

    def _blank_by_graph(self) -> list[tuple[Term | None, int]]:
        query = f"SELECT ?g (COUNT(*) AS ?n) {{ {self.extent.pattern} {BLANK} }} GROUP BY ?g"
        reply = self.service.ask(query, accept=answers.ACCEPT_RESULTS)
        answers.refuse_part(reply, url=self.service.url)
        rows, _ = answers.rows_of(reply, url=self.service.url, query=query)
        return [(graph, int(count.value)) for graph, count in rows if isinstance(count, ox.Literal)]

    def _too_many(self, where: str, count: int, cap: int) -> ServiceError:
        message = (
            f"{self.service.url}: {where} has {count} statements with blank nodes, and an answer {cap} rows at most"
        )
        remedy = "Raise the limit of the service, give the nodes IRIs, or build from a dump."
        return ServiceError(f"{message}: blank nodes mean something within one answer only. {remedy}", status=502)


def _count(service: Service, pattern: str) -> tuple[int, Reply]:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    reply = service.ask(query, accept=answers.ACCEPT_RESULTS)
    answers.refuse_part(reply, url=service.url)
    rows, _ = answers.rows_of(reply, url=service.url, query=query)
    return sum(int(term.value) for row in rows for term in row if isinstance(term, ox.Literal)), reply


def _quad(row: Row) -> ox.Quad:
    graph, subject, predicate, object = row
    return ox.Quad(subject, predicate, object, graph)  # type: ignore[arg-type]


def _renamed(quad: ox.Quad, fresh: dict[ox.BlankNode, ox.BlankNode]) -> ox.Quad:
    subject, object = (
        fresh.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term
        for term in (quad.subject, quad.object)
    )
    return ox.Quad(subject, quad.predicate, object, quad.graph_name)  # type: ignore[arg-type]


def _unseen(_: str) -> None:
    """Tell nobody."""
