"""Opening what somebody else wrote: regular files only, unpacked within limits, noticed when they change under us."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tempfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from communique.errors import AccessError, DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BLOCK = 1 << 20
UNPACKED_FREELY = 10 << 20
UNPACKING_RATIO = 100


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Give the content of a file as a seekable stream, unpacked if its name ends in `.gz`.

    Raises AccessError if the file cannot be read, DataError if it is no regular file, unpacks to more than a hundred
    times its size, or has changed when the block ends.
    """
    try:
        _check_regular(path)
        with path.open("rb") as stream:
            before = _state(stream)
            if path.suffix == ".gz":
                with tempfile.TemporaryFile() as unpacked:
                    _unpack(stream, unpacked, path)
                    yield unpacked
            else:
                yield stream
            if _state(stream) != before:
                raise DataError([Problem(path, None, None, "has changed while it was read.", "Run the command again.")])
    except OSError as error:
        raise AccessError(f"{path}: cannot be read: {error.strerror or error}") from error


@contextmanager
def spooled(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give what a pipe holds as a seekable stream."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, BLOCK)
        yield copy


def rewind(stream: IO[bytes]) -> IO[bytes]:
    """Go to the first byte behind a byte order mark, which no RDF syntax allows and many editors write."""
    stream.seek(0)
    if stream.read(3) != BYTE_ORDER_MARK:
        stream.seek(0)
    return stream


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Give the whole stream in pieces that end with a line, as far as lines are shorter than a piece."""
    rewind(stream)
    while block := stream.read(BLOCK):
        yield block + stream.readline(BLOCK)


def _check_regular(path: Path) -> None:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise DataError([Problem(path, None, None, f"is {_kind(mode)}, not a file.", "Move it out of the project.")])


def _kind(mode: int) -> str:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def _state(stream: IO[bytes]) -> tuple[int, int]:
    found = os.fstat(stream.fileno())
    return found.st_size, found.st_mtime_ns


def _unpack(packed: IO[bytes], target: IO[bytes], path: Path) -> None:
    limit = max(UNPACKED_FREELY, UNPACKING_RATIO * os.fstat(packed.fileno()).st_size)
    try:
        with gzip.GzipFile(fileobj=packed) as content:
            while block := content.read(BLOCK):
                target.write(block)
                if target.tell() > limit:
                    raise _refusal(path, "unpacks to more than 100 times its size.", "Unpack it yourself.")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _refusal(path, f"cannot be unpacked: {error}.", "Pack it again with gzip.") from error


def _refusal(path: Path, message: str, remedy: str) -> DataError:
    return DataError([Problem(path, None, None, message, remedy)])
