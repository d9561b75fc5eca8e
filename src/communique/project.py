"""A project: a folder of RDF, its files by role, its settings, and the defaults that Communiqué bundles."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from communique.errors import AccessError, Problem, ProjectError, UsageError
from communique.folders import walk
from communique.formats import FORMATS, is_mappings
from communique.settings import FILE, Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Collection

Role = Literal["data", "ontology", "shapes"]
ROLES: tuple[Role, ...] = ("data", "ontology", "shapes")
CONTEXT = "ontology/context.jsonld"
# The house style of our own ontology; it binds only who adopts it.
NOT_FOR_OTHERS = frozenset({"shapes/ontology.ttl"})
NOT_DATA = ("ontology", "shapes", "site", "public")
RDF_NAMESPACE = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An RDF file with its role in a project; `name` is its path from the project's folder, with slashes."""

    path: Path
    role: Role
    bundled: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of RDF: its files by role, `data/`, `ontology/`, `shapes/`, and its `site/`.

    `problems` are faults of the folder itself, which stop a build; `notes` are remarks, such as files passed over.
    `title` and `base` are what data from elsewhere are called and how their IRIs begin, as is known; they count
    where the data do not say it.
    """

    root: Path
    settings: Settings = field(default_factory=Settings)
    notes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    _files: tuple[SourceFile, ...] = ()
    _site_folders: tuple[Path, ...] = ()
    title: str = ""
    base: str = ""

    @classmethod
    def open(cls, folder: Path | str = ".", *, may_be_empty: bool = False) -> Project:
        """Open a folder, or a single RDF file, as a project.

        A folder without `data/` is a project as well: all RDF in it, outside the folders of the other roles, is data.
        It may hold none if the data are elsewhere.
        Raises AccessError if there is nothing, UsageError if it is no RDF, ProjectError if the settings are wrong.
        """
        root = Path(folder)
        if root.is_dir():
            return _open_folder(root, may_be_empty=may_be_empty)
        if not root.exists():
            raise AccessError(f"{root}: does not exist")
        if not _is_rdf(root):
            raise UsageError(f"{root}: is neither a folder nor a file whose extension says that it is RDF")
        own = (SourceFile(root, "data", name=root.name),)
        return cls(root.parent, _files=own + _bundled(set()), _site_folders=(bundled_folder() / "site",))

    def files(self, role: Role) -> tuple[SourceFile, ...]:
        """Return the RDF files of a role: the project's own, sorted by name, then the bundled ones."""
        return tuple(file for file in self._files if file.role == role)

    def told(self, *, title: str = "", base: str = "") -> Project:
        """Return the project with what is known of data from elsewhere."""
        return replace(self, title=title, base=base)

    @property
    def name(self) -> str:
        """What the data are called where they have no title: that of the folder, unless it is known."""
        return self.title or self.root.resolve().name

    @property
    def context(self) -> Path:
        """The JSON-LD context of the project, else the bundled one."""
        own = self.root / CONTEXT
        return own if own.is_file() else bundled_context()

    def site_file(self, relative: str) -> Path | None:
        """Return the file of `site/` of this name: the project's own, else the bundled one, else None."""
        return next(iter(self.every_site_file(relative)), None)

    def every_site_file(self, relative: str) -> tuple[Path, ...]:
        """Return the files of `site/` of this name: the project's own, the bundled one, as far as they exist."""
        paths = ((folder, folder / relative) for folder in self._site_folders)
        return tuple(
            path for folder, path in paths if path.is_file() and path.resolve().is_relative_to(folder.resolve())
        )

    def site_files(self, folder: str) -> tuple[str, ...]:
        """Return the names, for `site_file`, of all files below a folder of `site/`, sorted."""
        found = {
            path.relative_to(site).as_posix()
            for site in self._site_folders
            if (site / folder).is_dir()
            for path in walk(site / folder, root=site)
            if isinstance(path, Path)
        }
        return tuple(sorted(found))


def bundled_folder() -> Path:
    """Return the folder of the bundled `ontology`, `shapes` and `site`: in the wheel, else in the repository."""
    package = Path(str(files("communique")))
    inside = package / "_bundled"
    return inside if inside.is_dir() else package.parents[1]


def bundled_context() -> Path:
    """Return the JSON-LD context that Communiqué bundles."""
    return bundled_folder() / CONTEXT


def _open_folder(root: Path, *, may_be_empty: bool) -> Project:
    found = [_find(role, root) for role in ROLES]
    own = tuple(file for each, _, _ in found for file in each)
    problems = tuple(problem for _, each, _ in found for problem in each)
    if not own and not problems and not may_be_empty:
        raise ProjectError(f"{root}: holds no RDF: put files such as x.ttl into it, or into {root / 'data'}")
    sites = (root / "site", bundled_folder() / "site")
    settings = root / FILE
    return Project(
        root,
        settings=read_settings(settings) if settings.is_file() else Settings(),
        notes=tuple(note for _, _, each in found for note in each),
        problems=problems,
        _files=own + _bundled({file.name for file in own}),
        _site_folders=sites,
    )


def _find(role: Role, root: Path) -> tuple[list[SourceFile], list[Problem], list[Problem]]:
    """Return the files of a role, the problems and the notes."""
    folder = root / role
    if folder.is_dir():
        return _sort(role, folder, root, skip=())
    if role == "data":
        sources, problems, _ = _sort(role, root, root, skip=[root / name for name in NOT_DATA])
        return sources, [each for each in problems if each.path and _is_rdf(each.path)], []
    return [], [], []


def _sort(
    role: Role, folder: Path, root: Path, *, skip: Collection[Path]
) -> tuple[list[SourceFile], list[Problem], list[Problem]]:
    sources, problems, notes = [], [], []
    for path in walk(folder, root=root, skip=skip):
        if isinstance(path, Problem):
            problems.append(path)
        elif not _is_rdf(path):
            notes.append(Problem(path, None, None, "is passed over: its extension is none of an RDF format."))
        elif path != root / CONTEXT:
            sources.append(SourceFile(path, role, name=path.relative_to(root).as_posix()))
            if path.stat().st_size == 0:
                notes.append(Problem(path, None, None, "is empty."))
    return sources, problems, notes


def _bundled(replaced: set[str]) -> tuple[SourceFile, ...]:
    root = bundled_folder()
    return tuple(
        SourceFile(path, role, bundled=True, name=name)
        for role in ("ontology", "shapes")
        if (root / role).is_dir()
        for path in walk(root / role, root=root)
        if isinstance(path, Path) and _is_rdf(path)
        for name in (path.relative_to(root).as_posix(),)
        if name not in replaced and name not in NOT_FOR_OTHERS and name != CONTEXT
    )


def _is_rdf(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    found = FORMATS.by_extension(Path(name).suffix)
    if is_mappings(path):
        return True
    return (found is not None and found.kind == "rdf") or (path.suffix == ".xml" and _holds_rdfxml(path))


def _holds_rdfxml(path: Path) -> bool:
    try:
        if not path.is_file():
            return False  # A pipe would never end.
        with path.open("rb") as stream:
            return RDF_NAMESPACE in stream.read(4096)
    except OSError:
        return False
