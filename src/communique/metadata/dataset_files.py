"""Files of a dataset: those that the data state, and the dumps, if it is the whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from communique.legibility import legible_name
from communique.literals import safe_url
from communique.metadata.void import dataset_of, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.catalog import Dataset
    from communique.website.pages import Download
    from communique.website.site import Site

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


class StatedFile(NamedTuple):
    """A file of which the data say that a dataset can be had in it; what is not said is ""."""

    iri: str
    name: str
    url: str
    media_type: str


def dumps_of(site: Site, dataset: Dataset, downloads: Iterable[Download]) -> tuple[Download, ...]:
    """Return the dumps if they hold this dataset: the only one, or the catalogue as a whole; else none."""
    return tuple(downloads) if dataset.resource in (dataset_of(site), site.catalog.about.resource) else ()


def stated_files(site: Site, dataset: Dataset) -> Iterator[StatedFile]:
    """Give the files that the data state of a dataset, the dumps left out, which are told with their sizes."""
    dumps = {root_of(site) + site.targets.url(path) for path in site.dumps.values()}
    for each in dataset.distributions:
        url = safe_url(each.url)
        if url and url not in dumps:
            media_type = each.media_type if _MEDIA_TYPE.fullmatch(each.media_type) else ""
            iri = each.resource.value if isinstance(each.resource, NamedNode) else ""
            named = iri or site.labels.known(each.resource)
            yield StatedFile(iri, legible_name(each.title.text) if named else "", url, media_type)
