"""Things to whose addresses something else answers: a service of the site, or a file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.documented import document_of, names_in
from communique.descriptions.presentation import TYPE
from communique.errors import Problem
from communique.formats import DOCUMENTS
from communique.iris import Addresses
from communique.legibility import legible_name
from communique.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from communique.store import Store

MOST = 5
"""So many are told one by one."""
SERVICES = frozenset((
    "healthz", "healthz/ready", "lookup", "metrics", "reconcile", "reconcile/extend", "reconcile/flyout/entity",
    "reconcile/flyout/property", "reconcile/flyout/type", "reconcile/preview", "reconcile/properties",
    "reconcile/suggest/entity", "reconcile/suggest/property", "reconcile/suggest/type", "reconcile/view", "sparql",
))  # fmt: skip
"""Where `communique serve` answers itself."""
LABELS = "label/"
"""Below this it looks names up."""
FILES = frozenset(("linkset.json", "llms.txt", "robots.txt", "sitemap.xml"))
"""Files of every site whose names do not end as those of documents."""
# What is a document itself may well be the one that answers there.
OF_DOCUMENTS = frozenset((
    NamedNode("http://rdfs.org/ns/void#DatasetDescription"),
    NamedNode("http://www.w3.org/ns/dcat#Distribution"),
    NamedNode("http://xmlns.com/foaf/0.1/Document"),
    NamedNode("https://schema.org/DataDownload"),
))  # fmt: skip


def shadowed(store: Store, files: Iterable[Path], *, base: str) -> Iterator[Problem]:
    """Give a problem for each thing below `base` to whose address something else answers; of many, for the first.

    A document may well be the file that answers.
    """
    if not base.startswith(("http://", "https://")):
        return
    root = base.removesuffix("#")
    ours = {document_of(node.value).removeprefix(root): node for node in names_in(store) if node.value.startswith(base)}
    found = {rest: by for rest in sorted(ours) if (by := _answers(rest, ours, store))}
    told = {ours[rest]: by for rest, by in list(found.items())[:MOST]}
    if not told:
        return
    positions = Positions(files, nodes=set(told))
    addresses = Addresses(base, [node.value for node in told])
    for node, by in told.items():
        place = positions.of_node(node)
        message = f"The address of <{legible_name(node.value)}> is that of {by}, which answers there."
        remedy = f"Its page is {addresses.file(node.value, 'html')}; by another IRI it would be found."
        yield Problem(place.path if place else None, place.line if place else None, None, message, remedy)
    if len(found) > MOST:
        message = f"There are {len(found)} things in all whose address is that of something else."
        yield Problem(None, None, None, message, "Give them other IRIs.")


def _answers(rest: str, ours: Mapping[str, NamedNode], store: Store) -> str:
    """Return what answers at the address of the thing with this path, "" where that is its own page."""
    if rest in SERVICES or (rest.startswith(LABELS) and rest != LABELS):
        return "a service of `communique serve`"
    if rest not in FILES and not _is_document(rest, ours):
        return ""
    return "" if any(each.object in OF_DOCUMENTS for each in store.quads(ours[rest], TYPE)) else "a file of the site"


def _is_document(rest: str, ours: Container[str]) -> bool:
    return any(rest.endswith(each.extension) and rest.removesuffix(each.extension) in ours for each in DOCUMENTS)
