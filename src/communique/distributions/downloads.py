"""Downloads: every dump plain and packed, with its size, its statements and its checksum.

The canonical N-Quads are what RDFC-1.0 hashes, so that the checksum of that file is the hash of the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from communique.distributions.class_tables import ClassTables, metadata_path
from communique.distributions.dumps import write_dumps
from communique.distributions.packing import PackedFile, Packing
from communique.distributions.parquet import check_installed, write_parquet
from communique.distributions.table_archive import ARCHIVE, write_archive
from communique.formats import ANNOTATED, NQUADS
from communique.garbage import few_collections
from communique.representations.context import Context
from communique.settings import FILE
from communique.website.dump_paths import annotated_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from communique.distributions.class_tables import TableFile
    from communique.distributions.dumps import Counts, Dump
    from communique.distributions.packing import Packed
    from communique.distributions.parquet import ParquetFile
    from communique.distributions.table_archive import Archive
    from communique.formats import Format
    from communique.generations import Generation
    from communique.website.site import Site

SUMS = "dumps/SHA256SUMS"
HASH = "dumps/rdfc-1.0.txt"
"""The hash of the dataset by RDFC-1.0, in hexadecimal, alone on a line."""


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file below `dumps/`: its path, its size in bytes, its SHA-256, how it is packed, and its statements.

    The statements of formats with graphs are quads. In RDF 1.2 so many are `annotated` with the evidence that states
    them, by so many triples more (`annotations`).
    """

    path: str
    format: Format
    size: int
    sha256: str
    packing: Packing
    statements: int
    annotated: int = 0
    annotations: int = 0

    @property
    def compressed(self) -> bool:
        """Whether it has to be unpacked."""
        return self.packing is not Packing.NONE


@dataclass(frozen=True, slots=True)
class Downloads:
    """What there is to take home: the dumps in all their packings, and the tables."""

    dumps: tuple[DumpFile, ...]
    tables: tuple[TableFile, ...]
    archive: Archive
    parquet: tuple[ParquetFile, ...] = ()

    @property
    def hash(self) -> str:
        """The RDFC-1.0 hash of the dataset."""
        return dataset_hash(self.dumps)

    @property
    def table_sums(self) -> dict[str, str]:
        """The SHA-256 of each file with a table or its metadata, and of the archive of them all, by their paths."""
        tables = {each.path: each.sha256 for each in self.tables}
        tables |= {metadata_path(each.path): each.metadata_sum for each in self.tables}
        return tables | {ARCHIVE: self.archive.sha256} | {each.path: each.sha256 for each in self.parquet}


def write_downloads(site: Site, new: Generation) -> Downloads:
    """Write all dumps, each beside its packed forms, the tables, their checksums, and the hash of the dataset.

    Raises ProjectError if the settings ask for Parquet and the library for it is missing.
    """
    settings = site.project.settings
    if settings.parquet:
        check_installed(site.project.root / FILE)
    tables = ClassTables(site, new)
    paths = {**site.dumps, ANNOTATED: annotated_path(site.dumps)}
    files = write_packed(site, new, paths=paths, others=(tables,))
    parquet = write_parquet(new, tables.files) if settings.parquet else ()
    paths_of_tables = [path for each in tables.files for path in (each.path, metadata_path(each.path))]
    archive = write_archive(new, [*paths_of_tables, *(each.path for each in parquet)])
    found = Downloads(files, tables.files, archive, parquet)
    sums = {each.path: each.sha256 for each in files} | found.table_sums
    new.write(SUMS, "".join(f"{sum_}  {path.removeprefix('dumps/')}\n" for path, sum_ in sums.items()).encode())
    new.write(HASH, f"{found.hash}\n".encode())
    return found


def write_packed(
    site: Site,
    new: Generation,
    *,
    paths: Mapping[Format, str],
    packings: Collection[Packing] = tuple(Packing),
    others: Iterable[Dump] = (),
) -> tuple[DumpFile, ...]:
    """Write dumps in some formats, each in some `packings`; the annotated one is for the new, and packed only."""
    prefixes = site.store.prefixes
    context = Context.read(site.project.context.read_bytes(), prefixes=prefixes, name=str(site.project.context))
    packed = {
        format: PackedFile(new, path, packings=[each for each in packings if each or format != ANNOTATED])
        for format, path in paths.items()
    }
    outs = {format: cast("IO[bytes]", file) for format, file in packed.items()}
    with few_collections():
        counts = write_dumps(site.store, outs=outs, prefixes=prefixes, context=context, others=others)
    return tuple(_measured(each, format, counts) for format, file in packed.items() for each in file.finish())


def plain(files: tuple[DumpFile, ...]) -> tuple[DumpFile, ...]:
    """Return the files that are not compressed."""
    return tuple(each for each in files if not each.compressed)


def dataset_hash(files: tuple[DumpFile, ...]) -> str:
    """Return the RDFC-1.0 hash of the dataset."""
    return next(each.sha256 for each in files if each.format == NQUADS and not each.compressed)


def _measured(file: Packed, format: Format, counts: Counts) -> DumpFile:
    more = (counts.annotated, counts.annotations) if format == ANNOTATED else ()
    return DumpFile(file.path, format, file.size, file.sha256, file.packing, counts.of(format), *more)
