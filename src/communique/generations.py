"""Generations: everything into a fresh folder, then one rename of a symbolic link.

`public` is a link to `.public/<generation>`. A generation is complete before the link points to it, so a visitor sees
one site or the next one, never a mix, whatever happens to the build. The present generation and the one before stay;
what a killed build left behind has a higher number than the present one and is removed by the next build. A generation
that a server holds stays until it is let go.
"""

from __future__ import annotations

import fcntl
import filecmp
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from communique.errors import AccessError, UsageError
from communique.turns import LOCK, turn

if TYPE_CHECKING:
    from collections.abc import Iterator

FOREIGN = "{out}: exists and was not made by `communique build`: name another folder with --out, or move this one away"


class Generation:
    """A folder in the making: write each file once; files that the former generation has as well are shared with it."""

    def __init__(self, folder: Path, *, former: Path | None) -> None:
        """Begin in an empty `folder`; share with `former` what is the same, byte for byte."""
        self.folder = folder
        self.files = 0
        self.bytes = 0
        self.unchanged = 0
        self._root = f"{folder}{os.sep}"
        self._former = f"{former}{os.sep}" if former else None
        self._folders: set[str] = set()

    def write(self, path: str, content: bytes) -> None:
        """Write one file; `path` is relative, with slashes, and leads nowhere else; a path is written only once."""
        self._make_folder_of(path)
        self.files += 1
        self.bytes += len(content)
        target = self._root + path
        if self._former is not None and _holds(self._former + path, content) and _shares(self._former + path, target):
            self.unchanged += 1
        else:
            _create(target, content)

    def part(self) -> Generation:
        """Return what writes into the same folder and counts for itself, such as in another process."""
        part = Generation(self.folder, former=None)
        part._former = self._former
        return part

    def add(self, part: Generation) -> None:
        """Count what a part has written."""
        self.files += part.files
        self.bytes += part.bytes
        self.unchanged += part.unchanged

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """Give a stream for a file that is too large to be held in memory; the same rules as for `write`."""
        self._make_folder_of(path)
        target = Path(self._root + path)
        with target.open("xb") as stream:
            yield stream
        self.files += 1
        self.bytes += target.stat().st_size
        if self._former is not None and _same(Path(self._former + path), target):
            target.unlink()
            if _shares(self._former + path, str(target)):
                self.unchanged += 1
            else:
                shutil.copyfile(self._former + path, target)

    def share(self, path: str, *, of: str) -> None:
        """Give a file that was written, `of`, a second path."""
        self._make_folder_of(path)
        self._take(self._root + of, path)

    def keep(self, path: str) -> None:
        """Take over a file of the former generation as it is."""
        if self._former is None:
            raise ValueError(f"{path!r} is in no former generation")
        self._make_folder_of(path)
        self._take(self._former + path, path)
        self.unchanged += 1

    def former_folders(self, path: str) -> list[str]:
        """Return the names of the folders below a folder of the former generation, sorted."""
        return [entry.name for entry in self._former_entries(path) if entry.is_dir(follow_symlinks=False)]

    def former_files(self, path: str) -> list[str]:
        """Return the names of the files in a folder of the former generation, sorted."""
        return [entry.name for entry in self._former_entries(path) if entry.is_file(follow_symlinks=False)]

    def _former_entries(self, path: str) -> list[os.DirEntry[str]]:
        folder = Path(f"{self._former}{path}") if self._former else None
        if folder is None or folder.is_symlink() or not folder.is_dir():
            return []
        with os.scandir(folder) as entries:
            return sorted((each for each in entries if _is_plain(each.name)), key=lambda entry: entry.name)

    def _take(self, source: str, path: str) -> None:
        target = self._root + path
        if not _shares(source, target):
            shutil.copyfile(source, target)
        self.files += 1
        self.bytes += Path(target).stat().st_size

    def _make_folder_of(self, path: str) -> None:
        folder, slash, name = path.rpartition("/")
        known = folder in self._folders
        if not _is_plain(name) or not (known or not slash or all(map(_is_plain, folder.split("/")))):
            raise ValueError(f"{path!r} is no path inside a site")
        if not known:
            os.makedirs(self._root + folder, exist_ok=True)  # noqa: PTH103  hot path
            self._folders.add(folder)


