"""The cookbook: every example query with the first rows of its answer, asked of the data when the site is built.

No result is shown where it would not be the same in each build, and none for a dataset so large that asking would hold
the build up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyoxigraph import Literal, QueryBoolean, QuerySolutions

from communique.literals import is_number
from communique.sparql.query_page import ExampleView, view_of
from communique.website.examples import is_ordered, is_repeatable

if TYPE_CHECKING:
    from communique.store import Term
    from communique.website.examples import Example
    from communique.website.site import Site

ROWS = 10
"""So many rows are shown of an answer."""
SHORT = 10
"""So many letters or fewer need no column of full width."""
LARGEST = 300_000
"""Statements beyond which no query is asked during the build."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a query: columns with the first rows and the number of all, or a truth value.

    A graph has the columns subject, predicate and object.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None

    @property
    def narrow(self) -> tuple[bool, ...]:
        """Which columns hold nothing but short literals, numbers for instance."""
        return tuple(
            all(term is None or (isinstance(term, Literal) and len(term.value) <= SHORT) for term in column)
            for column in zip(*self.rows, strict=True)
        )

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold numbers, and nothing else but gaps."""
        columns = [[term for term in column if term is not None] for column in zip(*self.rows, strict=True)]
        return tuple(
            bool(column) and all(isinstance(term, Literal) and is_number(term) for term in column) for column in columns
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """An example and its answer, None where none is shown."""

    example: ExampleView
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """The recipes of one level, 1 to 3."""

    level: int
    recipes: tuple[Recipe, ...]


def cookbook(site: Site) -> tuple[Chapter, ...]:
    """Return the recipes by level."""
    asks = site.whole and len(site.store) <= LARGEST
    return tuple(
        Chapter(level, tuple(_recipe(site, each, asks=asks) for each in examples))
        for level, examples in groupby(site.examples, key=lambda each: each.level)
    )


def _recipe(site: Site, example: Example, *, asks: bool) -> Recipe:
    shown = asks and is_repeatable(example.text)
    return Recipe(view_of(site, example), _outcome(site, example) if shown else None)


def _outcome(site: Site, example: Example) -> Outcome:
    results = site.store.query(example.text)
    if isinstance(results, QueryBoolean):
        return Outcome(truth=bool(results))
    names: tuple[str, ...] = ("subject", "predicate", "object")
    if isinstance(results, QuerySolutions):
        names = tuple(variable.value for variable in results.variables)
    rows = [tuple(row) for row in results]
    if not is_ordered(example.text):
        rows.sort(key=lambda row: [str(term) for term in row])
    return Outcome(names, tuple(rows[:ROWS]), len(rows))
