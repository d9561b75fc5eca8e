"""Without scripts a browser's form is answered with the query page, filled; programs get what they always got."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.serving.answer_page import AnswerPage
from communique.serving.app import application
from communique.serving.limits import MIB, Limits
from communique.serving.page_links import url_of_page
from communique.snapshots import beside
from html_pages import Page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
EVIL = "</textarea></code><script>alert(1)</script>"
DATA = f"""
@prefix : <https://example.org/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix void: <http://rdfs.org/ns/void#> .
:dataset a void:Dataset ; dcterms:title "Made up"@en ; void:uriSpace "https://example.org/id/" .
:ada a foaf:Person ; rdfs:label "Ada"@en , "Ада"@ru ; foaf:knows <https://elsewhere.example/x> ;
  foaf:nick "{EVIL}" ; foaf:topic <https://example.org/id/javascript:alert(1)> ; foaf:page <javascript:alert(1)> .
<https://example.org/id/javascript:alert(1)> rdfs:label "Bad"@en .
:rye <http://www.w3.org/2008/05/skos-xl#prefLabel> :rye-en . :rye foaf:depicts :rye .
:rye-en <http://www.w3.org/2008/05/skos-xl#literalForm> "Secale"@en .
<https://example.org/id/place/> rdfs:label "A place"@en ; foaf:based_near <https://example.org/id/place/> .
"""
PEOPLE = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT * { ?who a foaf:Person ; foaf:knows ?whom }"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    (folder / "data").mkdir()
    (folder / "data/x.ttl").write_text(DATA, encoding="utf-8")
    (folder / "site").mkdir()
    (folder / "site/site.toml").write_text('languages = ["en", "ru"]\n')
    site = folder / "public"
    build(Project.open(folder), out=site, progress=Progress(quiet=True), snapshot=True)
    return site


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[TestClient]:
    with asked(site) as client:
        yield client


@contextmanager
def asked(site: Path, **limits: float) -> Iterator[TestClient]:
    given = replace(Limits(fast_workers=1, worker_memory=256 * MIB), **limits)
    app = application(site.resolve(), snapshot=beside(site), triples=0, url="http://127.0.0.1:8000/", limits=given)
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"Accept": BROWSER}) as client:
        yield client


def page(client: TestClient, query: str, **parameters: str) -> Page:
    answer = client.get("/sparql", params={"query": query, **parameters})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def test_labels_that_are_resources_are_labels_too(client: TestClient) -> None:
    found = page(client, "SELECT * { ?rye <http://xmlns.com/foaf/0.1/depicts> ?it }")
    assert "Secale" in {each.text for each in found.all("a")}


def test_a_thing_whose_iri_ends_in_a_slash_has_its_page_in_the_folder(client: TestClient) -> None:
    assert "./place/index.html" in page(client, "SELECT * { ?it <http://xmlns.com/foaf/0.1/based_near> ?it }").links


def test_the_page_says_its_language(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": PEOPLE}, headers={"Accept-Language": "ru"})
    assert answer.headers["content-language"] == "ru"


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site whose data are in a language that the interface does not speak."""
    folder = tmp_path_factory.mktemp("german")
    more = ':dataset dcterms:language "de" . :ada rdfs:label "Die Ada"@de .'
    (folder / "x.ttl").write_text(DATA + more, encoding="utf-8")
    site = folder / "public"
    build(Project.open(folder), out=site, progress=Progress(quiet=True), snapshot=True)
    with asked(site) as client:
        yield client


def test_a_page_with_words_in_another_language_than_its_data_is_for_the_readers_of_both(german: TestClient) -> None:
    for address in ("/sparql?query=ASK%7B%7D", "/sparql?query=ASK", "/sparql.html", "/ada.html", "/nowhere"):
        answer = german.get(address)
        assert answer.headers["content-language"] == "de, en", address
        assert Page(answer.text).one("html").attributes["lang"] == "en"
    assert "content-language" not in german.get("/ada.ttl").headers


