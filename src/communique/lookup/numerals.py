"""Numerals that are no digits: Roman, Chinese after 第, in words of English, French and Russian.

They tell things apart: names that differ by one are two names, however alike they look, such as the First and the
Second World War.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from communique.lookup.romanisation import ENDINGS, words

LONGEST = 300
_ORDINAL = rf"(?:ᵉʳ?|ʳᵉ|er|re|e|i?[èe]me|[-‑–](?:{ENDINGS}))"
_ROMAN = re.compile(
    r"(?<![\w.])(?=[IVXLCDM])(M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
    rf"({_ORDINAL})?(?![\w.’'-])"
)
_SMALL = re.compile(r"(?<![\w.])[ivx]{2,}(?![\w.’'-])")
_SURE = re.compile(r"[IVX]{2,}|[IVXLC]{4,}|LXX")
_LETTER = frozenset("IVX")
_CLOSING = ",;:()[]–—"
_OF_ONE_LETTER = {"I": "er re ᵉʳ ʳᵉ", "V": "e ᵉ ème eme ième ieme", "X": "e ᵉ ème eme ième ieme"}
# Cyrillic letters that are typed for Roman ones.
_CYRILLIC = re.compile(r"(?<![\w.])(?=[VXI]*[ХІ])[ХІVXI]{2,}(?!\w)")
_LATIN = str.maketrans("ХІ", "XI")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_HAN_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = (
    "one first, two second, three third, four fourth, five fifth, six sixth, seven seventh, eight eighth, nine ninth, "
    "ten tenth, eleven eleventh, twelve twelfth, thirteen thirteenth, fourteen fourteenth, fifteen fifteenth, "
    "sixteen sixteenth, seventeen seventeenth, eighteen eighteenth, nineteen nineteenth"
)
_ENGLISH_TENS = (
    "twenty twentieth, thirty thirtieth, forty fortieth, fifty fiftieth, sixty sixtieth, seventy seventieth, "
    "eighty eightieth, ninety ninetieth"
)
_RUSSIAN = (
    "перв, втор, трет, четверт четвёрт, пят, шест, седьм, восьм, девят, десят, одиннадцат, двенадцат, тринадцат, "
    "четырнадцат, пятнадцат, шестнадцат, семнадцат, восемнадцат, девятнадцат"
)
_RUSSIAN_TENS = "двадцат, тридцат, сороков, пятидесят, шестидесят, семидесят, восьмидесят, девяност"
_RUSSIAN_BEFORE_UNITS = "двадцать, тридцать, сорок, пятьдесят, шестьдесят, семьдесят, восемьдесят, девяносто"
_RUSSIAN_ENDINGS = "ый ой ий ая ое ого его ому ему ом ем ую ей ья ье ьего ьему ью ьей"
_FRENCH = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def _values(words: str, *, step: int = 1, endings: str = "") -> dict[str, int]:
    groups = enumerate(words.split(", "), 1 if step == 1 else 2)
    return {
        word + ending: number * step
        for number, group in groups
        for word in group.split()
        for ending in endings.split() or [""]
    }


def _french() -> dict[str, int]:
    """Return the ordinals from deuxième to quatre-vingt-dix-neuvième with hyphens, without accents."""
    cardinals = dict(enumerate(_FRENCH, 1))
    for number, tens in _FRENCH_TENS.items():
        cardinals[number] = tens
        for unit in range(1, 20 if number >= 60 else 10):
            joint = "-et-" if unit in (1, 11) and number < 80 else "-"
            cardinals[number + unit] = tens + joint + cardinals[unit]
    stems = {number: re.sub("cinq$", "cinqu", re.sub("neuf$", "neuv", word)) for number, word in cardinals.items()}
    ordinals = {re.sub("e$", "", stem) + "ieme": number for number, stem in stems.items() if number > 1}
    return ordinals | {"premiere": 1, "seconde": 2}


_UNITS = _values(_ENGLISH) | _values(_RUSSIAN, endings=_RUSSIAN_ENDINGS)
_TENS = _values(_ENGLISH_TENS, step=10) | _values(_RUSSIAN_TENS, step=10, endings=_RUSSIAN_ENDINGS)
_TENS |= _values(_RUSSIAN_BEFORE_UNITS, step=10)
_FRENCH_ORDINALS = _french()
_FRENCH_ENDS = frozenset(ordinal[-4:] for ordinal in _FRENCH_ORDINALS)
_FRENCH_WORDS = "|".join(sorted({*_FRENCH, *_FRENCH_TENS.values(), "et"}, key=len, reverse=True))
_PIECE = re.compile(
    r"(第\s*(?:[0-9]+|[〇零一二两三四五六七八九十百千]+)"
    rf"|(?<!\w)(?:(?:{_FRENCH_WORDS})[ -]){{0,4}}[a-z]+i[èe]me(?!\w)|(?<!\w)(?:première|seconde)(?!\w)|[^\W\d_第]+)",
    re.IGNORECASE,
)
_GAP = re.compile(r"[\s-]?")


def opposed(one: str, other: str) -> bool:
    """Tell if two names have different numerals: then they are not of one thing, whatever else they share.

    A Roman numeral of two letters and more opposes a name without it, if it is less than forty or has four letters (CD
    and DC abbreviate) and no word of that: a name in capitals, such as XI, may look like one. A single letter opposes
    another numeral alone, since it may be an initial.

    >>> opposed("World War I", "World War II"), opposed("第十九次会议", "第二十次会议"), opposed("LI Qiang", "Li Qiang")
    (True, True, False)
    >>> opposed("John Paul II", "John Paul"), opposed("I Krasnov", "Igor Krasnov")
    (True, False)
    """
    (romans, others), (their_romans, their_others) = _numerals(one), _numerals(other)
    if others != their_others or (romans and their_romans and romans != their_romans):
        return True
    return (not their_romans and _is_missing(romans, other)) or (not romans and _is_missing(their_romans, one))


def _is_missing(romans: tuple[str, ...], text: str) -> bool:
    sure = [each.lower() for each in romans if _SURE.fullmatch(each)]
    return bool(sure) and not set(sure) <= {*words(text)}


@lru_cache(maxsize=20_000)
def in_digits(text: str) -> str:
    """Return the name of a thing with its numerals in digits, but for short Roman ones from forty on.

    Those look like abbreviations: CD, DC, MD, XL. A single letter is a numeral at the end, before a sign or small
    letters; in a text without capitals, small letters are numerals as well, if they are two or more.

    >>> in_digits("Twenty-first Meeting"), in_digits("XIX съезд"), in_digits("第十九次会议"), in_digits("Part V of it")
    ('21 Meeting', '19 съезд', '第19次会议', 'Part 5 of it')
    >>> in_digits("XIXᵉ siècle"), in_digits("Dix-neuvième siècle"), in_digits("I. Krasnov"), in_digits("world war ii")
    ('19 siècle', '19 siècle', 'I. Krasnov', 'world war 2')
    """
    text = _latin(text)
    if text == text.lower():
        text = _SMALL.sub(lambda found: found[0].upper(), text)
    return "".join(map(str, _read(_ROMAN.sub(_roman_in_digits, text))))


def _latin(text: str) -> str:
    """Return the beginning of a text with Roman numerals in Latin letters."""
    return _CYRILLIC.sub(lambda found: found[0].translate(_LATIN), text[:LONGEST])


def _roman_in_digits(found: re.Match[str]) -> str:
    numeral, ending = found[1], found[2] or ""
    is_one = _SURE.fullmatch(numeral) if len(numeral) > 1 else numeral in _LETTER and _stands_alone(found)
    return str(_roman(numeral)) if is_one and _may_end(numeral, ending) else found[0]


def _may_end(numeral: str, ending: str) -> bool:
    """Tell if an ending is one of ordinals: `Ver` and `De` are words."""
    return not ending or len(numeral) > 1 or ending in _OF_ONE_LETTER.get(numeral, "").split() or "-" in ending


def _stands_alone(found: re.Match[str]) -> bool:
    """Tell if a single letter is no initial: those stand before a name, after another one, or have a full stop."""
    before, after = found.string[: found.start()].rstrip(" -"), found.string[found.end() :].lstrip()
    if found[2] or not before:
        return bool(found[2]) or after[:1].islower()
    return len(before) > 1 and before[-2:].isalpha() and (after[:1] in _CLOSING or after[0].islower())


@lru_cache(maxsize=20_000)
def _numerals(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the Roman numerals of a text, and those in words and in Chinese, each sort in order of size."""
    text = _latin(text)
    romans = [each[1] for each in _ROMAN.finditer(text) if each[1] and _may_end(each[1], each[2] or "")]
    # Two letters alone are the initials of a person.
    romans = [] if len(romans) > 1 else romans
    return tuple(romans), tuple(sorted(each for each in _read(text) if isinstance(each, int)))


