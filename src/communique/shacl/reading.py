"""Reading pyshacl's report: its results as plain values, and the report as triples that are the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.shacl.bridge import to_oxigraph, to_rdflib
from communique.shacl.engine import run
from communique.shacl.sentences import sentence
from communique.shacl.structure import SH, TYPE
from communique.shacl.validation_report import ValidationReport, ValidationResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib

    from communique.shacl.shapes import Shapes
    from communique.store import Store, Term

RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SH_MESSAGE = ox.NamedNode(SH + "message")
SH_NAME = ox.NamedNode(SH + "name")
_RDF_TYPE = to_rdflib(TYPE)
CONTENT = ("focusNode", "resultPath", "value", "resultSeverity", "sourceShape", "sourceConstraintComponent")


def read_report(store: Store, *, shapes: Shapes, every_node: bool = False) -> ValidationReport:
    """Return the report on a store; `every_node` is explained at `engine.run`."""
    graph, notes = run(store, shapes=shapes, every_node=every_node)
    reading = _Reading(graph, shapes)
    return ValidationReport(
        results=tuple(result for result, _ in reading.results),
        graph=tuple(reading.triples()),
        notes=notes,
        shapes=len(shapes.parsed.shapes),
        files=shapes.files,
    )


class _Reading:
    def __init__(self, graph: rdflib.Graph, shapes: Shapes) -> None:
        self._graph: Any = graph
        self._shapes = shapes
        self._report = next(graph.subjects(None, _sh("ValidationReport")))
        self._replace_messages()
        self.results = self._results(self._report, "result")

    def _replace_messages(self) -> None:
        """Put our sentences where a shape has no message of its own."""
        for node in list(self._graph.subjects(_RDF_TYPE, _sh("ValidationResult"))):
            shape = to_oxigraph(self._graph.value(node, _sh("sourceShape")))
            component = to_oxigraph(self._graph.value(node, _sh("sourceConstraintComponent")))
            text = sentence(self._shapes.store, shape=shape, component=component)
            if text and not any(True for _ in self._shapes.store.quads(shape, SH_MESSAGE)):  # type: ignore[arg-type]
                self._graph.remove((node, _sh("resultMessage"), None))
                self._graph.add((node, _sh("resultMessage"), to_rdflib(text)))

    def _results(self, node: Any, link: str) -> list[tuple[ValidationResult, Any]]:
        found = [(self._result(each), each) for each in self._graph.objects(node, _sh(link))]
        return sorted(found, key=lambda pair: pair[0].key)

    def _result(self, node: Any) -> ValidationResult:
        value = {name: self._graph.value(node, _sh(name)) for name in CONTENT}
        shape = to_oxigraph(value["sourceShape"])
        path = value["resultPath"]
        messages = [to_oxigraph(each) for each in self._graph.objects(node, _sh("resultMessage"))]
        return ValidationResult(
            focus_node=to_oxigraph(value["focusNode"]),
            path=self._shapes.path(path) if path is not None else "",
            value=None if value["value"] is None else to_oxigraph(value["value"]),
            severity=_named(value["resultSeverity"]),
            source_shape=shape,  # type: ignore[arg-type]
            component=_named(value["sourceConstraintComponent"]),
            messages=tuple(sorted((each for each in messages if isinstance(each, ox.Literal)), key=str)),
            names=self._names(shape),
            details=tuple(detail for detail, _ in self._results(node, "detail")),
        )

    def _names(self, shape: Term) -> tuple[ox.Literal, ...]:
        for predicate in (SH_NAME, RDFS_LABEL):
            found = {quad.object for quad in self._shapes.store.quads(shape, predicate)}  # type: ignore[arg-type]
            if found:
                return tuple(sorted((each for each in found if isinstance(each, ox.Literal)), key=str))
        return ()

    def triples(self) -> Iterator[ox.Triple]:
        """Give the report from its top, results in order, blank nodes numbered as they come."""
        numbers: dict[Any, ox.BlankNode] = {}
        waiting = [self._report]
        while waiting:
            node = waiting.pop()
            if node in numbers:
                continue
            numbers[node] = ox.BlankNode(f"r{len(numbers)}")
            waiting += reversed(self._nested(node))
        for node, number in numbers.items():
            for predicate, object_ in self._statements(node):
                other = numbers[object_] if object_ in numbers else to_oxigraph(object_)
                yield ox.Triple(number, _named(predicate), other)

    def _nested(self, node: Any) -> list[Any]:
        return [each for _, each in self._statements(node) if _is_blank(each)]

    def _statements(self, node: Any) -> list[tuple[Any, Any]]:
        ordered = [each for link in ("result", "detail") for _, each in self._results(node, link)]
        rank = {each: index for index, each in enumerate(ordered)}
        found = self._graph.predicate_objects(node)
        return sorted(found, key=lambda pair: (str(pair[0]), rank.get(pair[1], -1), str(to_oxigraph(pair[1]))))


def _sh(name: str) -> Any:
    import rdflib

    return rdflib.URIRef(SH + name)


def _is_blank(term: Any) -> bool:
    return isinstance(to_oxigraph(term), ox.BlankNode)


def _named(term: Any) -> ox.NamedNode:
    return ox.NamedNode(str(term))