def test_the_language_of_the_data_comes_first_where_the_words_of_the_page_are_in_another(german: TestClient) -> None:
    assert "Die Ada" in page(german, PEOPLE).all("table")[0].text


@pytest.mark.parametrize(
    ("language", "tags"), [("en", []), ("en-gb", []), ("de", []), ("ru", ["ru"]), ("zh-hant", ["zh-hant"]), ("", [])]
)
def test_a_text_in_another_language_is_marked_with_its_tag(german: TestClient, language: str, tags: list[str]) -> None:
    found = page(german, f"SELECT ?x {{ VALUES ?x {{ 'text'{'@' * bool(language)}{language} }} }}")
    assert [each.text for each in found.all("span", **{"class": "tag"}) if "{" not in each.text] == tags
    (text,) = (each for each in found.all("span", dir="auto") if each.text == "text")
    assert text.attributes["lang"] == language


def test_a_name_without_a_label_is_shortened(client: TestClient) -> None:
    found = page(client, "SELECT ?p { <https://example.org/id/ada> ?p <https://elsewhere.example/x> }")
    assert found.all("table")[0].text.split() == ["p", "foaf:knows"]


def test_a_browser_gets_a_table_with_labels_and_links(client: TestClient) -> None:
    found = page(client, PEOPLE)
    (table,) = found.all("table")[:1]
    assert table.text.split() == ["who", "whom", "Ada", "https://elsewhere.example/x"]
    assert {"./ada.html", "https://elsewhere.example/x"} <= set(found.links)
    assert "Rows: 1" in found.text
    assert found.faults == []


def test_labels_that_are_too_much_for_one_answer_are_asked_for_in_parts(site: Path) -> None:
    iris, asked = [f"https://example.org/id/x{number}" for number in range(60)], list[int]()

    def row(**values: str) -> dict[str, dict[str, str]]:
        kinds = {name: "literal" if name == "label" else "uri" for name in values}
        return {name: {"type": kinds[name], "value": value} for name, value in values.items()}

    async def endpoint(request: Request) -> Response:
        named = [iri for iri in iris if f"<{iri}>" in request.query_params["query"]]
        asked.append(len(named))
        path = "http://www.w3.org/2000/01/rdf-schema#label"
        rows = [row(iri=iri, path=path, label=f"Label of {iri[-3:]}") for iri in named] or [row(it=iri) for iri in iris]
        answer = {"head": {"vars": [*rows[0]]}, "results": {"bindings": rows}}
        return JSONResponse(answer, 413 if len(named) > 30 else 200, media_type="application/sparql-results+json")

    answering = AnswerPage(endpoint, site.resolve(), Limits())
    with TestClient(Starlette(routes=[Route("/sparql", answering.__call__)]), headers={"Accept": BROWSER}) as client:
        found = page(client, "SELECT ?it { ?it a <x:y> }")
    assert asked == [0, 60, 30, 30]
    assert found.text.count("Label of") == 60


def test_prefixes_that_the_site_knows_need_no_declaration(client: TestClient) -> None:
    found = page(client, "SELECT ?who { ?who a foaf:Person }")
    assert "Rows: 1" in found.text
    declared = "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nSELECT ?who"
    assert found.one("textarea").text.strip().startswith(declared)
    assert "declared" in page(client, "SELECT ?who { ?who a unknown:Person }").text


def test_a_query_that_is_too_long_for_an_address_can_be_posted(client: TestClient) -> None:
    form = client.get("/sparql").text
    assert '<noscript><button type="submit" formmethod="post">Run a long query</button></noscript>' in form
    answer = client.post("/sparql", data={"query": f"{PEOPLE} # {'long ' * 6000}"})
    assert "Rows: 1" in Page(answer.text).text


def test_the_query_stands_in_the_form_again(client: TestClient) -> None:
    assert page(client, PEOPLE).one("textarea").text.strip() == PEOPLE


