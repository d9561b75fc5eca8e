"""Parts of a person's name as it is written: family and given name, and what stands behind them, as `Jr.` does."""

from __future__ import annotations

import re
from typing import NamedTuple

# What nobody is called: generations and degrees.
_SUFFIX = re.compile(
    r"(?i:jr|sr)\.?|Jun\.|Sen\.|Esq\.?|Ph\.? ?D\.?|D\.? ?Phil\.?|(?:B|D|M)\.?(?:Ed|Eng|Litt|Mus|Phil|Sc)\.?"
    r"|(?:Ed|Pharm|Psy|Sc|Th)\.?D\.?|LL\.?[BDM]\.?"
)
# These may be initials, or a given name: they are a suffix behind a whole name.
_DEGREES = re.compile(
    r"II|III|IV|BA|BS|BSN|CBE|CFA|CPA|DBE|DDS|DNP|DO|DVM|FAAN|FAHA|FBA|FRCP|FRCS|FRS|FRSE|JD|KBE|KC|KCB|MA|MBA|MBE|MD"
    r"|MLIS|MLS|MPA|MPH|MPP|MS|MSN|OBE|OFM|OP|OSB|PE|QC|RN|SJ|[BDJM]\.(?:[ADS]|P\.H|B\.A)\."
)
# What a given name has no part of: capitals, or a word in small letters.
_TITLE = re.compile(r"(?:.* )?(?:[A-Z]{2}|[a-z]).*")


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
    >>> parts_of_name("Jane Roe, MD, PhD"), parts_of_name("Roe, MD").given
    (NameParts(family='Roe', given='Jane', suffix='MD, PhD'), 'MD')
    >>> parts_of_name("Oscar de la Hoya, Jr.").family, parts_of_name("Zhang Jun")
    ('de la Hoya', NameParts(family='', given='', suffix=''))
    """
    parts, suffixes = _parted(name)
    suffix = ", ".join(suffixes)
    match parts:
        case [whole] if suffixes:
            return _spoken(whole, suffix)
        # Of a name in two words and what may be initials or a title nobody knows the parts.
        case [family, given] if not (" " in family and _TITLE.fullmatch(given)) and not _SUFFIX.fullmatch(family):
            return NameParts(family, given, suffix)
        case [family, inner, given] if _are_suffixes(inner, whole=" " not in family) and not _TITLE.fullmatch(given):
            return NameParts(family, given, ", ".join([inner, *suffixes]))
    return NameParts()


def suffix_of(name: str) -> str:
    """Return what stands behind the last commas of a name if nobody is called so, else "".

    >>> suffix_of("Martin Luther King, Jr."), suffix_of("Lovelace, Ada")
    ('Jr.', '')
    """
    return ", ".join(_parted(name)[1])


def without_suffix(name: str) -> str:
    """Return a family name without what stands behind it.

    >>> without_suffix("Roe, MD, PhD")
    'Roe'
    """
    return ", ".join(_parted(name, whole=True)[0]) or name


def _parted(name: str, *, whole: bool = False) -> tuple[list[str], list[str]]:
    """Return what commas part in a name, and the suffixes behind it; nothing where a comma parts nothing.

    The name is `whole` where a suffix is the only thing that can follow.
    """
    parts = name.split(", ")
    if not all(parts):
        return [], []
    suffixes: list[str] = []
    while len(parts) > 1:
        if not _are_suffixes(parts[-1], whole=whole or len(parts) > 2 or " " in parts[0]):
            break
        suffixes.insert(0, parts.pop())
    return parts, suffixes


def _spoken(name: str, suffix: str) -> NameParts:
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1][0].islower():
        start -= 1
    return NameParts(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _are_suffixes(text: str, *, whole: bool) -> bool:
    """Tell if every word is a suffix; degrees count behind a `whole` name alone."""
    words = [text] if _SUFFIX.fullmatch(text) else text.split()
    return all(_SUFFIX.fullmatch(word) or (whole and _DEGREES.fullmatch(word)) for word in words)
