"""What search engines for datasets ask of the page of a dataset beside its facts (schema.org, Dataset)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.legibility import legible_name
from communique.metadata.authors import author, is_person
from communique.metadata.discovery import site_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.store import Term
    from communique.website.pages import Download
    from communique.website.site import Site

DCTERMS, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
START = (DCAT + "startDate", "http://schema.org/startDate", "https://schema.org/startDate")
END = (DCAT + "endDate", "http://schema.org/endDate", "https://schema.org/endDate")


def dataset_markup(site: Site, *, dataset: NamedNode, downloads: Iterable[Download]) -> dict[str, object]:
    """Return files, period, places, address, and maker of a dataset as far as they are known and no fact says them."""
    url = site_url(site)
    files = [
        {
            "@type": "DataDownload",
            "name": each.format.label,
            "encodingFormat": each.format.media_type,
            "contentUrl": url + each.url,
            "contentSize": f"{each.size} B",
        }
        for each in downloads
    ]
    found: dict[str, object] = {"isAccessibleForFree": True}
    if url:
        found |= {"url": url + site.targets.url(site.targets.stem(dataset) + ".html"), "distribution": files}
    described = site.catalog.described(dataset)
    if described and not described.creators and described.publisher is not None:
        found["creator"] = _agent(site, described.publisher)
    if period := _period(site, dataset):
        found["temporalCoverage"] = period
    places = sorted({quad.object for quad in site.store.quads(dataset, NamedNode(DCTERMS + "spatial"))}, key=str)
    if places:
        found["spatialCoverage"] = [
            {"@type": "Place", "@id": each.value, "name": legible_name(site.labels.of(each).text)}
            for each in places
            if isinstance(each, NamedNode)
        ]
    return found


def _agent(site: Site, agent: Term) -> dict[str, str]:
    found = {"@type": "Person" if is_person(site, agent) else "Organization", "name": author(site, agent).name}
    return found | ({"@id": agent.value} if isinstance(agent, NamedNode) else {})


def _period(site: Site, dataset: NamedNode) -> str:
    """Return the period that a dataset covers as ISO 8601 has it: `2002-10-31/2024-07-25`, `2002-10-31/..`."""
    for quad in site.store.quads(dataset, NamedNode(DCTERMS + "temporal")):
        start, end = _first(site, quad.object, START), _first(site, quad.object, END)
        if start:
            return f"{start}/{end or '..'}"
    return ""


def _first(site: Site, node: object, paths: tuple[str, ...]) -> str:
    if not isinstance(node, NamedNode | BlankNode):
        return ""
    found = (quad.object for path in paths for quad in site.store.quads(node, NamedNode(path)))
    return min((term.value for term in found if isinstance(term, Literal)), default="")
