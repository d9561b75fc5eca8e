"""Validation: shapes and a store make a report, whose results say what is wrong, by which shape, in which line."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import DataError, Problem
from communique.positions import Positions
from communique.project import ROLES
from communique.shacl.validation_report import INFO, SEVERITIES, VIOLATION, WARNING, ValidationReport, ValidationResult
from communique.store import Store
from communique.syntax import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from communique.positions import Place
    from communique.project import Project
    from communique.shacl.shapes import Shapes

__all__ = [
    "INFO",
    "SEVERITIES",
    "VIOLATION",
    "WARNING",
    "ValidationReport",
    "ValidationResult",
    "read_shapes",
    "validate",
    "validate_files",
]
_STEP = re.compile(r"\(*(?P<inverse>\^)?\(*<(?P<iri>[^>]*)>")


def validate(store: Store, *, project: Project, shapes: Shapes | None = None) -> ValidationReport:
    """Validate what a project says, with its ontology and the bundled one, by its own and the bundled shapes.

    The default graph is the merge of all graphs; nothing is inferred. `shapes` are those of the project where they have
    been read. Raises DataError, which names shape and file, if a shape is malformed or asks for what is refused:
    scripts, other hosts, other files.
    """
    shapes = shapes or read_shapes(project)
    bundled = [file for file in project.files("ontology") if file.bundled]
    with store.joined_by(chain.from_iterable(parse_file(file) for file in bundled)):
        report = _report(store, shapes)
    return _placed(report, [file.path for role in ROLES for file in project.files(role)])


def read_shapes(project: Project) -> Shapes:
    """Return the shapes of a project, its own and the bundled ones; raises DataError as `validate` does."""
    return _read({file.path: tuple(parse_file(file)) for file in project.files("shapes")})


def validate_files(data: Sequence[Path], *, shapes: Sequence[Path]) -> ValidationReport:
    """Validate plain files by plain files: nothing is added or inferred.

    Relative IRIs are resolved against the address of their file. Raises one DataError with the problems of all files
    that cannot be parsed.
    """
    problems: list[Problem] = []
    parsed: dict[Path, tuple[ox.Quad, ...]] = {}
    for path in dict.fromkeys((*data, *shapes)):
        try:
            parsed[path] = tuple(parse_file(path, base=path.resolve().as_uri()))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    store = Store.of(chain.from_iterable(parsed[path] for path in dict.fromkeys(data)))
    report = _report(store, _read({path: parsed[path] for path in shapes}))
    return _placed(report, data, relative=True)


def _read(files: dict[Path, tuple[ox.Quad, ...]]) -> Shapes:
    # pyshacl and rdflib take their time to load.
    from communique.shacl.shapes import Shapes

    return Shapes(files)


def _report(store: Store, shapes: Shapes) -> ValidationReport:
    from communique.shacl.reading import read_report

    return read_report(store, shapes=shapes)


def _placed(report: ValidationReport, files: Iterable[Path], *, relative: bool = False) -> ValidationReport:
    nodes = {node for result in report.results for node in (result.focus_node, result.value) if node is not None}
    positions = Positions(files, nodes=nodes, relative=relative)
    return replace(report, results=tuple(replace(each, place=_place(each, positions)) for each in report.results))


def _place(result: ValidationResult, positions: Positions) -> Place | None:
    """The place of the value, else of the property, else of the value itself, which may be the culprit, or the node."""
    focus, value = result.focus_node, result.value
    step = _STEP.match(result.path)
    if step and step["inverse"]:
        place = positions.of_triple(value, ox.NamedNode(step["iri"]), focus) if value is not None else None
    elif step:
        place = positions.of_triple(focus, ox.NamedNode(step["iri"]), value)
    else:
        place = positions.of_node(value) if value is not None else None
    return place or positions.of_node(focus)
