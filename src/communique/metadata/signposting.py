"""Signposting: links by which programs find their way from a page to its identifier, its data, its licence.

FAIR Signposting, level 1, as links of a page; level 2 as a link set of the datasets (RFC 9264).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from communique.formats import HTML
from communique.hosting.plan import ADDRESS, LINKSET
from communique.legibility import legible_name
from communique.literals import safe_url
from communique.metadata.citations import FORMS, STEM, whole
from communique.metadata.dataset_files import dumps_of, stated_files
from communique.metadata.discovery import site_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.catalog import Dataset
    from communique.website.pages import Download, Page
    from communique.website.site import Site

ABOUT_PAGE = "https://schema.org/AboutPage"
LINKSET_TYPE = "application/linkset+json"


@dataclass(frozen=True, slots=True)
class Signpost:
    """A typed link: `url` is absolute, or from the root of the site where `local`; `media_type` may be ""."""

    rel: str
    url: str
    media_type: str = ""
    local: bool = False


class Signposts:
    """The links of the pages of a site; what most of them have in common is found once."""

    def __init__(self, site: Site, *, downloads: tuple[Download, ...] = ()) -> None:
        """Tell of these files in the pages of datasets."""
        self._site, self._downloads = site, downloads

    def of(self, page: Page, *, types: Iterable[str] = ()) -> tuple[Signpost, ...]:
        """Return the links of a page beside those to its data; none for a page that is that of no resource.

        `types` are the classes of the resource in schema.org, by their names.
        """
        if page.subject is None:
            return ()
        described = dataset_at(self._site, page.subject)
        common = self._common if described is None else tuple(self._of_dataset(described))
        named = (Signpost("type", f"https://schema.org/{name}") for name in types)
        return (Signpost("type", ABOUT_PAGE), *named, *common)

    @cached_property
    def _common(self) -> tuple[Signpost, ...]:
        site, found = self._site, list(_answerable(self._site.catalog.about))
        if site.dataset is not None:
            found.append(Signpost("collection", _page(site, site.dataset), HTML.media_type, local=True))
        return tuple(found)

    def _of_dataset(self, dataset: Dataset) -> Iterator[Signpost]:
        yield from _answerable(dataset)
        yield from _citations(self._site, dataset)
        for each in dumps_of(self._site, dataset, self._downloads):
            yield Signpost("item", each.url, each.format.media_type, local=True)
        yield from _stated(self._site, dataset)
        if self._site.whole:
            yield Signpost("linkset", LINKSET, LINKSET_TYPE, local=True)


def dataset_at(site: Site, document: NamedNode) -> Dataset | None:
    """Return the dataset whose page is that of a document: one whose IRI ends in "#" has the document before that."""
    found = site.catalog.described(document)
    if found is None and "#" not in document.value:
        found = site.catalog.described(NamedNode(f"{document.value}#"))
    return found


def linkset_files(site: Site, *, downloads: tuple[Download, ...]) -> Iterator[tuple[str, bytes]]:
    """Give the link set of a site, and what our own server is told of where the site stands, by their paths."""
    yield LINKSET, linkset(site, downloads=downloads)
    yield ADDRESS, f"{json.dumps(site_url(site))}\n".encode()


def linkset(site: Site, *, downloads: tuple[Download, ...]) -> bytes:
    """Return the link set of all datasets that have a page; of several, the catalogue is that of the dumps.

    Its addresses are absolute (RFC 9264, sections 4 and 4.2), as programs differ in what they resolve a relative one
    against; where nobody knows where the site is, they are relative to the root of the site.
    """
    nodes = dict.fromkeys((site.catalog.dataset, *(each.resource for each in site.catalog.datasets)))
    listed = [node for node in nodes if node is not None and node in site.targets]
    found = [dataset for node in listed if (dataset := site.catalog.described(node))]
    contexts = [_context(site, dataset, downloads) for dataset in found]
    if site.dataset is not None:
        url = site_url(site)
        owner = {"href": url + _page(site, site.dataset), "type": HTML.media_type}
        contexts += [{"anchor": url + each.url, "collection": [owner]} for each in downloads]
    return (json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n").encode()


def _context(site: Site, dataset: Dataset, downloads: tuple[Download, ...]) -> dict[str, Any]:
    node = dataset.resource
    assert node is not None
    root = site_url(site)
    context: dict[str, Any] = {"anchor": root + _page(site, node)}
    cite_as = safe_url(node.value)
    links = [Signpost("cite-as", legible_name(cite_as))] if cite_as else []
    name = "DataCatalog" if node == site.catalog.about.resource else "Dataset"
    links += [Signpost("type", ABOUT_PAGE), Signpost("type", f"https://schema.org/{name}")]
    document = site.targets.data_of(node)
    links += [
        Signpost("describedby", site.targets.url(document + each.extension), each.media_type, local=True)
        for each in site.project.settings.formats
    ]
    links += [*_citations(site, dataset), *_answerable(dataset)]
    dumps = dumps_of(site, dataset, downloads)
    links += [Signpost("item", each.url, each.format.media_type, local=True) for each in dumps]
    links += _stated(site, dataset)
    for link in links:
        url = root + link.url if link.local else link.url
        context.setdefault(link.rel, []).append(
            {"href": url, "type": link.media_type} if link.media_type else {"href": url}
        )
    return context


def _answerable(dataset: Dataset) -> Iterator[Signpost]:
    """Give the licence and the authors, as far as they are addresses."""
    for rel, term in (("license", dataset.licence), *(("author", each) for each in dataset.authors)):
        url = safe_url(getattr(term, "value", ""))
        if url and term is not None:
            yield Signpost(rel, url)


def _citations(site: Site, dataset: Dataset) -> Iterator[Signpost]:
    """Give the files with the citation of a dataset, if it is what they cite: all that is published together."""
    if site.whole and dataset.resource == whole(site):
        yield from (Signpost("describedby", STEM + form.extension, form.media_type, local=True) for form in FORMS)


def _stated(site: Site, dataset: Dataset) -> Iterator[Signpost]:
    return (Signpost("item", each.url, each.media_type) for each in stated_files(site, dataset))


def _page(site: Site, node: NamedNode) -> str:
    return site.targets.url(site.targets.stem(node) + HTML.extension)
