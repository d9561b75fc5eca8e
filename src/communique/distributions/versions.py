"""Versions: what a build published under a version, builds after it keep as it was.

`dumps/<version>/` holds the packed dumps, the archive of the tables, the hash of the dataset and checksums. The files
are those of `dumps/` and of former generations by other names, so that they take no space. A version is never changed:
if the data have changed under the same one, its folder stays as it is, and the build says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.distributions.class_tables import ARCHIVE
from communique.distributions.downloads import HASH, SUMS, dataset_hash
from communique.file_names import name_of
from communique.formats import NQUADS

if TYPE_CHECKING:
    from communique.distributions.downloads import Downloads
    from communique.generations import Generation
    from communique.website.site import Site

FOLDER = "dumps"
PACKED = f"{NQUADS.extension}.gz"
CHANGED = (
    "{path}: the data have changed since they were published as version {version}, so this folder stays as it was. "
    "Give them a new dcat:version, or remove the folder if nobody has it yet, and build again."
)


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file of a version: its name, its size in bytes and its checksum."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was published: its name, its folder, and the hash of its dataset.

    `nquads` is the path of its packed N-Quads, `size` their bytes, `sha256` their checksum; `files` are all that have a
    checksum.
    """

    name: str
    path: str
    nquads: str
    hash: str
    size: int
    sha256: str
    files: tuple[VersionFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions, the latest first, whether the data are those of their own version, and what to tell if not."""

    all: tuple[Version, ...] = ()
    current: Version | None = None
    warning: str = ""


def write_versions(site: Site, new: Generation, *, taken: Downloads) -> Versions:
    """Keep the versions of the former generation, and add that of the data, if they state one that is new."""
    kept = {name: path for name in new.former_folders(FOLDER) if (path := _kept(new, name))}
    version = site.version
    if not version:
        return Versions(_ordered(new, kept))
    name, warning = name_of(version, folder=True), ""
    if name not in kept:
        kept[name] = _added(new, name, taken)
    elif _hash(new, kept[name]) != dataset_hash(taken.dumps):
        warning = CHANGED.format(path=kept[name], version=version)
    every = _ordered(new, kept)
    current = next(each for each in every if each.name == name) if not warning else None
    return Versions(every, current, warning)


def _kept(new: Generation, name: str) -> str:
    """Take over a folder of the former generation, if it is that of a version, and return its path, else ""."""
    path = f"{FOLDER}/{name}"
    names = new.former_files(path)
    if not {"SHA256SUMS", "rdfc-1.0.txt"} <= set(names) or not any(each.endswith(PACKED) for each in names):
        return ""
    # The page of the folder is made anew: what it looks like and where it leads is that of the site.
    for each in (name for name in names if not name.endswith(".html")):
        new.keep(f"{path}/{each}")
    return path


def _added(new: Generation, name: str, taken: Downloads) -> str:
    path = f"{FOLDER}/{name}"
    sums = {each.path: each.sha256 for each in taken.dumps if each.compressed} | {ARCHIVE: taken.archive_sum}
    for each in (*sums, HASH):
        new.share(f"{path}/{each.rpartition('/')[2]}", of=each)
    lines = (f"{sum_}  {each.rpartition('/')[2]}\n" for each, sum_ in sums.items())
    new.write(f"{path}/{SUMS.rpartition('/')[2]}", "".join(lines).encode())
    return path


def _ordered(new: Generation, paths: dict[str, str]) -> tuple[Version, ...]:
    found = [_version(new, name, path) for name, path in paths.items()]
    return tuple(sorted(found, key=lambda each: _rank(each.name), reverse=True))


def _version(new: Generation, name: str, path: str) -> Version:
    folder = new.folder / path
    nquads = min(each.name for each in folder.iterdir() if each.name.endswith(PACKED))
    lines = (folder / SUMS.rpartition("/")[2]).read_text(encoding="utf-8").splitlines()
    sums = {file: sum_ for sum_, _, file in (line.partition("  ") for line in lines) if (folder / file).is_file()}
    files = tuple(VersionFile(file, (folder / file).stat().st_size, sum_) for file, sum_ in sums.items())
    size = (folder / nquads).stat().st_size
    return Version(name, path, f"{path}/{nquads}", _hash(new, path), size, sums[nquads], files)


def _rank(name: str) -> tuple[tuple[bool, int, str], ...]:
    """The place of a version among others: numbers by size, a release after what leads to it ("1.0-rc1")."""
    parts = re.findall(r"\d+|[^\W\d_]+", name)
    return (*((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts), (False, 1, ""))


def _hash(new: Generation, path: str) -> str:
    return (new.folder / path / HASH.rpartition("/")[2]).read_text(encoding="ascii").strip()
