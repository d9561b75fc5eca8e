"""Conditions: what SPARQL can say beforehand about a node and a shape, so that pyshacl need look at few nodes.

A condition is a pair of SPARQL expressions. `breaks` is true of every node that does not conform, `holds` of every node
that does; both may be true of more: of what SPARQL cannot say, both are just `true`. So a node of which `breaks` is not
true conforms, for certain. Conditions combine: to negate one is to swap the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TRUE = "true"
FALSE = "false"
MOST_VALUES = 4  # to count to n takes n variables and n(n-1)/2 comparisons


@dataclass(frozen=True, slots=True)
class Condition:
    """Two SPARQL expressions on a node: true of all that may break a constraint, and of all that may keep it."""

    breaks: str
    holds: str

    def negated(self) -> Condition:
        """Return the condition that breaks where this one holds."""
        return Condition(self.holds, self.breaks)


UNKNOWN = Condition(TRUE, TRUE)
ALWAYS = Condition(FALSE, TRUE)


def exactly(fault: str) -> Condition:
    """Return the condition that breaks just where an expression is true; where it is an error, nothing is known."""
    return Condition(f"COALESCE({fault}, true)", f"COALESCE(!({fault}), true)")


def every(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that holds where all hold."""
    found = list(conditions)
    return Condition(either(each.breaks for each in found), both(each.holds for each in found))


def some(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that holds where at least one holds."""
    return every(each.negated() for each in conditions).negated()


def one(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that holds where exactly one holds."""
    found = list(conditions)

    def alone(index: int) -> Condition:
        return every(each if position == index else each.negated() for position, each in enumerate(found))

    return some(alone(index) for index in range(len(found)))


def either(expressions: Iterable[str]) -> str:
    """Return the disjunction of expressions."""
    return _joined(expressions, " || ", neutral=FALSE, absorbing=TRUE)


def both(expressions: Iterable[str]) -> str:
    """Return the conjunction of expressions."""
    return _joined(expressions, " && ", neutral=TRUE, absorbing=FALSE)


def negation(expression: str) -> str:
    """Return the negation of an expression."""
    return {TRUE: FALSE, FALSE: TRUE}.get(expression) or f"!({expression})"


def of_each_value(pattern: str, condition: Condition) -> Condition:
    """Return the condition that holds where it holds of every value that a pattern finds."""
    return Condition(exists(pattern, condition.breaks), negation(exists(pattern, negation(condition.holds))))


def exists(pattern: str, condition: str = TRUE) -> str:
    """Return the expression that a pattern has a solution of which a condition is true."""
    if condition == FALSE:
        return FALSE
    return f"EXISTS {{ {pattern}{'' if condition == TRUE else f' FILTER({condition})'} }}"


def at_least(count: int, values: list[tuple[str, str, Condition]]) -> Condition:
    """Return the condition that at least `count` different values fulfil a condition each.

    `values` has, for each of `count` values, its variable, the pattern that finds it, and its condition.
    """
    if count < 1:
        return ALWAYS
    if count > MOST_VALUES:
        return UNKNOWN
    pattern = " ".join(pattern for _, pattern, _ in values)
    different = [f"!sameTerm({a}, {b})" for (a, _, _), (b, _, _) in combinations(values, 2)]
    perhaps = both(different + [condition.holds for _, _, condition in values])
    surely = both(different + [negation(condition.breaks) for _, _, condition in values])
    return Condition(negation(exists(pattern, surely)), exists(pattern, perhaps))


def _joined(expressions: Iterable[str], operator: str, *, neutral: str, absorbing: str) -> str:
    parts = [each for each in dict.fromkeys(expressions) if each != neutral]
    if absorbing in parts:
        return absorbing
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})" if parts else neutral
