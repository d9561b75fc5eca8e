"""Rules: what shapes demand, as a reader asks for it: of which property, what, how badly, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.descriptions.views import FIRST, NIL, REST, SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

    from communique.store import Store, Term

COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
TOLD = frozenset(
    (
        *TARGETS,
        "path",
        "name",
        "description",
        "order",
        "group",
        "message",
        "severity",
        "property",
        "declare",
        "prefixes",
    )
)
DEPTH = 6


@dataclass(frozen=True, slots=True)
class Constraint:
    """A parameter of SHACL, by its local name such as `minCount`, and its values; a list counts as its members."""

    name: str
    values: tuple[Term | Rule, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape: the steps of its path (properties, and the signs between them as SPARQL writes them), what must be so.

    `names`, `descriptions` and `messages` are texts by language tag; `severity` is a local name such as `Violation`.
    """

    shape: Term
    path: tuple[NamedNode | str, ...]
    names: dict[str, str]
    descriptions: dict[str, str]
    messages: dict[str, str]
    severity: str
    constraints: tuple[Constraint, ...]

    @property
    def least(self) -> str:
        """The least number of values, "0" where none is demanded."""
        return self._bound("minCount", "0")

    @property
    def most(self) -> str:
        """The greatest number of values, "" where there is no bound."""
        return self._bound("maxCount", "")

    @property
    def further(self) -> tuple[Constraint, ...]:
        """The constraints other than the number of values."""
        return tuple(each for each in self.constraints if each.name not in {"minCount", "maxCount"})

    def _bound(self, name: str, default: str) -> str:
        found = (value for each in self.constraints if each.name == name for value in each.values)
        return next((value.value for value in found if isinstance(value, Literal)), default)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A node shape: whom it is about, what it demands of the node itself, and of its properties in their order."""

    targets: tuple[Constraint, ...]
    own: Rule
    rules: tuple[Rule, ...]


def read_rule_book(store: Store, *, shape: NamedNode) -> RuleBook:
    """Return a node shape with its property shapes."""
    rules = sorted(_objects(store, shape, "property"), key=lambda node: _place(store, node))
    return RuleBook(
        tuple(Constraint(name, found) for name in TARGETS if (found := tuple(_objects(store, shape, name)))),
        _rule(store, shape),
        tuple(_rule(store, node) for node in rules),
    )


def _rule(store: Store, shape: Term, depth: int = 0) -> Rule:
    severity = next(iter(_objects(store, shape, "severity")), None)
    return Rule(
        shape,
        tuple(step for path in _objects(store, shape, "path") for step in _steps(store, path)),
        _texts(store, shape, NamedNode(SH + "name")),
        _texts(store, shape, NamedNode(SH + "description")) or _texts(store, shape, COMMENT),
        _texts(store, shape, NamedNode(SH + "message")),
        severity.value.removeprefix(SH) if isinstance(severity, NamedNode) else "Violation",
        tuple(_constraints(store, shape, depth)),
    )


def _constraints(store: Store, shape: Term, depth: int) -> Iterator[Constraint]:
    found: dict[str, list[Term]] = {}
    for quad in _quads(store, shape):
        if quad.predicate.value.startswith(SH) and (name := quad.predicate.value.removeprefix(SH)) not in TOLD:
            found.setdefault(name, []).append(quad.object)
    for name, terms in sorted(found.items()):
        values = (value for term in sorted(set(terms), key=str) for value in _members(store, term))
        yield Constraint(name, tuple(_value(store, value, depth) for value in values))


def _value(store: Store, term: Term, depth: int) -> Term | Rule:
    return _rule(store, term, depth + 1) if isinstance(term, BlankNode) and depth < DEPTH else term


def _steps(store: Store, path: Term, depth: int = 0) -> Iterator[NamedNode | str]:
    """Give a property path (SHACL, section 2.3.1) as SPARQL writes it."""
    if isinstance(path, NamedNode):
        yield path
        return
    if depth > DEPTH or not isinstance(path, BlankNode):
        return
    if any(quad.predicate == FIRST for quad in store.quads(path, None, None, None)):
        yield from _joined(store, tuple(_members(store, path)), "/", depth)
    for sign, name in (("^", "inversePath"), ("*", "zeroOrMorePath"), ("+", "oneOrMorePath"), ("?", "zeroOrOnePath")):
        for inner in _objects(store, path, name):
            yield from (
                ("^", *_steps(store, inner, depth + 1)) if sign == "^" else (*_steps(store, inner, depth + 1), sign)
            )
    for head in _objects(store, path, "alternativePath"):
        yield from _joined(store, tuple(_members(store, head)), "|", depth)


def _joined(store: Store, paths: tuple[Term, ...], sign: str, depth: int) -> Iterator[NamedNode | str]:
    for position, path in enumerate(paths):
        if position:
            yield sign
        yield from _steps(store, path, depth + 1)


def _members(store: Store, head: Term) -> Iterator[Term]:
    """Give the members of a list, or the term itself where it is none."""
    seen: set[Term] = set()
    node = head
    while node not in seen and (first := [quad.object for quad in _quads(store, node) if quad.predicate == FIRST]):
        seen.add(node)
        yield from first
        node = next((quad.object for quad in _quads(store, node) if quad.predicate == REST), NIL)
    if not seen and head != NIL:
        yield head


def _objects(store: Store, subject: Term, name: str) -> list[Term]:
    return sorted({quad.object for quad in _quads(store, subject) if quad.predicate.value == SH + name}, key=str)


def _quads(store: Store, subject: Term) -> list[Quad]:
    return [] if isinstance(subject, Literal) else list(store.quads(subject, None, None, None))


def _texts(store: Store, subject: Term, path: NamedNode) -> dict[str, str]:
    found = (quad.object for quad in _quads(store, subject) if quad.predicate == path)
    return {each.language or "": each.value for each in sorted(found, key=str) if isinstance(each, Literal)}


def _place(store: Store, shape: Term) -> tuple[float, float, str]:
    """Return where a rule stands among the others: by the order of its group, then by its own."""
    groups = [_order(store, group) for group in _objects(store, shape, "group")]
    return min(groups, default=inf), _order(store, shape), str(shape)


def _order(store: Store, shape: Term) -> float:
    for each in _objects(store, shape, "order"):
        try:
            return float(each.value) if isinstance(each, Literal) else inf
        except ValueError:
            continue
    return inf
