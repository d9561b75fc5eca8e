"""Counting: the numbers that all pages share, the classes with the numbers of their instances, and what has no type.

They are those of a service, and of what the files of the project say beside it of things and their classes. What a
service cannot count in time is left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.documented import document_of
from communique.descriptions.statistics import Statistics
from communique.live import queries
from communique.live.steps import batches, integer_of
from communique.page_contents.overviews import MOST_UNTYPED
from communique.remote.service import ServiceError
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from communique.live.reader import Reader
    from communique.live.steps import Steps
    from communique.store import Store, Term

NOTHING = Statistics(0, 0, 0, 0, (), (), {}, (), {})
SECONDS = 10.0
"""Time for the things without a type: they are looked for after all is counted."""
MOST_OWN = 5_000
"""Things of the project's own files whose classes are counted."""

Counted = list[tuple[ox.NamedNode | ox.Literal | None, int]]


def counts_of(reader: Reader, own: Store, *, base: str, tell: Callable[[str], None]) -> Statistics:
    """Return the numbers of a service, and of the files of the project; `tell` is told what is left out."""
    counts, has_classes = _counts(reader, base, tell)
    nodes, number = _untyped(reader, base, counts.resources, tell) if counts.resources else (None, 0)
    try:
        beside = _Beside.read(reader, own, base)
    except ServiceError:
        tell("The service did not tell the classes of what the files of the project describe: they are not counted.")
        return counts
    if has_classes:
        counts = replace(counts, classes=beside.classes_with(counts.classes))
    if nodes is None:
        return counts
    left, more = beside.untyped_with(nodes, base)
    number += len(left) + len(more) - len(nodes)
    return replace(counts, untyped=(*left, *more)[:MOST_UNTYPED], untyped_count=number)


def _counts(reader: Reader, base: str, tell: Callable[[str], None]) -> tuple[Statistics, bool]:
    """Return numbers, and whether the classes could be counted."""

    def counted(what: str, query: str) -> Steps[Counted | None]:
        try:
            rows = yield query
        except ServiceError:
            tell(f"The service did not count its {what} in time: they are not shown.")
            return None
        return [(row[0] if len(row) > 1 else None, int(row[-1].value)) for row in rows]  # type: ignore[union-attr, misc]

    everything, types = reader.manner.triples("", "?s ?p ?o"), reader.manner.triples("", "?s a ?c")
    ours = queries.below(base)
    spoken = 'BIND(LANG(?o) AS ?l) FILTER(?l != "")'
    questions = {
        "classes": f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ {types} {ours} }} GROUP BY ?c",
        "things": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {everything} {ours} }}",
        "statements": f"SELECT (COUNT(*) AS ?n) {{ {everything} }}",
        "languages": f"SELECT ?l (COUNT(*) AS ?n) {{ {everything} {spoken} }} GROUP BY ?l",
    }
    reader.begin()
    classes, things, triples, languages = reader.run(counted(*each) for each in questions.items())
    counts = replace(
        NOTHING,
        triples=triples[0][1] if triples else 0,
        resources=things[0][1] if things else 0,
        classes=tuple(sorted(((c, n) for c, n in classes or () if isinstance(c, ox.NamedNode) and n), key=str)),
        languages=tuple((term.value, n) for term, n in languages or () if isinstance(term, ox.Literal)),
    )
    return counts, classes is not None


def _untyped(
    reader: Reader, base: str, things: int, tell: Callable[[str], None]
) -> tuple[list[ox.NamedNode] | None, int]:
    """Return the first things without a type, and how many there are; None where that takes too long."""
    types = reader.manner.triples("", "?s a ?c")
    pattern = queries.untyped(reader.manner, base)
    reader.begin(seconds=min(reader.seconds, SECONDS))
    try:
        # Where as many have a type as there are, nobody need look for those that have none.
        typed = integer_of(reader.rows(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {types} {queries.below(base)} }}")[0][0])
        if typed >= things:
            return [], 0
        rows = reader.rows(f"SELECT DISTINCT ?s {{ {pattern} }} LIMIT {MOST_UNTYPED + 1}")
    except ServiceError:
        tell("The service did not list its things without a type in time: they are not shown.")
        return None, 0
    nodes = [row[0] for row in rows if isinstance(row[0], ox.NamedNode)]
    if len(nodes) <= MOST_UNTYPED:
        return nodes, len(nodes)
    try:
        number = integer_of(reader.rows(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }}")[0][0])
    except ServiceError:
        number = things - typed
    return nodes[:MOST_UNTYPED], number


@dataclass(frozen=True, slots=True)
class _Beside:
    """The types of what the files of the project describe: `here` in these, `there` in the service."""

    here: dict[ox.NamedNode, set[Term]]
    there: set[tuple[Term | None, Term | None]]

    @classmethod
    def read(cls, reader: Reader, own: Store, base: str) -> _Beside:
        ours = [node for node in own.subjects() if node.value.startswith(base)][:MOST_OWN]
        there: set[tuple[Term | None, Term | None]] = set()
        reader.begin()
        for batch in batches(ours):
            pattern = reader.manner.triples(queries.values("?s", batch), "?s a ?c")
            there.update((row[0], row[1]) for row in reader.rows(f"SELECT DISTINCT ?s ?c {{ {pattern} }}"))
        return cls({node: {quad.object for quad in own.quads(node, TYPE)} for node in ours}, there)

    def classes_with(self, counted: Iterable[tuple[ox.NamedNode, int]]) -> tuple[tuple[ox.NamedNode, int], ...]:
        """Return the numbers of the instances of classes, with those that the files add."""
        classes = Counter(dict(counted))
        for node, types in self.here.items():
            fresh = (each for each in types if (node, each) not in self.there)
            classes.update(each for each in fresh if isinstance(each, ox.NamedNode))
        return tuple(sorted(classes.items(), key=str))

    def untyped_with(self, found: Sequence[ox.NamedNode], base: str) -> tuple[list[ox.NamedNode], list[ox.NamedNode]]:
        """Return those of some things without a type in the service to which the files give none, and others there."""
        typed = {node for node, types in self.here.items() if types} | {node for node, _ in self.there}
        others = (node for node in self.here if node not in typed and node not in found)
        more = [node for node in others if document_of(node.value) == node.value != base]
        return [node for node in found if node not in typed], more
