"""Which caps on rows of a service are believed.

Virtuoso looks its `ResultSetMaxRows` up for each query in one record that all its threads share without a lock. So a
query that runs beside others is now and then cut at the number of another setting (seen: `MaxQueryExecutionTime`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "x-sparql-maxrows"


class Caps:
    """The caps that a service has named for two tries of one query: at one that it has not, it is asked once more."""

    def __init__(self) -> None:
        """Believe none yet."""
        self._believed: set[str] = set()

    def doubts(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a reply, by its header fields (names in lower case), is cut at a number that may be wrong."""
        return headers.get(HEADER, "") not in {"", *self._believed}

    def believe(self, headers: Mapping[str, str]) -> None:
        """Take the cap that the second reply to a query names, if it does."""
        if HEADER in headers:
            self._believed.add(headers[HEADER])
