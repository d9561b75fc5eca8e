"""The page of the search on the server, for readers without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from html_pages import Page

DATA = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Person rdfs:label "person"@en .
ex:ada a ex:Person ; rdfs:label "Ada <b>Lovelace</b>"@en, "Ада Лавлейс"@ru .
ex:town a ex:Place ; rdfs:label "Adana"@en .
ex:thing rdfs:label "Adamant"@en .
"""


@pytest.fixture(scope="module")
def client(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("project")
    (root / "data.ttl").write_text(DATA, encoding="utf-8")
    public = root / "public"
    build(Project.open(root), out=public, progress=Progress(quiet=True))
    files = {path.relative_to(public).as_posix(): path.read_bytes() for path in public.rglob("*") if path.is_file()}
    with server(files=files) as client:
        yield client


def asked(client: TestClient, query: str) -> Page:
    answer = client.get("/search.html", params={"q": query})
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    return Page(answer.text)


def test_what_is_found_stands_in_the_page_by_class(client: TestClient) -> None:
    page = asked(client, "ada")
    assert [each.text for each in page.all("h2")][:2] == ["ex:Place 1", "person 1"]
    pages = ("ada.html", "town.html", "thing.html")
    found = [url for each in page.all("a") if (url := each.attributes.get("href")) in pages]
    assert found == ["town.html", "ada.html", "thing.html"]
    assert page.one("p", id="site-status").text == "Found: 3"
    assert page.faults == []


def test_what_is_of_no_class_has_a_heading_in_the_language_of_the_page(client: TestClient) -> None:
    heading = asked(client, "adamant").all("h2")[0]
    assert (heading.text, heading.attributes["lang"]) == ("Of no stated kind 1", "en")


def test_another_name_that_fits_is_told(client: TestClient) -> None:
    assert "Ада Лавлейс" in asked(client, "лавлейс").text


def test_names_and_queries_are_escaped(client: TestClient) -> None:
    page = asked(client, '"><script>ada')
    assert page.one("input", id="site-q").attributes["value"] == '"><script>ada'
    assert len(page.all("script")) == len(asked(client, "").all("script"))
    assert asked(client, "lovelace").all("b") == []


def test_nothing_found_is_said(client: TestClient) -> None:
    assert asked(client, "zebra").one("p", id="site-status").text == "Nothing has a name like this"


def test_without_a_question_it_is_the_page_as_it_was_built(client: TestClient) -> None:
    answer = client.get("/search.html")
    assert answer.headers["etag"]
    assert "<!--found-->" in answer.text


def test_other_methods_are_refused_as_for_any_page(client: TestClient) -> None:
    assert client.post("/search.html?q=ada").status_code == 405
