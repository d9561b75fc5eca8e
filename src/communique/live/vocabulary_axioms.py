"""Axioms without a name that vocabularies have together, looked for once, with what all pages share (`nameless`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.descriptions.axioms import GENERAL, OWL
from communique.errors import DataError
from communique.live import queries
from communique.live.nameless import MENTIONS, Wanted, gathered
from communique.live.steps import TooMuch, batches
from communique.remote.service import ServiceError
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.errors import CommuniqueError
    from communique.live.reader import Reader
    from communique.live.steps import Steps
    from communique.store import Term

KINDS = [ox.NamedNode(OWL + name) for name in ("AllDifferent", "AllDisjointClasses", "AllDisjointProperties")]
KINDS.append(ox.NamedNode("http://www.w3.org/2003/11/swrl#Imp"))
"""The classes of axioms that are about several terms."""
SOME = 100
"""Terms in a query for those that axioms mention."""


def mentioning(reader: Reader, nodes: Sequence[Term], failed: list[CommuniqueError]) -> set[ox.Quad]:
    """Return what the axioms without a name say that mention some nodes; `failed` gets why some cannot be had."""
    by = queries.values("?p", MENTIONS)
    return _all_of(reader, [Wanted(by + queries.values("?o", each)) for each in batches(nodes, size=SOME)], failed)


def general(reader: Reader, failed: list[CommuniqueError]) -> set[ox.Quad]:
    """Return the same of those that are about several terms, whichever these are."""
    of_kinds = queries.values("?p", [TYPE]) + queries.values("?o", KINDS)
    return _all_of(reader, [Wanted(of_kinds, 0), Wanted(queries.values("?p", GENERAL), 0, pairs=False)], failed)


def _all_of(reader: Reader, wanted: Sequence[Wanted], failed: list[CommuniqueError]) -> set[ox.Quad]:
    def done_without(each: Wanted) -> Steps[set[ox.Quad]]:
        try:
            quads = yield from gathered(reader.manner, each, failed)
        except (ServiceError, TooMuch, DataError) as error:
            failed.append(error)
            quads = set()
        return quads

    try:
        return set().union(*reader.run(map(done_without, wanted)))
    except TooMuch as error:
        failed.append(error)
        return set()
