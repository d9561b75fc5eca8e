"""Downloads: every dump plain and compressed, with its size, its statements and its checksum.

The canonical N-Quads are what RDFC-1.0 hashes, so that the checksum of that file is the hash of the dataset.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.canonical import Canonical
from communique.context import Context
from communique.dumps import dump
from communique.formats import NQUADS

if TYPE_CHECKING:
    from communique.formats import Format
    from communique.generations import Generation
    from communique.site import Site

GZIP = ".gz"
SUMS = "dumps/SHA256SUMS"
LEVEL = 6


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file below `dumps/`: its path, its size in bytes and its SHA-256; `compressed` if by gzip."""

    path: str
    format: Format
    size: int
    sha256: str
    compressed: bool


def write_dumps(site: Site, new: Generation) -> tuple[DumpFile, ...]:
    """Write all dumps, each followed by its compressed form, and their checksums."""
    prefixes = site.store.prefixes
    context = Context.read(site.project.context.read_bytes(), prefixes=prefixes, name=str(site.project.context))
    source = Canonical(site.store)
    files = []
    for format, path in site.dumps.items():
        with new.open(path) as stream:
            dump(source, format=format, prefixes=prefixes, out=stream, context=context)
        _compress(path, new)
        files += [_measured(path, format, new), _measured(path + GZIP, format, new)]
    new.write(SUMS, "".join(f"{each.sha256}  {each.path.removeprefix('dumps/')}\n" for each in files).encode())
    return tuple(files)


def plain(files: tuple[DumpFile, ...]) -> tuple[DumpFile, ...]:
    """Return the files that are not compressed."""
    return tuple(each for each in files if not each.compressed)


def dataset_hash(files: tuple[DumpFile, ...]) -> str:
    """Return the RDFC-1.0 hash of the dataset."""
    return next(each.sha256 for each in files if each.format == NQUADS and not each.compressed)


def _compress(path: str, new: Generation) -> None:
    # Neither a name nor a time stands in the file (RFC 1952, section 2.3.1): the same dump gives the same bytes.
    with (
        (new.folder / path).open("rb") as plain,
        new.open(path + GZIP) as stream,
        gzip.GzipFile("", "wb", LEVEL, stream, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed)


def _measured(path: str, format: Format, new: Generation) -> DumpFile:
    file = new.folder / path
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return DumpFile(path, format, file.stat().st_size, digest, path.endswith(GZIP))
