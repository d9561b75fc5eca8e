"""Which resources a name may mean: candidates from the index, their scores, and whether one of them is clear."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from communique.lookup.designations import DESCRIBING, TERMS
from communique.lookup.names import MOST_FORMS, MOST_ROWS
from communique.lookup.resemblance import likeness, resemblance
from communique.lookup.romanisation import folded, han, is_chinese, name_words, plain
from communique.lookup.scoring import (
    CLEAR,
    SAME,
    UNCLEAR,
    WORTH,
    are_opposed,
    asked_for,
    may_be_too,
    readings,
    scored,
    slips,
)
from communique.lookup.slips import LONG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from communique.lookup.names import Name, Names, Resource
    from communique.lookup.scoring import Asked

ONE_SLIP = 1 - 1 / LONG
"""How alike words are at least that one slip of a long word tells apart."""
LEAD = 5.0
"""The least distance of a match to the next candidate."""
PROPERTY_SHARE = 0.4
"""What one property counts beside the name, which counts 1."""
OTHER_TYPE = 0.7
"""What is left of the score of a candidate of another type, where the type is only wished for."""

MOST_BEGUN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: a name, or values of properties, or both.

    `strict` says of several types: `any` one of them, `all` of them, or rather (`should`) one of them.
    """

    name: str = ""
    types: tuple[str, ...] = ()
    strict: str = "any"
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource with its score from 0 to 100, the name that fits best, and whether it is certain."""

    resource: Resource
    score: float
    text: str
    match: bool


def candidates(index: Names, wanted: Wanted) -> list[Candidate]:
    """Return the candidates, the best first; at most one of them matches."""
    asked = asked_for(wanted.name)
    best = _by_name(index, asked, wanted) if wanted.name.strip() else _by_properties(index, wanted)
    # What is shown is ranked by properties too, and they cost a question each.
    ranked = sorted(best.items(), key=lambda each: (-each[1][0], each[0]))[: max(2 * wanted.limit, 20)]
    weighed = [(_weighed(index, wanted, number, score, text), number, text) for number, (score, text) in ranked]
    weighed = [each for each in weighed if each[0][0] >= WORTH]
    weighed.sort(key=lambda each: (-each[0][0], each[1]))
    found = []
    for place, ((score, certain), number, text) in enumerate(weighed[: max(wanted.limit, 0)]):
        resource = index.resource(number)
        match = certain and place == 0 and score >= CLEAR and _is_alone(index, asked, weighed)
        if resource is not None:
            found.append(Candidate(resource, score, text, match))
    return found


def _is_alone(index: Names, asked: Asked, weighed: list[tuple[tuple[float, bool], int, str]]) -> bool:
    """Tell if no other candidate comes near the first, or has a name that the one asked for may shorten.

    What has exactly this name is clear if nothing else has these words. A slip in the name of a person
    that is a word of other names is none.
    """
    ((first, _), number, text), *others = weighed
    if first < SAME and any(map(index.has_word, slips(asked, text, index.types(number)))):
        return False
    if not others:
        return True
    near = max(score for (score, _), _, _ in others)
    if plain(text) == asked.plain and near < 100 == first:
        return True
    return first - near >= LEAD and not any(may_be_too(asked, text, index.types(n)) for _, n, text in others)


def beginning_with(index: Names, prefix: str, *, types: Sequence[str] = (), limit: int, skip: int) -> list[Name]:
    """Return one name for each resource some of whose names have all words of a text, the last of them begun.

    First come names that are the text, or begin with it, then those that begin with it in another script; things come
    before codes and terms, and what Chinese characters only sound like comes after what letters spell.
    """
    *whole, begun = [folded(word) for word in name_words(prefix)] or [""]
    if not begun:
        return []
    expression = " AND ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])
    begin = index.beginning(prefix, types=types)
    found = {*begin, *index.names(expression, types=types, limit=MOST_BEGUN)}
    codes = index.having(TERMS, {name.resource for name in found})
    start, spelt, chinese = plain(prefix), " ".join(name_words(prefix)), is_chinese(prefix)

    def rank(name: Name) -> tuple[object, ...]:
        text = plain(name.text)
        sounds = not chinese and is_chinese(name.text)
        begins = text != start, not text.startswith(start), not name.words.startswith(spelt)
        return (*begins, sounds, name.resource in codes, len(text), name.id)

    best: dict[int, Name] = {}
    for name in sorted(found, key=rank):
        best.setdefault(name.resource, name)
    return list(best.values())[skip : skip + limit]


def _by_name(index: Names, asked: Asked, wanted: Wanted) -> dict[int, tuple[float, str]]:
    names = {name.id: name for name in index.exact(wanted.name)}
    types = () if wanted.strict == "should" else wanted.types
    for split in readings(wanted.name):
        for name in _similar(index, split, types):
            names.setdefault(name.id, name)
    types_of = index.types_of({name.resource for name in names.values()})
    best: dict[int, tuple[float, str]] = {}
    for name in names.values():
        found = scored(asked, name.text, tuple(name.words.split()), types_of[name.resource])
        if found > best.get(name.resource, (0.0, ""))[0]:
            best[name.resource] = (found, name.text)
    if not han(wanted.name):
        return best
    # Many names in Chinese are read alike: one that is known decides, not what it sounds like.
    chinese = {name.resource for name in names.values() if han(name.text)}
    sounds = {number for number, (score, text) in best.items() if score > UNCLEAR and not han(text)}
    unclear = sounds if sounds - chinese and _is_read_otherwise(index, asked) else sounds & chinese
    return best | {each: (UNCLEAR, best[each][1]) for each in unclear}


def _is_read_otherwise(index: Names, asked: Asked) -> bool:
    """Tell if the data have other Chinese characters that sound like those of a name."""
    names = index.names(" AND ".join(f'"{folded(word)}"' for word in asked.words))
    alike = (each.text for each in names if sorted(each.words.split()) == sorted(asked.words))
    return any(han(text) not in ("", han(asked.text)) for text in alike)


def _similar(index: Names, asked: tuple[str, ...], types: Sequence[str]) -> Iterable[Name]:
    """Give names that have all words of the name asked for, or all but some, the rarest words first."""
    near = {each: _alike(each, index.spellings(each)) for each in asked if len(each) > 1}
    groups = [group for found in near.values() for group in _alternatives(found)]
    if len(asked) == 1 or not groups:
        # Two slips in a word are looked for where no other word finds the name.
        groups = [group for word, found in near.items() for group in _alternatives(_or_distant(index, word, found))]
    initials = [f'"{word}"' + "*" * word.isalpha() for word in asked if len(word) == 1]
    if len(asked) > 1:
        joined = "".join(asked)
        for _, expression in _alternatives(_alike(joined, index.spellings(joined))):
            yield from index.names(expression, types=types, limit=50)
    if not groups:
        return
    groups.sort()
    rows = index.names(" AND ".join([*(each for _, each in groups), *initials]), types=types)
    yield from rows
    if len(rows) >= 20:
        return
    # A word too many, or one that no slip explains: any two words together, then the rare ones alone.
    for (_, one), (_, other) in list(combinations(groups[:4], 2))[:6] if len(groups) > 2 else ():
        yield from index.names(f"{one} AND {other}", types=types, limit=50)
    budget = MOST_ROWS
    for count, expression in groups[:4]:
        if count <= budget or not rows:
            yield from index.names(expression, types=types, limit=min(budget, 100))
            budget -= min(count, 100)
        if budget <= 0:
            return


def _or_distant(index: Names, word: str, found: dict[str, tuple[float, int]]) -> dict[str, tuple[float, int]]:
    """Return what a word may be, `found` with one slip, with two slips where none of one is there."""
    if any(alike >= ONE_SLIP for alike, _ in found.values()):
        return found
    return found | _alike(word, index.distant_spellings(word))


def _alternatives(found: dict[str, tuple[float, int]]) -> list[tuple[int, str]]:
    """Return how many names a word may stand in that may be others, and the expression that finds them, if any."""
    near = sorted(((alike, known, count) for known, (alike, count) in found.items()), reverse=True)[:MOST_FORMS]
    if not near:
        return []
    return [(sum(count for _, _, count in near), "(" + " OR ".join(f'"{each}"' for _, each, _ in near) + ")")]


def _alike(word: str, spellings: Iterable[tuple[str, str, int]]) -> dict[str, tuple[float, int]]:
    """Return how alike a word is to each that it may be, folded, and how many names have that, without those unlike."""
    found: dict[str, tuple[float, int]] = {}
    fold = folded(word)
    for written, known, count in spellings:
        alike = likeness(fold, known)
        if not alike and (fold, known) != (word, written):
            alike = likeness(word, written)
        if alike > found.get(known, (0.0, 0))[0]:
            found[known] = alike, count
    return found


def _by_properties(index: Names, wanted: Wanted) -> dict[int, tuple[float, str]]:
    found: set[int] | None = None
    for property, values in wanted.properties:
        having = {number for value in values for number in index.with_value(property, _iri(index, value))}
        having |= {number for value in values for number in index.with_value(property, value)}
        found = having if found is None else found & having
    return dict.fromkeys(sorted(found or ())[:MOST_ROWS], (100.0, ""))


def _weighed(index: Names, wanted: Wanted, number: int, score: float, text: str) -> tuple[float, bool]:
    """Return the score with types and properties taken in, and whether they leave the candidate certain.

    Terms and shapes come after things that are as much alike. No properties make one certain whose name, `text`, a
    number or a letter opposes: of two meetings in one place on one day, only one is the nineteenth.
    """
    certain = True
    if score < 100 and not wanted.types and not index.types(number).keys().isdisjoint(DESCRIBING):
        score -= LEAD
    if wanted.types:
        having = index.types(number)
        fits = (all if wanted.strict == "all" else any)(each in having for each in wanted.types)
        if not fits:
            if wanted.strict != "should":
                return 0.0, False
            score, certain = score * OTHER_TYPE, False
    if wanted.properties and wanted.name.strip():
        alike = [_fits(index, number, property, values) for property, values in wanted.properties]
        lifted = (score + PROPERTY_SHARE * 100 * sum(alike)) / (1 + PROPERTY_SHARE * len(alike))
        if lifted >= CLEAR > score and are_opposed(wanted.name, text, index.types(number)):
            lifted, certain = UNCLEAR, False
        score = lifted
    return round(score, 1), certain


def _fits(index: Names, number: int, property: str, values: Iterable[str]) -> float:
    """Return how well the values of a property agree with the values asked for, from 0 to 1."""
    best = 0.0
    for fact in index.facts(number, property, limit=30):
        known = index.resource(fact.value) if fact.sort == "iri" else None
        text = known.name if known else fact.value
        for value in values:
            same = plain(value) == plain(text) or fact.value in (value, _iri(index, value))
            best = max(best, 1.0 if same else resemblance(name_words(value), name_words(text)) / 100)
    return best


def _iri(index: Names, identifier: str) -> str:
    return identifier if "://" in identifier else str(index.about["base"]) + identifier
