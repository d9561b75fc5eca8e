"""Axioms without a name: what a vocabulary says of its terms in statements whose subject is a blank node.

`[] a owl:AllDisjointClasses ; owl:members ( :A :B )` belongs to the document that describes `:A`, as no other would
have it. Things that merely have no name, such as `[] a :Person`, are no axioms.
"""

from __future__ import annotations

import re
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, cast

from pyoxigraph import BlankNode, NamedNode

from communique.descriptions.closure import closure
from communique.descriptions.views import FIRST, RDF, REST
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox
    from pyoxigraph import Quad

    from communique.store import Store, Subject

OWL, RDFS = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
LANGUAGES = (OWL, "http://www.w3.org/2003/11/swrl#")
"""Namespaces of the languages in which axioms and rules are written."""
RELATIONS = {RDFS + each for each in ("domain", "range", "subClassOf", "subPropertyOf")}
REIFIED = NamedNode(RDF + "Statement")
ONTOLOGY = NamedNode(OWL + "Ontology")
SOURCE, SUBJECT = NamedNode(OWL + "annotatedSource"), NamedNode(RDF + "subject")
INDIVIDUAL = NamedNode(OWL + "sourceIndividual")
ABOUT_ONE = (SOURCE, INDIVIDUAL, SUBJECT)
"""What leads from an axiom to the one thing that it is about."""
MEMBERS = frozenset((NamedNode(OWL + "members"), NamedNode(OWL + "distinctMembers")))
GENERAL = tuple(map(NamedNode, sorted([*RELATIONS, OWL + "equivalentClass", OWL + "disjointWith", OWL + "inverseOf"])))
"""What a class or a property without a name says of one that has a name."""
MOST_MEMBERS = 100
"""Longer lists of members stand in no document of a member: each would be as long as all of them."""
MOST = 1_000
"""So many axioms stand in the document of an ontology whose terms have documents of their own."""
_NAME = re.compile(r'(?<!["\w])_:[A-Za-z0-9]+')
_ROOTS = """SELECT DISTINCT ?node {
  { ?node ?p ?o } UNION { GRAPH ?g { ?node ?p ?o } }
  FILTER(isBlank(?node)) FILTER NOT EXISTS { ?s ?q ?node }
}"""
_LED_TO = """SELECT DISTINCT ?node {
  { ?s ?p ?node } UNION { GRAPH ?g { ?s ?p ?node } }
  FILTER(isBlank(?node) && isBlank(?s)) FILTER NOT EXISTS { ?iri ?q ?node FILTER(isIRI(?iri)) }
}"""


