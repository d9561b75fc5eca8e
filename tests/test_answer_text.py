"""Results in CSV: what the engine writes, but for what it writes so that other programs read something else."""

import csv
import io

import pyoxigraph as ox
import pytest

from communique.syntax.answer_text import TOGETHER, write_results

CSV = ox.QueryResultsFormat.CSV
AUSTIN = "http://dbpedia.org/resource/Austin,_Texas"


def asked(query: str) -> bytes:
    output = io.BytesIO()
    results = ox.Store().query(query)
    assert isinstance(results, ox.QuerySolutions)
    write_results(results, output, format=CSV)
    return output.getvalue()


def read(query: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(asked(query).decode(), newline="")))


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?a ?b { VALUES (?a ?b) { (1 "x,y") ("a\\"b" 1.5e3) (<http://e/x> "l"@en) (UNDEF "") } }',
        'SELECT ?a ?b { VALUES (?a ?b) { ("line\\nbreak" "cr\\rx") (true " lead") ("tab\\tx" "\'q") ("#" "ü") } }',
        *('SELECT (BNODE("x") AS ?b) {}', "SELECT * {}", "SELECT ?x { ?x ?y ?z }"),
    ],
)
def test_csv_is_that_of_the_engine(query: str) -> None:
    results = ox.Store().query(query)
    assert isinstance(results, ox.QuerySolutions)
    assert asked(query) == results.serialize(format=CSV)


def test_an_iri_with_a_comma_is_one_field() -> None:
    query = f'SELECT ?s ?label {{ VALUES (?s ?label) {{ (<{AUSTIN}> "Austin, Texas") }} }}'
    assert read(query) == [["s", "label"], [AUSTIN, "Austin, Texas"]]


def test_a_row_that_has_nothing_in_its_only_column_is_a_row() -> None:
    assert read('SELECT ?x { VALUES ?x { UNDEF "" "a" } }') == [["x"], [""], [""], ["a"]]


def test_a_triple_term_is_one_field() -> None:
    assert read('SELECT (<<( <a:b> <c:d> "e,f" )>> AS ?t) {}') == [["t"], ['<<( <a:b> <c:d> "e,f" )>>']]


def test_of_many_rows_none_is_lost() -> None:
    values = [str(n) for n in range(2 * TOGETHER + 1)]
    assert read(f"SELECT ?n {{ VALUES ?n {{ {' '.join(values)} }} }}") == [["n"], *([each] for each in values)]
