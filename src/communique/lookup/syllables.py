"""Syllables of pinyin: each is another name, however alike they look or sound, as `Zhang`, `Jiang` and `Zheng`."""

from __future__ import annotations

import re

from communique.lookup.resemblance import partners

_A, _U = "a(?:i|ng?|o)?", "u(?:a(?:i|ng?)?|e|i|n|o)?"
_SYLLABLE = re.compile(
    "[jqx](?:i(?:a(?:ng?|o)?|e|ng?|ong|u)?|u(?:an|e|n)?)"
    f"|(?:[zcs]h?|r)(?:{_A}|e(?:i|ng?)?|i|o(?:u|ng)|{_U})"
    f"|[bpmfdtnlgkh](?:{_A}|e(?:i|ng?)?|i(?:a(?:ng?|o)?|e|ng?|u)?|o(?:u|ng)?|{_U})"
    "|y(?:a(?:ng?|o)?|e|i(?:ng?)?|o(?:u|ng)?|u(?:an|e|n)?)|w(?:a(?:i|ng?)?|ei|eng?|o|u)"
    f"|{_A}|e(?:i|ng?|r)?|ou?"
)


def are_of_two(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Tell if two names that are alike, as words, have different syllables of pinyin in one place.

    >>> are_of_two(("jiang", "jun"), ("zhang", "jun")), are_of_two(("rahmon", "yusuf"), ("yusuf", "rakhmon"))
    (True, False)
    """
    pairs = ((asked[here], known[there]) for here, there in partners(asked, known))
    return any(one != other and len(one) > 1 < len(other) and _are(one, other) for one, other in pairs)


def _are(*words: str) -> bool:
    return all(map(_SYLLABLE.fullmatch, words))
