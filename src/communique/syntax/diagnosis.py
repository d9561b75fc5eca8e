"""Why a file cannot be parsed, in words that help: what stands there, and what to do."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from communique.errors import Problem
from communique.syntax.sources import rewind

if TYPE_CHECKING:
    from pathlib import Path

PLACE = re.compile(r"^Parser error (?:at|between) line .*?: ", re.DOTALL)
MERGE_MARK = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
REMEDIES = (
    ("prefix (\\S*): has not been declared", "Declare it: @prefix {0}: <{1}> ."),
    ("No scheme found in an absolute IRI", "Write a full IRI, or declare a base."),
    ("A dot is expected", "End the statement before with a dot."),
    ("Quads must be followed by a dot", "End each statement with a dot; a graph name needs N-Quads (.nq)."),
    ("Line jumps are not allowed", 'Close the string, or use """ for text of several lines.'),
    ("\\{ is not a valid predicate", "Graphs need TriG: name the file .trig."),
    ("Invalid IRI (?:code point|percent)", "Percent-encode what an IRI may not hold."),
    ("[Ii]nvalid UTF-8", "Save the file as UTF-8."),
    ("Unexpected end of file", "Close what begins here."),
    ("Reached the buffer maximal size", "No literal may be longer than 16 MiB."),
)


def recognise(stream: IO[bytes], path: Path) -> Problem | None:
    """Return what a file is that cannot be RDF for a reason that people know, or None."""
    return _foreign(rewind(stream).read(4096), path) or _merge_mark(stream, path)


def diagnose(
    error: SyntaxError | MemoryError, stream: IO[bytes], path: Path, *, format: ox.RdfFormat, base: str | None
) -> Problem:
    """Return the problem behind an error of the parser; the stream is read again if the parser gives no line."""
    message = PLACE.sub("", str(error.args[0]) if error.args else "cannot be parsed")
    line = error.lineno if isinstance(error, SyntaxError) else None
    column = error.offset if isinstance(error, SyntaxError) else None
    if line is None:
        line = _line_reached(stream, format, base)
    return Problem(path, line, column, message.rstrip(".") + ".", _remedy(message))


def _foreign(start: bytes, path: Path) -> Problem | None:
    """Recognise what is no RDF at all."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]:
        return Problem(path, 1, 1, "is encoded as UTF-16 or UTF-32.", "Save it as UTF-8.")
    if start.startswith(b"version https://git-lfs.github.com/"):
        return Problem(path, 1, 1, "is a Git LFS pointer, not the data.", "Fetch the data: git lfs pull.")
    if start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return Problem(path, 1, 1, "looks like an HTML page.", "Download the RDF itself.")
    return None


def _merge_mark(stream: IO[bytes], path: Path) -> Problem | None:
    rewind(stream)
    for number, line in enumerate(stream, 1):
        if MERGE_MARK.match(line):
            return Problem(path, number, 1, "has a mark of an unfinished merge.", "Resolve the conflict first.")
    return None


def _remedy(message: str) -> str:
    from communique.iris import WELL_KNOWN  # whose patterns take longer to compile than a server to start its workers

    for pattern, remedy in REMEDIES:
        if found := re.search(pattern, message):
            prefix = found[1] if found.groups() else ""
            return remedy.format(prefix, WELL_KNOWN.get(prefix, "..."))
    return ""


class _LineByLine:
    """A stream that hands out one line a time, and so knows how far its reader has come."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.line = 1
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        self.line += self._ended
        piece = self._stream.readline(size)
        self._ended = piece.endswith(b"\n")
        return piece


def _line_reached(stream: IO[bytes], format: ox.RdfFormat, base: str | None) -> int | None:
    """Return the line at which the parser fails, for parsers that do not say."""
    reader = _LineByLine(rewind(stream))
    try:
        for _ in ox.parse(cast("IO[bytes]", reader), format=format, base_iri=base):
            pass
    except (SyntaxError, MemoryError):
        return reader.line
    return None
