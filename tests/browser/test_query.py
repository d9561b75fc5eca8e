"""The query page in a browser: on a plain static host it answers what the endpoint answers."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from pyoxigraph import RdfFormat, parse
from toolbox import drive, static_host

from communique.project import Project
from communique.website.examples import read_examples
from services import Manners, mannered

ROOT = Path(__file__).parents[2]
WEIGHT = 150_000
NOT_BEFORE_A_QUERY = ("oxigraph", ".nq.gz", "void.ttl", "queries.ttl")
PARTICIPANTS = next(each.text for each in read_examples(Project.open(ROOT)) if each.name == "participants")
HOSTS = next(each.text for each in read_examples(Project.open(ROOT)) if each.name == "states-that-hosted")
COUNT = "SELECT (COUNT(*) AS ?n) { ?meeting a cmq:Meeting }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"

SILENT = "SELECT * {\n OPTIONAL { SERVICE SILENT <http://x/> { ?s ?p ?o } } }"


def nested(depth: int) -> str:
    return "SELECT (" + "(" * depth + "1" + ")" * depth + " AS ?n) {}"


@pytest.fixture(scope="module")
def static(own_site: Path) -> Iterator[str]:
    with static_host(own_site) as origin:
        yield origin


@pytest.fixture(scope="module")
def served(own_site: Path) -> Iterator[str]:
    options = ["--project", str(ROOT), "--out", str(own_site), "--port", "0", "--no-build"]
    command = [sys.executable, "-m", "communique", "serve", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=20)


@pytest.fixture(scope="module")
def queries() -> dict[str, str]:
    return {each.name: each.text for each in read_examples(Project.open(ROOT))}


@pytest.fixture(scope="module")
def in_page(static: str, queries: dict[str, str]) -> dict[str, Any]:
    return drive("query.mjs", {"does": "answers", "origin": static, "queries": queries})


@pytest.fixture(scope="module")
def by_server(served: str, queries: dict[str, str]) -> dict[str, Any]:
    return drive("query.mjs", {"does": "answers", "origin": served, "queries": queries})


def act(does: str, origin: str, **task: Any) -> Any:
    return drive("query.mjs", {"does": does, "origin": origin, **task})


def ask(served: str, query: str) -> tuple[str, bytes]:
    accept = "application/sparql-results+json, text/turtle"
    headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
    with urlopen(Request(f"{served}sparql", query.encode(), headers)) as answer:
        return answer.headers["content-type"].partition(";")[0], answer.read()


def rows(body: bytes | str, media_type: str = "application/sparql-results+json") -> Any:
    if media_type == "text/turtle":
        return {str(quad) for quad in parse(input=body, format=RdfFormat.TURTLE)}
    found = json.loads(body)
    return found["head"]["vars"], found["results"]["bindings"]


def test_a_static_host_answers_every_example_with_the_rows_of_the_endpoint(
    in_page: dict[str, Any], served: str, queries: dict[str, str]
) -> None:
    assert len(queries) >= 12
    for name, query in queries.items():
        media_type, body = ask(served, query)
        assert rows(in_page["answers"][name]["body"], media_type) == rows(body, media_type), name


def test_the_page_on_the_server_asks_the_endpoint_and_loads_no_engine(by_server: dict[str, Any]) -> None:
    assert "/sparql" in by_server["asked"]
    assert not [path for path in by_server["asked"] if "oxigraph" in path or path.endswith(".gz")]
    assert by_server["said"] == "Queries are answered by the endpoint of this site."


def test_both_give_the_same_rows(in_page: dict[str, Any], by_server: dict[str, Any]) -> None:
    for name, answer in in_page["answers"].items():
        graph = "head" not in answer["body"][:10]
        kind = "text/turtle" if graph else "application/sparql-results+json"
        assert rows(answer["body"], kind) == rows(by_server["answers"][name]["body"], kind), name


def test_no_other_origin_is_asked_and_nothing_breaks_the_policy_of_the_page(
    in_page: dict[str, Any], by_server: dict[str, Any]
) -> None:
    assert (in_page["foreign"], in_page["complaints"]) == ([], [])
    assert (by_server["foreign"], by_server["complaints"]) == ([], [])


def test_what_several_graphs_state_counts_once_with_a_server_and_without(
    static: str, served: str, queries: dict[str, str]
) -> None:
    start = "PREFIX cmq: <https://w3id.org/communique/ns#> SELECT"
    listed = f"{start} DISTINCT ?g {{ GRAPH ?g {{ ?m a cmq:Meeting ; cmq:ordinal ?o }} }} ORDER BY ?g"
    graphs = [each["g"]["value"] for each in rows(ask(served, listed)[1])[1]]
    assert len(graphs) > 3
    sources = [" ".join(f"FROM <{graph}>" for graph in each) for each in (graphs[:1] * 2, graphs, graphs + graphs)]
    sources.append(f"FROM NAMED <{graphs[0]}> {sources[1]} FROM NAMED <{graphs[0]}>")
    asked = {
        str(
            number
        ): f"{start} ?m ?o ?g {source} {{ ?m a cmq:Meeting ; cmq:ordinal ?o OPTIONAL {{ GRAPH ?g {{ ?m a ?c }} }} }}"
        for number, source in enumerate(sources)
    }
    found = drive("query.mjs", {"does": "answers", "origin": static, "queries": asked})["answers"]
    for name, query in asked.items():
        here, there = (
            sorted(json.dumps(row, sort_keys=True) for row in rows(body)[1])
            for body in (found[name]["body"], ask(served, query)[1])
        )
        assert here == there
        assert len(set(here)) == len(here) > 0


def test_the_policy_allows_no_inline_script_and_no_inline_style(served: str) -> None:
    with urlopen(f"{served}sparql.html") as answer:
        policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy and "unsafe-inline" not in policy


def test_engine_and_data_are_fetched_at_the_first_query_and_their_size_is_said_before(in_page: dict[str, Any]) -> None:
    assert not [path for path in in_page["before"] if any(part in path for part in NOT_BEFORE_A_QUERY)]
    assert [path for path in in_page["asked"] if path.endswith(".wasm")]
    assert re.search(r"the engine \(4 MB, .*the data \([\d.]+ kB, [\d,]+ statements\)", in_page["said"])


def test_the_page_is_light_before_the_engine(own_site: Path, in_page: dict[str, Any]) -> None:
    files = {own_site / path.lstrip("/") for path in in_page["before"]}
    assert [path for path in files if path.name.startswith("codemirror.")]
    assert sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files if path.is_file()) <= WEIGHT


@pytest.mark.parametrize("host", ["static", "served"])
def test_a_link_to_the_page_with_a_query_before_the_sign_puts_it_into_the_editor(
    request: pytest.FixtureRequest, host: str
) -> None:
    assert act("given", request.getfixturevalue(host), query=COUNT) == COUNT


def test_a_query_without_end_can_be_stopped_and_another_one_asked(static: str) -> None:
    found = act("stopping", static, endless=ENDLESS, query=PARTICIPANTS)
    assert (found["stopped"], found["focused"]) == ("Stopped.", "run")
    assert found["after"].startswith("Rows: 10")


def test_a_query_that_is_too_much_for_the_engine_is_told_in_words(static: str) -> None:
    assert "beyond the memory or nesting" in act("said", static, query=nested(5_000))


def test_the_editor_takes_what_nests_too_deeply_to_be_coloured(static: str) -> None:
    queries = ["ASK {}", nested(100_000)] * 10
    assert act("texts", static, queries=queries) == {"lengths": [len(each) for each in queries], "complaints": []}


def test_an_answer_is_shown_without_labels_where_these_are_refused(served: str) -> None:
    found = act("unlabelled", served, query="SELECT ?m { ?m a cmq:Meeting } LIMIT 3")
    assert (found["asked"], len(found["cells"])) == (2, 3)
    assert found["said"].startswith("Rows: 3 · without labels")


def test_labels_that_are_too_much_for_one_answer_are_asked_for_in_parts(served: str) -> None:
    query = "SELECT ?m ?label { ?m a skos:Concept ; skos:prefLabel ?label FILTER(LANG(?label) = 'en') }"
    found = act("halves", served, query=query, most=20)
    number = len(found["cells"]) // 2
    assert found["asked"] == [0, number, (number + 1) // 2, number // 2]
    assert "labels" not in found["said"]
    assert found["cells"][::2] == found["cells"][1::2]


def test_a_query_to_the_endpoint_can_be_stopped_too(served: str) -> None:
    found = act("stopping", served, endless=ENDLESS, query=PARTICIPANTS)
    assert (found["stopped"], found["focused"]) == ("Stopped.", "run")
    assert found["after"].startswith("Rows: 10")


def test_the_keyboard_reaches_runs_and_leaves_the_editor(static: str) -> None:
    found = act("keyboard", static, query=COUNT)
    assert (found["inside"], found["tabbed"], found["left"]) == ("textbox", "run", "run")
    assert found["ran"].startswith("Rows: 1 ")
    assert found["live"] == "status"


def test_a_known_prefix_is_declared_and_the_query_stands_in_the_address(static: str) -> None:
    found = act("keyboard", static, query=COUNT)
    assert found["address"] == "#query=" + quote(
        "PREFIX cmq: <https://w3id.org/communique/ns#>\n" + COUNT, safe="!*()'"
    )


def test_who_follows_a_link_with_a_query_sees_it_first(static: str) -> None:
    assert 0 <= act("linked", static, query=PARTICIPANTS) < 0.5


def test_a_prefix_that_nobody_knows_is_named(static: str) -> None:
    found = act("faults", static, wrong="SELECT ?s {\n  ?s nobody:knows ?o\n}")
    assert "The prefix nobody: is not declared. Line 2, column 6" in found["said"]
    assert found["marked"] == "nobody:knows"


@pytest.mark.parametrize("host", ["static", "served"])
def test_a_site_that_is_out_of_reach_is_told_and_asked_again(request: pytest.FixtureRequest, host: str) -> None:
    found = act("unplugged", request.getfixturevalue(host), query=PARTICIPANTS)
    assert found["without"] == "The query cannot be answered: The site cannot be reached."
    assert found["again"].startswith("Rows: 10")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("sparql.html", "The data of the site could not be fetched: its host answers 404 for /dumps/communique.nq.gz."),
        ("sparql.ru.html", "на запрос /dumps/communique.nq.gz его сервер отвечает 404."),
    ],
)
def test_data_that_a_host_does_not_have_are_told_and_asked_for_again(static: str, page: str, said: str) -> None:
    found = act("missing", static, query=COUNT, page=page)
    assert found["without"].endswith(said)
    assert "1 · " in found["again"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("sparql.html", "SERVICE is refused: this page asks no other host. Line 2, column 13"),
        ("sparql.ru.html", "эта страница ни к кому другому не обращается. Строка 2, столбец 13"),
        ("sparql.zh.html", "此页面不访问其他服务器。 第 2 行第 13 列"),
    ],
)
def test_nobody_else_is_asked_from_the_page(static: str, page: str, said: str) -> None:
    found = act("faults", static, wrong=SILENT, page=page)
    assert found["said"].endswith(said)
    assert found["marked"] == "SERVICE"
    assert not [path for path in found["asked"] if path.endswith((".wasm", ".gz"))]


def test_an_update_and_an_unfinished_query_are_told_in_words(static: str) -> None:
    assert "INSERT is an update" in act("said", static, query="INSERT DATA { <a:a> <a:b> <a:c> }")
    assert "Something is missing here or before. Line 1, column 21" in act("said", static, query="SELECT * { ?s ?p ?o ")


@pytest.mark.parametrize("host", ["static", "served"])
def test_an_expression_without_a_name_is_told_as_one(request: pytest.FixtureRequest, host: str) -> None:
    origin = request.getfixturevalue(host)
    for query, said in (
        ("SELECT ?s (COUNT(?x)) { ?s ?p ?x }", "An expression in SELECT stands in brackets, with a name"),
        ("SELECT ?s (COUNT(?x) AS ?n) { ?s ?p ?x }", "The SELECT has a variable that is unbound"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "SELECT * cannot stand with GROUP BY"),
    ):
        assert said in act("said", origin, query=query)


@pytest.mark.parametrize("host", ["static", "served"])
def test_rows_that_are_shown_later_have_labels_and_links_too(request: pytest.FixtureRequest, host: str) -> None:
    origin = request.getfixturevalue(host)
    numbers = " ".join(map(str, range(1250)))
    query = f"SELECT ?n ?it {{ VALUES ?n {{ {numbers} }} BIND(IF(?n < 1249, ?n, cmq:Meeting) AS ?it) }}"
    found = act("more", origin, query=query)
    assert (found["counts"], found["focused"]) == ([1200, 1250], "scroll")
    assert found["last"] == ["meeting", f"{origin}ns/Meeting.html"]
    assert found["again"].startswith("Yes")


LIVE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
ex:all a <http://www.w3.org/ns/dcat#Dataset> ; dcterms:title "All"@en ;
  <http://rdfs.org/ns/void#uriSpace> "https://example.org/id/" .
"""
NAMES = ("ada", "place/", "search/x", "about/us", "About/them", "x.ru", ".b", "a/index", "a//b", "a%3Fb", "index/a")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose pages are made on request, over a service."""
    project: Path = tmp_path_factory.mktemp("live")
    (project / "site/pages").mkdir(parents=True)
    (project / "site/site.toml").write_text('languages = ["en", "ru"]\n', encoding="utf-8")
    (project / "site/pages/about.md").write_text("# About us\n", encoding="utf-8")
    named = "".join(f'<https://example.org/id/{each}> rdfs:label "It is {each}."@en .\n' for each in NAMES)
    quads = list(parse(input=LIVE + named, format=RdfFormat.TURTLE))
    with mannered(quads, Manners()) as engine:
        command = [sys.executable, "-m", "communique", "serve", str(project), "--store", engine, "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


def test_over_a_service_links_lead_to_the_same_pages_with_scripts_and_without(live: str) -> None:
    query = "SELECT ?it { ?it <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"
    plain = act("plain", live, query=query)["links"]
    assert act("table", live, query=query, scheme="light", viewport={"width": 1280, "height": 800})["links"] == plain
    assert [name for name, _ in plain] == sorted(f"It is {each}." for each in NAMES)
    for name, url in plain:
        with urlopen(Request(url, headers={"Accept": "text/html"})) as answer:
            assert name in answer.read().decode(), url


@pytest.mark.parametrize("scripts", [True, False])
def test_no_line_ends_within_a_variable(served: str, scripts: bool) -> None:
    query = "SELECT ?first (COUNT(?second)) { " + "?first ?the_second ?third . " * 9 + "}"
    found = act("variables", served, query=query, scripts=scripts)
    assert "AS ?number" in found["said"]
    assert (found["torn"], found["editor"]) == ([], [])


def test_what_the_endpoint_refuses_is_told_in_the_language_of_the_page(served: str) -> None:
    for query, said in (
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "эта точка доступа ни к кому не обращается."),
        ("ASK " + "{" * 201 + "}" * 201, "Наибольшая глубина: 200."),
        (f"ASK {{}} #{'x' * 70_000}", "Предел в байтах: 65\xa0536."),
    ):
        assert act("said", served, query=query, page="sparql.ru.html").endswith(said)
    assert act("said", served, query="ASK {}", page="sparql.ru.html").endswith(" с")


@pytest.mark.parametrize("host", ["static", "served"])
def test_a_fault_is_told_with_its_place_and_marked_in_the_text(request: pytest.FixtureRequest, host: str) -> None:
    found = act("faults", request.getfixturevalue(host), wrong="SELECT ?s {\n  ?s ?p ?o\n} ORDER ?s\n")
    assert "Line 3, column 11" in found["said"]
    assert found["marked"] == "?s"


@pytest.mark.parametrize(
    ("wrong", "marked"),
    [
        ("SELECT ?s WHERE {\n  ?s rdfs:label ?label .\n", "."),
        ("SELECT * { ?s ?p ?o } ORDER BY\n\n\n", "BY"),
        ("PREFIX x: <http://example.org/>\n", ">"),
        ("# nothing\n", "nothing"),
        ("ASK { ?s ?p '🏺' } LIMIT 🏺 x", "🏺"),
    ],
)
def test_a_fault_at_the_end_of_the_text_is_told_and_the_last_word_before_it_marked(
    static: str, wrong: str, marked: str
) -> None:
    found = act("faults", static, wrong=wrong)
    assert "Line " in found["said"] and found["complaints"] == []
    assert found["marked"] == marked


@pytest.mark.parametrize("host", ["static", "served"])
def test_an_empty_text_is_told_as_one(request: pytest.FixtureRequest, host: str) -> None:
    found = act("faults", request.getfixturevalue(host), wrong="\n")
    assert (found["said"], found["marked"]) == ("The query cannot be answered: The query is empty.", "")


def test_a_fault_is_told_in_the_language_of_the_page(served: str) -> None:
    for wrong, said in (
        ("SELECT * {\n ?s ?p }", "чего-то не хватает"),
        ("SELECT ?s {\n ?s nobody:knows ?o }", "nobody"),
        ("SELECT * { ?s ?p ?o } LIMIT x", "x"),
    ):
        found = act("faults", served, wrong=wrong, page="sparql.ru.html")["said"]
        assert said in found
        assert not re.search(r"[Mm]issing|declared|cannot", found)


def test_classes_and_properties_are_proposed_by_name_and_by_label(static: str) -> None:
    by_name = act("completion", static, typed="SELECT * { ?s a cmq:Meet")
    assert by_name["proposed"][0].startswith("cmq:Meeting")
    assert by_name["text"].startswith("SELECT * { ?s a cmq:Meeting")
    by_label = act("completion", static, typed="SELECT * { ?s participa")
    assert any(each.startswith("cmq:hasParticipation") for each in by_label["proposed"])


def test_keys_are_told_where_they_do_something(static: str) -> None:
    assert "Ctrl+Enter" in act("shown", static, scripts=True, media="screen")
    assert "Ctrl+Enter" not in act("shown", static, scripts=False, media="screen")


def test_on_paper_no_heading_stands_without_its_list(static: str) -> None:
    assert "Examples" in act("shown", static, scripts=True, media="screen")
    printed = act("shown", static, scripts=True, media="print")
    assert "Your query" in printed
    assert "Examples" not in printed
    assert "cookbook" not in printed


def test_without_scripts_the_form_is_answered_by_the_server(served: str) -> None:
    found = act("plain", served, query=HOSTS)
    assert found["address"].startswith(f"{served}sparql?query=PREFIX")
    assert found["links"][0] == ["China", f"{served}sco/state/chn.html"]


def test_a_large_dataset_is_loaded_after_a_warning_and_a_huge_one_not_at_all(static: str) -> None:
    found = act("limits", static, sizes=[300_000, 300_001, 1_000_001])
    assert found["300000"]["shown"][1].startswith("Rows: ")
    assert "300,001 statements need about 450 MB" in found["300001"]["shown"][1]
    assert found["300001"]["shown"][2].startswith("Rows: ")
    assert found["1000001"]["disabled"]
    assert "too large for a browser" in found["1000001"]["shown"][0]


def test_what_the_server_says_of_the_query_in_the_address_stays(served: str) -> None:
    assert act("addressed", served, query="SELEC")["said"].startswith("The query cannot be answered:")
    assert act("addressed", served, query="SELECT * { ?s ?p ?o } LIMIT 3") == {"said": "Rows: 3", "rows": 3}


def test_no_answer_stands_under_another_query_than_its_own(served: str) -> None:
    other = "SELECT * { ?s ?p ?o } LIMIT 2"
    found = act("readdressed", served, query="SELECT * { ?s ?p ?o } LIMIT 3", other=other)
    linked = f"{served}sparql.ru.html#query=" + quote(other, safe="!*()'")
    waiting = {"text": other, "said": "На запросы отвечает точка доступа этого сайта.", "rows": 0}
    assert found["answered"]["rows"] == 3
    assert found["both"] == {**waiting, "address": found["both"]["address"]}
    assert (found["run"]["rows"], found["run"]["address"]) == (2, linked)
    assert found["link"]["address"] == linked
    assert found["again"] == {**waiting, "address": linked}


@pytest.mark.parametrize("host", ["static", "served"])
def test_an_answer_goes_when_another_query_is_chosen_and_stays_while_it_is_edited(
    request: pytest.FixtureRequest, host: str
) -> None:
    found = act("chosen", request.getfixturevalue(host), query=PARTICIPANTS, endless=ENDLESS)
    assert found["typed"][0].startswith("Rows: 10") and found["typed"][1] > 10
    assert found["first"] == found["example"] == found["address"] == found["running"]
    assert found["first"][0].startswith("Queries are answered") and found["first"][1] == 0
    assert found["after"].startswith("Rows: 10")


def test_a_change_of_the_language_takes_the_query_along(served: str) -> None:
    query = "# Вопрос\nASK {}"
    found = act("languages", served, query=query)
    assert found["untouched"] == ["/sparql.ru.html", found["own"], ""]
    assert found["written"] == ["/sparql.zh.html", query]
    assert found["answered"] == ["/sparql.ru.html", query]


def test_latitudes_and_longitudes_are_drawn_as_points(static: str) -> None:
    places = '("Delhi" 28.6 77.2) ("Moscow" 55.8 37.6)'
    query = f"SELECT ?name ?lat ?long {{ VALUES (?name ?lat ?long) {{ {places} }} }}"
    found = act("table", static, query=query, scheme="light", viewport={"width": 360, "height": 800})
    assert found["picture"] == ["Delhi 28.6, 77.2; Moscow 55.8, 37.6"]
    assert found["caption"] == []
    assert not found["wide"]


def test_places_in_words_are_drawn_as_points(static: str) -> None:
    geo = "PREFIX geo: <http://www.opengis.net/ont/geosparql#> "
    crs = "<http://www.opengis.net/def/crs/"
    points = {
        "Delhi": "Point(77.2 28.6)",
        "Moscow": f"{crs}EPSG/0/4326> POINT (55.8 37.6)",
        "Tashkent": f"{crs}OGC/1.3/CRS84> POINT Z(69.3 41.3 455)",
        "Moon": "<http://www.wikidata.org/entity/Q405> Point(1 2)",
        "line": "LINESTRING(1 2, 3 4)",
    }
    values = " ".join(f'("{name}" "{text}"^^geo:wktLiteral)' for name, text in points.items())
    query = f"{geo}SELECT ?name ?where {{ VALUES (?name ?where) {{ {values} }} }}"
    found = act("table", static, query=query, scheme="light", viewport={"width": 360, "height": 800})
    assert found["picture"] == ["Delhi 28.6, 77.2; Moscow 55.8, 37.6; Tashkent 41.3, 69.3"]
    assert found["caption"] == ["Rows without a point on this map: 2"]
    assert found["cut"] == []


def test_degrees_in_strings_are_drawn_as_points(static: str) -> None:
    places = '("Delhi" "28.6" "77.2") ("nothing" "" "7") ("tagged" "1"@en "7")'
    query = f"SELECT ?name ?lat ?lng {{ VALUES (?name ?lat ?lng) {{ {places} }} }}"
    found = act("table", static, query=query, scheme="light", viewport={"width": 1280, "height": 800})
    assert found["picture"] == ["Delhi 28.6, 77.2"]


def test_a_file_holds_triple_terms_and_a_variable_may_have_any_name(static: str) -> None:
    query = 'SELECT (<<( <x:s> <x:p> "o, p" )>> AS ?t) ?valueOf ?toString { OPTIONAL { ?toString <x:none> ?valueOf } }'
    found = act("table", static, query=query, scheme="light", viewport={"width": 1280, "height": 800})
    assert found["csv"] == 't,valueOf,toString\r\n"x:s x:p ""o, p""",,\r\n'


