"""Which graphs a query names (SPARQL 1.1 Query, section 13.2): an engine that has read it does not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

# The engine has found no fault in the text: so what ends a name here is what cannot stand in one.
_SPACE = r"(?:\s|\#[^\r\n]*+)*+"
_WORD = r"[^\s<>{}()\[\]\#\\\"'*?$:]"
_NAME = rf"{_WORD}*+:(?:[^\s<>{{}}()\[\]\#\"'\\]|\\.)*+"
_IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
_LONG = r'"""(?:[^"\\]|\\.|"(?!""))*+"""|' r"'''(?:[^'\\]|\\.|'(?!''))*+'''"
_STRING = rf"{_LONG}|" r'"(?:[^"\\\r\n]|\\.)*+"|' r"'(?:[^'\\\r\n]|\\.)*+'"
_PROLOGUE = re.compile(
    rf"(?:\s|\#[^\r\n]*+|PREFIX{_SPACE}{_WORD}*+:{_SPACE}{_IRI}|BASE{_SPACE}{_IRI}|VERSION{_SPACE}(?:{_STRING}))*+",
    re.IGNORECASE | re.DOTALL,
)
_DECLARED = re.compile(rf"PREFIX{_SPACE}({_WORD}*+):{_SPACE}<", re.IGNORECASE)
_FORM = re.compile(rf"SELECT|ASK|DESCRIBE|CONSTRUCT{_SPACE}", re.IGNORECASE)
_TOKEN = re.compile(
    rf"(?P<name>{_NAME})|(?P<word>{_WORD}++)|(?P<open>\()|(?P<body>\{{)|\#[^\r\n]*+|{_IRI}|[?$]{_WORD}*+|.",
    re.DOTALL,
)
_CLAUSE = re.compile(rf"FROM{_SPACE}(?P<named>NAMED{_SPACE})?+(?P<iri>{_IRI}|{_NAME}){_SPACE}", re.IGNORECASE)
_UNNAMED = re.compile(rf"FROM{_SPACE}(?P<iri>{_NAME}){_SPACE}", re.IGNORECASE)
_INNER = re.compile(
    rf"{_STRING}|(?P<iri>{_IRI})|\#[^\r\n]*+|{_NAME}|[?$]{_WORD}*+|(?P<open>[({{\[])|(?P<close>[)}}\]])", re.DOTALL
)


class Clauses(NamedTuple):
    """The graphs that a query names for its default graph, and those by their name, as it writes them.

    What the names mean is told by the `prologue`.
    """

    prologue: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def dataset_clauses(query: str, *, prefixes: Container[str] = ()) -> Clauses | None:
    """Return the graphs that a query names which an engine can read; None where that cannot be told.

    `prefixes` need no declaration.

    >>> dataset_clauses("BASE <http://e/> SELECT ?from FROM <g> FROM NAMED <h> { ?s ?p 'FROM <i>' }")
    Clauses(prologue='BASE <http://e/> ', default=('<g>',), named=('<h>',))
    """
    start = _PROLOGUE.match(query)
    form = _FORM.match(query, start.end()) if start else None
    if start is None or form is None:
        return None
    prologue = query[: start.end()]
    known = _Known(frozenset(_DECLARED.findall(prologue)), prefixes)
    place: int | None = form.end()
    if form[0][:1] in "Cc" and query.startswith("{", place):
        place = _closed(query, form.end())
    if place is not None:
        place = _first(query, place, known if form[0][:1] in "Dd" else _NOTHING)
    return None if place is None else _clauses(query, place, prologue, known)


class _Known(NamedTuple):
    """Prefixes that have a meaning."""

    declared: Container[str] = ()
    given: Container[str] = ()

    def has(self, name: str) -> bool:
        prefix = name.partition(":")[0]
        return prefix in self.declared or prefix in self.given


_NOTHING = _Known()


def _first(query: str, place: int, known: _Known) -> int | None:
    """Return where the first clause begins, the end of the text if there is none; None where it cannot be told.

    In what stands before there are names in a DESCRIBE only.
    """
    while found := _TOKEN.match(query, place):
        word = (found["name"] or found["word"] or "").lower()
        if word.startswith("from") and not (found["name"] and known.has(found["name"])):
            return place
        if found["body"] or word == "where":
            break
        if found["open"]:
            closed = _closed(query, place)
            if closed is None:
                return None
            place = closed
        else:
            place = found.end()
    return len(query)


def _clauses(query: str, place: int, prologue: str, known: _Known) -> Clauses:
    """Return the clauses, which stand one behind the other."""
    default: list[str] = []
    named: list[str] = []
    while found := _CLAUSE.match(query, place):
        whole = _UNNAMED.match(query, place)
        if found["named"] and whole and known.has(whole["iri"]):
            found = whole  # it has a prefix that begins with this word
            default.append(found["iri"])
        else:
            (named if found["named"] else default).append(found["iri"])
        place = found.end()
    return Clauses(prologue, tuple(default), tuple(named))


def _closed(query: str, place: int) -> int | None:
    """Return where the bracket that opens at `place` has been closed, None where that cannot be told.

    Between brackets a `<` may compare, and what follows may look like an IRI: it does where something stands before it.
    """
    brackets = ""
    while found := _INNER.search(query, place):
        place = found.end()
        if found["open"]:
            brackets += found["open"]
        elif found["close"]:
            brackets = brackets[:-1]
            if not brackets:
                return place
        elif found["iri"] and brackets.endswith("(") and _ends_operand(query[: found.start()].rstrip()[-1:]):
            place = found.start() + 1
    return None


def _ends_operand(sign: str) -> bool:
    return sign.isalnum() or sign in tuple("_)\"'>")
