"""Tables: values that are described alike, side by side; the shapes that order their facts define the columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import CMQ
from communique.descriptions.labels import LABEL_PROPERTIES
from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    from communique.descriptions.evidence import Evidence
    from communique.descriptions.facts import Facts, Value
    from communique.descriptions.views import PropertyView

MOST_COLUMNS = 8
LEAST_ROWS_IN_COMMON = 3
LONG_TEXT = 80
NAMING = frozenset(path.value for path in (TYPE, *LABEL_PROPERTIES))
"""The properties that a page tells in its head, and a table in the name of the row."""
POSITIONS = frozenset({NamedNode(CMQ + "listingOrder"), NamedNode("http://schema.org/position")})


@dataclass(frozen=True, slots=True)
class Row:
    """One value: its place among its fellows, a cell for each column, and the graphs that state most of the row.

    A value in a cell that other graphs state needs marks of its own.
    """

    value: Value
    position: Value | None
    cells: tuple[tuple[Value, ...], ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One property of all rows; `long` is true where some value is a text that needs room."""

    view: PropertyView
    long: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a property as rows; `columns` are the properties that their shapes name, in their order.

    `common` holds what is the same in all rows, once.
    """

    view: PropertyView
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    common: tuple[Facts, ...]


def tabulate(facts: Facts) -> Table | None:
    """Return the values of a property as a table, or None where a list tells them better.

    A table has two rows or more, all described in place by a shape, and at most eight columns. What no shape names is
    left to the page of each value.
    """
    described = [value.nested.facts for value in facts.values if value.nested]
    if len(described) < 2 or not facts.view.nested or len(described) < len(facts.values):
        return None
    shown = [{_key(each): each for each in nested if _is_column(each)} for nested in described]
    columns = {key: each.view for row in shown for key, each in row.items()}
    common = {key for key in columns if _is_common(key, shown)}
    ordered = sorted(columns.keys() - common, key=lambda key: _place(columns[key]))
    if not 0 < len(ordered) <= MOST_COLUMNS:
        return None
    return Table(
        facts.view,
        tuple(Column(columns[key], _is_long(key, shown)) for key in ordered),
        tuple(_row(value, row, ordered) for value, row in zip(facts.values, shown, strict=True)),
        tuple(sorted((shown[0][key] for key in common), key=lambda each: _place(each.view))),
    )


_Key = tuple[str, bool]


def _row(value: Value, shown: dict[_Key, Facts], columns: list[_Key]) -> Row:
    cells = tuple(shown[key].values if key in shown else () for key in columns)
    counted = Counter(each.evidence for cell in cells for each in cell)
    nested = value.nested.facts if value.nested else ()
    position = next((each.values[0] for each in nested if each.view.path in POSITIONS), None)
    return Row(value, position, cells, max(counted, key=counted.__getitem__, default=value.evidence))


def _is_column(facts: Facts) -> bool:
    return facts.view.shaped and facts.view.path.value not in NAMING and facts.view.path not in POSITIONS


def _is_common(key: _Key, shown: list[dict[_Key, Facts]]) -> bool:
    """Tell whether all rows say the same here, and the same graphs answer for it."""
    if len(shown) < LEAST_ROWS_IN_COMMON:
        return False
    told = {tuple((value.term, value.evidence) for value in row[key].values) if key in row else () for row in shown}
    return len(told) == 1


def _is_long(key: _Key, shown: list[dict[_Key, Facts]]) -> bool:
    terms = (value.term for row in shown if key in row for value in row[key].values)
    return any(isinstance(term, Literal) and len(term.value) > LONG_TEXT for term in terms)


def _key(facts: Facts) -> _Key:
    return facts.view.path.value, facts.view.inverse


def _place(view: PropertyView) -> tuple[float, float, str]:
    return (view.group.order if view.group else inf), view.order, view.path.value
