"""What a validation finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from communique.positions import Place
    from communique.store import Term

SH = "http://www.w3.org/ns/shacl#"
VIOLATION = ox.NamedNode(SH + "Violation")
WARNING = ox.NamedNode(SH + "Warning")
INFO = ox.NamedNode(SH + "Info")
SEVERITIES = (VIOLATION, WARNING, INFO)


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One result in the words of SHACL (section 3.6.2), with the names of its shape and its place in a file.

    `path` is a SPARQL path with full IRIs, "" where there is none; `details` holds the results of shapes within.
    """

    focus_node: Term
    path: str
    value: Term | None
    severity: ox.NamedNode
    source_shape: ox.NamedNode | ox.BlankNode
    component: ox.NamedNode
    messages: tuple[ox.Literal, ...] = ()
    names: tuple[ox.Literal, ...] = ()
    details: tuple[ValidationResult, ...] = ()
    place: Place | None = None

    @property
    def key(self) -> tuple[int, str, str, str, str, str, str]:
        """What results are sorted by: severity, then shape and constraint, then place and value."""
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else 0
        terms = (self.source_shape, self.component, self.focus_node, self.path, self.value)
        return (rank, *map(str, terms), " ".join(sorted(map(str, self.messages))))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The results of a validation, sorted, the worst first; `graph` is the standard report.

    `shapes` counts the shapes in the `files` that hold them; `notes` tells what to know about how it came about.
    """

    results: tuple[ValidationResult, ...] = ()
    graph: tuple[ox.Triple, ...] = ()
    notes: tuple[str, ...] = ()
    shapes: int = 0
    files: int = 0

    @property
    def conforms(self) -> bool:
        """Whether there is no violation. (In the standard report, warnings and notes count too.)"""
        return not any(result.severity not in (WARNING, INFO) for result in self.results)

    def of(self, *severities: ox.NamedNode) -> tuple[ValidationResult, ...]:
        """Return the results of some severities."""
        return tuple(result for result in self.results if result.severity in severities)