def test_all_rows_can_be_had_as_files(client: TestClient) -> None:
    (link,) = (link for link in page(client, PEOPLE).links if link.endswith("format=csv"))
    answer = client.get(f"/{link}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("who,whom\r\n")


@pytest.mark.parametrize("accept", ["*/*", "", "application/sparql-results+json", "application/json, text/html;q=0.5"])
def test_programs_get_results_and_no_page(client: TestClient, accept: str) -> None:
    answer = client.get("/sparql", params={"query": PEOPLE}, headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/sparql-results+json"


def test_a_form_that_is_posted_is_answered_with_the_page_too(client: TestClient) -> None:
    posted = client.post("/sparql", data={"query": PEOPLE, "lang": "ru"})
    assert posted.text == client.get("/sparql", params={"query": PEOPLE, "lang": "ru"}).text
    assert "Ада" in posted.text
    named = client.post("/sparql", data={"query": PEOPLE, "format": "csv"})
    assert named.headers["content-type"] == "text/csv; charset=utf-8"
    results = client.post("/sparql", data={"query": PEOPLE}, headers={"Accept": "application/json"})
    assert results.headers["content-type"] == "application/sparql-results+json"
    assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403
    long = client.post("/sparql", data={"query": PEOPLE + "#" * 2_000_000})
    assert long.status_code == 413


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (b"query=ASK%7B%7D&query=SELECT*%7B%7D", 400),
        (b"query=ASK%7B%7D&update=CLEAR+ALL", 403),
        (b"query=ASK%7B%7D%23%ff", 400),
        (b"a&" * 200_000 + b"query=ASK%7B%7D", 400),
        (b"query=ASK%7B%7D&lang=%ff", 400),
    ],
    ids=["two queries", "an update beside", "no UTF-8", "too many parameters", "no UTF-8 beside"],
)
def test_a_browser_is_refused_what_a_program_is_refused(client: TestClient, form: bytes, status: int) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for accept in (BROWSER, "application/json"):
        assert client.post("/sparql", content=form, headers={**kind, "Accept": accept}).status_code == status
        if len(form) < 1000:
            assert client.get(f"/sparql?{form.decode()}", headers={"Accept": accept}).status_code == status


def test_of_a_wide_answer_fewer_rows_are_shown_or_none(client: TestClient) -> None:
    """Nobody pays for a page, which is written by the process that serves all others too."""
    rows = " ".join(map(str, range(20)))
    for columns, shown in ((200, 15), (3001, 0)):
        names = " ".join(f"(1 AS ?v{n})" for n in range(columns))
        answer = client.post("/sparql", data={"query": f"SELECT {names} {{ VALUES ?x {{ {rows} }} }}"})
        assert answer.status_code == 200
        found = Page(answer.text)
        assert sum(cell.text == "1" for cell in found.all("td")) == shown * columns
        assert [link for link in found.links if link.endswith("format=csv")]
        assert ("Rows: 20" in found.text) == (shown > 0)


