"""How alike two names are, from 0 to 100, whatever the order of their words.

| score | what it says |
|---|---|
| 100 | the same words, in any order and any script |
| 97 and more | the same words by another romanisation |
| 90 and more | no contradiction: initials, a patronymic more, a slip in a long name |
| 60 to 90 | part of a name, or several slips: for a person to decide |

The words of both are paired, best pairs first. The score is the share of their letters that found a partner, each pair
counted as far as it is alike (a weighted Dice coefficient). Numbers are alike if they are the same, and a digit is no
initial; names that differ by a number or an initial lose a part of the score, since they tell two things apart.

Order is free in the names of people. Names of more than three words are phrases: where the words that both have stand
in another order, `prosecutors at the 19th meeting` and `19th meeting of the prosecutors`, they lose a little; and a
phrase that stands in another one as it is was shortened, and gains, though never up to a match.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA, Postfix, Prefix

from communique.lookup.romanisation import folded, skeleton
from communique.lookup.slips import LONG, SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_SOUND, SAME_SKELETON, INITIAL, JOINED = 0.97, 0.8, 0.5, 0.97
WITHOUT_G = {4: 0.8, 3: 0.3}
"""How alike syllables are without and with a -g after -n, by the letters of the shorter: Lin and Ling are two names."""
PLURAL = 0.5
"""How alike a word of three letters is to its plural; longer ones differ by a slip."""
MOST_WORDS = 20
UNLIKE = (0.0, 0.0)
LEAST_BONES = 3
"""Consonants from which on they tell a word."""
PHRASE = 4
"""Words from which on a name is a phrase."""
TURNED = 0.94
"""What is left of the score of two phrases with the same words in another order."""
SHORTENED = 89.9
"""The most that a part of a phrase scores."""
_PATRONYMIC = ("ovich", "evich", "ovna", "evna", "ichna", "ogli", "ugli", "qizi")
_LIGHT = 2
_VOWELS = frozenset("aeiou")
_RANK = itemgetter(0, 1)
_NUMBER = re.compile(r"\d+")
YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
"""Numbers that are years where a name has others beside."""
_FEW = 4
"""Letters from which on a word with a number may have slips: before, as in `A320`, they are part of the number."""
OPPOSED = 0.8
"""What is left of the score of two names that a number or an initial tells apart."""


def resemblance(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two names are that `romanisation.words` has split, from 0 to 100.

    >>> resemblance(("mehta", "tushar"), ("tushar", "mehta"))
    100.0
    >>> resemblance(("t", "mehta"), ("tushar", "mehta")) > 90 > resemblance(("mehta",), ("tushar", "mehta"))
    True
    """
    one, other = one[:MOST_WORDS], other[:MOST_WORDS]
    paired, ours, theirs = _paired(one, other)
    paired *= OPPOSED if _are_opposed(ours, theirs, one=one, other=other) else 1
    if len(one) != len(other) and paired < 1 and _numbers_of(one) == _numbers_of(other):
        paired = max(paired, JOINED * likeness("".join(one), "".join(other)))
    score = 100 * paired
    if min(len(one), len(other)) >= PHRASE:
        same_numbers = sorted(_numbers_of(one)) == sorted(_numbers_of(other))
        if same_numbers and (_stands_in(one, other) or _stands_in(other, one)):
            score = max(score, min((score + 100) / 2, SHORTENED))
        elif _is_turned(one, other):
            score *= TURNED
    return round(score, 1)


def are_told_apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if a number or an initial says that two names are not of one thing.

    >>> are_told_apart(("19th", "meeting"), ("20th", "meeting")), are_told_apart(("t", "mehta"), ("tushar", "mehta"))
    (True, False)
    """
    one, other = one[:MOST_WORDS], other[:MOST_WORDS]
    _, ours, theirs = _paired(one, other)
    return _are_opposed(ours, theirs, one=one, other=other)


def _stands_in(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if a phrase stands in a longer one as it is."""
    return any(other[at : at + len(one)] == one for at in range(len(other) - len(one) + 1))


