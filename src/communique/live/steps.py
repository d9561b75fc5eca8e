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
DEEPEST = 32
"""Steps through blank nodes."""

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
