import re
from typing import Any

import pyoxigraph as ox
import pytest

from communique.hosting import plan

HEAD = """<!DOCTYPE html><html><head><title>x</title>
<link rel="alternate describedby" type="text/turtle" title="Turtle" href="x.ttl">
<link rel="alternate" hreflang="ru" href="x.ru.html"><link rel="stylesheet" href="../assets/site.abc123.css">
<link rel="cite-as" href="https://example.org/ид/x"><link rel="license" href="https://example.org/licence">
</head><body><p>x"""
TURTLE = b"@prefix ex: <http://example.org/> .\nex:x ex:p [ ex:q 1 ], ex:y .\n"
LINKSET = """{"linkset": [{"anchor": "sco.html", "item": [{"href": "dumps/data.nt", "type": "application/n-triples"}]},
 {"anchor": "dumps/data.nt", "collection": [{"href": "sco.html", "type": "text/html"}]}]}"""
FILES = {
    "sco/x.html": HEAD.encode(),
    "sco/x.ttl": TURTLE,
    "sco/x/part.html": HEAD.replace("x.ttl", "../x.ttl").encode(),
    "sco/x.jsonld": b"{}",
    "sco/x.trig": b"@prefix ex: <http://example.org/> . ex:g { ex:x ex:p [ ex:q 1 ] }",
    "sco/unsayable.ttl": b"<http://example.org/x> <http://example.org/1> 1 .",
    "sco/renamed~abc.html": b"<p>renamed",
    "dumps/data.nt": bytes(range(256)) * 8192,
    "linkset.json": LINKSET.encode(),
    "_hosting/renamed.json": rb"""{"sco/Renamed": "sco/renamed~abc", "Con/": "Con~abc/index",
      "a//b": "sco/renamed~abc", "a\\b": "sco/renamed~abc"}""",
    "_hosting/slashed.json": b'{"sco%2Fx": "sco/renamed~abc"}',
    "sco/only.html": b"<p>only",
    "place/index.html": HEAD.replace("x.ttl", "index.ttl").encode(),
    "place/index.ttl": TURTLE,
    "place/index.jsonld": b"{}",
    "Con~abc/index.html": b"<p>renamed folder",
    "Con~abc/index.ttl": TURTLE,
    "classes/index.html": b"<p>a folder",
    "assets/site.abc123.css": b"p {}",
    "404.html": b"<p>no such page",
    ".well-known/void": b"<a> <b> <c> .",
    "заседание/十九.html": b"<p>",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(server: Any) -> Any:
    with server(files=FILES) as client:
        client.headers["Accept-Encoding"] = "identity"
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
        ("application/rdf+xml, text/turtle;q=0.1", "rdf"),
        ("application/n-triples", "nt"),
        ("application/trig", "trig"),
        ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9", "nq"),
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


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        *(
            (each, "x.ttl")
            for each in ("text/n3, */*;q=0.1", "text/rdf+n3", "application/x-turtle", "application/turtle")
        ),
        *((each, "x.nq") for each in ("text/x-nquads, */*;q=0.1", "text/nquads;q=0.5, text/html;q=0.1")),
        ("application/x-trig", "x.trig"),
        ("application/xhtml+xml, text/turtle", "x.html"),
        ("application/x-turtle;q=0, */*", "x.html"),
        ("text/turtle;q=0, text/*", "x.html"),
    ],
)
def test_older_names_of_types_mean_the_present_ones(client: Any, accept: str, name: str) -> None:
    """As rdflib, raptor, Jena and RDF4J send them."""
    response = client.get("/sco/x", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, f"/sco/{name}")


