"""Rows of mapping sets that need a person's eye, with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.command_line.misnamed import fault_of_link
from communique.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import NamedNode

    from communique.store import Store
    from communique.syntax.mappings import MappingSet, Row


def unconfirmed(mappings: MappingSet, path: Path) -> Iterator[Problem]:
    """Tell of links that nobody has confirmed yet."""
    if waiting := [row.line for row in mappings.rows if not row.reviewed]:
        many = f"{len(waiting)} proposal{'s' * (len(waiting) != 1)}"
        message = f"holds {many} that nobody has confirmed: no link is stated by them."
        remedy = "Name yourself in reviewer_id or reviewer_label; write Not in predicate_modifier to deny one."
        yield Problem(path, waiting[0], None, message, remedy)


def faults_of_rows(mappings: MappingSet, path: Path, *, store: Store) -> Iterator[Problem]:
    """Give rows that link a thing to a page, or to itself, and those that say what a row above has said."""
    lines: dict[object, int] = {}
    for row in mappings.rows:
        if fault := fault_of_link(row.predicate, row.object, prefixes=store.prefixes):
            yield Problem(path, row.line, None, *fault)
        if row.subject == row.object:
            message = f"maps <{row.subject.value}> to itself."
            yield Problem(path, row.line, None, message, "Name the thing of others, or remove the row.")
        first = lines.setdefault(_said(row), row.line)
        if first != row.line:
            message = f"says the same as line {first}: the same things, relation and justification."
            yield Problem(path, row.line, None, message, "Remove one; several people stand between |.")


def unknown_things(mappings: MappingSet, path: Path, *, store: Store) -> Iterator[Problem]:
    """Give the links that are stated between things that nobody describes."""
    for row in mappings.rows:
        if row.asserted and not any(_is_described(store, each, mappings) for each in (row.subject, row.object)):
            message = f"links {row.subject.value}, of which the data say nothing else."
            yield Problem(path, row.line, None, message, "Correct its name, or remove the row.")


def _said(row: Row) -> object:
    """Return what a row says; one link may stand twice, with two justifications (SSSOM, mapping sets)."""
    justified = frozenset(row.slots.get("mapping_justification", ()))
    return row.subject, row.predicate, row.object, row.negated, justified


def _is_described(store: Store, node: NamedNode, mappings: MappingSet) -> bool:
    return any(quad.graph_name != mappings.iri for quad in store.quads(node))