def test_of_many_points_the_first_ones_are_drawn_and_that_is_told(static: str) -> None:
    numbers = " ".join(map(str, range(71)))
    query = f"SELECT ?lat ?long {{ VALUES ?lat {{ {numbers} }} VALUES ?long {{ {numbers} UNDEF }} }}"
    found = act("table", static, query=query, scheme="light", viewport={"width": 1280, "height": 800})
    assert found["caption"] == ["The first 5,000 points · Rows without a point on this map: 71"]


def test_rows_that_have_no_place_on_the_map_are_counted(static: str) -> None:
    places = '("Delhi" 28.6 77.2) ("Pole" 90 -180) ("beyond" 91 0) ("around" 0 181) ("nowhere" UNDEF 3) ("word" "x" 4)'
    query = f"SELECT ?name ?lat ?long {{ VALUES (?name ?lat ?long) {{ {places} }} }}"
    found = act("table", static, query=query, scheme="dark", viewport={"width": 360, "height": 800})
    assert found["picture"] == ["Delhi 28.6, 77.2; Pole 90, -180"]
    assert found["caption"] == ["Rows without a point on this map: 4"]
    assert found["violations"] == []


@pytest.mark.parametrize(
    "places",
    [
        '("Mexico City" 19.4 -99.1) ("Sydney" -33.9 151.2)',
        '("Delhi" 28.6 77.2) ("Moscow" 55.8 37.6) ("Beijing" 39.9 116.4)',
    ],
)
def test_no_number_of_degrees_is_cut(static: str, places: str) -> None:
    query = f"SELECT ?name ?lat ?long {{ VALUES (?name ?lat ?long) {{ {places} }} }}"
    found = act("table", static, query=query, scheme="light", viewport={"width": 360, "height": 800})
    assert found["cut"] == []


