"""Example queries: `site/queries/*.rq`, each with a header that says what it asks.

The header has the form of grlc, comments that begin with `#+`, one `key: value` a line:

    #+ summary@en: Who took part
    #+ summary@ru: Кто участвовал
    #+ description@en: The participants in the order in which the source names them.
    #+ level: 1

`summary` and `description` may be given once without a language and once in each. Levels go from 1, for a first look,
to 3. What stands in `site/queries/any` suits any dataset: every project has it, unless it has a file of the same
name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from communique.errors import ProjectError
from communique.store import Store
from communique.syntax.query_faults import explain
from communique.syntax.sparql_text import blanked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from communique.project import Project

FOLDER = "queries"
FOR_ANY = f"{FOLDER}/any/"
LEVELS = (1, 2, 3)
Form = Literal["select", "ask", "construct", "describe"]
_LINE = re.compile(r"#\+\s*(\w+)(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?\s*:\s*(.*\S)\s*")
_FORM = re.compile(r"\b(select|ask|construct|describe)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """An example query: its name without folder and extension, its words by language ("" for any), and its text.

    `file` is the whole file, header included; `level` is 1 to 3.
    """

    name: str
    summaries: Mapping[str, str]
    descriptions: Mapping[str, str]
    level: int
    form: Form
    text: str
    file: str

    @property
    def path(self) -> str:
        """Where the site publishes the file."""
        return f"{FOLDER}/{self.name}.rq"


def read_examples(project: Project) -> tuple[Example, ...]:
    """Return the example queries of a project by level, then by name; raises ProjectError naming file and line."""
    found: dict[str, Example] = {}
    for name in _names(project):
        if path := project.site_file(name):
            stem = name.rpartition("/")[2].removesuffix(".rq")
            if stem not in found or not name.startswith(FOR_ANY):
                found[stem] = _read(path, stem)
    return tuple(sorted(found.values(), key=lambda each: (each.level, each.name)))


def _names(project: Project) -> Iterator[str]:
    for name in project.site_files(FOLDER):
        own = (project.root / "site" / name).is_file()
        if name.endswith(".rq") and (own or name.startswith(FOR_ANY)):
            yield name


def _read(path: Path, name: str) -> Example:
    try:
        file = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path}: is not valid UTF-8") from error
    lines = file.splitlines()
    length = next((number for number, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    words: dict[str, dict[str, str]] = {"summary": {}, "description": {}}
    level = LEVELS[0]
    for number, line in enumerate(lines[:length], 1):
        match = _LINE.fullmatch(line)
        key = match[1] if match else ""
        if match and key in words:
            words[key][match[2] or ""] = match[3]
        elif match and key == "level" and match[3] in map(str, LEVELS):
            level = int(match[3])
        else:
            raise ProjectError(
                f"{path}:{number}: a line of the header is `#+ summary: ...`, `#+ description: ...`, "
                f"each also with a language as in `summary@en`, or `#+ level: 1` to 3, not {line!r}"
            )
    if not words["summary"]:
        raise ProjectError(f"{path}: does not say what it asks: begin with a line `#+ summary: ...`")
    body = "\n".join(lines[length:])
    form = _form(path, "\n" * length + body)
    return Example(name, words["summary"], words["description"], level, form, body.strip() + "\n", file)


def _form(path: Path, text: str) -> Form:
    """Return the form of a query, parsed without any prefix but its own: it must work wherever it is copied to."""
    try:
        Store().evaluate(text)
    except SyntaxError as error:
        raise ProjectError(f"{path}{explain(error, text, prefixes=()).removeprefix('query')}") from error
    match = _FORM.search(blanked(text))
    return match[1].lower() if match else "select"  # type: ignore[return-value]


def is_repeatable(text: str) -> bool:
    """Tell whether a query has the same answer each time: nothing random, and no part of rows in an open order.

    >>> is_repeatable("SELECT * { ?s ?p ?o } LIMIT 3")
    False
    """
    words = set(re.findall(r"[A-Z]+", blanked(text).upper()))
    return not words & {"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SAMPLE"} and (
        "LIMIT" not in words or "ORDER" in words
    )


def is_ordered(text: str) -> bool:
    """Tell whether a query says in which order its rows come."""
    return "ORDER" in re.findall(r"[A-Z]+", blanked(text).upper())
