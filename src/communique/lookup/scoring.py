"""How well a name of the index is the one asked for, by its words and by what is known to have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from communique.descriptions.people import PEOPLE
from communique.lookup.designations import TERMS, THINGS, opposed_by_letter
from communique.lookup.initials import DOUBTFUL, LACKING, difference
from communique.lookup.numerals import in_digits, opposed
from communique.lookup.phrases import (
    abbreviations,
    are_turned,
    figures,
    is_phrase,
    may_be_two_words,
    slips_in_doubt,
    words_more,
)
from communique.lookup.readings import bare, reading
from communique.lookup.resemblance import OPPOSED, SAME_SOUND, are_told_apart, likeness, partners, resemblance
from communique.lookup.romanisation import (
    folded,
    han,
    in_pinyin,
    is_elided,
    name_words,
    plain,
    without_elided,
    without_umlauts,
)
from communique.lookup.syllables import are_of_two

if TYPE_CHECKING:
    from collections.abc import Collection

CLEAR, WORTH = 90.0, 45.0
"""The least score of a match, and that of a candidate."""
UNCLEAR = 89.9
"""The most for a candidate whose name is opposed, however many properties agree, or has or lacks a word."""
OTHER_READING = 99.0
"""The most for a name that is read otherwise: its number in words, an elided article."""
ABBREVIATED = 85.0
"""The score of a name that the one asked for may abbreviate."""
SAME = 100 * SAME_SOUND
"""The score of a name that is read in another way."""
NEAR = 75.0
"""The score from which on prepositions may make the difference to a match."""


_OF_A_MAN = re.compile(".+(?:[oe]v|in)")


class Asked(NamedTuple):
    """A name that is asked for: as it is, as it is compared exactly, its words, and those by which others write them.

    `otherwise` tells that it has another reading.
    """

    text: str
    plain: str
    words: tuple[str, ...]
    spoken: tuple[str, ...]
    otherwise: bool


def asked_for(text: str) -> Asked:
    """Return a name as it is compared."""
    words = name_words(text)
    otherwise = is_elided(text) or any(map(str.isdigit, name_words(reading(text))))
    return Asked(text, plain(text), words, _as_spoken(text, words), otherwise)


def readings(text: str) -> list[tuple[str, ...]]:
    """Return the words by which a name is looked for, as it is read in one way or another."""
    every = (name_words(text), name_words(reading(text)), in_pinyin(text))
    return list(dict.fromkeys(each for each in every if each))


def scored(asked: Asked, text: str, words: tuple[str, ...], types: Collection[str]) -> float:
    """Return how well a name, with its words, is the one asked for, from 0 to 100; `types` are those of what has it."""
    person = may_be_a_person(text, types)
    found = _literal(asked, text, words, types, person=person)
    if found < 100 and (asked.otherwise or is_elided(text)):
        found = max(found, _otherwise(asked, text, types, person=person))
    if found > SAME and bool(han(asked.text)) != bool(han(text)):
        found = SAME
    if NEAR < found < CLEAR and not person:
        found = max(found, _bare(asked.text, text, types))
    if found < SAME:
        spoken = _as_spoken(text, words)
        if (asked.spoken, spoken) != (asked.words, words):
            found = max(found, _sounding(asked.spoken, spoken))
    return found


def _as_spoken(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name that may be Chinese in Cyrillic, or has umlauts, as others write them."""
    spelt_out = without_umlauts(text)
    return name_words(spelt_out) if spelt_out != text else in_pinyin(text) or words


def _literal(asked: Asked, text: str, words: tuple[str, ...], types: Collection[str], *, person: bool) -> float:
    if plain(text) == asked.plain:
        return 100.0
    found = resemblance(asked.words, words)
    if 100 > found >= WORTH and _are_opposed_by_text(asked.text, text, types):
        found = round(found * OPPOSED, 1)
    if found >= CLEAR:
        found = min(found, _most(asked.text, text, types, person=person))
    if found < ABBREVIATED and len(asked.words) == 1 and asked.words[0] in abbreviations(text):
        found = ABBREVIATED if PEOPLE.isdisjoint(types) else found
    return found


def _otherwise(asked: Asked, text: str, types: Collection[str], *, person: bool) -> float:
    """Return the score of two names that are read otherwise, 0 if that changes neither.

    Numerals of people are none: XI and Four are names; and `D'Angelo` is not certainly `Angelo`.
    """
    read, most = (without_elided, UNCLEAR) if person else (reading, OTHER_READING)
    ours, theirs = read(asked.text), read(text)
    if (asked.text, text) == (ours, theirs):
        return 0.0
    other = asked._replace(text=ours, plain=plain(ours), words=name_words(ours))
    return min(_literal(other, theirs, name_words(theirs), types, person=person), most)


