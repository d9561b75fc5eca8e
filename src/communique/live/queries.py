"""The queries by which an excerpt is filled: their texts, for services whose default graph is the union and others.

| what is wanted | the query |
|---|---|
| all that is said of some nodes | the quads of these subjects; where that leads to blank nodes, once more with those |
| some properties of some nodes | the quads of these subjects and predicates |
| what points to a node | how many by each property, then the quads, or of very many the first |
| whether some nodes are described | those of them that are a subject or name a graph |
| what is part of a document | all IRIs below the base with a fragment or a query |

A blank node has no name from one answer to the next: so what leads to it and what it says come in one answer. Virtuoso
has one, and is asked by name (`walks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal

from communique.live.steps import DEEPEST
from communique.remote.dialects import virtuoso_name
from communique.remote.harvest import SYSTEM_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.store import Term


REST = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a service keeps graphs: whether it has named ones, and an unnamed one of its own, and shows all as one.

    `only` are the graphs that count, all of them if none are named; those that are `hidden` never do.
    """

    named: bool
    unnamed: bool
    union: bool
    virtuoso: bool = False
    only: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def quads(self, values: str, triple: str, *, leading: str = "", apart: Sequence[str] = ()) -> str:
        """Return a pattern for quads `?g` and `triple`, of which `values` bind something; `leading` leads to it.

        What leads there `apart` is in the same graph too, and each in a group of its own: an engine plans such a group
        by itself, after what comes before.
        """
        united = self.union and not self.only
        parts = []
        if self.named:
            before = " ".join(f"GRAPH ?g {{ {each} }}" for each in apart)
            outside, inside = (f"{before} {leading}", "") if united else (before, leading)
            parts.append(f"{{ {values} {outside} GRAPH ?g {{ {inside} {triple} }} {self._graphs()} }}")
        if self.unnamed:
            alone = f"FILTER NOT EXISTS {{ GRAPH ?h {{ {triple} }} }}" if self.named else ""
            parts.append(f"{{ {values} {' '.join(apart)} {leading} {triple} {alone} }}")
        return " UNION ".join(parts)

    def triples(self, values: str, triple: str) -> str:
        """Return a pattern for triples, in whichever graph they stand."""
        if self.union and not self.only and not self.virtuoso:
            # What stands there stands nowhere else. An engine reads that once, and looks each triple up.
            apart = (f"MINUS {{ GRAPH <{iri}> {{ {triple} }} }}" for iri in self.hidden)
            return " ".join((values, triple, *apart))
        return self.quads(values, triple)

    def seen(self, graph: str) -> str:
        """Return a filter that lets no name of a hidden graph pass, "" where none is hidden."""
        return "FILTER({} NOT IN ({}))".format(graph, ", ".join(f"<{iri}>" for iri in self.hidden)) * bool(self.hidden)

    def without(self, triple: str) -> str:
        """Return filters that let nothing pass of which such a triple is there."""
        if self.union and not self.only and not self.hidden:
            return f"FILTER NOT EXISTS {{ {triple} }}"
        graphs = "FILTER(?h IN ({}))".format(", ".join(f"<{iri}>" for iri in self.only))
        named = f"GRAPH ?h {{ {triple} }} {graphs if self.only else self.seen('?h')}"
        return " ".join(
            f"FILTER NOT EXISTS {{ {pattern} }}"
            for pattern, asked in ((named, self.named), (triple, self.unnamed))
            if asked
        )

    def _graphs(self) -> str:
        if self.only:
            return "FILTER(?g IN ({}))".format(", ".join(f"<{iri}>" for iri in self.only))
        if self.virtuoso:
            return "FILTER(?g NOT IN ({}))".format(", ".join(f"<{iri}>" for iri in (*self.hidden, *SYSTEM_GRAPHS)))
        return self.seen("?g")


def of_subjects(manner: Manner, nodes: Sequence[Term], *, depth: int, limit: int = 0) -> str:
    """Return the query for all quads of some nodes and of the blank nodes that are `depth` steps away, or less.

    `?r` is the node from which a quad was reached, and `?d` the number of steps; but for the deepest, a list is one.
    """
    if not depth:
        found = f"SELECT ?g ?s ?p ?o {{ {manner.quads(values('?s', nodes), '?s ?p ?o')} }}"
        return f"{found} LIMIT {limit}" if limit else found
    branches = [manner.quads(f"{values('?s', nodes)} BIND(?s AS ?r) BIND(0 AS ?d)", "?s ?p ?o")]
    for steps in range(1, depth + 1):
        chain = ["?r", *(f"?b{step}" for step in range(1, steps)), "?s"]
        links = " ".join(_hop(n, a, b, lists=depth < DEEPEST) for n, (a, b) in enumerate(pairwise(chain)))
        start = f"{values('?r', nodes)} BIND({steps} AS ?d)"
        branches.append(manner.quads(start, "?s ?p ?o", leading=links))
    return f"SELECT ?r ?d ?g ?s ?p ?o {{ {' UNION '.join(branches)} }}"


