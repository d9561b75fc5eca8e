from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from plain import MANY, numbers

QUADS = list(
    ox.parse(
        "@prefix ex: <http://example.org/> . ex:a ex:p 1 . ex:g { ex:b ex:p 2 }",
        format=ox.RdfFormat.TRIG,
    )
)
ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
PROLOGUE = "".join(f"PREFIX p{n}: <https://example.org/a/rather/long/namespace/{n}#>\n" for n in range(30))


@pytest.fixture(scope="module")
def client(server: Any) -> Any:
    with server(QUADS) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
    ],
)
def test_bindings_come_in_the_format_that_is_asked_for(client: Any, accept: str, media_type: str) -> None:
    response = client.get("/sparql", params={"query": ALL}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_graphs_come_in_the_format_that_is_asked_for(client: Any, media_type: str) -> None:
    response = client.get(
        "/sparql", params={"query": "DESCRIBE <http://example.org/b>"}, headers={"Accept": media_type}
    )
    assert response.headers["content-type"].partition(";")[0] == media_type
    found = ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type))
    assert [quad.object.value for quad in found] == ["2"]


def test_the_address_can_say_the_format(client: Any) -> None:
    response = client.get("/sparql", params={"query": ALL, "format": "csv"})
    assert response.text.split() == ["o", "1", "2"]


