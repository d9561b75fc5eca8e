"""Reports of a check: for people, grouped by cause, and as JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.command_line.checking import LEVELS, level_of
from communique.descriptions.labels import Labels, local_name
from communique.descriptions.readings import Reading, readings
from communique.iris import Prefixes
from communique.legibility import legible_name
from communique.store import Store
from communique.syntax.serialization import prefixes_in_use, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from communique.command_line.checking import Check, Level, Remark
    from communique.formats import Format
    from communique.shacl.validation import ValidationReport, ValidationResult
    from communique.store import Term

LANGUAGES = ("en",)
SHOWN = 10
STYLES = {"violation": "bold red", "warning": "bold yellow", "note": "bold blue"}
_IRI = re.compile(r"<([^<>]*)>")

Line = tuple[str, str]  # a style of rich, "" for none, and a text


def lines(check: Check, *, everything: bool = False, quiet: bool = False) -> Iterator[Line]:
    """Give the report line by line: by cause, the worst first; of each cause the first results, or all.

    With `quiet` there are violations and warnings, and nothing else.
    """
    view = _View(check)
    for level in LEVELS[:2] if quiet else LEVELS:
        for _, group in groupby(view.results(level), key=_cause):
            yield from view.finding(level, list(group), everything=everything)
        for remark in check.remarks:
            if remark.level == level:
                yield from _remark(remark)
    if quiet:
        return
    for note in check.report.notes:
        yield "dim", legible_name(note)
    yield ("bold green" if check.conforms else "bold red"), summary(check)


def print_lines(found: Iterable[Line]) -> None:
    """Print lines, in colours on a terminal; long ones are left to the terminal to break."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    for style, text in found:
        console.print(Text(text, style=style))


def summary(check: Check) -> str:
    """Return one line: how much was found, how long it took, in how much."""
    found = ", ".join(_counted(check.count(level), level) for level in LEVELS)
    if check.store is None:
        return f"{found}: nothing was validated, since not everything could be read"
    within = [_counted(len(check.store), "triple"), _counted(check.files, "file")]
    within.append(_counted(check.report.files, "shapes graph"))
    if check.texts.documents:
        within.append(f"{_counted(check.texts.passages, 'passage')} compared with the text")
    return f"{found} in {check.seconds:.1f} s ({', '.join(within)})"


def to_json(check: Check) -> str:
    """Return the report as JSON."""
    return json.dumps(as_json(check), ensure_ascii=False, indent=2)


def as_json(check: Check) -> dict[str, Any]:
    """Return the report as plain values; terms are written as in SPARQL results in JSON.

    Of optional keys only those with a value are there: `file`, `line`, `path`, `value`, `details`, `readings`.
    """
    view = _View(check)
    return {
        "conforms": check.conforms,
        **{f"{level}s": check.count(level) for level in LEVELS},
        "triples": 0 if check.store is None else len(check.store),
        "files": check.files,
        "shapes": check.report.shapes,
        "shapesGraphs": check.report.files,
        "passages": check.texts.passages,
        "results": [view.as_json(result) for result in check.report.results],
        "remarks": [_remark_as_json(remark) for remark in check.remarks],
        "notes": list(check.report.notes),
    }


def write_standard(report: ValidationReport, output: IO[bytes], *, format: Format) -> None:
    """Write the report that SHACL defines (section 3), in an RDF format."""
    quads = [ox.Quad(*triple) for triple in report.graph]
    write(quads, output, format=format, prefixes=prefixes_in_use(quads, Prefixes()))


