"""Look-up without a server: from an IRI of others, or a label, to our things, in small files that are found by a hash.

A client takes the SHA-256 of the text in UTF-8 and asks for `lookup/` + the first digits of it in hexadecimal +
`.json`: an object that leads from each text to a list of our IRIs. A label stands there as it is written and in one
line, with one space for each white space. There are two digits, and one more for each time that a file would come to
hold more than about a thousand texts; `lookup/index.json` says how many. A file that is missing is empty.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from communique.lookup.name_source import SAME
from communique.lookup.romanisation import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.outward import Link

FOLDER = "lookup"
DIGITS, FEW = 2, 1000
_SAME = frozenset(relation.value for relation in SAME)


def lookup_shards(links: Iterable[Link], *, labels: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Give the files by path; `labels` are pairs of our IRIs and their labels."""
    found = things_by_text(links, labels=labels)
    digits = digits_for(len(found))
    shards: dict[str, dict[str, list[str]]] = {}
    for text in sorted(found):
        shards.setdefault(shard_of(text, digits=digits), {})[text] = sorted(found[text])
    about = {"hash": "SHA-256", "digits": digits, "texts": len(found)}
    yield f"{FOLDER}/index.json", _json(about)
    yield from ((f"{FOLDER}/{name}.json", _json(shards[name])) for name in sorted(shards))


def things_by_text(links: Iterable[Link], *, labels: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return our IRIs by everything that is looked up: IRIs of others that are said to be the same, and labels."""
    found: dict[str, set[str]] = {}
    for link in links:
        if link.relation in _SAME:
            found.setdefault(link.target, set()).add(link.iri)
    written: dict[str, str] = {}
    for iri, label in labels:
        written[label] = line = in_one_line(label)
        found.setdefault(line, set()).add(iri)
    return found | {label: found[line] for label, line in written.items()}


def digits_for(texts: int) -> int:
    """Return how many digits name a file, so that each holds a thousand texts or not many more.

    >>> digits_for(0), digits_for(256_000), digits_for(256_001), digits_for(100_000_000)
    (2, 2, 3, 5)
    """
    digits = DIGITS
    while texts > FEW * 16**digits:
        digits += 1
    return digits


def shard_of(text: str, *, digits: int) -> str:
    """Return the name of the file in which a text would be.

    >>> shard_of("http://www.wikidata.org/entity/Q668", digits=2)
    '72'
    """
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:digits]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=0) + "\n").encode(errors="surrogatepass")
