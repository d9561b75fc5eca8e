import json
from pathlib import Path

import pytest

from communique.syntax.sparql_text import form_of, is_nested_deeper, leaves_to_chance, reaches_out, update_word

CALLS = json.loads(Path(__file__).with_name("calls_of_queries.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", CALLS["calls"])
def test_a_query_that_calls_another_host_is_seen(query: str) -> None:
    assert reaches_out(query)


@pytest.mark.parametrize("query", CALLS["names"])
def test_a_query_that_only_names_such_things_is_let_through(query: str) -> None:
    assert not reaches_out(query)


@pytest.mark.parametrize(
    ("query", "depth"),
    [
        ("ASK {}", 1),
        ("SELECT * { { ?s ?p (1 [ ?a ?b ]) } }", 4),
        ("SELECT * { ?s ?p '((((' } # ((((", 1),
        ("SELECT * {" + "{" * 500, 501),
    ],
)
def test_brackets_are_counted_where_they_mean_something(query: str, depth: int) -> None:
    assert is_nested_deeper(query, than=depth - 1)
    assert not is_nested_deeper(query, than=depth)


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("SELECT * { ?s ?p 'INSERT DATA' }", False),
        ("# INSERT\nPREFIX insert: <http://x/#> prefix : <u:> base<u:x> ask{}", False),
        ("PREFIX : <u:> INSERT DATA { :a :b :c }", True),
        ("# SELECT\nINSERT DATA { <u:a> <u:b> <u:c> }", True),
        ("BASE <http://x/#> # SELECT * { ?s ?p ?o }\nclear all", True),
        ("PREFIX select: <u:> DELETE WHERE { select:a ?p ?o }", True),
        ("prefix a: <u:> load <u:x>", True),
        ("WITH <u:SELECT> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", True),
        ("SELECTED", False),
    ],
)
def test_an_update_is_known_by_its_beginning(text: str, update: bool) -> None:
    assert bool(update_word(text)) is update


def test_a_long_beginning_that_is_no_query_is_read_once() -> None:
    """Time would grow with the square of the length, or worse, if the pattern looked for other ways to match."""
    assert not update_word("PREFIX a: <u:> # x\n " * 3000 + "PREFIX a")
    assert not update_word(" " * 64_000 + "x")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT * { ?s ?p ?o } ORDER BYRAND()",
        "SELECT * { BIND(strUUID # ()\n () AS ?x) }",
        r"SELECT (\u004eOW() AS ?n) {}",
        "SELECT * { ?s ?p 'ж' BIND(BNode() AS ?x) }",
    ],
)
def test_a_query_that_chance_or_time_may_answer_is_seen(query: str) -> None:
    assert leaves_to_chance(query)


def test_words_that_only_resemble_such_a_function_leave_nothing_to_chance() -> None:
    assert not leaves_to_chance("SELECT ?now { ?now a <http://x/Brand> ; ?p ?random , 'known' }")


@pytest.mark.parametrize("piece", ['"\\', "'\\"])
def test_quotes_that_are_never_closed_are_read_once(piece: str) -> None:
    """Had each of them been tried to the end, this would take minutes, in the process that serves all others."""
    query = piece * 300_000
    assert not update_word(query)
    assert not reaches_out(query + " service")
    assert form_of(query) == ""
