"""The label index: files in which a page finds everything by its names, in all languages and scripts, with no server.

Each name is split into words as they are spelt and as romanisation writes them. Things are numbered in the order in
which they are shown: what the data speak of before evidence and vocabulary, short titles before long ones. `search/`:

- `index.json` has `folds`, the rules of `romanisation.folded`; `classes`, their titles by language; `things`, their
  number; `shards`, the first word of each shard;
- `<n>.json` is a shard: words in their order (by UTF-16, as JavaScript compares them), each with the numbers of the
  things that have it in their names, every number less the one before;
- `things-<n>.json` has a hundred things: path of the page without extension, class, titles by language, other names.

So a query needs one shard for each of its words, and what it shows.
"""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from communique.descriptions.labels import XL
from communique.lookup.name_source import names_of
from communique.lookup.romanisation import FOLDS, folded, words
from communique.website.browsing import EVIDENCE, META

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import NamedNode

    from communique.descriptions.labels import Label, Labels
    from communique.website.site import Site

FOLDER = "search"
BLOCK = 100
"""Things in one file."""
LARGEST = 24_000
"""Characters, about, of one shard."""
LONGEST = 200
"""Characters of a name that are looked at."""
MARKS = frozenset(map(chr, (*range(0x300, 0x370), *range(0x64B, 0x660))))
"""Accents, which are left out; the signs of other scripts that Unicode counts as marks are letters here."""

ALONE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0010ffff]")
"""Signs of scripts without spaces: kana and Han."""
PLAIN = re.compile("[A-Za-z0-9 ]*")
"""Texts of which no sign is an accent or stands alone."""

Postings = dict[str, list[int]]


def spelt(text: str) -> list[str]:
    """Return the words of a text in small letters, without accents; of a script without spaces each sign is a word.

    >>> spelt("Élan (Чжан Цзюнь) 张军")
    ['elan', 'чжан', 'цзюнь', '张', '军']
    """
    if PLAIN.fullmatch(text):
        return text[:LONGEST].lower().split()
    return divided(sign for sign in unicodedata.normalize("NFKD", text[:LONGEST]).lower() if sign not in MARKS)


def divided(signs: Iterable[str]) -> list[str]:
    """Return the words of a text whose signs are given: what is no letter, mark or number divides them.

    >>> divided("Élan-2 张军")
    ['Élan', '2', '张', '军']
    """
    found: list[str] = [""]
    for sign in signs:
        if unicodedata.category(sign)[0] not in "LNM":
            found.append("")
        elif ALONE.match(sign):
            found += [sign, ""]
        else:
            found[-1] += sign
    return [word for word in found if word]


def rank(site: Site, node: NamedNode, *, labels: Labels) -> tuple[int, int, str]:
    """Return the place of a thing in what is found: what the data speak of first, and short titles."""
    types = site.types_of(node)
    words = not types or any(cls.value.startswith((*META, XL)) for cls in types)
    return 2 if words else 1 if EVIDENCE & types else 0, len(labels.of(node).text), node.value


def title_language(labels: Labels, label: Label) -> str:
    """Return the language under which a title is kept, "" for any: that of the reader, where it is in that."""
    return labels.languages[0] if label.language and not label.fallback else label.language


def keys(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words by which something with these names is found: as spelt, and folded from their romanisation."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(spelt(text)))
        found.update(dict.fromkeys(folded(word) for word in words(text)))
    return tuple(found)


def label_index(site: Site, *, labels: Sequence[Labels]) -> Iterator[tuple[str, bytes]]:
    """Give the files of the index, by path; `labels` are those of each language in which the site has pages."""
    source = _Source(site, labels)
    postings: Postings = {}
    block: list[Any] = []
    for number, node in enumerate(source.nodes):
        thing = source.thing(node)
        for word in keys(source.names(thing)):
            postings.setdefault(word, []).append(number)
        block.append(thing)
        if len(block) == BLOCK or number == len(source.nodes) - 1:
            yield f"{FOLDER}/things-{number // BLOCK}.json", _json(block)
            block = []
    firsts = []
    for number, (first, shard) in enumerate(_shards(postings)):
        firsts.append(first)
        yield f"{FOLDER}/{number}.json", _json(shard)
    folds = [[pattern.pattern, to.replace("\\", "$")] for _, pattern, to in FOLDS]
    index = {"folds": folds, "classes": source.classes, "things": len(source.nodes), "shards": firsts}
    yield f"{FOLDER}/index.json", _json(index)


class _Source:
    """What has a page, in the order in which it is shown."""

    def __init__(self, site: Site, labels: Sequence[Labels]) -> None:
        self._site, self._labels = site, labels
        self._numbers: dict[NamedNode | None, int] = {}
        self.classes: list[dict[str, str]] = []
        nodes = ((rank(site, node, labels=labels[0]), node) for node in site.store.subjects() if node in site.targets)
        self.nodes = [node for _, node in sorted(nodes, key=lambda pair: pair[0])]

    def thing(self, node: NamedNode) -> list[Any]:
        """Return all that is kept of a thing; it is read as `names` does."""
        titles = self._titles(node)
        shown = set(titles.values())
        others = [name[:LONGEST] for name in names_of(self._site.store, node) if name[:LONGEST] not in shown]
        return [self._site.targets.stem(node), self._class(node), titles, *([others] if others else [])]

    def names(self, thing: list[Any]) -> list[str]:
        """Return the names by which a thing is found."""
        return [*thing[2].values(), *(name for others in thing[3:] for name in others)]

    def _class(self, node: NamedNode) -> int:
        """Return the number of the most particular class of a thing: the one with the fewest members."""
        sizes = self._site.classes
        types = self._site.types_of(node)
        own = [cls for cls in types if cls in sizes] or types
        cls = min(own, key=lambda cls: (len(sizes[cls].members) if cls in sizes else 0, cls.value), default=None)
        if cls not in self._numbers:
            self._numbers[cls] = len(self.classes)
            self.classes.append(self._titles(cls) if cls else {})
        return self._numbers[cls]

    def _titles(self, node: NamedNode) -> dict[str, str]:
        """Return the titles of a thing by language, each text once; "" stands for any language."""
        found: dict[str, str] = {}
        for labels in self._labels:
            label = labels.of(node)
            if label.text[:LONGEST] not in found.values():
                found.setdefault(title_language(labels, label), label.text[:LONGEST])
        return found


def _shards(postings: Postings) -> Iterator[tuple[str, Postings]]:
    """Give the words in the order in which JavaScript compares them, in pieces, each under its first word."""
    shard: Postings = {}
    size = 0
    for word in sorted(postings, key=lambda word: word.encode("utf-16-be")):
        numbers = _steps(postings[word])
        if size > LARGEST:
            yield next(iter(shard)), shard
            shard, size = {}, 0
        shard[word] = numbers
        size += len(word) + 4 * len(numbers)
    if shard:
        yield next(iter(shard)), shard


def _steps(numbers: list[int]) -> list[int]:
    """Return each number less the one before."""
    return [second - first for first, second in pairwise([0, *numbers])]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
