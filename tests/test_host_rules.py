import itertools
import json
import re
import time
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest

from communique.formats import HTML, JSONLD, TRIG, TURTLE
from communique.hosting.host_rules import host_rules, reachable, rules_of
from communique.hosting.negotiation import LADDER, choices, tongues
from communique.serving.negotiation import spoken
from made_projects import BASE, make_site

W3ID = "https://w3id.org/example/"


def rules(**about: object) -> dict[str, str]:
    known = {"base": W3ID, "renamed": {}, **about}
    return {path: content.decode() for path, content in host_rules(**known)}  # type: ignore[arg-type]


def chosen(accept: str, *, there: str = ".html.ttl.jsonld") -> str | None:
    asked = f"{there},{accept}"
    found = (each for each in choices((HTML, TURTLE, JSONLD)) if re.search(each.pattern, asked, re.IGNORECASE))
    return next((each.format.name for each in found), None)


@pytest.mark.parametrize("part", [" ", ", ", ",", "text/x;q=0,", "; ", "text/html ;", "*/* "])
def test_the_time_for_a_header_grows_as_its_length(part: str) -> None:
    patterns = [re.compile(each.pattern, re.IGNORECASE) for each in choices((HTML, TURTLE, JSONLD, TRIG))]
    asked = f".html.ttl.jsonld.trig,image/png,{part * (7000 // len(part))}x"
    times = []
    for _ in range(3):
        began = time.process_time()
        for each in patterns:
            each.search(asked)
        times.append(time.process_time() - began)
    assert min(times) < 0.06


def test_every_host_gets_its_files() -> None:
    assert set(rules()) == {
        ".htaccess",
        "_headers",
        "_hosting/folder.json",
        "_hosting/languages.json",
        "_hosting/nginx.conf",
        "_hosting/renamed.json",
        "_hosting/w3id/.htaccess",
        "_hosting/w3id/README.md",
        "_redirects",
    }


def test_the_bytes_do_not_depend_on_the_order_of_what_is_renamed() -> None:
    assert rules(renamed={"A": "a~1", "B": "b~2"}) == rules(renamed={"B": "b~2", "A": "a~1"})


def test_no_folder_for_w3id_is_written_for_iris_elsewhere() -> None:
    assert not [path for path in rules(base="https://example.org/") if "w3id" in path]


def test_w3id_leads_to_the_address_that_is_stated() -> None:
    found = rules(address="https://data.example/x/")
    assert '"https://data.example/x/$0%{ENV:COMMUNIQUE_INDEX}.ttl" [R=303,L]' in found["_hosting/w3id/.htaccess"]
    assert "REPLACE-ME.example" not in found["_hosting/w3id/README.md"]


def test_an_address_that_nobody_states_is_marked_as_missing() -> None:
    found = rules()
    assert "https://REPLACE-ME.example/" in found["_hosting/w3id/.htaccess"]
    assert "1. Replace `https://REPLACE-ME.example/`" in found["_hosting/w3id/README.md"]


def test_nginx_is_told_the_folder_of_the_site() -> None:
    assert "location /x/ {" in rules(address="https://data.example/x/")["_hosting/nginx.conf"]


def test_a_renamed_document_is_found_by_every_host() -> None:
    found = rules(renamed={"a/Con": "a/con~1"})
    assert r'RewriteRule "^a/Con$" "a/con~1" [DPI]' in found[".htaccess"]
    assert '($uri ~ "^/a/Con$") { set $communique_path "/a/con~1"' in found["_hosting/nginx.conf"]
    assert "/a/Con /a/con~1.html 303" in found["_redirects"]
    assert '"a/Con": "a/con~1"' in found["_hosting/renamed.json"]


@pytest.mark.parametrize("path", ["a/../b", "/b", "", "a%2Fb", "a%0ab", "..", "%2e%2e/a"])
def test_what_no_request_can_name_and_no_rule_can_hold_gets_none(path: str) -> None:
    assert reachable({path: "x~1"}) == {}


def test_signs_that_no_file_is_called_by_are_those_of_things() -> None:
    renamed = {"a%252Fb": "a-2Fb~1", "a%22b": "a-b~1", "a%5Cb": "a-b~2"}
    assert reachable(renamed) == {"a%2Fb": "a-2Fb~1", 'a"b': "a-b~1", "a\\b": "a-b~2"}


def test_two_slashes_are_for_the_server_that_does_not_take_them_for_one() -> None:
    found = rules(renamed={"a//b": "a/~1/b"})
    assert found["_hosting/renamed.json"] == '{\n"a//b": "a/~1/b"\n}\n'
    assert not [path for path, text in found.items() if "a/~1/b" in text and path != "_hosting/renamed.json"]


def test_a_path_that_differs_by_percent_encoding_alone_needs_no_rule() -> None:
    assert reachable({"a%20b": "a b", "a%20b/": "a b/index"}) == {}


