"""Columns: which properties of a class its table has, as its shapes order them, and of which types they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from unicodedata import category, normalize
from urllib.parse import unquote

from pyoxigraph import NamedNode

from communique.descriptions.evidence import STATED_IN, Evidences
from communique.descriptions.labels import local_name
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import PropertyView
from communique.representations.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from communique.website.site import Site

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
# Told by the columns of labels, whichever of them a class has.
NAMING = frozenset((LABEL, NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")))
UNTOLD = frozenset((*NAMING, TYPE, STATED_IN))
"""Properties that have their own columns, or, as the type, are said by the table as a whole."""
RESERVED = ("id", "label", "type", "statedIn")
"""Names that no property takes: `type` is that of a column of the metadata."""
LINK = "@id"
"""The type of a value that is a node."""
TEXT = XSD + "string"


@dataclass(slots=True)
class Column:
    """A column: its name, its property, and the language of its texts, "" for values of other kinds.

    `choose` picks the language of the text that is shown, of those in which there is one, whichever that is.
    `type` is the datatype that the shapes ask for, `LINK`, or "" if they are silent; `several` whether there is a shape
    and it allows more than one value. `found` collects the types of the values that there are, `most` how many a cell
    has at the most.
    """

    name: str
    path: NamedNode
    language: str = ""
    type: str = ""
    several: bool = True
    view: PropertyView | None = None
    choose: Callable[[Iterable[str]], str] | None = None
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

    A dataset in which nothing is evidence has no column for it. Last come the properties that its members have and no
    shape names, by their IRIs.
    """
    languages = column_languages(site)
    layout = site.presentation.layout((cls,))
    views = [view for _, view in sorted(layout.values(), key=lambda ranked: ranked[0]) if view.shaped]
    shaped = {view.path for view in views}
    views += [PropertyView(path, shaped=False) for path in _properties(site, cls) if path not in shaped]
    views = [view for view in views if view.path not in UNTOLD]
    found = [Column("label", LABEL, several=False, choose=site.labels.language_among)]
    found += [Column(_in_language("label", tag), LABEL, tag, several=False) for tag in languages]
    others: list[Column] = []
    for view, name in zip(views, _names(views, site), strict=True):
        if view.tagged:
            found += [_column(view, _in_language(name, tag), tag) for tag in languages]
        else:
            (found if view.shaped else others).append(_column(view, name, ""))
    # What a dataset has, not what a class has: the tables of one dataset are read alike.
    stated = [Column("statedIn", STATED_IN, type=LINK)] if Evidences(site.store).citable() else []
    return [*found, *stated, *others]


def column_languages(site: Site) -> tuple[str, ...]:
    """Return the languages that have columns: those that the settings name, else those of the data.

    The data have those that they state (`dcterms:language`), else those of their labels.
    """
    settings = site.project.settings
    return settings.languages if settings.names_languages else site.catalog.about.languages or settings.languages


def _column(view: PropertyView, name: str, language: str) -> Column:
    return Column(name, view.path, language, view.value_type, several=view.shaped and view.most != 1, view=view)


def _properties(site: Site, cls: NamedNode) -> list[NamedNode]:
    return sorted((path for path, _ in site.statistics.properties_of[cls]), key=lambda path: path.value)


def _names(views: Iterable[PropertyView], site: Site) -> Iterator[str]:
    """Give a name for each property: the first of its names that no column before it has, whatever the case.

    Readers of SQL and Parquet tell no letters apart by their case. What comes later never renames what was before.
    """
    languages = column_languages(site)
    taken = {_folded(name) for name in (*RESERVED, *(_in_language("label", tag) for tag in languages))}
    for view in views:
        for name in _candidates(view.path, site):
            wanted = {_folded(name)}
            if view.tagged:
                wanted |= {_folded(_in_language(name, tag)) for tag in languages}
            if taken.isdisjoint(wanted):
                taken |= wanted
                yield name
                break


def _candidates(path: NamedNode, site: Site) -> Iterator[str]:
    """Give names for a property: its local name, that with its prefix or namespace, then numbered ones without end."""
    yield _letters(local_name(path.value))
    whole = _letters(unquote(site.store.prefixes.curie(path.value) or path.value, errors="replace"))
    yield whole
    yield from (f"{whole}_{number}" for number in count(2))


def _in_language(name: str, tag: str) -> str:
    return f"{name}_{_letters(tag)}"


def _letters(text: str) -> str:
    """Return the letters and digits of a text, of any script, with `_` for what is between them."""
    # L, M and N: letters, the marks that belong to them, digits.
    kept = (sign if category(sign)[0] in "LMN" else " " for sign in normalize("NFC", text))
    return "_".join("".join(kept).split()) or "x"


def _folded(name: str) -> str:
    return normalize("NFKC", name).casefold()
