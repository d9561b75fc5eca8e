"""Conversion between RDF syntaxes: streaming, strict, and nothing is lost in silence."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import AccessError, UsageError
from communique.iris import Prefixes
from communique.syntax.serialization import prefixes_in_use, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from communique.formats import Format
    from communique.syntax import Parsing

# So many quads are looked at for well-known namespaces before the first is written.
SAMPLE = 10_000
DEFAULT_GRAPH = ox.DefaultGraph()


def convert(
    quads: Parsing,
    output: IO[bytes],
    *,
    to: Format,
    graph: str | None = None,
    union: bool = False,
) -> None:
    """Write what was parsed in another format.

    `graph` picks the graph of this name, `union` puts all graphs together. Raises UsageError if neither is given, the
    format has no named graphs, and the data does; DataError if the data is malformed.
    """
    chosen = _chosen(quads, to=to, graph=graph, union=union)
    start = list(islice(chosen, SAMPLE))
    declared = quads.prefixes
    prefixes = prefixes_in_use(start, Prefixes(declared)) | declared
    write(chain(start, chosen), output, format=to, prefixes=prefixes)


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content becomes the file when the block ends well; otherwise the file stays as it was.

    Raises AccessError if it cannot be written.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise AccessError(f"{path}: is no file that could be written")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(target)
    except OSError as error:
        raise AccessError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _chosen(quads: Parsing, *, to: Format, graph: str | None, union: bool) -> Iterator[ox.Quad]:
    if graph is not None:
        return _of_graph(quads, graph)
    if union:
        return _once(quads)
    return iter(quads) if to.graphs else _without_graphs(quads, to)


def _of_graph(quads: Parsing, graph: str) -> Iterator[ox.Quad]:
    try:
        name = ox.NamedNode(graph)
    except ValueError as error:
        raise UsageError(f"{graph!r} is no IRI: {error}") from error
    found = False
    for quad in quads:
        if quad.graph_name == name:
            found = True
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    if not found:
        raise UsageError(f"the data has no graph {name}")


def _once(quads: Parsing) -> Iterator[ox.Quad]:
    """Give each triple once, in whatever graphs it stands; what was given is kept in memory."""
    seen = ox.Dataset()
    for quad in quads:
        triple = ox.Quad(quad.subject, quad.predicate, quad.object)
        if triple not in seen:
            seen.add(triple)
            yield triple


def _without_graphs(quads: Parsing, to: Format) -> Iterator[ox.Quad]:
    for quad in quads:
        if quad.graph_name != DEFAULT_GRAPH:
            raise UsageError(
                f"{to.label} has no named graphs, and the data has, such as {quad.graph_name}. Choose a format with"
                " graphs (trig, nquads, jsonld), one graph with --graph, or all together with --union."
            )
        yield quad
