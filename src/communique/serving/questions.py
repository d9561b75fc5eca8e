"""What a request asks of an engine: its query, over which graphs, and in which formats it may be answered."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from communique.formats import (
    CSV,
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Format,
)
from communique.serving.exchange import Question
from communique.serving.negotiation import LENGTH, best, combined
from communique.serving.problems import Refusal
from communique.serving.protocol import Operation
from communique.syntax.sparql_text import form_of

RESULTS = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
GRAPHS = (TURTLE, NTRIPLES, JSONLD, RDFXML)
DATASETS = {name: each.media_type for each in (TRIG, NQUADS) for name in (each.name, each.extension.removeprefix("."))}
"""What is known and no answer can be had in: a graph is no dataset."""

GENERIC = {"application/json": JSONLD, "application/xml": RDFXML, "text/xml": RDFXML}
"""What of a graph is meant by types that say no more than this, last of all: as of results, and of the things."""


def _types(formats: Sequence[Format], generic: Mapping[str, Format]) -> dict[str, Format]:
    """Return formats by their media types; last those that `text/*` would mean before a text, as it does text/xml."""
    types = [(name, each) for each in formats for name in (each.media_type, *each.other_media_types)]
    types.extend(generic.items())
    return dict(sorted(types, key=lambda pair: pair[0].partition("/")[0] != pair[1].media_type.partition("/")[0]))


RESULT_TYPES, GRAPH_TYPES = _types(RESULTS, {}), _types(GRAPHS, GENERIC)


def question_of(headers: Iterable[tuple[bytes, bytes]], asked: Operation, base: str) -> Question:
    """Return what to ask a worker: the best results and the best graph format, since only it knows which is needed.

    Raises Refusal when there is neither. `base` is the IRI that relative ones are resolved against.
    """
    results, graph = _formats(combined(headers, b"accept"), asked.format[:LENGTH])
    if results is None and graph is None:
        raise not_acceptable("None of the formats that you accept is to be had here.", formats_of(asked.query))
    return Question(
        query=asked.query,
        base=base,
        results=results,
        graph=graph,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )


@lru_cache(maxsize=256)  # the same few programs ask again and again
def _formats(accept: str | None, name: str) -> tuple[str | None, str | None]:
    """Return the names of the best format of results and of graphs; `name`, if known, overrides the Accept header."""
    name = name.lower()
    results, graph = _named(name, RESULT_TYPES), _named(name, GRAPH_TYPES)
    if results is None and graph is None:
        # A name that nobody knows says nothing: clients send names of their own beside an Accept header.
        wanted = name if "/" in name else DATASETS.get(name, accept)
        return _format(wanted, RESULT_TYPES), _format(wanted, GRAPH_TYPES)
    return results, graph


def _format(accept: str | None, types: Mapping[str, Format]) -> str | None:
    """Return the name of the format that suits an Accept header best."""
    found = best(accept, offers=tuple(types))
    return types[found].name if found else None


def _named(name: str, types: Mapping[str, Format]) -> str | None:
    """Return the name of the format that is called so, by its name, its extension or the end of its media type."""
    for media_type, each in types.items():
        if name and name in (each.name, each.extension.removeprefix("."), media_type.removeprefix("application/")):
            return each.name
    return None


def formats_of(query: str) -> Sequence[Format]:
    """Return the formats in which a query of this form is answered, all where it has none."""
    form = form_of(query)
    return GRAPHS if form in ("CONSTRUCT", "DESCRIBE") else RESULTS if form else (*RESULTS, *GRAPHS)


def not_acceptable(detail: str, formats: Sequence[Format]) -> Refusal:
    """Return the refusal of who accepts none of these formats."""
    known = [each.media_type for each in formats]
    return Refusal(406, detail, headers={"Vary": "Accept"}, alternatives=known)
