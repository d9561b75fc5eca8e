"""Documents: the graph that belongs to one resource, and its text in the syntaxes that machines prefer.

The graph holds the triples of the resource, those of everything that is described in place, the labels of what is
linked to, and a `cmq:statedIn` link from each described thing to each evidence graph that states a triple of it.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from communique.descriptions.evidence import STATED_IN, citable
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import FIRST, NIL, REST
from communique.representations.derivation import numbering
from communique.representations.terms import block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from communique.descriptions.facts import Description, Value
    from communique.descriptions.labels import Labels
    from communique.representations.terms import Terms
    from communique.store import GraphName, Subject, Term

    # What a quad is made of, which Python makes and takes apart in a fraction of the time.
    Parts = tuple[Subject, NamedNode, Term, GraphName]


def descriptions(description: Description) -> Iterator[Description]:
    """Give a description, all that are nested in it, and the axioms beside it, in reading order."""
    yield description
    for facts in description.own:
        for value in facts.values:
            if value.nested:
                yield from descriptions(value.nested)
            elif value.items:
                for item in with_items(value.items):
                    if item.nested:
                        yield from descriptions(item.nested)
    for axiom in description.axioms:
        yield from descriptions(axiom)


def with_items(values: Iterable[Value]) -> Iterator[Value]:
    """Give values and the members of those that are lists."""
    for value in values:
        yield value
        if value.items:
            yield from with_items(value.items)


def cited(description: Description) -> list[NamedNode]:
    """Return the evidence graphs that `cmq:statedIn` of a described thing points to; a blank node has none."""
    if isinstance(description.resource, BlankNode):
        return []
    return citable(description.evidence)


def linked(description: Description) -> dict[NamedNode, None]:
    """Return the nodes that are linked to and not described here, in reading order; a document carries their labels.

    Types and evidence graphs are linked to from everywhere: their labels stay in their own documents.
    """
    every = list(descriptions(description))
    described = {each.resource for each in every}
    found: dict[NamedNode, None] = {}
    for each in every:
        for facts in each.own:
            if facts.view.path != TYPE:
                terms = (value.term for value in with_items(facts.values))
                found.update((term, None) for term in terms if isinstance(term, NamedNode) and term not in described)
    return found


def blank_names(description: Description) -> dict[BlankNode, str]:
    """Return names for the blank nodes that are mentioned more than once, and so cannot be written where they stand."""
    mentions: Counter[NamedNode | BlankNode] = Counter(
        value.term
        for each in descriptions(description)
        for facts in each.own
        for value in with_items(facts.values)
        if isinstance(value.term, BlankNode)
    )
    # An axiom stands where nothing mentions it.
    mentions.update(axiom.resource for axiom in description.axioms if axiom.resource in mentions)
    repeated = (node for node, count in mentions.items() if count > 1 and isinstance(node, BlankNode))
    return {node: f"_:b{number}" for number, node in enumerate(repeated, 1)}


def document_quads(description: Description, *, labels: Labels) -> tuple[Quad, ...]:
    """Return the triples of a document in the graphs in which they stand, each once, in reading order."""
    return tuple(dict.fromkeys(Quad(*parts) for parts in _statements(description, labels)))


def document_graph(description: Description, *, labels: Labels) -> tuple[Triple, ...]:
    """Return the triples of a document, each once, in reading order, and then its `cmq:statedIn` links."""
    found = dict.fromkeys(quad.triple for quad in document_quads(description, labels=labels))
    for each in descriptions(description):
        found.update(dict.fromkeys(Triple(each.resource, STATED_IN, graph) for graph in cited(each)))
    return tuple(found)


def trig(description: Description, *, labels: Labels, terms: Terms, more: Iterable[Parts] = ()) -> bytes:
    """Return a document and `more` quads as TriG, the default graph first, then the named graphs sorted by name."""
    used = set[str | None]()
    graphs: dict[GraphName, dict[Subject, dict[str, None]]] = {}
    name = numbering()
    for subject, predicate, value, graph in chain(_statements(description, labels), more):
        subject, value, graph = name(subject), name(value), name(graph)
        line = f"{terms.verb(predicate, used)} {terms.term(value, used)}"
        graphs.setdefault(graph, {}).setdefault(subject, {})[line] = None
    texts = []
    for graph in sorted(graphs, key=lambda name: (not isinstance(name, DefaultGraph), str(name))):
        if isinstance(graph, DefaultGraph):
            texts.append(_blocks(graphs[graph], terms, used, ""))
        else:
            texts.append(f"{terms.term(graph, used)} {{\n{_blocks(graphs[graph], terms, used, '  ')}}}\n")
    return (terms.header(used) + "\n".join(texts)).encode()


def _statements(description: Description, labels: Labels) -> Iterator[Parts]:
    """Give what a document states, in reading order, some of it more than once."""
    for each in descriptions(description):
        for facts in each.own:
            for value in facts.values:
                yield from _of_value(each.resource, facts.view.path, value)
    for node in linked(description):
        for path, literal, graph in labels.statements(node):
            yield node, path, literal, graph


def _of_value(subject: NamedNode | BlankNode, predicate: NamedNode, value: Value) -> Iterator[Parts]:
    for evidence in value.evidence:
        yield subject, predicate, value.term, evidence.graph
    if not value.items or not isinstance(value.term, BlankNode):
        return
    cells: list[BlankNode | NamedNode] = [
        value.term,
        *(BlankNode(f"{value.term.value}c{position}") for position in range(1, len(value.items))),
    ]
    for cell, rest, item in zip(cells, [*cells[1:], NIL], value.items, strict=True):
        yield from _of_value(cell, FIRST, item)
        yield from ((cell, REST, rest, evidence.graph) for evidence in item.evidence)


def _blocks(subjects: Mapping[Subject, Iterable[str]], terms: Terms, used: set[str | None], indent: str) -> str:
    return "\n".join(block(terms.term(node, used), list(lines), indent=indent) for node, lines in subjects.items())
