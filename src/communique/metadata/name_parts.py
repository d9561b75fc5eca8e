"""Parts of a person's name as it is written: family and given name, and what stands behind them, as `Jr.` does."""

from __future__ import annotations

import re
from typing import NamedTuple

# What nobody is called: generations and degrees. Two letters alone may be initials, "Md." is a given name.
_SUFFIX = re.compile(r"(?i:jr|sr)\.?|Jun\.|Sen\.|Ph\.? ?D\.?|M\.D\.|D\.? ?Phil\.?|Esq\.?")
_GENERATION = re.compile(r"II|III|IV")


class NameParts(NamedTuple):
    """The parts of a name; what is not told is ""."""

    family: str = ""
    given: str = ""
    suffix: str = ""

    @property
    def spoken(self) -> str:
        """The name as it is said, the given name first."""
        name = " ".join(part for part in (self.given, self.family) if part)
        return f"{name}, {self.suffix}" if self.suffix else name


def parts_of_name(name: str) -> NameParts:
    """Return the parts of a name that commas tell: the family name before one, a suffix behind the last.

    Behind the given name and before a suffix, the family name is the last word, with what stands before it in small
    letters.

    >>> parts_of_name("Lovelace, Ada")
    NameParts(family='Lovelace', given='Ada', suffix='')
    >>> parts_of_name("Smith, John, Jr.") == parts_of_name("Smith, Jr., John") == parts_of_name("John Smith, Jr.")
    True
    >>> parts_of_name("Oscar de la Hoya, Jr.").family, parts_of_name("Zhang Jun")
    ('de la Hoya', NameParts(family='', given='', suffix=''))
    """
    parts = name.split(", ")
    if not all(parts):
        return NameParts()
    match parts:
        case [first, second] if _is_suffix(second) or (_GENERATION.fullmatch(second) and " " in first):
            return _spoken(first, second)
        case [family, given] if not _is_suffix(family):
            return NameParts(family, given)
        case [family, given, suffix] if _follows(suffix) and not _follows(given):
            return NameParts(family, given, suffix)
        case [family, suffix, given] if _follows(suffix):
            return NameParts(family, given, suffix)
    return NameParts()


def suffix_of(name: str) -> str:
    """Return what stands behind the last comma of a name if nobody is called so, else "".

    >>> suffix_of("Martin Luther King, Jr."), suffix_of("Lovelace, Ada")
    ('Jr.', '')
    """
    rest, comma, last = name.rpartition(", ")
    return last if comma and (_is_suffix(last) or (_GENERATION.fullmatch(last) and " " in rest)) else ""


def _spoken(name: str, suffix: str) -> NameParts:
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1][0].islower():
        start -= 1
    return NameParts(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _follows(text: str) -> bool:
    return _is_suffix(text) or bool(_GENERATION.fullmatch(text))


def _is_suffix(text: str) -> bool:
    return bool(_SUFFIX.fullmatch(text))
