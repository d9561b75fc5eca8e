"""The prefixes of a mapping set: each identifier is a CURIE whose prefix stands in the `curie_map` of the header.

https://mapping-commons.github.io/sssom/spec-formats-tsv/, section on identifiers.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from communique.descriptions.outward import namespace_of
from communique.errors import DataError
from communique.syntax.sssom import read_mappings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from communique.iris import Prefixes
    from communique.syntax.mappings import MappingSet

_WRITABLE = re.compile(r"[A-Za-z_](?:[\w.-]*[\w-])?", re.ASCII)
_SCHEMES = frozenset({"http", "https", "mailto", "tag", "urn"})
"""What stands before a colon in IRIs, so that a CURIE with such a prefix would be read as one."""
_BLOCK = re.compile(rb"^#[ ]*curie_map:[ \t]*(\r?\n)(?=#([ ]+)\S)", re.MULTILINE)
_TABLE = re.compile(rb"^[^#]", re.MULTILINE)


def prefixes_for(iris: Iterable[str], *, taken: Mapping[str, str], known: Prefixes) -> dict[str, str]:
    """Return prefixes, sorted, for those namespaces of some IRIs that have none among `taken`.

    A namespace is called as the project calls it (`known`), else after its last part that can be a prefix; a number
    tells apart what would be called the same.
    """
    named = {name: prefix for prefix, name in known.items() if _is_prefix(prefix)}
    found: dict[str, str] = {}
    for namespace in sorted({namespace_of(iri) for iri in iris} - set(taken.values())):
        wish = named.get(namespace) or _wish(namespace)
        # Some readers of CURIEs take no heed of the case of prefixes.
        others = {prefix.lower() for prefix in {**taken, **found, **({} if namespace in named else known)}}
        free = (f"{wish}{number}" if number > 1 else wish for number in count(1))
        found[next(prefix for prefix in free if prefix.lower() not in others)] = namespace
    return dict(sorted(found.items()))


def declaration(prefixes: Mapping[str, str], *, indent: str = "  ", end: str = "\n") -> str:
    """Return the lines of a `curie_map` that declare prefixes."""
    # A string of JSON is a string of YAML.
    return "".join(f"#{indent}{prefix}: {json.dumps(name)}{end}" for prefix, name in prefixes.items())


def declaring(content: bytes, path: Path, *, found: MappingSet, prefixes: Mapping[str, str]) -> bytes | None:
    """Return the content of a mapping set (`found`) that declares more prefixes, None if its header has no room."""
    if block := _BLOCK.search(content):
        place, before = block.end(), ""
        lines = declaration(prefixes, indent=block[2].decode(), end=block[1].decode())
    elif b"curie_map" not in content and (table := _TABLE.search(content)):
        place, before, lines = table.start(), "#curie_map:\n", declaration(prefixes)
    else:
        return None
    written = content[:place] + (before + lines).encode() + content[place:]
    try:
        read = read_mappings(written, path)
    except DataError:
        return None
    wanted = replace(found, prefixes={**found.prefixes, **prefixes})
    return written if _without_lines(read) == _without_lines(wanted) else None


def _without_lines(found: MappingSet) -> MappingSet:
    return replace(found, rows=tuple(replace(row, line=0) for row in found.rows))


def _wish(namespace: str) -> str:
    return next(filter(_is_prefix, _wishes(namespace)), "ns")


def _wishes(namespace: str) -> Iterator[str]:
    """Give what a namespace could be called: the parts of its path from the last one, then its host.

    >>> list(_wishes("https://www.example.org/id/Office_Holding/"))
    ['office-holding', 'id', 'example']
    """
    parts = urlsplit(namespace)
    host = (parts.hostname or "").removeprefix("www.").split(".")
    for part in (*reversed(re.split("[/#:]", f"{parts.path}#{parts.fragment}")), *host[-2:-1]):
        if part:
            yield re.sub("[^a-z0-9]+", "-", part.lower()).strip("-")


def _is_prefix(text: str) -> bool:
    return bool(_WRITABLE.fullmatch(text)) and text.lower() not in _SCHEMES
