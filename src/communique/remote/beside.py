"""Beside: what a Communiqué has put beside the data of an endpoint to describe them, as graphs of their own.

They are `void.ttl` and `queries.ttl`, each named by its address. Who reads the data leaves them out; but where the data
do not say how their IRIs begin or what they are called, `void.ttl` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from communique.remote import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.remote.service import Service

VOID = "http://rdfs.org/ns/void#"
DCTERMS = "http://purl.org/dc/terms/"
PRIMARY_TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"
DESCRIPTION, QUERIES = "void.ttl", "queries.ttl"
DESCRIPTIONS = f"SELECT DISTINCT ?g ?s {{ GRAPH ?g {{ ?s a <{VOID}DatasetDescription> }} }}"


class Beside(NamedTuple):
    """Graphs that only describe the data of a service, and what these say of the data, "" where they do not."""

    graphs: tuple[str, ...] = ()
    base: str = ""
    title: str = ""


def beside(service: Service) -> Beside:
    """Ask a service for what a Communiqué has put beside its data; raises ServiceError.

    A description that somebody else has written, in whichever graph, belongs to the data.
    """
    rows = _rows(service, DESCRIPTIONS)
    told = sorted({graph.value for graph, node in rows if isinstance(graph, ox.NamedNode) and graph == node})
    ours = [graph for graph in told if graph.endswith(DESCRIPTION) and _is_ours(service, graph)]
    graphs = tuple(graph.removesuffix(DESCRIPTION) + name for graph in ours for name in (DESCRIPTION, QUERIES))
    return Beside(graphs, *_said(service, ours[0])) if len(ours) == 1 else Beside(graphs)


def _is_ours(service: Service, graph: str) -> bool:
    """Tell whether a graph counts the properties of a dataset by nodes with the names that we give them."""
    ours = f'FILTER(STRSTARTS(STR(?part), "{graph}#property-"))'
    query = f"ASK {{ GRAPH <{graph}> {{ ?dataset <{VOID}propertyPartition> ?part {ours} }} }}"
    return answers.boolean_of(service.ask(query, accept=answers.ACCEPT_RESULTS), url=service.url)


def _said(service: Service, graph: str) -> tuple[str, str]:
    """Return the base and the title of what a description is about, as far as the data do not say them."""
    wanted = f"VALUES ?p {{ <{VOID}uriSpace> <{DCTERMS}title> }}"
    query = f"SELECT ?p ?o {{ {wanted} GRAPH <{graph}> {{ <{graph}> <{PRIMARY_TOPIC}> ?d . ?d ?p ?o }} }}"
    found = {path.value: value.value for path, value in _rows(service, query) if isinstance(value, ox.Literal)}  # type: ignore[union-attr]
    return found.get(f"{VOID}uriSpace", ""), found.get(f"{DCTERMS}title", "")


def _rows(service: Service, query: str) -> Iterator[answers.Row]:
    reply = service.ask(query, accept=answers.ACCEPT_RESULTS)
    answers.refuse_part(reply, url=service.url)
    return answers.rows_of(reply, url=service.url, query=query)[0]
