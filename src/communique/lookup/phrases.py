"""Phrases, the names of things: what makes one the name of another thing, and what does not.

| names | are they of one thing? |
|---|---|
| `Deputy Prosecutor General`, `Prosecutor General` | no: a word more |
| `Ministry of the Interior`, `Ministry of Interior`; `Суд и прокуратура`, `Суд, прокуратура` | yes: particles |
| `World Health Organisation (WHO)`, `World Health Organisation` | yes: what the name is abbreviated to |
| `Co-operation Council`, `Cooperation Council` | yes: a word written together or apart |
| `2nd Committee of Session 1`, `1st Committee of Session 2` | no: the same numbers in another order |
"""

from __future__ import annotations

import re
from itertools import pairwise

from communique.lookup.resemblance import YEAR, between, partners, without_partner
from communique.lookup.romanisation import LONGEST, folded, is_chinese, name_words, words

_MARKS = frozenset(("the", "of", "for", "and"))
_OTHERS = (
    "a an at by from in no nr on to with "
    "au aux avec d de des du en et l la le les par pour sur "
    "am auf aus bei das dem den der die fur im mit und van vom von zum zur "
    "con da dei del della di do dos el las los para "
    "dlya iz na ob po pri so"
)
PARTICLES = _MARKS | frozenset(_OTHERS.split())
"""Words, romanised, that a title has or lacks without being another one."""
PERSONAL = 3
"""So many words the name of a person may have, initials and a patronymic among them, but no particles."""
SURE = 6
"""Letters from which on a word with a slip is no other word."""
_VOWELS = frozenset("aeiou")
# In Latin letters these would be initials.
_CYRILLIC_PARTICLES = re.compile(r"(?<![\w.])[авикосу](?![\w.])")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FIGURES = re.compile(r"\d+")


def is_phrase(text: str, *, initials: int = 0) -> bool:
    """Tell if a name is none that a person may have: it has more words, or a particle that no person's has.

    So many `initials` stand for a word each; other letters are not counted then.

    Nor has it a figure.

    >>> is_phrase("Ministry of Justice"), is_phrase("Igor Viktorovich Krasnov"), is_phrase("Ursula von der Leyen")
    (True, False, False)
    """
    split = name_words(text)
    if any(map(str.isdigit, split)):
        return True
    heavy = [word for word in _heavy(split) if len(word) > 1 or not initials]
    return not _MARKS.isdisjoint(split) or len(heavy) + initials > PERSONAL


def words_more(one: str, other: str) -> list[str]:
    """Return the words of one name, romanised, that make another one of it, since nothing in the other is like them.

    >>> words_more("Deputy Prosecutor of India", "Prosecutor, India"), words_more("Co-operation", "Cooperation")
    (['deputy'], [])
    >>> words_more("Шанхайская организация сотрудничества (ШОС)", "Шанхайская организация сотрудничества")
    []
    """
    ours, theirs = _both_joined(one, other)
    # Chinese characters that sound like particles are words.
    harmless = abbreviations(other) | (PARTICLES if not is_chinese(one) else frozenset())
    return [word for word in without_partner(ours, theirs) if word not in harmless]


def slips_in_doubt(one: str, other: str) -> bool:
    """Tell if words that two names of things have in different spelling may be two words: short ones, or their begin.

    >>> slips_in_doubt("Embassy of Iran", "Embassy of Iraq"), slips_in_doubt("Court of Gambia", "Court of Zambia")
    (True, True)
    >>> slips_in_doubt("Council of Europe", "Counsil of Europe")
    False
    """
    ours, theirs = _both_joined(one, other)
    pairs = ((folded(ours[here]), folded(theirs[there])) for here, there in partners(ours, theirs))
    return any(a != b and len(a) > 1 < len(b) and (a[0] != b[0] or min(len(a), len(b)) < SURE) for a, b in pairs)


def may_be_two_words(one: str, other: str, *, term: bool) -> bool:
    """Tell if two names of one word each may be two words, though a slip may lie between them: by a changed letter.

    An s for a z is none. Two terms are told apart by a letter more, too, but for a final s and a vowel beside another.

    >>> [may_be_two_words("proscription", each, term=False) for each in ("prescription", "proscritpion")]
    [True, False]
    >>> [may_be_two_words("behaviorism", each, term=True) for each in ("behavioristm", "behaviourism")]
    [True, False]
    """
    ours, theirs = (_heavy(name_words(text)) for text in (one, other))
    if len(ours) != 1 or len(theirs) != 1:
        return False
    readings = ((ours[0], theirs[0]), (folded(ours[0]), folded(theirs[0])))
    return all(_are_two_words(*sorted(pair, key=len), term=term) for pair in readings)


def _are_two_words(short: str, long: str, *, term: bool) -> bool:
    less, more, begin = between(short, long)
    end = len(long) - begin - len(more)
    if len(less) == len(more):
        return less != more[::-1] and {less, more} != {"s", "z"}
    variant = more in _VOWELS and bool(_VOWELS & {*long[begin - 1 : begin], *long[begin + 1 : begin + 2]})
    return bool(less) or (term and not variant and not (more == "s" and not end))


def are_turned(one: str, other: str) -> bool:
    """Tell if the words that two names of things share stand in another order, and no comma says why.

    >>> are_turned("University of Washington", "Washington University"), are_turned("Justice, Ministry of", "Ministry")
    (True, False)
    """
    if "," in one or "," in other:
        return False
    ours, theirs = (_heavy(name_words(text)) for text in (one, other))
    shared = {word for word in ours if word.isalpha()}.intersection(theirs)
    return [word for word in ours if word in shared] != [word for word in theirs if word in shared]


def figures(text: str) -> list[int]:
    """Return the numbers of a name in their order, which tells things apart; years beside others are not among them.

    >>> figures("19th Meeting, 20 October 2021")
    [19, 20]
    """
    found = _FIGURES.findall(text[:LONGEST])
    return [int(each) for each in found if not YEAR.fullmatch(each)] or [int(each) for each in found]


def _heavy(split: tuple[str, ...]) -> list[str]:
    return [word for word in split if word not in PARTICLES]


def _both_joined(one: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of two names, written together where either writes them so."""
    ours, theirs = (name_words(_CYRILLIC_PARTICLES.sub(" ", text[:LONGEST])) for text in (one, other))
    return _joined(ours, theirs), _joined(theirs, ours)


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of one name, two neighbours as one where the other name writes them so."""
    found: list[str] = []
    wholes = set(other) - set(one)
    skip = False
    for word, after in pairwise((*one, "")):
        if not skip:
            skip = bool(after) and word + after in wholes
            found.append(word + after if skip else word)
        else:
            skip = False
    return tuple(found)


def abbreviations(text: str) -> frozenset[str]:
    """Return what a name may be abbreviated to, romanised, by all its words or those that are no particles.

    >>> sorted(abbreviations("People's Republic of China"))
    ['prc', 'proc']
    """
    tokens = _TOKEN.findall(text[:LONGEST])
    heavy = [token for token in tokens if _heavy(words(token)) and not _CYRILLIC_PARTICLES.fullmatch(token)]
    return frozenset("".join(words("".join(token[0] for token in each))) for each in (tokens, heavy) if len(each) > 1)
