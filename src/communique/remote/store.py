"""A store whose quads are in a SPARQL service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import UsageError
from communique.iris import Prefixes
from communique.remote import answers
from communique.remote.beside import Beside, beside
from communique.remote.harvest import SYSTEM_GRAPHS, extent, harvest, is_virtuoso
from communique.remote.service import ServiceError
from communique.store import Store
from communique.syntax.query_faults import explain
from communique.syntax.query_prefixes import with_prefixes
from communique.syntax.sparql_text import form_of, pattern_of, reaches_out, update_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from communique.remote.service import Reply, Service
    from communique.store import Results


@dataclass(slots=True)
class RemoteStore:
    """What a service holds, or those of its graphs that `only` names; `prefixes` need no declaration.

    What a Communiqué has put `beside` the data is found by queries, and is none of the quads.

    What a query sees without GRAPH is up to the service: the union of all graphs in Virtuoso, QLever, GraphDB and
    Neptune, in Fuseki the unnamed graph alone unless it is told otherwise.
    """

    service: Service
    prefixes: Prefixes = field(default_factory=Prefixes)
    only: tuple[str, ...] = ()
    progress: Callable[[str], None] | None = None
    _beside: Beside | None = None

    @property
    def beside(self) -> Beside:
        """What a Communiqué has put beside the data; nothing where graphs are named. Raises ServiceError."""
        if self._beside is None:
            self._beside = Beside() if self.only else beside(self.service)
        return self._beside

    def __len__(self) -> int:
        """Count the quads."""
        return len(extent(self.service, only=self.only, hidden=self.beside.graphs))

    def quads(self) -> Iterator[ox.Quad]:
        """Give every quad once; raises ServiceError where the service cuts answers and nothing helps."""
        return harvest(self.service, only=self.only, hidden=self.beside.graphs, progress=self.progress)

    def graph_names(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Return the names of all named graphs, sorted; those that Virtuoso keeps for itself are not counted."""
        rows = self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(rows, ox.QuerySolutions)
        found = (row[0] for row in rows)
        return sorted((name for name in found if isinstance(name, ox.NamedNode) and self._has(name.value)), key=str)

    def query(self, text: str) -> Results:
        """Run a query at the service, whose answer is complete or an error (see `answers`)."""
        if reaches_out(text):
            raise UsageError("query: SERVICE and LOAD are refused: nothing is fetched from other hosts.")
        asked = with_prefixes(text, self.prefixes)
        try:
            return self._answer(asked)
        except ServiceError as error:
            # Our own endpoint answers an update with 403, as others answer without credentials.
            if error.status == 400 or (error.status == 403 and update_word(text)):
                raise UsageError(self._fault(text, error)) from error
            raise

    def _answer(self, asked: str) -> Results:
        url = self.service.url
        if form_of(asked) in ("CONSTRUCT", "DESCRIBE"):
            reply = whole(self.service, asked, accept=answers.ACCEPT_GRAPH)
            triples = answers.triples_of(reply, url=url)
            everything = Store(ox.Quad(*triple) for triple in triples)
            return everything.evaluate("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        reply = whole(self.service, asked, accept=answers.ACCEPT_RESULTS)
        return answers.results_of(reply, url=url)[0]

    def _has(self, graph: str) -> bool:
        return graph in self.only if self.only else graph not in SYSTEM_GRAPHS

    def _fault(self, text: str, error: ServiceError) -> str:
        """Say what is wrong with a query: with its place where our own parser finds it, else as the service says."""
        try:
            Store().evaluate(with_prefixes(text, self.prefixes))
        except SyntaxError as found:
            return explain(found, text, prefixes=self.prefixes)
        except RuntimeError:
            pass  # it is a query, and means nothing here
        return f"query: {self.service.url} refuses it: {error.said}"


def whole(service: Service, query: str, *, accept: str) -> Reply:
    """Return the reply to a query, which is no part of the answer as far as the service says so; raises ServiceError.

    Virtuoso cuts a graph without a word; so it is asked for the rows that the graph is made of as well.
    """
    reply = service.ask(query, accept=accept)
    answers.refuse_part(reply, url=service.url)
    if accept == answers.ACCEPT_GRAPH and is_virtuoso(reply) and (rows := pattern_of(query)):
        answers.refuse_part(service.ask(rows, accept=answers.ACCEPT_RESULTS), url=service.url)
    return reply
