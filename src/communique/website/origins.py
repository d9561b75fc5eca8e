"""Origins: which files of a project say something about a thing, and in which line each begins to.

Only files that people write by hand are read a second time: Turtle, TriG, N-Triples and N-Quads of a moderate size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from communique.errors import AccessError, DataError
from communique.positions import LARGE, TURTLE_LIKE
from communique.syntax import format_of
from communique.syntax.sources import opened
from communique.syntax.turtle_lines import UnreadableError, subject_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.project import Project, SourceFile


class Origin(NamedTuple):
    """A line of a file, by its name in the project."""

    file: str
    line: int


Origins = dict[str, tuple[Origin, ...]]


def origins_of(project: Project) -> Origins:
    """Return, for each IRI that begins a statement, the lines in which the first about it begins, one for each file."""
    found: dict[str, list[Origin]] = {}
    files = (file for role in ("data", "ontology", "shapes") for file in project.files(role) if not file.bundled)
    for file in files:
        for iri, line in _lines(file).items():
            found.setdefault(iri, []).append(Origin(file.name, line))
    return {iri: tuple(each) for iri, each in found.items()}


def _lines(file: SourceFile) -> Mapping[str, int]:
    try:
        if format_of(file.path).name not in TURTLE_LIKE:
            return {}
        with opened(file.path) as stream:
            text = stream.read(LARGE + 1)
            return subject_lines(text.decode(), base=file.path.resolve().as_uri()) if len(text) <= LARGE else {}
    except (AccessError, DataError, UnicodeDecodeError, UnreadableError):
        return {}  # a line is a courtesy: what is wrong with the file, others have said
