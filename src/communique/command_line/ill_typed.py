"""Literals that are none of their datatype's, with the lines in which they stand, many of one kind as one."""

from __future__ import annotations

from collections import defaultdict
from heapq import nsmallest
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from communique.errors import Problem
from communique.legibility import legible_name
from communique.literals import is_ill_typed
from communique.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from communique.iris import Prefixes
    from communique.positions import Place
    from communique.shacl.validation import ValidationReport
    from communique.store import Store, Term

FEW = 3
"""So many values of a property are told one by one; of more, their number and the places of the first."""
LOOKED_FOR = 100
"""Of so many values of a property the places are found, so that the first of them in the files are told."""
SHOWN = 60
EXAMPLES = {"integer": "42", "decimal": "1.5", "double": "1.5e0", "boolean": "true", "date": "2026-11-24",
            "dateTime": "2026-11-24T09:00:00Z", "gYear": "2026", "gYearMonth": "2026-11", "time": "09:00:00",
            "duration": "P1D", "language": "en"}  # fmt: skip


def ill_typed(
    store: Store, files: Iterable[Path], *, report: ValidationReport, prefixes: Prefixes, relative: bool = False
) -> Iterator[Problem]:
    """Give a problem for each triple with such a literal, unless a shape has found it already.

    Many of one property and datatype are one problem, which tells how many they are.
    """
    kinds = _kinds(store, told={(result.focus_node, result.value) for result in report.results})
    if not kinds:
        return
    likely = {kind: nsmallest(LOOKED_FOR, triples, key=_by_name) for kind, triples in kinds.items()}
    nodes = {triple.subject for triples in likely.values() for triple in triples}
    positions = Positions(files, nodes=nodes, relative=relative)
    for kind, triples in sorted(likely.items()):
        number = len(kinds[kind])
        found = sorted(((_place(each, positions), each) for each in triples), key=_order)
        if number <= FEW:
            yield from (_problem(place, each, prefixes) for place, each in found)
        else:
            yield _problem(*found[0], prefixes, number=number, others=found[1:FEW])


def _kinds(store: Store, *, told: Container[tuple[Term, Term | None]]) -> dict[tuple[str, str], set[Triple]]:
    """Return the triples with such a literal by property and datatype."""
    kinds: defaultdict[tuple[str, str], set[Triple]] = defaultdict(set)
    for literal in store.typed_literals:
        for quad in store.quads(None, None, literal) if is_ill_typed(literal) else ():
            if (quad.subject, literal) not in told:
                kinds[quad.predicate.value, literal.datatype.value].add(quad.triple)
    return kinds


def _by_name(triple: Triple) -> tuple[int, str]:
    """Return what names are sorted by as people count: `x9` comes before `x10`, in most files too."""
    return len(str(triple.subject)), str(triple)


def _place(triple: Triple, positions: Positions) -> Place | None:
    return positions.of_triple(*triple) or positions.of_node(triple.subject)


def _order(found: tuple[Place | None, Triple]) -> tuple[bool, str, int, str]:
    place, triple = found
    return place is None, str(place.path) if place else "", place.line if place else 0, str(triple)


def _problem(
    place: Place | None,
    triple: Triple,
    prefixes: Prefixes,
    *,
    number: int = 1,
    others: Iterable[tuple[Place | None, Triple]] = (),
) -> Problem:
    literal = triple.object
    assert isinstance(literal, Literal)
    name = prefixes.curie(literal.datatype.value) or literal.datatype.value
    path = prefixes.curie(triple.predicate.value) or triple.predicate.value
    message = f"has {_shown(triple)} as a value of {path}, which is no {name}"
    if number > 1:
        more = "; ".join(f"{_shown(each)}{f' in {where}' if where else ''}" for where, each in others)
        message += f", as are {number - 1:,} more: {more}; ..."
    example = EXAMPLES.get(name.rpartition(":")[2], "")
    remedy = f"Write one{f' such as {example}' * bool(example)}, or leave out the datatype if it is a text."
    stop = "" if number > 1 else "."
    return Problem(place.path if place else None, place.line if place else None, None, message + stop, remedy)


def _shown(triple: Triple) -> str:
    value = legible_name(getattr(triple.object, "value", ""))
    return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}…")
