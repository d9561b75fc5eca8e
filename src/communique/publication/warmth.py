"""Warmth: what a process that builds again and again has ready: shapes that are read, templates that are compiled.

Each part is made of nothing but files, and is taken only while these are the very ones that it was made of. What
depends on the data is no part of it.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from communique.shacl.validation import read_shapes
from communique.website.catalogues import FOLDER, interfaces
from communique.website.theme import Compiled, compile_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from communique.project import Project
    from communique.shacl.shapes import Shapes

Made = TypeVar("Made")


class Warmth:
    """The shapes and the compiled templates of one project, from one build to the next.

    `program` is the digest of the program that builds, "" where it was loaded just now (`freshness`).
    """

    def __init__(self, program: str = "") -> None:
        """Have nothing ready."""
        self.program = program
        self._shapes: _Kept[Shapes] = _Kept()
        self._compiled: _Kept[defaultdict[str, Compiled]] = _Kept()

    def shapes(self, project: Project) -> Shapes:
        """Return the shapes of a project; raises DataError if one is malformed."""
        paths = [file.path for file in project.files("shapes")]
        return self._shapes.of(paths, lambda: read_shapes(project))

    @contextmanager
    def compiled(self, project: Project) -> Iterator[defaultdict[str, Compiled]]:
        """Give the compiled templates by language, for a block that reads the catalogues, and adds what it compiles.

        Their words are those of the catalogues. The state of these is taken before they are read, and again afterwards:
        else words that were read before an edit could pass for those after it.
        """
        try:
            yield self._compiled.of(_catalogues(project), lambda: defaultdict(Compiled))
        finally:
            self._compiled.forget_unless(_catalogues(project))

    def renew(self, project: Project) -> None:
        """Make ready what is not; raises CommuniqueError where something is wrong that a build will tell."""
        self.shapes(project)
        with self.compiled(project) as compiled:
            for language, words in interfaces(project).items():
                compile_templates(project, words=words, compiled=compiled[language])


class _Kept(Generic[Made]):
    """The latest value that was made of some files."""

    def __init__(self) -> None:
        self._state: str | None = None
        self._made: Made | None = None

    def of(self, paths: Iterable[Path], make: Callable[[], Made]) -> Made:
        """Return what was made of these files as they are, else make it."""
        paths = tuple(paths)
        state = _state(paths)
        if self._made is not None and state is not None and state == self._state:
            return self._made
        self._made = made = make()
        # Where files changed meanwhile, nobody knows what it was made of.
        self._state = state if _state(paths) == state else None
        return made

    def forget_unless(self, paths: Iterable[Path]) -> None:
        """Forget what was made if these files, as they are, are not those that it was made of."""
        if _state(paths) != self._state:
            self._state = self._made = None


def _catalogues(project: Project) -> list[Path]:
    return [path for name in project.site_files(FOLDER) for path in project.every_site_file(name)]


def _state(paths: Iterable[Path]) -> str | None:
    """Return a digest of files: their paths, their contents, and the times of their last changes; None if one is gone.

    A file that was changed, and changed back between two looks, has another time.
    """
    total = hashlib.sha256()
    try:
        for path in paths:
            with path.open("rb") as stream:
                changed = os.fstat(stream.fileno()).st_ctime_ns
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            total.update(f"{path}\0{content} {changed}\n".encode("utf-8", "surrogateescape"))
    except OSError:
        return None
    return total.hexdigest()
