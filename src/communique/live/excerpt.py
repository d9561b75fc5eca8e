"""An excerpt of a service: a store that holds as much as pages have asked for, and knows what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from communique.descriptions.axioms import Axioms
from communique.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from communique.errors import AccessError, CommuniqueError
    from communique.iris import Prefixes
    from communique.store import GraphName, Results, Subject, Term

NOWHERE = (BlankNode, Literal, Triple, DefaultGraph)
"""What no pattern can ask a service for: it comes with what leads to it, or says nothing."""


class Demand(NamedTuple):
    """A pattern that page code has asked for; None matches anything, and all three for a node: is it described at all?

    A subject alone is wanted with all that is said of it, and the blank nodes that this leads to. `part` is an offset
    and a limit: of very many subjects, sorted by the engine, these. `axioms` are those without a name about an object.
    """

    subject: NamedNode | None = None
    predicate: NamedNode | None = None
    object: NamedNode | Literal | None = None
    graph: NamedNode | None = None
    exists: bool = False
    part: tuple[int, int] | None = None
    axioms: bool = False


@dataclass(slots=True)
class Known:
    """Which demands are met, and of which more matches than is held; `totals` are the triples that match some."""

    met: set[Demand] = field(default_factory=set)
    held_back: Counter[Demand] = field(default_factory=Counter)
    totals: dict[Demand, int] = field(default_factory=dict)
    described: dict[NamedNode, bool] = field(default_factory=dict)
    parts: dict[Demand, tuple[Term, ...]] = field(default_factory=dict)

    def has(self, demand: Demand) -> bool:
        """Tell whether a demand is met, by itself or by a wider one."""
        subject, predicate, object = demand[:3]
        if demand in self.met:
            return True
        if subject is not None and predicate is not None:
            return Demand(subject) in self.met
        if predicate is not None and object is not None:
            return Demand(object=object) in self.met
        return False


class Excerpt(Store):
    """What has been read from a service so far, above a `base` that is there anyway: a project, or another excerpt.

    `names` are the IRIs of which it is known from the beginning that something is said of them. `left_out` is
    what had to be read without its blank nodes, and why; None where that is an error. `described` is how many IRIs the
    service describes, 0 where that is not known. `lacking` is why some axioms without a name are not there.
    """

    is_whole = False

    def __init__(
        self, base: Store, *, names: Sequence[NamedNode] = (), ask: Callable[[str], Results] | None = None
    ) -> None:
        """Hold nothing yet; `ask` puts a query to the service."""
        super().__init__()
        self.base, self.names, self._ask = base, names, ask
        self.background, self.origins = base.background, base.origins
        self.known = Known()
        self.wanted: set[Demand] = set()
        self.left_out: dict[Demand, AccessError] | None = None
        self.described = 0
        self.lacking: list[CommuniqueError] = []
        self._loose: Store | None = None
        self._stand_ins: dict[Term, set[Quad]] = {}

    @property
    def loose(self) -> Store:
        """Where axioms are held to which nothing leads: who reads node by node does not come by all of one."""
        return self._loose if self._loose is not None else self.base.loose

    def take_axioms(self, quads: Iterable[Quad]) -> None:
        """Hold axioms without a name, each of them whole, beside those that are held."""
        fresh = list(quads)
        if not isinstance(self.base, Excerpt) and self._loose is None:
            self._loose = Store.of(Axioms(self.base).quads)
        if fresh:
            self._add(fresh)
            self._loose = Store.of([*self.loose.quads(), *fresh])

    def take(self, quads: Iterable[Quad]) -> None:
        """Hold some quads more."""
        self._add(quads)

    @property
    def is_of_page(self) -> bool:
        """Whether this is the excerpt of one page, over what all share."""
        return isinstance(self.base, Excerpt)

    def stand_in(self, nodes: Iterable[NamedNode], quads: Collection[Quad]) -> None:
        """Hold some quads for what is said of some nodes, until that is taken as a whole."""
        fresh = [node for node in nodes if not self.is_known(Demand(node))]
        if fresh:
            self._add(quads)
            for node in fresh:
                self._stand_ins.setdefault(node, set()).update(quads)

    def take_whole(self, node: Term, quads: Iterable[Quad]) -> None:
        """Hold all that is said of a node, and nothing that stood for it."""
        for quad in self._stand_ins.pop(node, ()):
            self._store.remove(quad)
        self._add(quads)

    def is_known(self, demand: Demand) -> bool:
        """Tell whether all is held that a demand wants, or as much of it as is ever held."""
        return self.known.has(demand) or (isinstance(self.base, Excerpt) and self.base.is_known(demand))

    def want(self, demand: Demand) -> None:
        """Write down what is missing."""
        if not self.is_known(demand):
            self.wanted.add(demand)

    def quads(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the quads that match and are held, and note what is not."""
        if not any(isinstance(each, NOWHERE) for each in (subject, graph)) and not isinstance(object, BlankNode):
            demand = _demand(subject, predicate, object, graph)
            if demand is not None:
                self.want(demand)
        return self.given(subject, predicate, object, graph)

    def about(self, subject: Subject, predicates: Collection[NamedNode]) -> Iterator[Quad]:
        """Give the quads of a subject with some predicates; of the others, those that are held."""
        if isinstance(subject, NamedNode):
            for predicate in predicates:
                self.want(Demand(subject, predicate))
        return self.given(subject)

    def given(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the quads that match and are held."""
        below = self.base.given if isinstance(self.base, Excerpt) else self.base.quads
        own = dict.fromkeys(super().quads(subject, predicate, object, graph))
        given = below(subject, predicate, object, graph)
        return _joined(given, own) if own else given

    def held_back(self, path: NamedNode | None, object: Term | None, graph: GraphName | None = None) -> int:
        """Return how many quads match that are not given."""
        demand = _demand(None, path, object, graph)
        if demand is not None and (total := self.known.totals.get(demand)):
            # What other questions have read counts as well.
            return max(0, total - len({quad.triple for quad in self.given(None, path, object, graph)}))
        below = self.base.held_back(path, object, graph)
        return below + (self.known.held_back[demand] if demand is not None else 0)

    def part(self, predicate: NamedNode, object: NamedNode, *, offset: int, limit: int) -> tuple[Term, ...]:
        """Return some of very many subjects, in the order of the engine; none as long as they are not read."""
        demand = Demand(None, predicate, object, part=(offset, limit))
        if demand not in self.known.parts:
            self.wanted.add(demand)
        return self.known.parts.get(demand, ())

    def describes(self, node: NamedNode) -> bool:
        """Tell whether something is said of a node, as far as that is known; else that is wanted."""
        if node in self.known.described:
            return self.known.described[node]
        if isinstance(self.base, Excerpt) and node in self.base.known.described:
            return self.base.known.described[node]
        if next(self.given(node), None) is not None:
            return True
        self.wanted.add(Demand(node, exists=True))
        return False

    def subjects(self) -> list[NamedNode]:
        """Return every IRI that is known from the beginning to be a subject, sorted."""
        own = self.base.subjects()
        return sorted({*own, *self.names}, key=lambda node: node.value) if self.names else own

    def count_of_subjects(self) -> int:
        """Return how many IRIs the service describes, as far as it has counted them, else how many are known."""
        return max(self.described, super().count_of_subjects())

    def graph_names(self) -> list[NamedNode | BlankNode]:
        """Return the names of the graphs of the base: those of a service are too many to be listed."""
        return self.base.graph_names()

    def query(self, text: str) -> Results:
        """Put a query to the service."""
        return self._ask(text) if self._ask is not None else super().query(text)

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes of the base."""
        return self.base.prefixes

    @property
    def missing(self) -> bool:
        """Whether something is wanted that is not held."""
        return bool(self.wanted)


def _demand(
    subject: Subject | None, predicate: NamedNode | None, object: Term | None, graph: GraphName | None
) -> Demand | None:
    """Return the demand that a pattern is; None for what is never read as a whole."""
    if isinstance(subject, NamedNode):
        return Demand(subject, predicate)
    if isinstance(object, NamedNode | Literal):
        return Demand(None, predicate, object)
    if isinstance(graph, NamedNode):
        return Demand(graph=graph)
    return Demand(None, predicate) if predicate is not None else None


def _joined(below: Iterable[Quad], own: dict[Quad, None]) -> Iterator[Quad]:
    """Give each quad once."""
    for quad in below:
        own.pop(quad, None)
        yield quad
    yield from own