def _is_turned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if the words that two phrases share stand in another order, the n-th of each being that of the other."""
    left = list(other)
    places = []
    for word in one:
        if word in left:
            places.append(left.index(word))
            left[places[-1]] = ""
    return len(places) >= PHRASE and places != sorted(places)


def likeness(one: str, other: str) -> float:
    """Return how alike two words are, from 0 to 1: 0 where they differ by more than slips and romanisation explain."""
    if one == other:
        return 1.0
    if not (one.isalpha() and other.isalpha()):
        numbers = _numbers(one)
        if numbers != _numbers(other) or min(sum(map(str.isalpha, word)) for word in (one, other)) < _FEW:
            return 0.0
    first, second = folded(one), folded(other)
    if first == second:
        return SAME_SOUND
    same = one is first and other is second
    slips = _but_for_slips(first, second)
    if not same:
        slips = max(slips, _but_for_slips(one, other))
    slips = slips or _without_end(one, other) or (0.0 if same else _without_end(first, second))
    return SAME_SKELETON if slips < SAME_SKELETON and _have_one_skeleton(first, second) else slips


def _but_for_slips(one: str, other: str) -> float:
    """Return which part of two words slips leave alike: none if there are more than words so long may have."""
    shortest, longest = len(one), len(other)
    if longest < shortest:
        shortest, longest = longest, shortest
    allowed = 0 if shortest < SHORTEST else 1 if shortest < LONG else 2
    if longest - shortest > allowed:
        return 0.0
    edits = OSA.distance(one, other, score_cutoff=allowed)
    return 1 - edits / longest if edits <= allowed else 0.0


def within_two_slips(word: str, others: Sequence[str]) -> set[int]:
    """Return the places of those of some words that two slips, or fewer, make a word of.

    >>> within_two_slips("kasachstan", ["kazahstan", "pakistan"])
    {0}
    """
    return {at for _, _, at in process.extract(word, others, scorer=OSA.distance, score_cutoff=2, limit=None)}


def between(one: str, other: str) -> tuple[str, str, int]:
    """Return what stands between the same begin and the same end of two words, and where.

    >>> between("proscription", "prescription")
    ('o', 'e', 2)
    """
    begin = Prefix.similarity(one, other)
    end = Postfix.similarity(one[begin:], other[begin:])
    return one[begin : len(one) - end], other[begin : len(other) - end], begin


def _have_one_skeleton(one: str, other: str) -> bool:
    """Tell if two folded words differ by vowels alone, and not by one at their begin unless a script writes none.

    `China` and `ochno` are two words; `bdllh` stands for `Abdullah`, as Arabic writes it.
    """
    if one[:1] != other[:1] and _VOWELS.isdisjoint((one[:1], other[:1])):
        return False
    bones = skeleton(one)
    if len(bones) < LEAST_BONES or bones != skeleton(other):
        return False
    alike = one.startswith(bones[0]) == other.startswith(bones[0])
    return alike or bones in (one, other)


def _without_end(one: str, other: str) -> float:
    """Return how alike two short words are, one of which ends in a letter more.

    Syllables that -n and -ng tell apart lose the g by way of Russian, and in haste; and words have a plural, as `nets`.
    """
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(long) - len(short) != 1 or len(short) not in WITHOUT_G:
        return 0.0
    if short.endswith("n") and long == short + "g":
        return WITHOUT_G[len(short)]
    return PLURAL if long == short + "s" else 0.0


def without_partner(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    """Return the words of one name that nothing in another one is like, but for numbers (see `are_told_apart`).

    >>> without_partner(("deputy", "prosecutor", "general"), ("general", "prosekutor"))
    ['deputy']
    """
    ours = _paired(one[:MOST_WORDS], other[:MOST_WORDS])[1]
    return [word for word in ours if not _numbers(word)]


def partners(one: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the places of the words of two names that are alike, or initials of each other, pair by pair."""
    return [(i, j) for _, _, i, j in _pairs(one[:MOST_WORDS], other[:MOST_WORDS])]


