"""Search in the label index of a site as its page does it in the browser, for readers without scripts."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from communique.lookup.label_index import BLOCK, FOLDER, spelt
from communique.lookup.romanisation import folded

if TYPE_CHECKING:
    from pathlib import Path

MOST_SHARDS = 12
"""Shards that one word of a query may read: a beginning that leads to more is too short to search for."""
MOST = 60
"""Things that are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: its page without extension, its title, another name that fits better, and its class.

    `language` and `kind_language` are the tags of the title and of the name of the class, "" where they do not matter.
    """

    stem: str
    title: str
    language: str
    other: str
    kind: str
    kind_language: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search has found, the best first, of `count` things; `short` tells that more letters are needed.

    Where it is not `counted`, there are more, which nobody could count, and perhaps better ones among them.
    """

    found: tuple[Found, ...] = ()
    count: int = 0
    short: bool = False
    counted: bool = True


def search(site: Path, query: str, *, language: str) -> Answer:
    """Return what has all the words of a query in its names, the last letters of each word being open.

    `site` is the folder of a built site; titles are in `language` as far as there are any. Raises OSError or ValueError
    if the index is missing or damaged.
    """
    folder = site / FOLDER
    index = _read(folder / "index.json")
    asked = [_spellings(word) for word in spelt(query)]
    shards = [_shards(index["shards"], spellings) for spellings in asked]
    if not asked or any(len(numbers) > MOST_SHARDS for numbers in shards):
        return Answer(short=bool(asked))
    having = [_having(folder, numbers, spellings) for numbers, spellings in zip(shards, asked, strict=True)]
    ranked = sorted(frozenset.intersection(*having))
    blocks = {number // BLOCK: _read(folder / f"things-{number // BLOCK}.json") for number in ranked[:MOST]}
    things = (blocks[number // BLOCK][number % BLOCK] for number in ranked[:MOST])
    return Answer(tuple(_found(thing, index["classes"], asked, language) for thing in things), len(ranked))


def _spellings(word: str) -> frozenset[str]:
    # In the browser there is no romanisation: what is asked in other letters is found in those.
    fold = folded(word) if word.isascii() and len(word) > 2 else ""
    return frozenset({word, fold}) if len(fold) > 1 else frozenset({word})


def _shards(firsts: list[str], spellings: frozenset[str]) -> list[int]:
    """Return the shards in which words may begin so."""
    order = [_units(first) for first in firsts]
    found: set[int] = set()
    for start in map(_units, spellings):
        last = bisect_right(order, start + b"\xff\xff")
        found.update(range(max(bisect_right(order, start) - 1, 0), last))
    return sorted(found)


def _units(text: str) -> bytes:
    return text.encode("utf-16-be")


def _having(folder: Path, shards: list[int], spellings: frozenset[str]) -> frozenset[int]:
    """Return the numbers of the things that have a word with one of these beginnings."""
    found: set[int] = set()
    for number in shards:
        for word, steps in _read(folder / f"{number}.json").items():
            if any(word.startswith(spelling) for spelling in spellings):
                found.update(accumulate(steps))
    return frozenset(found)


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _title(titles: dict[str, str], language: str) -> tuple[str, str]:
    """Return the language and the text of the title that a reader sees: the first where the language has none."""
    return next(((tag, titles[tag]) for tag in (language, "") if tag in titles), next(iter(titles.items()), ("", "")))


def _found(thing: list[Any], classes: list[dict[str, str]], asked: list[frozenset[str]], language: str) -> Found:
    stem, number, titles, *others = thing
    tag, title = _title(titles, language)
    kind_tag, kind = _title(classes[number], language)
    names = [title, *titles.values(), *(name for each in others for name in each)]
    telling = (name for name in names if all(_has(name, spellings) for spellings in asked))
    other = next(telling, title)
    return Found(stem, title, tag, other if other != title else "", kind, kind_tag)


def _has(text: str, spellings: frozenset[str]) -> bool:
    return any(spelling.startswith(tuple(spellings)) for word in spelt(text) for spelling in _spellings(word))
