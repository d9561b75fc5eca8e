"""A store on disk that many processes read and nobody writes, with checksums: the engine notices no flipped bit."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import pyoxigraph as ox

from communique.errors import AccessError
from communique.generations import held
from communique.syntax.answer_text import NONE, write_graph, write_results
from communique.union import ask, with_union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import IO

MANIFEST = "SHA256SUMS.json"
PREFIX = "store-"
NAMES = "names.sqlite"
"""The index of names, which lies with the store, is made anew with it, and is one of the files of the snapshot."""
INPUTS = "inputs.sha256"
"""What the snapshot and its site were built from (`communique.publication.freshness`); it is written last."""
THREADS = min(4, os.cpu_count() or 1)
"""Threads that make digests: hashlib lets go of the interpreter meanwhile."""
OTHERS = ("SHA256SUMS", "LOCK", "LOG", "inputs")
RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RESULTS_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


class Part(NamedTuple):
    """A part of a snapshot that shares no triple with the others: its IRI, its triples, and whether it is one graph."""

    iri: str
    triples: int
    graph: bool = False


class Size(NamedTuple):
    """How many triples the union of all graphs has, how many graphs have a name, and the parts that it is made of."""

    triples: int
    graphs: int
    parts: tuple[Part, ...] = ()


NOTHING = Size(0, 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found: `form` says whether it is bindings, a boolean or a graph."""

    form: Literal["bindings", "boolean", "graph"]
    _results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

    def write(self, output: IO[bytes], *, format_name: str, prefixes: Mapping[str, str] = NONE) -> None:
        """Evaluate to the end, writing to `output` in a format of the table that suits the form.

        A graph is written with those of the `prefixes` that occur in it, where the format has them.

        Raises UsageError where the format cannot hold what is found, and CapturedError where JSON-LD cannot have the
        prefixes, as is seen in the midst of it.
        """
        if isinstance(self._results, ox.QueryTriples):
            write_graph(self._results, output, format=RDF_FORMATS[format_name], prefixes=prefixes)
        else:
            write_results(self._results, output, format=RESULTS_FORMATS[format_name])


class Snapshot:
    """An open snapshot. Writers never touch its folder: a new state of the data is a new folder."""

    def __init__(self, store: ox.Store) -> None:
        """Read from `store`."""
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Open the snapshot in `folder` read-only; raises AccessError. Many processes may do so at once."""
        try:
            return cls(ox.Store.read_only(str(folder)))
        except OSError as error:
            raise AccessError(f"{folder}: no snapshot can be opened: {error}") from error

    def query(
        self, text: str, *, base: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """Evaluate a query over the union of all graphs, or over those that are named (`union.ask`).

        `base` is the IRI that relative ones in the text are resolved against.

        Raises SyntaxError when the text is no query. The rest may fail while the answer is written.
        """
        results = ask(
            self._store, text, empty=ox.Store, default_graphs=default_graphs, named_graphs=named_graphs, base=base
        )
        if isinstance(results, ox.QuerySolutions):
            return Answer("bindings", results)
        return Answer("boolean" if isinstance(results, ox.QueryBoolean) else "graph", results)


def write(
    quads: Iterable[ox.Quad],
    folder: Path,
    *,
    parts: Iterable[Part] = (),
    names: Callable[[Path], None] = lambda _: None,
) -> None:
    """Write a snapshot of `quads` into `folder`, which must not exist, with the SHA-256 of each of its files.

    `parts` are remembered as those that it is made of; `names` writes the index of names at the path that it is given.

    Raises AccessError, and leaves nothing.
    """
    try:
        store = ox.Store(str(folder))
        store.bulk_extend(with_union(quads))
        triples = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        graphs = sum(1 for _ in store.named_graphs())
        store.optimize()
        store.flush()
        del store
        names(folder / NAMES)
        sums = {path.name: _digest(path) for path in _files(folder)}
        with (folder / MANIFEST).open("w", encoding="ascii") as out:
            told = {"files": sums, "graphs": graphs, "parts": list(parts), "triples": triples}
            json.dump(told, out, indent=0, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
    except (OSError, AccessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, AccessError):
            raise
        raise AccessError(f"{folder}: no snapshot can be written: {error}") from error


def beside(site: Path) -> Path:
    """Return the folder of the snapshot of a generation: of this one, or of that to which the link of a build leads."""
    generation = site.absolute().parent / (site.readlink() if site.is_symlink() else site.name)
    return generation.with_name(f"{PREFIX}{generation.name}")


def write_beside(
    site: Path,
    quads: Iterable[ox.Quad],
    *,
    parts: Iterable[Part] = (),
    names: Callable[[Path], None] = lambda _: None,
) -> Path:
    """Write the snapshot that belongs to a generation, or to the one that `site` shows, and return its folder.

    The one before stays, and so do those that a server holds. `parts` and `names` are those of `write`.
    """
    folder = beside(site)
    former = f"{PREFIX}{int(folder.name.removeprefix(PREFIX)) - 1}"
    for other in folder.parent.glob(f"{PREFIX}*"):
        if other.name != former and not held(other.with_name(other.name.removeprefix(PREFIX))):
            shutil.rmtree(other, ignore_errors=True)
    write(quads, folder, parts=parts, names=names)
    return folder


class Check:
    """The check of each file of a snapshot against its SHA-256, which begins at once and goes on in threads.

    A server begins it first of all and loads its program meanwhile: the digests take longer than anything else.
    """

    def __init__(self, folder: Path) -> None:
        """Begin to check `folder`."""
        self.folder = folder
        self._found: dict[str, Future[str]] = {}
        threads = ThreadPoolExecutor(THREADS, "snapshot")
        with suppress(OSError):  # what is missing is told with the result
            self._found = {path.name: threads.submit(_digest, path) for path in _largest_first(folder)}
        threads.shutdown(wait=False)

    def result(self) -> Size:
        """Return how much the snapshot holds, when it is checked.

        Raises AccessError that names what is changed or missing.
        """
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text(encoding="ascii"))
            parts = tuple(Part(*each) for each in manifest.get("parts", ()))
            sums, size = manifest["files"], Size(int(manifest["triples"]), int(manifest["graphs"]), parts)
            found = {name: digest.result() for name, digest in self._found.items()}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise AccessError(f"{self.folder}: the snapshot has no readable {MANIFEST}: {error}") from error
        for name in sorted(sums.keys() | found.keys()):
            if sums.get(name) != found.get(name):
                raise AccessError(f"{self.folder / name}: the snapshot is damaged: run `communique build --snapshot`")
        return size

    def trouble(self) -> str:
        """Return what is wrong with the snapshot, "" if nothing is."""
        try:
            self.result()
        except AccessError as error:
            return str(error)
        return ""


def _files(folder: Path) -> list[Path]:
    """The files that hold the data: not the lock and the log, which the engine writes when it opens."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.partition(".")[0] not in OTHERS)


def _largest_first(folder: Path) -> list[Path]:
    return sorted(_files(folder), key=lambda path: path.stat().st_size, reverse=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