def test_a_script_in_the_data_is_text_on_the_page(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT ?n { ?s <http://xmlns.com/foaf/0.1/nick> ?n }"})
    assert "<script>alert" not in answer.text
    assert "&lt;/textarea&gt;&lt;/code&gt;&lt;script&gt;alert(1)" in answer.text
    assert "script-src 'self' 'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "accept" in answer.headers["vary"].lower()


def test_an_address_that_would_run_a_script_is_no_link(client: TestClient) -> None:
    found = page(client, "SELECT ?p { ?s <http://xmlns.com/foaf/0.1/page> ?p }")
    assert not [link for link in found.links if link.startswith("javascript")]
    assert "javascript:alert(1)" in found.text


def test_a_name_of_ours_that_looks_like_a_script_is_a_path(client: TestClient) -> None:
    found = page(client, "SELECT ?t { ?s <http://xmlns.com/foaf/0.1/topic> ?t }")
    assert "Bad" in found.text
    assert [link for link in found.links if link.startswith("javascript")] == []


def test_a_query_with_markup_in_it_stays_in_its_form(client: TestClient) -> None:
    found = page(client, f'SELECT * {{ FILTER("{EVIL}" = "{EVIL}") }}')
    assert EVIL in found.one("textarea").text
    assert found.faults == []


def test_a_fault_is_told_on_the_page_with_its_status(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT ?s { ?s ?p <b>"})
    assert answer.status_code == 400
    (status,) = Page(answer.text).all("p", role="status")
    assert status.text == "The query cannot be answered: Something is missing here or before. Line 1, column 22"


def test_a_reader_who_has_used_up_the_budget_is_told_when_to_come_back(site: Path) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }"
    with asked(site, budget=0.1, refill=0.01, deadline=0.6) as client:
        assert client.get("/sparql", params={"query": runaway}).status_code == 504
        refused = client.get("/sparql", params={"query": PEOPLE})
        assert (refused.status_code, refused.headers["content-type"]) == (429, "text/html; charset=utf-8")
        assert int(refused.headers["retry-after"]) >= 1


def test_a_query_that_would_call_another_host_is_refused_on_the_page(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"})
    assert answer.status_code == 403
    assert "SERVICE and LOAD are refused" in Page(answer.text).text


@pytest.mark.parametrize(("query", "words"), [("ASK {}", "Yes"), ("ASK { FILTER(false) }", "No")])
def test_a_truth_is_one_word(client: TestClient, query: str, words: str) -> None:
    (status,) = page(client, query).all("p", role="status")
    assert status.text == words


def test_a_graph_is_shown_as_turtle(client: TestClient) -> None:
    found = page(client, f'CONSTRUCT {{ <http://e/s> <http://e/p> "{EVIL}" }} {{}}')
    assert '<http://e/s> <http://e/p> "</textarea></code><script>' in found.all("pre")[0].text


def test_a_graph_has_prefixes_and_links_to_pages_and_elsewhere(client: TestClient) -> None:
    query = "CONSTRUCT { ?a a foaf:Person ; foaf:knows ?b ; foaf:nick 'foaf:x' ; foaf:page ?c }"
    prefixes = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX id: <https://example.org/id/>"
    where = "{ ?a foaf:knows ?b ; foaf:page ?c }"
    found = page(client, f"{prefixes} {query} {where}")
    assert "@prefix foaf: <http://xmlns.com/foaf/0.1/> ." in found.all("pre")[0].text
    links = {
        each.text: each.attributes["href"]
        for each in found.all("a")
        if "title" in each.attributes and "{" not in each.text
    }
    assert links == {
        "id:ada": "./ada.html",
        "foaf:Person": "http://xmlns.com/foaf/0.1/Person",
        "foaf:knows": "http://xmlns.com/foaf/0.1/knows",
        "foaf:nick": "http://xmlns.com/foaf/0.1/nick",
        "foaf:page": "http://xmlns.com/foaf/0.1/page",
        "<https://elsewhere.example/x>": "https://elsewhere.example/x",
    }


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ('"a"^^<http://xmlns.com/foaf/0.1/code>', ["foaf:code"]),
        ('"a"^^<http://e/code>', ["http://e/code"]),
        ('"a:b"^^<http://www.w3.org/2001/XMLSchema#anyURI>', ["xsd:anyURI"]),
        ("'a'", []),
        ("'a'@en", []),
        ("1", []),
        ("1.5", []),
        ("true", []),
        ('"2024-05-01"^^<http://www.w3.org/2001/XMLSchema#date>', []),
    ],
)
def test_an_unfamiliar_datatype_is_named(client: TestClient, value: str, tags: list[str]) -> None:
    found = page(client, f"SELECT ?x {{ VALUES ?x {{ {value} }} }}").all("span", **{"class": "tag"})
    assert [each.text for each in found if "{" not in each.text] == tags


def test_the_page_speaks_the_language_of_its_form(client: TestClient) -> None:
    found = page(client, PEOPLE, lang="ru")
    assert found.one("html").attributes["lang"] == "ru"
    assert "Ада" in found.all("table")[0].text
    assert "./ada.ru.html" in found.links


@pytest.mark.parametrize(
    ("spoken", "lang", "shown"),
    [("ru-RU, en;q=0.5", "", "ru"), ("fr", "", "en"), ("ru", "en", "en"), ("en", "ru", "ru"), ("ru", "nonsense", "ru")],
)
def test_who_names_no_language_in_the_form_is_answered_in_that_of_the_browser(
    client: TestClient, spoken: str, lang: str, shown: str
) -> None:
    answer = client.get("/sparql", params={"query": PEOPLE, "lang": lang}, headers={"Accept-Language": spoken})
    assert Page(answer.text).one("html").attributes["lang"] == shown
    assert answer.headers["vary"].startswith("Accept, Accept-Language")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?s { ?s ?p <b>", "Здесь или раньше чего-то не хватает."),
        ("SELECT * { ?s nowhere:x ?o }", "nowhere:"),
        ("SELECT * { ?s ?p ?o } 'it' HAVE", "начиная с HAVE."),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_page(client: TestClient, query: str, words: str) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept-Language": "ru"})
    assert answer.status_code == 400
    (status,) = Page(answer.text).all("p", role="status")
    assert words in status.text
    assert not re.search("missing|declared|read from", status.text)


RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }"
LONG = "x" * 600_000


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        (" ", 400, "Запрос пуст."),
        ("ASK " + "{" * 201 + "}" * 201, 400, "Наибольшая глубина: 200."),
        ("ASK { FILTER(<http://e/f>(1)) }", 400, "Функция <http://e/f> не поддерживается."),
        ("SELECT ?s (COUNT(?x)) { ?s ?p ?x }", 400, "с именем: (COUNT(?x) AS ?number). Строка 1, столбец 11"),
        ("SELECT * { ?s nowhere:x ?o }", 400, "Префикс nowhere: не объявлен. Объявите его: PREFIX nowhere: <...>"),
        ("LOAD <http://127.0.0.1:1/>", 403, "эта точка доступа ни к кому не обращается"),
        ("CLEAR ALL", 403, "изменения не допускаются"),
        ("ASK {} #" + "x" * 300_000, 413, "Предел в байтах: 200\xa0000."),
        (f'SELECT ("{LONG[:100_000]}" AS ?t) {{ VALUES ?n {{ {"1 " * 30} }} }}', 413, "Ответ больше 1 МиБ."),
        (RUNAWAY, 504, "Запрос не завершился за 0,6 с и был остановлен."),
    ],
    ids=["empty", "nested", "function", "unnamed", "prefix", "calls", "update", "long", "large", "late"],
)
def test_whatever_is_refused_is_told_in_the_language_of_the_page(
    site: Path, query: str, status: int, words: str
) -> None:
    with asked(site, query=200_000, result=1 << 20, deadline=0.6, url=1 << 20) as client:
        answer = client.post("/sparql", data={"query": query}, headers={"Accept-Language": "ru"})
        (shown,) = Page(answer.text).all("p", role="status")
        assert (answer.status_code, words in shown.text) == (status, True), shown.text
        assert re.search(r"[a-z]{3,} [a-z]{2,}", shown.text) is None, shown.text
        told = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"}).json()
        assert (told["status"], re.search("[а-я]", told["detail"])) == (status, None)
        assert [each["kind"] for each in told["reasons"]]


