"""Which functions the text of a query calls that are not of SPARQL, as far as can be told before it is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from communique.syntax.sparql_text import places, readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"(?<!\w)[^\W\d]\w*")
_PREFIX = r"(?<![\w.\-])(?:[\d.]*+-++)?([\w.\-]*+)"
_PREFIX_BEFORE = re.compile(_PREFIX + r"\Z")
_DECLARATION = re.compile(_PREFIX + r":(?![\w\-.:%\\])\s*+(<[^<>]*+>)?")
# Some engines take each control character for a space.
_OPENING = re.compile(r"(?: [\s\x00-\x20]++ | \#[^\r\n]*+ )*+ \(", re.VERBOSE)
# SPARQL 1.1 and 1.2 Query, section 19.8: keywords before a bracket, aggregates and built-in calls.
_STANDARD = re.compile(
    r"""
    select|distinct|reduced|filter|bind|values|in|having|by|asc|desc|count|sum|min|max|avg|sample|group_concat|str|lang
    |langmatches|datatype|bound|iri|uri|bnode|rand|abs|ceil|floor|round|concat|strlen|[ul]case|encode_for_uri|contains
    |strstarts|strends|strbefore|strafter|year|month|day|hours|minutes|seconds|timezone|tz|now|uuid|struuid|md5|sha1
    |sha256|sha384|sha512|coalesce|if|strlang|strdt|sameterm|isiri|isuri|isblank|isliteral|isnumeric|regex|substr|replace
    |langdir|strlangdir|haslang|haslangdir|istriple|triple|subject|predicate|object
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
# Section 17.5, and what XML Schema has beside that.
_CAST = re.compile(
    r"""
    boolean|double|float|decimal|integer|dateTime|string|date|time|duration|dayTimeDuration|yearMonthDuration|gYear
    |gMonth|gDay|gYearMonth|gMonthDay|anyURI|hexBinary|base64Binary|dateTimeStamp|unsigned(?:Long|Int|Short|Byte)
    |long|int|short|byte|non(?:Negative|Positive)Integer|(?:negative|positive)Integer
    """,
    re.VERBOSE,
)
_XSD = "http://www.w3.org/2001/XMLSchema#"


def foreign_call(query: str) -> str:
    """Return a function that a query calls and that is neither of SPARQL nor a cast to a type of XML Schema, else "".

    Virtuoso takes every other name for that of a procedure, and some of these write, fetch or run what is in a string.
    Errs on the side of caution: a list right behind a property counts as a call.

    >>> foreign_call("SELECT (<TTLP>('<a> <b> 1 .') AS ?x) {}"), foreign_call("ASK { ?s <#p> (1 2) }")
    ('<TTLP>', '<#p>')
    >>> foreign_call("PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT (SUM(x:integer(?n)) AS ?sum) { ?s ?p ?n }")
    ''
    """
    return next((called for text in sorted(readings(query)) for called in _foreign_calls(text)), "")


def _foreign_calls(query: str) -> Iterator[str]:
    declared = _declared(query)
    for start, end, opaque in places(query):
        for name in _NAME.finditer(query, start, end):
            if not _STANDARD.fullmatch(name[0]) and _OPENING.match(query, name.end()):
                yield name[0]
        if opaque is None or opaque[0][0] not in "<:" or not _OPENING.match(query, opaque.end()):
            continue
        if opaque["iri"]:
            called, iri = opaque[0], opaque[0][1:-1]
        else:
            before = _PREFIX_BEFORE.search(query, start, end)
            prefix = before[1] if before else ""
            called, iri = f"{prefix}{opaque[0]}", _namespace(prefix, declared) + opaque[0][1:]
        if iri != "bif:contains" and not (iri.startswith(_XSD) and _CAST.fullmatch(iri, len(_XSD))):
            yield called


def _declared(query: str) -> dict[str, set[str]]:
    """Return what may be the namespaces of each prefix, wherever it stands: in strings and comments, too."""
    declared: dict[str, set[str]] = {}
    for found in _DECLARATION.finditer(query):
        declared.setdefault(found[1].lower(), set()).add(found[2])
    return declared


def _namespace(prefix: str, declared: Mapping[str, set[str]]) -> str:
    """Return the namespace of a prefix if that is XML Schema's wherever it is declared, or Virtuoso's own, else ""."""
    if (found := declared.get(prefix.lower())) is None:
        return {"xsd": _XSD, "bif": "bif:"}.get(prefix, "")
    return _XSD if found == {f"<{_XSD}>"} else ""
