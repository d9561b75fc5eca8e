"""Axioms without a name: what a vocabulary says of its terms in statements whose subject is a blank node.

`[] a owl:AllDisjointClasses ; owl:members ( :A :B )` belongs to the document that describes `:A`, as no other would
have it. Things that merely have no name, such as `[] a :Person`, are no axioms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pyoxigraph import BlankNode, NamedNode

from communique.descriptions.closure import closure
from communique.descriptions.presentation import TYPE

if TYPE_CHECKING:
    import pyoxigraph as ox

    from communique.store import Store

LANGUAGES = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2003/11/swrl#")
"""Namespaces of the languages in which axioms and rules are written."""
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RELATIONS = {RDFS + each for each in ("domain", "range", "subClassOf", "subPropertyOf")}
REIFIED = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement")
_ROOTS = """SELECT DISTINCT ?root {
  { ?root ?p ?o } UNION { GRAPH ?g { ?root ?p ?o } }
  FILTER(isBlank(?root)) FILTER NOT EXISTS { ?s ?q ?root }
}"""


def axioms(store: Store) -> dict[NamedNode, list[BlankNode]]:
    """Return the axioms without a name by each node that they mention, whatever stands between.

    Of an excerpt there are none: who reads a service node by node cannot tell when such an axiom is complete.
    """
    found: dict[NamedNode, list[BlankNode]] = {}
    if not store.is_whole:
        return found
    for (root,) in cast("ox.QuerySolutions", store.evaluate(_ROOTS)):
        if isinstance(root, BlankNode) and _is_axiom(store, root):
            mentioned = (quad.object for quad in closure(store, (root,)))
            for node in dict.fromkeys(each for each in mentioned if isinstance(each, NamedNode)):
                found.setdefault(node, []).append(root)
    return {node: sorted(roots, key=str) for node, roots in found.items()}


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
