"""Packing: what is written once comes out plain, by gzip and by Zstandard, each measured on the way.

Level 3 of both: for dumps gzip's next levels take twice the time and more for a fifth of the size, and Zstandard's
save nothing. The same content gives the same bytes: no packed file holds a name or a time.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Collection

    from communique.generations import Generation

LEVEL = 3
PIECE = 1 << 20


class Packing(StrEnum):
    """How a file is packed: by nothing, by gzip (RFC 1952), by Zstandard (RFC 8878)."""

    NONE = ""
    GZIP = ".gz"
    ZSTD = ".zst"


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that was written: its path, how it is packed, its size in bytes and its SHA-256."""

    path: str
    packing: Packing
    size: int
    sha256: str


class PackedFile(io.RawIOBase):
    """A file in the making below a site: what is written to `stream` goes into each of its packed forms."""

    def __init__(self, new: Generation, path: str, *, packings: Collection[Packing] = tuple(Packing)) -> None:
        """Begin the files `path`, `path.gz` and `path.zst`, or some of them."""
        self._stack = ExitStack()
        self._measures = {packing: _Measure(path, packing) for packing in packings}
        self._outs = [
            self._stack.enter_context(_packer(each, self._stack.enter_context(new.open(each.path))))
            for each in self._measures.values()
        ]
        self.stream = cast("IO[bytes]", io.BufferedWriter(self, PIECE))

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, piece: object) -> int:
        """Pass a piece on."""
        content = bytes(piece)  # type: ignore[call-overload]
        for out in self._outs:
            out.write(content)
        return len(content)

    def finish(self) -> tuple[Packed, ...]:
        """Close all files and return them."""
        self.stream.flush()
        self._stack.close()
        return tuple(each.result() for each in self._measures.values())


class _Measure:
    """The size and the checksum of a file, taken while it is written."""

    def __init__(self, path: str, packing: Packing) -> None:
        self.path = path + packing
        self.packing = packing
        self._size = 0
        self._digest = hashlib.sha256()

    def take(self, piece: bytes) -> None:
        self._size += len(piece)
        self._digest.update(piece)

    def result(self) -> Packed:
        return Packed(self.path, self.packing, self._size, self._digest.hexdigest())


class _Measured(io.RawIOBase):
    def __init__(self, measure: _Measure, out: IO[bytes]) -> None:
        self._measure = measure
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(piece)  # type: ignore[call-overload]
        self._measure.take(content)
        return self._out.write(content)


def _packer(measure: _Measure, out: IO[bytes]) -> IO[bytes]:
    measured = cast("IO[bytes]", _Measured(measure, out))
    if measure.packing is Packing.GZIP:
        return cast("IO[bytes]", gzip.GzipFile("", "wb", LEVEL, measured, mtime=0))
    if measure.packing is Packing.ZSTD:
        return cast("IO[bytes]", zstandard.ZstdCompressor(level=LEVEL).stream_writer(measured, closefd=False))
    return measured
