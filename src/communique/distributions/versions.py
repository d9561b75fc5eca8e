"""Versions: what a build published under a version, builds after it keep as it was.

`dumps/<version>/` holds the packed dumps, the tables and their archive, the hash of the dataset, checksums, and the
name of the version as its author writes it, which need not be one for a folder. The files are those of `dumps/` and of
former generations by other names, so that they take no space. A version is never changed: if the data have changed
under the same one, its folder stays as it is, and the build says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.distributions.class_tables import FOLDER as TABLES
from communique.distributions.downloads import HASH, SUMS
from communique.file_names import folded, hashed, name_of
from communique.formats import NQUADS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.distributions.downloads import Downloads
    from communique.generations import Generation
    from communique.website.site import Site

FOLDER = "dumps"
NAME = "version.txt"
"""The name of a version, as its author writes it, and a line break."""
TABLES_OF_VERSION = TABLES.rpartition("/")[2]
"""The folder with the tables, in that of the version."""
PACKED = f"{NQUADS.extension}.gz"
CHANGED = (
    "{path}: the data have changed since they were published as version {version}, so this folder stays as it was. "
    "Give them a new dcat:version, or remove the folder if nobody has it yet, and build again."
)


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file of a version: its path in the folder, its size in bytes and its checksum."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was published: its name, its folder, and the hash of its dataset.

    `nquads` is the path of its packed N-Quads, `size` their bytes, `sha256` their checksum; `files` are all that have a
    checksum but the tables, `tables` these, with their metadata.
    """

    name: str
    path: str
    nquads: str
    hash: str
    size: int
    sha256: str
    files: tuple[VersionFile, ...] = ()
    tables: tuple[VersionFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions, the latest first, whether the data are those of their own version, and what to tell if not."""

    all: tuple[Version, ...] = ()
    current: Version | None = None
    warning: str = ""


def write_versions(site: Site, new: Generation, *, taken: Downloads) -> Versions:
    """Keep the versions of the former generation, and add that of the data, if they state one that is new."""
    folders = [folder for folder in new.former_folders(FOLDER) if _is_kept(new, folder)]
    names = {folder: _name(new, folder, site.version) for folder in folders}
    if not site.version:
        return Versions(_ordered(new, names))
    own, warning = next((folder for folder in folders if names[folder] == site.version), ""), ""
    if not own:
        own = _folder_for(site.version, folders)
        names[own] = site.version
        _add(new, f"{FOLDER}/{own}", site.version, taken)
    elif _hash(new, f"{FOLDER}/{own}") != taken.hash:
        warning = CHANGED.format(path=f"{FOLDER}/{own}", version=site.version)
    every = _ordered(new, names)
    current = next(each for each in every if each.path == f"{FOLDER}/{own}") if not warning else None
    return Versions(every, current, warning)


def _is_kept(new: Generation, folder: str) -> bool:
    """Take over a folder of the former generation, if it is that of a version, and tell whether it is."""
    path = f"{FOLDER}/{folder}"
    names = new.former_files(path)
    if not {"SHA256SUMS", "rdfc-1.0.txt"} <= set(names) or not any(each.endswith(PACKED) for each in names):
        return False
    names += [f"{TABLES_OF_VERSION}/{each}" for each in new.former_files(f"{path}/{TABLES_OF_VERSION}")]
    # The pages of the folder are made anew: what they look like and where they lead is that of the site.
    for each in (name for name in names if not name.endswith(".html")):
        new.keep(f"{path}/{each}")
    return True


def _name(new: Generation, folder: str, version: str) -> str:
    """Return the name of the version in a folder that was taken over; `version` is that of the data."""
    file = new.folder / FOLDER / folder / NAME
    if file.is_file():
        return file.read_text(encoding="utf-8").removesuffix("\n")
    return version if folder == name_of(version, folder=True) else folder


def _folder_for(version: str, others: Iterable[str]) -> str:
    """Return the name of the folder for a version, which no other one has, and no file beside it."""
    taken = {folded(each) for each in (*others, TABLES_OF_VERSION, SUMS.rpartition("/")[2])}
    name = name_of(version, folder=True)
    return hashed(version) if folded(name) in taken else name


def _add(new: Generation, path: str, version: str, taken: Downloads) -> None:
    sums = {each.path: each.sha256 for each in taken.dumps if each.compressed} | taken.table_sums
    names = {each: each.removeprefix(f"{FOLDER}/") for each in (*sums, HASH)}
    for each, name in names.items():
        new.share(f"{path}/{name}", of=each)
    lines = (f"{sum_}  {names[each]}\n" for each, sum_ in sums.items())
    new.write(f"{path}/{SUMS.rpartition('/')[2]}", "".join(lines).encode())
    new.write(f"{path}/{NAME}", f"{version}\n".encode())


def _ordered(new: Generation, names: dict[str, str]) -> tuple[Version, ...]:
    found = [_version(new, name, f"{FOLDER}/{folder}") for folder, name in names.items()]
    return tuple(sorted(found, key=lambda each: (_rank(each.name), each.path), reverse=True))


def _version(new: Generation, name: str, path: str) -> Version:
    folder = new.folder / path
    nquads = min(each.name for each in folder.iterdir() if each.name.endswith(PACKED))
    lines = (folder / SUMS.rpartition("/")[2]).read_text(encoding="utf-8").splitlines()
    sums = {file: sum_ for sum_, _, file in (line.partition("  ") for line in lines) if (folder / file).is_file()}
    found = [VersionFile(file, (folder / file).stat().st_size, sum_) for file, sum_ in sums.items()]
    tables = tuple(each for each in found if each.name.startswith(f"{TABLES_OF_VERSION}/"))
    files = tuple(each for each in found if each not in tables)
    size = (folder / nquads).stat().st_size
    return Version(name, path, f"{path}/{nquads}", _hash(new, path), size, sums[nquads], files, tables)


def _rank(name: str) -> tuple[tuple[bool, int, str], ...]:
    """The place of a version among others: numbers by size, a release after what leads to it ("1.0-rc1")."""
    parts = re.findall(r"\d+|[^\W\d_]+", name)
    return (*(_part_rank(part) for part in parts), (False, 1, ""))


def _part_rank(part: str) -> tuple[bool, int, str]:
    digits = part.lstrip("0")
    return (True, len(digits), digits) if part.isdecimal() else (False, 0, part)


def _hash(new: Generation, path: str) -> str:
    return (new.folder / path / HASH.rpartition("/")[2]).read_text(encoding="ascii").strip()