def _hop(number: int, start: str, end: str, *, lists: bool) -> str:
    """Return the pattern for one step to a blank node, or to any cell of a list that begins there."""
    if not lists:
        return f"{start} ?q{number} {end} . FILTER(isBlank({end}))"
    # Along a list there are otherwise as many ways as there are cells.
    head, apart = f"?h{number}", f" && ?q{number} != {REST}" if number else ""
    return f"{start} ?q{number} {head} . FILTER(isBlank({head}){apart}) {head} {REST}* {end} . FILTER(isBlank({end}))"


def of_pairs(manner: Manner, nodes: Sequence[Term], predicates: Sequence[Term], *, limit: int) -> str:
    """Return the query for the quads of some nodes with some predicates."""
    bound = f"{values('?s', nodes)} {values('?p', predicates)}"
    return f"SELECT ?g ?s ?p ?o {{ {manner.quads(bound, '?s ?p ?o')} }} LIMIT {limit}"


def of_values(manner: Manner, objects: Sequence[Term]) -> str:
    """Return the query for the quads that point to some nodes."""
    return f"SELECT ?g ?s ?p ?o {{ {manner.quads(values('?o', objects), '?s ?p ?o')} }}"


def cells_after(nodes: Sequence[Term]) -> str:
    """Return the query for the cells of lists after some of them, which Virtuoso finds from each by name."""
    return _cells(f"{{ {virtuoso_name(node)} {REST}+ ?s }}" for node in nodes if isinstance(node, BlankNode))


def cells_before(nodes: Sequence[Term]) -> str:
    """Return the query for the cells of lists before some of them."""
    return _cells(f"{{ ?s {REST}+ {virtuoso_name(node)} }}" for node in nodes if isinstance(node, BlankNode))


def _cells(branches: Iterable[str]) -> str:
    return f"SELECT DISTINCT ?s {{ {' UNION '.join(branches)} }}"


def counts_of_objects(manner: Manner, objects: Sequence[Term]) -> str:
    """Return the query for the numbers of subjects that point to some nodes by each property."""
    pattern = manner.triples(values("?o", objects), "?s ?p ?o")
    return f"SELECT ?p ?o (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }} GROUP BY ?p ?o"


def counts_of_pairs(manner: Manner, pairs: Sequence[tuple[Term, Term]]) -> str:
    """Return the query for the numbers of subjects that have some values of properties."""
    pattern = manner.triples(pair_values(pairs), "?s ?p ?o")
    return f"SELECT ?p ?o (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }} GROUP BY ?p ?o"


def of_objects(manner: Manner, pairs: Sequence[tuple[Term, Term]], *, depth: int) -> str:
    """Return the query for the quads by which something points to nodes, and those that lead to blank nodes there.

    What such a blank node says itself comes as well. With a depth, `?d` is the number of steps from there.
    """
    if not depth:
        return f"SELECT ?g ?s ?p ?o {{ {manner.quads(pair_values(pairs), '?s ?p ?o')} }}"
    branches = [manner.quads(f"{pair_values(pairs)} BIND(0 AS ?d)", "?s ?p ?o")]
    target = pair_values(pairs, predicate="?tp", object="?to")
    said = f"{target} BIND(0 AS ?d)"
    branches.append(manner.quads(said, "?s ?p ?o", leading="?s ?tp ?to . FILTER(isBlank(?s))"))
    further = "?b ?tp ?to . FILTER(isBlank(?b)) ?b ?q ?s . FILTER(isBlank(?s))"
    branches.append(manner.quads(said, "?s ?p ?o", leading=further))
    for steps in range(1, depth + 1):
        links = _way_to("?to", steps, lists=depth < DEEPEST)
        branches.append(manner.quads(f"{target} BIND({steps} AS ?d)", "?s ?p ?o", leading=links))
    return f"SELECT ?d ?g ?s ?p ?o {{ {' UNION '.join(branches)} }}"


def _way_to(target: str, steps: int, *, lists: bool) -> str:
    """Return patterns by which blank nodes lead from `?o` to a target by `?tp`, the last step first."""
    names = ["?o", *(f"?b{step}" for step in range(1, steps))]
    parts = []
    for number, name in reversed(list(enumerate(names))):
        cell, after = (f"?c{number}" if lists else name), (names[number + 1] if number + 1 < steps else target)
        apart = f" && ?q{number} != {REST}" if lists and after != target else ""
        parts.append(f"{cell} {'?tp' if after == target else f'?q{number}'} {after} . FILTER(isBlank({cell}){apart})")
        if lists:
            parts.append(f"{name} {REST}* {cell} . FILTER(isBlank({name}))")
    return " ".join(parts)


