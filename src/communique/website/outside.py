"""Things that have no page because their names begin otherwise than those of the site."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from communique.descriptions.bases import spaces_of, stem_of
from communique.descriptions.presentation import TYPE
from communique.errors import Problem
from communique.legibility import legible_name
from communique.positions import Positions
from communique.website.shadowed import OF_DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from communique.descriptions.catalog import Catalog
    from communique.store import Store

OF_OTHERS = NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
"""A class whose instances are mostly named in passing: terms from the tables of others, with their names."""
MANY = 10
"""So many things without a page are told, and fewer, but not a single one, where they are a good part of all."""
A_GOOD_PART = 4
"""One for so many that have a page."""


def outside(store: Store, files: Iterable[Path], *, catalog: Catalog) -> Iterator[Problem]:
    """Give a problem if a notable number of things have no page because their IRIs do not begin with the base.

    Those count of which a class is stated, and that have the same host, are of a class that has pages, or begin as
    those of a dataset of the catalogue do. What is named in passing, or is a document, needs no page here.
    """
    base = catalog.base
    if not base.startswith(("http://", "https://")):
        return
    missing, inside = _missing(store, catalog)
    if len(missing) < MANY and not (len(missing) > 1 and len(missing) * A_GOOD_PART >= inside):
        return
    example = NamedNode(missing[0])
    place = Positions(files, nodes={example}).of_node(example)
    message = (
        f"{len(missing):,} things of the data have no page, no row and no name to be found by, such as "
        f"<{legible_name(example.value)}>: their IRIs do not begin with {base}, as those of the site do."
    )
    yield Problem(place.path if place else None, place.line if place else None, None, message, _remedy(base, missing))


def _missing(store: Store, catalog: Catalog) -> tuple[list[str], int]:
    """Return the things without a page that count, and how many have one."""
    base = catalog.base
    inside: Counter[object] = Counter()
    others: dict[str, set[object]] = {}
    for quad in store.quads(None, TYPE):
        if isinstance(quad.subject, NamedNode):
            iri = quad.subject.value
            if iri.startswith(base) or iri == base.removesuffix("#"):
                inside[quad.object] += 1
            else:
                others.setdefault(iri, set()).add(quad.object)
    host = urlsplit(base).netloc
    spaces = tuple(spaces_of(store, [each.resource for each in catalog.datasets if each.resource]))
    outer = Counter(cls for classes in others.values() for cls in classes)
    shared = {cls for cls in outer if cls != OF_OTHERS and inside[cls] and outer[cls] * A_GOOD_PART >= inside[cls]}
    found = (
        iri
        for iri, classes in others.items()
        if classes.isdisjoint(OF_DOCUMENTS)
        and (classes & shared or iri.startswith(spaces) or urlsplit(iri).netloc == host)
    )
    return sorted(found), inside.total()


def _remedy(base: str, missing: Sequence[str]) -> str:
    if stem := stem_of([base, *missing]):
        return f'If they are to have pages, state void:uriSpace "{stem}" of the catalogue, or of the only dataset.'
    return "If they are to have pages, publish them as a project of their own, with the void:uriSpace that is theirs."
