"""What of a result is named: its things by labels, the names in a text of Turtle, and unfamiliar datatypes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

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
LABELS = tuple(
    f"<{iri}>"
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://xmlns.com/foaf/0.1/name",
        "http://purl.org/dc/terms/title",
        "http://schema.org/name",
        "http://www.w3.org/ns/shacl#name",
        "http://www.w3.org/2008/05/skos-xl#literalForm",
    )
)
REIFIED = "<http://www.w3.org/2008/05/skos-xl#prefLabel>/<http://www.w3.org/2008/05/skos-xl#literalForm>"
"""What leads to a label that is a resource (SKOS Reference, section B.3.4.2)."""
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


def label_query(iris: Sequence[str], *, in_graphs: bool) -> str:
    """Return the query for the labels of those of some IRIs that are described.

    With `in_graphs` it looks into the named graphs too: an engine of others may show them nowhere else.
    """
    labels, reified, said = f"?iri ?path ?label FILTER(?path IN ({', '.join(LABELS)}))", f"?iri {REIFIED} ?reified", ""
    if in_graphs:
        labels = f"{{ {labels} }} UNION {{ GRAPH ?of_label {{ {labels} }} }}"
        reified = f"{{ {reified} }} UNION {{ GRAPH ?of_reified {{ {reified} }} }}"
        said = " || EXISTS { GRAPH ?g { ?iri ?p ?o } }"
    return (
        f"SELECT ?iri ?path ?label ?reified {{ VALUES ?iri {{ {' '.join(f'<{iri}>' for iri in iris)} }} "
        f"OPTIONAL {{ {labels} }} OPTIONAL {{ {reified} }} "
        f"FILTER(EXISTS {{ ?iri ?p ?o }} || EXISTS {{ GRAPH ?iri {{ ?s ?q ?t }} }}{said}) }}"
    )


def best_labels(bindings: Sequence[Row], languages: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the label of each IRI in the first of `languages` that has one, else an untagged one, else any."""
    wanted = [language.partition("-")[0] for language in languages]
    paths = [path.strip("<>") for path in LABELS]
    ranked: dict[str, tuple[tuple[int, int, str, str], str, str]] = {}
    for row, name in product(bindings, ("label", "reified")):
        label = row.get(name, {"value": "", "type": "literal"})
        tag, text = label.get("xml:lang", ""), label["value"]
        main = tag.partition("-")[0]
        place = wanted.index(main) * 2 if main in wanted else 1 if text and not tag else 99
        path = paths.index(row["path"]["value"]) if name == "label" and "path" in row else 0
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