def test_signs_that_mean_something_to_a_server_are_taken_for_letters() -> None:
    found = rules(renamed={"a$1{b};": "x~1"})
    assert r"^a\x241\x7bb\x7d\x3b$" in found[".htaccess"]
    assert r"^/a\x241\x7bb\x7d\x3b$" in found["_hosting/nginx.conf"]


def test_what_is_sent_with_files_is_said_to_every_host() -> None:
    found = rules()
    for path in (".htaccess", "_headers", "_hosting/nginx.conf"):
        assert "frame-ancestors 'self'" in found[path]
        assert "nosniff" in found[path]
        assert "immutable" in found[path]


def test_a_host_that_joins_the_values_of_rules_gets_one_type_for_a_file() -> None:
    lines = rules()["_headers"].splitlines()
    typed = [path for path, line in pairwise(lines) if line.startswith("  Content-Type")]
    assert {"/*.csv-metadata.json", "/*/SHA256SUMS", "/*.ris", "/*.cff", "/.well-known/void"} <= set(typed)
    for name in ("linkset.json", "citation.csl.json", "dumps/tables/a.csv-metadata.json", "a.ttl", ".well-known/void"):
        assert len([path for path in typed if fnmatch(f"/{name}", path)]) == 1, name


def test_static_hosts_get_rules_of_the_form_and_number_that_they_document() -> None:
    """Cloudflare Pages, Headers and Redirects: 100 rules for headers, one asterisk each, 2,000 static redirections."""
    names = ("Con", "a:b", "a*b", "a'(b)", "имя с пробелом", "x#y?z", "A/" + "ю" * 100)
    found = rules(renamed={name: f"x~{name[:20]}" for name in names}, languages=[f"l{n}" for n in range(20)])
    lines = found["_headers"].splitlines()
    patterns = [line for line in lines if line.startswith("/")]
    assert len(patterns) <= 100
    assert len(set(patterns)) == len(patterns)
    assert all(re.fullmatch(r"(?:#.*|/[^\s:*]*(?:\*[^\s:*]*)?|  [A-Za-z-]+: \S.{0,1900}|)", line) for line in lines)
    redirects = [line for line in found["_redirects"].splitlines() if not line.startswith("#")]
    assert len(redirects) == len(names)
    path = r"/(?:[\w/.~!$&'()+,;=@-]|%[0-9A-F]{2})*"
    assert all(re.fullmatch(rf"{path} {path} 303", line, re.ASCII) and len(line) <= 1000 for line in redirects)
    assert "/a'(b) /x~a%27%28b%29.html 303" in redirects
    assert "/a%3Ab /x~a%3Ab.html 303" in redirects


def test_a_page_without_its_extension_has_its_language_on_static_hosts() -> None:
    lines = rules(languages=["en", "ru"])["_headers"].splitlines()
    spoken = [path for path, line in pairwise(lines) if line == "  Content-Language: ru"]
    assert spoken == ["/*.ru.html", "/*.ru"]


def test_pages_with_words_in_another_language_are_said_to_be_for_the_readers_of_both() -> None:
    found = rules(languages=["de", "ru"], interface="en")
    assert json.loads(found["_hosting/content-language.json"]) == {"de": "de, en"}
    assert re.findall('set Content-Language (".*")', found[".htaccess"]) == ['"de, en"', '"ru"']
    assert found["_hosting/nginx.conf"].count('"de, en"') == 2
    assert "Content-Language: de" not in found["_headers"]


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("*", "html"),
        ("text/*", "html"),
        ("application/*", "jsonld"),
        ("text/turtle, */*", "turtle"),
        ("text/turtle;q=0.9, */*;q=0.1", "turtle"),
        ("text/turtle;q=0.5, */*", "html"),
        ("text/html; q=0.5, text/turtle", "turtle"),
        ("text/turtle ;q=0.5, text/html ; level=1; q=1", "html"),
        ("text/turtle; q=0, */*; q=0.1", "html"),
        ("text/html;q=0.5, text/turtle;q=1.0", "turtle"),
        ("text/html;q=0, */*;q=0.5", "turtle"),
        ("image/png, */*;q=0.1", "html"),
        ("application/rdf+xml, text/turtle;q=0.1", "turtle"),
        ("application/xhtml+xml", "html"),
        ("text/html;level=1", "html"),
        ("text/turtles", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=0.000", None),
    ],
)
def test_patterns_choose_as_the_header_asks(accept: str, format: str | None) -> None:
    assert chosen(accept) == format


