"""Other readings of a name: numerals as digits, no elided articles, what it is abbreviated to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.lookup.numerals import in_digits
from communique.lookup.phrases import abbreviations
from communique.lookup.romanisation import folded, is_elided, name_words, without_elided

if TYPE_CHECKING:
    from collections.abc import Sequence


def reading(text: str) -> str:
    """Return the name of a thing with its numerals in digits and without elided articles.

    >>> reading("XIXe Université d'Été")
    '19 Université Été'
    """
    return in_digits(without_elided(text))


def tokens(text: str, split: Sequence[str], *, person: bool) -> list[str]:
    """Return what a name that is split into words is found by, in its other readings too if it is no person's.

    That is its folded words; if it has few, all of them as one word; without elided articles; and, of what is no
    person, numbers that it writes otherwise and what it may be abbreviated to.
    """
    found = [folded(word) for word in split]
    if 1 < len(split) < 5:
        found.append(folded("".join(split)))
    if is_elided(text):
        found += map(folded, name_words(without_elided(text)))
    if not person:
        found += map(folded, (*(word for word in name_words(reading(text)) if word.isdigit()), *abbreviations(text)))
    return list(dict.fromkeys(found))
