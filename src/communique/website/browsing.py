"""Browsing: the classes of the data and their members, in the order in which a reader looks for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.descriptions.evidence import CMQ
from communique.descriptions.labels import local_name
from communique.descriptions.links import natural
from communique.descriptions.presentation import TYPE
from communique.descriptions.views import RDF, SH
from communique.legibility import legible_name
from communique.website.facets import facets_of
from communique.website.pages import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from communique.descriptions.labels import Labels
    from communique.descriptions.presentation import Presentation
    from communique.descriptions.targets import Targets
    from communique.iris import Prefixes
    from communique.store import Store, Term
    from communique.website.facets import Facet

META = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#", RDF, SH)
"""Namespaces of the words in which vocabularies are written: no class of theirs is a class of the data."""
EVIDENCE = frozenset(NamedNode(CMQ + name) for name in ("Passage", "Interpretation", "ExternalReport", "Register"))
MEETING = NamedNode(CMQ + "Meeting")
DATES = (NamedNode("http://schema.org/startDate"), NamedNode("http://purl.org/dc/terms/date"))
HAS_DATE = NamedNode(CMQ + "hasDate")
LATEST = NamedNode(CMQ + "latest")
PER_PAGE = 500
FEW = 30
"""So many members or fewer need no letters to find one."""


class Listing(NamedTuple):
    """Things in the order of their labels on as many pages as they take; `path` has no extension."""

    path: str
    members: tuple[NamedNode, ...]

    @property
    def size(self) -> int:
        """The number of members."""
        return len(self.members)

    @property
    def parts(self) -> int:
        """The number of pages that the list takes."""
        return -(-self.size // PER_PAGE)

    def path_of(self, part: int) -> str:
        """Return the path of one page of the list, counted from 1."""
        # Below the first page, since beside it another list may be called so.
        return self.path if part == 1 else f"{self.path}/{part}"

    def members_of(self, part: int) -> tuple[NamedNode, ...]:
        """Return what stands on one page of the list."""
        return self.members[(part - 1) * PER_PAGE : part * PER_PAGE]


@dataclass(frozen=True, slots=True)
class ClassList:
    """A class, the list of its members that have pages, and the facets that divide this."""

    cls: NamedNode
    listing: Listing
    facets: tuple[Facet, ...] = ()

    @property
    def path(self) -> str:
        """The path of the first page, without an extension."""
        return self.listing.path

    @property
    def members(self) -> tuple[NamedNode, ...]:
        """All members, in the order of their labels."""
        return self.listing.members

    @property
    def size(self) -> int:
        """The number of members."""
        return len(self.members)

    def of(self, facet: str) -> Listing:
        """Return the list of one value of a facet, by its name, or the whole list for ""."""
        values = (value for each in self.facets for value in each.values if value.name == facet)
        return next((Listing(f"{self.path}/{value.name}", value.members) for value in values), self.listing)

    def pages(self) -> Iterator[Page]:
        """Give the pages of all lists."""
        for facet in ("", *(value.name for each in self.facets for value in each.values)):
            listing = self.of(facet)
            for part in range(1, listing.parts + 1):
                yield Page(listing.path_of(part), Kind.CLASS, self.cls, part=part, facet=facet)


def pages_of_lists(lists: Collection[ClassList]) -> Iterator[Page]:
    """Give the pages of all lists, and the one that names all classes."""
    for each in lists:
        yield from each.pages()
    for each in islice(lists, 1):
        yield Page(index_of(each), Kind.CLASSES)


def index_of(listed: ClassList) -> str:
    """Return the path of the page that names all classes, without an extension."""
    return f"{listed.path.rpartition('/')[0]}/index"


class Letter(NamedTuple):
    """The members whose labels begin with one letter."""

    letter: str
    members: tuple[NamedNode, ...]


def class_lists(
    store: Store, *, targets: Targets, labels: Labels, presentation: Presentation, folder: str
) -> dict[NamedNode, ClassList]:
    """Return the classes of the data that have members with pages, in the order of their labels."""
    members: dict[NamedNode, set[NamedNode]] = {}
    for subject, _, cls, _ in store.quads(None, TYPE, None, None):
        if isinstance(subject, NamedNode) and isinstance(cls, NamedNode) and subject in targets:
            members.setdefault(cls, set()).add(subject)
    lists = []
    listed = sorted((each for each in members if not each.value.startswith(META)), key=str)
    for cls, name in names_of_lists(listed, store.prefixes.chosen).items():
        listing = Listing(f"{folder}/{name}", by_label(members[cls], labels))
        facets = facets_of(store, cls=cls, members=listing.members, presentation=presentation, labels=labels)
        lists.append(ClassList(cls, listing, facets))
    order = by_label((each.cls for each in lists), labels)
    return {each.cls: each for each in sorted(lists, key=lambda each: order.index(each.cls))}


def in_order_of_labels(classes: Mapping[NamedNode, ClassList], labels: Labels) -> dict[NamedNode, ClassList]:
    """Return the same lists in the order of other labels."""
    lists = {}
    for cls, each in classes.items():
        members = by_label(each.members, labels)
        facets = tuple(facet.in_order_of(labels, members=members) for facet in each.facets)
        lists[cls] = ClassList(cls, each.listing._replace(members=members), facets)
    return {cls: lists[cls] for cls in by_label(lists, labels)}


def homonyms(classes: Iterable[NamedNode], labels: Labels, prefixes: Prefixes) -> dict[Term, str]:
    """Return the prefixed name, or the IRI without one, of each class that shares its label with another one."""
    by_text: dict[str, list[NamedNode]] = {}
    for cls in classes:
        by_text.setdefault(labels.of(cls).text, []).append(cls)
    several = (cls for those in by_text.values() if len(those) > 1 for cls in those)
    return {cls: prefixes.curie(cls.value) or legible_name(cls.value) for cls in several}


def by_label(nodes: Iterable[NamedNode], labels: Labels) -> tuple[NamedNode, ...]:
    """Return nodes in the order of their labels."""
    return tuple(sorted(nodes, key=lambda node: (_sort_text(labels.of(node).text), node.value)))


def by_letter(nodes: tuple[NamedNode, ...], labels: Labels) -> tuple[Letter, ...]:
    """Return nodes, which are in the order of their labels, by the first letter of these."""
    groups = groupby(nodes, key=lambda node: first_letter(labels.of(node).text))
    return tuple(Letter(letter, tuple(group)) for letter, group in groups)


def first_letter(text: str) -> str:
    """Return the letter by which a text is looked up; numbers stand together, "#" for what has neither."""
    first = next((sign for sign in text.upper() if sign.isalnum()), "#")
    return "0–9" if first.isdecimal() else first


def lettered_parts(listing: Listing, labels: Labels) -> dict[str, int]:
    """Return the part of a list on which each letter begins.

    Nothing, where letters would not help: where there are few members, or all begin alike.
    """
    found: dict[str, int] = {}
    for place, node in enumerate(listing.members):
        found.setdefault(first_letter(labels.of(node).text), place // PER_PAGE + 1)
    return found if len(listing.members) > FEW and len(found) > 1 else {}


def newest(store: Store, *, members: Iterable[NamedNode], limit: int = 6) -> tuple[tuple[NamedNode, str], ...]:
    """Return the latest of some things that have a date, each with the date as it is written, the latest first."""
    dated = ((node, date) for node in members if (date := _date(store, node)))
    return tuple(sorted(dated, key=lambda pair: (pair[1], pair[0].value), reverse=True)[:limit])


def _date(store: Store, node: NamedNode) -> str:
    for path in DATES:
        found = (quad.object for quad in store.quads(node, path, None, None))
        if dates := sorted(term.value for term in found if isinstance(term, Literal)):
            return dates[-1]
    for quad in store.quads(node, HAS_DATE, None, None):
        if isinstance(quad.object, NamedNode):
            latest = (each.object for each in store.quads(quad.object, LATEST, None, None))
            return next((term.value for term in latest if isinstance(term, Literal)), "")
    return ""


def names_of_lists(classes: Iterable[NamedNode], prefixes: Prefixes) -> dict[NamedNode, str]:
    """Return a name for the list of each class: its local name; for those that share one, with their prefix before it.

    So a name depends on no order. What has no prefix then has a number.
    """
    plain = {cls: _plain(local_name(cls.value)) for cls in classes}
    shared = Counter(plain.values())
    found: dict[str, NamedNode] = {}
    for cls, name in plain.items():
        curie = prefixes.curie(cls.value) if shared[name] > 1 else None
        path = wanted = _plain(curie) if curie else name
        number = 1
        while path in found:
            number += 1
            path = f"{wanted}-{number}"
        found[path] = cls
    return {cls: path for path, cls in found.items()}


def _plain(name: str) -> str:
    letters = (letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "".join(letters).strip("-")[:60] or "class"


def _sort_text(text: str) -> str:
    return natural("".join(sign for sign in text.casefold() if sign.isalnum() or sign.isspace()) or text)
