"""The one table of representations: every name, media type and file extension that Communiqué reads or writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from communique.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Kind = Literal["rdf", "document", "table", "results"]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write something as bytes.

    `extension` starts with a dot, as `Path.suffix` does. `graphs` is true if the format can carry named graphs.
    `other_media_types` mean the format as well: those of before it was registered, and those of a language that it is a
    part of. `vague_media_type` does so where a request says nothing better (`hosting.negotiation.choices`).
    """

    name: str
    label: str
    media_type: str
    extension: str
    kind: Kind
    graphs: bool = False
    other_extensions: tuple[str, ...] = ()
    other_media_types: tuple[str, ...] = ()
    vague_media_type: str = ""


class Formats:
    """A table of formats with its lookups; every lookup is case-insensitive.

    >>> FORMATS.by_extension(".ttl").label
    'Turtle'
    """

    def __init__(self, formats: Iterable[Format]) -> None:
        """Keep the order, which is the order of every menu."""
        self._formats = tuple(formats)
        self._by_name = {each.name: each for each in self._formats}
        self._by_extension: dict[str, Format] = {}
        self._by_media_type: dict[str, Format] = {}
        for each in self._formats:
            for extension in (each.extension, *each.other_extensions):
                self._by_extension.setdefault(extension, each)
            for media_type in (each.media_type, *each.other_media_types):
                self._by_media_type.setdefault(media_type, each)

    def __iter__(self) -> Iterator[Format]:
        """Give every format in the order of the table."""
        return iter(self._formats)

    def of_kind(self, *kinds: Kind) -> tuple[Format, ...]:
        """Return the formats of these kinds, in the order of the table."""
        return tuple(each for each in self._formats if each.kind in kinds)

    def by_name(self, name: str) -> Format:
        """Return the format of this name or extension (`turtle`, `ttl`); raises UsageError that lists the names."""
        found = self._by_name.get(name.lower()) or self.by_extension(name)
        if found is None:
            raise UsageError(f"{name!r} is no format: use one of {', '.join(self._by_name)}")
        return found

    def by_extension(self, extension: str) -> Format | None:
        """Return the format of files that end in `extension` (with its dot or without), or None."""
        return self._by_extension.get("." + extension.lower().removeprefix("."))

    def by_media_type(self, media_type: str) -> Format | None:
        """Return the format of a media type, whose parameters are ignored, or None."""
        return self._by_media_type.get(media_type.partition(";")[0].strip().lower())


TURTLE = Format(
    "turtle",
    "Turtle",
    "text/turtle",
    ".ttl",
    "rdf",
    other_extensions=(".turtle",),
    other_media_types=("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
)
TRIG = Format(
    "trig", "TriG", "application/trig", ".trig", "rdf", graphs=True, other_media_types=("application/x-trig",)
)
NTRIPLES = Format(
    "ntriples", "N-Triples", "application/n-triples", ".nt", "rdf", vague_media_type="text/plain"
)  # RDF Test Cases (2004), section 3.1
NQUADS = Format(
    "nquads",
    "N-Quads",
    "application/n-quads",
    ".nq",
    "rdf",
    graphs=True,
    other_media_types=("text/x-nquads", "text/nquads"),
)
JSONLD = Format(
    "jsonld", "JSON-LD", "application/ld+json", ".jsonld", "rdf", graphs=True, other_extensions=(".json-ld",)
)
RDFXML = Format("rdfxml", "RDF/XML", "application/rdf+xml", ".rdf", "rdf", other_extensions=(".owl",))
ANNOTATED = Format("annotated", "Turtle 1.2, annotated", "text/turtle", ".ttl", "rdf")
"""RDF 1.2, not in the table: no request is answered with it."""
HTML = Format("html", "HTML", "text/html", ".html", "document", other_media_types=("application/xhtml+xml",))
CSV = Format("csv", "CSV", "text/csv", ".csv", "table")
TSV = Format("tsv", "TSV", "text/tab-separated-values", ".tsv", "table")
RESULTS_JSON = Format(
    "json",
    "SPARQL results in JSON",
    "application/sparql-results+json",
    ".srj",
    "results",
    other_extensions=(".json",),
    other_media_types=("application/json",),
)
RESULTS_XML = Format(
    "xml",
    "SPARQL results in XML",
    "application/sparql-results+xml",
    ".srx",
    "results",
    other_extensions=(".xml",),
    other_media_types=("application/xml", "text/xml"),
)
SSSOM = Format("sssom", "SSSOM", "text/tab-separated-values", ".sssom.tsv", "rdf", graphs=True)
"""Tables of mappings: read as data, and not in the table, since nothing is published in them."""

FORMATS = Formats(
    (TURTLE, TRIG, NTRIPLES, NQUADS, JSONLD, RDFXML, HTML, CSV, TSV, RESULTS_JSON, RESULTS_XML),
)

DOCUMENTS = (HTML, TURTLE, JSONLD, TRIG, NTRIPLES, RDFXML, NQUADS)
"""The formats in which a resource can be had, in the order of a server's preference: people first."""


def is_mappings(path: Path) -> bool:
    """Tell whether the name of a file says that it is a table of mappings."""
    return path.name.lower().removesuffix(".gz").endswith(SSSOM.extension)