def drawn(static: str, values: str, **task: Any) -> Any:
    query = f"SELECT ?name ?number {{ VALUES (?name ?number) {{ {values} }} }}"
    return act("table", static, query=query, viewport={"width": 360, "height": 800}, **task)


def test_bars_stand_on_both_sides_of_zero(static: str) -> None:
    values = '("gain" 20) ("loss" -40) ("nothing" 0) ("吉尔吉斯斯坦总检察院" -0.123456789123)'
    found = drawn(static, values, scheme="dark")
    assert found["picture"] == ["gain: 20; loss: −40; nothing: 0; 吉尔吉斯斯坦总检察院: −0.123456789123"]
    (gain, loss, nothing, little) = found["bars"]
    assert (gain[0], loss[1], nothing[0], little[1]) == (0, 0, 0, 0)
    assert abs(gain[1] * 2 + loss[0]) <= 1
    assert found["numbers"][1::2] == ["20", "−40", "0", "−0.123457"]
    assert (found["cut"], found["covered"], found["violations"]) == ([], [], [])


def test_bars_of_numbers_below_zero_alone_lie_on_its_left(static: str) -> None:
    found = drawn(static, '("a" -1.5e3) ("b" -750)', scheme="light")
    assert found["picture"] == ["a: −1500; b: −750"]
    (longer, shorter) = found["bars"]
    assert longer[1] == shorter[1] == 0
    assert longer[0] < -50 and abs(shorter[0] * 2 - longer[0]) <= 1
    assert (found["cut"], found["covered"], found["wide"]) == ([], [], False)


