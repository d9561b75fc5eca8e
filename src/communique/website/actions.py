"""Actions: what a reader can do with a page beyond reading it: ask on, report a mistake, mend the source."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pyoxigraph import NamedNode

from communique.legibility import legible_name
from communique.literals import safe_url
from communique.settings import PLACE
from communique.website.origins import Origin, origins_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import BlankNode

    from communique.descriptions.labels import Labels
    from communique.project import Project

MOST_SOURCES = 8


class Source(NamedTuple):
    """A place where a thing is written, and the address where it can be mended."""

    name: str
    url: str


class Actions(NamedTuple):
    """The addresses for one thing; "" for what the settings do not offer, or what an address cannot hold."""

    query: str
    report: str
    sources: tuple[Source, ...]


NOTHING = Actions("", "", ())


class Offers:
    """What the settings of a project offer for each thing; the files are read for their lines only if that is asked."""

    def __init__(self, project: Project, labels: Labels, *, query_page: str) -> None:
        """Take the patterns of the settings, and the URL of the page for queries from the root of the site."""
        self._patterns = project.settings.links
        self._labels = labels
        self._query_page = query_page
        wanted = any(place in pattern for pattern in self._patterns.values() for place in ("{file}", "{line}"))
        self._origins = origins_of(project) if wanted else {}

    def among(self, labels: Labels, *, query_page: str) -> Offers:
        """Return the same for the pages of another language."""
        other = copy(self)
        other._labels = labels
        other._query_page = query_page
        return other

    def of(self, node: NamedNode | BlankNode) -> Actions:
        """Return what can be done with the page of a thing."""
        if not isinstance(node, NamedNode):
            return NOTHING
        iri, places = node.value, self._origins.get(node.value, ())[:MOST_SOURCES]
        first = places[0] if places else Origin("", 0)
        values = {"iri": iri, "title": self._labels.of(node).text, "file": first.file, "line": str(first.line or "")}
        source = self._patterns.get("source")
        return Actions(
            f"{self._query_page}#query={QUERY.replace('IRI', quote(iri, safe=''))}" if safe_url(iri) else "",
            filled(self._patterns.get("report", ""), values),
            tuple(_source(source, each) for each in places) if source else (),
        )


def query_about(iri: str) -> str:
    """Return a query for everything that is said of a thing, and where.

    >>> print(query_about("https://example.org/a"))
    SELECT ?property ?value ?graph {
      <https://example.org/a> ?property ?value .
      OPTIONAL { GRAPH ?graph { <https://example.org/a> ?property ?value } }
    }
    ORDER BY ?property ?value
    """
    return (
        f"SELECT ?property ?value ?graph {{\n  <{iri}> ?property ?value .\n"
        f"  OPTIONAL {{ GRAPH ?graph {{ <{iri}> ?property ?value }} }}\n}}\nORDER BY ?property ?value"
    )


QUERY = quote(query_about("IRI"), safe="")
"""The query with a place for the IRI, encoded: that of a page is made in a tenth of the time."""


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Return an address with its places filled and encoded; "" where the result is no address to follow.

    >>> filled("https://example.org/new?about={iri}", {"iri": "https://example.org/a b"})
    'https://example.org/new?about=https%3A%2F%2Fexample.org%2Fa%20b'
    """
    return safe_url(PLACE.sub(lambda place: quote(values.get(place[1], ""), safe=""), pattern)) or ""


def _source(pattern: str, origin: Origin) -> Source:
    path = quote(origin.file, safe="/")
    values = {"file": path, "line": str(origin.line)}
    url = safe_url(PLACE.sub(lambda place: values[place[1]], pattern)) or ""
    return Source(legible_name(f"{origin.file}:{origin.line}"), url)
