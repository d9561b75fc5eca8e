"""Statistics: what a store holds, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    from communique.store import GraphName, Store


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of triples (each once, in however many graphs it stands), of quads, of subjects, of things with an IRI.

    `resources` counts those under the base. `classes` and `properties` give the numbers of instances and of triples,
    the largest first; `properties_of` the latter for the instances of each class. `languages` counts the texts by their
    tags, the most frequent first; `graphs` the triples that stand in each graph. Beside the classes there are
    `unnamed_classes`, which have no IRI. For queries there are so many triples fewer as are `merged`: literals of one
    value (`1`, `01`) are one literal there. Over a service `untyped` are the first of so many things without a type as
    `untyped_count` says, that have a document of their own.
    """

    triples: int
    quads: int
    subjects: int
    resources: int
    classes: tuple[tuple[NamedNode, int], ...]
    properties: tuple[tuple[NamedNode, int], ...]
    properties_of: dict[NamedNode, tuple[tuple[NamedNode, int], ...]]
    languages: tuple[tuple[str, int], ...]
    graphs: dict[GraphName, int]
    unnamed_classes: int = 0
    merged: int = 0
    untyped: tuple[NamedNode, ...] = ()
    untyped_count: int = 0


def statistics(store: Store, *, base: str) -> Statistics:
    """Count a store in one pass, subject by subject."""
    classes: Counter[NamedNode] = Counter()
    properties: Counter[NamedNode] = Counter()
    within: dict[NamedNode, Counter[NamedNode]] = {}
    languages: Counter[str] = Counter()
    graphs: Counter[GraphName] = Counter()
    unnamed: set[object] = set()
    resources = quads = 0
    subjects = {quad.subject for quad in store.quads()}
    for subject in subjects:
        found = [(predicate, term, graph) for _, predicate, term, graph in store.quads(subject)]
        graphs.update(graph for _, _, graph in found)
        pairs = [(predicate, term) for predicate, term, _ in found]
        distinct = set(pairs)
        quads += len(pairs)
        used = Counter(predicate for predicate, _ in distinct)
        properties.update(used)
        kinds = [term for predicate, term in distinct if predicate == TYPE]
        types = [term for term in kinds if isinstance(term, NamedNode)]
        unnamed.update(term for term in kinds if not isinstance(term, NamedNode))
        classes.update(types)
        for cls in types:
            within.setdefault(cls, Counter()).update(used)
        languages.update(term.language for _, term in distinct if isinstance(term, Literal) and term.language)
        resources += isinstance(subject, NamedNode) and subject.value.startswith(base)
    return Statistics(
        properties.total(),
        quads,
        len(subjects),
        resources,
        _largest_first(classes),
        _largest_first(properties),
        {cls: _largest_first(counter) for cls, counter in within.items()},
        tuple(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        dict(graphs),
        len(unnamed),
        _merged(store),
    )


def _merged(store: Store) -> int:
    spelt: dict[tuple[object, ...], set[object]] = {}
    for (subject, predicate, held, _), written in store.respellings:
        found = spelt.setdefault((subject, predicate, held), set())
        found.update(written)
        # It may be written so in another graph.
        found.update(quad.object for quad in store.quads(subject, predicate, held))
    return sum(len(found) - 1 for found in spelt.values())


def _largest_first(counter: Counter[NamedNode]) -> tuple[tuple[NamedNode, int], ...]:
    return tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0].value)))
