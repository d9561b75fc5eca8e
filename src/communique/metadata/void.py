"""VoID: what the whole holds, counted: triples, entities, classes, properties, links to others, dumps.

Numbers are those of the union of all graphs, a triple counted once. What files and the endpoint hold beside is counted
apart (`void_editions`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.labels import Label
from communique.descriptions.outward import namespace_of, outward_links
from communique.interface import Interface
from communique.metadata.void_editions import edition_quads, endpoint_quads, number_beside
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.distributions.downloads import DumpFile
    from communique.website.site import Site

VOID = "http://rdfs.org/ns/void#"
FOAF = "http://xmlns.com/foaf/0.1/"
DCTERMS = "http://purl.org/dc/terms/"
XSD_DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
FEATURES = ("Turtle", "JSON-LD", "N-Triples", "N-Quads", "TriG")
"""The formats of dumps, by their names at w3.org/ns/formats."""
EXAMPLES = 3
HOW_TO_COUNT = """\
The numbers of the dataset count the union of all its graphs, each triple once. A dump with another number is one of an
edition (dcterms:hasFormat), which has that number. The default graph for queries holds more than the dataset: this
description and the example queries (queries.ttl), each in a graph of its own as well. The dataset has so many:

PREFIX void: <http://rdfs.org/ns/void#>
SELECT (COUNT(*) AS ?triples) WHERE {
  ?s ?p ?o .
  FILTER NOT EXISTS { ?description a void:DatasetDescription . GRAPH ?description { ?s ?p ?o } }
}"""


def dataset_of(site: Site) -> NamedNode:
    """Return the dataset that the dumps hold: the only one that is described, else one that stands for everything."""
    described = [each.resource for each in site.catalog.datasets if each.resource is not None]
    return described[0] if len(described) == 1 else NamedNode(f"{root_of(site)}void.ttl#everything")


def void(site: Site, *, files: tuple[DumpFile, ...], served: bool, beside: Iterable[Quad] = ()) -> set[Quad]:
    """Return the VoID description of everything; with `served` the addresses that only a server answers are in it.

    `beside` is what an endpoint holds beside the dataset and this description.
    """
    dataset, root = dataset_of(site), root_of(site)
    quads = {*_description(site, dataset), *_counted(site, dataset), *_linksets(site)}
    quads.update(Quad(dataset, property, value) for property, value in _about(site))
    quads.update(Quad(dataset, _void("exampleResource"), example) for example in examples_of(site, dataset))
    if not site.catalog.base.startswith(("http://", "https://")):
        return quads
    quads.update(edition_quads(dataset, site.statistics.triples, files=files, root=root))
    if served:
        quads.add(Quad(dataset, _void("uriLookupEndpoint"), NamedNode(root + "lookup?uri=")))
        # What says how many triples there are is among them, whatever the number.
        held = {*quads, *beside, *endpoint_quads(dataset, 0, endpoint=endpoint_of(site), root=root)}
        number = site.statistics.triples - site.statistics.merged
        number += number_beside((each.triple for each in held), dataset=site.store)
        quads.update(endpoint_quads(dataset, number, endpoint=endpoint_of(site), root=root))
    return quads


def endpoint_of(site: Site) -> NamedNode:
    """Return the address of the SPARQL endpoint of a site that is served at its base."""
    return NamedNode(root_of(site) + "sparql")


def _description(site: Site, dataset: NamedNode) -> Iterator[Quad]:
    """Say what this file is (VoID, section 6.3), and how its numbers can be counted."""
    document = NamedNode(f"{root_of(site)}void.ttl")
    yield Quad(document, TYPE, _void("DatasetDescription"))
    yield Quad(document, NamedNode(FOAF + "primaryTopic"), dataset)
    yield Quad(document, _dcterms("description"), Literal(HOW_TO_COUNT, language="en"))


def _counted(site: Site, dataset: NamedNode) -> Iterator[Quad]:
    counts = site.statistics
    yield Quad(dataset, TYPE, _void("Dataset"))
    yield _count(dataset, "triples", counts.triples)
    yield _count(dataset, "entities", counts.resources)
    yield _count(dataset, "distinctSubjects", counts.subjects)
    yield _count(dataset, "classes", len(counts.classes) + counts.unnamed_classes)
    yield _count(dataset, "properties", len(counts.properties))
    yield _count(dataset, "documents", sum(page.resource is not None for page in site.pages()))
    for cls, number in counts.classes:
        yield from _partition(site, dataset, "class", cls, "entities", number)
        part = _node(site, "class", cls.value)
        for path, within in counts.properties_of[cls]:
            yield from _partition(site, part, "property", path, "triples", within)
    for path, number in counts.properties:
        yield from _partition(site, dataset, "property", path, "triples", number)
    for vocabulary in sorted({namespace_of(path.value) for path, _ in counts.properties}):
        yield Quad(dataset, _void("vocabulary"), NamedNode(vocabulary))


def _about(site: Site) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """Give what the data say of the dataset, else of the whole, as VoID asks for it (section 2)."""
    whole, dataset = site.catalog.about, dataset_of(site)
    about = site.catalog.described(dataset) or whole
    title = about.title if any(site.store.quads(dataset, _dcterms("title"))) else whole.title
    yield _void("uriSpace"), Literal(site.catalog.base)
    yield _dcterms("title"), Literal(title.text, language=title.language or None)
    if description := description_of(site):
        yield _dcterms("description"), Literal(description.text, language=description.language or None)
    for name, term in (("license", about.licence), ("publisher", about.publisher)):
        if isinstance(term, NamedNode):
            yield _dcterms(name), term
    for name, date in (("issued", about.issued), ("modified", about.modified)):
        if date:
            yield _dcterms(name), Literal(date, datatype=XSD_DATE) if len(date) == len("2026-01-01") else Literal(date)
    for language in about.languages:
        yield _dcterms("language"), Literal(language)
    for format in FEATURES:
        yield _void("feature"), NamedNode("http://www.w3.org/ns/formats/" + format)


def description_of(site: Site) -> Label | None:
    """Return how the dataset that the dumps hold is described: what stands for everything by numbers, if need be."""
    described = site.catalog.described(dataset_of(site))
    if described or site.catalog.about.description:
        return (described or site.catalog.about).description
    return Label(f"Everything that is published here: {numbers_of(site)}.", "en")


def numbers_of(site: Site) -> str:
    """Return how much the data hold, in English: "1 thing in 2,345 triples"."""
    counted = (("thing", site.statistics.resources), ("triple", site.statistics.triples))
    return " in ".join(f"{Interface('en').number(count)} {name}{'s' * (count != 1)}" for name, count in counted)


def examples_of(site: Site, dataset: NamedNode) -> Iterator[NamedNode]:
    """Give the resources that the data name as examples of a dataset, else the first of each of the largest classes."""
    stated = [quad.object for quad in site.store.quads(dataset, _void("exampleResource"))]
    largest = sorted(site.classes.values(), key=lambda each: -len(each.members))[:EXAMPLES]
    yield from (node for node in stated or [each.members[0] for each in largest] if isinstance(node, NamedNode))


def _partition(site: Site, whole: NamedNode, kind: str, term: NamedNode, unit: str, number: int) -> Iterator[Quad]:
    inside = "" if whole == dataset_of(site) else f" {whole.value}"
    node = _node(site, kind, term.value + inside)
    yield Quad(whole, _void(f"{kind}Partition"), node)
    yield Quad(node, TYPE, _void("Dataset"))
    yield Quad(node, _void(kind), term)
    yield _count(node, unit, number)


def _linksets(site: Site) -> Iterator[Quad]:
    dataset = dataset_of(site)
    links = outward_links(site.store, base=site.catalog.base)
    for (namespace, relation), number in sorted(Counter((link.namespace, link.relation) for link in links).items()):
        node, target = _node(site, "linkset", f"{relation} {namespace}"), _node(site, "target", namespace)
        yield Quad(dataset, _void("subset"), node)
        yield Quad(node, TYPE, _void("Linkset"))
        yield Quad(node, _void("linkPredicate"), NamedNode(relation))
        yield Quad(node, _void("subjectsTarget"), dataset)
        yield Quad(node, _void("objectsTarget"), target)
        yield _count(node, "triples", number)
        yield Quad(target, TYPE, _void("Dataset"))
        yield Quad(target, _void("uriSpace"), Literal(namespace))
        yield Quad(target, _dcterms("title"), Literal(site.authorities.name(namespace)))


def _node(site: Site, kind: str, name: str) -> NamedNode:
    return NamedNode(f"{root_of(site)}void.ttl#{kind}-{hashlib.sha256(name.encode()).hexdigest()[:12]}")


def root_of(site: Site) -> str:
    """Return where the files of the site lie if it answers at its base: the folder of the base."""
    base = site.catalog.base
    return base[: base.rfind("/") + 1] or base


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)


def _dcterms(name: str) -> NamedNode:
    return NamedNode(DCTERMS + name)


def _count(subject: NamedNode, name: str, number: int) -> Quad:
    return Quad(subject, _void(name), Literal(number))
