"""From a reply to results: only what is whole, in whichever dialect; a cut is an error, never a shorter answer.

| manner | of | what is done |
|---|---|---|
| `X-SQL-State`, status 206 | Virtuoso's "anytime" queries | an error: the answer is a part |
| `X-SPARQL-MaxRows` | Virtuoso's cap on rows | an error: the answer is cut |
| 200 with HTML or plain text | proxies, pages of errors | an error that quotes it |
| results without an end, or text after it | Fuseki, QLever: a query that fails in the middle | an error |
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from communique.legibility import legible_name
from communique.reasons import reason
from communique.remote.caps import HEADER
from communique.remote.dialects import (
    ACCEPT_GRAPH,
    ACCEPT_RESULTS,
    GRAPHS,
    RESULTS,
    boolean,
    parse_results,
    stands_for_boolean,
)
from communique.remote.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from communique.remote.service import Reply
    from communique.store import Term

__all__ = (
    "ACCEPT_GRAPH",
    "ACCEPT_RESULTS",
    "boolean_of",
    "damaged",
    "format_of",
    "is_capped",
    "refuse_part",
    "results_of",
    "rows_of",
    "triples_of",
)

F = TypeVar("F")
Row = tuple["Term | None", ...]
NAMELESS = "Invalid variable name"
NO_IRI = re.compile(r"\bIRI\b")
"""By which words of a parser it is known what an answer holds."""
ADDRESS = "Is this the address of a SPARQL 1.1 endpoint, and does nothing on the way change its answers?"


def _is_node(term: Term | None) -> bool:
    return isinstance(term, ox.NamedNode | ox.BlankNode)


def _is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.value.isdecimal()


CHECKS: dict[str, Callable[[Term | None], bool]] = {
    "g": lambda term: term is None or _is_node(term),
    "s": _is_node,
    "p": lambda term: isinstance(term, ox.NamedNode),
    "o": lambda term: term is not None,
    "n": _is_number,
}
"""What may stand in the columns of our queries, by their names."""


def is_capped(reply: Reply) -> bool:
    """Tell whether the service gave fewer rows than there are, and says so."""
    return HEADER in reply.headers


def refuse_part(reply: Reply, *, url: str, paged: bool = False) -> None:
    """Raise ServiceError if the service says that its reply is but a part; of a page the cap on rows is no matter."""
    if state := reply.headers.get("x-sql-state"):
        said = reply.headers.get("x-sql-message", state)
        message = f"{url}: the service gave a part of the answer only: {legible_name(said)}. Give it more time."
        raise ServiceError(message, status=504, said=said)
    if is_capped(reply) and not paged:
        cap = legible_name(reply.headers[HEADER])
        remedy = "Ask for less, in pages with LIMIT and OFFSET, or raise ResultSetMaxRows of the service."
        words = reason("engine-cap", rows=cap)
        raise ServiceError(f"{url}: the service cuts answers at {cap} rows. {remedy}", status=413, for_readers=words)


def results_of(reply: Reply, *, url: str) -> tuple[ox.QuerySolutions | ox.QueryBoolean, int]:
    """Return the results of a SELECT or ASK and the number of rows, after reading them to the end once.

    Raises ServiceError when the reply is none, or does not reach its end.
    """
    format = format_of(reply, RESULTS, url=url)
    try:
        found = _parse(reply, format, last=False)
        if isinstance(found, ox.QueryBoolean):
            return found, 1
        rows = 0
        truth = False
        for row in found:
            rows += 1
            truth = truth or any(isinstance(value, ox.Literal) and value.value not in ("0", "false") for value in row)
    except (SyntaxError, ValueError, OSError) as error:
        raise damaged(url, error) from error
    if stands_for_boolean(found):
        return boolean(truth and rows > 0), 1
    return _parse(reply, format, last=True), rows


def boolean_of(reply: Reply, *, url: str) -> bool:
    """Return the answer to an ASK; raises ServiceError, as `results_of`."""
    found, _ = results_of(reply, url=url)
    if not isinstance(found, ox.QueryBoolean):
        raise ServiceError(f"{url}: answered an ASK with rows. {ADDRESS}", status=502)
    return bool(found)


def rows_of(reply: Reply, *, url: str, query: str) -> tuple[Iterator[Row], int]:
    """Return the rows of a SELECT of ours and their number, with the columns that it asks for, in their order.

    Raises ServiceError, as `results_of`, and where there are other columns or terms than were asked for, at the row.
    """
    found, count = results_of(reply, url=url)
    if isinstance(found, ox.QueryBoolean):
        raise ServiceError(f"{url}: answered a SELECT with a boolean. {ADDRESS}", status=502)
    wanted, given = columns_of(query), [each.value for each in found.variables]
    if not set(wanted) <= set(given):
        # Of nothing, some say no columns either.
        if not (given or count):
            return iter(()), 0
        told = [legible_name(" ".join(f"?{name}" for name in names)) or "none" for names in (wanted, given)]
        raise ServiceError(f"{url}: was asked for the columns {told[0]} and gave {told[1]}. {ADDRESS}", status=502)
    return _rows(found, [given.index(name) for name in wanted], wanted, url), count


def columns_of(query: str) -> list[str]:
    """Return the names of the columns of a SELECT of ours, which names them.

    >>> columns_of("SELECT DISTINCT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    ['c', 'n']
    """
    head = re.sub(r"\(.*? AS (\?\w+)\)", r"\1", query.partition("{")[0])
    return re.findall(r"\?(\w+)", head)


def _rows(found: ox.QuerySolutions, places: list[int], names: list[str], url: str) -> Iterator[Row]:
    checks = [(place, CHECKS[name]) for place, name in enumerate(names) if name in CHECKS and _is_sure(name, names)]
    for solution in found:
        row = tuple(solution[place] for place in places)
        if "n" in names and all(term is None for term in row):
            continue  # RDFLib groups nothing to a row without anything
        for place, check in checks:
            if not check(row[place]):
                column = f"?{names[place]}: {legible_name(str(row[place] or 'nothing'))[:100]}"
                raise ServiceError(f"{url}: gave what cannot stand in the column {column}. {ADDRESS}", status=502)
        yield row


def _is_sure(name: str, names: list[str]) -> bool:
    """Tell whether a column has a value in each row: some engines group nothing to a row without any."""
    return name == "n" or "n" not in names


def triples_of(reply: Reply, *, url: str) -> Iterator[ox.Triple]:
    """Give the triples of the graph of a reply, after reading them to the end once; raises ServiceError."""
    format = format_of(reply, GRAPHS, url=url)
    try:
        for _ in ox.parse(reply.body, format=format, base_iri=url):
            pass
    except (SyntaxError, ValueError, OSError) as error:
        raise damaged(url, error) from error
    reply.body.seek(0)
    return _triples(reply, format, url)


def _triples(reply: Reply, format: ox.RdfFormat, url: str) -> Iterator[ox.Triple]:
    with reply.body:
        yield from (quad.triple for quad in ox.parse(reply.body, format=format, base_iri=url))


def _parse(reply: Reply, format: ox.QueryResultsFormat, *, last: bool) -> ox.QuerySolutions | ox.QueryBoolean:
    reply.body.seek(0)
    return parse_results(reply.body, format=format, closing=last)


def format_of(reply: Reply, formats: Mapping[str, F], *, url: str) -> F:
    """Return the format of a reply among `formats`; raises ServiceError, which quotes it, where it has another."""
    if (found := formats.get(reply.media_type)) is not None:
        return found
    said = legible_name(" ".join(re.sub(r"<[^>]*>", " ", reply.body.read(2048).decode("utf-8", "replace")).split()))
    message = f"{url}: answered with {legible_name(reply.media_type) or 'a body without a type'} instead of results"
    raise ServiceError(f"{message}: {said[:200]}. Is this the address of the SPARQL endpoint?", said=said)


def damaged(url: str, error: Exception) -> ServiceError:
    """Return the error of an answer that ends too early, is no answer, or holds what results cannot.

    Virtuoso gives a column of its own name to an expression that has none, and takes as an IRI whatever it is told.
    """
    said = legible_name(str(error))
    if NAMELESS in said:
        words = reason("unnamed")
        return ServiceError(f"{url}: gave a column without a name. {words}", status=400, for_readers=words)
    if NO_IRI.search(said):
        words = reason("engine-iri", said=said)
        return ServiceError(f"{url}: {words}", status=502, said=said, for_readers=words)
    message = f"{url}: the answer is damaged or was cut on the way: {said}."
    return ServiceError(f"{message} Ask again, or for less.", status=502)
