"""What readers are told of a service that fails: what it means for them, and when to come back.

Where the service is, what it said, and what its operator may do are for the operator, in the log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from communique.reasons import Reason, reason
from communique.remote.states import ECHO

if TYPE_CHECKING:
    from communique.remote.service import ServiceError


class Failure(NamedTuple):
    """A reason in one word, the status over HTTP, the words for readers, and seconds after which to come back, or 0."""

    reason: str
    status: int
    detail: str
    retry: int = 0


GONE = Failure("gone", 503, str(reason("engine-gone")), 60)
BUSY = Failure("busy", 503, str(reason("engine-busy")), 5)
LATE = Failure("late", 504, str(reason("engine-late")))
WRONG = Failure("wrong", 502, str(reason("engine-wrong")))
LINE = re.compile(r"\bline ([0-9]+)")
LARGE = Failure("large", 503, str(reason("engine-large")))


def failure_of(error: ServiceError) -> Failure:
    """Return what readers are told of an error."""
    if error.unreachable:
        return GONE
    found = {429: BUSY, 503: BUSY, 504: LATE}.get(error.status, WRONG)
    return found._replace(detail=str(error.for_readers)) if error.for_readers else found


def reason_of(error: ServiceError) -> Reason:
    """Return the same as a reason why a query is not answered."""
    return (not error.unreachable and error.for_readers) or reason(f"engine-{failure_of(error).reason}")


def fault_in_query(said: str, query: str) -> str:
    """Return what a service says of a query that it refuses, without what it has put before and behind the query.

    >>> fault_in_query("Virtuoso 37000 Error, line 2: syntax error SPARQL query: define input:x <y> ASK {", "ASK {")
    'Virtuoso 37000 Error, line 1: syntax error'
    """
    told, last = said.partition(ECHO)[0], query.rstrip().count("\n") + 1
    return LINE.sub(lambda found: f"line {min(int(found[1]), last)}", told)
