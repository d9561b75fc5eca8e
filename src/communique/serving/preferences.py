"""Which format of a document a request likes best: by its Accept header, or by its address."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl

from starlette.types import Scope

from communique.formats import DOCUMENTS, FORMATS, JSONLD, RDFXML, Format
from communique.hosting.negotiation import means_vaguely, names_of
from communique.serving.negotiation import LENGTH, RANGES, best, combined
from communique.serving.protocol import OVERRIDES
from communique.serving.questions import GENERIC

NAMES = {each.name: each for each in DOCUMENTS} | GENERIC | {"json": JSONLD, "xml": RDFXML}
"""Formats by the names that an address may call them."""
PARAMETERS = 100
"""Parameters of an address that are read; pages have no use for more."""


def preferred(formats: Sequence[Format], scope: Scope) -> Format | None:
    """Return the one of `formats`, which stand in the order of the server's preference, that suits a request best."""
    wanted = override(scope) or combined(scope["headers"], b"accept") or ""
    return formats[0] if len(wanted) > LENGTH else _chosen(wanted.lower(), tuple([each.name for each in formats]))


@lru_cache(maxsize=256)  # the same few programs ask again and again
def _chosen(header: str, names: tuple[str, ...]) -> Format | None:
    formats = [FORMATS.by_name(each) for each in names]
    if vaguely := _vague(header, formats):
        return vaguely
    # The other names count where they are there: a wildcard means ours, which may be refused by its name.
    offers = {name: each for each in formats for name in names_of(each) if name == each.media_type or name in header}
    found = best(header, offers=tuple(offers))
    return None if found is None else offers[found]


def _vague(header: str, formats: Sequence[Format]) -> Format | None:
    """Return the format that a header asks for by a name that is used for much else, None where it says better."""
    if header.count(",") >= RANGES:
        return None
    named = (each for each in formats if each.vague_media_type and each.vague_media_type in header)
    return next((each for each in named if re.match(means_vaguely(each, of=formats), "," + header)), None)


def override(scope: Scope) -> str | None:
    """Return the media type that the address asks for, by its name, by an extension or by the name of a format.

    `json` and `xml`, and the media types that say no more, mean what they mean of a graph at the endpoint.
    """
    query = scope["query_string"].decode("latin-1")
    for name, value in parse_qsl(query) if query.count("&") < PARAMETERS else ():
        if name in OVERRIDES:
            wanted = value.lower().replace(" ", "+")
            known = NAMES.get(wanted) or FORMATS.by_extension(wanted)
            return known.media_type if known else wanted
    return None
