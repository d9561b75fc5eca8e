"""Versions in DCAT (DCAT 3, section 11): the dataset, its published versions with their files, and their order.

The tables of the classes of a version are one file, their archive.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from communique.descriptions.presentation import TYPE
from communique.metadata.dcat_files import DataFile, distribution_quads, values_by_name
from communique.metadata.dcat_whole import said_of_whole
from communique.metadata.void import dataset_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.distributions.versions import Version, Versions
    from communique.website.site import Site

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
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
    dataset = dataset_of(site)
    yield Quad(node, TYPE, NamedNode(DCAT + "Dataset"))
    yield Quad(node, NamedNode(DCAT + "version"), Literal(version.name))
    yield Quad(node, NamedNode(DCAT + "isVersionOf"), dataset)
    yield from (Quad(node, property, value) for property, value in said_of_whole(site, SHARED))
    for file in version.files:
        if values := values_by_name(file.name):
            path = site.targets.url(f"{version.path}/{file.name}")
            yield from distribution_quads(site, DataFile(path, file.size, file.sha256), of=node, values=values)


def _node(site: Site, version: Version) -> NamedNode:
    folder = site.targets.url(version.path).rpartition("/")[2]
    return NamedNode(f"{root_of(site)}dcat.ttl#version-{folder}")
