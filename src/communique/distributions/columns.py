"""Columns: which properties of a class its table has, as its shapes order them, and of which types they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.descriptions.evidence import STATED_IN
from communique.descriptions.labels import local_name
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import PropertyView
from communique.representations.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.website.site import Site

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
# Told by the columns of labels, whichever of them a class has.
NAMING = frozenset((LABEL, NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")))
LINK = "@id"
"""The type of a value that is a node."""
TEXT = XSD + "string"
_PROPERTIES = "SELECT DISTINCT ?p {{ ?s a {cls} ; ?p ?o }}"


@dataclass(slots=True)
class Column:
    """A column: its name, its property, and the language of its texts, "" for values of other kinds.

    `ranges` are languages in the order in which the best text is chosen, whatever its language is in the end.
    `type` is the datatype that the shapes ask for, `LINK`, or "" if they are silent; `several` whether they allow more
    than one value. `found` collects the types of the values that there are, `most` how many a cell has at the most.
    """

    name: str
    path: NamedNode
    language: str = ""
    type: str = ""
    several: bool = True
    view: PropertyView | None = None
    ranges: tuple[str, ...] = ()
    found: set[str] = field(default_factory=set)
    most: int = 0

    @property
    def is_list(self) -> bool:
        """Whether a cell may hold several values, by the shapes or in fact."""
        return self.several or self.most > 1

    @property
    def datatype(self) -> str:
        """The datatype of all values: what the shapes ask for if all keep to it, else the one there is, else text."""
        wanted = self.type or next(iter(self.found), TEXT)
        if self.found <= {wanted} or (wanted == XSD + "decimal" and self.found <= {wanted, XSD + "integer"}):
            return wanted
        return TEXT


def columns_of(site: Site, cls: NamedNode) -> list[Column]:
    """Return the columns of a class after `id`: its name, labels by language, what its shapes name, the evidence.

    A class of which no shape speaks has the properties that its members have.
    """
    languages = site.labels.languages
    layout = site.presentation.layout((cls,))
    views = [view for _, view in sorted(layout.values(), key=lambda ranked: ranked[0]) if view.shaped]
    views = views or [PropertyView(path, shaped=False) for path in _properties(site, cls)]
    found = [Column("label", LABEL, several=False, ranges=tuple(languages))]
    found += [Column(f"label_{_letters(tag)}", LABEL, tag, several=False) for tag in languages]
    names = _names([view.path for view in views], site)
    for view in views:
        if view.path in NAMING or view.path == TYPE or view.path == STATED_IN:
            continue
        if view.tagged:
            found += [_column(view, f"{names[view.path]}_{_letters(tag)}", tag) for tag in languages]
        else:
            found.append(_column(view, names[view.path], ""))
    return [*found, Column("statedIn", STATED_IN, type=LINK)]


def _column(view: PropertyView, name: str, language: str) -> Column:
    return Column(name, view.path, language, view.value_type, several=view.most != 1, view=view)


def _properties(site: Site, cls: NamedNode) -> Iterator[NamedNode]:
    found = site.store.evaluate(_PROPERTIES.format(cls=cls))
    yield from sorted((row[0] for row in found), key=lambda path: path.value)  # type: ignore[union-attr]


def _names(paths: Iterable[NamedNode], site: Site) -> dict[NamedNode, str]:
    """Return a name for each property: its local name, with its prefix where another has the same."""
    taken: dict[str, NamedNode] = {}
    found = {}
    for path in paths:
        name = _letters(local_name(path.value))
        if name.casefold() in {"id", "label", "statedin"} or taken.setdefault(name.casefold(), path) != path:
            name = _letters(site.store.prefixes.curie(path.value) or path.value)
            taken.setdefault(name.casefold(), path)
        found[path] = name
    return found


def _letters(text: str) -> str:
    """Return what may stand in the name of a column (CSVW metadata, section 5.6: a variable of RFC 6570)."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or "x"
