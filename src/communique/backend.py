"""What anything that holds RDF can be asked: what is in memory (`store`), or a SPARQL service (`remote`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from communique.iris import Prefixes
    from communique.store import Results


class Backend(Protocol):
    """A set of quads that does not change while it is asked. Each method may raise AccessError."""

    @property
    def prefixes(self) -> Prefixes:
        """The prefixes that need no declaration in a query."""

    def __len__(self) -> int:
        """Count the quads."""

    def quads(self) -> Iterator[ox.Quad]:
        """Give every quad once, in no order to rely on; a blank node is the same wherever it stands."""

    def graph_names(self) -> list[ox.NamedNode | ox.BlankNode]:
        """Return the names of all named graphs, sorted."""

    def query(self, text: str) -> Results:
        """Run a SPARQL query, whose answer is complete or an error.

        Raises UsageError if the query is malformed, changes something, or would reach out to another host.
        """
