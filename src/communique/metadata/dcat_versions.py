"""Versions in DCAT (DCAT 3, section 11): the dataset, its published versions, and which came before which."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.formats import NQUADS
from communique.metadata.dcat_ap import measure_quads
from communique.metadata.void import dataset_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.distributions.versions import Version, Versions
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
# What is true of all versions as it is of the dataset.
SHARED = tuple(NamedNode(DCTERMS + name) for name in ("title", "description", "publisher", "license"))


def version_quads(site: Site, versions: Versions) -> Iterator[Quad]:
    """Give the description of the versions whose files are kept."""
    dataset, nodes = dataset_of(site), [_node(site, each) for each in versions.all]
    for version, node in zip(versions.all, nodes, strict=True):
        yield Quad(dataset, NamedNode(DCAT + "hasVersion"), node)
        yield from _described(site, version, node)
    for node, former in pairwise(nodes):
        yield Quad(node, NamedNode(DCAT + "previousVersion"), former)
    if versions.current in versions.all[:-1]:
        yield Quad(dataset, NamedNode(DCAT + "previousVersion"), nodes[versions.all.index(versions.current) + 1])


def _described(site: Site, version: Version, node: NamedNode) -> Iterator[Quad]:
    path = site.targets.url(version.nquads)
    dataset, file = dataset_of(site), NamedNode(f"{root_of(site)}dcat.ttl#{path}")
    url = NamedNode(root_of(site) + path)
    yield Quad(node, TYPE, NamedNode(DCAT + "Dataset"))
    yield Quad(node, NamedNode(DCAT + "version"), Literal(version.name))
    yield Quad(node, NamedNode(DCAT + "isVersionOf"), dataset)
    for property in SHARED:
        yield from (Quad(node, property, quad.object) for quad in site.store.quads(dataset, property))
    yield Quad(node, NamedNode(DCAT + "distribution"), file)
    yield Quad(file, NamedNode(DCAT + "accessURL"), url)
    yield Quad(file, NamedNode(DCAT + "downloadURL"), url)
    yield Quad(
        file, NamedNode(DCTERMS + "title"), Literal(f"{NQUADS.label}, compressed, {version.name}", language="en")
    )
    sum_ = NamedNode(f"{file.value}-sha256")
    yield from measure_quads(file, size=version.size, sha256=version.sha256, sum_=sum_)
    yield Quad(file, NamedNode(DCAT + "mediaType"), NamedNode(MEDIA_TYPES + NQUADS.media_type))
    yield Quad(file, NamedNode(DCAT + "compressFormat"), NamedNode(MEDIA_TYPES + "application/gzip"))
    yield from (Quad(file, SHARED[-1], quad.object) for quad in site.store.quads(dataset, SHARED[-1]))


def _node(site: Site, version: Version) -> NamedNode:
    folder = site.targets.url(version.path).rpartition("/")[2]
    return NamedNode(f"{root_of(site)}dcat.ttl#version-{folder}")
