"""Statistics: what a store holds, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.presentation import TYPE

if TYPE_CHECKING:
    from communique.store import Store


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of triples (each once, in however many graphs it stands), of quads, and of things that have an IRI.

    `resources` counts those under the base. `classes` and `properties` give the numbers of instances and of triples,
    the largest first; `properties_of` the latter for the instances of each class.
    """

    triples: int
    quads: int
    resources: int
    classes: tuple[tuple[NamedNode, int], ...]
    properties: tuple[tuple[NamedNode, int], ...]
    properties_of: dict[NamedNode, tuple[tuple[NamedNode, int], ...]]


def statistics(store: Store, *, base: str) -> Statistics:
    """Count a store in one pass, subject by subject."""
    classes: Counter[NamedNode] = Counter()
    properties: Counter[NamedNode] = Counter()
    within: dict[NamedNode, Counter[NamedNode]] = {}
    resources = quads = 0
    for subject in {quad.subject for quad in store.quads()}:
        pairs = [(predicate, term) for _, predicate, term, _ in store.quads(subject)]
        distinct = set(pairs)
        quads += len(pairs)
        used = Counter(predicate for predicate, _ in distinct)
        properties.update(used)
        types = [term for predicate, term in distinct if predicate == TYPE and isinstance(term, NamedNode)]
        classes.update(types)
        for cls in types:
            within.setdefault(cls, Counter()).update(used)
        resources += isinstance(subject, NamedNode) and subject.value.startswith(base)
    return Statistics(
        properties.total(),
        quads,
        resources,
        _largest_first(classes),
        _largest_first(properties),
        {cls: _largest_first(counter) for cls, counter in within.items()},
    )


def _largest_first(counter: Counter[NamedNode]) -> tuple[tuple[NamedNode, int], ...]:
    return tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0].value)))
