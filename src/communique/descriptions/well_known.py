"""Well-known names: languages and licences that data refer to by IRIs of others, and hardly ever label themselves."""

from __future__ import annotations

import re

from communique.interface import Interface

_LANGUAGE = re.compile(
    r"https?://(?:id\.loc\.gov/vocabulary/iso639-[125]/|lexvo\.org/id/iso639-[123]/|www\.lexvo\.org/id/iso639-[123]/"
    r"|publications\.europa\.eu/resource/authority/language/)([A-Za-z]{2,3})"
)
_LICENCE = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)(?:/[a-z-]*)?/?")
_OF_THE_EU = re.compile(r"https?://publications\.europa\.eu/resource/authority/licence/(CC[A-Z_]*)_(\d)_(\d)")
_PARTS = re.compile(r"(BY|NC)(?=[A-Z])")
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}
TWO_LETTERS = {
    "ara": "ar", "bul": "bg", "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "est": "et", "fas": "fa",
    "fin": "fi", "fra": "fr", "gle": "ga", "hin": "hi", "hrv": "hr", "hun": "hu", "ita": "it", "jpn": "ja", "kaz": "kk",
    "kir": "ky", "lav": "lv", "lit": "lt", "mlt": "mt", "nld": "nl", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru",
    "slk": "sk", "slv": "sl", "spa": "es", "swe": "sv", "tgk": "tg", "ukr": "uk", "urd": "ur", "uzb": "uz", "zho": "zh",
}  # fmt: skip
"""Tags of languages by their codes of three letters (ISO 639-3), which tags do not use where there are two."""


def language_tag(iri: str) -> str:
    """Return the tag (BCP 47) of the language that an IRI stands for, "" of other IRIs.

    >>> language_tag("http://publications.europa.eu/resource/authority/language/ZHO")
    'zh'
    """
    found = _LANGUAGE.fullmatch(iri)
    code = found[1].lower() if found else ""
    return TWO_LETTERS.get(code, code)


def language_known(iri: str, *, reader: str) -> str | None:
    """Return the name of the language that an IRI stands for, in the language of a reader; None of other IRIs.

    >>> language_known("http://id.loc.gov/vocabulary/iso639-1/zh", reader="ru")
    'китайский'
    """
    tag = language_tag(iri)
    name = Interface(reader).language_name(tag) if tag else ""
    return name if name != tag else None


def licence_known(iri: str) -> str | None:
    """Return the short name of a licence of Creative Commons, the same in every language; None of other IRIs.

    >>> licence_known("https://creativecommons.org/licenses/by-sa/4.0/")
    'CC BY-SA 4.0'
    """
    if found := _LICENCE.fullmatch(iri):
        kind, name, version = found.groups()
        return f"{f'CC {name.upper()}' if kind == 'licenses' else _PUBLIC_DOMAIN.get(name, name)} {version}"
    if found := _OF_THE_EU.fullmatch(iri):
        name = _PARTS.sub(r"\1-", found[1].replace("_", " ", 1))
        return f"{name} {found[2]}.{found[3]}"
    return None
