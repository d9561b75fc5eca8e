"""What is wrong with a query, in words that help: the place, what was expected, an undeclared prefix, an update."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

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
RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\\\s=?$]*>")
SENTENCE = re.compile(r"The (SELECT contains [a-z ]+)")
UPDATE = re.compile(
    r"^(?:\s|(?:PREFIX\s+[^\s:]*:|BASE)\s*)*(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE
)


def is_update(text: str) -> bool:
    """Tell whether a text is an update, as far as its first word tells.

    >>> is_update("PREFIX a: <b> INSERT DATA {}"), is_update("ASK {}")
    (True, False)
    """
    return UPDATE.match(_visible(text)) is not None


def explain(error: SyntaxError, text: str, *, prefixes: Container[str], based: bool = False) -> str:
    """Return one line on a query that could not be parsed; `prefixes` need no declaration, nor a base if it is `based`.

    >>> explain(SyntaxError("error at 1:6: expected [_]"), "SELEC", prefixes=())
    'query:1:6: something is missing here or before.'
    """
    visible = _visible(text)
    if update := UPDATE.match(visible):
        return f"query: {update[1].upper()} is an update; data is changed in its files, queries only read."
    undeclared = _undeclared(visible, prefixes)
    if undeclared:
        line, column = _place(visible, undeclared.start())
        prefix = undeclared[1]
        return f"query:{line}:{column}: the prefix {prefix}: is not declared. Declare it: PREFIX {prefix}: <...>"
    based = based or re.search(r"\bBASE\b", visible, re.IGNORECASE) is not None
    relative = None if based else RELATIVE.search(text)
    if relative:
        line, column = _place(text, relative.start())
        return f"query:{line}:{column}: {relative[0]} is a relative IRI: write it in full, or declare a BASE."
    found = PLACE.match(str(error.args[0]))
    return _failure(found, text) if found else f"query: {error.args[0]}"


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


def _failure(found: re.Match[str], text: str) -> str:
    """Say where the parser stopped, and why if it gives a sentence; what it "expected" is seldom what is missing."""
    line, column = int(found[1]), int(found[2])
    place = f"query:{line}:{column}"
    if sentence := SENTENCE.search(found[3]):
        return f"{place}: {sentence[1]}."
    rest = text.split("\n")[line - 1][column - 1 :].strip()
    if not rest:
        return f"{place}: something is missing here or before."
    return f"{place}: cannot be read from {rest[:30]!r} on."


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