def test_patterns_choose_the_language_that_our_server_chooses() -> None:
    languages = ("en", "ru", "zh-hant", "zh")
    patterns = [(tag, re.compile(pattern, re.IGNORECASE)) for tag, pattern in tongues(languages)]
    weights = ("", ";q=1.0", "; Q=0.9", ";q=0.5", ";q=0.05", ";q=0", ";q=0.000")
    ranges = ("en", "RU-ru", "zh-Hant-TW", "zh-CN", "fr")
    cases = itertools.product(itertools.permutations(ranges, 3), itertools.product(weights, repeat=3))
    for asked, weighed in itertools.islice(cases, 0, None, 11):
        header = ", ".join(map("".join, zip(asked, weighed, strict=True)))
        found = [tag for tag, pattern in patterns if pattern.search(f"{LADDER},{header}")]
        assert (found or ["en"]) == [spoken(header, offers=languages)], header


@pytest.mark.parametrize(("before", "read"), [(99, True), (100, False)])
def test_no_more_languages_are_read_than_by_our_server(before: int, read: bool) -> None:
    header = ",".join([*["fr;q=0.5"] * before, "ru;q=0.5"])
    ((tag, pattern),) = tongues(("en", "ru"))
    assert bool(re.search(pattern, f"{LADDER},{header}")) == (spoken(header, offers=("en", tag)) == tag) == read


@pytest.mark.parametrize(
    ("accept", "there", "format"),
    [
        ("application/ld+json, text/html;q=0.5", ".html", "html"),
        ("application/ld+json, text/turtle;q=0.5, text/html;q=0.4", ".html.ttl", "turtle"),
        ("application/ld+json;q=0.9, text/html;q=0.5, text/turtle;q=0.4", ".html.ttl", "html"),
        ("text/turtle;q=0.9, application/ld+json;q=0.8, text/html;q=0.7", ".html.jsonld", "jsonld"),
        ("application/ld+json;q=0.8, text/turtle;q=0.9", ".html.ttl.jsonld", "jsonld"),
        ("application/ld+json;q=0, text/turtle;q=0.9", ".html.ttl.jsonld", "turtle"),
        ("application/ld+json, */*;q=0.1", ".html.ttl", "html"),
        ("", ".ttl", "turtle"),
        ("application/ld+json", ".html.ttl", None),
        ("text/html", "", None),
    ],
)
def test_what_is_not_there_stands_in_nobodys_way(accept: str, there: str, format: str | None) -> None:
    assert chosen(accept, there=there) == format


def test_a_build_writes_the_rules_for_what_the_data_say(tmp_path: Path) -> None:
    data = (
        ":dataset foaf:homepage <https://data.example/x> . :Con rdfs:label 'con' . :p%C3%A9 rdfs:label 'p' ."
        " :a rdfs:label 'a' . :A rdfs:label 'A' ."
    )
    site = make_site(tmp_path, data.replace(":p%C3%A9", f"<{BASE}p%C3%A9>"))
    found = {path: content.decode() for path, content in rules_of(site)}
    renamed = json.loads(found["_hosting/renamed.json"])
    assert set(renamed) == {"A", "Con"}
    assert all(f"{name}.html" in {page.path + ".html" for page in site.pages()} for name in renamed.values())
    assert "location /x/ {" in found["_hosting/nginx.conf"]
    assert "_hosting/slashed.json" not in found


def test_an_iri_with_an_escaped_slash_is_told_apart_from_that_with_a_slash(tmp_path: Path) -> None:
    data = f"<{BASE}a/b> rdfs:label 'slash' . <{BASE}a%2fb> rdfs:label 'escaped' . <{BASE}c%2Fé> rdfs:label 'c' ."
    site = make_site(tmp_path, data)
    found = {path: content.decode() for path, content in rules_of(site)}
    slashed = json.loads(found["_hosting/slashed.json"])
    assert set(slashed) == {"a%2Fb", "c%2F%C3%A9"}
    assert "a/b" not in slashed.values()
    assert set(slashed.values()) < {page.path for page in site.pages()}
    assert "a/b" not in json.loads(found["_hosting/renamed.json"])


def test_an_iri_with_an_escaped_percent_sign_is_told_apart_from_that_with_a_percent_sign(tmp_path: Path) -> None:
    data = f"<{BASE}a%252Fb> rdfs:label 'twice' . <{BASE}a%2Fb> rdfs:label 'once' ."
    site = make_site(tmp_path, data)
    found = {path: content.decode() for path, content in rules_of(site)}
    (twice,) = json.loads(found["_hosting/renamed.json"]).items()
    assert twice[0] == "a%2Fb"
    assert twice[1] not in json.loads(found["_hosting/slashed.json"]).values()


def test_a_document_whose_parts_are_the_site_is_found_by_its_own_name_beside_them(tmp_path: Path) -> None:
    data = (
        "<http://example.org/doc/part#d> a <http://www.w3.org/ns/dcat#Dataset> ;"
        ' <http://rdfs.org/ns/void#uriSpace> "http://example.org/doc/part#" . <http://example.org/doc/part#a> a :C .'
    )
    found = {path: content.decode() for path, content in rules_of(make_site(tmp_path, data))}
    assert json.loads(found["_hosting/renamed.json"]) == {"part": "index"}
    assert "/part /index.html 303" in found["_redirects"]