@pytest.mark.parametrize("accept", ["text/plain, */*;q=0.1", "text/plain", "Text/Plain;q=1.0", "a/b, text/plain, c/d"])
def test_plain_text_means_n_triples_where_nothing_better_is_said(client: Any, accept: str) -> None:
    response = client.get("/sco/x", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, "/sco/x.nt")
    assert client.get("/sco/x.nt", headers={"Accept": accept}).headers["content-type"] == "application/n-triples"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("text/plain, */*", "x.html"),
        ("text/plain, text/*", "x.html"),
        ("text/plain, text/html;q=0.1", "x.html"),
        ("text/plain;q=1.0, text/markdown;q=0.9, text/html;q=0.8, */*;q=0.1", "x.html"),
        ("text/plain;q=0.9, */*;q=0.1", "x.html"),
        ("application/json, text/plain, */*", "x.jsonld"),
        ("text/plain, text/turtle;q=0.5", "x.ttl"),
        ("text/plain;q=0.5", None),
        ("text/plain, application/n-triples;q=0", None),
        ("text/plain+x", None),
    ],
)
def test_plain_text_is_never_better_than_anything_else(client: Any, accept: str, name: str | None) -> None:
    response = client.get("/sco/x", headers={"Accept": accept})
    assert response.headers.get("location") == (f"/sco/{name}" if name else None)
    assert response.status_code == (303 if name else 406)


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, text/turtle;q=0, text/csv", "text/csv", "*/*;q=0"])
def test_what_is_not_to_be_had_is_refused_with_a_list_of_what_is(client: Any, accept: str) -> None:
    response = client.get("/sco/x", headers={"Accept": accept})
    assert response.status_code == 406
    assert response.headers["vary"] == "Accept"
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["alternatives"] == ["x.html", "x.ttl", "x.jsonld", "x.trig", "x.nt", "x.rdf", "x.nq"]
    assert re.findall("<(.*?)>", response.headers["link"]) == response.json()["alternatives"]
    assert (
        '<x.html>; rel="alternate"; type="text/html", <x.ttl>; rel="alternate describedby"' in response.headers["link"]
    )


def test_no_document_is_listed_twice_beside_the_page_of_a_folder(server: Any) -> None:
    page = HEAD.replace("x.ttl", "../place/index.ttl").encode()
    with server(files={"place/index.html": page, "place/index.ttl": TURTLE}) as client:
        response = client.get("/place/", headers={"Accept": "text/csv"})
        assert response.status_code == 406
        assert [each for each in response.json()["alternatives"] if each.endswith("ttl")] == ["index.ttl"]


def test_who_wants_data_of_a_part_of_a_document_is_told_where_they_are(server: Any) -> None:
    with server(files={"ns/Part.html": HEAD.replace("x.ttl", "../ns.ttl").encode(), "ns.ttl": TURTLE}) as client:
        response = client.get("/ns/Part", headers={"Accept": "text/turtle"})
        assert (response.status_code, response.json()["alternatives"]) == (406, ["Part.html", "../ns.ttl"])
        assert response.headers["link"] == (
            '<Part.html>; rel="alternate"; type="text/html", '
            '<../ns.ttl>; rel="alternate describedby"; type="text/turtle"'
        )
        found = client.get(response.url.join(response.json()["alternatives"][1]))
        assert found.content == TURTLE


@pytest.mark.parametrize("wanted", ["text/turtle", "ttl", "turtle", "Turtle"])
@pytest.mark.parametrize("name", ["_mediatype", "format"])
def test_the_address_can_override_the_header(client: Any, name: str, wanted: str) -> None:
    response = client.get(f"/sco/x?{name}={wanted}", headers={"Accept": BROWSER})
    assert response.headers["location"] == "/sco/x.ttl"


@pytest.mark.parametrize("name", ["_mediatype", "format"])
@pytest.mark.parametrize(
    ("wanted", "extension"),
    [
        ("json", "jsonld"),
        ("application/json", "jsonld"),
        ("JSON", "jsonld"),
        ("xml", "rdf"),
        ("application/xml", "rdf"),
    ],
)
def test_json_and_xml_are_what_they_are_of_a_graph_at_the_endpoint(
    client: Any, name: str, wanted: str, extension: str
) -> None:
    response = client.get(f"/sco/x?{name}={wanted}", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers.get("location")) == (303, f"/sco/x.{extension}")
    there = client.get(f"/sparql?query=CONSTRUCT%7B%7DWHERE%7B%7D&{name}={wanted}").headers["content-type"]
    assert client.get(response.headers["location"]).headers["content-type"].partition(";")[0] == there.partition(";")[0]
    assert client.get(f"/sparql?{name}={wanted}").headers["content-type"] == there
    if wanted == "application/json":
        assert client.get("/sco/x", headers={"Accept": wanted}).headers["location"] == "/sco/x.jsonld"
        assert client.get("/sparql", headers={"Accept": wanted}).headers["content-type"] == there


@pytest.mark.parametrize("wanted", ["csv", "tsv", "srj", "application/sparql-results+json"])
def test_a_format_of_results_is_none_of_a_thing(client: Any, wanted: str) -> None:
    assert client.get(f"/sco/x?format={wanted}").status_code == 406


def test_a_media_type_with_a_plus_sign_survives_the_address(client: Any) -> None:
    assert client.get("/sco/x?_mediatype=application/ld+json").headers["location"] == "/sco/x.jsonld"


def test_a_document_is_sent_with_its_type_its_siblings_and_for_everybody(client: Any) -> None:
    response = client.get("/sco/x.ttl")
    assert response.content == FILES["sco/x.ttl"]
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert '<x.jsonld>; rel="alternate"; type="application/ld+json"' in response.headers["link"]
    assert '<x.nq>; rel="alternate"; type="application/n-quads"' in response.headers["link"]
    assert '<x.html>; rel="describes"; type="text/html"' in response.headers["link"]
    assert "<x.ttl>" not in response.headers["link"]


def test_a_document_without_a_page_describes_none(client: Any) -> None:
    assert "describes" not in client.get("/void.ttl").headers.get("link", "")


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
    response = client.get("/")
    assert (response.content, response.headers["content-location"]) == (b"<p>home", "index.html")
    assert "content-location" not in client.get("/index.html").headers


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("text/turtle", "ttl"),
        ("application/json", "jsonld"),
        ("application/rdf+xml, text/html;q=0.9", "rdf"),
        ("text/html;q=0, */*", "ttl"),
    ],
)
def test_a_thing_whose_iri_ends_in_a_slash_leads_to_the_data_that_the_client_likes_best(
    client: Any, accept: str, extension: str
) -> None:
    for ask in (client.get, client.head):
        response = ask("/place/", headers={"Accept": accept})
        assert (response.status_code, response.headers["location"]) == (303, f"/place/index.{extension}")
        assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", ["", "*/*", BROWSER, "text/html, text/turtle;q=0.9"])
def test_its_page_is_shown_at_its_own_address(client: Any, accept: str) -> None:
    response = client.get("/place/", headers={"Accept": accept})
    assert (response.status_code, response.content) == (200, FILES["place/index.html"])
    assert response.headers.get_list("vary") == ["Accept-Encoding", "Accept"]
    assert response.headers["content-location"] == "index.html"
    assert '<index.jsonld>; rel="alternate describedby"' in response.headers["link"]
    assert client.head("/place/", headers={"Accept": accept}).headers["etag"] == response.headers["etag"]
    again = client.get("/place/", headers={"Accept": accept, "If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.headers["vary"]) == (304, response.headers["vary"])
    assert client.get("/place/index.html", headers={"Accept": "text/turtle"}).headers["vary"] == "Accept-Encoding"


def test_in_several_languages_it_is_shown_in_that_of_the_reader(server: Any) -> None:
    languages = {"_hosting/languages.json": b'["en", "ru", "zh"]', "place/index.ru.html": b"<p>ru"}
    things = {"index.ttl": TURTLE, "index.ru.html": "<p>дом".encode()}
    with server(files={**FILES, **languages, **things, "classes/index.ru.html": b"<p>ru"}) as client:

        def shown(path: str, language: str) -> tuple[str | None, ...]:
            response = client.get(path, headers={"Accept": BROWSER, "Accept-Language": language})
            fields = ("content-language", "content-location", "vary")
            return (response.text, *(response.headers.get(name) for name in fields))

        by_reader = "Accept-Encoding, Accept, Accept-Language"
        assert shown("/place/", "ru-RU, en;q=0.5") == ("<p>ru", "ru", "index.ru.html", by_reader)
        assert shown("/place/", "en")[1:] == shown("/place/", "zh")[1:] == ("en", "index.html", by_reader)
        assert shown("/place/index.html", "ru")[1:] == ("en", None, "Accept-Encoding")
        # The dataset whose IRI is the base, and a folder that is no thing.
        assert shown("/", "ru") == ("<p>дом", "ru", "index.ru.html", by_reader)
        assert shown("/classes/", "ru") == ("<p>a folder", "en", "index.html", "Accept-Encoding")
        tags = {client.get("/place/", headers={"Accept-Language": each}).headers["etag"] for each in ("en", "ru")}
        assert len(tags) == 2


def test_what_is_not_to_be_had_at_its_address_is_refused_with_a_list_of_what_is(client: Any) -> None:
    response = client.get("/place/", headers={"Accept": "image/png"})
    assert (response.status_code, response.headers["vary"]) == (406, "Accept")
    assert response.json()["alternatives"] == ["index.html", "index.ttl", "index.jsonld", "index.nt", "index.rdf"]


def test_its_address_can_override_the_header(client: Any) -> None:
    assert client.get("/place/?_mediatype=ttl", headers={"Accept": BROWSER}).headers["location"] == "/place/index.ttl"
    assert client.get("/place/?format=html", headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/classes/"])
@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "image/png"])
def test_a_folder_without_data_is_its_page_whatever_is_asked_for(client: Any, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers["vary"] == "Accept-Encoding"


def test_a_page_that_is_refused_by_its_name_is_not_sent_for_a_wildcard(client: Any) -> None:
    assert client.get("/sco/only", headers={"Accept": "text/html;q=0, */*"}).status_code == 406
    assert client.get("/sco/only", headers={"Accept": "text/html;q=0, application/xhtml+xml"}).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_pages_are_only_read(client: Any, method: str) -> None:
    response = client.request(method, "/sco/x.html")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/healthz/ready"])