def _bare(asked: str, text: str, types: Collection[str]) -> float:
    """Return the score of two names of things without prepositions and articles if that makes a match, or else 0."""
    read, their_reading = reading(asked), reading(text)
    if _are_opposed_by_text(read, their_reading, types) or _most(read, their_reading, types, person=False) <= UNCLEAR:
        return 0.0
    found = resemblance(name_words(bare(asked)), name_words(bare(text)))
    return min(found, OTHER_READING) if found >= CLEAR else 0.0


def _sounding(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return the score of two names that are read in another way if they are alike then, or else 0."""
    if resemblance(one, other) < SAME:
        return 0.0
    return UNCLEAR if are_of_two(one, other) else SAME


def _most(asked: str, text: str, types: Collection[str], *, person: bool) -> float:
    """Return the most that two names score that are alike: less than a match where they may be of two."""
    if han(asked) and han(text) and han(asked) != han(text):
        return UNCLEAR
    if PEOPLE.isdisjoint(types) and may_be_two_words(asked, text, term=not frozenset(TERMS).isdisjoint(types)):
        return UNCLEAR
    if not person:
        is_other = is_of_another_thing(asked, text) or words_more(text, asked) or are_turned(asked, text)
        return UNCLEAR if is_other or slips_in_doubt(asked, text) else 100.0
    if is_of_another_person(asked, text):
        return UNCLEAR
    return CLEAR if difference(name_words(asked), name_words(text)) == LACKING else 100.0


def _are_opposed_by_text(asked: str, text: str, types: Collection[str]) -> bool:
    """Tell if a numeral, or a letter that is nobody's initial, says that a name is not the one asked for."""
    return opposed(asked, text) or opposed_by_letter(asked, text, types=types)


def are_opposed(asked: str, text: str, types: Collection[str]) -> bool:
    """Tell if anything says that a name is not the one asked for: a number, a numeral, an initial, a letter, a word."""
    if are_told_apart(name_words(asked), name_words(text)) or _are_opposed_by_text(asked, text, types):
        return True
    return (is_of_another_person if may_be_a_person(text, types) else is_of_another_thing)(asked, text)


def is_of_another_thing(asked: str, text: str) -> bool:
    """Tell if the name asked for has a word more, or other numbers, that make it the name of another thing.

    `Deputy Prosecutor General` is another office.
    """
    # Without capitals, or with nothing else, letters are no numerals in either.
    case = str.lower if asked == asked.lower() else str.upper if asked == asked.upper() else str
    return figures(in_digits(asked)) != figures(in_digits(case(text))) or bool(words_more(asked, text))


def is_of_another_person(asked: str, text: str) -> bool:
    """Tell if a name may be of another person: by its initials, a syllable of Chinese, an article, or the sex."""
    ours, theirs = name_words(asked), name_words(text)
    if is_elided(asked) != is_elided(text) and sorted(ours) != sorted(theirs):
        return True
    spelt = ((ours[here], theirs[there]) for here, there in partners(ours, theirs))
    both_sexes = any(min(pair) + "a" == max(pair) and _OF_A_MAN.fullmatch(min(pair)) for pair in spelt)
    return both_sexes or difference(ours, theirs) == DOUBTFUL or are_of_two(ours, theirs)


def may_be_too(asked: Asked, text: str, types: Collection[str]) -> bool:
    """Tell if a name with initials may as well be that of another person, however much longer that is."""
    initials = len(asked.words) > 1 and any(len(word) == 1 for word in asked.words)
    if not initials or not may_be_a_person(text, types):
        return False
    words = name_words(text)
    pairs = dict(partners(asked.words, words))
    sound = (len(one) == 1 or likeness(one, words[pairs[at]]) >= SAME_SOUND for at, one in enumerate(asked.words))
    return len(pairs) == len(asked.words) and all(sound) and not are_opposed(asked.text, text, types)


def slips(asked: Asked, text: str, types: Collection[str]) -> list[str]:
    """Return the words of the name asked for that that of a person has in another spelling, folded."""
    words = name_words(text) if may_be_a_person(text, types) else ()
    pairs = ((folded(asked.words[here]), folded(words[there])) for here, there in partners(asked.words, words))
    return [one for one, other in pairs if one != other and len(one) > 1 < len(other)]


def may_be_a_person(text: str, types: Collection[str]) -> bool:
    """Tell if a name is that of a person, as far as one can see from the types of what has it, or from the name."""
    return not PEOPLE.isdisjoint(types) or (THINGS.isdisjoint(types) and not is_phrase(text))
