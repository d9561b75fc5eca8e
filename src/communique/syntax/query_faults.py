"""What is wrong with a query, in words that help: the place, what was expected, an undeclared prefix, an update."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.reasons import Reason, detail_of, reason
from communique.syntax.sparql_text import update_word

if TYPE_CHECKING:
    from collections.abc import Container

PLACE = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
# Strings, IRIs, comments and variables hold no prefixed names.
OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\r\n]|\\.)*"|\'(?:[^\'\\\r\n]|\\.)*\''
    r"|<[^<>\"{}|^`\x00-\x20]*>|#[^\r\n]*|[?$]\w+|_:\w+",
    re.DOTALL,
)
DECLARATION = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)
PROLOGUE = re.compile(r"\b(?:PREFIX\s+([^\s:]*):|BASE\b)", re.IGNORECASE)
REFERENCE = re.compile(r"\s*<([^<>\"{}|^`\\\x00-\x20]*)>")
PREFIXED_NAME = re.compile(r"(?<![\w:.%-])((?:\w(?:[\w.-]*[\w-])?)?):")
BARE = re.compile(r"\bhttps?://[^\s<>\"{}|^`\\()]*[^\s<>\"{}|^`\\().,;]", re.IGNORECASE)
RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\\\s=?$]*>")
SAID = {
    "The SELECT contains a variable that is unbound": "unbound",
    "The SELECT overrides an existing variable": "overridden",
    "Duplicated variable name in SELECT": "twice",
    "SELECT * is not authorized with GROUP BY": "star",
}
"""What the parser says among what it "expected", and what it means."""
SELECTED = re.compile(
    r"(?<![\w:.-])SELECT(?![\w:.-])(.*?)(?=\{|\b(?:BIND|FILTER|FROM|GROUP|HAVING|ORDER|VALUES|WHERE)\b|\Z)",
    re.IGNORECASE | re.DOTALL,
)
LISTED = re.compile(r"\s*(?:DISTINCT|REDUCED)?\s*", re.IGNORECASE)
IN_WORD = re.compile(r"[\w:]")
BRACKET = re.compile(r"(?<!\\)[(){}\[\]]")
CLOSING = {")": "(", "]": "[", "}": "{"}
PIECE = re.compile(r"[()]|\b\w++(?=\s*+\()|\bAS\b", re.IGNORECASE)
# What begins as an IRI and holds what stands in none. No comparison does so: a prefix is not followed by two slashes.
MALFORMED = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://[^<>\r\n]*>?")


def explain(error: SyntaxError, text: str, *, prefixes: Container[str], based: bool = False) -> str:
    """Return one line on a query that could not be parsed; `prefixes` need no declaration, nor a base if it is `based`.

    >>> explain(SyntaxError("error at 1:6: expected [_]"), "SELEC", prefixes=())
    'query:1:6: something is missing here or before.'
    """
    reasons = reasons_of(error, text, prefixes=prefixes, based=based)
    return detail_of(reasons, start="query:") if "line" in reasons[0].values else f"query: {detail_of(reasons)}"


def reasons_of(
    error: SyntaxError, text: str, *, prefixes: Container[str], based: bool = False
) -> tuple[Reason, *tuple[Reason, ...]]:
    """Return what is wrong with a query that could not be parsed, the first reason with the place if there is one.

    The arguments are those of `explain`. The query page finds the same (`site/assets/query/faults.js`).
    """
    visible = _visible(text)
    if word := update_word(text):
        return (reason("update", word=word),)
    if wrong := MALFORMED.search(visible):
        return (reason("iri", iri=_short(text[wrong.start() : wrong.end()]), **_place(visible, wrong.start())),)
    if bare := BARE.search(visible):
        return (reason("bare", iri=_short(bare[0]), **_place(visible, bare.start())),)
    if undeclared := _undeclared(visible, prefixes):
        prefix = undeclared[1]
        return reason("prefix", prefix=prefix, **_place(visible, undeclared.start())), reason("declare", prefix=prefix)
    based = based or re.search(r"\bBASE\b", visible, re.IGNORECASE) is not None
    if relative := None if based else RELATIVE.search(text):
        return (reason("relative", iri=relative[0], **_place(text, relative.start())),)
    if (start := unnamed(text)) is not None:
        return (reason("unnamed", **_place(text, start)),)
    found = PLACE.match(str(error.args[0]))
    if found and (odd := _odd_sign(visible)):
        start, kind, signs = odd
        place = _place(text, start)
        # What the parser stopped at before is the first fault.
        if (place["line"], place["column"]) <= (int(found[1]), int(found[2])):
            return (Reason(kind, {**signs, **place}),)
    return (_failure(found, text) if found else reason("said", said=str(error.args[0])),)


def _short(iri: str) -> str:
    return f"{iri[:60]}…" if len(iri) > 60 else iri


def unnamed(text: str) -> int | None:
    """Return where a SELECT has an expression without a name or without brackets, None where all have both.

    >>> unnamed("SELECT ?s (COUNT(?x)) {}"), unnamed("SELECT COUNT(?x) AS ?n {}"), unnamed("SELECT (1 AS ?n) {}")
    (10, 7, None)
    """
    for clause in SELECTED.finditer(_visible(text)):
        start, depth, named = 0, 0, False
        for piece in PIECE.finditer(clause[1]):
            if piece[0] == "(":
                start, named = (start, named) if depth else (clause.start(1) + piece.start(), False)
                depth += 1
            elif piece[0] == ")":
                depth -= 1
                if depth == 0 and not named:
                    return start
            elif piece[0].upper() == "AS":
                named = named or depth == 1
            elif depth == 0 and piece[0].upper() not in ("DISTINCT", "REDUCED"):
                return clause.start(1) + piece.start()
    return None


def _odd_sign(visible: str) -> tuple[int, str, dict[str, str]] | None:
    """Return where the first comma or bracket stands that cannot stand there, and the kind and signs of the reason."""
    return min(filter(None, (_comma(visible), _odd_bracket(visible))), default=None)


def _comma(visible: str) -> tuple[int, str, dict[str, str]] | None:
    """Do so for a comma between the variables of a SELECT, or between them and its expressions.

    >>> _comma("SELECT (IF(1, 2, 3) AS    ) ,    {  }"), _comma("SELECT x , {}")
    ((28, 'comma', {}), None)
    """
    for clause in SELECTED.finditer(visible):
        depth = 0
        outside: list[str] = []
        for place, sign in enumerate(clause[1]):
            if sign == "," and not depth:
                if LISTED.fullmatch("".join(outside)):
                    return clause.start(1) + place, "comma", {}
                break
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if not depth and sign != ")":
                outside.append(sign)
    return None


def _odd_bracket(visible: str) -> tuple[int, str, dict[str, str]] | None:
    """Do so for the first bracket that does not close the last one.

    >>> _odd_bracket("ASK { ?s ?p (1 2 }"), _odd_bracket("ASK { x:a\\\\) ?p []")
    ((17, 'unclosed', {'bracket': '(', 'sign': '}'}), None)
    >>> _odd_bracket("ASK { } }")
    (8, 'unopened', {'sign': '}'})
    """
    opened: list[str] = []
    for found in BRACKET.finditer(visible):
        if found[0] not in CLOSING:
            opened.append(found[0])
        elif opened and opened[-1] == CLOSING[found[0]]:
            opened.pop()
        elif CLOSING[found[0]] in opened:
            return found.start(), "unclosed", {"bracket": opened[-1], "sign": found[0]}
        else:
            return found.start(), "unopened", {"sign": found[0]}
    return None


def declared(text: str) -> set[str]:
    """Return the prefixes that a query declares."""
    return set(DECLARATION.findall(_visible(text)))


def declarations(text: str, *, base: str = "") -> dict[str, str]:
    """Return the namespaces of the prefixes that a query declares, but for those with escapes.

    Relative ones are resolved against the BASE before them, at first `base`; where there is none, they are left out.

    >>> declarations("PREFIX a: <http://example.org/> PREFIX b: <c#> ASK { ?s ?p 'PREFIX d: <e:>' }")
    {'a': 'http://example.org/'}
    >>> declarations("BASE <http://example.org/x> PREFIX b: <c#> ASK {}")
    {'b': 'http://example.org/c#'}
    """
    declared = {}
    for found in PROLOGUE.finditer(_visible(text)):
        if (reference := REFERENCE.match(text, found.end())) and (iri := _resolved(reference[1], base)):
            if found[1] is None:
                base = iri
            else:
                declared[found[1]] = iri
    return declared


def _resolved(reference: str, base: str) -> str:
    """Return an IRI against a base (RFC 3986, section 5.2), "" for what is none."""
    try:
        (quad,) = ox.parse(f"<{reference}> a <urn:x> .", format=ox.RdfFormat.TURTLE, base_iri=base or None)
    except (SyntaxError, ValueError):
        return ""
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""


def prefixes_used(text: str) -> set[str]:
    """Return the prefixes of the names in a query, and of what it declares.

    >>> sorted(prefixes_used("PREFIX a: <x:a> SELECT * { ?s b:c 'd:e' }"))
    ['a', 'b']
    """
    return {name[1] for name in PREFIXED_NAME.finditer(_visible(text))}


def _visible(text: str) -> str:
    return OPAQUE.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), text)


def _undeclared(visible: str, prefixes: Container[str]) -> re.Match[str] | None:
    declared = set(DECLARATION.findall(visible))
    names = PREFIXED_NAME.finditer(visible)
    return next((name for name in names if name[1] not in declared and name[1] not in prefixes), None)


def _failure(found: re.Match[str], text: str) -> Reason:
    """Say where the parser stopped, and why if it says so; what it "expected" is seldom what is missing."""
    line, column = int(found[1]), int(found[2])
    if kind := next((kind for said, kind in SAID.items() if said in found[3]), None):
        return reason(kind, line=line, column=column)
    written = text.split("\n")[line - 1]
    start = _word(written, column - 1)
    if rest := written[start:].strip():
        return reason("unread", text=rest[:30], line=line, column=start + 1)
    return reason("missing", line=line, column=column)


def _word(line: str, place: int) -> int:
    """Return where the word begins in which a place lies: a parser stops within one that begins as another does.

    >>> _word("hello world", 9), _word("hello world", 5), _word("hello ?world", 9), _word("hello", 5)
    (6, 5, 6, 5)
    """
    if IN_WORD.match(line, place) is None:
        return place
    while place and IN_WORD.match(line, place - 1):
        place -= 1
    return place - 1 if place and line[place - 1] in "?$@" else place


def _place(text: str, offset: int) -> dict[str, int]:
    return {"line": text.count("\n", 0, offset) + 1, "column": offset - text.rfind("\n", 0, offset)}
