"""Literals that are none of their datatype's, with the lines in which they stand."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.errors import Problem
from communique.legibility import legible_name
from communique.literals import is_ill_typed
from communique.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Literal, Quad

    from communique.iris import Prefixes
    from communique.shacl.validation import ValidationReport
    from communique.store import Store

MOST = 100
"""So many are told one by one."""
SHOWN = 60
EXAMPLES = {"integer": "42", "decimal": "1.5", "double": "1.5e0", "boolean": "true", "date": "2026-11-24",
            "dateTime": "2026-11-24T09:00:00Z", "gYear": "2026", "gYearMonth": "2026-11", "time": "09:00:00",
            "duration": "P1D", "language": "en"}  # fmt: skip


def ill_typed(
    store: Store, files: Iterable[Path], *, report: ValidationReport, prefixes: Prefixes, relative: bool = False
) -> Iterator[Problem]:
    """Give a problem for each triple with such a literal, unless a shape has found it already."""
    told = {(result.focus_node, result.value) for result in report.results}
    wrong = sorted((each for each in store.typed_literals if is_ill_typed(each)), key=str)
    quads = (quad for each in wrong for quad in store.quads(None, None, each) if (quad.subject, each) not in told)
    found = sorted(dict.fromkeys(islice(quads, MOST + 1)), key=str)
    if not found:
        return
    positions = Positions(files, nodes={quad.subject for quad in found}, relative=relative)
    for quad in found[:MOST]:
        assert not isinstance(quad.object, NamedNode)
        yield _problem(quad, positions, prefixes)
    if len(found) > MOST:
        yield Problem(None, None, None, f"There are more literals of this kind than {MOST}.", "Mend these first.")


def _problem(quad: Quad, positions: Positions, prefixes: Prefixes) -> Problem:
    literal: Literal = quad.object  # type: ignore[assignment]
    place = positions.of_triple(quad.subject, quad.predicate, literal) or positions.of_node(quad.subject)
    name = prefixes.curie(literal.datatype.value) or literal.datatype.value
    value = legible_name(literal.value)
    shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    path = prefixes.curie(quad.predicate.value) or quad.predicate.value
    example = EXAMPLES.get(name.rpartition(":")[2], "")
    remedy = f"Write one{f' such as {example}' * bool(example)}, or leave out the datatype if it is a text."
    return Problem(
        place.path if place else None, place.line if place else None, None,
        f"has {shown!r} as a value of {path}, which is no {name}.", remedy,
    )  # fmt: skip