def test_a_format_is_named_in_the_address_or_in_the_form(client: Any) -> None:
    for name in ("format", "_mediatype"):
        for value in ("csv", "text/csv"):
            direct = {"Content-Type": "application/sparql-query"}
            answers = [
                client.get("/sparql", params={"query": ALL, name: value}),
                client.post("/sparql", data={"query": ALL, name: value}),
                client.post("/sparql", data={"query": ALL}, params={name: value}),
                client.post("/sparql", content=ALL, params={name: value}, headers=direct),
            ]
            assert [each.headers["Content-Type"] for each in answers] == ["text/csv; charset=utf-8"] * 4
    construct = {"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "format": "rdf+xml", "output": "rdf+xml"}
    assert client.get("/sparql", params=construct).headers["Content-Type"] == "application/rdf+xml"
    unknown = client.get("/sparql", params={"query": ALL, "format": "exe"}, headers={"Accept": "text/csv"})
    assert unknown.headers["Content-Type"] == "text/csv; charset=utf-8"
    unescaped = client.get(f"/sparql?query={quote(ALL)}&format=application/sparql-results+json")
    assert unescaped.headers["Content-Type"] == "application/sparql-results+json"


def test_a_format_that_is_named_and_does_not_fit_the_query_is_refused(client: Any) -> None:
    refused = client.get("/sparql", params={"query": ALL, "format": "turtle"}, headers={"Accept": "*/*"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["alternatives"]
    assert "text/turtle" not in refused.json()["alternatives"]
    graph = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "csv"})
    assert graph.status_code == 406
    assert "text/turtle" in graph.json()["alternatives"]
    for name in ("trig", "nq", "NQuads"):
        assert (
            client.get("/sparql", params={"query": "DESCRIBE <http://example.org/b>", "format": name}).status_code
            == 406
        )
    assert client.get("/sparql", params={"query": ALL, "format": "CSV"}).headers["Content-Type"].startswith("text/csv")


def test_a_format_of_results_means_its_like_where_the_answer_is_a_graph(client: Any) -> None:
    for name, media_type in {"json": "application/ld+json", "xml": "application/rdf+xml"}.items():
        answer = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": name})
        assert answer.headers["Content-Type"] == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/ld+json"),
        ("application/sparql-results+json, application/json;q=0.5", "application/ld+json"),
        ("application/xml", "application/rdf+xml"),
        ("text/xml", "application/rdf+xml"),
        ("application/json, text/turtle", "text/turtle"),
        ("text/n3, */*;q=0.1", "text/turtle"),
        ("application/x-turtle, text/rdf+n3;q=0.5", "text/turtle"),
        ("text/*", "text/turtle"),
        ("application/*", "application/n-triples"),
    ],
)
def test_a_type_that_says_no_more_means_a_graph_of_its_kind(client: Any, accept: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/*", "text/csv"),
        ("text/*, */*;q=0.1", "text/csv"),
        ("text/xml", "application/sparql-results+xml"),
        ("application/*", "application/sparql-results+json"),
        ("application/json, text/csv", "application/sparql-results+json"),
        ("text/*;q=0.5, application/xml", "application/sparql-results+xml"),
    ],
)
def test_a_range_of_types_means_the_first_format_of_such_a_type(client: Any, accept: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": ALL}, headers={"Accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == media_type


def test_a_format_that_does_not_fit_the_query_is_refused(client: Any) -> None:
    assert client.get("/sparql", params={"query": ALL}, headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/sparql", params={"query": ALL}, headers={"Accept": "image/png"}).status_code == 406


def test_what_is_listed_instead_of_a_format_suits_the_query(client: Any) -> None:
    results = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]
    graphs = ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
    suiting = {ALL: [*results, "text/tab-separated-values"], "CONSTRUCT WHERE { ?s ?p ?o }": graphs}
    for query, formats in suiting.items():
        for accept in ("application/n-quads", "image/png", *set(results + graphs).difference(formats)):
            refused = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
            assert (refused.status_code, refused.json()["alternatives"]) == (406, formats)


RESULTS_XML, RDF_XML = "application/sparql-results+xml", "application/rdf+xml"
TRIPLE_TERM = "<<( <http://e/a> <http://e/b> 1 )>>"


@pytest.mark.parametrize(
    ("query", "media_type", "words"),
    [
        ('SELECT ("a\\u0001" AS ?x) {}', RESULTS_XML, "XML cannot hold the character U+0001. JSON, CSV and TSV can."),
        ('SELECT ("a\\uFFFE" AS ?x) {}', RESULTS_XML, "XML cannot hold the character U+FFFE. JSON, CSV and TSV can."),
        (f"SELECT ({TRIPLE_TERM.replace('1', '?b')} AS ?x) {{ VALUES ?b {{ '\\b' }} }}", RESULTS_XML, "U+0008"),
        (MANY % (numbers(100), numbers(300) + ' "\\u000B"'), RESULTS_XML, "U+000B"),
        ('CONSTRUCT { <http://e/a> <http://e/b> "a\\u0001" } {}', RDF_XML, "U+0001. Turtle and N-Triples can."),
        (
            "CONSTRUCT { <http://e/a> <http://e/p/1> 1 } {}",
            RDF_XML,
            "the predicate <http://e/p/1>: it does not end in a name. Turtle",
        ),
        ("CONSTRUCT { <http://e/a> <http://e/xª> 1 } {}", RDF_XML, "it does not end in a name."),
        ("CONSTRUCT { <http://e/a> <http://e/b> <<( <http://e/a> <http://e/1> 1 )>> } {}", RDF_XML, "<http://e/1>"),
        (
            "CONSTRUCT { <http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 } {}",
            RDF_XML,
            "it is a word of the syntax itself.",
        ),
        (
            f"CONSTRUCT {{ <http://e/a> <http://e/b> {TRIPLE_TERM} }} {{}}",
            "application/ld+json",
            "JSON-LD has no word for triple terms. Turtle and N-Triples can.",
        ),
    ],
)
def test_what_a_format_cannot_hold_is_an_error_that_says_which_can(
    client: Any, query: str, media_type: str, words: str
) -> None:
    for accept in (media_type, f"{media_type}, */*;q=0.1"):
        refused = client.post("/sparql", data={"query": query}, headers={"Accept": accept})
        assert (refused.status_code, refused.headers["content-type"]) == (406, "application/problem+json")
        assert refused.headers["x-content-type-options"] == "nosniff"
        assert words in refused.json()["detail"]
        for each in refused.json()["alternatives"]:
            found = client.post("/sparql", data={"query": query}, headers={"Accept": each})
            assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, each)
    assert client.post("/sparql", data={"query": query, "format": "csv" if "SELECT" in query else "nt"}).is_success


