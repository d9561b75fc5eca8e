"""Translation: from pyshacl's shapes to conditions. What is not translated is left to pyshacl (`UNKNOWN`)."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import rdflib
from pyshacl.constraints.core import cardinality_constraints as cardinality
from pyshacl.constraints.core import logical_constraints as logical
from pyshacl.constraints.core import other_constraints as other
from pyshacl.constraints.core import property_pair_constraints as pairs
from pyshacl.constraints.core import shape_based_constraints as shaped
from pyshacl.constraints.core import string_based_constraints as strings
from pyshacl.constraints.core import value_constraints as values
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ReportableRuntimeError

from communique.shacl import conditions as say
from communique.shacl.bridge import held, to_oxigraph
from communique.shacl.conditions import ALWAYS, UNKNOWN, Condition, every, exactly
from communique.shacl.judge import ALONE, Judge
from communique.shacl.paths import may_be_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyoxigraph as ox

    from communique.shacl.shapes import Shapes

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STRINGS = frozenset({rdflib.XSD.string, rdflib.RDF.langString})
KINDS = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "!isLiteral({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
    "IRIOrLiteral": "!isBlank({0})",
}


class Translation:
    """The condition of one shape; `queries` collects the SPARQL constraints that apply to its focus nodes themselves.

    `functions` holds what the expressions call. `classes` returns a class and its subclasses in the data.
    """

    def __init__(
        self, shapes: Shapes, *, classes: Callable[[Any], list[Any]], respelt: frozenset[ox.Literal] = frozenset()
    ) -> None:
        """Translate with the shapes that others may refer to; `respelt` is explained at `Judge`."""
        self._judge = Judge(shapes.parsed.graph, respelt=respelt)
        self._respelt = respelt
        self.functions = self._judge.functions
        self.queries: list[Any] = []
        self._shapes = shapes
        self._classes = classes
        self._numbers = count()
        self._open: list[Any] = []

    def condition(self, shape: Any, focus: str = "?this") -> Condition:
        """Return the condition that a node, the value of variable `focus`, conforms to a shape."""
        if shape.deactivated:
            return ALWAYS
        if shape.node in self._open or shape.find_custom_constraints():
            return UNKNOWN
        self._open.append(shape.node)
        try:
            return every(self._constraint(each, focus) for each in self._shapes.components(shape))
        except (_UnsayableError, ReportableRuntimeError):
            return UNKNOWN
        finally:
            self._open.pop()

    def _constraint(self, component: Any, focus: str) -> Condition:
        kind = type(component)
        if kind is SPARQLBasedConstraint:
            return self._query(component, focus)
        is_property = component.shape.is_property_shape
        # pyoxigraph may find no empty path at a node that is nowhere in the graph; SHACL does.
        is_own_value = is_property and may_be_empty(self._shapes.parsed.graph, component.shape.path())
        if kind in _OF_FOCUS:
            return UNKNOWN if is_own_value else _OF_FOCUS[kind](self, component, focus)
        found = [self._of_value(component, focus)] if is_own_value or not is_property else []
        if is_property:
            value = self._variable()
            found.append(say.of_each_value(self._values(component, focus, value), self._of_value(component, value)))
        return every(found)

    def _of_value(self, component: Any, value: str) -> Condition:
        kind = type(component)
        if kind is values.DatatypeConstraintComponent and component.datatype_rule in STRINGS:
            return exactly(f"!isLiteral({value}) || DATATYPE({value}) != {_text(component.datatype_rule)}")
        if kind in ALONE:
            return self._judge.of_value(component, value)
        return _OF_VALUE[kind](self, component, value) if kind in _OF_VALUE else UNKNOWN

    def _query(self, component: Any, focus: str) -> Condition:
        if focus != "?this":
            return UNKNOWN
        self.queries.append(component)
        return ALWAYS

    def _class(self, component: Any, value: str) -> Condition:
        def is_a(wanted: Any) -> str:
            return say.either(f"EXISTS {{ {value} a {_text(each)} }}" for each in self._classes(wanted))

        return every(exactly(f"isLiteral({value}) || !({is_a(wanted)})") for wanted in component.class_rules)

    def _node_kind(self, component: Any, value: str) -> Condition:
        kind = KINDS.get(str(component.nodekind_rule).rpartition("#")[2])
        return exactly(f"!({kind.format(value)})") if kind else UNKNOWN

    def _closed(self, component: Any, value: str) -> Condition:
        if not component.is_closed:
            return ALWAYS
        paths = [component.shape.get_other_shape(each).path() for each in component.property_shapes]
        allowed = {each for each in (*paths, *component.ignored_props) if isinstance(each, rdflib.URIRef)}
        predicate, object_ = self._variable(), self._variable()
        listed = ", ".join(sorted(map(_text, allowed)))
        resource = f"sameTerm({predicate}, <{RDF}type>) && sameTerm({object_}, {_text(rdflib.RDFS.Resource)})"
        return exactly(
            f"EXISTS {{ {value} {predicate} {object_} FILTER({predicate} NOT IN ({listed}) && !({resource})) }}"
        )

    def _nodes(self, component: Any, value: str) -> Condition:
        return every(self.condition(self._shape(component, node), value) for node in component.node_shapes)

    def _properties(self, component: Any, value: str) -> Condition:
        return every(self.condition(self._shape(component, node), value) for node in component.property_shapes)

    def _not(self, component: Any, value: str) -> Condition:
        return every(self._inner(component, node, value).negated() for node in component.not_list)

    def _and(self, component: Any, value: str) -> Condition:
        return every(every(self._members(component, head, value)) for head in component.and_list)

    def _or(self, component: Any, value: str) -> Condition:
        return every(say.some(self._members(component, head, value)) for head in component.or_list)

    def _xone(self, component: Any, value: str) -> Condition:
        return every(say.one(self._members(component, head, value)) for head in component.xone_nodes)

    def _members(self, component: Any, head: Any, value: str) -> Iterator[Condition]:
        for node in self._shapes.parsed.graph.items(head):
            yield self._inner(component, node, value)

    def _inner(self, component: Any, node: Any, value: str) -> Condition:
        """A shape whose results are not reported: its queries cannot be asked of focus nodes, one by one."""
        asked = len(self.queries)
        condition = self.condition(self._shape(component, node), value)
        if len(self.queries) > asked:
            del self.queries[asked:]
            return UNKNOWN
        return condition

    def _at_least(self, component: Any, focus: str, number: int, shape: Any = None) -> Condition:
        found = []
        for _ in range(min(number, say.MOST_VALUES + 1)):
            value = self._variable()
            condition = ALWAYS if shape is None else self._inner(component, shape, value)
            found.append((value, self._values(component, focus, value), condition))
        enough = say.at_least(number, found)
        # Two literals may be one to SPARQL.
        return Condition(enough.breaks, say.either((enough.holds, self._may_differ(component, focus))))

    def _min_count(self, component: Any, focus: str) -> Condition:
        return self._at_least(component, focus, int(component.min_count.value))

    def _max_count(self, component: Any, focus: str) -> Condition:
        return self._at_least(component, focus, int(component.max_count.value) + 1).negated()

    def _qualified(self, component: Any, focus: str) -> Condition:
        if component.is_disjoint:
            return UNKNOWN
        found = []
        for shape in component.value_shapes:
            if component.min_count is not None:
                found.append(self._at_least(component, focus, component.min_count, shape))
            if component.max_count is not None:
                found.append(self._at_least(component, focus, component.max_count + 1, shape).negated())
        return every(found)

    def _unique_lang(self, component: Any, focus: str) -> Condition:
        if True not in component.string_rules:
            return ALWAYS
        a, b = self._variable(), self._variable()
        pattern = f"{self._values(component, focus, a)} {self._values(component, focus, b)}"
        same = f'!sameTerm({a}, {b}) && LANG({a}) != "" && LCASE(LANG({a})) = LCASE(LANG({b}))'
        return exactly(say.exists(pattern, same))

    def _has_value(self, component: Any, focus: str) -> Condition:
        if any(held(term) != term or term in self._respelt for term in map(to_oxigraph, component.has_value_set)):
            return UNKNOWN
        wanted = [_text(each) for each in component.has_value_set]
        if not component.shape.is_property_shape:
            return every(exactly(f"!sameTerm({focus}, {each})") for each in wanted)
        return every(exactly(f"NOT EXISTS {{ {self._values(component, focus, each)} }}") for each in wanted)

    def _equals(self, component: Any, focus: str) -> Condition:
        found = every(
            exactly(say.either((self._lacks(component, focus, each), self._exceeds(component, focus, each))))
            for each in component.property_compare_set
        )
        return Condition(say.either((found.breaks, self._may_differ(component, focus))), found.holds)

    def _lacks(self, component: Any, focus: str, predicate: Any) -> str:
        value = self._variable()
        other_ = f"{focus} {_text(predicate)} {value} ."
        if not component.shape.is_property_shape:
            return f"NOT EXISTS {{ {focus} {_text(predicate)} {focus} }}"
        return f"EXISTS {{ {self._values(component, focus, value)} FILTER NOT EXISTS {{ {other_} }} }}"

    def _exceeds(self, component: Any, focus: str, predicate: Any) -> str:
        value = self._variable()
        if not component.shape.is_property_shape:
            return f"EXISTS {{ {focus} {_text(predicate)} {value} FILTER(!sameTerm({value}, {focus})) }}"
        own = self._values(component, focus, value)
        return f"EXISTS {{ {focus} {_text(predicate)} {value} FILTER NOT EXISTS {{ {own} }} }}"

    def _disjoint(self, component: Any, focus: str) -> Condition:
        value = self._variable() if component.shape.is_property_shape else focus
        own = self._values(component, focus, value) if component.shape.is_property_shape else ""
        found = every(
            exactly(f"EXISTS {{ {own} {focus} {_text(each)} {value} }}") for each in component.property_compare_set
        )
        return Condition(found.breaks, say.either((found.holds, self._may_differ(component, focus))))

    def _less_than(self, component: Any, focus: str) -> Condition:
        value = self._variable()
        # At a blank node pyshacl gives up, even if there is nothing to compare it with.
        found = [say.of_each_value(self._values(component, focus, value), exactly(f"isBlank({value})"))]
        for predicate in component.property_compare_set:
            less, more = self._variable(), self._variable()
            pattern = f"{self._values(component, focus, less)} {focus} {_text(predicate)} {more} ."
            found.append(say.of_each_value(pattern, self._judge.of_pair(component, less, more)))
        return every(found)

    def _may_differ(self, component: Any, focus: str) -> str:
        """The expression that a value is a literal that may have been written otherwise."""
        if not component.shape.is_property_shape:
            return self._judge.is_respelt(focus)
        value = self._variable()
        return say.exists(self._values(component, focus, value), self._judge.is_respelt(value))

    def _values(self, component: Any, focus: str, value: str) -> str:
        return f"{focus} {self._shapes.path(component.shape.path())} {value} ."

    def _shape(self, component: Any, node: Any) -> Any:
        return component.shape.get_other_shape(node)

    def _variable(self) -> str:
        return f"?v{next(self._numbers)}"


class _UnsayableError(Exception):
    """A term that no SPARQL text can name."""


def _text(term: Any) -> str:
    """Return a term in SPARQL."""
    if isinstance(term, rdflib.BNode):
        raise _UnsayableError
    return str(to_oxigraph(term))


_OF_VALUE: dict[type, Callable[[Translation, Any, str], Condition]] = {
    values.ClassConstraintComponent: Translation._class,
    values.NodeKindConstraintComponent: Translation._node_kind,
    other.ClosedConstraintComponent: Translation._closed,
    shaped.NodeConstraintComponent: Translation._nodes,
    shaped.PropertyConstraintComponent: Translation._properties,
    logical.NotConstraintComponent: Translation._not,
    logical.AndConstraintComponent: Translation._and,
    logical.OrConstraintComponent: Translation._or,
    logical.XoneConstraintComponent: Translation._xone,
}
_OF_FOCUS: dict[type, Callable[[Translation, Any, str], Condition]] = {
    cardinality.MinCountConstraintComponent: Translation._min_count,
    cardinality.MaxCountConstraintComponent: Translation._max_count,
    shaped.QualifiedValueShapeConstraintComponent: Translation._qualified,
    strings.UniqueLangConstraintComponent: Translation._unique_lang,
    other.HasValueConstraintComponent: Translation._has_value,
    pairs.EqualsConstraintComponent: Translation._equals,
    pairs.DisjointConstraintComponent: Translation._disjoint,
    pairs.LessThanConstraintComponent: Translation._less_than,
    pairs.LessThanOrEqualsConstraintComponent: Translation._less_than,
}
