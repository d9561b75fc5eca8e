"""Packing: what is written once comes out plain, by gzip and by Zstandard, each measured on the way.

The levels are the quick ones, at which packing costs less than making what is packed; Zstandard's others save nothing.
The same content gives the same bytes: no packed file holds a name or a time.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Protocol

import zstandard

from communique.gzipped import packer

if TYPE_CHECKING:
    from collections.abc import Collection

    from communique.generations import Generation

ZSTD_LEVEL = 3


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


class PackedFile:
    """A file in the making below a site: what is written to it goes into each of its packed forms."""

    def __init__(self, new: Generation, path: str, *, packings: Collection[Packing] = tuple(Packing)) -> None:
        """Begin the files `path`, `path.gz` and `path.zst`, or some of them."""
        self._stack = ExitStack()
        self._forms = [
            _Form(path, packing, self._stack.enter_context(new.open(path + packing))) for packing in packings
        ]

    def write(self, piece: bytes) -> int:
        """Take a piece, the larger the better."""
        for form in self._forms:
            form.take(piece)
        return len(piece)

    def flush(self) -> None:
        """Wait for more."""

    def finish(self) -> tuple[Packed, ...]:
        """Close all files and return them."""
        found = tuple(form.finished() for form in self._forms)
        self._stack.close()
        return found


class _Form:
    """One form of a file, its size and its checksum, which are taken while it is written."""

    def __init__(self, path: str, packing: Packing, out: IO[bytes]) -> None:
        self._path = path
        self._packing = packing
        self._out = out
        self._size = 0
        self._digest = hashlib.sha256()
        self._packer = _packer(packing)

    def take(self, piece: bytes) -> None:
        self._put(self._packer.compress(piece) if self._packer else piece)

    def finished(self) -> Packed:
        if self._packer:
            self._put(self._packer.flush())
        return Packed(self._path + self._packing, self._packing, self._size, self._digest.hexdigest())

    def _put(self, piece: bytes) -> None:
        self._size += len(piece)
        self._digest.update(piece)
        self._out.write(piece)


class _Packer(Protocol):
    def compress(self, piece: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def _packer(packing: Packing) -> _Packer | None:
    if packing is Packing.GZIP:
        return packer()
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj() if packing is Packing.ZSTD else None
