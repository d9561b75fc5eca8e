"""What the arguments of commands mean: a text, a parsing, a format, a place where the data are."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import AccessError, DataError, UsageError
from communique.legibility import legible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyoxigraph import NamedNode, Quad

    from communique.backend import Backend
    from communique.formats import Format
    from communique.iris import Prefixes
    from communique.store import Results
    from communique.syntax import Parsing


def read_text(file: Path) -> str:
    """Return the text of a file, `-` for stdin; raises AccessError, and UsageError if it is not UTF-8."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise AccessError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not valid UTF-8") from error


def parse(file: Path, *, from_name: str | None, base: str | None) -> Parsing:
    """Return the parsing of a file, `-` for stdin; the format is the one named, else the one of the extension."""
    from communique.project import bundled_context
    from communique.syntax import JSONLD_CONTEXT, parse_file, parse_stream

    contexts = {JSONLD_CONTEXT: bundled_context()}
    if str(file) != "-":
        return parse_file(file, format=rdf_format(from_name, file, "--from"), base=base, contexts=contexts)
    source = rdf_format(from_name, None, "--from")
    return parse_stream(sys.stdin.buffer, format=source, base=base, contexts=contexts)


def rdf_format(name: str | None, file: Path | None, option: str) -> Format:
    """Return the RDF format that an option names, or the extension of a file."""
    from communique.formats import FORMATS
    from communique.syntax import format_of

    names = ", ".join(each.name for each in FORMATS.of_kind("rdf"))
    if name is None and file is None:
        raise UsageError(f"which format? Say {option} with one of {names}")
    try:
        found = FORMATS.by_name(name) if name else format_of(file or Path())
    except DataError as error:
        raise UsageError(f"which format? Say {option} with one of {names}") from error
    if found.kind != "rdf":
        raise UsageError(f"{found.name} is no RDF format: use one of {names}")
    return found


def more_quads(
    url: str | None, *, graphs: Sequence[str], progress: Callable[[str], None], quiet: bool
) -> tuple[Iterator[Quad] | None, dict[str, str]]:
    """Return every quad of the service at `url`, or of these graphs of it, with the title and base that it tells.

    There is no quad, but None, where no service is meant. It is told on stderr when the service cannot be reached and
    is tried again, unless `quiet`. At their end the quads raise AccessError where there were none; where only some of
    the graphs have none, that is told.
    """
    if url is None:
        if graphs:
            raise UsageError("--graph chooses graphs of a service: name it with --store")
        return None, {}
    from communique.remote.presence import unless_empty
    from communique.remote.service import Service
    from communique.remote.store import RemoteStore

    only = graph_names(graphs)
    service = Service(url, tell=None if quiet else tell)
    store = RemoteStore(service, only=only, progress=progress)
    told = {"title": store.beside.title, "base": store.beside.base}
    return unless_empty(store.quads(), url, only=only, warn=tell), told


def tell(line: str) -> None:
    """Write a line to stderr, if anybody reads it."""
    with suppress(OSError, ValueError):
        print(legible_name(line), file=sys.stderr, flush=True)


def graph_names(graphs: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs of graphs; raises UsageError if one is none."""
    from pyoxigraph import NamedNode

    try:
        return tuple(NamedNode(graph).value for graph in graphs)
    except ValueError as error:
        raise UsageError(f"--graph: {error}") from error


def answered(
    text: str, folder: Path, *, url: str | None, default_graphs: Sequence[str], named_graphs: Sequence[str]
) -> tuple[Results, Backend]:
    """Return the answer to a query, and what it was put to: a project, or the service at `url` with its prefixes.

    Graphs are given by IRIs, in full or by a prefix, and go before those that the query names; raises UsageError.
    """
    from communique.project import Project
    from communique.store import Store

    store = Store.load(Project.open(folder, may_be_empty=url is not None))
    default, named = (
        [iri_of(each, store.prefixes).value for each in given] for given in (default_graphs, named_graphs)
    )
    if url is None:
        return store.query_in(text, default_graphs=default, named_graphs=named), store
    from communique.remote.service import Service
    from communique.remote.store import RemoteStore

    graphs = {"default-graph-uri": default, "named-graph-uri": named}
    with closing(Service(url, graphs=graphs)) as service:
        remote = RemoteStore(service, prefixes=store.prefixes)
        return remote.query(text), remote


def iri_of(text: str, prefixes: Prefixes) -> NamedNode:
    """Return the IRI that an argument gives in full or by a prefix; raises UsageError."""
    from pyoxigraph import NamedNode

    try:
        return NamedNode(spelt_out(text, prefixes))
    except ValueError as error:
        raise UsageError(f"{text!r} is no IRI: write it in full, or with a prefix of the project") from error


def relation_of(text: str, prefixes: Prefixes) -> NamedNode:
    """Return the predicate that an argument names; raises UsageError for what a mapping set would refuse."""
    from communique.syntax.mappings import fault_of_relation

    found = iri_of(text, prefixes)
    if fault := fault_of_relation(found):
        raise UsageError(f"{fault[0]} relates no things. {fault[1]}")
    if found.value == text and "//" not in text and not text.startswith("urn:"):
        raise UsageError(f"{text!r} has a prefix that the project does not declare: write the IRI in full")
    return found


def spelt_out(text: str, prefixes: Prefixes) -> str:
    """Return the IRI that an argument gives by a prefix; any other text as it is."""
    prefix, colon, rest = text.partition(":")
    return prefixes.expand(text) if colon and prefix in prefixes and not rest.startswith("//") else text
