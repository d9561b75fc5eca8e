"""Candidates: the focus nodes of a shape that may not conform, found by SPARQL over all targets at once.

What is found is exact or too much, never too little; pyshacl then judges the candidates alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from pyshacl.errors import ReportableRuntimeError

from communique.shacl.bridge import held, to_oxigraph, to_rdflib
from communique.shacl.conditions import FALSE, TRUE
from communique.shacl.translation import Translation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from communique.shacl.bridge import StoreView
    from communique.shacl.shapes import Shapes
    from communique.store import Store, Term

    Functions = Mapping[ox.NamedNode, Callable[..., Term | None]]

SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


class Candidates:
    """The candidates among the focus nodes of each shape, in a store."""

    def __init__(self, shapes: Shapes, *, store: Store, view: StoreView) -> None:
        """Look for candidates in a store; `view` answers the queries of the shapes as it will answer pyshacl."""
        self._shapes = shapes
        self._store = store
        self._view = view

    def of(self, shape: Any) -> list[Any] | None:
        """Return the candidates of a shape as rdflib's terms, or None: pyshacl has to look at all its focus nodes."""
        targets = self._targets(shape)
        if shape.deactivated or targets == "":
            return []
        if targets is None:
            return None
        translation = Translation(self._shapes, classes=self._classes, respelt=self._store.respelt)
        breaks = translation.condition(shape).breaks
        if breaks == TRUE:
            return None
        found = set() if breaks == FALSE else self._select(f"{targets} FILTER({breaks})", translation.functions)
        if translation.queries:
            focus_nodes = self._select(targets, {})
            for constraint in translation.queries:
                for query in constraint.sparql_constraints:
                    failing = self._failing(query, focus_nodes - found)
                    if failing is None:
                        return None
                    found |= failing
        if not self._store.respelt.isdisjoint(found):
            return None  # a literal as a focus node that may have been written otherwise
        return [to_rdflib(node) for node in sorted(found, key=str)]

    def _targets(self, shape: Any) -> str | None:
        """A pattern that binds ?this to each focus node; "" if there are none, None if SPARQL cannot name them."""
        nodes = list(shape.target_nodes())
        classes = {*shape.target_classes(), *shape.implicit_class_targets()}
        wanted = [each for target in sorted(classes) for each in self._classes(target)]
        unsayable = any(
            isinstance(each, rdflib.BNode) or held(to_oxigraph(each)) != to_oxigraph(each) for each in nodes
        )
        if unsayable or any(isinstance(each, rdflib.BNode) for each in wanted) or self._has_custom_target(shape):
            return None
        patterns = [f"?this a {_text(each)} ." for each in dict.fromkeys(wanted)]
        patterns += [f"?this {_text(each)} ?o ." for each in sorted(shape.target_subjects_of())]
        patterns += [f"?s {_text(each)} ?this ." for each in sorted(shape.target_objects_of())]
        if nodes:
            patterns.append(f"VALUES ?this {{ {' '.join(map(_text, nodes))} }}")
        return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)

    def _has_custom_target(self, shape: Any) -> bool:
        return self._shapes.advanced and any(True for _ in self._shapes.parsed.objects(shape.node, _TARGET))

    def _classes(self, wanted: Any) -> list[Any]:
        """A class and all its subclasses in the data."""
        found, waiting = [], [to_oxigraph(wanted)]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.append(each)
                waiting += (quad.subject for quad in self._store.quads(None, SUBCLASS, each))  # type: ignore[misc]
        return [to_rdflib(each) for each in found]

    def _select(self, pattern: str, functions: Functions) -> set[Term]:
        results: Any = self._store.evaluate(f"SELECT DISTINCT ?this {{ {pattern} }}", functions=functions)
        return {row[0] for row in results}

    def _failing(self, query: Any, nodes: set[Term]) -> set[Term] | None:
        """The nodes for which a query of a shape finds something, or None where pyoxigraph cannot ask it."""
        if query.deactivated:
            return set()
        failing = set()
        for node in nodes:
            try:
                bindings, text = query.pre_bind_variables(to_rdflib(node))
                bound = {str(name): to_oxigraph(term) for name, term in bindings.items()}
                answer = self._view.answer(query.apply_prefixes(text), bindings=bound)
            except (SyntaxError, ReportableRuntimeError, NotImplementedError):
                return None
            if answer is None:
                return None
            if any(True for _ in answer):
                failing.add(node)
        return failing


_TARGET = rdflib.URIRef("http://www.w3.org/ns/shacl#target")


def _text(term: Any) -> str:
    return str(to_oxigraph(term))
