"""Other readings of a name: numerals as digits, no elided articles, what it is abbreviated to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from communique.lookup.numerals import in_digits
from communique.lookup.phrases import PARTICLES, abbreviations
from communique.lookup.romanisation import folded, in_pinyin, is_elided, name_words, without_elided

# Letters alone may designate: `Annex A`.
_LIGHT = re.compile(
    rf"(?<![\w.’'-])(?:[Tt]he|{'|'.join(sorted(each for each in PARTICLES if len(each) > 1))}"
    r"|для|из|на|об|по|при|со|für|über|à)(?![\w.’'-])"
)
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:[Nn][°ºo]\.?|№|[Nn]r\.?)\s*(?=\d)")

if TYPE_CHECKING:
    from collections.abc import Sequence


def reading(text: str) -> str:
    """Return the name of a thing with its numerals in digits, without elided articles and `No.` before a number.

    >>> reading("XIXe Université d'Été"), reading("Loi n° 2004-575")
    ('19 Université Été', 'Loi 2004-575')
    """
    return in_digits(_NUMBER_SIGN.sub("", without_elided(text)))


def bare(text: str) -> str:
    """Return the name of a thing in its other reading, without prepositions and articles.

    >>> bare("Ministry for Foreign Affairs"), bare("Annex A of the Treaty")
    ('Ministry Foreign Affairs', 'Annex A Treaty')
    """
    return " ".join(_LIGHT.sub(" ", reading(text)).split())


def tokens(text: str, split: Sequence[str], *, person: bool) -> list[str]:
    """Return what a name that is split into words is found by, in its other readings too if it is no person's.

    That is its folded words; if it has few, all of them as one word; as pinyin; without elided articles; and, of what
    is no person, numbers that it writes otherwise and what it may be abbreviated to.
    """
    found = [folded(word) for word in split]
    if 1 < len(split) < 5:
        found.append(folded("".join(split)))
    found += map(folded, in_pinyin(text))
    if is_elided(text):
        found += map(folded, name_words(without_elided(text)))
    if not person:
        found += map(folded, (*(word for word in name_words(reading(text)) if word.isdigit()), *abbreviations(text)))
    return list(dict.fromkeys(found))
