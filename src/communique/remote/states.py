"""The states of SQL by which Virtuoso says, with status 500, what kind of error there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.reasons import reason

if TYPE_CHECKING:
    from communique.reasons import Reason

ECHO = " SPARQL query: "
"""What stands before the query that it has refused, which begins with settings that nobody asked for."""
LATE = re.compile(r"\bS1TAT\b|\bVirtuoso S1T00\b")
"""A query took too long: there is a part, or nothing."""
CANNOT = re.compile(r"\bVirtuoso (?:07|22|37|42|S0)[0-9A-Z]{3}\b(?! Error (?:SQ\d+:)?SECURITY).*")
"""The same query fails each time, and not for lack of rights.

| class | what is said |
|---|---|
| 07 | an expression lacks an argument that SPARQL does not want |
| 22 | an expression has no value, where SPARQL leaves a variable unbound; a sort of too many rows |
| 37 | a path with neither end bound, or with `VALUES` at its end; what is too complex |
| 42 | a function that there is not; a query that is estimated to take longer than it may |
| S0 | a column that its own translation lacks: an aggregate with `VALUES` at the end |

What is left may pass: deadlocks (40001), timeouts, a lack of space.
"""
QUOTED = 150
BEHIND = re.compile(rb"Virtuoso [0-9A-Z]{5} Error\b")
READ = 4096
"""Bytes of an error that are read, to quote it."""


@dataclass(slots=True)
class Complaint:
    """What the body of an error says: its beginning, of Virtuoso also what it writes behind a part of an answer."""

    virtuoso: bool
    text: bytes = b""
    _found: bool = False

    def wants(self, piece: bytes) -> bool:
        """Take a piece of the body, and tell whether more is to be read."""
        self.text += piece
        if self.virtuoso and not self._found and (found := BEHIND.search(self.text)):
            self.text, self._found = self.text[found.start() :], True
        elif self.virtuoso and not self._found:
            self.text = self.text[:READ] + self.text[READ:][-READ:]
            return True
        return len(self.text) <= READ


def is_late(said: str) -> bool:
    """Tell whether a query had no more time."""
    return LATE.search(said) is not None


def fault_of_engine(said: str) -> Reason | None:
    """Return why an engine cannot evaluate a query that is right, in its words, None where it says something else.

    >>> str(fault_of_engine("Virtuoso 22012 Error SR084: Division by 0 SPARQL query: define x ASK {}"))
    'The engine of this site cannot evaluate this query: write it otherwise. It says: Virtuoso 22012 Error SR084: \
Division by 0.'
    """
    found = CANNOT.search(said.partition(ECHO)[0])
    if found is None:
        return None
    said = found[0][:QUOTED].strip()
    return reason("engine-cannot", said=said if said[-1] in ".?!" else f"{said}.")
