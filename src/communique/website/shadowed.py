"""Things to whose addresses something else answers: a service of the site, or a file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.documented import document_of
from communique.descriptions.presentation import TYPE
from communique.errors import Problem
from communique.formats import DOCUMENTS
from communique.iris import Addresses
from communique.legibility import legible_name
from communique.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
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
_EXTENSIONS = tuple(each.extension for each in DOCUMENTS)
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
    found = _found(store, base)
    told = dict(list(found.items())[:MOST])
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


def _found(store: Store, base: str) -> dict[NamedNode, str]:
    """Return what answers at the addresses of things, in their order, without those that are told by their own page."""
    root = base.removesuffix("#")
    names = (*store.subjects(), *store.graph_names())
    iris = [each.value for each in names if isinstance(each, NamedNode) and each.value.startswith(base)]
    # Few may be others': all are looked through once, and those alone are sorted.
    others = sorted(iri for iri in iris if _is_others(document_of(iri).removeprefix(root)))
    ours = {document_of(iri).removeprefix(root): NamedNode(iri) for iri in others}
    stems = {document_of(iri).removeprefix(root) for iri in iris} if others else set()
    return {ours[rest]: by for rest in sorted(ours) if (by := _answers(rest, ours[rest], stems, store))}


def _is_others(rest: str) -> bool:
    """Tell whether something else may answer at a path."""
    return rest in SERVICES or rest in FILES or rest.startswith(LABELS) or rest.endswith(_EXTENSIONS)


def _answers(rest: str, node: NamedNode, stems: Container[str], store: Store) -> str:
    """Return what answers at the address of the thing with this path, "" where that is its own page.

    `stems` are the paths of things whose documents may be there.
    """
    if rest in SERVICES or (rest.startswith(LABELS) and rest != LABELS):
        return "a service of `communique serve`"
    if rest not in FILES and not _is_document(rest, stems):
        return ""
    return "" if any(each.object in OF_DOCUMENTS for each in store.quads(node, TYPE)) else "a file of the site"


def _is_document(rest: str, stems: Container[str]) -> bool:
    return any(rest.endswith(each.extension) and rest.removesuffix(each.extension) in stems for each in DOCUMENTS)
