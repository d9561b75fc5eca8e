"""Walking a folder that somebody else may have filled: nothing outside it is followed, nothing hangs, all is sorted."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from communique.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


def walk(folder: Path, *, root: Path, skip: Collection[Path] = ()) -> Iterator[Path | Problem]:
    """Give every file below `folder`, sorted, and a problem for each thing that is none.

    Hidden files, copies of editors (`x~`) and what is in `skip` are passed over. Links may lead to files inside `root`.
    """
    if folder.is_symlink() and folder != root:
        fault = _link_fault(folder, root)
        if fault:
            yield fault
            return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Problem(folder, None, None, f"cannot be read: {error.strerror}.")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name.endswith("~") or path in skip:
            continue
        if not entry.name.isprintable():
            yield Problem(folder / ascii(entry.name), None, None, "has a name with odd characters.", "Rename it.")
        elif entry.is_symlink():
            yield _link_fault(path, root) or path
        elif entry.is_dir(follow_symlinks=False):
            yield from walk(path, root=root, skip=skip)
        else:
            yield _file_fault(path) or path


def _link_fault(path: Path, root: Path) -> Problem | None:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return Problem(path, None, None, "is a link that leads nowhere.", "Put the file itself there.")
    if not target.is_relative_to(root.resolve()):
        return Problem(path, None, None, "is a link out of the project.", "Put the file itself there.")
    if target.is_dir():
        return Problem(path, None, None, "is a link to a folder.", "Put the folder itself there.")
    return _file_fault(path)


def _file_fault(path: Path) -> Problem | None:
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return Problem(path, None, None, f"cannot be read: {error.strerror}.")
    return None if regular else Problem(path, None, None, "is no regular file.", "Move it out of the project.")
