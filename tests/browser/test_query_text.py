"""What the query page knows of a text in SPARQL before any engine reads it."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from toolbox import run

from communique.syntax.query_faults import reasons_of

KNOWN = {"foaf": "http://xmlns.com/foaf/0.1/", "ex": "https://example.org/"}
TERMS = {
    "prefixes": KNOWN,
    "classes": [["foaf:Person", 3, {"en": "person", "ru": "человек"}]],
    "properties": [["foaf:name", 3, {"en": "name"}], ["foaf:knows", 2, {"en": "is acquainted with"}]],
}


def call(name: str, *values: Any) -> Any:
    return run("query_text.mjs", {"calls": [[name, *values]]})[0]


def test_the_graphs_that_a_query_names_are_those_that_the_endpoint_finds() -> None:
    cases = json.loads(Path(__file__).parents[1].joinpath("dataset_clauses.json").read_text(encoding="utf-8"))
    found = run("query_text.mjs", {"calls": [["datasetOf", query] for query, *_ in cases]})
    assert [[each["default"], each["named"]] for each in found] == [graphs for _, *graphs in cases]
    assert call("datasetOf", "SELECT (COUNT(DISTINCT <#(>) AS ?n) FROM <g> { ?s ?p ?o }") is None


def test_a_query_that_would_call_another_host_is_one_that_the_endpoint_sees() -> None:
    cases = json.loads(Path(__file__).parents[1].joinpath("calls_of_queries.json").read_text(encoding="utf-8"))
    # The page tells an update before, and no text in an editor has a CR.
    calls = [query for query in cases["calls"] if "LOAD" not in query.upper() and "\r" not in query]
    found = run("query_text.mjs", {"calls": [["callOf", query] for query in calls + cases["names"]]})
    assert [each["kind"] for each in found[: len(calls)]] == ["service"] * len(calls)
    assert found[len(calls) :] == [None] * len(cases["names"])
    assert call("callOf", "ASK {\n ?s ?p '🏺' . service ?x {} }") == {"kind": "service", "line": 2, "column": 14}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "bindings"),
        ("# ASK\nPREFIX ask: <http://e/select> CONSTRUCT { ?s ?p ?o } {}", "graph"),
        ("prefix select: <x:>\nask { ?construct ?p 'describe' }", "boolean"),
        ("DESCRIBE <http://e/select>", "graph"),
    ],
)
def test_the_form_of_a_query_is_seen(text: str, form: str) -> None:
    assert call("formOf", text) == form


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("SELECT * { ?s foaf:name ?o }", "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"),
        ("PREFIX foaf: <x:> SELECT * { ?s foaf:name ?o }", ""),
        ("SELECT * { ?s <foaf:name> 'ex:x' . # ex:y\n }", ""),
        ("SELECT * { ?s other:name ?ex }", ""),
        ("\nASK { foaf:a ?p ?o }", "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
        (
            "ASK { ex:a foaf:knows ex:b }",
            "PREFIX ex: <https://example.org/>\nPREFIX foaf: <http://xmlns.com/foaf/0.1/>\n",
        ),
    ],
)
def test_known_prefixes_are_declared_and_nothing_else_is_touched(text: str, added: str) -> None:
    assert call("withPrefixes", text, KNOWN) == added + text


def test_known_prefixes_stand_behind_a_base() -> None:
    line = "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"
    assert call("withPrefixes", "# one\nBASE <http://e/> ASK { <a> foaf:name ?o }", KNOWN) == (
        f"# one\nBASE <http://e/>\n{line}\n ASK {{ <a> foaf:name ?o }}"
    )
    assert call("withPrefixes", "base<http://e/>\nASK { <a> foaf:name ?o }", KNOWN) == (
        f"base<http://e/>\n{line}\nASK {{ <a> foaf:name ?o }}"
    )


def test_an_undeclared_prefix_is_found_at_its_place() -> None:
    assert call("undeclared", "ASK {\n  ?s no:x 'no:y'\n}") == [{"prefix": "no", "line": 2, "column": 6}]


def test_the_place_of_a_fault_is_read_from_the_words_of_the_engine() -> None:
    assert call("placeOf", "error at 3:11: expected BY") == {"line": 3, "column": 11, "message": "expected BY"}
    assert call("placeOf", "out of memory") == {"message": "out of memory"}


WRONG = {
    "SELECT ?s (COUNT(?x)) { ?s ?p ?x }": ("unnamed", 1, 11),
    "SELECT ?s\n COUNT(DISTINCT ?x) AS ?n { ?s ?p ?x }": ("unnamed", 2, 2),
    "SELECT DISTINCT (1 + (2 AS ?b)) {}": ("unnamed", 1, 17),
    "SELECT * { { SELECT (MAX(?x)) { ?s ?p ?x } } }": ("unnamed", 1, 21),
    "SELECT ?s (COUNT(?x) AS ?n) { ?s ?p ?x }": ("unbound", 1, 41),
    "SELECT * { ?s ?p ?o } GROUP BY ?s": ("star", 1, 34),
    "SELECT (1 AS ?s) { ?s ?p ?x }": ("overridden", 1, 30),
    "SELECT (1 AS ?s) (2 AS ?s) {}": ("twice", 1, 30),
    "SELECT (1 AS ?é) { # COUNT(?x)\n ?s ?p 'SELECT (1)' } LIMIT x": ("unread", 2, 29),
    "SELECT ?s FILTER(?s) {": ("unread", 1, 11),
    "SELECT ?s { http://e/a-1. ?p ?o }": ("bare", 1, 13),
    "PREFIX e: https://e/ # http://e/x\nASK { e:a ?p 'http://e/x' }": ("bare", 1, 11),
    "hello world": ("unread", 1, 7),
    "ASK {}\nLIMIT 🏺🏺 hello": ("unread", 2, 7),
    "SELECT ?s, ?p WHERE { ?s ?p ?o }": ("comma", 1, 10),
    "SELECT DISTINCT (IF(1, 2, 3) AS ?x)\n , ?s {}": ("comma", 2, 2),
    "PREFIX x: <x:> SELECT * { ?s x:select ?a , ?b . } LIMIT x": ("unread", 1, 57),
    "SELECT * { ?s ?p (1 } SELECT ?a, ?b }": ("unclosed", 1, 21),
    "SELECT * { ?s ?p ": ("missing", 1, 18),
    "SELECT * {\n ?s ?p ?o . }}": ("unopened", 2, 14),
    "SELECT * { ?s ?p '}' FILTER(?s IN (1, 2 ) }": ("unclosed", 1, 43),
    'SELECT * { ?s ?p ?l\n FILTER(CONTAINS(?l, "a") }': ("unclosed", 2, 27),
    "SELECT * { FILTER EXISTS { ?s ?p ?o ) }": ("unopened", 1, 37),
    "SELECT * { FILTER (EXISTS { ?s ?p ?o ) }": ("unclosed", 1, 38),
    "SELECT * { ?s ?p (1 ] }": ("unopened", 1, 21),
    "SELECT * { ?s ?p ?o } } ORDER ?s": ("unopened", 1, 23),
    "SELECT * { ?s ?p '🏺🏺' } LIMIT 🏺 x": ("unread", 1, 31),
}


@pytest.mark.parametrize("query", WRONG)
def test_what_is_wrong_is_told_as_the_endpoint_tells_it(query: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    (there,) = reasons_of(caught.value, query, prefixes=(), based=True)
    (here,) = call("reasonsOf", query, str(caught.value))
    assert (here["kind"], here["line"], here["column"]) == WRONG[query]
    assert {**there.member, "text": here["text"]} == here if "text" in here else there.member == here


def test_what_looks_like_an_iri_and_is_none_is_told_as_the_endpoint_tells_it() -> None:
    query = "SELECT * {\n ?s <http://e/a b:c> '<http://e/d f>' FILTER(?s<?o && ?o>?s) }"
    (there,) = reasons_of(SyntaxError("error at 2:5: expected x"), query, prefixes=())
    assert there.member == {"kind": "iri", **call("malformed", query)}
    assert there.member == {"kind": "iri", "iri": "<http://e/a b:c>", "line": 2, "column": 5}
    unclosed = "ASK { ?s <http://e/a ?o } # " + "long" * 20
    (there,) = reasons_of(SyntaxError("error at 1:10: expected x"), unclosed, prefixes=())
    assert there.member == {"kind": "iri", **call("malformed", unclosed)}
    assert call("malformed", "ASK { ?s <http://e/a> <x:y> FILTER(?s<x:z && ?o>?s) } # <http://e/a b>") is None


def test_a_function_that_nobody_knows_is_told_by_its_name() -> None:
    for call_of, kind in (
        ("<http://e/f>()", "function"),
        ("<http://www.w3.org/2001/XMLSchema#integer>(1, 2)", "arguments"),
    ):
        with pytest.raises(RuntimeError) as caught:
            list(ox.Store().query(f"SELECT ({call_of} AS ?x) {{}}"))
        (told,) = call("reasonsOf", "", str(caught.value))
        assert (told["kind"], told["name"]) == (kind, call_of.partition("(")[0])


@pytest.mark.parametrize(
    ("before", "labels"),
    [
        ("SELECT * { ?s a fo", ["foaf:Person"]),
        ("SELECT * { ?s foaf:k", ["foaf:knows"]),
        ("SELECT * { ?s acqu", ["foaf:knows"]),
        ("SELECT * { ?s a чел", ["foaf:Person"]),
        ("SELECT ?name { ?s ?p ?n", ["?name"]),
        ("PREFIX e", ["ex: <https://example.org/>"]),
        ("SELE", ["SELECT"]),
        ("PREFIX foaf: <http://e/> SELECT * { ?s kno", ["<http://xmlns.com/foaf/0.1/knows>"]),
        ("PREFIX foaf: <e> SELECT * { ?s acqu", ["<http://xmlns.com/foaf/0.1/knows>"]),
        ("PREFIX f: <http://xmlns.com/foaf/0.1/> SELECT * { ?s kno", ["f:knows"]),
        ("PREFIX f: <http://xmlns.com/foaf/0.1/> SELECT * { ?s foaf:k", ["f:knows"]),
        ("PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT * { ?s kno", ["foaf:knows"]),
    ],
)
def test_words_are_proposed(before: str, labels: list[str]) -> None:
    assert [each["label"] for each in call("proposals", before, TERMS)["options"]] == labels


@pytest.mark.parametrize(
    "before",
    [
        "SELECT * { ?s ?p 'fo",
        "SELECT * { ?s ?p <fo",
        "# fo",
        "x",
        "ASK { ?s ?p 'a fo",
        "'fo'@fo",
        "PREFIX foaf: <x:> ASK { ?s foaf:k",
    ],
)
def test_nothing_is_proposed_where_no_name_can_stand(before: str) -> None:
    assert call("proposals", before, TERMS) is None


def test_an_update_is_known_by_its_first_word() -> None:
    assert call("updateOf", "# all\nPREFIX a: <b>\ninsert data {}") == "INSERT"
    assert call("updateOf", "SELECT ?delete { ?delete ?a 'INSERT' }") is None


def test_each_prefix_takes_as_long_as_the_first() -> None:
    lines = (f"PREFIX p{number}: <https://example.org/a/rather/long/namespace/{number}#>\n" for number in range(30))
    text = "".join(lines)
    calls = [["updateOf", text + rest] for rest in ("SELECT * { ?s ?p ?o }", "SELECT * {", "INSERT DATA {}")]
    assert run("query_text.mjs", {"calls": calls}, timeout=60) == [None, None, "INSERT"]


def test_what_follows_a_place_is_told_and_nothing_at_the_end() -> None:
    assert call("restOf", "ASK {\n ?s ?p\n}", {"line": 2, "column": 5}) == "?p"
    assert call("restOf", "ASK {", {"line": 1, "column": 6}) == ""


def names(turtle: str) -> dict[str, str]:
    """Return what stands for an IRI in a graph that is shown."""
    lines = call("read", turtle, KNOWN)["lines"]
    return {piece["text"]: piece["iri"] for line in lines for piece in line if isinstance(piece, dict)}


def test_a_graph_without_prefixes_gets_those_that_are_known() -> None:
    first = '<https://example.org/a> <http://xmlns.com/foaf/0.1/name> "<x:y> foaf:x"@en ;\n'
    turtle = f"{first}\t<x:p> <https://example.org/a/b> .\n"
    assert call("read", turtle, KNOWN)["text"] == (
        "@prefix ex: <https://example.org/> .\n@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n\n"
        'ex:a foaf:name "<x:y> foaf:x"@en ;\n\t<x:p> <https://example.org/a/b> .\n'
    )
    assert names(turtle) == {
        "ex:a": "https://example.org/a",
        "foaf:name": "http://xmlns.com/foaf/0.1/name",
        "<x:p>": "x:p",
        "<https://example.org/a/b>": "https://example.org/a/b",
    }


def test_a_graph_gets_the_prefixes_of_the_query_before_those_that_are_known() -> None:
    query = "PREFIX f: <http://xmlns.com/foaf/0.1/> prefix ex: <https://example.com/>\nPREFIX no: <rel> # PREFIX x:"
    own = call("declarations", query)
    assert own == {"f": "http://xmlns.com/foaf/0.1/", "ex": "https://example.com/"}
    turtle = "<https://example.org/a> <http://xmlns.com/foaf/0.1/name> <https://example.com/b> .\n"
    assert call("read", turtle, KNOWN, own)["text"] == (
        "@prefix ex: <https://example.com/> .\n@prefix f: <http://xmlns.com/foaf/0.1/> .\n\n"
        "<https://example.org/a> f:name ex:b .\n"
    )


def test_a_graph_with_prefixes_keeps_them() -> None:
    turtle = (
        '@prefix foaf: <x:> .\n\nfoaf:a\\/b a <http://xmlns.com/foaf/0.1/c> ;\n\tfoaf:d "1"^^foaf:e , _:f:g , 1.5 .\n'
    )
    assert call("read", turtle, KNOWN)["text"] == turtle
    assert names(turtle) == {
        "foaf:a\\/b": "x:a/b",
        "<http://xmlns.com/foaf/0.1/c>": "http://xmlns.com/foaf/0.1/c",
        "foaf:d": "x:d",
        "foaf:e": "x:e",
    }
