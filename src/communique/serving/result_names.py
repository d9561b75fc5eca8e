"""What of a result is named: its things by labels, the names in a text of Turtle, and unfamiliar datatypes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from communique.sparql.label_query import LABELS

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|_:\S+|<[^<>\s]*>|[^\s"<>^@:]*:\S*')
DECLARED = re.compile(r"^@prefix ([^\s:]*): <([^<>\s]*)> \.$", re.MULTILINE)
XSD = "http://www.w3.org/2001/XMLSchema#"
FAMILIAR = frozenset(
    (
        *("string", "boolean", "integer", "decimal", "double", "float", "int", "long", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
        *("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
    )
)
"""Datatypes of XML Schema of strings, numbers, truths and dates, which are known by their looks."""
Row = Mapping[str, Mapping[str, Any]]
ESCAPE = re.compile(r"\\(.)")


def pieces(turtle: str, *, most: int) -> Iterator[tuple[str, str]]:
    """Give a text piece by piece, each with the IRI that it stands for, "" if it is no name or `most` were given.

    >>> list(pieces("@prefix e: <x:> .\\n\\ne:a e:b 1 .", most=1))
    [('@prefix e: <x:> .\\n', ''), ('\\n', ''), ('e:a', 'x:a'), (' e:b 1 .', '')]
    """
    declared, end = {}, 0
    for line in DECLARED.finditer(turtle):
        declared[line[1]] = line[2]
        end = line.end() + 1
    yield turtle[:end], ""
    for token in TOKEN.finditer(turtle, end):
        iri = _iri(token[0], declared)
        if iri:
            yield turtle[end : token.start()], ""
            yield token[0], iri
            end, most = token.end(), most - 1
        if not most:
            break
    yield turtle[end:], ""


def is_familiar(datatype: str) -> bool:
    """Tell whether a value needs no name of its datatype beside it, "" being that of a text."""
    return not datatype or (datatype.startswith(XSD) and datatype.removeprefix(XSD) in FAMILIAR)


def best_labels(bindings: Sequence[Row], languages: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the label of each IRI in the first of `languages` that has one, else an untagged one, else any."""
    wanted = [language.partition("-")[0] for language in languages]
    ranked: dict[str, tuple[tuple[int, int, str, str], str, str]] = {}
    for row, name in product(bindings, ("label", "reified")):
        label = row.get(name, {"value": "", "type": "literal"})
        tag, text = label.get("xml:lang", ""), label["value"]
        main = tag.partition("-")[0]
        place = wanted.index(main) * 2 if main in wanted else 1 if text and not tag else 99
        path = LABELS.index(row["path"]["value"]) if name == "label" and "path" in row else 0
        rank = (place if text else 999, path, tag, text)
        iri = row["iri"]["value"]
        if iri not in ranked or rank < ranked[iri][0]:
            ranked[iri] = rank, text, tag
    return {iri: (text, tag) for iri, (_, text, tag) in ranked.items()}


def _iri(token: str, declared: dict[str, str]) -> str:
    if token[0] == "<":
        return token[1:-1]
    prefix, _, local = token.partition(":")
    if token[0] == '"' or prefix not in declared:
        return ""
    return declared[prefix] + ESCAPE.sub(r"\1", local)
