"""The page of downloads: what is in each file, how large it is, and how it is used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from communique.distributions.class_tables import FOLDER as TABLES
from communique.distributions.class_tables import metadata_path
from communique.distributions.packing import Packing
from communique.distributions.parquet import EXTENSION
from communique.distributions.table_archive import ARCHIVE
from communique.distributions.versions import FOLDER, TABLES_OF_VERSION
from communique.formats import ANNOTATED, JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE
from communique.metadata.void import root_of
from communique.website.dump_paths import annotated_path
from communique.website.pages import folder_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import NamedNode

    from communique.distributions.class_tables import TableFile
    from communique.distributions.downloads import Downloads, DumpFile
    from communique.distributions.parquet import ParquetFile
    from communique.distributions.versions import Version, Versions
    from communique.formats import Format
    from communique.website.pages import Page
    from communique.website.site import Site


@dataclass(frozen=True, slots=True)
class DumpRow:
    """A dump in all its packings. Its statements are quads if the format has graphs.

    It lacks as many statements as its format cannot say: those that have a statement for an object (RDF 1.2).
    """

    format: Format
    files: tuple[DumpFile, ...]
    lacking: int = 0

    @property
    def is_annotated(self) -> bool:
        """Whether this is RDF 1.2, where statements are annotated with what states them."""
        return self.format == ANNOTATED

    @property
    def annotated(self) -> int:
        """How many statements are annotated."""
        return self.files[0].annotated

    @property
    def graphs(self) -> bool:
        """Whether each statement stands in the graph that states it."""
        return self.files[0].statements == 0 or self.format.name in {"nquads", "trig"}

    @property
    def statements(self) -> int:
        """How many statements there are."""
        return self.files[0].statements


@dataclass(frozen=True, slots=True)
class Example:
    """How a file is used: the language or the program, and a line of it."""

    tool: str
    code: str


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """What the page of downloads tells."""

    dumps: tuple[DumpRow, ...]
    tables: tuple[TableFile, ...]
    parquet: Mapping[NamedNode, ParquetFile]
    archive: str
    versions: tuple[Version, ...]
    current: Version | None
    hash: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a folder: its name, its size in bytes, its SHA-256, and what it holds.

    That is `graphs` for each statement in its graph, `union` for all statements together, `annotated`, `tables`, or
    `table` for that of a class, `cls`, `parquet` for the same as Parquet.
    """

    name: str
    size: int
    sha256: str
    holds: str
    cls: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of downloads: its version if it is that of one, the hash of its dataset, and its files.

    `tables` is true for the folder of the tables alone.
    """

    version: Version | None
    hash: str
    files: tuple[FileRow, ...]
    tables: bool = False


def folder_pages(page: DownloadsPage) -> Iterator[Page]:
    """Give the page of each folder: that of all downloads, those of the versions, each before that of its tables."""
    yield folder_page(FOLDER)
    if page.tables:
        yield folder_page(TABLES)
    for version in page.versions:
        yield folder_page(version.path)
        if version.tables:
            yield folder_page(f"{version.path}/{TABLES_OF_VERSION}")


def folder_of(taken: DownloadsPage, page: Page) -> Folder:
    """Return what the page of a folder tells."""
    for version in taken.versions:
        tables = tuple(_tables_of(version, taken))
        if page == folder_page(version.path):
            rows = tuple(FileRow(each.name, each.size, each.sha256, _holds(each.name)) for each in version.files)
            return Folder(version, version.hash, (*rows, *tables))
        if page == folder_page(f"{version.path}/{TABLES_OF_VERSION}"):
            rows = tuple(replace(each, name=_name(each.name)) for each in tables)
            return Folder(version, version.hash, rows, tables=True)
    if page == folder_page(TABLES):
        found = [FileRow(_name(each.path), each.size, each.sha256, "table", each.cls) for each in taken.tables]
        more = taken.parquet.values()
        found += [FileRow(_name(each.path), each.size, each.sha256, "parquet", each.cls) for each in more]
        return Folder(None, taken.hash, tuple(found), tables=True)
    files = [file for row in taken.dumps for file in row.files]
    found = [FileRow(name, each.size, each.sha256, _holds(name)) for each in files if (name := _name(each.path))]
    return Folder(None, taken.hash, tuple(found))


def _tables_of(version: Version, taken: DownloadsPage) -> Iterator[FileRow]:
    """Give a row for each table of a version; of a class that the site has no more, the page says less."""
    classes = {_name(each.path).removesuffix(".csv"): each.cls for each in taken.tables}
    for each in version.tables:
        cls = classes.get(_name(each.name).removesuffix(".csv").removesuffix(EXTENSION))
        kind = "parquet" if each.name.endswith(EXTENSION) else "table"
        if each.name != metadata_path(each.name.removesuffix("-metadata.json")):
            yield FileRow(each.name, each.size, each.sha256, kind if cls else "tables", cls)


def _holds(name: str) -> str:
    plain = name.removesuffix(Packing.GZIP).removesuffix(Packing.ZSTD)
    if plain.endswith(f".annotated{TURTLE.extension}"):
        return "annotated"
    if plain.endswith((NQUADS.extension, TRIG.extension)):
        return "graphs"
    return "tables" if name == _name(ARCHIVE) else "union"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def downloads_page(site: Site, taken: Downloads, versions: Versions) -> DownloadsPage:
    """Return what there is to download."""
    formats = dict.fromkeys(each.format for each in taken.dumps)
    lacking = {JSONLD: _nested(taken)}
    rows = (
        DumpRow(format, tuple(each for each in taken.dumps if each.format == format), lacking.get(format, 0))
        for format in formats
    )
    return DownloadsPage(
        tuple(rows),
        taken.tables,
        {each.cls: each for each in taken.parquet},
        ARCHIVE,
        versions.all,
        versions.current,
        taken.hash,
        _examples(site, taken),
    )


def _nested(taken: Downloads) -> int:
    """Return how many statements JSON-LD lacks: those that have a statement for an object."""
    held = {each.format: each.statements for each in taken.dumps}
    return held[NTRIPLES] - held[JSONLD]


def _examples(site: Site, taken: Downloads) -> tuple[Example, ...]:
    names = {format: path.rpartition("/")[2] for format, path in site.dumps.items()}
    url, annotated = root_of(site) + "dumps/", annotated_path(site.dumps).rpartition("/")[2]
    found = [
        Example("curl", f"curl -O {url}{names[NQUADS]}.gz && gunzip {names[NQUADS]}.gz"),
        Example(
            "Python, pyoxigraph", f'import pyoxigraph; s = pyoxigraph.Store(); s.bulk_load(path="{names[NQUADS]}")'
        ),
        *([] if _nested(taken) else [Example("Python, rdflib", _rdflib(names[TURTLE]))]),
        Example(
            "Python, RDF 1.2",
            f'import gzip, pyoxigraph; g = list(pyoxigraph.parse(gzip.open("{annotated}{Packing.GZIP}"), '
            "format=pyoxigraph.RdfFormat.TURTLE))",
        ),
        Example("JavaScript, n3", _javascript(names[NTRIPLES])),
    ]
    if taken.tables:
        largest = _name(max(taken.tables, key=lambda each: each.rows).path)
        code = f'import pandas; t = pandas.read_csv("{largest}", dtype_backend="numpy_nullable")'
        found += [Example("Python, pandas", code), Example("R", f'table <- read.csv("{largest}")')]
    if taken.parquet:
        name = largest.removesuffix(".csv") + EXTENSION
        found.append(Example("Python, DuckDB", f"""import duckdb; t = duckdb.sql("SELECT * FROM '{name}'")"""))
    return tuple(found)


def _rdflib(name: str) -> str:
    """Return an example for rdflib, which reads RDF 1.1."""
    return f'import rdflib; g = rdflib.Graph().parse("{name}")'


def _javascript(name: str) -> str:
    return f'const quads = new (require("n3").Parser)().parse(require("fs").readFileSync("{name}", "utf8"))'
