"""A project: a folder of RDF, its files by role, its settings, and the defaults that Communiqué bundles."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from communique.errors import AccessError, Problem, UsageError
from communique.formats import FORMATS

Role = Literal["data", "ontology", "shapes"]
ROLES: tuple[Role, ...] = ("data", "ontology", "shapes")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An RDF file of a project; `name` is its path from the project's folder, with slashes."""

    path: Path
    role: Role
    bundled: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What RDF has no word for, from `site/site.toml`."""

    languages: tuple[str, ...] = ("en", "ru", "zh")
    menu: tuple[tuple[str, str], ...] = ()
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of RDF with its files by role; `notes` are remarks, `problems` are faults that stop a build."""

    root: Path
    _files: tuple[SourceFile, ...]
    settings: Settings = Settings()
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def open(cls, folder: Path | str) -> Project:
        """Open a folder, or a single RDF file, as a project."""
        root = Path(folder)
        if not root.exists():
            raise AccessError(f"{root}: does not exist")
        if root.is_file():
            return cls(root.parent, (SourceFile(root, "data", name=root.name),))
        if not root.is_dir():
            raise UsageError(f"{root}: is no folder")
        found = [file for role in ROLES for file in _find(root / role, role, root)]
        if not any(file.role == "data" for file in found):
            found += [file for file in _find(root, "data", root) if file.path not in {f.path for f in found}]
        names = {file.name for file in found}
        bundled = [
            SourceFile(file.path, file.role, bundled=True, name=file.name)
            for role in ("ontology", "shapes")
            for file in _find(bundled_folder() / role, role, bundled_folder())
            if file.name not in names and file.name != "shapes/ontology.ttl"
        ]
        return cls(root, tuple(found + bundled))

    def files(self, role: Role) -> tuple[SourceFile, ...]:
        """Return the RDF files of a role: the project's own, sorted by name, then the bundled ones."""
        return tuple(file for file in self._files if file.role == role)

    def site_file(self, relative: str) -> Path | None:
        """Return the file of `site/` of this name: the project's own, else the bundled one, else None."""
        for root in (self.root, bundled_folder()):
            path = root / "site" / relative
            if path.is_file():
                return path
        return None


def bundled_folder() -> Path:
    """Return the folder that holds the bundled `ontology`, `shapes` and `site`."""
    package = Path(str(files("communique")))
    inside = package / "_bundled"
    return inside if inside.is_dir() else package.parents[1]


def _find(folder: Path, role: Role, root: Path) -> list[SourceFile]:
    return [
        SourceFile(path, role, name=path.relative_to(root).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_rdf(path) and path.name != "context.jsonld"
    ]


def _is_rdf(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    found = FORMATS.by_extension(Path(name).suffix)
    return found is not None and found.kind == "rdf"
