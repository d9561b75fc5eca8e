"""Facets: a long list of things divided by what they have in common, as lists that can be made beforehand.

Shapes decide by what: the properties that they name for a class, in their order. A property divides a list if

* its values are things, texts of a few words, whole numbers, yes or no, or dates, which count by their year;
* it has at least two values among the members, at most 24, and no more than half as many as there are members;
* at least half of the members have one;
* no property before it divides the list into the same parts.

The first four that do are facets. Lists of ten or fewer members have none: a glance is quicker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.descriptions.labels import local_name
from communique.descriptions.links import natural
from communique.descriptions.outward import RELATIONS
from communique.descriptions.tables import NAMING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from communique.descriptions.labels import Labels
    from communique.descriptions.presentation import Presentation
    from communique.descriptions.views import PropertyView
    from communique.store import Store, Term

MOST_FACETS = 4
MOST_VALUES = 24
FEW_MEMBERS = 10
LONGEST_TEXT = 40
XSD = "http://www.w3.org/2001/XMLSchema#"
DATES = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth"))
SHORT = frozenset(XSD + name for name in ("string", "boolean", "token", "integer", "gYear"))
YEAR = re.compile(r"-?\d{4,}")
NOT_FACETS = NAMING | {path.value for path in RELATIONS}


class FacetValue(NamedTuple):
    """One value, the name of its list (the last part of a path), and who has it, in the order of the whole list."""

    term: Term
    name: str
    members: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that divides a list, and its values, years from the latest, all else by label."""

    view: PropertyView
    values: tuple[FacetValue, ...]

    def in_order_of(self, labels: Labels, *, members: tuple[NamedNode, ...]) -> Facet:
        """Return the same facet in the order of other labels; `members` is the whole list in that order."""
        known = {value.term: value for value in self.values}
        values = []
        for term in _ordered(known, labels):
            those = frozenset(known[term].members)
            values.append(known[term]._replace(members=tuple(each for each in members if each in those)))
        return Facet(self.view, tuple(values))


def facets_of(
    store: Store, *, cls: NamedNode, members: tuple[NamedNode, ...], presentation: Presentation, labels: Labels
) -> tuple[Facet, ...]:
    """Return the facets of the members of a class."""
    if len(members) <= FEW_MEMBERS:
        return ()
    order = {member: place for place, member in enumerate(members)}
    found: list[Facet] = []
    taken: set[str] = set()
    divisions: list[set[frozenset[int]]] = []
    for view in _views(presentation, cls):
        shares = _shares(store, view.path, order)
        division = {frozenset(places) for places in shares.values()} if shares else set()
        if shares and division not in divisions:
            divisions.append(division)
            found.append(Facet(view, tuple(_values(view, shares, members, labels, taken))))
            if len(found) == MOST_FACETS:
                break
    return tuple(found)


def _views(presentation: Presentation, cls: NamedNode) -> Iterator[PropertyView]:
    layout = presentation.layout((cls,))
    ranked = sorted(layout.values(), key=lambda pair: pair[0])
    return (view for _, view in ranked if view.shaped and view.path.value not in NOT_FACETS)


def _shares(store: Store, path: NamedNode, order: dict[NamedNode, int]) -> dict[Term, set[int]] | None:
    """Return the places of the members by value, or None where the property divides nothing."""
    found: dict[Term, set[int]] = {}
    if store.held_back(path, None):
        return None
    for subject, _, term, _ in store.quads(None, path, None, None):
        place = order.get(subject)
        if place is None:
            continue
        value = _value(term)
        if value is None:
            return None
        found.setdefault(value, set()).add(place)
        if len(found) > MOST_VALUES:
            return None
    those = set().union(*found.values()) if found else ()
    divides = 2 <= len(found) <= len(order) / 2 and len(those) * 2 >= len(order)
    return found if divides else None


def _value(term: Term) -> Term | None:
    """Return what counts as the value, None for what cannot be one."""
    if isinstance(term, NamedNode):
        return term
    if not isinstance(term, Literal) or term.language:
        return None
    datatype = term.datatype.value
    if datatype in DATES:
        year = YEAR.match(term.value)
        return Literal(year[0], datatype=NamedNode(XSD + "gYear")) if year else None
    return term if datatype in SHORT and 0 < len(term.value) <= LONGEST_TEXT else None


def _values(
    view: PropertyView, shares: dict[Term, set[int]], members: tuple[NamedNode, ...], labels: Labels, taken: set[str]
) -> Iterator[FacetValue]:
    start = _slug(local_name(view.path.value))
    for term in _ordered(shares, labels):
        end = local_name(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", ""))
        those = tuple(members[place] for place in sorted(shares[term]))
        yield FacetValue(term, _free(f"{start}-{_slug(end)}", taken), those)


def _ordered(terms: Collection[Term], labels: Labels) -> list[Term]:
    years = all(isinstance(term, Literal) and term.datatype.value == XSD + "gYear" for term in terms)
    return sorted(terms, key=lambda term: (natural(labels.of(term).text.casefold()), str(term)), reverse=years)


def _slug(text: str) -> str:
    words = re.sub("(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()
    return re.sub("[^a-z0-9]+", "-", words).strip("-")[:40] or "value"


def _free(name: str, taken: set[str]) -> str:
    path, number = name, 1
    while path in taken:
        number += 1
        path = f"{name}-{number}"
    taken.add(path)
    return path