def test_what_has_no_length_is_not_drawn(static: str) -> None:
    assert drawn(static, '("a" 1) ("b" "INF"^^xsd:double)', scheme="light")["picture"] == []


SETTINGS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 360)]


@pytest.mark.parametrize(("scheme", "width"), SETTINGS)
def test_results_have_labels_links_and_a_picture_that_all_can_read(
    own_site: Path, static: str, scheme: str, width: int
) -> None:
    found = act("table", static, query=HOSTS, scheme=scheme, viewport={"width": width, "height": 900})
    assert found["links"][0] == ["China", f"{static}sco/state/chn.html"]
    assert all((own_site / url.removeprefix(static)).is_file() for _, url in found["links"])
    assert found["picture"] == ["China: 3; Kazakhstan: 2; Kyrgyzstan: 2; Russia: 1; Tajikistan: 1; Uzbekistan: 1"]
    assert found["csv"].startswith("state,meetings\r\nhttps://w3id.org/communique/sco/state/chn,3\r\n")
    assert not found["wide"]
    assert found["violations"] == []


GRAPH = """PREFIX state: <https://w3id.org/communique/sco/state/>
CONSTRUCT { ?s a cmq:State ; rdfs:label ?l ; dcterms:subject <https://example.org/a-rather-long/address/of/something> }
{ VALUES ?s { state:chn } ?s rdfs:label ?l FILTER(lang(?l) = "en") }"""


