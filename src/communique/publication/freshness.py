"""Freshness: whether a site is what a build would write now, by a digest of everything that a build reads.

Contents are compared, not times, which an archive or a checkout sets as it likes. What is read: the files of the
project, what is wrong with its folder, the bundled ones, the code of Communiqué, the versions of the libraries it needs
and of Python.
"""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from communique.project import bundled_folder
from communique.snapshots import INPUTS, MANIFEST, NAMES, beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.project import Project

FOLDERS = ("ontology", "shapes", "site")
"""What is bundled."""
CODE = (".py", ".js")


def digest_of_inputs(project: Project, *, program: str = "") -> str:
    """Return the digest of all that a build of `project` reads; a file that vanishes meanwhile counts as none.

    `program` is the digest of the one that was loaded, by default of the one that is there now. What stops a build
    counts: no site was built from a folder with problems.
    """
    problems = (f"problem {problem}\n" for problem in project.problems)
    return _total((f"program {program or digest_of_program()}\n", *problems), _files(project))


def digest_of_program() -> str:
    """Return the digest of what a process that builds has loaded: code of ours, versions of Python and of libraries."""
    return _total(_environment(), _code())


def is_fresh(out: Path, *, inputs: str) -> bool:
    """Tell whether `out` shows a site with a snapshot that was built from these inputs."""
    try:
        snapshot = beside(out)
        return (
            all((snapshot / name).is_file() for name in (MANIFEST, NAMES))
            and out.is_dir()
            and _read(snapshot) == inputs
        )
    except (OSError, ValueError):
        return False


def remember(snapshot: Path, *, inputs: str) -> None:
    """Write down what a snapshot and its site were built from."""
    (snapshot / INPUTS).write_text(inputs + "\n", encoding="ascii")


def _read(snapshot: Path) -> str:
    return (snapshot / INPUTS).read_text(encoding="ascii").strip()


def _environment() -> Iterator[str]:
    yield f"python {sys.version}\n"
    for requirement in sorted(metadata.requires("communique") or ()):
        name = next(iter(_words(requirement)), "")
        if "extra ==" not in requirement:
            yield f"{name} {metadata.version(name)}\n"


def _words(requirement: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter in "-_." else " " for letter in requirement).split()


def _files(project: Project) -> Iterator[tuple[str, Path]]:
    for role in ("data", "ontology", "shapes"):
        for file in project.files(role):
            yield f"{role} {file.bundled} {file.name}", file.path
    for origin, root in (("bundled", bundled_folder()), ("own", project.root)):
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                if path.is_file() and "node_modules" not in path.parts:
                    yield f"{origin} {path.relative_to(root).as_posix()}", path


def _code() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*")):
        if path.suffix in CODE and "_bundled" not in path.parts:
            yield f"code {path.relative_to(package).as_posix()}", path


def _total(lines: Iterable[str], files: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode("utf-8", "surrogateescape"))
    for name, path in files:
        total.update(f"{name}\0{_digest(path)}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