def test_a_budget_is_told_in_the_language_of_the_page_with_its_numbers(site: Path) -> None:
    with asked(site, budget=0.1, refill=0.01, deadline=0.6) as client:
        assert client.get("/sparql", params={"query": RUNAWAY}).status_code == 504
        refused = client.get("/sparql", params={"query": PEOPLE}, headers={"Accept-Language": "ru"})
        (shown,) = Page(refused.text).all("p", role="status")
        assert "Ваш лимит на медленные запросы (0,1 с) исчерпан" in shown.text
        assert f"Каждую секунду возвращается 0,01 с: попробуйте через {refused.headers['retry-after']} с." in shown.text
        told = client.get("/sparql", params={"query": PEOPLE}, headers={"Accept": "application/json"}).json()
        budget, refill = told["reasons"]
        assert (budget["kind"], budget["budget"], refill["refill"]) == ("budget", 0.1, 0.01)
        assert told["detail"].startswith("Your budget of 0.1 s for slow queries is used up")


def test_a_page_without_words_for_a_reason_says_it_in_english(site: Path, tmp_path: Path) -> None:
    bare = tmp_path / "public"
    shutil.copytree(site, bare)
    for page in bare.glob("sparql*.html"):
        page.write_text(page.read_text("utf-8").replace('"empty":"', '"other":"'), "utf-8")
    app = application(bare, snapshot=beside(site), triples=0, url="http://127.0.0.1:8000/", limits=Limits())
    with TestClient(app, base_url="http://127.0.0.1:8000", headers={"Accept": BROWSER}) as client:
        answer = client.get("/sparql", params={"query": " "}, headers={"Accept-Language": "ru"})
        assert "The query is empty." in Page(answer.text).text