class _View:
    """The results of a check with the words that its store has for them."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._store = check.store or Store.of([])
        self._labels = Labels(self._store, LANGUAGES)
        self._told: set[ox.NamedNode] = set()

    def results(self, level: Level) -> list[ValidationResult]:
        """The results of a level, in the order of the report."""
        return [result for result in self._check.report.results if level_of(result.severity.value) == level]

    def finding(self, level: Level, results: Sequence[ValidationResult], *, everything: bool) -> Iterator[Line]:
        messages = {self._message(result) for result in results}
        name = self._name(results[0])
        yield STYLES[level], f"{level}: {next(iter(messages)) if len(messages) == 1 else name}"
        yield (
            "dim",
            f"  {name} · {_counted(len(results), 'result')}" if len(messages) == 1 else f"  {len(results)} results",
        )
        shown = len(results) if everything or len(results) <= SHOWN + 2 else SHOWN
        for result in sorted(results, key=_place)[:shown]:
            place = f"{result.place}: " if result.place else ""
            message = "" if len(messages) == 1 else f"  {self._message(result)}"
            yield "", legible_name(f"  {place}{self._subject(result)}{message}")
            for detail in result.details:
                yield "", legible_name(f"      {self._subject(detail)}  {self._message(detail)}")
            for reading in self._readings(result):
                yield "cyan", f"      read as {self._reading(reading)}"
        if shown < len(results):
            yield "dim", f"  ... and {len(results) - shown} more: --all shows them"
        yield "", ""

    def as_json(self, result: ValidationResult) -> dict[str, Any]:
        optional = {
            "file": str(result.place.path) if result.place else None,
            "line": result.place.line if result.place else None,
            "path": result.path,
            "value": None if result.value is None else _term_as_json(result.value),
            "details": [self.as_json(detail) for detail in result.details],
            "readings": [_reading_as_json(reading) for reading in self._readings(result)],
        }
        return {
            "severity": result.severity.value,
            "level": level_of(result.severity.value),
            "focusNode": _term_as_json(result.focus_node),
            "sourceShape": _term_as_json(result.source_shape),
            "sourceConstraintComponent": result.component.value,
            "messages": [_term_as_json(message) for message in result.messages],
        } | {key: value for key, value in optional.items() if value}

    def _readings(self, result: ValidationResult) -> tuple[Reading, ...]:
        nodes = (result.focus_node, result.value)
        return readings(self._store, nodes=[node for node in nodes if isinstance(node, ox.NamedNode)])

    def _reading(self, reading: Reading) -> str:
        """What an interpretation makes of it; why, the first time that it is named."""
        label = self._labels.of(reading.interpretation).text
        reasons = () if reading.interpretation in self._told else reading.rationales
        self._told.add(reading.interpretation)
        rationale = self._labels.choose({text.language or "": text.value for text in reasons})
        sure = [f"certainty {self._labels.of(each).text}" for each in reading.certainties]
        by = [self._labels.of(each).text for each in reading.agents]
        words = f'"{label}"{f": {rationale.text}" if rationale else ""}'
        return legible_name(f"{words} [{', '.join((*sure, *by))}]" if sure or by else words)

    def _message(self, result: ValidationResult) -> str:
        found = self._labels.choose({message.language or "": message.value for message in result.messages})
        return legible_name(found.text) if found else "This breaks a rule that has no message."

    def _name(self, result: ValidationResult) -> str:
        """The name of a shape, and the last part of its IRI."""
        found = self._labels.choose({each.language or "": each.value for each in result.names})
        iri = result.source_shape.value.rpartition("/")[2] if isinstance(result.source_shape, ox.NamedNode) else ""
        return legible_name(" · ".join(filter(None, (found.text if found else "", iri))) or "a shape without a name")

    def _subject(self, result: ValidationResult) -> str:
        """What is wrong: the node, or the value that a rule on no single node has found; property and value."""
        value = result.value
        if not result.path and value is not None and not isinstance(value, ox.Literal):
            return self._spelled(value)
        path = _IRI.sub(lambda iri: self._short(ox.NamedNode(iri[1])), result.path)
        given = "" if value is None or value == result.focus_node else self._spelled(value)
        return " ".join(filter(None, (self._spelled(result.focus_node), path, given)))

    def _spelled(self, term: Term) -> str:
        if not isinstance(term, ox.NamedNode):
            return str(term) if isinstance(term, ox.Literal) else "[ a node without a name ]"
        label, short = self._labels.of(term).text, self._short(term)
        return short if label in (short, term.value, local_name(term.value)) else f"{label} ({short})"

    def _short(self, node: ox.NamedNode) -> str:
        return self._check.prefixes.curie(node.value) or str(node)


def _cause(result: ValidationResult) -> tuple[str, str, str]:
    return result.severity.value, str(result.source_shape), result.component.value


def _place(result: ValidationResult) -> tuple[str, int]:
    return (str(result.place.path), result.place.line) if result.place else ("", 0)


def _remark(remark: Remark) -> Iterator[Line]:
    about = "" if remark.about == "syntax" else f"{remark.about}: "
    yield STYLES[remark.level], f"{remark.level}: {about}{legible_name(str(remark.problem))}"


def _remark_as_json(remark: Remark) -> dict[str, Any]:
    problem = remark.problem
    optional = {
        "file": str(problem.path) if problem.path else None,
        "line": problem.line,
        "column": problem.column,
        "remedy": problem.remedy,
    }
    found = {"level": remark.level, "about": remark.about, "message": problem.message}
    return found | {key: value for key, value in optional.items() if value}


def _reading_as_json(reading: Reading) -> dict[str, Any]:
    return {
        "interpretation": reading.interpretation.value,
        "rationales": [_term_as_json(each) for each in reading.rationales],
        "certainties": [_term_as_json(each) for each in reading.certainties],
        "agents": [_term_as_json(each) for each in reading.agents],
    }


def _term_as_json(term: Term) -> dict[str, str]:
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal() if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        case ox.Literal() if not term.datatype.value.endswith("#string"):
            return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        case ox.Literal():
            return {"type": "literal", "value": term.value}
    return {"type": "triple", "value": str(term)}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"
