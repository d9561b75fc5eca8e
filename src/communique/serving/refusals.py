"""What is said of a query that is not answered, whoever would have answered it: a worker, or a service elsewhere."""

from collections.abc import Sequence

from communique.syntax.dataset_clauses import dataset_clauses

MERGED = (
    " It names several graphs, which are merged for each query where they have triples in common: name fewer or "
    "smaller ones, ask all graphs, or read each by GRAPH."
)


def too_many_graphs(query: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Say what helps a query that was stopped, where its default graph is made of several; else nothing."""
    if not (default or named):
        found = dataset_clauses(query)
        default = found.default if found else ()
    return MERGED if len(set(default)) > 1 else ""


def too_large(limit: int) -> str:
    """Say that an answer has more than `limit` bytes (413)."""
    return f"The answer has more than {limit >> 20} MiB. Ask for less, with LIMIT or a narrower pattern."


def not_acceptable(*, graph: bool) -> str:
    """Say that no format was asked for in which a query of this form is answered (406)."""
    wanted = "an RDF format" if graph else "a format of SPARQL results"
    return f"This query is answered in {wanted}, and none that there is was asked for."
