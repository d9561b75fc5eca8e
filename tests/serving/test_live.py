"""A site over a service, as it is served: pages on request, in every format, with all that is said about them."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
from processes import Serving

from services import Manners, endpoint, mannered

DATA = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/id/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX void: <http://rdfs.org/ns/void#>
ex:people a dcat:Dataset ; dcterms:title "People"@en ; void:uriSpace "https://example.org/id/" .
GRAPH ex:register {
  ex:ada a foaf:Person ; rdfs:label "Ada Lovelace"@en ; foaf:knows ex:charles ; foaf:made [ foaf:name "Notes" ] .
  ex:charles a foaf:Person ; rdfs:label "Charles Babbage"@en .
  ex:notes\\#g rdfs:label "Note G"@en .
  <https://example.org/id/place/> rdfs:label "A place"@en .
  <https://example.org/id/Con/> rdfs:label "A Con"@en .
  ex:feed a rdf:Property .
"""
ODD = (
    "a%20b", "a%3Fb", "a%23b", "a%25b", "a%252Fb", "c%2Fd", "a%5Cb", "a%41", "a%2Eb", "x%3Ay", "%E9", "end%2F",
    "fold%3F/", "%3F/b", "\u00e9%25", "x.html", "x.ttl", "cafe%CC%81", "e\u0301", "%C2%85", "a//c", "/d", "a//",
    ".b", "a/.c/", "search/x", "about/us", "x.ru", "shelf/index", "feed",
)  # fmt: skip
DATA += "".join(f'<https://example.org/id/{local}> rdfs:label "It is {local}."@en .\n' for local in ODD)
DATA += "".join(f'ex:all rdfs:label "All"@en ; rdfs:seeAlso <https://example.org/id/{each}> .\n' for each in ODD) + "}"
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))
HTML = {"Accept": "text/html"}
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def manners() -> Manners:
    return Manners()


@pytest.fixture(scope="module")
def engine(manners: Manners) -> Iterator[str]:
    with mannered(QUADS, manners) as url:
        yield url


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project: Path = tmp_path_factory.mktemp("project")
    (project / "site/pages").mkdir(parents=True)
    (project / "site/site.toml").write_text('languages = ["en", "ru"]\n', encoding="utf-8")
    (project / "site/pages/about.md").write_text("# About us\n\nWords.\n", encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def serving(engine: str, project: Path) -> Iterator[Serving]:
    serving = Serving(str(project), "--store", engine)
    yield serving
    assert serving.stop() == 0
    assert [path.name for path in project.iterdir()] == ["site"]


@pytest.fixture(scope="module")
def site(serving: Serving) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=serving.url, timeout=60, headers={"Accept-Encoding": "identity"}) as client:
        yield client
        assert client.get("healthz").json()["status"] == "ok"
        assert client.get("healthz/ready").status_code == 200


@pytest.fixture(scope="module")
def hasty(engine: str, project: Path) -> Iterator[httpx2.Client]:
    """The same, whose pages are fresh for a second."""
    serving = Serving(str(project), "--store", engine, "--fresh", "1")
    with httpx2.Client(base_url=serving.url, timeout=60) as client:
        yield client
    serving.stop()


def test_the_query_page_knows_all_prefixes_that_need_no_declaration_as_it_does_not_know_what_is_used(site: Any) -> None:
    prefixes = site.get("queries/completion.json").json()["prefixes"]
    assert {"dcterms", "foaf", "owl", "rdf", "rdfs", "skos", "wd", "xsd"} <= prefixes.keys()
    assert prefixes["dcterms"] == "http://purl.org/dc/terms/"


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", "/ada.html"),
        ("text/turtle", "/ada.ttl"),
        ("application/ld+json", "/ada.jsonld"),
        ("application/n-triples", "/ada.nt"),
        ("application/trig", "/ada.trig"),
    ],
)
def test_a_thing_leads_to_the_document_that_suits(site: Any, accept: str, location: str) -> None:
    response = site.get("ada", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, location)
    document = site.get(location)
    assert document.status_code == 200
    assert document.headers["content-type"].partition(";")[0] == accept
    assert "Ada Lovelace" in document.text