def test_line_ends_and_letters_that_xml_has_come_back_from_xml_as_they_are(client: Any) -> None:
    text = "a\r\nb\rc\t\x7f\x85\u2028\ufffd&<]]>𝒳"
    written = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    for query in (f'SELECT ("{written}" AS ?x) {{}}', f'CONSTRUCT {{ <http://e/a> <http://e/x> "{written}" }} {{}}'):
        answer = client.post("/sparql", data={"query": query, "format": "xml"})
        assert answer.status_code == 200
        (found,) = (
            each.text for each in ElementTree.fromstring(answer.content).iter() if each.tag.endswith(("}literal", "}x"))
        )
        assert found == text


def test_a_function_that_nobody_knows_is_told_to_who_calls_it(client: Any) -> None:
    calls = ("<http://www.w3.org/2005/xpath-functions#x>()", "<http://www.w3.org/2001/XMLSchema#integer>(1, 2)")
    for call, words in zip(calls, ("is not supported.", "requires between 1 and 1 arguments"), strict=True):
        refused = client.post("/sparql", data={"query": f"SELECT ({call} AS ?x) {{}}"})
        detail = refused.json()["detail"]
        assert (refused.status_code, words in detail, "In the log" in detail, detail[-1]) == (400, True, False, ".")


def test_without_a_query_the_endpoint_describes_itself(client: Any) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    store = ox.Store()
    store.load(response.content, format=ox.RdfFormat.TURTLE)
    asked = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        ASK { ?s a sd:Service ; sd:endpoint <http://127.0.0.1:8000/sparql> ; sd:supportedLanguage sd:SPARQL11Query ;
        sd:feature sd:UnionDefaultGraph ; sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON> }"""
    assert store.query(asked)


def test_what_the_description_does_not_claim_is_refused(client: Any) -> None:
    assert "BasicFederatedQuery" not in client.get("/sparql").text
    query = "SELECT * { SERVICE <http://127.0.0.1:8000/sparql> { ?s ?p ?o } }"
    assert client.get("/sparql", params={"query": query}).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "SELECT*{SERVICEsilent<http://x/>{?s ?p ?o}}",
        "SELECT * { ?s ?p ?o.service<http://x/>{?a ?b ?c} }",
        r"SELECT * { \u0053ERVICE <http://x/> { ?s ?p ?o } }",
        "LOAD <http://x/>",
    ],
)
def test_every_way_to_another_host_is_closed(client: Any, query: str) -> None:
    assert client.post("/sparql", data={"query": query}).status_code == 403


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://x/s> <http://x/p> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP ALL",
        "CREATE GRAPH <http://x/g>",
        "COPY DEFAULT TO <http://x/g>",
    ],
)
def test_updates_are_refused_and_change_nothing(client: Any, update: str) -> None:
    direct = {"Content-Type": "application/sparql-update"}
    assert client.post("/sparql", content=update, headers=direct).status_code == 403
    assert client.post("/sparql", data={"update": update}).status_code == 403
    as_query = client.get("/sparql", params={"query": "PREFIX : <#> # SELECT\n" + update})
    assert (as_query.status_code, "read-only" in as_query.json()["detail"]) == (403, True)
    assert client.get("/sparql", params={"query": ALL, "format": "csv"}).text.split() == ["o", "1", "2"]


def test_from_reads_no_file_and_no_address(client: Any) -> None:
    for source in ("file:///etc/passwd", "http://127.0.0.1:1/"):
        response = client.get("/sparql", params={"query": f"SELECT * FROM <{source}> {{ ?s ?p ?o }}", "format": "csv"})
        assert response.status_code == 200
        assert len(response.text.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"query=", "application/x-www-form-urlencoded", 400),
        (b"nothing=1", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&query=ASK%7B%7D", "application/x-www-form-urlencoded", 400),
        (b"query=%FF", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/sparql-query", 400),
        (b"ASK {", "application/sparql-query", 400),
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        (b"SELECT * {" + b"{" * 300 + b"}" * 301, "application/sparql-query", 400),
        (b"ASK {} #" + b"x" * 70_000, "application/sparql-query", 413),
        (b"x" * 2_000_000, "application/sparql-query", 413),
    ],
)
def test_what_is_wrong_is_said_as_a_problem(client: Any, content: bytes, media_type: str, status: int) -> None:
    response = client.post("/sparql", content=content, headers={"Content-Type": media_type} if media_type else {})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("SELECT * {\n ?s foo:x ?o }", "error at 2:5: the prefix foo: is not declared. Declare it: PREFIX foo: <...>"),
        ("SELECT * { <a> ?p ?o", "error at 1:21: something is missing here or before."),
        ("SELECT * { ?s ?p ?o } LIMIT x", "error at 1:29: cannot be read from 'x' on."),
        # What is read in many ways takes longer with each prefix, and then the deadline ends it.
        (PROLOGUE + "SELECT * { ?s ?p ?o", "error at 31:20: something is missing here or before."),
    ],
)
def test_a_fault_in_a_query_is_told_by_its_place_in_plain_words(client: Any, query: str, detail: str) -> None:
    refused = client.get("/sparql", params={"query": query})
    assert (refused.status_code, refused.json()["detail"]) == (400, detail)


def test_a_graph_that_is_no_absolute_iri_is_named_and_costs_nothing(server: Any) -> None:
    with server(QUADS, budget=0.01, refill=0.001) as client:
        for kind in ("default-graph-uri", "named-graph-uri"):
            for name in ("", "relative", "//host/g", "http://x/a b", "http://x/<g>"):
                refused = client.get("/sparql", params={"query": ALL, kind: name})
                said = f"{kind} names no graph: '{name}' is not an absolute IRI."
                assert (refused.status_code, refused.json()["detail"]) == (400, said)
        assert client.get("/sparql", params={"query": ALL}).status_code == 200


SHARED = [
    ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode(f"http://example.org/p{n}"), ox.Literal(n), graph)
    for graph in (ox.NamedNode("http://example.org/g"), ox.NamedNode("http://example.org/h"))
    for n in range(2)
]
LARGE = [
    ox.Quad(ox.NamedNode(f"http://example.org/{n}"), ox.NamedNode("http://example.org/p"), ox.Literal(n), graph)
    for graph in (ox.NamedNode("http://example.org/g"), ox.NamedNode("http://example.org/h"))
    for n in range(graph.value.endswith("h"), 30_000)
]


def count_over(client: Any, text: str, *graphs: str) -> str:
    params = [("query", text), *(("default-graph-uri", f"http://example.org/{graph}") for graph in graphs)]
    answer = client.get("/sparql", params=params, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return str(answer.text.split()[1])


def test_what_several_graphs_state_counts_once_and_no_answer_is_taken_for_another(server: Any) -> None:
    count = "SELECT (COUNT(*) AS ?n) %s { ?a ?p ?b . ?a ?q ?c }"
    named = count % "FROM <http://example.org/g> FROM <http://example.org/h> FROM <http://example.org/g>"
    with server([*SHARED, ox.Quad(*SHARED[0].triple, ox.NamedNode("http://example.org/i"))], kept=1 << 20) as client:
        for _ in range(2):
            assert count_over(client, named) == "4"
            assert count_over(client, named, "i", "i") == "1"
            assert count_over(client, count % "", "g", "h") == count_over(client, count % "", "g", "g") == "4"
            assert count_over(client, count % "", "i") == "1"


@pytest.mark.parametrize("limits", [{"deadline": 0.3}, {"worker_memory": 12 << 20, "deadline": 20}])
def test_graphs_that_are_too_large_to_be_merged_are_an_error_that_tells_the_remedy(server: Any, limits: Any) -> None:
    text = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/g> FROM <http://example.org/h> { ?s ?p ?o }"
    rest = ox.Quad(*SHARED[0].triple, ox.NamedNode("http://example.org/rest"))
    with server([*LARGE, rest], **limits) as client:
        refused = client.get("/sparql", params={"query": text})
        assert refused.status_code == (504 if limits["deadline"] < 1 else 500)
        assert "name fewer or smaller ones, ask all graphs, or read each by GRAPH." in refused.json()["detail"]
        assert count_over(client, "SELECT (COUNT(*) AS ?n) FROM <http://example.org/rest> { ?s ?p ?o }") == "1"


def test_a_form_is_asked_over_the_graphs_that_its_address_names(client: Any) -> None:
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    for graph in ("http://example.org/g", "http://example.org/none"):
        here, there = (
            client.post("/sparql", data=count, params={"default-graph-uri": graph}),
            client.get("/sparql", params={**count, "default-graph-uri": graph}),
        )
        assert here.json() == there.json()
    assert there.json()["results"]["bindings"][0]["n"]["value"] == "0"
    assert client.post("/sparql", data=count, params={"default-graph-uri": "relative"}).status_code == 400
    assert client.post("/sparql", data=count, params={"update": "CLEAR ALL"}).status_code == 403


def test_a_body_with_an_encoding_is_not_unpacked(client: Any) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    assert client.post("/sparql", content=b"\x1f\x8b", headers=headers).status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: Any, method: str) -> None:
    response = client.request(method, "/sparql")
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]


def test_a_foreign_page_may_ask(client: Any) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 204
    assert "Content-Type" in response.headers["access-control-allow-headers"]


def test_a_client_that_has_used_up_its_budget_is_told_when_to_come_back(server: Any) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }"
    with server(QUADS, budget=0.1, refill=0.01, deadline=0.6) as client:
        assert client.get("/sparql", params={"query": runaway}).status_code == 504
        refused = client.get("/sparql", params={"query": ALL})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["access-control-expose-headers"] == "Retry-After"


def test_a_timeout_that_the_client_names_changes_nothing(server: Any) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }"
    with server(QUADS, deadline=0.5) as client:
        assert client.get(f"/sparql?query={quote(runaway)}&timeout=999999").status_code == 504


def test_health_and_metrics_tell_of_the_workers(client: Any) -> None:
    workers = client.get("/healthz").json()["workers"]
    lines = client.get("/metrics").text.splitlines()
    started = next(int(line.split()[1]) for line in lines if line.startswith("communique_query_workers_started_total"))
    assert 2 <= workers <= started


def described(client: Any) -> ox.Store:
    store = ox.Store()
    store.load(client.get("/sparql", headers={"Accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
    return store


SD = "http://www.w3.org/ns/sparql-service-description#"


def test_every_format_that_the_description_names_is_to_be_had(client: Any) -> None:
    names = {
        "SPARQL_Results_JSON": "application/sparql-results+json",
        "SPARQL_Results_XML": "application/sparql-results+xml",
        "SPARQL_Results_CSV": "text/csv", "SPARQL_Results_TSV": "text/tab-separated-values", "Turtle": "text/turtle",
        "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF_XML": "application/rdf+xml",
    }  # fmt: skip
    found = described(client).quads_for_pattern(None, ox.NamedNode(SD + "resultFormat"), None)
    claimed = {quad.object.value.rpartition("/")[2] for quad in found if isinstance(quad.object, ox.NamedNode)}
    assert claimed == set(names)
    for name in claimed:
        query = ALL if "Results" in name else "DESCRIBE <http://example.org/b>"
        response = client.get("/sparql", params={"query": query}, headers={"Accept": names[name]})
        assert response.headers["content-type"].partition(";")[0] == names[name]


# OGC 22-047r1 (GeoSPARQL 1.1), sections 8 to 10.
GEOSPARQL = """sfEquals sfDisjoint sfIntersects sfTouches sfCrosses sfWithin sfContains sfOverlaps ehEquals ehDisjoint
    ehMeet ehOverlap ehCovers ehCoveredBy ehInside ehContains rcc8eq rcc8dc rcc8ec rcc8po rcc8tppi rcc8tpp rcc8ntpp
    rcc8ntppi relate distance buffer convexHull boundary envelope centroid union intersection difference symDifference
    getSRID asWKT asGeoJSON asGML asKML asDGGS area metricArea length metricLength metricDistance metricBuffer perimeter
    metricPerimeter dimension coordinateDimension spatialDimension isEmpty isSimple is3D isMeasured minX maxX minY maxY
    minZ maxZ numGeometries geometryN geometryType transform concaveHull boundingCircle aggBoundingBox
    aggBoundingCircle aggCentroid aggConcaveHull aggConvexHull aggUnion"""


def test_the_description_names_just_the_functions_of_geosparql_that_the_engine_knows(client: Any) -> None:
    point = '"POINT(0 0)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    known = set()
    for name in GEOSPARQL.split():
        query = f"SELECT (<http://www.opengis.net/def/function/geosparql/{name}>({point}, {point}) AS ?x) {{}}"
        try:
            list(ox.Store().query(query))  # type: ignore[arg-type]
        except (SyntaxError, RuntimeError, ValueError) as error:
            if "not supported" in str(error):
                continue
        known.add(name)
    found = described(client).quads_for_pattern(None, ox.NamedNode(SD + "extensionFunction"), None)
    assert {quad.object.value.rpartition("/")[2] for quad in found} == known  # type: ignore[union-attr]


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_the_description_is_negotiated(client: Any, media_type: str) -> None:
    response = client.get("/sparql", headers={"Accept": f"{media_type}, text/html;q=0.1"})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert "sd:Service" in response.text
    assert response.headers["vary"] == "Accept-Encoding, Accept"
    assert SD.encode() in response.content


def test_the_description_comes_in_the_format_that_the_address_names(client: Any) -> None:
    browser = {"Accept": "text/html"}
    for name, media_type in (("ttl", "text/turtle"), ("text/turtle", "text/turtle"), ("nt", "application/n-triples")):
        response = client.get("/sparql", params={"format": name}, headers=browser)
        assert response.headers["content-type"].partition(";")[0] == media_type
    assert client.get("/sparql", params={"_mediatype": "csv"}, headers=browser).status_code == 406


def test_what_the_data_say_runs_in_no_browser(server: Any) -> None:
    script = "<script>alert(1)</script>"
    quad = ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p"), ox.Literal(script))
    with server([quad]) as client:
        for name in ("json", "xml", "csv", "tsv"):
            response = client.get("/sparql", params={"query": ALL, "format": name, "callback": "alert"})
            assert "html" not in response.headers["content-type"]
            assert "javascript" not in response.headers["content-type"]
            assert response.headers["x-content-type-options"] == "nosniff"
            assert not response.text.startswith("alert")
        assert script not in client.get("/sparql", params={"query": ALL, "format": "xml"}).text


def test_an_error_echoes_nothing_that_a_browser_would_run(client: Any) -> None:
    for path in ("/<script>alert(1)</script>", "/sparql?query=<script>alert(1)</script>"):
        response = client.get(path)
        assert response.status_code in (400, 404)
        assert "html" not in response.headers["content-type"] or "<script>alert" not in response.text


def test_nobody_is_asked_for_credentials(client: Any) -> None:
    for path in ("/", "/sparql?query=ASK+%7B%7D", "/nothing", "/healthz"):
        headers = client.get(path, headers={"Origin": "https://other.example", "Cookie": "a=b"}).headers
        assert "access-control-allow-credentials" not in headers
        assert "set-cookie" not in headers
        assert headers.get("access-control-allow-origin", "*") == "*"
