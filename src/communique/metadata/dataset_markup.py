"""What search engines for datasets ask of the page of a dataset beside its facts (schema.org, Dataset)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.legibility import legible_name
from communique.metadata.authors import author, is_person
from communique.metadata.dataset_files import dumps_of, stated_files
from communique.metadata.discovery import site_url
from communique.metadata.void import dataset_of, description_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from communique.descriptions.catalog import Dataset
    from communique.store import Term
    from communique.website.pages import Download
    from communique.website.site import Site

DCTERMS, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
LONGEST = 5000
"""Letters of a description that search engines take."""
START = (DCAT + "startDate", "http://schema.org/startDate", "https://schema.org/startDate")
END = (DCAT + "endDate", "http://schema.org/endDate", "https://schema.org/endDate")


def catalogue_markup(
    site: Site, structured: Mapping[str, object], resource: NamedNode, downloads: Iterable[Download]
) -> dict[str, object]:
    """Return what the page of a dataset tells beside its facts, and that of a catalogue of several; else nothing."""
    if resource in {each.resource for each in site.catalog.datasets}:
        return dataset_markup(site, dataset=resource, downloads=downloads)
    if resource != site.catalog.about.resource or len(site.catalog.datasets) == 1:
        return {}
    listed = structured.get("dataset", [])
    return {"dataset": [*(listed if isinstance(listed, list) else [listed]), whole_markup(site, downloads=downloads)]}


def dataset_markup(site: Site, *, dataset: NamedNode, downloads: Iterable[Download]) -> dict[str, object]:
    """Return files, period, places, address, and maker of a dataset as far as they are known and no fact says them."""
    url, described = site_url(site), site.catalog.described(dataset)
    files = [*_dumps(site, dumps_of(site, described, downloads)), *_stated(site, described)] if described else []
    found: dict[str, object] = {"isAccessibleForFree": True}
    if url:
        found["url"] = url + site.targets.url(site.targets.stem(dataset) + ".html")
    if files:
        found["distribution"] = files
    if creators := [_agent(site, each) for each in (described.authors if described else ())]:
        found["creator"] = creators[0] if len(creators) == 1 else creators
    if period := _period(site, dataset):
        found["temporalCoverage"] = period
    places = sorted({quad.object for quad in site.store.quads(dataset, NamedNode(DCTERMS + "spatial"))}, key=str)
    named = [
        {"@type": "Place", "@id": each.value, "name": legible_name(site.labels.of(each).text)}
        for each in places
        if isinstance(each, NamedNode)
    ]
    return found | ({"spatialCoverage": named} if named else {})


def whole_markup(site: Site, *, downloads: Iterable[Download]) -> dict[str, object]:
    """Return what the page of a catalogue tells of the dataset that stands for everything, and of its dumps."""
    about, description = site.catalog.about, description_of(site)
    found: dict[str, object] = {"@type": "Dataset", "@id": dataset_of(site).value}
    found |= {"name": legible_name(about.title.text), "isAccessibleForFree": True}
    if description:
        found["description"] = description.text[:LONGEST]
    if about.licence:
        found["license"] = about.licence.value
    if creators := [_agent(site, each) for each in about.authors]:
        found["creator"] = creators
    files = _dumps(site, downloads)
    return found | ({"distribution": files} if files else {})


def _dumps(site: Site, downloads: Iterable[Download]) -> list[dict[str, str]]:
    url = site_url(site)
    return [
        {
            "@type": "DataDownload",
            "name": each.format.label,
            "encodingFormat": each.format.media_type,
            "contentUrl": url + each.url,
            "contentSize": f"{each.size} B",
        }
        for each in (downloads if url else ())
    ]


def _stated(site: Site, dataset: Dataset) -> list[dict[str, str]]:
    files = []
    for each in stated_files(site, dataset):
        told = {"@type": "DataDownload", "@id": each.iri, "name": each.name, "encodingFormat": each.media_type}
        files.append({key: value for key, value in (told | {"contentUrl": each.url}).items() if value})
    return files


def _agent(site: Site, agent: Term) -> dict[str, str]:
    found = {"@type": "Person" if is_person(site, agent) else "Organization"}
    found |= {"name": name} if (name := author(site, agent).name) else {}
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
