"""Views: how shapes say that a property is shown (`sh:name`, `sh:description`, `sh:order`, `sh:group`, `sh:node`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.labels import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from communique.descriptions.labels import Label, Labels
    from communique.store import Store, Subject, Term

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LANG_STRING = NamedNode(RDF + "langString")
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of properties (`sh:PropertyGroup`) with its labels by language tag ("" when untagged)."""

    iri: Subject
    names: Mapping[str, str] = field(compare=False)
    order: float


@dataclass(frozen=True, slots=True)
class PropertyView:
    """How one property is shown: its names and descriptions by language tag, its group, its order.

    `node` is the shape of values that are shown in place. `shaped` is false of a property that no shape names. What the
    shape asks of the values: `value_type` is a datatype, `@id` for nodes, or ""; `most` is how many there may be, of
    texts with a language (`tagged`) how many in each.
    """

    path: NamedNode
    inverse: bool = False
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    descriptions: Mapping[str, str] = field(default_factory=dict, compare=False)
    order: float = inf
    group: Group | None = None
    node: Subject | None = None
    shaped: bool = True
    value_type: str = ""
    most: float = inf
    tagged: bool = False

    @property
    def nested(self) -> bool:
        """Whether the value is shown in place, with its own facts."""
        return self.node is not None

    def label(self, labels: Labels) -> Label:
        """The name that the shape gives, else the label of the property."""
        return labels.choose(self.names) or labels.of(self.path)


def read_views(store: Store, *, shape: Subject) -> list[PropertyView]:
    """Return the property shapes of a node shape, and of those it takes in by `sh:node` and `sh:and`, as views.

    Deactivated shapes show nothing, and neither do paths of more than one step.
    """
    found: list[PropertyView] = []
    seen: set[Term] = set()
    waiting: list[Term] = [shape]
    while waiting:
        node = waiting.pop(0)
        if node in seen or isinstance(node, Literal) or _is_deactivated(store, node):
            continue
        seen.add(node)
        views = (_read_view(store, each) for each in _objects(store, node, "property"))
        found += [view for view in views if view]
        waiting += _objects(store, node, "node")
        for head in _objects(store, node, "and"):
            waiting += _members(store, head)
    return found


def _read_view(store: Store, shape: Term) -> PropertyView | None:
    path, inverse = next(_objects(store, shape, "path"), None), False
    if isinstance(path, BlankNode):
        path, inverse = next(_objects(store, path, "inversePath"), None), True
    if not isinstance(path, NamedNode) or _is_deactivated(store, shape):
        return None
    group = next(_objects(store, shape, "group"), None)
    node = next(_objects(store, shape, "node"), None)
    return PropertyView(
        path,
        inverse,
        names=_by_language(store, shape, "name"),
        descriptions=_by_language(store, shape, "description"),
        order=_order(store, shape),
        group=Group(group, texts(store, group), _order(store, group)) if _is_node(group) else None,
        node=node if _is_node(node) else None,
        value_type=_value_type(store, shape),
        most=_most(store, shape),
        tagged=_is_tagged(store, shape),
    )


def _value_type(store: Store, shape: Term) -> str:
    for name in ("class", "node"):
        if any(True for _ in _objects(store, shape, name)):
            return "@id"
    kinds = {each.value.removeprefix(SH) for each in _objects(store, shape, "nodeKind") if isinstance(each, NamedNode)}
    if kinds & {"IRI", "BlankNode", "BlankNodeOrIRI"}:
        return "@id"
    datatype = next(_objects(store, shape, "datatype"), None)
    return datatype.value if isinstance(datatype, NamedNode) else ""


def _most(store: Store, shape: Term) -> float:
    if _says(store, shape, "uniqueLang"):
        return 1
    numbers = [each.value for each in _objects(store, shape, "maxCount") if isinstance(each, Literal)]
    return min((int(each) for each in numbers if each.isdecimal()), default=inf)


def _is_tagged(store: Store, shape: Term) -> bool:
    tagged = any(each == LANG_STRING for each in _objects(store, shape, "datatype"))
    return tagged or any(_objects(store, shape, "languageIn")) or _says(store, shape, "uniqueLang")


def _objects(store: Store, subject: Term, name: str) -> Iterator[Term]:
    found = () if isinstance(subject, Literal) else store.quads(subject, _sh(name), None, None)
    return iter(sorted({quad.object for quad in found}, key=str))


def _members(store: Store, head: Term) -> Iterator[Term]:
    seen: set[Term] = set()
    while _is_node(head) and head != NIL and head not in seen:
        seen.add(head)
        yield from (quad.object for quad in store.quads(head, FIRST, None, None))
        head = next((quad.object for quad in store.quads(head, REST, None, None)), NIL)


def _by_language(store: Store, subject: Term, name: str) -> dict[str, str]:
    literals = [each for each in _objects(store, subject, name) if isinstance(each, Literal) and each.value.strip()]
    return {each.language or "": each.value for each in reversed(literals)}


def _order(store: Store, subject: Term) -> float:
    for each in _objects(store, subject, "order"):
        try:
            return float(each.value) if isinstance(each, Literal) else inf
        except ValueError:
            continue
    return inf


def _is_deactivated(store: Store, shape: Term) -> bool:
    return _says(store, shape, "deactivated")


def _says(store: Store, shape: Term, name: str) -> bool:
    found = _objects(store, shape, name)
    return any(isinstance(each, Literal) and each.value in {"true", "1"} for each in found)


def _is_node(term: Term | None) -> TypeGuard[Subject]:
    return isinstance(term, NamedNode | BlankNode)
