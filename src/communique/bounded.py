"""A cache whose memory does not grow with the data."""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")

LIMIT = 50_000


class Bounded(dict[Key, Kept]):
    """A dictionary that forgets everything when it is full: what is used often is soon back."""

    limit = LIMIT

    def __setitem__(self, key: Key, value: Kept) -> None:
        """Keep a value, and if need be nothing else."""
        if len(self) >= self.limit:
            self.clear()
        super().__setitem__(key, value)