@pytest.mark.parametrize("name", ["place", "Con"])
def test_a_thing_whose_iri_ends_in_a_slash_has_a_page_there_and_data_beside_it(site: Any, name: str) -> None:
    page = site.get(f"{name}/", headers=HTML)
    assert (page.status_code, page.headers["vary"]) == (200, "Accept-Encoding, Accept, Accept-Language")
    assert f"A {name}" in page.text
    russian = site.get(f"{name}/", headers={**HTML, "Accept-Language": "ru"})
    assert (russian.status_code, russian.headers["vary"]) == (200, page.headers["vary"])
    assert (russian.headers["content-language"], russian.headers["content-location"]) == ("ru", "index.ru.html")
    assert russian.content == site.get(f"{name}/index.ru.html").content
    data = site.get(f"{name}/", headers={"Accept": "text/turtle"})
    assert (data.status_code, data.headers["location"]) == (303, f"/{name}/index.ttl")
    assert f"A {name}" in site.get(data.headers["location"]).text
    assert site.get(f"{name}/", headers={"Accept": "text/nothing"}).status_code == 406


@pytest.mark.parametrize("local", ODD)
def test_a_thing_is_found_whatever_is_escaped_in_its_iri(site: Any, local: str) -> None:
    for media_type, extension in (("text/html", "html"), ("text/turtle", "ttl")):
        found = site.get(f"{site.base_url}{local}", headers={"Accept": media_type})
        assert found.status_code == 303
        assert found.headers["location"].endswith(f".{extension}")
        found = site.get(found.headers["location"])
        assert found.status_code == 200
        assert f"It is {local}." in found.text


def test_what_is_odd_in_an_iri_hinders_no_link_to_its_page(site: Any) -> None:
    for page in ("all.html", "all.ru.html"):
        html = site.get(page).text
        for local in ODD:
            (link,) = set(re.findall(rf'<a href="([^"]*)"[^>]*>It is {re.escape(local)}\.</a>', html))
            found = site.get(str(site.base_url.join(link)))
            assert (found.status_code, f"It is {local}." in found.text) == (200, True), (page, local, link)


def test_a_page_speaks_the_language_of_its_reader(site: Any) -> None:
    response = site.get("ada", headers={**HTML, "Accept-Language": "ru"})
    assert response.headers["location"] == "/ada.ru.html"
    page = site.get("ada.ru.html")
    assert page.headers["content-language"] == "ru"
    assert '<html lang="ru"' in page.text


def test_a_page_that_holds_for_a_time_never_lies_ready(site: Any) -> None:
    for _ in range(3):
        assert site.get("ada.html").status_code == site.get("search.html").status_code == 200
    assert "\ncommunique_ready_answers_total 0\n" in site.get("metrics").text


def test_what_is_said_about_a_page_is_said_of_one_that_is_made_as_well(site: Any) -> None:
    response = site.get("ada.html")
    headers = response.headers
    assert headers["link"].count('rel="alternate describedby"') == 6
    of_part = site.head("notes/g.html").headers["link"]
    assert re.findall(r'<([^>]+)>; rel="alternate describedby"', of_part) == [
        f"../notes.{each}" for each in ("ttl", "jsonld", "trig", "nt", "rdf", "nq")
    ]
    assert "Note G" in site.get("notes.nt").text
    assert "default-src 'self'" in headers["content-security-policy"]
    again = site.get("ada.html", headers={"If-None-Match": headers["etag"]})
    assert again.status_code == 304
    part = site.get("ada.html", headers={"Range": "bytes=0-14"})
    assert (part.status_code, part.text) == (206, "<!DOCTYPE html>")
    assert site.head("ada.html").headers["content-length"] == str(len(response.content))


def test_a_page_is_asked_for_once_as_long_as_it_is_fresh(site: Any, manners: Manners) -> None:
    site.get("charles.html")
    asked = len(manners.requests)
    assert site.get("charles.ttl").status_code == 200
    assert len(manners.requests) == asked


