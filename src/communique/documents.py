"""Documents: the graph that belongs to one resource, and its text in the syntaxes that machines prefer.

The graph holds the triples of the resource, those of everything that is described in place, the labels of what is
linked to, and a `cmq:statedIn` link from each described thing to each evidence graph that states a triple of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from communique.derivation import numbered
from communique.evidence import STATED_IN, citable
from communique.labels import LABEL_PROPERTIES
from communique.presentation import TYPE
from communique.terms import block
from communique.views import FIRST, NIL, REST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.facts import Description, Facts, Value
    from communique.labels import Labels
    from communique.store import GraphName, Subject
    from communique.terms import Terms

RANKS = {path: rank for rank, path in enumerate((TYPE, *LABEL_PROPERTIES))}


def descriptions(description: Description) -> Iterator[Description]:
    """Give a description and all that are nested in it, in reading order."""
    yield description
    for facts in own_facts(description):
        for value in with_items(facts.values):
            if value.nested:
                yield from descriptions(value.nested)


def own_facts(description: Description) -> list[Facts]:
    """Return the facts of which the resource is the subject: its types, its labels, then in shape order."""
    facts = [each for each in description.facts if not each.view.inverse]
    facts.sort(key=lambda each: RANKS.get(each.view.path, len(RANKS)))
    return facts


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
    return {
        value.term: None
        for each in every
        for facts in own_facts(each)
        if facts.view.path != TYPE
        for value in with_items(facts.values)
        if isinstance(value.term, NamedNode) and value.term not in described
    }


def blank_names(description: Description) -> dict[BlankNode, str]:
    """Return names for the blank nodes that are mentioned more than once, and so cannot be written where they stand."""
    mentions = Counter(
        value.term
        for each in descriptions(description)
        for facts in own_facts(each)
        for value in with_items(facts.values)
        if isinstance(value.term, BlankNode)
    )
    repeated = (node for node, count in mentions.items() if count > 1)
    return {node: f"_:b{number}" for number, node in enumerate(repeated, 1)}


def document_quads(description: Description, *, labels: Labels) -> tuple[Quad, ...]:
    """Return the triples of a document in the graphs in which they stand, each once, in reading order."""
    found = dict.fromkeys(
        quad
        for each in descriptions(description)
        for facts in own_facts(each)
        for value in facts.values
        for quad in _value_quads(each.resource, facts.view.path, value)
    )
    for node in linked(description):
        found.update(dict.fromkeys(Quad(node, *statement) for statement in labels.statements(node)))
    return tuple(found)


def document_graph(description: Description, *, labels: Labels) -> tuple[Triple, ...]:
    """Return the triples of a document, each once, in reading order, and then its `cmq:statedIn` links."""
    found = dict.fromkeys(quad.triple for quad in document_quads(description, labels=labels))
    for each in descriptions(description):
        found.update(dict.fromkeys(Triple(each.resource, STATED_IN, graph) for graph in cited(each)))
    return tuple(found)


def trig(description: Description, *, labels: Labels, terms: Terms, more: Iterable[Quad] = ()) -> bytes:
    """Return a document and `more` quads as TriG, the default graph first, then the named graphs sorted by name."""
    used = set[str | None]()
    graphs: dict[GraphName, list[Quad]] = {}
    quads = dict.fromkeys((*document_quads(description, labels=labels), *more))
    for quad in numbered(quads):
        graphs.setdefault(quad.graph_name, []).append(quad)
    texts = []
    for graph in sorted(graphs, key=lambda name: (not isinstance(name, DefaultGraph), str(name))):
        if isinstance(graph, DefaultGraph):
            texts.append(_blocks(graphs[graph], terms, used, ""))
        else:
            texts.append(f"{terms.term(graph, used)} {{\n{_blocks(graphs[graph], terms, used, '  ')}}}\n")
    return (terms.header(used) + "\n".join(texts)).encode()


def _value_quads(subject: NamedNode | BlankNode, predicate: NamedNode, value: Value) -> Iterator[Quad]:
    graphs = [evidence.graph for evidence in value.evidence]
    yield from (Quad(subject, predicate, value.term, graph) for graph in graphs)
    if not value.items or not isinstance(value.term, BlankNode):
        return
    cells: list[BlankNode | NamedNode] = [
        value.term,
        *(BlankNode(f"{value.term.value}c{position}") for position in range(1, len(value.items))),
    ]
    for cell, rest, item in zip(cells, [*cells[1:], NIL], value.items, strict=True):
        yield from _value_quads(cell, FIRST, item)
        yield from (Quad(cell, REST, rest, evidence.graph) for evidence in item.evidence)


def _blocks(quads: Iterable[Quad], terms: Terms, used: set[str | None], indent: str) -> str:
    subjects: dict[Subject, dict[str, None]] = {}
    for quad in quads:
        line = f"{terms.verb(quad.predicate, used)} {terms.term(quad.object, used)}"
        subjects.setdefault(quad.subject, {})[line] = None
    return "\n".join(block(terms.term(node, used), list(lines), indent=indent) for node, lines in subjects.items())
