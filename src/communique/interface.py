"""The interface: the words of the program itself in one language, as opposed to the words of the data."""

from __future__ import annotations

from gettext import NullTranslations

DEFAULT = "en"
"""The language of the words in templates and modules, which are also the keys of the catalogues."""


class Interface:
    """The words of the program in one language; what its catalogue does not have is said in English."""

    def __init__(self, language: str = DEFAULT, catalogue: NullTranslations | None = None) -> None:
        """Take a language tag and its catalogue."""
        self.language = language
        self._catalogue = catalogue or NullTranslations()

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
