"""What the arguments of commands mean: a text, a parsing, a format, a place where the data are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import AccessError, DataError, UsageError

if TYPE_CHECKING:
    from communique.formats import Format
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
