"""The shapes graphs of the repository as their tests see them: files, read once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef

ROOT = Path(__file__).parents[1]
GRAPHS = ("meeting", "evidence", "catalog", "ontology")
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
PARAMETERS = frozenset(
    (
        *("class", "datatype", "hasValue", "in", "languageIn", "maxCount", "maxInclusive", "minCount", "minInclusive"),
        *("minLength", "node", "nodeKind", "not", "or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "sparql"),
        "uniqueLang",
    )
)
DESCRIPTIVE = frozenset(
    ("description", "group", "message", "name", "order", "path", "property", "qualifiedValueShape", "severity")
)


@cache
def shapes(name: str) -> Graph:
    return Graph().parse(ROOT / "shapes" / f"{name}.ttl")


def local(name: str, shape: object) -> str:
    return str(shape).removeprefix(f"https://w3id.org/communique/shapes/{name}#")


def local_name(term: object) -> str:
    return str(term).rpartition("#")[2]


def named(name: str, kind: URIRef) -> Iterator[URIRef]:
    yield from sorted(shape for shape in shapes(name).subjects(RDF.type, kind) if isinstance(shape, URIRef))


def constraints(name: str, shape: URIRef) -> list[str]:
    """Return the parameters of a shape's constraints."""
    return sorted({local_name(key) for key in shapes(name).predicates(shape)} & PARAMETERS)


def is_checked(name: str, shape: URIRef) -> bool:
    """Whether a shape is evaluated by itself: it is a property shape, or a node shape with a target and constraints."""
    is_property = (shape, RDF.type, SH.PropertyShape) in shapes(name)
    return bool(constraints(name, shape)) and (is_property or any(shapes(name).value(shape, key) for key in TARGETS))


NODE_SHAPES = [(name, shape) for name in GRAPHS for shape in named(name, SH.NodeShape)]
PROPERTY_SHAPES = [(name, shape) for name in GRAPHS for shape in named(name, SH.PropertyShape)]
CHECKED = [(name, shape) for name, shape in NODE_SHAPES + PROPERTY_SHAPES if is_checked(name, shape)]
CONSTRAINTS = [(name, shape, key) for name, shape in CHECKED for key in constraints(name, shape)]
