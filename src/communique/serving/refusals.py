"""What is said of a query that is not answered, whoever would have answered it: a worker, or a service elsewhere."""


def too_large(limit: int) -> str:
    """Say that an answer has more than `limit` bytes (413)."""
    return f"The answer has more than {limit >> 20} MiB. Ask for less, with LIMIT or a narrower pattern."


def not_acceptable(*, graph: bool) -> str:
    """Say that no format was asked for in which a query of this form is answered (406)."""
    wanted = "an RDF format" if graph else "a format of SPARQL results"
    return f"This query is answered in {wanted}, and none that there is was asked for."
