"""Search by names at the service: without an index of ours, so that a large store may need more time than there is.

All words must begin in one name of a thing; where there is no such thing, each in some name. An engine has half of
the time to find the things with the shortest names; where it does not, what has just this name is taken, and then what
it finds first. What the files of the project name is found beside.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.labels import literal_forms
from communique.live.excerpt import Demand, Excerpt
from communique.live.name_queries import NameQueries
from communique.lookup.label_index import ALONE, LONGEST, divided, rank, spelt, title_language
from communique.lookup.label_search import MOST, Answer, Found
from communique.lookup.name_source import NAMES, XL_NAMES, names_of
from communique.remote.failures import LATE, failure_of
from communique.remote.service import ServiceError
from communique.website.browsing import META

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.live.making import Maker
    from communique.live.reader import Reader
    from communique.live.site import LiveSite
    from communique.store import Store

SHORTEST = 2
"""Letters that the words of a query have together, at least, unless a sign is a word."""
MOST_WORDS = 8
ROUNDS = 8
MOST_OWN = 1000
"""Things of the files that a query may except."""
INDEX_SHARE, BEST_SHARE, COUNT_SHARE = 0.25, 0.5, 0.25
"""The shares of the time left in which an engine may look into its index, find the best, and count all."""


def search(maker: Maker, text: str, *, language: str) -> Answer:
    """Return the things in whose names all words of a text begin; titles are in `language`, as far as there are any.

    Raises ServiceError where the service did not answer in time.
    """
    words = list(dict.fromkeys(divided(unicodedata.normalize("NFC", text[:LONGEST]).lower())))[:MOST_WORDS]
    if sum(map(len, words)) < SHORTEST and not any(map(ALONE.match, words)):
        return Answer(short=bool(words))
    maker.reader.begin()
    asked = NameQueries(maker.reader.manner, maker.site.catalog.base, words)
    nodes, count = _nodes(maker, asked, text.strip(), own=_own(maker, words))
    excerpt = Excerpt(maker.site.excerpt)
    for _ in range(ROUNDS):
        site = maker.site.over(excerpt)
        edition = next((each for each in site.editions if each.language == language), site)
        assert edition.store is excerpt
        places = {node: rank(site, node, labels=site.labels) for node in nodes}
        best = sorted(nodes, key=lambda node: places[node])[:MOST]
        found = [_found(edition, node, spelt(text)) for node in best]
        if not excerpt.wanted:
            break
        maker.reader.fill(excerpt)
    return Answer(tuple(found), len(found) if count is None else count, counted=count is not None)


def _own(maker: Maker, words: Sequence[str]) -> list[ox.NamedNode]:
    """Return what the files of the project name with these words, the shortest names first."""
    return [
        node
        for node, parts in _own_names(maker.own, maker.site.catalog.base)
        if all(any(part.startswith(word) for part in parts) for word in words)
    ]


@lru_cache(maxsize=1)
def _own_names(store: Store, base: str) -> list[tuple[ox.NamedNode, list[str]]]:
    """Return the things below a base that files name, those with the shortest names first, with the words of these."""
    found = []
    for node in store.subjects():
        if isinstance(node, ox.NamedNode) and node.value.startswith(base) and (names := names_of(store, node)):
            parts = [part for name in names for part in divided(unicodedata.normalize("NFC", name[:LONGEST]).lower())]
            found.append((min(map(len, names)), node.value, node, parts))
    return [(node, parts) for _, _, node, parts in sorted(found, key=lambda each: each[:2])]


def _nodes(
    maker: Maker, asked: NameQueries, text: str, *, own: Sequence[ox.NamedNode]
) -> tuple[list[ox.NamedNode], int | None]:
    """Return the best things and the number of all, None where that cannot be counted; `own` are those of the files."""
    found, count = _at_service(maker, asked, text, but=own)
    if not found and len(asked.words) > 1:
        asked = replace(asked, apart=True)
        found = _things(maker.reader, asked.some(limit=MOST + 1), share=BEST_SHARE)
        count = len(found) if len(found) <= MOST else _count(maker.reader, asked, but=own)
    if count is not None:
        count = len({*own, *found}) if len(found) <= MOST else len(own) + count
    return list(dict.fromkeys([*own[:MOST], *found[:MOST]])), count


def _at_service(
    maker: Maker, asked: NameQueries, text: str, *, but: Sequence[ox.NamedNode]
) -> tuple[list[ox.NamedNode], int | None]:
    """Do so at the service; where there are more than are shown, the number is that of all `but` some."""
    reader = maker.reader
    # Where there is no index, Virtuoso finds nothing by it.
    index = asked.in_index(limit=MOST + 1)
    indexed = _in_time(reader, index, share=INDEX_SHARE) if index else []
    if 0 < len(indexed) <= MOST:
        return indexed, len(indexed)
    try:
        nodes = _things(reader, asked.shortest(limit=MOST + 1), share=BEST_SHARE)
    except ServiceError as error:
        if failure_of(error).reason != LATE.reason and error.for_readers is None:
            raise
        languages = [each.language for each in maker.site.editions]
        nodes = indexed or _things(reader, asked.some(limit=MOST + 1))
        if len(nodes) > MOST:
            called = _in_time(reader, asked.called(text, languages=languages, limit=MOST))
            return list(dict.fromkeys([*called, *nodes]))[:MOST], None
    return nodes, len(nodes) if len(nodes) <= MOST else _count(reader, asked, but=but)


def _in_time(reader: Reader, query: str, *, share: float = 1.0) -> list[ox.NamedNode]:
    """Return the things that a query finds, nothing where the service does not answer it, unless it is not there."""
    try:
        return _things(reader, query, share=share)
    except ServiceError as error:
        if error.unreachable:
            raise
        return []


def _count(reader: Reader, asked: NameQueries, *, but: Sequence[ox.NamedNode]) -> int | None:
    """Return how many things there are `but` for some, None where the service cannot count them in time."""
    if len(but) > MOST_OWN:
        return None
    try:
        ((number,),) = reader.rows(asked.count(but=but), share=COUNT_SHARE)
    except ServiceError:
        return None
    return int(number.value) if isinstance(number, ox.Literal) else None


def _things(reader: Reader, query: str, *, share: float = 1.0) -> list[ox.NamedNode]:
    return [row[0] for row in reader.rows(query, share=share) if isinstance(row[0], ox.NamedNode)]


def _found(site: LiveSite, node: ox.NamedNode, asked: Sequence[str]) -> Found:
    label = site.labels.of(node)
    cls = _class(site, node)
    kind = site.labels.of(cls) if cls else None
    titles = (text for texts in site.labels.all_of(node).values() for text in texts)
    names = (label.text, *titles, *sorted(_names(site, node)))
    telling = next((text for text in names if _begins(text, asked)), label.text)
    return Found(
        site.targets.stem(node),
        label.text,
        title_language(site.labels, label),
        telling if telling != label.text else "",
        kind.text if kind else "",
        title_language(site.labels, kind) if kind else "",
    )


def _names(site: LiveSite, node: ox.NamedNode) -> Iterator[str]:
    """Give the names of a thing that are held, and want the others."""
    for quad in site.store.about(node, NAMES | XL_NAMES):
        if quad.predicate in NAMES and isinstance(quad.object, ox.Literal):
            yield quad.object.value
        elif quad.predicate in XL_NAMES:
            if isinstance(quad.object, ox.BlankNode):
                site.excerpt.want(Demand(node))  # with what leads to it
            yield from (form.value for form, _ in literal_forms(site.store, quad.object))


def _class(site: LiveSite, node: ox.NamedNode) -> ox.NamedNode | None:
    """Return the most particular class of a thing: the one with the fewest members."""
    types = site.types_of(node)
    sizes = {cls: site.sizes[cls] for cls in types if cls in site.sizes and not cls.value.startswith(META)}
    return min(sizes or types, key=lambda cls: (sizes.get(cls, 0), cls.value), default=None)


def _begins(text: str, asked: Sequence[str]) -> bool:
    """Tell if all words begin in a text."""
    words = spelt(text)
    return all(any(word.startswith(each) for word in words) for each in asked)