class Hold:
    """Keeps a generation from being removed for as long as it is not closed (flock(2)); many may hold the same one."""

    def __init__(self, folder: Path) -> None:
        """Hold `folder`; raises OSError if there is none."""
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        # Some network file systems have no locks for folders: then two builds remove what is served.
        with suppress(OSError):
            fcntl.flock(self._folder, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go."""
        os.close(self._folder)


def held(folder: Path) -> bool:
    """Tell whether somebody holds a generation."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(opened)
    return False


@contextmanager
def generation(out: Path) -> Iterator[Generation]:
    """Give a fresh generation; when the block ends well `out` shows it, when it fails `out` stays as it was.

    Raises UsageError if `out` is something else than a former build, AtWorkError if another build is at work.
    """
    out = out.absolute()
    keep = out.parent / f".{out.name}"
    _current(out, keep)
    with _reporting(out):
        keep.mkdir(parents=True, exist_ok=True)
        with turn(keep, out):
            current = _current(out, keep)
            _remove_all_but(keep, at_most=current)
            folder = keep / str(current + 1)
            folder.mkdir()
            try:
                yield Generation(folder, former=keep / str(current) if current else None)
                _show(folder, out)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            _remove_all_but(keep, at_least=current)


def _current(out: Path, keep: Path) -> int:
    """Return the number of the generation that `out` shows, 0 when there is none."""
    if not out.is_symlink():
        if out.exists():
            raise UsageError(FOREIGN.format(out=out))
        return 0
    target = out.readlink()
    if target.parent != Path(keep.name) or not target.name.isdecimal() or not (keep / LOCK).exists():
        raise UsageError(FOREIGN.format(out=out))
    return int(target.name) if out.exists() else 0


@contextmanager
def _reporting(out: Path) -> Iterator[None]:
    """Turn what the system refuses (no space, no permission) into one line."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise AccessError(f"{problem.filename or out}: {reason}: the site was left as it was") from problem


def _show(folder: Path, out: Path) -> None:
    """Point `out` at `folder` in one step, after the files are safe on the disk."""
    os.sync()
    link = folder.parent / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(folder.parent.name) / folder.name, target_is_directory=True)
    link.replace(out)
    parent = os.open(out.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def _remove_all_but(keep: Path, *, at_least: int = 0, at_most: int | None = None) -> None:
    for folder in keep.iterdir():
        number = int(folder.name) if folder.name.isdecimal() else None
        if number is None or at_least <= number <= (number if at_most is None else at_most):
            continue
        if not held(folder):
            shutil.rmtree(folder)


def _is_plain(segment: str) -> bool:
    return bool(segment) and segment not in {".", ".."} and not {"/", "\\", "\0", os.sep} & set(segment)


def _holds(path: str, content: bytes) -> bool:
    """Tell whether the file has just these bytes. Reading costs no more than hashing, and sees edits by hand."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if os.fstat(file).st_size != len(content):
            return False
        rest = memoryview(content)
        while rest:
            piece = os.read(file, len(rest))
            if not piece or piece != rest[: len(piece)]:
                return False
            rest = rest[len(piece) :]
        return True
    finally:
        os.close(file)


def _same(path: Path, other: Path) -> bool:
    return path.is_file() and not path.is_symlink() and filecmp.cmp(path, other, shallow=False)


def _shares(former: str, path: str) -> bool:
    """Give the former file the new name as well, where the file system can."""
    try:
        os.link(former, path)
    except OSError:
        return False
    return True


def _create(path: str, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)
