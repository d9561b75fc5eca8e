"""Search by names at the service: without an index of ours, so that a large store may need more time than there is.

All words must stand in one name of a thing. Virtuoso has an index of texts where its operator has switched that on, and
is asked by that first; any other engine looks at all names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.labels import LABEL_PROPERTIES, LITERAL_FORM
from communique.live import queries
from communique.live.excerpt import Excerpt
from communique.lookup.label_search import MOST, Answer, Found
from communique.lookup.name_source import XL_NAMES
from communique.remote.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.live.making import Maker
    from communique.live.site import LiveSite

SHORTEST = 2
"""Letters that the words of a query have together, at least."""
MOST_WORDS = 8
ROUNDS = 8


def search(maker: Maker, text: str, *, language: str) -> Answer:
    """Return the things in whose names all words of a text stand; titles are in `language`, as far as there are any.

    Raises ServiceError where the service did not answer in time.
    """
    words = [word for word in text.casefold().split() if any(sign.isalnum() for sign in word)][:MOST_WORDS]
    if sum(map(len, words)) < SHORTEST:
        return Answer(short=bool(words))
    maker.reader.begin()
    nodes = _nodes(maker, words)
    excerpt = Excerpt(maker.site.excerpt)
    for _ in range(ROUNDS):
        site = maker.site.over(excerpt)
        edition = next((each for each in site.editions if each.language == language), site)
        assert edition.store is excerpt
        found = [_found(edition, node, words) for node in nodes[:MOST]]
        if not excerpt.wanted:
            break
        maker.reader.fill(excerpt)
    found.sort(key=lambda each: (not each.title.casefold().startswith(words[0]), len(each.title), each.title))
    return Answer(tuple(found), len(nodes))


def _nodes(maker: Maker, words: list[str]) -> list[ox.NamedNode]:
    base = maker.site.catalog.base
    ours = f"FILTER(isIRI(?s) && STRSTARTS(STR(?s), {_text(base)}))"
    manner = maker.reader.manner
    paths = [each for each in LABEL_PROPERTIES if each != LITERAL_FORM]
    named = manner.triples(queries.values("?p", paths), "?s ?p ?l")
    reified = manner.triples(queries.values("?p", XL_NAMES), f"?s ?p ?x . ?x {LITERAL_FORM} ?l")
    if manner.virtuoso and all(word.isalnum() for word in words):
        wanted = " AND ".join(f"'{word}{'*' * (len(word) > 3)}'" for word in words)
        try:
            rows = maker.reader.rows(_query(f"?l bif:contains {_text(wanted)} . {ours}", named, reified))
        except ServiceError:
            rows = []
        if rows:
            return _sorted(rows)
    having = " && ".join(f"CONTAINS(LCASE(STR(?l)), {_text(word)})" for word in words)
    return _sorted(maker.reader.rows(_query(f"FILTER({having}) {ours}", named, reified)))


def _query(condition: str, *patterns: str) -> str:
    found = " UNION ".join(f"{{ {pattern} {condition} }}" for pattern in patterns)
    return f"SELECT DISTINCT ?s {{ {found} }} LIMIT {MOST + 1}"


def _sorted(rows: Sequence[tuple[object, ...]]) -> list[ox.NamedNode]:
    return sorted((row[0] for row in rows if isinstance(row[0], ox.NamedNode)), key=lambda node: node.value)


def _text(text: str) -> str:
    """Return a text as a literal of SPARQL."""
    return str(ox.Literal(text))


def _found(site: LiveSite, node: ox.NamedNode, words: list[str]) -> Found:
    label = site.labels.of(node)
    types = sorted((cls for cls in site.types_of(node)), key=lambda cls: cls.value)
    kind = site.labels.of(types[0]) if types else None
    every = (text for texts in site.labels.all_of(node).values() for text in texts)
    fits = [text for text in every if all(word in text.casefold() for word in words)]
    other = "" if label.text in fits or not fits else fits[0]
    return Found(
        site.targets.stem(node),
        label.text,
        "" if site.speaks(label.language) else label.language,
        other,
        kind.text if kind else "",
        "" if kind is None or site.speaks(kind.language) else kind.language,
    )