def test_a_page_is_asked_for_again_when_it_is_no_longer_fresh(hasty: Any, manners: Manners) -> None:
    etag = hasty.get("charles.html").headers["etag"]
    asked = len(manners.requests)
    time.sleep(1.1)
    assert hasty.get("charles.html").headers["etag"] == etag
    assert len(manners.requests) > asked


def test_there_are_the_pages_in_prose_the_lists_the_search_and_the_query_page(site: Any) -> None:
    assert "About us" in site.get("about.html").text
    assert "Charles Babbage" in site.get("classes/person.html").text
    home = site.get("")
    assert f"<dt>Things</dt><dd>{7 + len(ODD)}</dd>" in home.text.replace("\n", "")
    assert site.get("sparql.html").status_code == 200
    assert site.get("queries/engine.json").json()["base"] == "https://example.org/id/"
    assert "Ada Lovelace" in site.get("search.html?q=love").text
    assert "Nothing has a name like this" in site.get("search.html?q=nobody").text


def test_no_link_of_a_page_leads_nowhere(site: Any) -> None:
    for page in ("", "ada.html", "people.html", "about.html", "classes/person.html", "search.html", "sparql.html"):
        response = site.get(page)
        links = set(re.findall(r'(?<![-\w])(?:href|src)="([^"#:]+)(?=["#])', response.text))
        assert links
        for link in links:
            found = site.get(str(response.url.join(link)))
            assert found.status_code == 200, f"{page}: {link}"


@pytest.mark.parametrize(
    "path", ["nobody", "nobody.html", "nobody.ttl", "downloads.html", "classes/x.html", "%ff", "a/../b"]
)
def test_what_is_not_there_is_not_there(site: Any, path: str) -> None:
    assert site.get(path).status_code == 404


def test_what_is_missing_is_told_in_the_language_that_its_address_names(site: Any) -> None:
    named = site.get("nobody.ru.html", headers={**HTML, "Accept-Language": "en"})
    assert (named.status_code, named.headers["content-language"]) == (404, "ru")
    unnamed = site.get("nobody", headers={**HTML, "Accept-Language": "ru"})
    assert (unnamed.status_code, unnamed.headers["content-language"]) == (404, "ru")


def test_an_answer_without_scripts_links_to_the_pages_here(site: Any) -> None:
    odd = "a%3Fb", "a//c", "search/x", "about/us", "x.ru", "cafe%CC%81"
    mine = (*odd, "ada", "notes#g", "place/", "nobody")
    values = " ".join(f"<https://example.org/id/{each}>" for each in mine)
    html = {**HTML, "Accept-Language": "ru"}
    for form in ("SELECT ?it", "CONSTRUCT { ?it <http://example.org/p> <http://example.org/o> }"):
        query = f"{form} {{ VALUES ?it {{ {values} <http://elsewhere.example/x> }} }}"
        found = site.get("sparql", params={"query": query}, headers=html)
        shown = found.text.partition("<template")[0]
        links = set(re.findall(r'<a [^>]*href="(\./[^"]*|https?:[^"]*)"', shown))
        assert {"./ada.ru.html", "./notes/g.ru.html", "./place/index.ru.html"} <= links, links
        assert {"https://example.org/id/nobody", "http://elsewhere.example/x"} <= links
        assert not {f"https://example.org/id/{each}" for each in mine if each != "nobody"} & links
        for local in odd:
            assert f"./{local}" in links
            page = site.get(f"{site.base_url}{local}", headers=html, follow_redirects=True)
            assert (page.url.path.endswith(".ru.html"), f"It is {local}." in page.text) == (True, True)


