"""Authors: people by family and given name, institutions by one name, in each form that citations are read in.

A person is whoever the data call one, or give a family name. Where they say only how the whole name is written, no part
of it is taken for the family name, unless a comma tells which it is: `Zhang Jun` and `Ada Lovelace` begin otherwise.
What stands behind both (`Jr.`) is a suffix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.people import PEOPLE
from communique.descriptions.presentation import TYPE
from communique.legibility import legible_name
from communique.metadata.name_parts import NameParts, parts_of_name, suffix_of, without_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.store import Term
    from communique.website.site import Site

FOAF, VCARD = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/2006/vcard/ns#"
SCHEMA = ("http://schema.org/", "https://schema.org/")
FAMILY = tuple(
    NamedNode(iri)
    for iri in (
        *(FOAF + each for each in ("familyName", "lastName", "family_name", "surname")),
        *(each + "familyName" for each in SCHEMA),
        VCARD + "family-name",
    )
)
FORMATTED = (NamedNode(VCARD + "fn"), NamedNode(VCARD + "organization-name"))
ORCID = ("https://orcid.org/", "http://orcid.org/")
"""Names of researchers begin so."""
GIVEN = tuple(
    NamedNode(iri)
    for iri in (
        *(FOAF + each for each in ("givenName", "firstName", "givenname")),
        *(each + "givenName" for each in SCHEMA),
        VCARD + "given-name",
    )
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who is cited: by `name`, "" if the data tell none; a person by `family` too, and by what else is known.

    Institutions have neither `family` nor `given` nor `suffix`.
    """

    name: str
    family: str = ""
    given: str = ""
    suffix: str = ""

    @property
    def is_person(self) -> bool:
        """Whether programs may sort, shorten and abbreviate the name as that of a person."""
        return bool(self.family)

    @property
    def sorted_name(self) -> str:
        """The name as it is sorted: the family name first, with a comma before the given one and the suffix."""
        return ", ".join(part for part in (self.family or self.name, self.given, self.suffix) if part)

    @property
    def csl(self) -> dict[str, str]:
        """The name as CSL-JSON has it, which keeps a word for names of which no part is told."""
        if not self.is_person or self.family == self.name:
            return {"literal": self.name}
        return _stated({"family": self.family, "given": self.given, "suffix": self.suffix})

    @property
    def cff(self) -> dict[str, str]:
        """The name as the Citation File Format 1.2.0 has it: of a person or of an entity.

        It has no word for the whole name of a person. `name` would call the person an entity, and programs refuse or
        tear what has an `alias` or given names alone; family names alone are written as they stand by all.
        """
        person = {"family-names": self.family, "given-names": self.given, "name-suffix": self.suffix}
        return _stated(person) if self.is_person else {"name": self.name}


def author(site: Site, agent: Term) -> Author:
    """Return how whoever made or publishes something is cited."""
    if isinstance(agent, Literal):
        return Author(_line(agent.value))
    family, given = _text(site, agent, FAMILY), _text(site, agent, GIVEN)
    label = site.labels.known(agent) if isinstance(agent, NamedNode | BlankNode) else None
    spelt = NameParts(family, given).spoken or _text(site, agent, FORMATTED)
    name = _line(label.text) if label else spelt
    if family:
        return Author(name, without_suffix(family), given, suffix_of(name) or suffix_of(family))
    if not name or not is_person(site, agent):
        return Author(name)
    parts = parts_of_name(name)
    return Author(parts.spoken, *parts) if parts.family else Author(name, name)


def is_person(site: Site, agent: Term) -> bool:
    """Tell whether the data call somebody a person, by an ORCID as well, or give a family name."""
    if not isinstance(agent, NamedNode | BlankNode):
        return False
    if agent.value.startswith(ORCID):
        return True
    types = {quad.object.value for quad in site.store.quads(agent, TYPE) if isinstance(quad.object, NamedNode)}
    return bool(types & PEOPLE) or bool(_text(site, agent, FAMILY))


def _text(site: Site, agent: Term, paths: Iterable[NamedNode]) -> str:
    """Return the value of the first property that has one, in the best language."""
    if not isinstance(agent, NamedNode | BlankNode):
        return ""
    for path in paths:
        found = sorted({q.object for q in site.store.quads(agent, path) if isinstance(q.object, Literal)}, key=str)
        if best := site.labels.choose({term.language or "": term.value for term in reversed(found)}):
            return _line(best.text)
    return ""


def _stated(names: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in names.items() if value}


def _line(text: str) -> str:
    return legible_name(" ".join(text.split()))
