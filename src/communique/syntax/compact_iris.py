"""Prefixes of JSON-LD: which a context can have, and which IRIs they would capture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_GENERAL_DELIMITERS = tuple(":/?#[]@")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


def scheme(iri: str) -> str | None:
    """Return the scheme of an IRI with its colon if a prefix of the same name would capture it."""
    name, _, rest = iri.partition(":")
    return None if rest.startswith("//") else name + ":"


def possible(prefixes: Mapping[str, str], definitions: Collection[str] = ()) -> dict[str, str]:
    """Return the prefixes that a context can have beside its definitions, in the order of the alphabet.

    JSON-LD 1.1 knows no empty term (section 9.1), and reads a namespace whose scheme is a term or a prefix as a
    compact IRI (API, section 5.2): `did:` under the prefix `did` would be defined by itself, and `geo:x/` is something
    else where there is a prefix `geo`.
    """
    captured = {f"{key}:" for key in (*prefixes, *definitions)}
    return {
        key: iri
        for key, iri in sorted(prefixes.items())
        if key not in definitions and is_name(key)
        if ends_openly(iri) and _IRI.fullmatch(iri) and scheme(iri) not in captured
    }


def is_name(key: str) -> bool:
    """Tell if a context can define this key as it likes: it is no keyword, nor has it the form of an IRI."""
    return bool(key) and not key.startswith("@") and ":" not in key and "/" not in key


def ends_openly(iri: str) -> bool:
    """Tell if a simple term can be a prefix (JSON-LD 1.1 API, section 4.2.2: its IRI ends in a general delimiter)."""
    return iri.endswith(_GENERAL_DELIMITERS) and not iri.startswith("@")
