"""VoID: what the whole holds, counted: triples, entities, classes, properties, links to others, dumps.

Numbers are those of the union of all graphs, a triple counted once, as the default graph of queries has them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.outward import namespace_of, outward_links
from communique.statistics import statistics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.downloads import DumpFile
    from communique.site import Site

VOID = "http://rdfs.org/ns/void#"
DCTERMS = "http://purl.org/dc/terms/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def dataset_of(site: Site) -> NamedNode:
    """Return the dataset that the dumps hold: the only one that is described, else one that stands for everything."""
    described = [each.resource for each in site.catalog.datasets if each.resource is not None]
    return described[0] if len(described) == 1 else NamedNode(f"{root_of(site)}void.ttl#everything")


def void(site: Site, *, files: tuple[DumpFile, ...]) -> Iterator[Quad]:
    """Give the VoID description of everything."""
    base, dataset = site.catalog.base, dataset_of(site)
    counts = statistics(site.store, base=base)
    yield Quad(dataset, TYPE, _void("Dataset"))
    yield Quad(dataset, _void("uriSpace"), Literal(base))
    yield _count(dataset, "triples", counts.triples)
    yield _count(dataset, "entities", counts.resources)
    yield _count(dataset, "distinctSubjects", len({quad.subject for quad in site.store.quads()}))
    yield _count(dataset, "classes", len(counts.classes))
    yield _count(dataset, "properties", len(counts.properties))
    for cls, number in counts.classes:
        yield from _partition(site, "class", cls, "entities", number)
    for path, number in counts.properties:
        yield from _partition(site, "property", path, "triples", number)
    for vocabulary in sorted({namespace_of(path.value) for path, _ in counts.properties}):
        yield Quad(dataset, _void("vocabulary"), NamedNode(vocabulary))
    for quad in site.store.quads(dataset, _void("exampleResource")):
        yield Quad(dataset, quad.predicate, quad.object)
    for language in site.catalog.about.languages:
        yield Quad(dataset, NamedNode(DCTERMS + "language"), Literal(language))
    if base.startswith(("http://", "https://")):
        for file in files:
            yield Quad(dataset, _void("dataDump"), NamedNode(root_of(site) + file.path))
    yield from _linksets(site)


def _partition(site: Site, kind: str, term: NamedNode, unit: str, number: int) -> Iterator[Quad]:
    dataset = dataset_of(site)
    node = _node(site, kind, term.value)
    yield Quad(dataset, _void(f"{kind}Partition"), node)
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


def _node(site: Site, kind: str, name: str) -> NamedNode:
    return NamedNode(f"{root_of(site)}void.ttl#{kind}-{hashlib.sha256(name.encode()).hexdigest()[:12]}")


def root_of(site: Site) -> str:
    """Return where the files of the site lie if it answers at its base: the folder of the base."""
    base = site.catalog.base
    return base[: base.rfind("/") + 1] or base


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)


def _count(subject: NamedNode, name: str, number: int) -> Quad:
    return Quad(subject, _void(name), Literal(number))
