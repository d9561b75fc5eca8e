"""Which format of a document a request likes best: by its Accept header, or by its address."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.types import Scope

from communique.formats import DOCUMENTS, FORMATS, JSONLD, RDFXML, Format
from communique.hosting import negotiation
from communique.serving.negotiation import best, combined
from communique.serving.protocol import OVERRIDES
from communique.serving.questions import GENERIC

ALSO = {name: format for format, names in negotiation.ALSO.items() for name in names}
"""Media types that are asked for when one of ours is meant."""
NAMES = {each.name: each for each in DOCUMENTS} | GENERIC | {"json": JSONLD, "xml": RDFXML}
"""Formats by the names that an address may call them."""
PARAMETERS = 100
"""Parameters of an address that are read; pages have no use for more."""


def preferred(formats: Sequence[Format], scope: Scope) -> Format | None:
    """Return the one of `formats`, which stand in the order of the server's preference, that suits a request best."""
    offers = {each.media_type: each for each in formats}
    wanted = override(scope) or combined(scope["headers"], b"accept")
    # They count where they are named: a wildcard means ours, which may be refused by its name.
    named = (wanted or "").lower()
    known = {also: format for also, format in ALSO.items() if format in formats and also in named}
    found = best(wanted, offers=[*offers, *known])
    return None if found is None else {**known, **offers}[found]


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
