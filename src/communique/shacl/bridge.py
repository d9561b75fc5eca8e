"""A bridge between pyoxigraph and rdflib: their terms, and a store of ours as one that rdflib reads in place.

Nothing is copied: rdflib asks, and gets only the triples that it asks for.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.store import Store as RdflibStore

from communique.shacl.counting import counts, names_graphs, repeated
from communique.shacl.prebinding import prebound
from communique.store import Store
from communique.union import with_union

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from communique.store import Term

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
UNION = rdflib.URIRef("urn:x-communique:union")


class ComparableLiteral(rdflib.Literal):
    """A literal that is not less than one that it cannot be compared with (SHACL, section 4.5.3): rdflib raises."""

    def __lt__(self, other: Any) -> bool:
        """Tell if it is less."""
        return super().__lt__(other) is True

    def __le__(self, other: Any) -> bool:
        """Tell if it is less or equal."""
        return super().__le__(other) is True


def to_rdflib(term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """Return a term as rdflib's; raises ValueError for a triple term, which rdflib does not know.

    A string has no datatype, as in rdflib's own parsers: to rdflib "x" and "x"^^xsd:string are two terms. Lexical forms
    stay as they are, as terms are compared by them.
    """
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal():
            if term.language:
                return ComparableLiteral(term.value, lang=term.language)
            datatype = None if term.datatype.value == XSD_STRING else rdflib.URIRef(term.datatype.value)
            return ComparableLiteral(term.value, datatype=datatype, normalize=False)
    raise ValueError(f"rdflib has no triple terms: {term}")


def to_oxigraph(term: Any) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a term of rdflib as pyoxigraph's."""
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=str(term.language))
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD_STRING)))
    return ox.NamedNode(str(term))


@cache
def held(term: Term) -> Term:
    """Return a term as queries see it once a store holds it: of some literals, pyoxigraph keeps only the value."""
    if not isinstance(term, ox.Literal):
        return term
    return next(iter(Store.of([ox.Quad(ox.NamedNode(UNION), ox.NamedNode(UNION), term)]).respelt), term)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from printing a stack trace for every literal whose form does not fit its datatype."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


class StoreView(RdflibStore):
    """A store of ours as rdflib sees it: read only; the union of all graphs where no graph is named.

    SPARQL runs in pyoxigraph, whose default graph is that union.
    """

    context_aware = True
    graph_aware = True

    def __init__(self, store: Store) -> None:
        """Look at a store."""
        super().__init__()
        self._ours = store
        self._known: dict[Term, Any] = {}

    def add_graph(self, graph: Any) -> None:
        """Do nothing: rdflib announces its default graph, which every store has."""

    def add(self, *_: Any, **__: Any) -> None:
        """Refuse."""
        raise TypeError("a view of a store cannot be written to")

    remove = add

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[tuple[Any, Iterator[Any]]]:
        """Give the triples that match, each once."""
        subject, predicate, object_ = (None if part is None else to_oxigraph(part) for part in triple_pattern)
        if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode | None):
            return
        for triple in {
            quad.triple: None for quad in self._ours.quads(subject, predicate, object_, self._graph(context))
        }:
            if not isinstance(triple.object, ox.Triple):
                yield tuple(map(self.term, triple)), iter((self.union() if context is None else context,))

    def contexts(self, triple: Any = None) -> Generator[rdflib.Graph, None, None]:
        """Give the named graphs."""
        for name in self._ours.graph_names():
            graph = rdflib.Graph(self, self.term(name))
            if triple is None or any(self.triples(triple, graph)):
                yield graph

    def __len__(self, context: Any = None) -> int:
        """Count the quads, of one graph or all. (pyshacl asks for every result, to see if there are any.)"""
        graph = self._graph(context)
        return self._size if graph is None else sum(1 for _ in self._ours.quads(None, None, None, graph))

    @cached_property
    def _size(self) -> int:
        return len(self._ours)

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: Any, **_: Any) -> Result:  # noqa: N803
        """Run a query with pre-bound variables: in pyoxigraph, or in rdflib if one is a blank node."""
        bindings = {str(name): to_oxigraph(term) for name, term in (initBindings or {}).items()}
        try:
            found = self.answer(str(query), bindings=bindings)
        except SyntaxError:
            found = None
        if isinstance(found, ox.QuerySolutions):
            return self._result(found)
        if isinstance(found, ox.QueryBoolean):
            answer = Result("ASK")
            answer.askAnswer = bool(found)
            return answer
        dataset = rdflib.Dataset(store=self, default_union=True)
        return dataset.query(query, initBindings=initBindings, use_store_provided=False)

    def _result(self, found: ox.QuerySolutions) -> Result:
        result = Result("SELECT")
        result.vars = [rdflib.Variable(variable.value) for variable in found.variables]
        result.bindings = [
            {variable: self.term(value) for variable, value in zip(result.vars, row, strict=True) if value is not None}
            for row in found
        ]
        return result

    def answer(self, query: str, *, bindings: dict[str, Any]) -> Any:
        """Return pyoxigraph's answer over the merge of all graphs, or None if it cannot bind the variables."""
        text = prebound(query, bindings)
        if text is None:
            return None
        if not counts(query) or not self._repeated:
            return self._ours.evaluate(text)
        if names_graphs(query):
            return self._merge.evaluate(text, union=False)
        with self._ours.without(self._repeated):
            return self._ours.evaluate(text)

    def union(self) -> rdflib.Graph:
        """Return the merge of all graphs."""
        return rdflib.Graph(self, UNION)

    def term(self, term: Term) -> Any:
        """Return a term as rdflib's, the same object each time."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = to_rdflib(term)
        return known

    def _graph(self, context: Any) -> Any:
        if context is None or context.identifier == UNION:
            return None
        name = context.identifier
        return ox.DefaultGraph() if name == DATASET_DEFAULT_GRAPH_ID else to_oxigraph(name)

    @cached_property
    def _repeated(self) -> list[ox.Quad]:
        return repeated(self._ours)

    @cached_property
    def _merge(self) -> Store:
        return Store.of(with_union(self._ours))