def test_an_empty_form_is_answered_with_the_page(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": " "})
    assert answer.status_code == 400
    (status,) = Page(answer.text).all("p", role="status")
    assert status.text == "The query cannot be answered: The query is empty."
    refused = client.get("/sparql", params={"query": " "}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")


def test_an_empty_graph_is_said_to_be_one(client: TestClient) -> None:
    found = page(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }")
    (status,) = found.all("p", role="status")
    assert status.text == "The graph is empty: there are no triples."
    assert not found.all("pre", **{"class": "graph"}) or "{turtle}" in found.all("pre")[0].text


def test_no_language_leads_out_of_the_site(client: TestClient) -> None:
    assert page(client, PEOPLE, lang="../../etc/passwd").one("html").attributes["lang"] == "en"


def test_only_the_first_rows_are_shown(client: TestClient) -> None:
    found = page(client, "SELECT ?n { VALUES ?n { " + " ".join(map(str, range(600))) + " } }")
    assert "Rows: 600" in found.text
    assert found.all("table")[0].text.split()[-1] == "499"


def test_an_answer_that_is_too_large_is_given_as_a_file(client: TestClient) -> None:
    numbers = " ".join(map(str, range(20)))
    long = "y" * 8000
    found = page(client, f'SELECT ("{long}" AS ?t) {{ VALUES ?n {{ {numbers} }} VALUES ?m {{ {numbers} }} }}')
    assert "The answer is too large to be shown" in found.text
    assert any(link.endswith("format=csv") for link in found.links)


def test_the_head_of_the_page_can_be_asked_for(client: TestClient) -> None:
    answer = client.head("/sparql", params={"query": PEOPLE})
    assert (answer.status_code, answer.text) == (200, "")


def test_what_the_site_tells_of_itself_leads_to_its_file(client: TestClient) -> None:
    query = "SELECT DISTINCT ?x { GRAPH ?g { ?x ?p ?o } FILTER(isIRI(?x) && CONTAINS(STR(?x), '.ttl')) }"
    links = {link for link in page(client, query).links if link.startswith("./") and ".ttl" in link}
    assert {link.partition("#")[0] for link in links} == {"./void.ttl", "./queries.ttl"}
    assert any("#" in link for link in links)
    assert {client.get(f"/{link[2:]}").status_code for link in links} == {200}


def test_over_a_service_what_another_site_tells_of_itself_has_no_page(tmp_path: Path) -> None:
    data = {"graphs": ["void.ttl"], "root": "https://e.example/", "base": "https://e.example/"}
    data |= {"dump": "", "renamed": {}, "odd": "%"}
    found = [
        url_of_page(f"https://e.example/{each}", site=tmp_path, data=data, ending=".html")
        for each in ("void.ttl#a", "a")
    ]
    assert found == ["", "./a.html"]
