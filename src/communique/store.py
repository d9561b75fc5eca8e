"""The store: every quad of a project in one place.

The name of a graph says who says what is in it. Data stays in the graphs in which it was written; what a file of
`ontology/` or `shapes/` says outside any graph goes into the graph named by the file's header, its `owl:Ontology`, or
else its one `skos:ConceptScheme`. For queries the default graph is the union of all graphs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from communique.errors import AccessError, DataError, Problem, UsageError
from communique.syntax import JSONLD_CONTEXT, format_of, parse_file
from communique.syntax.headers import DEFAULT_GRAPH, in_graph_of_header, noting_graphs
from communique.syntax.namespaces import FilePrefixes, declared_prefixes
from communique.syntax.naming import BlankNodeWatch, canonical
from communique.syntax.query_faults import explain
from communique.syntax.sparql_text import reaches_out
from communique.syntax.spelling import Spellings
from communique.union import ask, with_union

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from communique.iris import Prefixes
    from communique.project import Project, SourceFile
    from communique.syntax.mappings import MappingSet

    Progress = Callable[[SourceFile], None] | None
    Mappings = Callable[[SourceFile, MappingSet], None] | None
    Functions = Mapping[ox.NamedNode, Callable[..., "Term | None"]]

OWL_THING = ox.NamedNode("http://www.w3.org/2002/07/owl#Thing")
VOID_URI_SPACE = ox.NamedNode("http://rdfs.org/ns/void#uriSpace")
PIECE = 20_000
_SUBJECTS = "SELECT DISTINCT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Results = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean
Origins = dict[GraphName, tuple["SourceFile", ...]]


class Store:
    """All quads of a project; it does not change.

    `background` holds the bundled ontology and shapes that the project does not replace: labels and rules for its data,
    never published as its own. `origins` tells the files that write into each graph.
    """

    is_whole = True
    """Whether it is known what leads to a node without a name: of an excerpt of a larger store it is not."""

    def __init__(self, quads: Iterable[ox.Quad] = (), *, background: Store | None = None) -> None:
        """Hold these quads."""
        self._store = ox.Store()
        self._spellings = Spellings(_respelt, holds=self._store.__contains__)
        self.blank_nodes = BlankNodeWatch()
        self._add(quads)
        self._file_prefixes = FilePrefixes()
        self.background = background
        self.origins: Origins = {}

    @property
    def loose(self) -> Store:
        """Where all is held that nodes without a name say to which nothing leads: here, as it is whole."""
        return self

    def _add(self, quads: Iterable[ox.Quad]) -> None:
        # In one piece, quads would be held twice: half as much memory again for a million.
        waiting = self._spellings.noting(self.blank_nodes.passing(quads))
        for first in waiting:
            self._store.extend(chain((first,), islice(waiting, PIECE)))
            self._spellings.arrived()

    @contextmanager
    def joined_by(self, quads: Iterable[ox.Quad]) -> Iterator[None]:
        """Hold some more quads while the block runs, and not after it: a second store of everything would be large."""
        noted = self._spellings.noting(self.blank_nodes.passing(quads))
        added = [quad for quad in dict.fromkeys(noted) if quad not in self._store]
        graphs = {quad.graph_name for quad in added} - set(self._store.named_graphs())
        self._store.extend(added)
        try:
            yield
        finally:
            for quad in added:
                self._store.remove(quad)
            for graph in graphs - {DEFAULT_GRAPH}:
                self._store.remove_graph(graph)

    @contextmanager
    def without(self, quads: Collection[ox.Quad]) -> Iterator[None]:
        """Hold some quads, as queries see them, no longer while the block runs; an answer that began in it stays."""
        for quad in quads:
            self._store.remove(quad)
        try:
            yield
        finally:
            self._store.extend(quads)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Store:
        """Return a store of these quads alone."""
        return cls(quads)

    @classmethod
    def load(
        cls, project: Project, *, progress: Progress = None, mappings: Mappings = None, more: Iterable[ox.Quad] = ()
    ) -> Store:
        """Return the store of a project and `more`, and tell of each file and mapping set; one DataError for all."""
        loading = _Loading(project, progress, mappings)
        files = [file for role in ("data", "ontology", "shapes") for file in project.files(role)]
        # JSON-LD comes last: it may name the context that the project publishes, and where that is, the data says.
        for file in sorted(files, key=lambda file: format_of(file.path).name == "jsonld"):
            loading.read(file)
        return loading.result(more)

    def __len__(self) -> int:
        """Count the quads."""
        return len(self._store)

    def __iter__(self) -> Iterator[ox.Quad]:
        """Give every quad, in no order to rely on."""
        return self.quads()

    def __contains__(self, quad: ox.Quad) -> bool:
        """Tell if the store holds a quad."""
        return any(True for _ in self.quads(*quad))

    @property
    def respelt(self) -> frozenset[ox.Literal]:
        """What queries see instead of literals that were written otherwise: an `xsd:integer` for `"5"^^xsd:int`."""
        return self._spellings.held

    @property
    def typed_literals(self) -> Iterable[ox.Literal]:
        """Each literal with a datatype other than those of texts, once, as it was written."""
        return self._spellings.typed

    @property
    def respellings(self) -> Iterable[tuple[ox.Quad, tuple[ox.Literal | ox.Triple, ...]]]:
        """Each quad that the engine holds instead of others, with the objects that these were written with."""
        return self._spellings.items()

    def write_nquads(self, out: IO[bytes]) -> None:
        """Write every quad as N-Quads, in no order, as the engine holds it: `respellings` tell what differs."""
        self._store.dump(out, format=ox.RdfFormat.N_QUADS)

    def query(self, text: str) -> Results:
        """Run a SPARQL query whose default graph is the union of all graphs, or of those that it names.

        The prefixes of the store need no declaration. Raises UsageError, with line and column, if the query is
        malformed, changes something, or would reach out to another host.
        """
        return self.query_in(text)

    def query_in(self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> Results:
        """Do so in graphs, given by absolute IRIs, before those that the query names (SPARQL 1.1 Protocol, 2.1.4)."""
        if reaches_out(text):
            raise UsageError("query: SERVICE and LOAD are refused: nothing is fetched from other hosts.")
        try:
            put = partial(ask, self._with_union, text, empty=ox.Store, prefixes=dict(self.prefixes))
            return put(default_graphs=default_graphs, named_graphs=named_graphs)
        except SyntaxError as error:
            raise UsageError(explain(error, text, prefixes=self.prefixes)) from error

    @cached_property
    def _with_union(self) -> ox.Store:
        if next(iter(self._store.named_graphs()), None) is None:
            return self._store
        store = ox.Store()
        store.bulk_extend(with_union(self._store))
        return store

    def evaluate(self, text: str, *, union: bool = True, functions: Functions | None = None) -> Results:
        """Run a query exactly as it stands: no prefix but its own; raises what pyoxigraph raises.

        `functions` are added to those of SPARQL. With `union` a triple that stands in several graphs counts several
        times: pyoxigraph does not merge them.
        """
        return self._store.query(text, use_default_graph_as_union=union, custom_functions=dict(functions or {}))

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """Give the quads that match, as they were written; None matches anything."""
        found = self._store.quads_for_pattern(subject, predicate, object, graph)
        if not self._spellings:
            return found
        return self._spellings.restored(found, only=object if isinstance(object, ox.Literal | ox.Triple) else None)

    def about(self, subject: Subject, predicates: Collection[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Give the quads of a subject; those with other predicates than these may be left out."""
        return self.quads(subject)

    def count_of_subjects(self) -> int:
        """Return how many IRIs are subjects."""
        return len(self.subjects())

    def held_back(self, predicate: ox.NamedNode | None, object: Term | None, graph: GraphName | None = None) -> int:
        """Return how many quads match that `quads` does not give: none, unless this is an excerpt of a larger store."""
        return 0

    def subjects(self) -> list[ox.NamedNode]:
        """Return every IRI that is a subject, sorted."""
        found = cast("ox.QuerySolutions", self._store.query(_SUBJECTS))
        return sorted((node for (node,) in found if isinstance(node, ox.NamedNode)), key=_value)

    def graph_names(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Return the names of all named graphs, sorted."""
        return sorted(self._store.named_graphs(), key=str)

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes that the project declares by `sh:declare`, bundled, well-known ones, and those of its files."""
        bundled = declared_prefixes(self.background.quads) if self.background else {}
        return self._file_prefixes.completing(declared_prefixes(self.quads), bundled=bundled)

    def canonical_hash(self) -> str:
        """Return the SHA-256, in hexadecimal, of the canonical N-Quads of the dataset (RDFC-1.0)."""
        lines = sorted(f"{quad} .\n" for quad in canonical(self))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


class _Loading:
    """The files of a project on their way into two stores, and what goes wrong with any of them."""

    def __init__(self, project: Project, progress: Progress, mappings: Mappings) -> None:
        self._project, self._progress, self._mappings = project, progress, mappings
        self._problems = list(project.problems)
        self._own, self._bundled = Store(), Store()
        self._prefixes: Counter[tuple[str, str]] = Counter()

    def read(self, file: SourceFile) -> None:
        """Read one file; keep its problems for later."""
        if self._progress:
            self._progress(file)
        try:
            self._add(file)
        except DataError as error:
            self._problems.extend(error.problems)
        except AccessError as error:
            self._problems.append(Problem(None, None, None, str(error)))

    def result(self, more: Iterable[ox.Quad]) -> Store:
        """Return the store with `more` data; raises DataError if any file had a problem."""
        if self._problems:
            raise DataError(sorted(self._problems, key=lambda problem: problem.key))
        # Of two meanings of a prefix the more frequent one, else the first in the alphabet, is kept.
        common = sorted(self._prefixes, key=lambda pair: (-self._prefixes[pair], pair))
        self._own._file_prefixes = FilePrefixes.read(common, self._own.quads)
        self._own._add(more)
        self._own.background = self._bundled if len(self._bundled) else None
        return self._own

    def _add(self, file: SourceFile) -> None:
        store = self._bundled if file.bundled else self._own
        contexts = self._contexts() if format_of(file.path).name == "jsonld" else {}
        parsing = parse_file(file, contexts=contexts)
        quads = parsing if file.role == "data" else in_graph_of_header(list(parsing))
        store._add(noting_graphs(quads, file, store.origins))
        if self._mappings and parsing.mappings:
            self._mappings(file, parsing.mappings)
        if not file.bundled:
            self._prefixes.update(parsing.prefixes.items())

    def _contexts(self) -> dict[str, Path]:
        spaces = {_value(quad.object) for quad in self._own.quads(None, VOID_URI_SPACE)}
        return {JSONLD_CONTEXT: self._project.context} | {
            space + "context.jsonld": self._project.context for space in spaces
        }


def _respelt(literal: ox.Literal) -> ox.Literal:
    """Return what becomes of a literal in the engine's store."""
    store = ox.Store()
    store.add(ox.Quad(OWL_THING, OWL_THING, literal))
    return next(quad.object for quad in store if isinstance(quad.object, ox.Literal))


def _value(term: Term) -> str:
    return "" if isinstance(term, ox.Triple) else term.value
