"""External sort: lines of any number in order, in memory that does not grow with them.

Lines are sorted run by run, and the runs are laid aside in one temporary file. A run remembers how a line begins every
now and then: by these the whole is cut into batches of about the size of a run, and what belongs to a batch is read
from each run and sorted again, which is quick, since it is made of pieces in order.
"""

from __future__ import annotations

from bisect import bisect_left
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUN = 1 << 21
"""So many bytes of lines are sorted at once: what fits into the caches of a processor is sorted soonest."""
STEPS = 1 << 7
"""A run remembers so many of its lines."""


class ExternalSort:
    """Lines without line breaks, which come in any order and go in that of their bytes, some more than once."""

    def __init__(self, head: Callable[[bytes], bytes], *, run: int = RUN) -> None:
        """Begin with nothing; `head` returns how a line begins, and lines that begin so are not parted.

        A `run` has about so many bytes.
        """
        self._head = head
        self._size = run
        self._lines: list[bytes] = []
        self._waiting = 0
        self._file: IO[bytes] | None = None
        self._runs: list[_Run] = []

    def add(self, lines: list[bytes], *, size: int) -> None:
        """Take lines which have about `size` bytes together."""
        self._lines += lines
        self._waiting += size
        if self._waiting >= self._size:
            self._lay_aside()

    def batches(self) -> Iterator[list[bytes]]:
        """Give all lines in order, once."""
        if self._file is None:
            self._lines.sort()
            yield self._lines
            return
        self._lay_aside()
        with self._file as file:
            start = [0] * len(self._runs)
            for cut in (*self._cuts(), None):
                end = [run.size if cut is None else run.place_of(cut, file) for run in self._runs]
                pieces = [run.read(file, *place) for run, *place in zip(self._runs, start, end, strict=True)]
                lines = b"".join(pieces).split(b"\n")
                lines.pop()
                lines.sort()
                yield lines
                start = end

    def _lay_aside(self) -> None:
        if not self._lines:
            return
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115  closed by `batches`
        self._lines.sort()
        content = b"\n".join(self._lines) + b"\n"
        self._runs.append(_Run(self._file.tell(), content, step=self._size // STEPS, head=self._head))
        self._file.write(content)
        self._lines, self._waiting = [], 0

    def _cuts(self) -> list[bytes]:
        """Return where one batch ends and the next begins."""
        marks = sorted(mark for run in self._runs for mark in run.marks)
        return sorted({*marks[STEPS::STEPS]})


class _Run:
    """Sorted lines in a file, and how one of them begins every now and then, with its place."""

    def __init__(self, offset: int, content: bytes, *, step: int, head: Callable[[bytes], bytes]) -> None:
        self.size = len(content)
        self.marks: list[bytes] = []
        self._offset = offset
        self._places: list[int] = []
        place = 0
        while place < self.size:
            self._places.append(place)
            self.marks.append(head(content[place : content.index(b"\n", place)]))
            place = content.find(b"\n", place + step) + 1 or self.size

    def place_of(self, cut: bytes, file: IO[bytes]) -> int:
        """Return where the first line stands that does not come before `cut`."""
        number = bisect_left(self.marks, cut)
        if number == 0:
            return 0
        start = self._places[number - 1]
        end = self._places[number] if number < len(self._places) else self.size
        lines = self.read(file, start, end).split(b"\n")
        lines.pop()
        return start + sum(len(line) + 1 for line in lines[: bisect_left(lines, cut)])

    def read(self, file: IO[bytes], start: int, end: int) -> bytes:
        """Return the lines between two places."""
        file.seek(self._offset + start)
        return file.read(end - start)