def test_what_the_site_tells_of_itself_leads_to_its_file(static: str) -> None:
    about = "GRAPH ?g { ?x ?p ?o } FILTER(CONTAINS(STR(?x), '/queries.ttl'))"
    query = f"SELECT DISTINCT ?x {{ {about} }} ORDER BY STR(?x) LIMIT 2"
    look = {"scheme": "light", "viewport": {"width": 1280, "height": 800}}
    links = [url for _, url in act("table", static, query=query, **look)["links"]]
    assert links[0] == f"{static}queries.ttl"
    assert links[1].startswith(f"{static}queries.ttl#")


@pytest.mark.parametrize(
    ("host", "scheme", "width"), [("static", "light", 360), ("served", "dark", 360), ("served", "light", 1280)]
)
def test_a_graph_has_prefixes_and_links_and_fits(
    request: pytest.FixtureRequest, host: str, scheme: str, width: int
) -> None:
    origin = request.getfixturevalue(host)
    found = act("graph", origin, query=GRAPH, scheme=scheme, viewport={"width": width, "height": 900})
    links = dict(found["links"])
    assert links["state:chn"] == f"{origin}sco/state/chn.html"
    assert links["rdfs:label"] == "http://www.w3.org/2000/01/rdf-schema#label"
    assert links["cmq:State"] == f"{origin}ns/State.html"
    assert "@prefix state: <https://w3id.org/communique/sco/state/> ." in found["text"]
    assert found["text"] == found["saves"]
    assert len(list(parse(found["saves"], format=RdfFormat.TURTLE))) >= 3
    assert not found["wide"]
    assert found["violations"] == []


def test_an_unfamiliar_datatype_is_named_in_the_table(static: str) -> None:
    values = '"a"^^cmq:code "a"^^<http://e/code> "a" "a"@en 1 1.5 true "2024-05-01"^^xsd:date "4"^^xsd:unsignedByte'
    found = act("tags", static, query=f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    assert found == ["cmq:code", "http://e/code", *[""] * 7]
