"""Looking at a project: a cheap state of all files that a build may read, by which an edit is noticed.

It is made of what the system knows of each file, so that nothing is missed that happens between two looks: a folder
that is replaced, a file that is renamed over another, a system that tells nobody of changes.
"""

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from communique.project import NOT_DATA, ROLES

IGNORED = frozenset({"node_modules", "__pycache__"})


class Mark(NamedTuple):
    """What the system knows of a file: its number, its size, the times of its last changes, in nanoseconds."""

    inode: int
    size: int
    modified: int
    changed: int


State = dict[str, Mark | None]
"""The files by their paths, and the folder `data`, whose being there says what else is data; None where one cannot be
looked at."""


def state_of(project: Path, out: Path) -> State:
    """Return the state of a project, a folder or a file, that is built into `out`.

    Files that a build passes over may be among them.
    """
    root, written = os.path.abspath(project), os.path.abspath(out)  # noqa: PTH100  links stay what they are
    if not os.path.isdir(root):  # noqa: PTH112  hot path, as all that follows
        return {root: _mark(root)}
    data = os.path.join(root, "data")  # noqa: PTH118
    if os.path.isdir(data):  # noqa: PTH112
        roots = [os.path.join(root, name) for name in (*ROLES, "site")]  # noqa: PTH118
        return {data: Mark(0, 0, 0, 0), **dict(chain.from_iterable(_files(each, {written}) for each in roots))}
    others = {os.path.join(root, name) for name in NOT_DATA if name not in (*ROLES, "site")}  # noqa: PTH118
    return dict(_files(root, {written, *others}))


def _files(folder: str, skip: set[str]) -> Iterator[tuple[str, Mark | None]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name, path = entry.name, entry.path
                if name.startswith(".") or name.endswith("~") or name in IGNORED or path in skip:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(path, skip)
                else:
                    yield path, _mark(path)
    except FileNotFoundError:
        pass
    except OSError:
        yield folder, None


def _mark(path: str) -> Mark | None:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return Mark(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