class Axioms:
    """The axioms without a name of one store; of an excerpt those that it holds apart, each of them whole."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet."""
        self._whole, self._store = store, store.loose

    def over(self, store: Store) -> Axioms:
        """Return the axioms of another state of the data; where they are the same, what is known of them is kept."""
        if store.loose is not self._store:
            return Axioms(store)
        other = copy(self)
        other._whole = store
        return other

    @property
    def quads(self) -> Iterator[Quad]:
        """All that the axioms say, and the blank nodes that they lead to."""
        return closure(self._store, self._roots)

    @cached_property
    def by_mention(self) -> dict[NamedNode, list[BlankNode]]:
        """The axioms by each node that they mention, whatever stands between."""
        found: dict[NamedNode, list[BlankNode]] = {}
        for root in self._roots:
            mentioned = (quad.object for quad in closure(self._store, (root,)))
            for node in dict.fromkeys(each for each in mentioned if isinstance(each, NamedNode)):
                found.setdefault(node, []).append(root)
        return found

    def about(self, node: Subject) -> list[BlankNode]:
        """Return the axioms that are about a thing itself, or about what has no name.

        These are remarks on what is said of it, what is not so of it, what it is together with others (a hundred in all
        at the most), and what classes and properties without a name are to it.
        """
        found = {root for path in self._in_use - MEMBERS for root in self._subjects(path, node)}
        if lists := self._in_use & MEMBERS:
            found |= {root for head in self._heads(node) for path in lists for root in self._subjects(path, head)}
        found.update(self._general.get(node, ()))
        return self._sorted(found)

    def of_ontology(self, ontology: NamedNode) -> list[BlankNode]:
        """Return the axioms that mention a term of an ontology and are about no single thing, a thousand at the most.

        Of the only ontology of a store they are all; the terms of one of several begin with its IRI.
        """
        whole = {quad.subject for quad in self._whole.quads(None, TYPE, ONTOLOGY)} == {ontology}
        start = ontology.value.rstrip("/#")
        begins = (start + "/", start + "#")
        found = {
            root for node, roots in self.by_mention.items() if whole or node.value.startswith(begins) for root in roots
        }
        return self._sorted(each for each in found if not self._is_about_one(each))[:MOST]

    @cached_property
    def _in_use(self) -> frozenset[NamedNode]:
        """What leads from axioms to what they are about, as far as there are any."""
        return frozenset(
            path for path in (*ABOUT_ONE, *MEMBERS) if next(self._store.quads(None, path), None) is not None
        )

    @cached_property
    def _general(self) -> dict[Subject, list[BlankNode]]:
        found: dict[Subject, list[BlankNode]] = {}
        for path in GENERAL:
            for quad in self._store.quads(None, path):
                node, root = quad.object, quad.subject
                if isinstance(root, BlankNode) and isinstance(node, NamedNode) and not self._is_led_to(root):
                    found.setdefault(node, []).append(root)
        return found

    @cached_property
    def _roots(self) -> list[BlankNode]:
        """The axioms to which nothing leads, or only a circle of blank nodes."""
        roots = self._nodes(_ROOTS)
        found = {each for each in roots if _is_axiom(self._store, each)}
        led_to = self._nodes(_LED_TO)
        if any(_is_axiom(self._store, each) for each in led_to):
            # What else is there of blank nodes begins something, or belongs to an IRI.
            others = (quad.subject for quad in self._store.quads() if quad.subject not in led_to)
            told = closure(self._store, {each for each in others if isinstance(each, BlankNode)})
            circles = led_to - {quad.subject for quad in told}
            found |= {each for each in circles if _is_axiom(self._store, each)}
        return sorted(found, key=str)

    def _nodes(self, query: str) -> set[BlankNode]:
        found = cast("ox.QuerySolutions", self._store.evaluate(query))
        return {node for (node,) in found if isinstance(node, BlankNode)}

    def _sorted(self, axioms: Iterable[BlankNode]) -> list[BlankNode]:
        """Return axioms in an order that does not depend on their names, unless they say the same."""
        found = sorted(axioms, key=str)
        if len(found) > 1:
            found.sort(key=lambda axiom: sorted(_NAME.sub("_:", str(quad)) for quad in closure(self._store, (axiom,))))
        return found

    def _subjects(self, path: NamedNode, node: Subject) -> Iterator[BlankNode]:
        """Give the axioms that lead to a node and belong to no IRI, as the rows of a mapping set do."""
        for subject in {quad.subject for quad in self._store.quads(None, path, node)}:
            owners = (quad.subject for quad in self._store.quads(None, None, subject))
            if isinstance(subject, BlankNode) and not any(isinstance(each, NamedNode) for each in owners):
                yield subject

    def _heads(self, node: Subject) -> Iterator[BlankNode]:
        """Give the beginnings of the lists that are not too long and have a member."""
        for quad in self._store.quads(None, FIRST, node):
            steps, head = 0, quad.subject
            while steps < MOST_MEMBERS and (before := next(self._store.quads(None, REST, head), None)):
                steps, head = steps + 1, before.subject
            if steps < MOST_MEMBERS and isinstance(head, BlankNode) and self._is_short(head):
                yield head

    def _is_short(self, head: Subject) -> bool:
        for _ in range(MOST_MEMBERS):
            after = next(self._store.quads(head, REST), None)
            if after is None or not isinstance(after.object, BlankNode):
                return True
            head = after.object
        return False

    def _is_led_to(self, node: Subject) -> bool:
        return next(self._store.quads(None, None, node), None) is not None

    def _is_about_one(self, root: BlankNode) -> bool:
        return any(next(self._store.quads(root, path), None) is not None for path in ABOUT_ONE)


def _is_axiom(store: Store, root: BlankNode) -> bool:
    return any(
        quad.predicate.value in RELATIONS
        or quad.predicate.value.startswith(LANGUAGES)
        or (
            quad.predicate == TYPE
            and isinstance(quad.object, NamedNode)
            and (quad.object == REIFIED or quad.object.value.startswith(LANGUAGES))
        )
        for quad in store.quads(root)
    )
