"""What is said of a query that is not answered, whoever would have answered it: a worker, or a service elsewhere."""

from collections.abc import Sequence

from communique.reasons import Reason, reason
from communique.syntax.dataset_clauses import dataset_clauses


def too_many_graphs(query: str, default: Sequence[str], named: Sequence[str]) -> tuple[Reason, ...]:
    """Say what helps a query that was stopped, where its default graph is made of several; else nothing."""
    if not (default or named):
        found = dataset_clauses(query)
        default = found.default if found else ()
    return (reason("merged"),) if len(set(default)) > 1 else ()


def too_large(limit: int) -> Reason:
    """Say that an answer has more than `limit` bytes (413)."""
    return reason("answer", mebibytes=limit >> 20)


def not_acceptable(*, graph: bool) -> Reason:
    """Say that no format was asked for in which a query of this form is answered (406)."""
    wanted = "an RDF format" if graph else "a format of SPARQL results"
    return reason("said", said=f"This query is answered in {wanted}, and none that there is was asked for.")
