"""The page of statistics: how much there is of what, and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from communique.descriptions.evidence import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import NamedNode

    from communique.website.site import Site

SHOWN = 100


class Share(NamedTuple):
    """One of several amounts; `percent` measures it by the largest, at least 1."""

    name: NamedNode | str
    size: int
    percent: int


class Voice(NamedTuple):
    """How many graphs of one standing there are, and how many triples stand in them."""

    standing: str
    graphs: int
    triples: int
    percent: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the page tells; of classes and properties the largest hundred, and how many more there are."""

    triples: int
    resources: int
    classes: tuple[Share, ...]
    more_classes: int
    properties: tuple[Share, ...]
    more_properties: int
    languages: tuple[Share, ...]
    voices: tuple[Voice, ...]


def numbers(site: Site) -> Numbers:
    """Return the statistics of a site as a reader asks for them."""
    counts = site.statistics
    return Numbers(
        counts.triples,
        counts.resources,
        _shares(counts.classes[:SHOWN]),
        max(0, len(counts.classes) - SHOWN),
        _shares(counts.properties[:SHOWN]),
        max(0, len(counts.properties) - SHOWN),
        _shares(counts.languages[:SHOWN]),
        _voices(site),
    )


def _shares(counts: Sequence[tuple[NamedNode | str, int]]) -> tuple[Share, ...]:
    most = max((count for _, count in counts), default=1)
    return tuple(Share(name, count, max(1, round(100 * count / most))) for name, count in counts)


def _voices(site: Site) -> tuple[Voice, ...]:
    """Return who says how much, where anybody is named who does."""
    graphs: dict[Standing, list[int]] = {}
    evidences = [(site.presentation.evidences.of(graph), count) for graph, count in site.statistics.graphs.items()]
    for evidence, count in evidences:
        graphs.setdefault(evidence.standing, []).append(count)
    if not any(evidence.citable for evidence, _ in evidences):
        return ()
    most = max(map(sum, graphs.values()))
    found = ((standing.value, graphs[standing]) for standing in Standing if standing in graphs)
    return tuple(Voice(name, len(each), sum(each), max(1, round(100 * sum(each) / most))) for name, each in found)