def part_of_objects(manner: Manner, predicate: Term, object: Term, *, limit: int, offset: int = 0) -> str:
    """Return the query for some of very many subjects that point to a node, sorted."""
    # As constants: engines sort by their index then.
    pattern = manner.triples("", f"?s {predicate} {object}")
    return f"SELECT DISTINCT ?s {{ {pattern} FILTER(isIRI(?s)) }} ORDER BY ?s LIMIT {limit} OFFSET {offset}"


def of_predicate(manner: Manner, predicate: Term, *, limit: int) -> str:
    """Return the query for the quads of a predicate."""
    return f"SELECT ?g ?s ?p ?o {{ {manner.quads(values('?p', [predicate]), '?s ?p ?o')} }} LIMIT {limit}"


def count_of_predicate(manner: Manner, predicate: Term) -> str:
    """Return the query for the number of triples of a predicate."""
    return f"SELECT (COUNT(*) AS ?n) {{ {manner.triples(values('?p', [predicate]), '?s ?p ?o')} }}"


def counts_of_graphs(graphs: Sequence[Term]) -> str:
    """Return the query for the numbers of triples of some named graphs."""
    return f"SELECT ?g (COUNT(*) AS ?n) {{ {values('?g', graphs)} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"


def of_graphs(graphs: Sequence[Term], *, limit: int) -> str:
    """Return the query for the triples of some named graphs."""
    return f"SELECT ?g ?s ?p ?o {{ {values('?g', graphs)} GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {limit}"


def described(manner: Manner, nodes: Sequence[Term]) -> str:
    """Return the query for those of some nodes of which something is said, or that name a graph."""
    bound = values("?s", nodes)
    parts = []
    if manner.named:
        parts.append(f"{{ {bound} FILTER EXISTS {{ GRAPH ?s {{ ?a ?b ?c }} }} {manner.seen('?s')} }}")
        parts.append(f"{{ {bound} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} {manner.seen('?g')} }} }}")
    if manner.unnamed:
        apart = " ".join(f"FILTER NOT EXISTS {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}" for iri in manner.hidden)
        parts.append(f"{{ {bound} FILTER EXISTS {{ ?s ?p ?o {apart} }} }}")
    return f"SELECT DISTINCT ?s {{ {' UNION '.join(parts)} }}"


def parts(manner: Manner, base: str, *, limit: int) -> str:
    """Return the query for the IRIs below a base with a fragment or a query that are a subject or name a graph."""
    start = Literal(base)
    ours = f'isIRI(?s) && STRSTARTS(STR(?s), {start}) && (CONTAINS(STR(?s), "#") || CONTAINS(STR(?s), "?"))'
    found = [f"{{ {manner.triples('', '?s ?p ?o')} FILTER({ours}) }}"]
    if manner.named:
        found.append(f"{{ GRAPH ?s {{ ?a ?b ?c }} FILTER({ours}) {manner.seen('?s')} }}")
    return f"SELECT DISTINCT ?s {{ {' UNION '.join(found)} }} LIMIT {limit}"


def below(base: str) -> str:
    """Return the filter for IRIs `?s` below a base."""
    return f"FILTER(isIRI(?s) && STRSTARTS(STR(?s), {Literal(base)}))"


def untyped(manner: Manner, base: str) -> str:
    """Return the pattern for the IRIs `?s` below a base without a type, that have a document of their own."""
    apart = f'FILTER(!CONTAINS(STR(?s), "#") && !CONTAINS(STR(?s), "?") && STR(?s) != {Literal(base)})'
    return f"{manner.triples('', '?s ?p ?o')} {below(base)} {apart} {manner.without('?s a ?t')}"


def values(variable: str, terms: Iterable[Term]) -> str:
    """Return the binding of a variable to each of some terms; blank nodes are named as Virtuoso names them."""
    written = [virtuoso_name(term) if isinstance(term, BlankNode) else str(term) for term in terms]
    if len(written) == 1 and written[0].startswith("<nodeID:"):
        # Virtuoso makes a constant of a single value, and finds no blank node by that: twice, it gives its rows twice.
        written *= 2
    return f"VALUES {variable} {{ {' '.join(written)} }}"


def pair_values(pairs: Iterable[tuple[Term, Term]], *, predicate: str = "?p", object: str = "?o") -> str:
    """Return the binding of two variables to each of some pairs."""
    rows = " ".join(f"({p} {o})" for p, o in pairs)
    return f"VALUES ({predicate} {object}) {{ {rows} }}"
