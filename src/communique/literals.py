"""Literals: what a reader sees of one, safe to put on a page whatever the data say."""

from __future__ import annotations

import calendar
import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import nh3

from communique.legibility import legible, legible_name

if TYPE_CHECKING:
    from pyoxigraph import Literal

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LIMIT = 10_000
SAFE_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"{}|\\^`]+", re.IGNORECASE)
ELEMENTS = (
    "a abbr b bdi bdo blockquote br cite code del dfn em i ins kbd li mark ol p pre q s samp small span strong sub sup "
    "u ul var"
)

_DATE = r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?"
_ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_INTEGER = r"[+-]?\d+"
_FLOAT = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_DURATION = r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_NUMBERS = (
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedInt unsignedLong unsignedShort unsignedByte"
)
_LEXICAL = {
    XSD + name: re.compile(pattern)
    for name, pattern in {
        **dict.fromkeys(_NUMBERS.split(), _INTEGER),
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "double": _FLOAT,
        "float": _FLOAT,
        "boolean": "true|false|1|0",
        "date": _DATE + _ZONE,
        "time": f"(?:{_TIME}){_ZONE}",
        "dateTime": f"{_DATE}T(?:{_TIME}){_ZONE}",
        "dateTimeStamp": f"{_DATE}T(?:{_TIME})(?:Z|[+-]\\d\\d:\\d\\d)",
        "gYear": r"-?\d{4,}" + _ZONE,
        "gYearMonth": r"-?\d{4,}-(?:0[1-9]|1[0-2])" + _ZONE,
        "gMonth": r"--(?:0[1-9]|1[0-2])" + _ZONE,
        "gDay": r"---(?:0[1-9]|[12]\d|3[01])" + _ZONE,
        "gMonthDay": r"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])" + _ZONE,
        "duration": _DURATION,
        "dayTimeDuration": _DURATION,
        "yearMonthDuration": _DURATION,
        "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    }.items()
}
_OF_NUMBERS = frozenset(XSD + name for name in (*_NUMBERS.split(), "decimal", "double", "float"))
_DAYS = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp"))
_DAY = re.compile(r"-?(\d{4,9})-(\d\d)-(\d\d)")
_MOST_DIGITS = 20
"""No bounded type has numbers of more digits."""
_RANGES: dict[str, tuple[int | None, int | None]] = {
    XSD + "nonNegativeInteger": (0, None),
    XSD + "positiveInteger": (1, None),
    XSD + "nonPositiveInteger": (None, 0),
    XSD + "negativeInteger": (None, -1),
    **{
        XSD + name: (-(1 << bits - 1), (1 << bits - 1) - 1)
        for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
    },
    **{
        XSD + f"unsigned{name}": (0, (1 << bits) - 1)
        for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))
    },
}
_CANONICAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_QUANTITIES = frozenset(XSD + name for name in (*_NUMBERS.split(), "decimal", "double", "float"))
_TIMES = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp", "time", "gYearMonth", "duration"))
_PLAIN = frozenset({XSD + "string", RDF + "langString", RDF + "dirLangString", XSD + "anyURI", *_LEXICAL})


class Kind(StrEnum):
    """What a literal is shown as."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    URL = "url"
    HTML = "html"


class LiteralView(NamedTuple):
    """A literal as a page shows it: `text` is legible (HTML: cleaned), `value` its lexical form where that is short.

    `datatype` is None where the kind says enough; `language` is "" when there is none; `length` counts the characters
    before `cut`.
    """

    kind: Kind
    text: str
    value: str
    language: str
    datatype: str | None
    ill_typed: bool
    cut: bool
    length: int


def view_literal(literal: Literal) -> LiteralView:
    """Return what a page shows of a literal; never more than 10,000 characters of it."""
    datatype = literal.datatype.value
    value = literal.value
    cut = len(value) > LIMIT
    wrong = is_ill_typed(literal)
    kind = Kind.TEXT if wrong or cut else _kind(datatype, value)
    return LiteralView(
        kind,
        _text(kind, value[:LIMIT]),
        legible_name(value) if kind in {Kind.TIME, Kind.URL, Kind.NUMBER} else "",
        legible_name(literal.language or ""),
        None if datatype in _PLAIN and not wrong else datatype,
        wrong,
        cut,
        len(value),
    )


def is_number(literal: Literal) -> bool:
    """Tell whether a literal is a number, written as its datatype wants it."""
    return literal.datatype.value in _OF_NUMBERS and not is_ill_typed(literal)


def is_ill_typed(literal: Literal) -> bool:
    """Tell whether a literal is none of its datatype's (XML Schema 1.1, part 2): `"abc"^^xsd:integer`, the 30th of
    February, a negative `xsd:nonNegativeInteger`. Of datatypes that are not known nothing is said.
    """
    datatype = literal.datatype.value
    pattern = _LEXICAL.get(datatype)
    if pattern is None:
        return False
    value = literal.value.strip(" \t\r\n")
    return not pattern.fullmatch(value) or not _is_in_range(value, datatype)


def _is_in_range(value: str, datatype: str) -> bool:
    if datatype in _DAYS and (day := _DAY.match(value)):
        year, month, number = (int(part) for part in day.groups())
        return number <= calendar.monthrange(year % 400 or 400, month)[1]
    if datatype not in _RANGES:
        return True
    least, most = _RANGES[datatype]
    digits = value.lstrip("+-").lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return (least if value.startswith("-") else most) is None
    number = int(value)
    return (least is None or number >= least) and (most is None or number <= most)


def safe_url(iri: str) -> str | None:
    """Return the address if a page may link to it: http, https and mailto, nothing that runs.

    >>> safe_url("javascript:alert(1)") is None
    True
    """
    return iri if SAFE_URL.fullmatch(iri) and legible_name(iri) == iri else None


def is_web_address(iri: str) -> bool:
    """Tell if an IRI is an address of the Web that a page may link to: http or https.

    >>> is_web_address("https://example.org/a.png"), is_web_address("mailto:a@example.org")
    (True, False)
    """
    return iri[:4].lower() == "http" and safe_url(iri) is not None


def _kind(datatype: str, value: str) -> Kind:
    if datatype in _TIMES:
        return Kind.TIME
    if datatype == XSD + "boolean":
        return Kind.BOOLEAN
    if datatype == XSD + "anyURI" and safe_url(value):
        return Kind.URL
    if datatype == RDF + "HTML":
        return Kind.HTML
    return Kind.NUMBER if datatype in _QUANTITIES and _CANONICAL.fullmatch(value) else Kind.TEXT


def _text(kind: Kind, value: str) -> str:
    if kind is Kind.HTML:
        return nh3.clean(legible(value), tags=set(ELEMENTS.split()), url_schemes={"http", "https", "mailto"})
    return legible(value)
