"""The archive of all tables: the folder of the tables in one file, with the same bytes each time."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.generations import Generation

ARCHIVE = "dumps/tables.zip"
LEVEL = 3
"""Of packing; the higher ones take twice the time and more for a fifth of the size."""
PACKED = (".parquet",)
"""Files that are packed already."""


class Archive(NamedTuple):
    """The archive as it was written: its size in bytes, its SHA-256, its path."""

    size: int
    sha256: str
    path: str = ARCHIVE


def write_archive(new: Generation, paths: Iterable[str]) -> Archive:
    """Put files that were written below `dumps/` into the archive, by their paths there."""
    with new.open(ARCHIVE) as out, zipfile.ZipFile(out, "w", compresslevel=LEVEL) as archive:
        for path in sorted(paths):
            # No time stands in the archive: the earliest that the format has stands for none.
            entry = zipfile.ZipInfo(path.removeprefix("dumps/"))
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(PACKED) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with (new.folder / path).open("rb") as content, archive.open(entry, "w") as packed:
                while piece := content.read(1 << 20):
                    packed.write(piece)
    with (new.folder / ARCHIVE).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Archive(file.tell(), sha256)
