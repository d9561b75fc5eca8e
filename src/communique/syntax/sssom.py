"""SSSOM/TSV: a table of mappings under a header in YAML, each line of which begins with `#`.

https://mapping-commons.github.io/sssom/spec-formats-tsv/; the one module with a parser of YAML.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import yaml
from pyoxigraph import Literal, NamedNode

from communique.errors import DataError, Problem
from communique.syntax.mappings import (
    BUILT_IN,
    ROW_NAMES,
    ROW_SLOTS,
    SET_NAMES,
    SET_SLOTS,
    XSD,
    MappingSet,
    Row,
    fault_of_justification,
    fault_of_relation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
DATES = frozenset({"mapping_date", "publication_date"})
TEXTS = frozenset({"comment", "mapping_tool", "mapping_set_title", "mapping_set_description", "mapping_set_version"})
LONGEST_HEADER = 100_000
_BAR = re.compile(r"(?<!\\)\|")
_CURIE = re.compile(r"([A-Za-z_][\w.-]*):(?!//)(.*)")


def read_mappings(content: bytes, path: Path) -> MappingSet:
    """Read a mapping set; raises DataError with a problem for each fault of the file."""
    reading = _Reading(path)
    found = reading.read(content)
    if found is None or reading.problems:
        raise DataError(reading.problems)
    return found


class _Spot(NamedTuple):
    """A place in the file, counted from 1; of a row of the table, only its line."""

    line: int
    column: int | None = None


TOP = _Spot(1)


class _Reading:
    """A file on its way, and what is wrong with it; `spots` are the places of the keys in its header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.prefixes = dict(BUILT_IN)
        self.spots: dict[str, _Spot] = {}

    def read(self, content: bytes) -> MappingSet | None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._wrong(_Spot(content.count(b"\n", 0, error.start) + 1), "is not valid UTF-8.", "Save it as UTF-8.")
            return None
        lines = text.splitlines(keepends=True)
        size = next((number for number, line in enumerate(lines) if not line.startswith(("#", '"#'))), len(lines))
        header = self._header(lines[:size])
        if header is None:
            return None
        for name, space in _mapping(header.get("curie_map")).items():
            if _is_text(space):
                self._declare(name, space)
        iri = self._set_id(header)
        table = list(self._table("".join(lines[size:]), size))
        columns = tuple(each.strip() for each in table[0][1]) if table else ()
        names = _Spot(size + 1)
        self._misnamed(header, columns, names)
        if missing := [name for name in REQUIRED if name not in columns]:
            remedy = f"Required are {', '.join(REQUIRED)}, separated by tabs."
            self._wrong(names, f"lacks the column {missing[0]}.", remedy)
        if iri is None or missing:
            return None
        slots = {name: self._all(header[name], name, self.spots[name]) for name in SET_SLOTS if header.get(name)}
        rows = [row for number, cells in table[1:] if any(cells) and (row := self._row(_Spot(number), columns, cells))]
        return MappingSet(iri, slots, columns, self.prefixes, tuple(rows))

    def _header(self, lines: Sequence[str]) -> dict[str, Any] | None:
        text = "\n".join(_header_line(line) for line in lines)
        try:
            if len(text) > LONGEST_HEADER:
                raise ValueError("more than 100,000 characters")
            # All scalars are texts: a version 1.0 is no number, and a country NO no falsehood.
            loader = yaml.BaseLoader(text)
            node = loader.get_single_node()
            found = loader.construct_document(node) if node else None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            spot = _spot(mark, lines) if mark else TOP
            reason = getattr(error, "problem", None) or error
            self._wrong(spot, f"has a header that is no YAML: {reason}.", "Write lines such as #license: https://...")
            return None
        for path, key in _keys(node):
            spot = _spot(key.start_mark, lines)
            if path in self.spots:
                # YAML 1.2, section 3.2.1.3: keys are unique; the parser takes the last one.
                self._wrong(spot, f"has the key {path.removeprefix('curie_map.')} twice.", "Remove one.")
            self.spots[path] = spot
        return _mapping(found)

    def _declare(self, name: str, space: str) -> None:
        """Take a prefix; one that SSSOM knows cannot be another (SSSOM/TSV, section on IRI prefixes)."""
        known = BUILT_IN.get(name, space)
        if space != known:
            spot = self.spots[f"curie_map.{name}"]
            self._wrong(spot, f"declares the prefix {name} as <{space}>.", f"It is <{known}>: remove the line.")
        self.prefixes[name] = known

    def _set_id(self, header: dict[str, Any]) -> NamedNode | None:
        iri = header.get("mapping_set_id")
        if not iri or not _is_text(iri):
            remedy = "Begin the file with a line such as #mapping_set_id: https://example.org/id/mapping/countries"
            self._wrong(self.spots.get("mapping_set_id", TOP), "does not say which mapping set it is.", remedy)
            return None
        return self._iri(iri, self.spots["mapping_set_id"])

    def _table(self, text: str, before: int) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
        line = before + 1
        try:
            for cells in reader:
                yield line, cells
                line = before + reader.line_num + 1
        except csv.Error as error:
            self._wrong(_Spot(before + reader.line_num), f"is no table: {error}.", "Separate cells by one tab each.")

    def _misnamed(self, header: Mapping[str, Any], columns: Sequence[str], spot: _Spot) -> None:
        """Say which names are misspelt or stand twice; others that SSSOM does not list are extensions of somebody."""
        for kind, names, known in (("key", header, SET_NAMES), ("column", columns, ROW_NAMES)):
            for name in sorted(set(names) - {*known, ""}):
                if near := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
                    place = self.spots[name] if kind == "key" else spot
                    self._wrong(place, f"has the {kind} {name!r}, which SSSOM does not list.", f"Write {near[0]}.")
        for name in sorted({each for each in columns if each and columns.count(each) > 1}):
            self._wrong(spot, f"has the column {name} twice.", "Remove one; several values of a cell stand between |.")

    def _row(self, spot: _Spot, columns: tuple[str, ...], cells: list[str]) -> Row | None:
        if len(cells) != len(columns):
            remedy = "Separate cells by one tab each, also empty ones."
            self._wrong(spot, f"has {len(cells)} cells, and {len(columns)} columns have names.", remedy)
            return None
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()}
        if empty := [name for name in REQUIRED if name not in values]:
            self._wrong(spot, f"has nothing in the column {empty[0]}.", "Fill it in, or remove the row.")
            return None
        link = [self._iri(values[name], spot) for name in REQUIRED[:3]]
        slots = {name: self._all(_BAR.split(values[name]), name, spot) for name in ROW_SLOTS if name in values}
        self._justifies(slots["mapping_justification"], spot)
        subject, predicate, object_ = link
        if subject is None or predicate is None or object_ is None or not self._relates(predicate, spot):
            return None
        negated = self._negated(values.get("predicate_modifier", ""), spot)
        return Row(subject, predicate, object_, slots, negated=negated, line=spot.line)

    def _relates(self, predicate: NamedNode, spot: _Spot) -> bool:
        """Tell whether a predicate is one."""
        fault = fault_of_relation(predicate)
        if fault:
            self._wrong(spot, f"relates things by {fault[0]}, which relates none.", fault[1])
        return fault is None

    def _justifies(self, terms: tuple[NamedNode | Literal, ...], spot: _Spot) -> None:
        for fault in filter(None, (fault_of_justification(term.value) for term in terms)):
            self._wrong(spot, f"has the mapping_justification {fault[0]!r}, which SSSOM does not list.", fault[1])

    def _negated(self, modifier: str, spot: _Spot) -> bool:
        if modifier not in ("", "Not"):
            self._wrong(spot, f"has an unknown predicate_modifier {modifier!r}.", "Write Not, or leave it empty.")
        return modifier == "Not"

    def _all(self, values: object, slot: str, spot: _Spot) -> tuple[NamedNode | Literal, ...]:
        texts = values if isinstance(values, list) else [values]
        # What is nested may be a hundred lines that YAML's aliases make a million of.
        found = (self._term(text.strip().replace("\\|", "|"), slot, spot) for text in texts if _is_text(text))
        return tuple(dict.fromkeys(term for term in found if term is not None))

    def _term(self, text: str, slot: str, spot: _Spot) -> NamedNode | Literal | None:
        if slot == "confidence":
            return self._confidence(text, spot)
        if slot in DATES:
            if not _is_date(text):
                self._wrong(spot, f"has the {slot} {text!r}.", "Write a date as 2026-11-24.")
            return Literal(text, datatype=NamedNode(XSD + "date"))
        return Literal(text) if slot in TEXTS or slot.endswith("_label") else self._iri(text, spot)

    def _confidence(self, text: str, spot: _Spot) -> Literal | None:
        if not re.fullmatch(r"0|1|[01]?\.\d{1,18}", text) or float(text) > 1:
            self._wrong(spot, f"has the confidence {text!r}.", "Write a number from 0 to 1, such as 0.95.")
            return None
        return Literal(text, datatype=NamedNode(XSD + "decimal"))

    def _iri(self, text: str, spot: _Spot) -> NamedNode | None:
        """Return the IRI that a cell holds in full or by a prefix."""
        curie = _CURIE.fullmatch(text)
        space = self.prefixes.get(curie[1]) if curie else None
        if curie and space is None and curie[1] not in ("urn", "tag", "mailto"):
            remedy = f"Declare it in the header: #curie_map: and below it #  {curie[1]}: https://..."
            self._wrong(spot, f"uses the prefix {curie[1]}, which is not declared.", remedy)
            return None
        iri = space + curie[2] if curie and space is not None else text.removeprefix("<").removesuffix(">")
        try:
            if ":" not in iri:
                raise ValueError("No scheme found in an absolute IRI")
            return NamedNode(iri)
        except ValueError as error:
            self._wrong(spot, f"has {text!r}, which is no IRI: {error}.", "Write an IRI, or a prefix and a name.")
            return None

    def _wrong(self, spot: _Spot, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, *spot, message, remedy))


def _mapping(value: object) -> dict[str, Any]:
    """Return those members of a mapping that have texts for names."""
    return {name: each for name, each in value.items() if _is_text(name)} if isinstance(value, dict) else {}


def _header_line(line: str) -> str:
    """Return a line of the header without its `#`, and without the quotes and tabs with which spreadsheets fill it."""
    line = line.rstrip()
    if line.startswith('"'):
        line = next(csv.reader([line], delimiter="\t"))[0]
    return line.removeprefix("#")


def _spot(mark: yaml.Mark, lines: Sequence[str]) -> _Spot:
    """Return the place of a mark in the file: YAML sees the header without the `#`, or `"#`, that begin its lines."""
    line = min(mark.line, len(lines) - 1)
    return _Spot(line + 1, mark.column + 1 + lines[line].startswith('"') + lines[line].lstrip('"').startswith("#"))


def _keys(node: yaml.Node | None, *, within: str = "") -> Iterator[tuple[str, yaml.Node]]:
    """Give the keys of a header, and those of its `curie_map` as `curie_map.key`, each with its node."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield within + key.value, key
            if key.value == "curie_map" and not within:
                yield from _keys(value, within="curie_map.")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)
