"""What Virtuoso says of a query by a state of SQL: a fault that lasts is told in its words, others are not."""

import pytest

from communique.remote.states import READ, Complaint, fault_of_engine, is_late


@pytest.mark.parametrize(
    "said",
    [
        "Virtuoso 37000 Error SQ156: VALUES with wrong arity",
        "Virtuoso 42000 Error The estimated execution time 5000 (sec) exceeds the limit of 400 (sec).",
        "Virtuoso 42000 Error SQ200: The query is too complex",
        "Virtuoso 2201B Error SR098: regexp error at '(' column 1 (missing ))",
        "Virtuoso S0022 Error SQ200: No column s",
    ],
)
def test_a_query_that_fails_each_time_is_explained_in_the_words_of_the_engine(said: str) -> None:
    assert str(fault_of_engine(f"{said} SPARQL query: ASK {{}}")).endswith(f"It says: {said.rstrip('.')}.")


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


@pytest.mark.parametrize("size", [1, 100, 3 * READ])
def test_what_it_says_behind_a_part_of_an_answer_is_read_and_little_else(size: int) -> None:
    said = b"Virtuoso S1TAT Error RC...: Returning incomplete results"
    body = b'{"head": {}' + b"x" * 5 * READ + said + b" y" * 5 * READ
    complaint = Complaint(virtuoso=True)
    read = 0
    while complaint.wants(body[read : read + size]) and read < len(body):
        read += size
        assert len(complaint.text) <= 2 * READ
    assert complaint.text.startswith(said)
    assert read < len(body) - READ
    assert is_late(complaint.text.decode())


def test_of_another_engine_no_more_is_read_than_is_quoted() -> None:
    complaint = Complaint(virtuoso=False)
    assert complaint.wants(b"x" * READ) and not complaint.wants(b"x")
