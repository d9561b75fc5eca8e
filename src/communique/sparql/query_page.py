"""The query page: example queries by level, each with the address that puts it into the editor."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from communique.reasons import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.descriptions.labels import Label
    from communique.website.examples import Example
    from communique.website.site import Site

START = """SELECT ?thing ?property ?value WHERE {
  ?thing ?property ?value .
}
LIMIT 20
"""
"""What the editor begins with where there is no example."""


@dataclass(frozen=True, slots=True)
class ExampleView:
    """An example query for readers of one language; `fragment` is its place in the address of the query page."""

    name: str
    title: Label
    description: Label | None
    fragment: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """The example queries of one level, 1 to 3."""

    number: int
    examples: tuple[ExampleView, ...]


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What the query page shows: the text that stands in its form at first, and the examples.

    `reasons` are the sentences by kind for queries that are not answered.
    """

    text: str
    levels: tuple[Level, ...]
    reasons: Mapping[str, str]


def query_page(site: Site) -> QueryPage:
    """Return what the query page shows."""
    grouped = groupby(site.examples, key=lambda each: each.level)
    levels = tuple(Level(number, tuple(view_of(site, each) for each in examples)) for number, examples in grouped)
    reasons = {kind: site.interface.gettext(said) for kind, said in SENTENCES.items()}
    return QueryPage(levels[0].examples[0].text if levels else START, levels, reasons)


def view_of(site: Site, example: Example) -> ExampleView:
    """Return an example in the language of the site."""
    title = site.labels.choose(example.summaries)
    if title is None:
        raise ValueError(f"{example.name} has no summary")
    description = site.labels.choose(example.descriptions)
    return ExampleView(
        example.name,
        title,
        description,
        f"#query={quote(example.text, safe='')}",
        site.targets.url(example.path),
        example.text,
    )