def test_queries_are_passed_on(site: Any, manners: Manners) -> None:
    query = "SELECT ?o { GRAPH ?g { <https://example.org/id/ada> <http://xmlns.com/foaf/0.1/knows> ?o } }"
    found = site.get("sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert found.text.split() == ["o", "https://example.org/id/charles"]
    assert manners.requests[-1] == query
    assert site.post("sparql", data={"query": "INSERT DATA { <x:a> <x:b> <x:c> }"}).status_code == 403


def test_what_the_engine_does_wrong_is_said_instead_of_a_page(site: Any, manners: Manners) -> None:
    manners.replies = [(500, {"Content-Type": "text/plain"}, b"no disk")]
    response = site.get("wrong", headers={"Accept": "application/json"})
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].startswith("The engine of this site gave no answer that can be used.")
    assert "127.0.0.1" not in response.text
    assert "no disk" not in response.text
    assert site.get("wrong").status_code == 404


def test_people_are_told_on_a_page_in_their_language_and_the_operator_in_the_log(
    site: Any, serving: Serving, manners: Manners, engine: str
) -> None:
    manners.replies = [(500, {"Content-Type": "text/plain"}, b"no disk for you")] * 9
    response = site.get("deep/below/wrong", headers={**HTML, "Accept-Language": "ru"})
    assert response.status_code == 502
    assert (response.headers["content-language"], response.headers["cache-control"]) == ("ru", "no-store")
    assert '<html lang="ru"' in response.text
    assert "<nav" in response.text
    assert "no disk" not in response.text
    assert engine.split("/")[2] not in response.text
    assert 'href="/deep/below/wrong.html"' in response.text
    assert '<html lang="ru"' in site.get("deep/below/wrong.ru.html", headers=HTML).text
    manners.replies = []
    links = set(re.findall(r'(?<![-\w])(?:href|src)="([^"#:]+)"', response.text))
    assert links
    links -= {"/deep/below/wrong.html", "/deep/below/wrong.ru.html"}
    for link in links:
        assert site.get(str(response.url.join(link))).status_code == 200, link
    assert f"{engine}: answered 500: no disk for you." in "\n".join(serving.complained)


def test_a_page_made_before_is_shown_while_the_engine_fails(hasty: Any, manners: Manners) -> None:
    before = hasty.get("charles.html", headers=HTML)
    assert "age" not in before.headers
    time.sleep(1.1)
    manners.replies = [(500, {}, b"")]
    stale = hasty.get("charles.html", headers=HTML)
    assert stale.status_code == 200
    assert int(stale.headers["age"]) >= 1
    assert re.search(r"does not answer at the moment\. This page shows what was in it at \d{4}-\d\d-\d\d", stale.text)
    assert hasty.get("charles.ru.html").text.count('<p class="where" role="status">') == 1
    data = hasty.get("charles.ttl")
    assert "Charles Babbage" in data.text
    assert "age" in data.headers
    assert hasty.get("charles.html", headers={"If-None-Match": stale.headers["etag"]}).status_code == 304


def test_a_search_that_cannot_be_made_is_not_called_slow(site: Any, manners: Manners) -> None:
    manners.replies = [(500, {}, b"")]
    response = site.get("search.html?q=ada")
    assert response.status_code == 502
    shown = response.text.partition("<template")[0]
    assert "cannot be searched at the moment" in shown
    assert "in time" not in shown


def test_a_search_that_takes_the_engine_too_long_says_so_on_the_page(site: Any, manners: Manners) -> None:
    # However the names are asked for.
    manners.gives_up, manners.given_up = "LCASE(", 504
    response = site.get("search.html?q=ada")
    assert (response.status_code, response.headers["content-type"]) == (504, "text/html; charset=utf-8")
    assert "did not search in time" in response.text.partition("<template")[0]
    manners.gives_up, manners.given_up = "", 500
    assert site.get("search.html?q=ada").status_code == 200


@pytest.mark.parametrize("graph", ["", "https://example.org/id/registre"])
def test_a_service_that_shows_nothing_is_told_at_the_start_and_served(tmp_path: Path, graph: str) -> None:
    with mannered(QUADS if graph else [], Manners()) as url:
        serving = Serving(str(tmp_path), "--store", url, *(("--graph", graph) if graph else ()))
        try:
            assert httpx2.get(serving.url, timeout=60).status_code == 200
        finally:
            serving.stop()
    told = f"shows nothing in the graph <{graph}>" if graph else "shows no statement in any graph"
    assert any(line.startswith(f"{url}: {told}: ") for line in serving.complained)


