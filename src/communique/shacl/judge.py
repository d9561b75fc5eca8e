"""The judge: pyshacl's own verdict on single values, as functions that SPARQL calls."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from pyshacl.constraints.core import other_constraints as other
from pyshacl.constraints.core import string_based_constraints as strings
from pyshacl.constraints.core import value_constraints as values
from pyshacl.constraints.core import value_range_constraints as ranges
from pyshacl.pytypes import SHACLExecutor

from communique.shacl.bridge import to_rdflib
from communique.shacl.conditions import FALSE, Condition, exactly

if TYPE_CHECKING:
    from collections.abc import Callable

    from communique.store import Term

# Constraints on a value alone, whatever stands in the graph.
ALONE = (
    values.DatatypeConstraintComponent,
    ranges.MinExclusiveConstraintComponent,
    ranges.MinInclusiveConstraintComponent,
    ranges.MaxExclusiveConstraintComponent,
    ranges.MaxInclusiveConstraintComponent,
    strings.MinLengthConstraintComponent,
    strings.MaxLengthConstraintComponent,
    strings.PatternConstraintComponent,
    strings.LanguageInConstraintComponent,
    other.InConstraintComponent,
)
ANYTHING = rdflib.URIRef("urn:x-communique:anything")
REMEMBERED = 65_536


class Judge:
    """Conditions on variables that pyshacl decides, one call for each new value; `functions` is what they call.

    Of literals that are `respelt`, which SPARQL sees otherwise than they were written, nothing is known.
    """

    def __init__(self, graph: rdflib.Graph, *, respelt: frozenset[ox.Literal]) -> None:
        """Judge for the shapes of a graph."""
        self.functions: dict[ox.NamedNode, Callable[..., Term | None]] = {}
        self._graph = graph
        self._respelt = respelt
        self._executor = SHACLExecutor()

    def of_value(self, component: Any, value: str) -> Condition:
        """Return the condition that a value keeps one of the constraints that are `ALONE`."""

        def breaks(term: Any) -> bool:
            return not component.evaluate(self._executor, self._graph, {term: {term}}, [])[0]

        return self._called(breaks, value)

    def of_pair(self, component: Any, value: str, other: str) -> Condition:
        """Return the condition that a value is less than another (or equal to it), whatever the focus node."""

        def breaks(less: Any, more: Any) -> bool:
            return not component.evaluate(self._executor, _Objects(more), {ANYTHING: {less}}, [])[0]

        return self._called(breaks, value, other)

    def is_respelt(self, value: str) -> str:
        """Return the expression that a value is one of those that may have been written otherwise."""
        if not self._respelt:
            return FALSE
        return self._function(lambda term: ox.Literal(term in self._respelt), value)

    def _called(self, breaks: Callable[..., bool], *variables: str) -> Condition:
        """The condition that breaks where a function of rdflib's terms says so; nothing is known where that fails."""

        @lru_cache(maxsize=REMEMBERED)
        def call(*terms: Term) -> ox.Literal | None:
            if not self._respelt.isdisjoint(terms):
                return None
            try:
                return ox.Literal(breaks(*map(to_rdflib, terms)))
            except Exception:  # whatever pyshacl stumbles over, it will stumble over again, and then tell
                return None

        return exactly(self._function(call, *variables))

    def _function(self, call: Callable[..., ox.Literal | None], *variables: str) -> str:
        function = ox.NamedNode(f"urn:x-communique:judge-{len(self.functions)}")
        self.functions[function] = call
        return f"{function}({', '.join(variables)})"


class _Objects:
    """A graph in which every node has one value of every property."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def objects(self, *_: Any) -> list[Any]:
        return [self._value]
