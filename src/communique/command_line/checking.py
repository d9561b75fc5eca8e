"""Checking: all that is to be said about a project, or about plain files, before anything is published."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from communique.command_line.ill_typed import ill_typed
from communique.command_line.mapping_rows import faults_of_rows, unconfirmed, unknown_things
from communique.command_line.misnamed import misnamed
from communique.descriptions.catalog import Catalog
from communique.descriptions.labels import Labels
from communique.errors import DataError, Problem, ProjectError, UsageError
from communique.folders import walk
from communique.formats import FORMATS
from communique.iris import Prefixes
from communique.project import ROLES, Project
from communique.shacl.shapes_lint import lint, lint_project
from communique.shacl.source_text import TextCheck, check_texts, source_texts
from communique.shacl.validation import INFO, WARNING, ValidationReport, validate, validate_files
from communique.store import Store
from communique.syntax import parse_file
from communique.website.outside import outside
from communique.website.shadowed import shadowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

    from communique.project import SourceFile
    from communique.publication.progress import Progress
    from communique.shacl.shapes_lint import Finding
    from communique.syntax.mappings import MappingSet

Level = Literal["violation", "warning", "note"]
LEVELS: tuple[Level, ...] = ("violation", "warning", "note")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that no shape says: about the syntax, the shapes themselves, source texts, or the project."""

    level: Level
    about: Literal["syntax", "shapes", "literals", "links", "source text", "project"]
    problem: Problem


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and in what: `store` has the labels for it, None if it could not be loaded."""

    store: Store | None = None
    report: ValidationReport = field(default_factory=ValidationReport)
    remarks: tuple[Remark, ...] = ()
    texts: TextCheck = field(default_factory=TextCheck)
    files: int = 0
    seconds: float = 0.0
    prefixes: Prefixes = field(default_factory=Prefixes)

    def count(self, level: Level) -> int:
        """Count results and remarks of one level."""
        results = sum(level_of(result.severity.value) == level for result in self.report.results)
        return results + sum(remark.level == level for remark in self.remarks)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return self.count("violation") == 0


def level_of(severity: str) -> Level:
    """Return the level of a severity; one of somebody's own counts as a violation."""
    return {WARNING.value: "warning", INFO.value: "note"}.get(severity, "violation")  # type: ignore[return-value]


def check(
    paths: Sequence[Path],
    *,
    shapes: Sequence[Path],
    texts: Sequence[Path],
    progress: Progress,
    more: Iterable[Quad] | None = None,
) -> Check:
    """Check plain files if there are shapes for them, else one project: a folder, a file, or the current folder.

    With `more` data than its own a project may be empty. Raises UsageError if it is not clear what is meant.
    """
    if shapes:
        if not paths:
            raise UsageError("which files are to be checked by these shapes? Name them before --shapes")
        if more is not None:
            raise UsageError("--shapes is for plain files: put shapes for a service into the project's shapes/")
        return check_files(paths, shapes=shapes, texts=texts)
    if len(paths) > 1:
        raise UsageError("one project at a time; for plain files say --shapes FILE")
    project = Project.open(*paths, may_be_empty=more is not None)
    return check_project(project, texts=texts, progress=progress, more=more or ())


def check_project(project: Project, *, texts: Sequence[Path], progress: Progress, more: Iterable[Quad] = ()) -> Check:
    """Check a project: its syntax, its data, its shapes, and its passages by its source texts and by `texts`."""
    start = time.perf_counter()
    notes = tuple(Remark("note", "project", note) for note in project.notes)
    sets: dict[SourceFile, MappingSet] = {}
    try:
        store = Store.load(
            project,
            progress=lambda file: progress.say(f"Reading {file.name}"),
            mappings=sets.__setitem__,
            more=more,
        )
        progress.say("Validating")
        report = validate(store, project=project)
        progress.say("Checking the shapes")
        findings = lint_project(store, project=project)
    except DataError as error:
        return _failed(error, notes, start)
    files = [file.path for role in ROLES for file in project.files(role)]
    compared = check_texts(store, texts=(*source_texts(project), *texts), files=files)
    literals = _warnings("literals", ill_typed(store, files, report=report, prefixes=store.prefixes))
    graphs = {each.iri for each in sets.values()}
    links = _warnings("links", misnamed(store, files, prefixes=store.prefixes, except_in=graphs))
    addresses = _warnings("project", _unreachable(project, store, files))
    others = (*_of_texts(compared), *_of_mappings(sets, store), *addresses, *notes)
    remarks = (*_of_shapes(findings), *literals, *links, *others)
    own = sum(not file.bundled for role in ROLES for file in project.files(role))
    return Check(store, report, remarks, compared, own, time.perf_counter() - start, store.prefixes)


