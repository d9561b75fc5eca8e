"""Pages: what a site consists of, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from communique.formats import HTML

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from communique.formats import Format

QUERY_PAGE = "sparql"
COOKBOOK = "queries/index"
DOWNLOADS = "downloads"
LINK_PAGE = "link"


class Kind(StrEnum):
    """What a page is, which is also the name of its template."""

    RESOURCE = "resource"
    TERM = "term"
    SHAPE = "shape"
    ONTOLOGY = "ontology"
    SHAPES = "shapes"
    ARRIVALS = "arrivals"
    CLASS = "class"
    CLASSES = "classes"
    HOME = "home"
    REPORT = "report"
    STATISTICS = "statistics"
    SEARCH = "search"
    DOWNLOADS = "downloads"
    FOLDER = "folder"
    PROSE = "prose"
    QUERY = "query"
    COOKBOOK = "cookbook"
    LINK = "link"
    MISSING = "missing"
    UNAVAILABLE = "unavailable"


LISTS = (Kind.CLASS, Kind.ARRIVALS)
"""Pages about a resource that are not the page of the resource."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path without an extension, its kind, what it is about, and in which formats it is written.

    `data` is the path, without an extension, of the data documents that hold what is said of the resource: that of the
    page, for the part of a document that of the document, and "" where there are none.
    `part` counts the pages of a long list from 1, and `facet` names the list of one value of a facet; `source` is the
    file of a page in prose, as `Project.site_file` knows it.
    """

    path: str
    kind: Kind
    resource: NamedNode | None = None
    formats: tuple[Format, ...] = (HTML,)
    data: str = ""
    part: int = 1
    source: str = ""
    facet: str = ""

    @property
    def subject(self) -> NamedNode | None:
        """The resource whose page this is: a list is about one, and is not its page."""
        return None if self.kind in LISTS else self.resource


FIXED = (
    Page(DOWNLOADS, Kind.DOWNLOADS),
    Page("search", Kind.SEARCH),
    Page(QUERY_PAGE, Kind.QUERY),
    Page(LINK_PAGE, Kind.LINK),
)
"""The pages that every site has at the same place."""


def folder_page(folder: str) -> Page:
    """Return the page that answers where a folder of downloads is asked for."""
    return Page(f"{folder}/index", Kind.FOLDER)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu: its words, and the page of the site or the address elsewhere to which it leads.

    `path` is the URL of the page from the root of the site; `language` is the tag of the words.
    """

    label: str
    page: str = ""
    path: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the site that holds everything: its URL from the root of the site, its format and its size in bytes."""

    url: str
    format: Format
    size: int
