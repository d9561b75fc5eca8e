"""Aside: pieces of files that are not written yet, kept in one temporary file; memory has where each piece lies."""

from __future__ import annotations

from array import array
from collections import defaultdict
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

Key = TypeVar("Key")


class Aside(Generic[Key]):
    """Pieces by key; as a context, after the last was added, it gives them back, and then is gone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._file = TemporaryFile()  # noqa: SIM115  closed by `__exit__`
        self._places: defaultdict[Key, array[int]] = defaultdict(lambda: array("Q"))
        self._end = 0

    def add(self, key: Key, piece: bytes) -> None:
        """Keep a piece after the others of its key."""
        self._file.write(piece)
        self._places[key].extend((self._end, len(piece)))
        self._end += len(piece)

    def parts(self, key: Key) -> Iterator[bytes]:
        """Give the pieces of a key in the order in which they were added."""
        places = self._places[key]
        for number in range(0, len(places), 2):
            start, size = places[number : number + 2]
            self._file.seek(start)
            yield self._file.read(size)

    def __enter__(self) -> Aside[Key]:
        """Give back what was added."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        self._file.close()
