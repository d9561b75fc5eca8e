"""The interface: the words of the program itself in one language, its names of languages, its dates and numbers.

Words come from a catalogue, the rest from CLDR. The words of the data are none of its business: see `labels`.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, localcontext
from functools import cached_property, lru_cache
from gettext import NullTranslations
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.numbers import format_decimal
from babel.units import format_unit

DEFAULT = "en"
"""The language of the words in templates and modules, which are also the keys of the catalogues."""
LONG_NUMBER = 5
"""Digits before the point from which on those of data are grouped: "2021" is more often a year than a number."""
LEAST_GROUPED = 1000
LONGEST_NUMBER = 40

_DATES = {"en": "en-GB"}
"""Whose order of day, month and year is followed where a tag leaves it open: plain "en" is American in CLDR."""

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d:\d\d))?(?P<zone>Z|[+-]\d\d:\d\d)?"
    r"|(?P<month>\d{4}-\d\d)"
)
_SIZES = (("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3), ("byte", 1))


class Interface:
    """The words of the program in one language; what its catalogue does not have is said in English."""

    def __init__(self, language: str = DEFAULT, catalogue: NullTranslations | None = None) -> None:
        """Take a language tag (BCP 47) and its catalogue."""
        self.language = language
        self._catalogue = catalogue or NullTranslations()
        self._locale = _locale(language) or Locale(DEFAULT)
        self._dates = _locale(_DATES.get(language, language)) or self._locale

    @property
    def direction(self) -> str:
        """The direction of the script of the language, as HTML calls it: "ltr" or "rtl"."""
        return self._locale.text_direction

    def gettext(self, message: str) -> str:
        """Return a message in the language."""
        return self._catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form of a message that goes with a number."""
        return self._catalogue.ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        """Return a message in the language; the context tells apart what English says in one word."""
        return self._catalogue.pgettext(context, message)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """Return the form of a message that goes with a number, in a context."""
        return self._catalogue.npgettext(context, singular, plural, number)

    def language_name(self, tag: str) -> str:
        """Return the name of a language, given by its tag, in this one; a tag that CLDR does not know is its name.

        >>> Interface("ru").language_name("zh"), Interface("en").language_name("zh-Hant")
        ('китайский', 'Chinese (Traditional)')
        """
        locale = _locale(tag)
        return (locale.get_display_name(self._locale) if locale else None) or tag

    @cached_property
    def own_name(self) -> str:
        """The name of the language in itself, as it stands at the beginning of a line.

        >>> Interface("ru").own_name
        'Русский'
        """
        name = self.language_name(self.language)
        return name[:1].upper() + name[1:]

    def number(self, value: int | str) -> str:
        """Return a number by groups of digits, given as such or as a decimal of XML Schema; all digits are kept.

        A decimal of four digits stays together, which may be a year; so does what has too many to be read by groups.

        >>> Interface("en").number(3641), Interface("en").number("2021"), Interface("de").number("-1234567.50")
        ('3,641', '2021', '-1.234.567,50')
        """
        text = str(value)
        if len(text) > LONGEST_NUMBER or (isinstance(value, int) and 0 <= value < LEAST_GROUPED):
            return text
        whole, _, fraction = text.lstrip("-").partition(".")
        pattern = "#,##0" if len(whole) >= LONG_NUMBER or isinstance(value, int) else "0"
        pattern += "." + "0" * len(fraction) if fraction else ""
        with localcontext(prec=LONGEST_NUMBER + 2):
            return format_decimal(Decimal(text), format=pattern, locale=self._locale)

    def size(self, count: int) -> str:
        """Return a number of bytes in the unit that suits.

        >>> Interface("en").size(1_234_567), Interface("ru").size(1_234_567), Interface("en").size(654)
        ('1.2 MB', '1,2 МБ', '654 bytes')
        """
        unit, bytes_in_unit = next((each for each in _SIZES if count >= each[1]), _SIZES[-1])
        # English has no plural for the short form of a byte.
        length: Literal["short", "long"] = "long" if unit == "byte" else "short"
        return format_unit(count / bytes_in_unit, unit, length=length, format="0.#", locale=self._locale)

    def moment(self, value: str, length: str = "long") -> str:
        """Return a date, a month or a time on a day as it is said, from how XML Schema writes it.

        `length` is "long" or "medium" of CLDR. Years beyond four digits, and what is no moment, stay as they are
        written.

        >>> Interface("en").moment("2021-10-29"), Interface("zh").moment("2021-10"), Interface("ru").moment("P1D")
        ('29 October 2021', '2021年10月', 'P1D')
        """
        found = _MOMENT.fullmatch(value)
        try:
            return self._moment(found, length) if found else value
        except ValueError:  # a year 0000, a 30th of February, 24:00:00
            return value

    def _moment(self, found: re.Match[str], length: str) -> str:
        if found["month"]:
            return format_skeleton("yMMMM", date.fromisoformat(found["month"] + "-01"), locale=self._dates)
        text = format_date(date.fromisoformat(found["date"]), length, locale=self._dates)
        if found["time"]:
            clock = format_time(time.fromisoformat(found["time"]), "medium", locale=self._dates)
            pattern = str(get_datetime_format("medium", locale=self._dates))
            text = pattern.replace("'", "").format(clock, text)
        zone = found["zone"]
        return f"{text} (UTC{'' if zone == 'Z' else zone})" if zone else text


@lru_cache(maxsize=512)
def _locale(tag: str) -> Locale | None:
    """Return what CLDR knows of a language tag, or of the language that it begins with, or None."""
    while tag:
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            tag = tag.rpartition("-")[0]
    return None
