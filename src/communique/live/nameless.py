"""Axioms without a name over a service: statements of blank nodes to which nothing leads, and that mention a term.

No document leads to `[] a owl:AllDisjointClasses ; owl:members ( :A :B )`: so what mentions the terms is looked for.
Most have no such axiom, which is one query.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from communique.descriptions.axioms import ABOUT_ONE, GENERAL, OWL
from communique.errors import DataError
from communique.live import queries, steps, walks
from communique.live.blank_nodes import by_content, joined
from communique.live.excerpt import Demand
from communique.live.steps import TooMuch, batches, integer_of, quad_of
from communique.live.subjects import of_subjects

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from communique.errors import CommuniqueError
    from communique.live.excerpt import Excerpt
    from communique.live.queries import Manner
    from communique.live.steps import Steps
    from communique.store import Term

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TERMS = {
    RDF: "first subject predicate object",
    "http://www.w3.org/2000/01/rdf-schema#": "domain range subClassOf subPropertyOf",
    "http://www.w3.org/2002/07/owl#": """
        allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty complementOf differentFrom
        disjointWith equivalentClass equivalentProperty hasValue inverseOf onClass onDataRange onDatatype onProperty
        propertyDisjointWith sameAs someValuesFrom sourceIndividual targetIndividual""",
    "http://www.w3.org/2003/11/swrl#": "argument1 argument2 builtin classPredicate dataRange propertyPredicate",
}
MENTIONS = [ox.NamedNode(start + name) for start, names in _TERMS.items() for name in names.split()]
"""The properties by which axioms, and what they consist of, mention terms; lists have their members by `rdf:first`."""
BACK, ONWARD = 3, (1, 4)
"""Steps from a mention to the axiom, and to all that it consists of, as few as do: a list and its members are one."""
ABOUT = [ox.NamedNode(RDF + "first"), *ABOUT_ONE, *GENERAL]
"""Those by which axioms mention what they are about."""
TARGETS = frozenset((ox.NamedNode(OWL + "annotatedTarget"), ox.NamedNode(RDF + "object")))
SOME, FEW = 100, 40
"""Pairs of a property and a term in a query for those that axioms mention, and in one for the axioms."""


class Wanted(NamedTuple):
    """What axioms say: a binding of `?p`, or of `?p` and `?o`, after some steps `back`; by `pairs` of these, or any."""

    bound: str
    back: int = BACK
    pairs: bool = True


def about(manner: Manner, excerpt: Excerpt, nodes: Sequence[ox.NamedNode]) -> Steps[None]:
    """Let an excerpt have the axioms without a name that are about some nodes; what cannot be had is noted there."""
    wanted = Wanted(queries.values("?p", ABOUT) + queries.values("?o", nodes))
    try:
        found = yield from gathered(manner, wanted, excerpt.lacking)
        if any(quad.predicate in TARGETS and isinstance(quad.object, ox.BlankNode) for quad in found):
            yield from of_subjects(manner, excerpt, nodes)
            found = joined(found, excerpt, targets=TARGETS)
        excerpt.take_axioms(found)
    except (TooMuch, DataError) as error:
        excerpt.lacking.append(error)
    excerpt.known.met.update(Demand(object=node, axioms=True) for node in nodes)


def gathered(manner: Manner, wanted: Wanted, failed: list[CommuniqueError]) -> Steps[set[ox.Quad]]:
    """Return what axioms say, whole; what leads too deep is left out and told to `failed`."""
    return (yield from (_by_name if manner.virtuoso else _at_once)(manner, wanted, failed))


def _at_once(manner: Manner, wanted: Wanted, failed: list[CommuniqueError]) -> Steps[set[ox.Quad]]:
    """Return what axioms say that mention something, where a blank node has another name in each answer."""
    found: set[ox.Quad] = set()
    for (graph, back), leading in (yield from _mentions(manner, wanted)).items():
        for bound in leading:
            quads, deep = yield from _closure(graph, bound, back, alone=manner.named)
            # The names hold for this answer alone.
            found.update(by_content(_without(deep, quads, failed)))
    return found


def _mentions(manner: Manner, wanted: Wanted) -> Steps[dict[tuple[Term | None, int], list[str]]]:
    """Return, by graph and steps from an axiom, bindings of `?tp` and `?to` to what mentions something there."""
    if not wanted.pairs:
        pattern = manner.quads(wanted.bound, "?s ?p ?o", apart=_apart("?s", "?s", 0, mention="?s ?p ?o"))
        graphs = yield f"SELECT DISTINCT ?g {{ {pattern} }}"
        return {(graph, 0): [wanted.bound.replace("?p", "?tp")] for (graph,) in graphs}
    pattern = manner.triples(wanted.bound, "?s ?p ?o")
    pairs = _pairs((yield f"SELECT DISTINCT ?p ?o {{ {pattern} FILTER(isBlank(?s)) }}"))
    mentions: defaultdict[tuple[Term | None, int], set[tuple[Term, Term]]] = defaultdict(set)
    for some in batches(pairs, size=SOME):
        for back in range(wanted.back + 1):
            root = "?r" if back else "?s"
            apart = _apart(root, "?s", back, mention="?s ?p ?o")
            pattern = manner.quads(queries.pair_values(some), "?s ?p ?o", apart=apart)
            for graph, *pair in (yield f"SELECT DISTINCT ?g ?p ?o {{ {pattern} }}"):
                mentions[graph, back].update(_pairs([tuple(pair)]))
    return {
        place: [
            queries.pair_values(some, predicate="?tp", object="?to")
            for some in batches(sorted(leading, key=str), size=FEW)
        ]
        for place, leading in mentions.items()
    }


def _closure(
    graph: Term | None, mentions: str, back: int, *, alone: bool
) -> Steps[tuple[set[ox.Quad], set[ox.BlankNode]]]:
    """Return what axioms say in a graph that mention something after `back` steps, and where that leads too deep."""
    quads: set[ox.Quad] = set()
    deep: set[ox.BlankNode] = set()
    for onward in ONWARD:
        rows = yield _axioms_in(graph, mentions, back, onward, alone=alone)
        if len(rows) >= steps.WHOLE:
            raise TooMuch(f"They have more than {steps.WHOLE} statements.")
        told = [(integer_of(far), quad_of((graph, *parts))) for far, *parts in rows]
        quads = {quad for _, quad in told}
        last = {quad.object for far, quad in told if far == onward and isinstance(quad.object, ox.BlankNode)}
        deep = last - {quad.subject for quad in quads}
        if not deep:
            break
    return quads, deep


def _by_name(manner: Manner, wanted: Wanted, failed: list[CommuniqueError]) -> Steps[set[ox.Quad]]:
    """Return the same where a blank node keeps its name."""
    apart = "" if wanted.back else "FILTER NOT EXISTS { ?xs ?xp ?s }"
    pattern = f"{manner.quads(wanted.bound, '?s ?p ?o')} FILTER(isBlank(?s)) {apart}"
    rows = yield f"SELECT ?g ?s ?p ?o {{ {pattern} }} LIMIT {steps.WHOLE}"
    if len(rows) >= steps.WHOLE:
        raise TooMuch(f"Blank nodes mention terms more than {steps.WHOLE} times.")
    above, lost = yield from walks.back(manner, [quad_of(row) for row in rows])
    led = {quad.object for quad in above} | lost
    free = {quad.subject for quad in above if isinstance(quad.subject, ox.BlankNode)} - led
    mentioning = set().union(*(walks.reached(above, root=root) for root in free))
    below, deep = yield from walks.onward(manner, (yield from walks.said(manner, mentioning)))
    quads: set[ox.Quad] = set().union(*(walks.reached(below, root=root) for root in free))
    return set(by_content(_without(deep, quads, failed)))


def _without(deep: Collection[ox.BlankNode], quads: set[ox.Quad], failed: list[CommuniqueError]) -> set[ox.Quad]:
    """Return what axioms say, but for those that lead to where it is too deep."""
    lost: set[object] = {quad.object for quad in quads if quad.object in deep}
    if not lost:
        return quads
    failed.append(TooMuch("One has too many blank nodes in a row."))
    while more := {quad.subject for quad in quads if quad.object in lost} - lost:
        lost |= more
    free = {quad.subject for quad in quads} - {quad.object for quad in quads} - lost
    return set().union(*(walks.reached(quads, root=root) for root in free))


def _axioms_in(graph: Term | None, mentions: str, back: int, onward: int, *, alone: bool) -> str:
    """Return the query for what axioms say in a graph that mention something, which is a binding of `?tp` and `?to`.

    `?d` is how far it is, `onward` at most. In the unnamed graph what is there `alone` counts, and stands in no other.
    The name of the graph is no variable, by which engines lose their way.
    """
    there = "FILTER NOT EXISTS { GRAPH ?h { ?s ?p ?o } }" if alone else ""
    branches = []
    for far in range(onward + 1):
        root = "?r" if far else "?s"
        end = "?y" if back else root
        way = _way("?r", "?s", far, mark="f") if far else []
        pattern = " ".join([*_apart(root, end, back, mention=f"{end} ?tp ?to"), *way, "?s ?p ?o ."])
        where = f"{pattern} {there}" if graph is None else f"GRAPH {graph} {{ {pattern} }}"
        branches.append(f"{{ {mentions} BIND({far} AS ?d) {where} }}")
    return f"SELECT DISTINCT ?d ?s ?p ?o {{ {' UNION '.join(branches)} }} LIMIT {steps.WHOLE}"


def _apart(root: str, end: str, count: int, *, mention: str) -> list[str]:
    """Return patterns by which an axiom leads in so many steps to what mentions something, that first."""
    free = f"FILTER(isBlank({root})) FILTER NOT EXISTS {{ ?xs ?xp {root} }}"
    if not count:
        return [f"{mention} . {free}"]
    first, *others = _way(root, end, count, mark="q")
    return [f"{mention} . FILTER(isBlank({end}))", *reversed(others), f"{first} {free}"]


def _way(start: str, end: str, count: int, *, mark: str) -> list[str]:
    """Return patterns that lead from one variable to another in so many steps through blank nodes."""
    names = [start, *(f"?{mark}{number}" for number in range(1, count)), end]
    return [
        # Not by the rest of a list, or there are as many ways as there are choices of its members.
        f"?{mark}l{n} <{RDF}rest>* {b} . {a} ?{mark}p{n} ?{mark}l{n} . "
        f"FILTER(isBlank(?{mark}l{n}) && ?{mark}p{n} != <{RDF}rest>)"
        for n, (a, b) in enumerate(pairwise(names))
    ]


def _pairs(rows: Sequence[steps.Row]) -> list[tuple[Term, Term]]:
    return sorted({(p, o) for p, o in rows if p is not None and o is not None}, key=str)
