"""Shapes, read and checked: pyshacl's shapes with their constraints, and the file that each shape stands in."""

from __future__ import annotations

import logging
import re
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pyshacl.monkey
import rdflib
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning, ReportableRuntimeError
from pyshacl.shapes_graph import ShapesGraph

from communique.errors import DataError, Problem
from communique.positions import Positions
from communique.shacl.bridge import quiet, to_oxigraph, to_rdflib
from communique.shacl.paths import sparql_path
from communique.shacl.structure import SH, faults
from communique.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from communique.store import Term

ADVANCED = ("target", "expression")
DECLARE = rdflib.URIRef(SH + "declare")
IGNORED = ("rule", "SPARQLFunction")
SILENT = logging.Logger("pyshacl", level=logging.CRITICAL)
patches: Any = pyshacl.monkey  # its functions have no types


class Shapes:
    """The shapes of some files; raises DataError, which names shape and file, if one is malformed or refused."""

    def __init__(self, files: Mapping[Path, Iterable[ox.Quad]]) -> None:
        """Read the quads of each file."""
        self.files = len(files)
        self.origin: dict[Term, Path] = {}
        quads: list[ox.Quad] = []
        for path, found in files.items():
            for quad in found:
                quads.append(quad)
                self.origin.setdefault(quad.subject, path)
        self.store = Store.of(quads)
        refused = [self.problem(node, fault) for node, fault in faults(self.store)]
        if refused:
            raise DataError(refused)
        self.parsed: Any = ShapesGraph(_graph(quads), logger=SILENT)
        self._check()

    @cached_property
    def advanced(self) -> bool:
        """Whether targets or constraints of SHACL Advanced Features are used."""
        return any(self._uses(name) for name in ADVANCED)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report should know about features beyond SHACL Core and SHACL-SPARQL."""
        used = [f"sh:{name}" for name in ADVANCED if self._uses(name)]
        ignored = [f"sh:{name}" for name in IGNORED if self._uses(name) or self._has_type(name)]
        return tuple(
            text
            for text in (
                f"SHACL Advanced Features are switched on, since shapes use {', '.join(used)}." if used else "",
                f"{', '.join(ignored)}: not executed, since nothing is inferred before validating." if ignored else "",
            )
            if text
        )

    def components(self, shape: Any) -> list[Any]:
        """Return the constraints of a shape as pyshacl's components, in a stable order."""
        found = {
            CONSTRAINT_PARAMETERS_MAP[predicate]: None
            for predicate in sorted({p for p, _ in self.parsed.predicate_objects(shape.node)})
            if predicate in CONSTRAINT_PARAMETERS_MAP
        }
        components = []
        for component in found:
            try:
                components.append(component(shape))
            except ConstraintLoadWarning:  # sh:qualifiedValueShape on a node shape: pyshacl passes over it
                continue
        return components

    def path(self, node: Any) -> str:
        """Return a SHACL path as a SPARQL path with full IRIs."""
        return sparql_path(self.parsed.graph, node)

    def _check(self) -> None:
        problems: list[Problem] = []
        try:
            with quiet():
                shapes = list(self.parsed.shapes)
        except (ReportableRuntimeError, ValueError, TypeError) as error:
            raise DataError([Problem(next(iter(self.origin.values()), None), None, None, _message(error))]) from error
        for shape in sorted(shapes, key=lambda each: str(each.node)):
            try:
                self._check_shape(shape)
            except (ReportableRuntimeError, ValueError, TypeError, AssertionError, re.error) as error:
                problems.append(self.problem(to_oxigraph(shape.node), error))
        if problems:
            raise DataError(problems)

    def _check_shape(self, shape: Any) -> None:
        if shape.is_property_shape:
            self.path(shape.path())
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for component in self.components(shape):
                if isinstance(component, SPARQLBasedConstraint):
                    for query in component.sparql_constraints:
                        _check_query(query)
            shape.find_custom_constraints()

    def _uses(self, term: str) -> bool:
        return any(True for _ in self.store.quads(None, ox.NamedNode(SH + term)))

    def _has_type(self, term: str) -> bool:
        return any(True for _ in self.store.quads(None, None, ox.NamedNode(SH + term)))

    def problem(self, node: Term, fault: Exception | str) -> Problem:
        """Return what is wrong with a shape as a problem of the file and line where the shape begins."""
        path = self.origin.get(node)
        place = Positions([path], nodes=[node], relative=True).of_node(node) if path else None
        return Problem(path, place.line if place else None, None, f"shape {name(node)}: {_message(fault)}")


def name(node: Term) -> str:
    """Return what a message calls a shape."""
    return node.value if isinstance(node, ox.NamedNode) else "without an IRI"


def _graph(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    graph = rdflib.Graph()
    patches.rdflib_bool_patch()  # in shapes "1"^^xsd:boolean is not true: pyshacl reads them so
    try:
        with quiet():
            for quad in quads:
                if not isinstance(quad.object, ox.Triple) and not isinstance(quad.subject, ox.Triple):
                    graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    finally:
        patches.rdflib_bool_unpatch()
    for ontology, imported in list(graph.subject_objects(rdflib.OWL.imports)):
        # SHACL, section 5.2.1: prefixes are inherited along owl:imports (of what is here: nothing is fetched).
        for other in graph.transitive_objects(imported, rdflib.OWL.imports):
            for declaration in list(graph.objects(other, DECLARE)):
                graph.add((ontology, DECLARE, declaration))
    return graph


def _check_query(query: Any) -> None:
    """Raise ValueError if neither engine can parse a query."""
    text = query.apply_prefixes(query.select_text)
    try:
        Store().evaluate(text)
    except SyntaxError as error:
        from rdflib.plugins.sparql import prepareQuery

        try:
            prepareQuery(text)
        except Exception as other:
            raise ValueError(f"its query cannot be parsed: {error.args[0]}") from other


def _message(fault: Exception | str) -> str:
    return " ".join(str(getattr(fault, "message", None) or fault).split())
