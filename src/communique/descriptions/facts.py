"""Facts: what is said of one resource, in the order in which it is shown, each value with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode

    from communique.descriptions.evidence import Evidence
    from communique.descriptions.links import Assertions, Incoming
    from communique.descriptions.views import Group, PropertyView
    from communique.store import Term


@dataclass(frozen=True, slots=True)
class Value:
    """One object of a property and every graph that states it.

    `nested` describes a value that is shown in place: a blank node, or a node that a shape nests. Where the node occurs
    again it is None. `items` are the members of a well-formed RDF list, whose head is then `term`.
    """

    term: Term
    evidence: tuple[Evidence, ...]
    nested: Description | None = None
    items: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one property in a stable order; of an inverse one, the first of `count`."""

    view: PropertyView
    values: tuple[Value, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Description:
    """One resource: its types, its facts in the order of the shapes, and every graph that states one of them.

    `own` are those facts of which it is the subject, as documents tell them: types, labels, then in shape order.
    `incoming` links, what stands in the graph of this name (`asserts`) and `axioms` without a name that are about it,
    or about something in them, are not read for nested descriptions.
    """

    resource: NamedNode | BlankNode
    types: tuple[NamedNode, ...]
    facts: tuple[Facts, ...]
    own: tuple[Facts, ...]
    evidence: tuple[Evidence, ...]
    incoming: tuple[Incoming, ...] = ()
    asserts: Assertions | None = None
    axioms: tuple[Description, ...] = ()

    @property
    def sections(self) -> tuple[tuple[Group | None, tuple[Facts, ...]], ...]:
        """The facts by group; those without one come last, first what shapes name, then what they do not."""
        return tuple((group, tuple(facts)) for group, facts in groupby(self.facts, key=lambda facts: facts.view.group))
