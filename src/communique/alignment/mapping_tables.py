"""Tables of proposals in SSSOM: what is written for a person to confirm, after whatever a person has written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from communique.alignment.mapping_prefixes import declaration, declaring, prefixes_for
from communique.descriptions.outward import namespace_of
from communique.syntax.conversion import written_whole
from communique.syntax.mappings import BUILT_IN, SEMAPV

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode

    from communique.iris import Prefixes
    from communique.syntax.mappings import MappingSet

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "object_source", "mapping_justification", "confidence", "reviewer_id", "reviewer_label", "comment",
)  # fmt: skip
MOST_RIVALS = 5
PEOPLE = {"orcid": "https://orcid.org/"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A thing of ours that may be a thing of others; the score of the name goes from 0 to 100.

    `rivals` are other things, of ours or of others, which the name fits as well.
    """

    subject: NamedNode
    subject_label: str
    predicate: NamedNode
    object: NamedNode
    object_label: str
    score: float
    rivals: tuple[NamedNode, ...] = ()

    @property
    def confidence(self) -> float:
        """The score from 0 to 1, shared among all that the name fits."""
        return self.score / 100 / (1 + len(self.rivals))


def begin(path: Path, proposals: Sequence[Proposal], *, iri: str, licence: str, known: Prefixes) -> None:
    """Write a new mapping set; raises AccessError.

    What a thing of others comes from stands in its row: a header has room for one source (SSSOM, slot `object_source`),
    which would be that of rows that are added later too.
    """
    declared = PEOPLE | prefixes_for(_iris(proposals), taken=BUILT_IN | PEOPLE, known=known)
    # A string of JSON is a string of YAML.
    title = f"Links to {', '.join(sorted({_host(namespace_of(each.object.value)) for each in proposals}))}"
    lines = [f"#mapping_set_id: {iri}", f"#mapping_set_title: {json.dumps(title)}", f"#license: {licence}"]
    lines += ["#mapping_tool: communique link", "#curie_map:"]
    header = "\n".join(lines) + "\n" + declaration(dict(sorted(declared.items())))
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as stream:
        stream.write((header + _table([COLUMNS, *_rows(proposals, COLUMNS, BUILT_IN | declared)])).encode())


def append(path: Path, content: bytes, proposals: Sequence[Proposal], *, found: MappingSet, known: Prefixes) -> None:
    """Write a mapping set again with more rows at its end and the prefixes that these need; raises AccessError.

    All else in its content is untouched. Where its header has no room for prefixes, the rows have IRIs in full.
    """
    added = prefixes_for(_iris(proposals), taken=found.prefixes, known=known)
    declared = declaring(content, path, found=found, prefixes=added) if added else None
    prefixes = {**found.prefixes, **added} if declared else found.prefixes
    content = declared or content
    with written_whole(path) as stream:
        stream.write(content if content.endswith(b"\n") else content + b"\n")
        stream.write(_table(_rows(proposals, found.columns, prefixes)).encode())


def _iris(proposals: Iterable[Proposal]) -> Iterator[str]:
    for each in proposals:
        yield from (term.value for term in (each.subject, each.predicate, each.object))


def _rows(
    proposals: Iterable[Proposal], columns: Sequence[str], prefixes: Mapping[str, str]
) -> Iterable[Sequence[str]]:
    by_namespace = {name: prefix for prefix, name in prefixes.items()}
    for each in proposals:
        exact = "LexicalMatching" if each.score >= 100 else "LexicalSimilarityThresholdMatching"
        cells = {
            "subject_id": _curie(each.subject.value, by_namespace),
            "subject_label": each.subject_label,
            "predicate_id": _curie(each.predicate.value, by_namespace),
            "object_id": _curie(each.object.value, by_namespace),
            "object_label": each.object_label,
            "object_source": _curie(namespace_of(each.object.value), by_namespace),
            "mapping_justification": _curie(SEMAPV + exact, by_namespace),
            "confidence": f"{each.confidence:.3f}".rstrip("0").rstrip("."),
            "comment": _doubt([rival.value for rival in each.rivals]),
        }
        yield [" ".join(cells.get(name, "").split()) for name in columns]


def _doubt(rivals: Sequence[str]) -> str:
    """Return what a person has to know before a name is taken for certain, "" where nothing speaks against it."""
    more = f" and {len(rivals) - MOST_RIVALS} more" if len(rivals) > MOST_RIVALS else ""
    return f"The name fits as well: {', '.join(rivals[:MOST_RIVALS])}{more}." if rivals else ""


def _host(namespace: str) -> str:
    return urlsplit(namespace).hostname or namespace


def _curie(iri: str, by_namespace: Mapping[str, str]) -> str:
    """Return an IRI by its prefix, a namespace by the prefix alone; in full where there is no prefix."""
    namespace = iri if iri in by_namespace else namespace_of(iri)
    prefix = by_namespace.get(namespace)
    return f"{prefix}:{iri.removeprefix(namespace)}" if prefix else iri


def _table(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()
