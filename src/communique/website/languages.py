"""Languages of a site: those that its settings name, else those that its data put first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.descriptions.catalog import label_languages, stated_languages
from communique.interface import DEFAULT

if TYPE_CHECKING:
    from communique.settings import Settings
    from communique.store import Store

# A language of ISO 639: words such as "French" are no tags, and `mul` and its like name no language.
_TAG = re.compile(r"(?!(?:mis|mul|und|zxx)\b)[a-z]{2,3}(-[a-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a site: `pages` those in which there are to be pages, `labels` those of labels, best first."""

    pages: tuple[str, ...]
    labels: tuple[str, ...]


def languages_of(settings: Settings, store: Store, *, counted: bool = True) -> Languages:
    """Return the languages that the settings name, else one for the pages, which the data put first.

    The data put first what they state (`dcterms:language`), of several the one with the most labels, else the language
    of more than half of the labels, else English. Labels are not counted unless `counted`.
    """
    if settings.names_languages:
        return Languages(settings.languages, settings.languages)
    found = _of_data(store, counted=counted) or settings.page_languages
    return Languages(found[:1], tuple(dict.fromkeys((*found, *settings.languages))))


def _of_data(store: Store, *, counted: bool) -> tuple[str, ...]:
    stated = tuple(tag for tag in stated_languages(store) if _TAG.fullmatch(tag))
    if len(stated) == 1 or not counted:
        return tuple(sorted(stated, key=lambda tag: (tag != DEFAULT, tag)))
    numbers = label_languages(store)
    if stated:
        return tuple(sorted(stated, key=lambda tag: (-numbers[tag], tag != DEFAULT, tag)))
    return tuple(tag for tag, number in numbers.items() if tag and 2 * number > numbers.total())
