"""What the endpoint says of itself without a query: which representation, and that it is not sent twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

PAGE = b"<html lang=en><head></head>" + b"<p>Ask something.</p>" * 100
FILES = {
    "sparql.html": PAGE,
    "sparql.ru.html": "<html lang=ru><p>Спросите".encode(),
    "_hosting/languages.json": b'["en", "ru", "zh"]',
}
KINDS = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml", "text/html")


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[TestClient]:
    with server(files=FILES) as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_client_knows_is_not_sent_again(client: TestClient, kind: str) -> None:
    for encoding in ("identity", "gzip"):
        headers = {"Accept": kind, "Accept-Encoding": encoding}
        first = client.get("/sparql", headers=headers)
        assert first.headers["content-type"].partition(";")[0] == kind
        assert first.headers["etag"].endswith('-gzip"') == (encoding == "gzip")
        again = client.get("/sparql", headers={**headers, "If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert client.head("/sparql", headers=headers).headers == first.headers


@pytest.mark.parametrize("accept", ["*/*", "", "text/html;q=0.5, */*"])
def test_who_takes_anything_gets_the_description(client: TestClient, accept: str) -> None:
    assert client.get("/sparql", headers={"Accept": accept}).headers["content-type"] == "text/turtle; charset=utf-8"


def test_each_representation_has_a_tag_of_its_own(client: TestClient) -> None:
    tags = {client.get("/sparql", headers={"Accept": kind}).headers["etag"] for kind in KINDS}
    assert len(tags) == len(KINDS)


@pytest.mark.parametrize(
    ("language", "name"),
    [("ru", "sparql.ru.html"), ("ru-RU, en;q=0.5", "sparql.ru.html"), ("", "sparql.html"), ("zh", "sparql.html")],
)
def test_the_query_page_comes_in_the_language_of_the_reader(client: TestClient, language: str, name: str) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": language})
    assert response.content == FILES[name]
    assert response.headers["content-location"] == name
    assert response.headers["content-language"] == ("ru" if "ru" in name else "en")
    assert response.headers["vary"] == "Accept-Encoding, Accept, Accept-Language"


def test_a_condition_that_does_not_hold_is_refused(client: TestClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle", "If-Match": '"another"'})
    assert response.status_code == 412
    assert response.json()["status"] == 412
