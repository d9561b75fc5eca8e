"""Links to the page about a thing of others, or to another spelling of its name, with the lines in which they stand."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.alignment.page_addresses import named_properly
from communique.descriptions.outward import RELATIONS
from communique.errors import Problem
from communique.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad

    from communique.iris import Prefixes
    from communique.store import GraphName, Store

MOST = 100
"""So many are told one by one."""
# https://schema.org/sameAs is made for pages.
BETWEEN_THINGS = tuple(relation for relation in RELATIONS if "schema.org" not in relation.value)


def misnamed(
    store: Store,
    files: Iterable[Path],
    *,
    prefixes: Prefixes,
    except_in: Container[GraphName] = (),
    relative: bool = False,
) -> Iterator[Problem]:
    """Give a problem for each triple that links a thing to such an address, except in the graphs named."""
    quads = (quad for relation in BETWEEN_THINGS for quad in store.quads(None, relation))
    wrong = (quad for quad in quads if quad.graph_name not in except_in and _fault(quad.object))
    found = sorted(set(islice(wrong, MOST + 1)), key=str)
    if not found:
        return
    positions = Positions(files, nodes={quad.subject for quad in found}, relative=relative)
    for quad in found[:MOST]:
        yield _problem(quad, positions, prefixes)
    if len(found) > MOST:
        yield Problem(None, None, None, f"There are more links of this kind than {MOST}.", "Mend these first.")


def fault_of_link(predicate: NamedNode, target: NamedNode, *, prefixes: Prefixes) -> tuple[str, str] | None:
    """Return what is wrong with a link whose target is such an address, and what to do; None if it is not."""
    fault = _fault(target) if predicate in BETWEEN_THINGS else None
    if fault is None:
        return None
    name = prefixes.curie(predicate.value) or predicate.value
    return f"says {name} <{target.value}>, which is not how {fault[0]} names the thing.", f"Write <{fault[1]}>."


def _fault(term: object) -> tuple[str, str] | None:
    return named_properly(term.value) if isinstance(term, NamedNode) else None


def _problem(quad: Quad, positions: Positions, prefixes: Prefixes) -> Problem:
    assert isinstance(quad.object, NamedNode)
    place = positions.of_triple(quad.subject, quad.predicate, quad.object) or positions.of_node(quad.subject)
    fault = fault_of_link(quad.predicate, quad.object, prefixes=prefixes)
    assert fault
    return Problem(place.path if place else None, place.line if place else None, None, *fault)