def _pairs(one: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[float, float, int, int]]:
    """Return what each pair shares, how much it has, and the places of its words, the best first."""
    alike = [
        (-pair[0], abs(i - j), pair[1], i, j)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
        if (pair := _pair(a, b)) is not UNLIKE
    ]
    # What comes first in the name asked for goes first where all else is alike.
    alike.sort(key=_RANK)
    left, right = set(), set()
    found = []
    for shared, _, size, i, j in alike:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            found.append((-shared, size, i, j))
    return found


def _paired(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, list[str], list[str]]:
    """Return how far the words of two names find partners, from 0 to 1, and the words of each that find none."""
    shared, weight, abbreviated = 0.0, 0.0, False
    left, right = dict(enumerate(one)), dict(enumerate(other))
    for value, size, i, j in _pairs(one, other):
        del left[i], right[j]
        shared += value
        initial = (value, size) == (INITIAL, 2)
        # Who has abbreviated one name abbreviates them all.
        weight += 1 if initial and abbreviated else size
        abbreviated = abbreviated or initial
    ours, theirs = list(left.values()), list(right.values())
    rest = (*ours, *theirs)
    numbered = not "".join(rest).isalpha() and bool(_numbers_of(one) and _numbers_of(other))
    for word in rest:
        weight += _alone(word, abbreviated=abbreviated, numbered=numbered)
    alike = 2 * shared / weight if weight else 0.0
    return alike, ours, theirs


@lru_cache(maxsize=50_000)
def _pair(one: str, other: str) -> tuple[float, float]:
    """Return how many letters a pair shares, and how many it has."""
    if one == other:
        return len(one), 2 * len(one)
    if (len(one) <= 2 or len(other) <= 2) and _is_initial(*sorted((one, other), key=len)):
        return INITIAL, 2
    alike = likeness(one, other)
    size = len(one) + len(other)
    return (alike * size / 2, size) if alike else UNLIKE


def _is_initial(short: str, long: str) -> bool:
    # In Cyrillic one letter may become two: Ю. is "yu".
    initial = len(short) == 1 or short in ("yu", "ya", "zh", "sh", "kh", "ch", "yo", "ts")
    return initial and long.isalpha() and long.startswith(short)


def _alone(word: str, *, abbreviated: bool, numbered: bool) -> float:
    """Return what a word without a partner counts.

    Next to nothing count a patronymic, its initial beside another one, and a year where both names have numbers.
    """
    if len(word) == 1 and abbreviated:
        return INITIAL
    patronymic = word.endswith(_PATRONYMIC) and word[3:].endswith(_PATRONYMIC)
    return _LIGHT if patronymic or (numbered and YEAR.fullmatch(word)) else len(word)


def _are_opposed(ours: list[str], theirs: list[str], *, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell if the words without a partner say that two names are not of one thing: another number, another initial.

    A number more opposes as well, unless it is a year beside another number.
    """
    if ours and theirs and 1 in map(len, (*ours, *theirs)):
        return True
    if "".join((*ours, *theirs)).isalpha():
        return False
    left, right = _numbers_of(ours), _numbers_of(theirs)
    return bool(left and right) or _tells_apart(left, other) or _tells_apart(right, one)


def _tells_apart(more: list[str], name: tuple[str, ...]) -> bool:
    """Tell if numbers more are of another thing than a name without them; a year alone has its days."""
    if not more or (len(name) == 1 and YEAR.fullmatch(name[0])):
        return False
    return not (all(map(YEAR.fullmatch, more)) and _numbers_of(name))


def _numbers_of(words: Sequence[str]) -> list[str]:
    return [] if "".join(words).isalpha() else [number for word in words for number in _numbers(word)]


def _numbers(word: str) -> list[str]:
    return [] if word.isalpha() else _NUMBER.findall(word)
