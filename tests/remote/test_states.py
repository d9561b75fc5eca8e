"""What Virtuoso says of a query by a state of SQL: a fault that lasts is told in its words, others are not."""

import pytest

from communique.remote.states import fault_of_engine, is_late


@pytest.mark.parametrize(
    "said",
    [
        "Virtuoso 37000 Error SQ156: VALUES with wrong arity",
        "Virtuoso 42000 Error The estimated execution time 5000 (sec) exceeds the limit of 400 (sec).",
        "Virtuoso 42000 Error SQ200: The query is too complex",
        "Virtuoso 2201B Error SR098: regexp error at '(' column 1 (missing ))",
    ],
)
def test_a_query_that_fails_each_time_is_explained_in_the_words_of_the_engine(said: str) -> None:
    assert str(fault_of_engine(f"{said} SPARQL query: ASK {{}}")).endswith(f"It says: {said}")


@pytest.mark.parametrize(
    "said",
    [
        "Virtuoso 40001 Error SR172: Transaction deadlocked",
        "Virtuoso 42000 Error SQ070:SECURITY: Must have select privileges on view DB.DBA.RDF_QUAD",
        "Virtuoso 42000 Error SECURITY: No permission to execute procedure DB.DBA.f",
        "Virtuoso S1T00 Error SR171: Transaction timed out",
        "Virtuoso 08C01 Error CL...: Cluster could not connect to host 2",
    ],
)
def test_what_may_pass_and_what_the_account_may_not_do_are_for_the_operator(said: str) -> None:
    assert fault_of_engine(said) is None


def test_a_query_without_time_is_late() -> None:
    assert is_late("Virtuoso S1T00 Error SR171: Transaction timed out")
    assert not is_late("Virtuoso 37000 Error SP030: S1T00x")
