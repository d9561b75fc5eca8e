"""Aside: pieces of files that are not written yet, kept in one temporary file; memory has where each piece lies."""

from __future__ import annotations

import mmap
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
        self._content: mmap.mmap | bytes = b""

    def add(self, key: Key, piece: bytes) -> None:
        """Keep a piece after the others of its key."""
        self._file.write(piece)
        self._places[key].extend((self._end, len(piece)))
        self._end += len(piece)

    @property
    def keys(self) -> list[Key]:
        """The keys of all pieces, in no order to rely on."""
        return list(self._places)

    def parts(self, key: Key) -> Iterator[bytes]:
        """Give the pieces of a key in the order in which they were added."""
        places = self._places[key]
        for number in range(0, len(places), 2):
            start, size = places[number : number + 2]
            yield self._content[start : start + size]

    def __enter__(self) -> Aside[Key]:
        """Make the pieces readable."""
        self._file.flush()
        self._content = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self._end else b""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everything."""
        if isinstance(self._content, mmap.mmap):
            self._content.close()
        self._file.close()
