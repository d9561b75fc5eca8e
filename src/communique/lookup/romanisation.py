"""Romanisation: names of all scripts in plain Latin letters, and what many spellings of one name have in common.

| name | words | folded | skeleton |
|---|---|---|---|
| `Рахмон` | rakhmon | rahmon | rhmn |
| `Джумахон` | dzhumakhon | jumahon | jmhn |
| `张军` | zhang jun | jang jun | jng jn |
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

LONGEST = 300
"""Characters of a name that are looked at."""
# Signs that romanisation would read as parts of a word, or would lose.
_BEFORE = str.maketrans({"ё": "йо", "Ё": "Йо", "’": "", "‘": "", "ʻ": "", "ʼ": "", "'": "", "`": "", "ь": "", "ъ": ""})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_HAN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
# The usual spelling of Chinese names in Cyrillic, and pinyin. It is known by its combinations of letters.
_PALLADIUS = re.compile("чж|цз")
_PINYIN = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("нь", "n"),
        ("н(?![аеиоуыэюя])", "ng"),
        ("чж", "zh"),
        ("цз(?=[июя])", "j"),
        ("цз", "z"),
        ("ц(?=[июя])", "q"),
        ("с(?=[июя])", "x"),
        ("х", "h"),
        ("(?<=[jqx])(?:юй|ю(?=[аэn]))", "u"),
        (r"\bю(?![йаэn])", "you"),
        ("юй", "yu"),
        ("(?<=[бпмфдтнлгкjqx])ю", "iu"),
        ("(?<=[бпмдтнлjqx])я", "ia"),
        ("(?<=[бпмдтнлjqx])е", "ie"),
        (r"\bи", "yi"),
    )
)
_PALLADIUS_SYLLABLES = re.compile(
    r"(?:(?:(?:чж|[бпмфвдтнлгкхжчшсцз]|цз)?(?:[аеоуыэюя]|и)(?:[аоэ]|[оу](?=[ао]))?[йо]?(?:нь?)?|эр){1,2}(?:[\s,]+|\Z)){2,3}"
)
# The same spelling once more in Latin letters, as names of Chinese people come by way of Russian: "Chzhan Tszyun".
# The soft sign that tells -n from -ng is lost on the way. All its words have one syllable or two.
_SYLLABLES = "(?:(?:chzh|tsz?|[csz]?h|kh|[bpmfdtnlgkrsv])?[aeiouy]{1,3}(?:n'?)?){1,2}"
_PALLADIUS_IN_LATIN = re.compile(rf"(?=.*(?:chzh|tsz[iuy])){_SYLLABLES}(?:[\s,]+{_SYLLABLES}){{0,2}}\Z")
_PINYIN_OF_LATIN = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        ("chzh", "zh"),
        ("tsz(?=[iuy])", "j"),
        ("tsz", "z"),
        ("ts(?=i|y[aeu])", "q"),
        (r"\bs(?=i|y[aeu])", "x"),
        ("kh", "h"),
        ("(?<=[jqx])yu", "u"),
        ("(?<=[jqx])y(?=[ae])", "i"),
    )
)
_WORD = re.compile(r"[a-z0-9]+")
ENDINGS = "[йяех]|[оыиае]й|[ао]я|[ое]е|[оеы]?(?:го|му|м|х)|ую|(?:[ыі]?н)?ш[ыі]"
"""Those of Russian and Kazakh ordinals, after a hyphen."""
_ORDINAL = re.compile(
    rf"(?<![\w.])(\d+)(?:(?:st|nd|rd)\b|[-‑– ]?th\b|[-‑–](?:{ENDINGS})\b|(?:й|я|е)(?=\s+[^\W\d_]{{3}})"
    r"|(?:ers?|i?[èe]re|re|i?[èe]me|nde?|ᵉʳ?|ʳᵉ)\b|\.?[ºª])",
    re.IGNORECASE,
)
# A letter may be part of a number, `Article 5e`, but for one that begins a name, be it after an article.
_FRENCH_ORDINAL = re.compile(
    r"(\A|\b(?:[dl]e|[dl]es|la|du|au|het)\s|\b[dl]['’])(\d+)e(?=\s+[^\W\d_]{3})", re.IGNORECASE
)
_ELIDED = re.compile(r"(?<!\w)(?:[dl]|qu|(?:d|n|s|c)?(?:e|a|u)ll|un)['’ʼ](?=[aeiouhàâäæéèêëîïôöœùûü])", re.IGNORECASE)


class Fold(NamedTuple):
    """A sound: letters one of which a word must have to be changed, how it is written, and what it is folded to."""

    signs: tuple[str, str]
    pattern: re.Pattern[str]
    to: str


# In the usual romanisations, the longest first. To look for signs before patterns takes a third of the time.
FOLDS = tuple(
    Fold((signs.split()[0], signs.split()[-1]) if signs else ("", ""), re.compile(pattern), to)
    for signs, pattern, to in (
        ("iy ij", "iy(?=[aeou])|ij(?=a$)", "y"),
        ("chtsch chtch", "schtsch|chtch", "sh"),
        ("tsch tch", "tsch|tch", "ch"),
        ("chr chl", "^ch(?=[rl])", "h"),
        ("dj", "dj", "j"),
        ("zh tsz", "chzh|dzh|zh|tsz", "j"),
        ("hch sch", "shch|sch", "sh"),
        ("kh xh", "kh|x(?=h)", "h"),
        ("gh", "gh", "g"),
        ("ph", "ph", "f"),
        ("ck", "ck", "k"),
        ("q", "q", "k"),
        ("x", "^x", "s"),
        ("x", "x", "ks"),
        ("ts tz", "ts|tz", "c"),
        ("w", "w", "v"),
        ("iu yu", "[iy]u", "u"),
        ("ia ya", "[iy]a", "a"),
        ("io yo", "[iy]o", "o"),
        ("ie ye", "[iy]e", "e"),
        ("y", "y", "i"),
        ("", r"([a-z])\1+", r"\1"),
    )
)
_FOLDABLE = re.compile(r"[xywq]|[cgkpz]h|dj|[ct]ch|sch|ck|t[sz]|i[aeouj]|([a-z])\1")
_VOWELS = re.compile("[aeiou]")


def plain(text: str) -> str:
    """Return a text as it is compared exactly: composed, without case, each white space one space."""
    return unicodedata.normalize("NFC", in_one_line(text).casefold())


def in_one_line(text: str) -> str:
    """Return a text with each white space as one space, and none at its ends: line breaks make no other label."""
    return " ".join(text.split())


def is_chinese(text: str) -> bool:
    """Tell if a text has Chinese characters: many are read alike, so that a few letters stand for hundreds."""
    return _HAN.search(text) is not None


def without_umlauts(text: str) -> str:
    """Return a text whose umlauts are spelt out, as in German.

    >>> without_umlauts("Müller")
    'Mueller'
    """
    return text if text.isascii() else text.translate(_UMLAUTS)


def han(text: str) -> str:
    """Return the Chinese characters of a text, whatever their order."""
    return "".join(sorted(_HAN.findall(text)))


def in_pinyin(text: str) -> tuple[str, ...]:
    """Return the words of a name in Cyrillic that may be a Chinese one, in pinyin; nothing if it is none, or known.

    >>> in_pinyin("Ли Цян"), in_pinyin("Ван И"), in_pinyin("Чжан Цзюнь"), in_pinyin("Игорь Краснов")
    (('li', 'qiang'), ('wang', 'yi'), (), ())
    """
    text = text[:LONGEST].lower()
    if not "а" <= text[:1] <= "я" or _PALLADIUS.search(text) or not _PALLADIUS_SYLLABLES.fullmatch(text):
        return ()
    for pattern, to in _PINYIN:
        text = pattern.sub(to, text)
    return tuple(re.sub("^v", "w", word) for word in _WORD.findall(anyascii(text)))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name in small Latin letters and digits, in their order; each Han character is a word.

    >>> words("Рахмон, Ю.")
    ('rakhmon', 'yu')
    >>> words("张军"), words("Chzhan Tszyun"), words("Сяо Цян")
    (('zhang', 'jun'), ('zhan', 'jun'), ('syao', 'tsyan'))
    """
    text = text[:LONGEST]
    for signs, pinyin in ((_PALLADIUS.search, _PINYIN), (_PALLADIUS_IN_LATIN.match, _PINYIN_OF_LATIN)):
        if signs(text.lower()):
            text = text.lower()
            for pattern, to in pinyin:
                text = pattern.sub(to, text)
    spaced = _HAN.sub(r" \1 ", text.translate(_BEFORE))
    return tuple(_WORD.findall(anyascii(spaced).lower().replace("'", "")))


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name as names are compared: ordinals are their numbers.

    >>> name_words("19th Meeting"), name_words("19-я встреча")
    (('19', 'meeting'), ('19', 'vstrecha'))
    """
    return words(_FRENCH_ORDINAL.sub(r"\1\2", _ORDINAL.sub(r"\1", text[:LONGEST])))


def is_elided(text: str) -> bool:
    """Tell if an article or a preposition of a name may be elided, as in French and Italian."""
    return ("'" in text or "’" in text or "ʼ" in text) and _ELIDED.search(text[:LONGEST]) is not None


def without_elided(text: str) -> str:
    """Return a text without elided articles and prepositions.

    >>> without_elided("Cour d'appel de l’État"), without_elided("Banca dell'Italia"), without_elided("D'yakov")
    ('Cour appel de État', 'Banca Italia', "D'yakov")
    """
    return _ELIDED.sub("", text)


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """Return what the usual romanisations of one name share; vowels are kept.

    >>> folded("rakhmon"), folded("abay"), folded("aleksandr") == folded("alexandr"), folded("1100")
    ('rahmon', 'abai', True, '1100')
    """
    if _FOLDABLE.search(word):
        for (sign, other), pattern, to in FOLDS:
            if sign in word or other in word:
                word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """Return a folded word without its vowels: what is left of a name in scripts that do not write them."""
    return _VOWELS.sub("", word)
