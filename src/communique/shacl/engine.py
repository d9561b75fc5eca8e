"""The engine: pyshacl, run on the nodes that may not conform, over a store that stays where it is."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import rdflib
from pyshacl.errors import ShapeRecursionWarning
from pyshacl.graph_abstraction import DataGraph
from pyshacl.target import apply_target_types, gather_target_types
from pyshacl.validator import Validator

from communique.errors import DataError
from communique.shacl.bridge import StoreView, quiet, to_oxigraph
from communique.shacl.candidates import Candidates
from communique.shacl.shapes import SILENT, name

if TYPE_CHECKING:
    from communique.shacl.shapes import Shapes
    from communique.store import Store


def run(store: Store, *, shapes: Shapes, every_node: bool = False) -> tuple[rdflib.Graph, tuple[str, ...]]:
    """Return pyshacl's validation report on a store, and notes on how it came about.

    With `every_node` pyshacl judges every focus node, and SPARQL finds no candidates beforehand: slow, and the
    definition of what the fast way returns. Raises DataError if a shape cannot be evaluated.
    """
    view = StoreView(store)
    data: Any = DataGraph.from_rdflib_graph(view.union())
    validator = Validator(data, shacl_graph=rdflib.Graph(), options={"logger": SILENT})
    validator.shacl_graph = shapes.parsed
    executor = validator.make_executor()
    # SPARQL cannot tell the datatypes of literals that the store has respelt.
    candidates = None if every_node else Candidates(shapes, store=store, view=view)
    if shapes.advanced:
        apply_target_types(gather_target_types(shapes.parsed))
    results: list[Any] = []
    notes: list[str] = []
    for shape in sorted(shapes.parsed.shapes, key=lambda each: str(each.node)):
        shape.set_advanced(shapes.advanced)
        with quiet(), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                focus = None if candidates is None else candidates.of(shape)
                results += shape.validate(executor, data, focus=focus)[1]
            except Exception as error:  # pyshacl raises whatever its parts raise; the reader must know which shape
                raise DataError([shapes.problem(to_oxigraph(shape.node), error)]) from error
        if any(issubclass(each.category, ShapeRecursionWarning) for each in caught):
            notes.append(f"shape {name(to_oxigraph(shape.node))} refers to itself: results may be incomplete.")
    with quiet():
        report, _ = Validator.create_validation_report(shapes.parsed, not results, results)
    return report, (*shapes.notes, *notes)
