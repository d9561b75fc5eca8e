"""The frame: what all pages of a site over a service share, read once and kept for some time.

It is the catalogue, the vocabularies and shapes, the IRIs with a fragment or a query, the classes with the numbers of
their instances, and a few numbers more. Numbers that a service cannot count in time are left out, and so are blank
nodes that it cannot find in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.authorities import URI_SPACE
from communique.descriptions.axioms import Axioms
from communique.descriptions.catalog import DCAT, VOID
from communique.descriptions.documented import document_of
from communique.descriptions.term_types import NODE_SHAPE, ONTOLOGY, PROPERTY_SHAPE, TERMS
from communique.live import queries, vocabulary_axioms
from communique.live.counting import NOTHING, counts_of
from communique.live.excerpt import Demand, Excerpt
from communique.live.site import LiveSite
from communique.remote.service import ServiceError
from communique.remote.store import RemoteStore
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from communique.descriptions.statistics import Statistics
    from communique.errors import CommuniqueError
    from communique.live.reader import Reader
    from communique.project import Project
    from communique.store import Results, Store

DESCRIBED = sorted(
    {*TERMS, NODE_SHAPE, PROPERTY_SHAPE, ONTOLOGY, *(ox.NamedNode(iri) for iri in (DCAT + "Dataset", DCAT + "Catalog"))}
    | {ox.NamedNode(VOID + "Dataset")},
    key=str,
)
"""The classes whose instances are known from the beginning."""
MOST_TERMS = 5_000
MOST_PARTS = 10_000
MOST_QUERIES = 1_000
SAMPLE = 1_000
ROUNDS = 20


def frame(
    project: Project, own: Store, reader: Reader, *, tell: Callable[[str], None], counts: Statistics | None = None
) -> LiveSite:
    """Return the site over a service, and over what the project says itself; raises ServiceError, ProjectError.

    `tell` is told what is left out because the service could not say it in time. `counts` are numbers that are known.
    """
    reader.begin(most=MOST_QUERIES)
    excerpt = Excerpt(own, names=_names(reader, tell), ask=asking(own, reader))
    excerpt.left_out = {}
    excerpt.want(Demand(None, URI_SPACE))
    sampled = False
    for _ in range(ROUNDS):
        reader.begin(most=MOST_QUERIES)
        reader.fill(excerpt)
        site = LiveSite(project, excerpt, sizes={}, counts=NOTHING)
        _touch(site)
        if excerpt.wanted:
            continue
        if sampled or not site.catalog.is_guess:
            break
        excerpt.names = sorted({*excerpt.names, *_sample(reader)}, key=lambda node: node.value)
        sampled = True
    parts = _parts(reader, site.catalog.base, tell)
    excerpt.names = sorted({*excerpt.names, *parts}, key=lambda node: node.value)
    counts = counts or counts_of(reader, own, base=site.catalog.base, tell=tell)
    excerpt.described = counts.resources
    sizes = dict(counts.classes)
    for _ in range(ROUNDS):
        reader.begin(most=MOST_QUERIES)
        reader.fill(excerpt)
        site = LiveSite(project, excerpt, sizes=sizes, counts=counts)
        _touch(site)
        if not excerpt.wanted:
            _tell_what_is_left_out(excerpt, tell)
            _take_axioms(reader, site, tell)
            return site
    raise ServiceError(f"{reader.service.url}: the description of the data leads on and on.")


def _take_axioms(reader: Reader, site: LiveSite, tell: Callable[[str], None]) -> None:
    """Read the axioms without a name that mention what documents describe together, and those that are about several.

    Those about a single thing with a document of its own are read with its page.
    """
    ours = [node for node in site.excerpt.subjects() if site.catalog.owns(node)]
    parts = [node for node in ours if document_of(node.value) != node.value]
    documents = {document_of(node.value) for node in parts}
    nodes = [*parts, *(node for node in ours if node.value in documents)]
    reader.begin(most=MOST_QUERIES)
    failed: list[CommuniqueError] = []
    site.excerpt.take_axioms(vocabulary_axioms.mentioning(reader, nodes, failed))
    if {quad.subject for quad in site.store.quads(None, TYPE, ONTOLOGY)} & set(ours):
        reader.begin(most=MOST_QUERIES)
        site.excerpt.take_axioms(vocabulary_axioms.general(reader, failed))
    if failed:
        tell(f"Some axioms without a name are left out of the documents of vocabularies: {failed[0]}")
    for each in site.editions:
        each.presentation.axioms = Axioms(site.excerpt)
        _ = each.presentation.axioms.by_mention


def guess(site: LiveSite) -> str:
    """Return what is to be told of the base of a site where nothing states it, else ""."""
    if not site.catalog.is_guess:
        return ""
    return (
        f"Nothing states where the IRIs begin: those that begin with {site.catalog.base} have pages, and no others. To "
        'choose, write `<#data> a void:Dataset ; void:uriSpace "https://..." .` into data/dataset.ttl of the project.'
    )


def _tell_what_is_left_out(excerpt: Excerpt, tell: Callable[[str], None]) -> None:
    """Say what had to be read without its blank nodes; whoever asks for it by itself does not get it as whole."""
    if excerpt.left_out:
        first, *others = sorted(excerpt.left_out, key=str)
        more = f" and of {len(others)} more" if others else ""
        why = excerpt.left_out[first]
        tell(f"What blank nodes say of {first.subject}{more} is left out of what all pages share: {why}")
        excerpt.known.met -= excerpt.left_out.keys()
    excerpt.left_out = None


def asking(own: Store, reader: Reader) -> Callable[[str], Results]:
    """Return what puts a query of a template to the service."""
    store = RemoteStore(reader.service, prefixes=own.prefixes, only=reader.manner.only)
    return store.query


def _touch(site: LiveSite) -> None:
    """Ask for what every page asks for."""
    site.presentation.read_shapes()
    _ = site.parts_of(ox.NamedNode(site.catalog.base))  # the first question makes the list for all documents
    for edition in site.editions:
        _ = edition.menu, edition.vocabularies, edition.authorities, edition.offers
        _ = [edition.targets.of(cls) for cls in edition.classes]


def _names(reader: Reader, tell: Callable[[str], None]) -> list[ox.NamedNode]:
    """Return the terms, shapes, ontologies and datasets that a service describes."""
    pattern = reader.manner.triples(queries.values("?t", DESCRIBED), "?s a ?t")
    query = f"SELECT DISTINCT ?s {{ {pattern} FILTER(isIRI(?s)) }} LIMIT {MOST_TERMS}"
    found = sorted((row[0] for row in reader.rows(query) if isinstance(row[0], ox.NamedNode)), key=lambda n: n.value)
    if len(found) == MOST_TERMS:
        tell(f"The service describes more than {MOST_TERMS} terms, shapes and datasets: the vocabularies list no more.")
    return found


def _parts(reader: Reader, base: str, tell: Callable[[str], None]) -> list[ox.NamedNode]:
    """Return the things that are described in the documents of others: all IRIs of ours with a fragment or a query.

    From the IRI of a document no engine finds them but by looking at everything: so that is done once for all pages.
    """
    reader.begin()
    try:
        rows = reader.rows(queries.parts(reader.manner, base, limit=MOST_PARTS + 1))
    except ServiceError:
        tell("The service did not list its IRIs with # or ? in time: their documents are without them.")
        return []
    if len(rows) > MOST_PARTS:
        tell(f"The service describes more than {MOST_PARTS} IRIs with # or ?: their documents are without them.")
        return []
    return [row[0] for row in rows if isinstance(row[0], ox.NamedNode)]


def _sample(reader: Reader) -> list[ox.NamedNode]:
    """Return some subjects, from which the base is guessed where nothing states it."""
    query = f"SELECT DISTINCT ?s {{ {reader.manner.triples('', '?s ?p ?o')} FILTER(isIRI(?s)) }} LIMIT {SAMPLE}"
    return [row[0] for row in reader.rows(query) if isinstance(row[0], ox.NamedNode)]
