"""Whether a service shows anything: a graph that is named by a slip must not make an empty site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.errors import AccessError
from communique.remote.answers import ACCEPT_RESULTS, boolean_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from communique.remote.service import Service


def unless_empty(
    quads: Iterable[Quad], url: str, *, only: Sequence[str] = (), warn: Callable[[str], None]
) -> Iterator[Quad]:
    """Give the quads of the service at `url`; raises AccessError at the end where there were none.

    Where `only` names graphs and some of them had none, that is told to `warn`.
    """
    missing, found = {NamedNode(graph) for graph in only}, False
    for quad in quads:
        found = True
        if missing:
            missing.discard(quad.graph_name)
        yield quad
    empty = nothing_in(url, [graph for graph in only if NamedNode(graph) in missing])
    if not found:
        raise AccessError(empty)
    if missing:
        warn(empty)


def nothing_shown(service: Service, pattern: str, *, only: Sequence[str] = ()) -> str:
    """Return what is to be said where a service shows nothing that `pattern` finds, or in a graph of `only`, else "".

    Raises ServiceError.
    """
    patterns = {graph: f"GRAPH <{graph}> {{ ?s ?p ?o }}" for graph in only} or {"": pattern}
    empty = [graph for graph, each in patterns.items() if not _has(service, each)]
    return nothing_in(service.url, empty if only else ()) if empty else ""


def nothing_in(url: str, graphs: Sequence[str]) -> str:
    """Say that a service shows nothing in some graphs, or in any, why that may be, and what to look at.

    >>> nothing_in("http://example.org/sparql", ["http://example.org/g"]).partition(":")[2]
    '//example.org/sparql: shows nothing in the graph <http://example.org/g>: there is no such graph, it is not loaded \
yet, or the account may not read it. Look at the spelling of --graph, and at the rights of the account.'
    """
    if not graphs:
        why = "nothing is loaded yet, or the account may read no graph. Look at its rights, or name graphs by --graph."
        return f"{url}: shows no statement in any graph: {why}"
    named = "graph" if len(graphs) == 1 else "graphs"
    why = (
        "there is no such graph, it is not loaded yet, or the account may not read it. Look at the spelling of "
        "--graph, and at the rights of the account."
    )
    return f"{url}: shows nothing in the {named} {', '.join(f'<{graph}>' for graph in graphs)}: {why}"


def _has(service: Service, pattern: str) -> bool:
    return boolean_of(service.ask(f"ASK {{ {pattern} }}", accept=ACCEPT_RESULTS), url=service.url)
