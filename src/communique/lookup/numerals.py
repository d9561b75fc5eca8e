"""Numerals that are no digits: Roman, Chinese after 第, and in English and Russian words. They tell things apart.

Names that differ by one are two names, however alike they look: the First and the Second World War.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from communique.lookup.romanisation import words

LONGEST = 300
_ROMAN = re.compile(r"(?<![\w.])(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![\w.’'-])")
_SURE = re.compile(r"[IVX]{2,}")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_HAN = re.compile(r"第\s*([0-9]+|[〇零一二两三四五六七八九十百千]+)")
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
_ENDINGS = "ый ой ий ая ое ого его ому ему ом ем ую ей ья ье ьего ьему ью ьей"


def _values(words: str, *, step: int = 1, endings: str = "") -> dict[str, int]:
    groups = enumerate(words.split(", "), 1 if step == 1 else 2)
    return {
        word + ending: number * step
        for number, group in groups
        for word in group.split()
        for ending in endings.split() or [""]
    }


_UNITS = _values(_ENGLISH) | _values(_RUSSIAN, endings=_ENDINGS)
_TENS = _values(_ENGLISH_TENS, step=10) | _values(_RUSSIAN_TENS, step=10, endings=_ENDINGS)
_TENS |= _values(_RUSSIAN_BEFORE_UNITS, step=10)
_WORD = re.compile(r"[^\W\d_]+")
_PIECE = re.compile(r"([^\W\d_]+)")
_GAP = re.compile(r"[\s-]?")


def opposed(one: str, other: str) -> bool:
    """Tell if two names have different numerals: then they are not of one thing, whatever else they share.

    A Roman numeral of two letters and more opposes a name without it, if it is less than forty (CD and DC abbreviate)
    and no word of that: a name in capitals, such as XI, may look like one. A single letter opposes another numeral
    alone, since it may be an initial.

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
    """Return a name with its numerals in digits, Roman ones of two letters and more among them, but none from forty on.

    Those look like abbreviations: CD, DC, MD, XL.

    >>> in_digits("Twenty-first Meeting"), in_digits("XIX съезд"), in_digits("第十九次会议"), in_digits("Malcolm X")
    ('21 Meeting', '19 съезд', '第19次会议', 'Malcolm X')
    """
    text = _HAN.sub(lambda found: f"第{_han(found[1])}", text[:LONGEST])
    text = _ROMAN.sub(lambda found: str(_roman(found[0])) if _SURE.fullmatch(found[0]) else found[0], text)
    found: list[str] = []
    tens = 0
    for piece in _PIECE.split(text):
        word = piece.casefold()
        unit = _UNITS.get(word, 0)
        if tens and 0 < unit < 10:
            found[-2:] = [str(tens + unit)]
            tens = 0
        elif value := unit or _TENS.get(word, 0):
            found.append(str(value))
            tens = _TENS.get(word, 0)
        else:
            found.append(piece)
            tens = tens if _GAP.fullmatch(piece) else 0
    return "".join(found)


@lru_cache(maxsize=20_000)
def _numerals(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the Roman numerals of a text, and those in words and in Chinese, each sort in order of size."""
    text = text[:LONGEST]
    romans = [each.group() for each in _ROMAN.finditer(text) if each.group()]
    spelt = [_han(each.group(1)) for each in _HAN.finditer(text)] if "第" in text else []
    spelt += _in_words(_WORD.findall(text.casefold()))
    # Two letters alone are the initials of a person.
    romans = [] if len(romans) > 1 else romans
    return tuple(romans), tuple(sorted(spelt))


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


def _in_words(words: list[str]) -> list[int]:
    found: list[int] = []
    tens = 0
    for word in words:
        unit = _UNITS.get(word, 0)
        if tens and 0 < unit < 10:
            found[-1] = tens + unit
        elif value := unit or _TENS.get(word, 0):
            found.append(value)
        tens = _TENS.get(word, 0)
    return found
