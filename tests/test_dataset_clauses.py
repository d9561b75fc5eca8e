"""Which graphs a query names: the same in Python and in the script of the query page (`browser/test_query_text.py`)."""

import json
from pathlib import Path
from time import process_time

import pytest
from rdflib.plugins.sparql.parser import parseQuery

from communique.syntax.dataset_clauses import dataset_clauses

CASES = json.loads((Path(__file__).parent / "dataset_clauses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("query", "default", "named"), CASES)
def test_the_graphs_that_a_query_names_are_found(query: str, default: list[str], named: list[str]) -> None:
    found = dataset_clauses(query)
    assert found is not None
    assert (list(found.default), list(found.named)) == (default, named)


@pytest.mark.parametrize(("query", "default", "named"), [case for case in CASES if " FROM " in case[0]])
def test_a_parser_of_the_whole_grammar_finds_as_many(query: str, default: list[str], named: list[str]) -> None:
    parsed = parseQuery(query)[1]
    assert len(parsed.get("datasetClause") or []) == len(default) + len(named)


def test_a_prefix_that_needs_no_declaration_may_begin_as_the_keyword() -> None:
    found = dataset_clauses("DESCRIBE fromage:a FROM <g> FROM namedby:g { ?s ?p ?o }", prefixes=("fromage", "namedby"))
    assert found is not None
    assert (found.default, found.named) == (("<g>", "namedby:g"), ())


@pytest.mark.parametrize("query", ["", "FROM <g>", "SELECT (COUNT(DISTINCT <#(>) AS ?n) FROM <g> { ?s ?p ?o }"])
def test_what_cannot_be_told_is_not_guessed(query: str) -> None:
    assert dataset_clauses(query) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (" * 8000,
        "SELECT (" + "1 <a" * 15_000,
        "SELECT " + "(?a<b> " * 9000,
        "PREFIX a: " * 6000,
        "SELECT (" + "'" * 64_000,
        "# FROM # " * 7000 + "\nSELECT ?x " + "FROM " * 100,
        "SELECT * " + "FROM <g> " * 7000 + "{}",
    ],
)
def test_no_query_takes_long_to_look_through(query: str) -> None:
    began = process_time()
    dataset_clauses(query)
    assert process_time() - began < 2
