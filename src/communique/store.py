"""The store: every quad of a project in one place, and the one module that knows pyoxigraph's store."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import DataError, Problem, UsageError
from communique.iris import Prefixes
from communique.syntax import parse_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from communique.project import Project, SourceFile

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWL_ONTOLOGY = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")
SH_PREFIX = ox.NamedNode("http://www.w3.org/ns/shacl#prefix")
SH_NAMESPACE = ox.NamedNode("http://www.w3.org/ns/shacl#namespace")

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Store:
    """All quads of a project; `background` holds the bundled ontology and shapes that the project does not replace."""

    def __init__(self, quads: Iterable[ox.Quad] = (), *, background: Store | None = None) -> None:
        """Hold the quads."""
        self._store = ox.Store()
        self._store.bulk_extend(quads)
        self.background = background

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Store:
        """Return a store of these quads alone."""
        return cls(quads)

    @classmethod
    def load(cls, project: Project, *, progress: Callable[[SourceFile], None] | None = None) -> Store:
        """Load every file of a project; raises one DataError with the problems of all files."""
        problems: list[Problem] = list(project.problems)
        own: list[ox.Quad] = []
        bundled: list[ox.Quad] = []
        for role in ("data", "ontology", "shapes"):
            for file in project.files(role):
                if progress:
                    progress(file)
                try:
                    quads = list(parse_file(file))
                except DataError as error:
                    problems.extend(error.problems)
                    continue
                (bundled if file.bundled else own).extend(quads if role == "data" else _in_named_graph(quads))
        if problems:
            raise DataError(problems)
        return cls(own, background=cls(bundled) if bundled else None)

    def __len__(self) -> int:
        """Count the quads."""
        return len(self._store)

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Run a SPARQL query whose default graph is the union of all graphs; raises UsageError if it is malformed."""
        try:
            return self._store.query(text, use_default_graph_as_union=True, prefixes=dict(self.prefixes))
        except SyntaxError as error:
            raise UsageError(str(error)) from error

    def evaluate(
        self,
        text: str,
        *,
        union: bool = True,
        bindings: Mapping[str, Term] | None = None,
        functions: Mapping[ox.NamedNode, Callable[..., Term | None]] | None = None,
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Run a query exactly as it stands: no prefix but its own, raises what pyoxigraph raises.

        `bindings` gives terms to variables that the query projects (SEP-0007), `functions` adds functions. With
        `union` a triple that stands in several graphs counts several times: pyoxigraph does not merge them.
        """
        return self._store.query(
            text,
            use_default_graph_as_union=union,
            substitutions={ox.Variable(name): term for name, term in (bindings or {}).items()},
            custom_functions=dict(functions or {}),
        )

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the quads that match; None matches everything."""
        return self._store.quads_for_pattern(subject, predicate, object, graph)

    def subjects(self) -> list[ox.NamedNode]:
        """Return every IRI that is a subject, sorted."""
        found = {quad.subject for quad in self._store if isinstance(quad.subject, ox.NamedNode)}
        return sorted(found, key=lambda node: node.value)

    def graph_names(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Return the names of the named graphs, sorted."""
        return sorted(self._store.named_graphs(), key=str)

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes that the project declares with sh:declare, and well-known ones."""
        declared = {}
        for store in (self.background, self):
            for quad in store.quads(None, SH_PREFIX) if store else ():
                for other in store.quads(quad.subject, SH_NAMESPACE) if store else ():
                    if isinstance(quad.object, ox.Literal) and isinstance(other.object, ox.Literal):
                        declared[quad.object.value] = other.object.value
        return Prefixes(declared)

    def canonical_hash(self) -> str:
        """Return the SHA-256 of the canonical N-Quads of the dataset (RDFC-1.0), in hexadecimal."""
        import hashlib

        dataset = ox.Dataset(self._store)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        lines = sorted(f"{quad} .\n" for quad in dataset)
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def _in_named_graph(quads: list[ox.Quad]) -> list[ox.Quad]:
    name = next((q.subject for q in quads if q.predicate == RDF_TYPE and q.object == OWL_ONTOLOGY), None)
    if not isinstance(name, ox.NamedNode):
        return quads
    default = ox.DefaultGraph()
    return [ox.Quad(q.subject, q.predicate, q.object, name) if q.graph_name == default else q for q in quads]
