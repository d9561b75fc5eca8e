"""Which functions a query calls, before it is passed on to an engine that takes names for those of procedures."""

import pytest

from communique.syntax.sparql_calls import foreign_call

XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"


@pytest.mark.parametrize(
    ("query", "called"),
    [
        ("SELECT (<f>(1) AS ?y) {}", "<f>"),
        ("SELECT (<f> \t\r\n (1) AS ?y) {}", "<f>"),
        ("SELECT (<f> # one\n # two\n (1) AS ?y) {}", "<f>"),
        ("SELECT (<f>\x01(1) AS ?y) {}", "<f>"),
        ("SELECT (<f>(DISTINCT ?x) AS ?y) { ?x ?p ?o }", "<f>"),
        ("SELECT ?x { ?x ?p ?o } GROUP BY <f>(?x)", "<f>"),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?x HAVING <f>(?x)", "<f>"),
        ("SELECT ?x { ?x ?p ?o } ORDER BY ?x <f>(?x)", "<f>"),
        ("ASK { ?x ?p ?o FILTER<f>(?x) }", "<f>"),
        ("ASK { BIND(1 + <f>() AS ?x) }", "<f>"),
        ("ASK { FILTER EXISTS { ?x ?p ?o FILTER(!<f>(?x)) } }", "<f>"),
        ("ASK { FILTER(?a<?b&&<f>(1)>?c) }", "<f>"),
        ("ASK { FILTER(?a <x:f(?b>1)) }", "x:f"),
        ("ASK { FILTER(?a<?b) BIND('>' AS ?x) FILTER<f>(?y) # '\n}", "<f>"),
        ("ASK { # \r ''' \n FILTER<f>(1) # '''\n }", "<f>"),
        (r"ASK { FILTER<\u0066>(1) }", r"<\u0066>"),
        (r"ASK { FILTER<f>\u0028 1) }", "<f>"),
        (r"PREFIX x: <f> ASK { FILTER x:a\((1) }", r"x:a\("),
        ("PREFIX : <x:> ASK { FILTER :f(1) }", ":f"),
        ("PREFIX : <x:> ASK { FILTER :(1) }", ":"),
        ("PREFIX x.y-z: <x:> ASK { FILTER(1-x.y-z:f(1)) }", "x.y-z:f"),
        ("ASK { FILTER nowhere:f(1) }", "nowhere:f"),
        ("ASK { FILTER LONG::f(1) }", "LONG::f"),
        ("ASK { FILTER bif:http_get('http://127.0.0.1/') }", "bif:http_get"),
        ("PREFIX bif: <x:> ASK { FILTER bif:contains(?x, 'a') }", "bif:contains"),
        ("PREFIX xsd: <x:> ASK { FILTER xsd:integer(1) }", "xsd:integer"),
        (f"{XSD} PREFIX xsd: <x:> ASK {{ FILTER xsd:integer(1) }}", "xsd:integer"),
        (f"{XSD} SELECT * {{ {{ PREFIX xsd: <x:> SELECT (xsd:integer(1) AS ?y) {{}} }} }}", "xsd:integer"),
        (f"{XSD} PREFIX XSD: <x:> ASK {{ FILTER xsd:integer(1) }}", "xsd:integer"),
        ("PREFIX xsd: # <http://www.w3.org/2001/XMLSchema#>\n <x:> ASK { FILTER xsd:integer(1) }", "xsd:integer"),
        ("PREFIX _xsd: <x:> ASK { FILTER _xsd:integer(1) }", "_xsd:integer"),
        (r"PREFIX xsd: <\u0078:> ASK { FILTER xsd:integer(1) }", "xsd:integer"),
        (f"{XSD} ASK {{ FILTER xsd:nonsense(1) }}", "xsd:nonsense"),
        ("BASE <http://www.w3.org/2001/> ASK { FILTER<XMLSchema#integer>(1) }", "<XMLSchema#integer>"),
        ("SELECT (sql_ucase('x') AS ?y) {}", "sql_ucase"),
        ("SELECT (__tag # \n (1) AS ?y) {}", "__tag"),
        ("ASK { ?s ?p ?o OPTION (TABLE_OPTION 'x') }", "OPTION"),
        ("ASK { ?s <p> (1 2) }", "<p>"),
        ("ASK { ?s a (1 2) }", "a"),
    ],
)
def test_a_call_of_what_is_not_of_sparql_is_seen(query: str, called: str) -> None:
    assert foreign_call(query) == called


@pytest.mark.parametrize(
    "query",
    [
        f"{XSD} SELECT (xsd:integer(?o)-xsd:decimal (?o) AS ?n) {{ ?s ?p ?o }} ORDER BY DESC(xsd:dateTime(?o))",
        f"{XSD} SELECT (1-xsd:integer(?o) AS ?n) {{ ?s ?p ?o FILTER(?o<xsd:date('2020-01-01'))}}",
        "SELECT (xsd:boolean('true') AS ?n) {}",
        "SELECT (<http://www.w3.org/2001/XMLSchema#string>(1) AS ?n) {}",
        "PREFIX : <http://www.w3.org/2001/XMLSchema#> SELECT (SUM(:integer(?o)) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT *) AS ?n) (Group_Concat(?o; separator='(') AS ?a) { ?s ?p ?o } HAVING (?n > (1+2))",
        "PREFIX x: <x:> ASK { ?s x:a/(x:b|^x:c)+/!(<x:d>|^(x:e)) ?o ; (x:list) (1 2) }",
        "SELECT ?x (STR(?y) AS ?z) { VALUES (?x ?y) { (<x:a> <x:b>) (UNDEF 'f(x)'@en) } FILTER(?x NOT IN (<x:c>)) }",
        "ASK { FILTER NOT EXISTS { ?s ?p (1 2) } BIND(IF(isIRI(?o), sameTerm(?o, ?s), COALESCE(?o, NOW())) AS ?z) }",
        "ASK { ?s ?p '<f>(1)', \"sql_x(1)\" . # <f>(1)\n ?f <http://example.org/a(b)> ?o }",
        "SELECT REDUCED (1 AS ?n) { ?s ?p ?o FILTER(?s < (?o) && ?o > (?s)) } GROUP BY (?s) ORDER BY (?o) ASC (?p)",
        "SELECT (isTRIPLE(<< ?s ?p ?o >>) AS ?t) (SUBJECT(?x) AS ?s) (LANGDIR(?x) AS ?d) {}",
        "SELECT * { ?s ?p ?o FILTER(bif:contains(?o, 'word')) . ?o bif:contains 'word' }",
    ],
)
def test_what_is_of_sparql_is_let_through(query: str) -> None:
    assert foreign_call(query) == ""
