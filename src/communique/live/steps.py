"""What tasks that read from a service have in common: each gives a query and is given its rows, until it is done."""

from __future__ import annotations

from collections.abc import Generator
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.errors import AccessError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.store import Term

BATCH = 200
"""Terms that one query names, at most."""
SHARE = 50
"""Terms that are worth a query of their own, where others are put at the same time."""
AT_ONCE = 4
"""Questions that the service is asked at the same time."""
WHOLE = 10_000
"""So many links to a node by one property are read; of more, the first."""
LONGEST = 30_000
"""Characters of the terms of one query that asks little of each: half of what our own endpoint takes."""
DEEPEST = 32
"""Steps through blank nodes."""
DEPTHS = (2, 8, DEEPEST)
"""Steps through blank nodes that one answer takes, as few as lead to the end."""

T = TypeVar("T")
Row = tuple["Term | None", ...]
Steps = Generator[str, list[Row], T]


class TooMuch(AccessError):  # noqa: N818 (it is an answer, not a fault)
    """A page for which more would have to be read than one request may cost."""


def too_deep() -> TooMuch:
    """Return what to raise for blank nodes that lead on and on."""
    return TooMuch(f"Something here has more than {DEEPEST} blank nodes in a row.")


def quad_of(row: Row) -> ox.Quad:
    """Return the quad that the columns `?g ?s ?p ?o` of a row are."""
    graph, subject, predicate, object = row
    return ox.Quad(subject, predicate, object, graph)  # type: ignore[arg-type]


def batches(items: Sequence[T], *, size: int = BATCH) -> Iterator[Sequence[T]]:
    """Give items in batches."""
    rest = iter(items)
    while batch := tuple(islice(rest, size)):
        yield batch


def shares(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give items in as many batches as are asked for at once, or more, unless they are few."""
    return batches(items, size=min(BATCH, max(SHARE, -(-len(items) // AT_ONCE))))


def by_length(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Give terms in as many batches as are asked for at once, or more, so that each is written in LONGEST characters.

    A single term may be longer.
    """
    batch: list[Term] = []
    most, length = -(-len(terms) // AT_ONCE), 0
    for term in terms:
        length += len(str(term)) + 1
        if batch and (length > LONGEST or len(batch) == most):
            yield batch
            batch, length = [], len(str(term)) + 1
        batch.append(term)
    if batch:
        yield batch


def integer_of(term: Term | None) -> int:
    """Return the number that a literal is, 0 for anything else."""
    return int(term.value) if isinstance(term, ox.Literal) and term.value.isdecimal() else 0
