import pytest

from communique.syntax.sparql_text import nesting, reaches_out


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "select*{service silent<http://x/>{?s ?p ?o}}",
        "SELECT * { SERVICEsilent<http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o.service<http://x/>{?a ?b ?c} }",
        "SELECT * { ?s <http://x/#a> ?o . SERVICE ?s { ?a ?b ?c } }",
        "SELECT * { ?s ?p 'a # b' SERVICE <http://x/> {} }",
        "SELECT * { ?a ?b ?c . # x\n SERVICE <http://x/> {} }",
        'SELECT * { ?s ?p """a "b" c""" . SERVICE <u:x> {} }',
        r"SELECT * { ?a ?b '\u0027' SERVICE <u:x> {} }",
        "SELECT*{?a ?p ?b FILTER(?a<?b)SERVICE?x#>\n{?c ?d ?e}}",
        r"SELECT * { \u0053ERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b) SERVICE <u:x> { ?c ?d ?e } FILTER(?a>1) }",
        "SELECT * { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
        "BASE <http://x/> SELECT * { SERVICE <y> { ?s ?p ?o } }",
        "LOAD <http://x/>",
        "SELECT * { FILTER(?s<?o)BIND('>' AS ?x) SERVICE $o#'\n{?a ?b ?c} }",
        "PREFIX x: <x:> SELECT * { FILTER(?s<1&&'>'!='a') SERVICE x:y#'\n{ ?a ?b ?c } }",
        "SELECT * { FILTER(?s<1#>\n) SERVICE <u:x> { ?a ?b ?c } }",
    ],
)
def test_a_query_that_calls_another_host_is_seen(query: str) -> None:
    assert reaches_out(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a <http://x/SERVICE> }",
        "PREFIX s: <http://s/> SELECT * { ?s a s:SERVICE }",
        "SELECT * { ?s ?p 'SERVICE <x>' } # SERVICE",
        'SELECT * { ?s ?p """SERVICE\n<x>"""@en-service }',
        "PREFIX : <u:> SELECT * { ?s a :SERVICE . _:load a :LOAD }",
        "SELECT * { ?s <http://x/webservice> ?o }",
    ],
)
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
    assert nesting(query) == depth