def test_methods_that_are_allowed_stand_in_one_order(client: Any, path: str) -> None:
    response = client.request("PUT", path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/sco/x.html", "/sco/x.nt", "/"])
def test_who_wants_another_state_than_there_is_gets_nothing(client: Any, path: str) -> None:
    whole = client.get(path)
    etag = whole.headers["etag"]
    for condition in (etag, "*", f'"other", {etag}', f'{etag[:-1]}-gzip"'):
        assert client.get(path, headers={"If-Match": condition}).content == whole.content
    assert client.get(path, headers={"If-Match": etag, "If-None-Match": etag}).status_code == 304
    assert client.get(path, headers={"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200
    for condition in ('"other"', f"W/{etag}", f'"other", W/{etag}', '"*"'):
        refused = client.get(path, headers={"If-Match": condition})
        assert (refused.status_code, refused.headers["etag"]) == (412, etag)
        assert refused.headers["content-type"] == "application/problem+json"
    assert client.head(path, headers={"If-Match": '"other"'}).status_code == 412
    assert client.get("/nothing", headers={"If-Match": '"other"'}).status_code == 404


def test_what_is_missing_is_a_page_for_people_and_a_problem_for_programs(client: Any) -> None:
    page = client.get("/nothing", headers={"Accept": BROWSER})
    problem = client.get("/nothing", headers={"Accept": "text/turtle, application/json"})
    assert (page.status_code, page.content) == (404, b"<p>no such page")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")


def test_what_is_missing_is_told_to_scripts_of_other_sites_as_well(client: Any) -> None:
    page = client.get("/nothing", headers={"Accept": "*/*", "Origin": "https://other.example"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    found = client.get("/sco/x.html")
    for name in plan.HEADERS:
        assert page.headers[name] == found.headers[name]


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
    for path in ("/sco/x", "/sco/x.ttl", "/sparql", "/sparql/", "/healthz/", "/sco/x/", "/nothing"):
        response = client.get(path, headers=headers)
        assert "evil" not in str(response.headers) + response.text


def test_too_many_header_fields_are_refused(client: Any) -> None:
    assert client.get("/", headers={f"X-{number}": "1" for number in range(200)}).status_code == 431


@pytest.mark.parametrize("extension", ["nt", "rdf", "nq"])
def test_formats_that_are_not_kept_are_made_from_those_that_are(client: Any, extension: str) -> None:
    response = client.get(f"/sco/x.{extension}")
    format = {"nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML, "nq": ox.RdfFormat.N_QUADS}[extension]
    found = list(ox.parse(response.content, format=format))
    assert {quad.predicate.value[-1] for quad in found} == {"p", "q"}
    assert {str(quad.graph_name) for quad in found} == (
        {"<http://example.org/g>"} if extension == "nq" else {"DEFAULT"}
    )
    assert client.get(f"/sco/x.{extension}").content == response.content
    assert client.head(f"/sco/x.{extension}").headers["content-length"] == str(len(response.content))
    again = client.get(f"/sco/x.{extension}", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_what_a_format_cannot_say_is_refused_with_the_reason(client: Any) -> None:
    response = client.get("/sco/unsayable.rdf")
    assert response.status_code == 406
    assert "http://example.org/1" in response.json()["detail"]
    assert client.get("/sco/unsayable.nt").status_code == 200


def test_there_is_no_format_without_its_source(client: Any) -> None:
    for path in ("/sco/only.nt", "/sco/nothing.rdf", "/sco/unsayable.nq", "/заседание/十九.rdf"):
        assert client.get(path).status_code == 404


def test_the_link_header_of_a_page_says_what_its_head_says_to_programs(client: Any) -> None:
    link = client.get("/sco/x.html").headers["link"]
    assert '<x.ttl>; rel="alternate describedby"; type="text/turtle"' in link
    assert '<x.nt>; rel="alternate describedby"; type="application/n-triples"' in link
    assert '<https://example.org/%D0%B8%D0%B4/x>; rel="cite-as"' in link
    assert '<https://example.org/licence>; rel="license"' in link
    assert "x.ru.html" not in link
    assert "site.abc123.css" not in link


def test_a_page_whose_data_lie_elsewhere_says_there_what_follows_from_them(client: Any) -> None:
    link = client.get("/sco/x/part.html").headers["link"]
    assert '<../x.ttl>; rel="alternate describedby"; type="text/turtle"' in link
    assert '<../x.nt>; rel="alternate describedby"; type="application/n-triples"' in link
    assert "<part." not in link


def test_a_file_of_a_dataset_leads_to_its_collection(client: Any) -> None:
    assert client.head("/dumps/data.nt").headers["link"] == '<../sco.html>; rel="collection"; type="text/html"'
    assert client.get("/linkset.json").headers["content-type"] == "application/linkset+json"


def test_a_renamed_document_is_found_by_its_iri(client: Any) -> None:
    assert client.get("/sco/Renamed").headers["location"] == "/sco/renamed~abc.html"
    assert client.get("/a//b").headers["location"] == "/sco/renamed~abc.html"
    assert client.get("/a%5Cb").headers["location"] == "/sco/renamed~abc.html"
    turtle = client.get("/Con/", headers={"Accept": "text/turtle"})
    assert turtle.headers["location"] == "/Con~abc/index.ttl"
    assert client.get("/Con/").headers["location"] == "/Con~abc/index.html"


def test_an_escaped_slash_is_no_slash(client: Any) -> None:
    for path in ("/sco%2Fx", "/sco%2fx", "/sc%6F%2Fx"):
        assert client.get(path).headers["location"] == "/sco/renamed~abc.html"
    for path in ("/sco%2Fx.html", "/sco%2Fonly", "/dumps%2Fdata.nt", "/place%2F"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("bytes=0-9", 206, "bytes 0-9/2097152"),
        ("bytes=2097150-", 206, "bytes 2097150-2097151/2097152"),
        ("bytes=-3", 206, "bytes 2097149-2097151/2097152"),
        ("bytes=2097150-9999999", 206, "bytes 2097150-2097151/2097152"),
        ("bytes=-9999999", 206, "bytes 0-2097151/2097152"),
        ("bytes=2097152-", 416, "bytes */2097152"),
        ("bytes=-0", 416, "bytes */2097152"),
        ("bytes=5-3", 200, None),
        ("bytes=-", 200, None),
        ("bytes=0-1,4-5", 200, None),
        ("lines=0-1", 200, None),
        ("bytes=" + "9" * 5000 + "-", 200, None),
    ],
)
def test_a_part_of_a_dump_can_be_asked_for(client: Any, asked: str, status: int, said: str | None) -> None:
    whole = FILES["dumps/data.nt"]
    response = client.get("/dumps/data.nt", headers={"Range": asked})
    assert (response.status_code, response.headers.get("content-range")) == (status, said)
    assert int(response.headers["content-length"]) == len(response.content)
    if status == 206 and said is not None:
        first, last = said.removeprefix("bytes ").partition("/")[0].split("-")
        assert response.content == whole[int(first) : int(last) + 1]
    if status == 200:
        assert response.content == whole


def test_a_part_is_sent_only_of_the_bytes_that_the_client_knows(client: Any) -> None:
    etag = client.head("/dumps/data.nt").headers["etag"]
    for condition, status in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200)):
        headers = {"Range": "bytes=0-9", "If-Range": condition}
        assert client.get("/dumps/data.nt", headers=headers).status_code == status
    headers = {"Range": "bytes=0-9", "If-None-Match": etag}
    assert client.get("/dumps/data.nt", headers=headers).status_code == 304
    assert client.head("/dumps/data.nt", headers={"Range": "bytes=0-9"}).status_code == 200


def test_requests_for_parts_of_a_dump_do_not_read_the_whole_of_it_each_time(server: Any) -> None:
    """Else a few requests for the last byte of a large dump would keep everybody else waiting."""
    with server(files={"dumps/data.nt": b"x" * (2 << 20)}) as client:
        client.headers["Accept-Encoding"] = "identity"
        etag = client.head("/dumps/data.nt").headers["etag"]
        path = server.folder / f"site-{server.count}/dumps/data.nt"
        path.write_bytes(b"y" * (2 << 20))  # files of a generation never change: this shows who reads them again
        response = client.get("/dumps/data.nt", headers={"Range": "bytes=-1"})
        assert (response.headers["etag"], response.content) == (etag, b"y")


def test_a_browser_may_ask_beforehand_whether_it_may_ask(client: Any) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    response = client.options("/sco/x.ttl", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "GET" in response.headers["access-control-allow-methods"]
    assert "Accept" in response.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in response.headers


def test_an_address_of_many_parameters_is_an_address_like_others(client: Any) -> None:
    assert client.get("/sco/x?" + "&".join(f"a{n}=1" for n in range(300))).status_code == 303
    assert client.get("/sco/x", headers={"Host": "[::1"}).status_code == 303