def _unreachable(project: Project, store: Store, files: Sequence[Path]) -> Iterator[Problem]:
    """Give things without a page or an address; none where the data's word on the base is wrong: the build tells it."""
    try:
        catalog = Catalog.read(store, labels=Labels(store, ()), folder=project.name, base=project.base)
    except ProjectError:
        return
    yield from outside(store, files, catalog=catalog)
    yield from shadowed(store, files, base=catalog.base)


def check_files(data: Sequence[Path], *, shapes: Sequence[Path], texts: Sequence[Path]) -> Check:
    """Check plain files by plain shapes, with nothing added; of a folder, all RDF files in it."""
    start = time.perf_counter()
    data, shapes = _plain_files(data), _plain_files(shapes)
    try:
        report = validate_files(data, shapes=shapes)
    except DataError as error:
        return _failed(error, (), start)
    store, parsed, prefixes = _read(data, shapes)
    findings = lint({path: parsed[path] for path in shapes}, data=store, relative=True)
    compared = check_texts(store, texts=texts, files=data)
    literals = _warnings("literals", ill_typed(store, data, report=report, prefixes=prefixes, relative=True))
    links = _warnings("links", misnamed(store, data, prefixes=prefixes, relative=True))
    remarks = (*_of_shapes(findings), *literals, *links, *_of_texts(compared))
    return Check(store, report, remarks, compared, len(parsed), time.perf_counter() - start, prefixes)


def _read(data: Sequence[Path], shapes: Sequence[Path]) -> tuple[Store, dict[Path, tuple[Quad, ...]], Prefixes]:
    """Return a store of the data, the quads of each file, and the prefixes of all files."""
    parsed: dict[Path, tuple[Quad, ...]] = {}
    prefixes: dict[str, str] = {}
    for path in dict.fromkeys((*data, *shapes)):
        parsing = parse_file(path, base=path.resolve().as_uri())
        parsed[path] = tuple(parsing)
        prefixes = dict(parsing.prefixes) | prefixes
    return Store.of(quad for path in dict.fromkeys(data) for quad in parsed[path]), parsed, Prefixes(prefixes)


def _plain_files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in walk(path, root=path) if isinstance(each, Path))
            found += (each for each in inside if _is_rdf(each))
        else:
            found.append(path)
    return found


def _is_rdf(path: Path) -> bool:
    format = FORMATS.by_extension(Path(path.name.removesuffix(".gz")).suffix)
    return format is not None and format.kind == "rdf"


def _failed(error: DataError, notes: tuple[Remark, ...], start: float) -> Check:
    found = tuple(Remark("violation", "syntax", problem) for problem in error.problems)
    return replace(Check(remarks=found + notes), seconds=time.perf_counter() - start)


def _of_shapes(findings: Sequence[Finding]) -> list[Remark]:
    levels: dict[str, Level] = {"error": "violation", "warning": "warning", "note": "note"}
    return [Remark(levels[finding.level], "shapes", finding.problem) for finding in findings]


def _warnings(about: Literal["literals", "links", "project"], problems: Iterable[Problem]) -> list[Remark]:
    return [Remark("warning", about, problem) for problem in problems]


def _of_mappings(sets: Mapping[SourceFile, MappingSet], store: Store) -> list[Remark]:
    found: list[Remark] = []
    for file, mappings in sets.items():
        found += [Remark("note", "project", problem) for problem in unconfirmed(mappings, file.path)]
        found += _warnings("links", faults_of_rows(mappings, file.path, store=store))
        found += _warnings("project", unknown_things(mappings, file.path, store=store))
    return found


def _of_texts(compared: TextCheck) -> list[Remark]:
    found = [Remark("violation", "source text", problem) for problem in compared.problems]
    if compared.uncompared:
        message = f"{compared.uncompared} passages were not compared: the text of their document is not at hand."
        remedy = "Put it into data/**/sources/, or name it with --source-text."
        found.append(Remark("note", "source text", Problem(None, None, None, message, remedy)))
    return found