def test_an_engine_that_is_gone_is_said_and_the_server_lives_on(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    with endpoint(QUADS, tmp_path / "engine") as url:
        serving = Serving(str(tmp_path / "project"), "--store", url)
    try:
        with httpx2.Client(base_url=serving.url, timeout=60) as client:
            response = client.get("ada.html", headers={"Accept": "application/json"})
            assert (response.status_code, "cannot be reached" in response.json()["detail"]) == (503, True)
            assert response.headers["retry-after"] == "60"
            assert "cannot be reached" in client.get("ada.html", headers=HTML).text.partition("<template")[0]
            kinds = {"ada.html": "text/html", "ada": "text/html", "ada.ttl": PROBLEM, "ada.jsonld": PROBLEM}
            for name, kind in kinds.items():
                found = client.get(name, headers={"Accept": "*/*"}).headers["content-type"]
                assert found.partition(";")[0] == kind
            assert client.get("ada.ttl", headers=HTML).headers["content-type"].startswith("text/html")
            assert client.get("sparql.html").status_code == 200
            query = client.get("sparql", params={"query": "ASK {}"})
            assert (query.status_code, url.split("/")[2] in query.text) == (503, False)
            health = client.get("healthz")
            assert (health.status_code, health.json()["status"]) == (200, "degraded")
            assert client.get("healthz/ready").status_code == 503
    finally:
        serving.stop()


def test_of_an_engine_that_is_silent_all_who_wait_are_told_at_once_and_the_next_try_again(tmp_path: Path) -> None:
    manners = Manners()

    def asked(stem: str) -> tuple[float, int, str]:
        began = time.monotonic()
        response = httpx2.get(f"{serving.url}{stem}.ttl", timeout=60)
        return time.monotonic() - began, response.status_code, response.headers.get("retry-after", "")

    with mannered(QUADS, manners) as url:
        serving = Serving(str(tmp_path), "--store", url, "--limit", "deadline=4")
        try:
            manners.pause = 30.0
            with ThreadPoolExecutor(6) as threads:
                found = list(threads.map(asked, ("ada", "charles", "one", "two", "three", "four")))
            assert max(seconds for seconds, _, _ in found) < 7.5
            assert {(503, "5"), (504, "")} >= {each[1:] for each in found} >= {(503, "5")}
            assert asked("five")[1:] == (503, "5")
            manners.pause = 0.0
            back = time.monotonic()
            while asked("ada")[1] != 200:  # asking again puts nothing off
                assert time.monotonic() - back < 9
                time.sleep(0.2)
        finally:
            serving.stop()


def test_a_service_that_cannot_be_reached_is_said_before_anything_is_served(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "communique", "serve", str(tmp_path), "--store", "http://127.0.0.1:1/sparql"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert "http://127.0.0.1:1/sparql: cannot be reached" in done.stderr


def test_an_engine_that_answers_other_columns_is_named_and_the_command_ends_with_3(tmp_path: Path) -> None:
    answers = [b'{"head":{},"boolean":true}', b'{"head":{"vars":["x"]},"results":{"bindings":[]}}']
    head = {"Content-Type": "application/sparql-results+json"}
    with mannered(QUADS, Manners(replies=[(200, head, each) for each in answers])) as url:
        command = [sys.executable, "-m", "communique", "serve", str(tmp_path), "--port", "0", "--quiet", "--store", url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(f"{url}: was asked for the columns ?s ?p ?o and gave ?x. Is this the address of")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--copy",), "--copy is of a service"),
        (("--store", "ftp://x/"), "is no address of a SPARQL service"),
        (("--store", "http://u:p@127.0.0.1/"), "an address holds no password"),
        (("--store", "http://127.0.0.1:1/", "--graph", "x"), "--graph"),
        (("--store", "http://127.0.0.1:1/", "--watch"), "not with --watch"),
        (("--store", "http://127.0.0.1:1/", "--no-build"), "leave --store out"),
    ],
)
def test_wrong_options_are_said(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    command = [sys.executable, "-m", "communique", "serve", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert words in done.stderr


def assert_serves_ada(serving: Serving) -> None:
    try:
        with httpx2.Client(base_url=serving.url, timeout=60) as client:
            assert client.get("ada.html").status_code == 200
            query = "ASK { <https://example.org/id/ada> ?p ?o }"
            assert client.get("sparql", params={"query": query}).json()["boolean"] is True
    finally:
        serving.stop()


def test_a_copy_is_served_on_when_the_engine_is_gone(tmp_path: Path) -> None:
    with mannered(QUADS, Manners()) as url:
        serving = Serving(str(tmp_path), "--store", url, "--copy", "-q")
    assert_serves_ada(serving)


def test_what_was_built_from_a_service_is_served_without_it(tmp_path: Path) -> None:
    with mannered(QUADS, Manners()) as url:
        command = [sys.executable, "-m", "communique", "build", str(tmp_path), "--store", url, "--snapshot", "-q"]
        subprocess.run(command, check=True, timeout=120)
    serving = Serving(str(tmp_path), "--no-build")
    assert_serves_ada(serving)


PATHS = (
    "", "index", "index.html", "index.ru.html", "ada", "ada.html", "ada.ru.html", "ada.ttl", "ada.nt",
    "ada.xyz", "ada/", "ada/index.html", "register", "classes", "classes/", "classes/index",
    "classes/index.html", "classes/person", "classes/person.html", "classes/person/", "classes/person.ttl",
    "classes/nothing", "links", "links/", "about", "about.html", "about/", "about.ttl", "search",
    "search.html", "sparql.html", "queries/", "assets", "assets/", "nobody", "nobody.html", "nobody.ttl",
    "nobody/", "404.html", "context.jsonld", "a%2Fb", "a//b", "place", "place/", "place/?_mediatype=ttl",
    "place/index", "place/index.html", "place/index.ttl", "place/index.nt", "place/x", "place/x/",
)  # fmt: skip
ASKED = ("text/html", "text/turtle", "application/json;q=0.5", "text/nothing")


@pytest.fixture(scope="module")
def copied(engine: str, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """The site as it is built from the same service, and served from files."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(project, folder, dirs_exist_ok=True)
    serving = Serving(str(folder), "--store", engine, "--copy", "-q")
    with httpx2.Client(base_url=serving.url, timeout=60, headers={"Accept-Encoding": "identity"}) as client:
        yield client
    serving.stop()


@pytest.mark.parametrize("accept", ASKED)
def test_an_address_is_answered_as_by_a_site_of_files(site: Any, copied: Any, accept: str) -> None:
    headers = {"Accept": accept, "Accept-Language": "ru"}
    names = ("content-type", "location", "vary", "content-language", "content-location")
    for path in PATHS:
        answers = [client.get(path, headers=headers) for client in (site, copied)]
        told = [(each.status_code, *(each.headers.get(name) for name in names)) for each in answers]
        assert told[0] == told[1], (path, told)


def test_what_is_missing_is_said_in_the_look_of_the_site_below_a_path_too(engine: str, project: Path) -> None:
    serving = Serving(str(project), "--store", engine, "--root-path", "/data")
    try:
        with httpx2.Client(base_url=serving.url.removesuffix("data/"), timeout=60) as client:
            page = client.get("no/such/page", headers=HTML)
            assert page.status_code == 404
            links = set(re.findall(r'(?<![-\w])(?:href|src|action)="([^"#:]+)"', page.text))
            assert {"/data/index.html", "/data/search.html"} < links
            assert [each for each in links if not each.startswith("/data/")] == []
            assert [link for link in links if client.get(link.removeprefix("/data/")).status_code != 200] == []
    finally:
        serving.stop()
