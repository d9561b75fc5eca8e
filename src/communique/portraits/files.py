"""Files: what the data themselves say of the files that a site offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from communique.portraits.graph import Graph
    from communique.store import Term

DCAT = "http://www.w3.org/ns/dcat#"
DISTRIBUTION = NamedNode(DCAT + "distribution")
DOWNLOAD_URL = NamedNode(DCAT + "downloadURL")


def described_dumps(graph: Graph, dataset: Term) -> dict[str, NamedNode]:
    """Return the distributions of a dataset by the paths of the dumps of the site that they describe.

    There are none if one of them is anything else: then they cannot stand in the list of the dumps.
    """
    dumps, base = frozenset(graph.site.dumps.values()), graph.site.catalog.base
    found: dict[str, NamedNode] = {}
    for each in graph.objects(dataset, DISTRIBUTION):
        urls = {getattr(url.term, "value", "").removeprefix(base) for url in graph.objects(each.term, DOWNLOAD_URL)}
        if not isinstance(each.term, NamedNode) or not urls or not urls <= dumps:
            return {}
        found |= dict.fromkeys(urls, each.term)
    return found