def _roman(letters: str) -> int:
    values = [_ROMAN_DIGITS[each] for each in letters]
    return sum(-value if value < after else value for value, after in pairwise([*values, 0]))


def _han(signs: str) -> int:
    if signs.isascii():
        return int(signs[:9])
    total = digit = 0
    for each in signs:
        if each in _HAN_UNITS:
            total += (digit or 1) * _HAN_UNITS[each]
            digit = 0
        else:
            digit = 10 * digit + _HAN_DIGITS[each]
    return total + digit


def _read(text: str) -> list[str | int]:
    """Return the pieces of a text, numerals in words and in Chinese as numbers; tens and units are one."""
    found: list[str | int] = []
    tens = 0
    for piece in _PIECE.split(text):
        word = piece.casefold()
        unit = _UNITS.get(word, 0)
        if tens and 0 < unit < 10:
            found[-2:] = [tens + unit]
            tens = 0
        elif value := unit or _TENS.get(word, 0):
            found.append(value)
            tens = _TENS.get(word, 0)
        else:
            found += _spelt(piece)
            tens = tens if _GAP.fullmatch(piece) else 0
    return found


def _spelt(piece: str) -> list[str | int]:
    """Return a piece with its Chinese numeral or French ordinal as a number."""
    if piece[:1] == "第" and len(piece) > 1:
        return ["第", _han(piece[1:].lstrip())]
    begin = 0
    if piece[-1:] in "eE" and (ordinal := piece.casefold().replace("è", "e").replace(" ", "-"))[-4:] in _FRENCH_ENDS:
        while ordinal[begin:] not in _FRENCH_ORDINALS:
            begin = ordinal.find("-", begin) + 1
            if not begin:
                return [piece]
        return [piece[:begin], _FRENCH_ORDINALS[ordinal[begin:]]]
    return [piece]
