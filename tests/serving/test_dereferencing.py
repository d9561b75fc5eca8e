from typing import Any

import pytest

FILES = {
    "sco/x.html": b"<p>x",
    "sco/x.ttl": b"<a> <b> <c> .",
    "sco/x.jsonld": b"{}",
    "sco/only.html": b"<p>only",
    "assets/site.abc123.css": b"p {}",
    "404.html": b"<p>no such page",
    ".well-known/void": b"<a> <b> <c> .",
    "заседание/十九.html": b"<p>",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(server: Any) -> Any:
    with server(files=FILES) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle", "ttl"),
        ("text/turtle;charset=utf-8", "ttl"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/json", "jsonld"),
        ("text/html;q=0.5, text/turtle", "ttl"),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", "jsonld"),
        ("text/html;q=0, */*", "ttl"),
        ("text/*;q=0.3, application/ld+json;q=0.2", "html"),
        ("application/rdf+xml, text/turtle;q=0.1", "ttl"),
        ("nonsense", "html"),
    ],
)
def test_a_thing_leads_to_the_document_that_the_client_likes_best(
    client: Any, accept: str | None, extension: str
) -> None:
    response = client.get("/sco/x", headers={"Accept": accept} if accept is not None else {"Accept": ""})
    assert response.status_code == 303
    assert response.headers["location"] == f"/sco/x.{extension}"
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, text/turtle;q=0, application/ld+json;q=0", "text/csv"])
def test_what_is_not_to_be_had_is_refused_with_a_list_of_what_is(client: Any, accept: str) -> None:
    response = client.get("/sco/x", headers={"Accept": accept})
    assert response.status_code == 406
    assert response.headers["vary"] == "Accept"
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["alternatives"] == ["x.html", "x.ttl", "x.jsonld"]


@pytest.mark.parametrize("wanted", ["text/turtle", "ttl"])
def test_the_address_can_override_the_header(client: Any, wanted: str) -> None:
    response = client.get(f"/sco/x?_mediatype={wanted}", headers={"Accept": BROWSER})
    assert response.headers["location"] == "/sco/x.ttl"


def test_a_media_type_with_a_plus_sign_survives_the_address(client: Any) -> None:
    assert client.get("/sco/x?_mediatype=application/ld+json").headers["location"] == "/sco/x.jsonld"


def test_a_document_is_sent_with_its_type_its_siblings_and_for_everybody(client: Any) -> None:
    response = client.get("/sco/x.ttl")
    assert response.content == FILES["sco/x.ttl"]
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert '<x.jsonld>; rel="alternate"; type="application/ld+json"' in response.headers["link"]


def test_the_description_of_the_dataset_is_where_programs_look_for_it(client: Any) -> None:
    assert client.get("/.well-known/void").headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_page_may_run_no_script_from_elsewhere_and_none_of_its_own_text(client: Any) -> None:
    policy = client.get("/sco/x.html").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_a_document_that_the_client_has_is_not_sent_again(client: Any) -> None:
    etag = client.get("/sco/x.ttl").headers["etag"]
    for tag in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        response = client.get("/sco/x.ttl", headers={"If-None-Match": tag})
        assert (response.status_code, response.content) == (304, b"")
    assert client.get("/sco/x.ttl", headers={"If-None-Match": '"other"'}).status_code == 200


def test_representations_have_tags_of_their_own(client: Any) -> None:
    tags = {client.get(f"/sco/x.{extension}").headers["etag"] for extension in ("html", "ttl", "jsonld")}
    assert len(tags) == 3


def test_head_is_get_without_the_body(client: Any) -> None:
    got, head = client.get("/sco/x.ttl"), client.head("/sco/x.ttl")
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }


def test_a_hashed_asset_is_kept_for_ever_and_a_document_is_asked_for_again(client: Any) -> None:
    assert "immutable" in client.get("/assets/site.abc123.css").headers["cache-control"]
    assert client.get("/sco/x.html").headers["cache-control"] == "no-cache"


def test_names_in_any_script_are_found(client: Any) -> None:
    response = client.get("/заседание/十九")
    assert response.status_code == 303
    assert response.headers["location"].isascii()
    assert client.get(response.headers["location"]).status_code == 200


def test_the_folder_itself_is_its_index(client: Any) -> None:
    assert client.get("/").content == b"<p>home"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_pages_are_only_read(client: Any, method: str) -> None:
    response = client.request(method, "/sco/x.html")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_what_is_missing_is_a_page_for_people_and_a_problem_for_programs(client: Any) -> None:
    page = client.get("/nothing", headers={"Accept": BROWSER})
    problem = client.get("/nothing", headers={"Accept": "text/turtle, application/json"})
    assert (page.status_code, page.content) == (404, b"<p>no such page")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/sco/..%5c..%5cx",
        "//etc/passwd",
        "/sco//x.html",
        "/sco/x.html%00.ttl",
        "/%c0%ae%c0%ae/etc/passwd",
        "/" + "a" * 300,
        "/" + "%F0%9F%98%80" * 80,
        "/sco/x.html/",
        "/.public/lock",
        "/sco",
        "/%0d%0aSet-Cookie:x=1",
    ],
)
def test_no_path_leads_out_of_the_site_or_into_the_headers(client: Any, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "set-cookie" not in response.headers


def test_an_evil_host_is_in_no_answer(client: Any) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": "text/turtle"}
    for path in ("/sco/x", "/sco/x.ttl", "/sparql", "/nothing"):
        response = client.get(path, headers=headers)
        assert "evil" not in str(response.headers) + response.text


def test_too_many_header_fields_are_refused(client: Any) -> None:
    assert client.get("/", headers={f"X-{number}": "1" for number in range(200)}).status_code == 431
