"""Reconciliation Service API 0.2: its answers, its limits, and the official schemas."""

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from communique import snapshots
from communique.lookup.name_source import write_names
from communique.lookup.names import Names
from communique.project import Project
from communique.serving.app import application
from communique.serving.limits import MIB, Limits
from communique.serving.previews import preview
from communique.serving.reconcile_answers import manifest
from communique.store import Store
from communique.website.site import Site
from made_projects import make_site

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "suites" / "reconciliation" / "schemas"
EXAMPLES = SCHEMAS.parent / "examples"
PERSON = "http://xmlns.com/foaf/0.1/Person"
KRASNOV = "sco/person/igor-krasnov"
BASE = "https://w3id.org/communique/"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("reconcile")
    project = Project.open(ROOT)
    write_names(folder / "names.sqlite", site=Site(project, Store.load(project)))
    snapshots.write([], folder / "snapshot")
    (folder / "site").mkdir()
    app = application(
        folder / "site",
        snapshot=folder / "snapshot",
        triples=0,
        url="http://127.0.0.1:8000/",
        limits=Limits(fast_workers=1, worker_memory=256 * MIB),
        names=folder / "names.sqlite",
    )
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as made:
        yield made


def judge(schema: str, answer: Any) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas of Reconciliation 0.2 (../shared/suites) are not here")
    from jsonschema import Draft7Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    loaded = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    # The schema of authentication refers to an address that cannot be resolved.
    loaded["manifest.json"]["properties"].pop("authentication")
    resources = [(each["$id"], Resource(each, DRAFT7)) for each in loaded.values() if "$id" in each]
    Draft7Validator(loaded[schema], registry=Registry().with_resources(resources)).validate(answer)


def ask(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["q"]["result"])


@pytest.mark.parametrize(
    ("files", "page"), [({}, "link.html"), ({"site__pages__manual__reconcile_md": "# How"}, "manual/reconcile.html")]
)
def test_the_manifest_names_a_page_that_the_site_has(tmp_path: Path, files: dict[str, str], page: str) -> None:
    site = make_site(tmp_path, **files)
    write_names(tmp_path / "names.sqlite", site=site)
    with Names(tmp_path / "names.sqlite", seconds=60) as names:
        assert manifest(names, url="https://example.org/")["documentation"] == f"https://example.org/{page}"
    assert page.removesuffix(".html") in {each.path for each in site.pages()}


def test_the_manifest_is_valid(client: TestClient) -> None:
    judge("manifest.json", client.get("/reconcile").json())


def test_a_batch_is_answered_validly(client: TestClient) -> None:
    queries = json.dumps({"a": {"query": "Igor Krasnov"}, "b": {"query": "xqzzt"}})
    answer = client.get("/reconcile", params={"queries": queries}).json()
    judge("reconciliation-result-batch.json", answer)
    assert answer["a"]["result"] and not answer["b"]["result"]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("suggest/entity?prefix=kras", "suggest-entities-response.json"),
        ("suggest/type?prefix=per", "suggest-types-response.json"),
        ("suggest/property?prefix=na", "suggest-properties-response.json"),
        (f"properties?type={PERSON}", "data-extension-property-proposal.json"),
    ],
)
def test_suggestions_are_valid_and_not_empty(client: TestClient, path: str, schema: str) -> None:
    answer = client.get(f"/reconcile/{path}").json()
    judge(schema, answer)
    assert answer.get("result") or answer.get("properties")


def test_an_extension_is_valid_and_tells_the_name(client: TestClient) -> None:
    query = {"ids": [KRASNOV, "nobody"], "properties": [{"id": "http://xmlns.com/foaf/0.1/name"}]}
    judge("data-extension-query.json", query)
    answer = client.post("/reconcile", data={"extend": json.dumps(query)}).json()
    judge("data-extension-response.json", answer)
    assert answer["rows"][KRASNOV]["http://xmlns.com/foaf/0.1/name"] == [{"str": "Igor Krasnov"}]
    assert answer["rows"]["nobody"]["http://xmlns.com/foaf/0.1/name"] == [{}]


def test_an_extension_follows_a_property_backwards(client: TestClient) -> None:
    column = f"^{BASE}ns#heldBy"
    query = {"ids": [KRASNOV], "properties": [{"id": column}]}
    answer = client.get("/reconcile/extend", params={"extend": json.dumps(query)}).json()
    assert answer["rows"][KRASNOV][column][0]["id"].startswith("sco/office-holding/igor-krasnov")


def test_a_type_narrows_the_candidates(client: TestClient) -> None:
    found = ask(client, query="Igor Krasnov", type=PERSON)
    assert found and all(PERSON in [each["id"] for each in one["type"]] for one in found)


def test_a_type_that_nothing_has_finds_nothing(client: TestClient) -> None:
    assert ask(client, query="Igor Krasnov", type="https://example.org/Nothing") == []


def test_a_property_that_contradicts_lowers_the_score(client: TestClient) -> None:
    pid = "http://xmlns.com/foaf/0.1/name"
    [best, *_] = ask(client, query="Igor Krasnov", type=PERSON, properties=[{"pid": pid, "v": "Zhang Jun"}])
    assert best["score"] < 90 and not best["match"]


def test_properties_alone_find_a_resource(client: TestClient) -> None:
    [best, *_] = ask(client, type=PERSON, properties=[{"pid": "http://xmlns.com/foaf/0.1/name", "v": "Igor Krasnov"}])
    assert best["id"] == KRASNOV


def test_the_limit_is_kept(client: TestClient) -> None:
    assert len(ask(client, query="Prosecutor General", limit=2)) == 2


def test_suggestions_go_on_from_the_cursor(client: TestClient) -> None:
    first, second = (
        client.get(f"/reconcile/suggest/entity?prefix=p&limit=1&cursor={at}").json()["result"] for at in (0, 1)
    )
    assert first != second


def test_jsonp_calls_the_function(client: TestClient) -> None:
    answer = client.get("/reconcile?callback=a.b")
    assert answer.text.startswith("/**/a.b({") and answer.headers["content-type"].startswith("application/javascript")


@pytest.mark.parametrize("callback", ["alert(1)", "a;b", "a" * 101, "a\u2028b"])
def test_a_callback_that_is_no_name_is_refused(client: TestClient, callback: str) -> None:
    assert client.get("/reconcile", params={"callback": callback}).status_code == 400


@pytest.mark.parametrize(
    "queries",
    [
        *("{", "[]", "1", "[" * 100_000, '{"q": 1}', '{"q": {"query": 1}}', '{"q": {"query": "a", "limit": "x"}}'),
        *('{"q": {"query": "a", "type": 1}}', '{"q": {"query": "a", "properties": [1]}}', '{"q": {"limit": NaN}}'),
        '{"q": {"query": "\\ud83d"}}',
    ],
)
def test_a_malformed_query_is_a_problem(client: TestClient, queries: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_misspelt_key_is_a_problem_that_names_what_is_expected(client: TestClient) -> None:
    answer = client.get("/reconcile", params={"queries": '{"q": {"quer": "Krasnov"}}'})
    assert answer.status_code == 400
    assert answer.json()["detail"] == (
        "A query has no 'quer', only query, type, type_strict, limit, properties. Did you mean query?"
    )


@pytest.mark.parametrize("query", [{}, {"type": PERSON}, {"properties": []}])
def test_a_query_for_nothing_is_a_problem(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 400 and '{"query": "a name"}' in answer.json()["detail"]


def test_all_official_examples_of_what_is_no_question_are_problems(client: TestClient) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of Reconciliation 0.2 (../shared/suites) are not here")
    examples = sorted((EXAMPLES / "reconciliation-query-batch" / "invalid").glob("*.json"))
    assert examples
    for example in examples:
        assert client.post("/reconcile", data={"queries": example.read_text()}).status_code == 400, example


@pytest.mark.parametrize("text", ['" OR "', "*", "NEAR(a b)", "\0", "a" * 100_000, "'; DROP TABLE name", "^a"])
def test_a_hostile_name_is_only_a_name(client: TestClient, text: str) -> None:
    assert isinstance(ask(client, query=text), list)


def test_a_batch_that_is_too_large_is_refused(client: TestClient) -> None:
    queries = json.dumps({str(number): {"query": "a"} for number in range(101)})
    assert client.post("/reconcile", data={"queries": queries}).status_code == 413


def test_every_origin_may_ask(client: TestClient) -> None:
    assert client.get("/reconcile").headers["access-control-allow-origin"] == "*"
    assert client.options("/reconcile").status_code == 204


def test_an_identifier_leads_to_the_page(client: TestClient) -> None:
    answer = client.get("/reconcile/view", params={"id": KRASNOV})
    assert (answer.status_code, answer.headers["location"]) == (302, f"http://127.0.0.1:8000/{KRASNOV}")


def test_a_label_leads_to_its_resource(client: TestClient) -> None:
    answer = client.get("/label/Игорь Краснов")
    assert (answer.status_code, answer.headers["location"]) == (302, f"http://127.0.0.1:8000/{KRASNOV}")


LINES = """
:one a :C ; rdfs:label "The  first\\nof two\\tlines " . :two rdfs:label "Another" .
:C a rdfs:Class .
"""


@pytest.fixture(scope="module")
def of_lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("lines")
    write_names(folder / "names.sqlite", site=make_site(folder, LINES))
    snapshots.write([], folder / "snapshot")
    (folder / "site").mkdir()
    limits = Limits(fast_workers=1, worker_memory=256 * MIB)
    asked = {"snapshot": folder / "snapshot", "triples": 0, "limits": limits, "names": folder / "names.sqlite"}
    with TestClient(application(folder / "site", url="http://127.0.0.1/", **asked), follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize("label", ["The  first\nof two\tlines ", "The first of two lines", "The first\r\nof two lines"])
def test_a_label_is_found_with_whatever_white_space(of_lines: TestClient, label: str) -> None:
    answer = of_lines.get("/label/" + quote(label, safe=""))
    assert (answer.status_code, answer.headers.get("location")) == (302, "http://127.0.0.1/one")


def test_a_label_with_other_words_or_letters_is_not_found(of_lines: TestClient) -> None:
    assert of_lines.get("/label/The%20first%0Aof%20two%20Lines").status_code == 404
    assert of_lines.get("/label/The%20firstof%20two%20lines").status_code == 404


@pytest.mark.parametrize("path", ["entity?id=two", "type?id=https://example.org/id/C"])
def test_a_flyout_has_no_empty_line(of_lines: TestClient, path: str) -> None:
    html = of_lines.get("/reconcile/flyout/" + path).json()["html"]
    assert re.findall(r"<br>(?:<(\w+)[^>]*></\1>)*<br>", html) == []
    assert re.sub(r"<(div|span)[^>]*></\1>", "", html).count("</strong><") == 1


def test_a_label_that_nothing_has_is_not_found(client: TestClient) -> None:
    assert client.get("/label/igor krasnof").status_code == 404


@pytest.mark.parametrize("uri", ["http://www.wikidata.org/entity/Q668", "https://www.wikidata.org/wiki/Q668"])
def test_a_foreign_thing_is_found_by_its_name_and_by_the_page_about_it(client: TestClient, uri: str) -> None:
    answer = client.get("/lookup", params={"uri": uri})
    assert (answer.status_code, answer.headers["location"]) == (302, "http://127.0.0.1:8000/sco/state/ind")


def test_a_foreign_iri_that_nothing_links_to_is_not_found(client: TestClient) -> None:
    assert client.get("/lookup?uri=https://example.org/x").status_code == 404


@pytest.mark.parametrize("sort", ["entity", "type", "property"])
def test_a_suggestion_has_a_flyout_where_the_manifest_says(client: TestClient, sort: str) -> None:
    told = client.get("/reconcile").json()["suggest"][sort]
    [first, *_] = client.get(f"/reconcile/suggest/{sort}?prefix=p").json()["result"]
    path = told["flyout_service_path"].replace("${id}", quote(first["id"], safe=""))
    answer = client.get(told["flyout_service_url"] + path).json()
    assert answer["id"] == first["id"] and escape(first["name"]) in answer["html"]


def test_a_preview_tells_names_and_kinds_in_a_frame_of_others(client: TestClient) -> None:
    told = client.get("/reconcile").json()["preview"]
    answer = client.get(told["url"].replace("{{id}}", quote(KRASNOV, safe="")))
    assert all(words in answer.text for words in ("Igor Krasnov", "Игорь Краснов", "person", BASE + KRASNOV))
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers


def test_there_is_no_preview_of_nothing(client: TestClient) -> None:
    assert client.get("/reconcile/preview?id=nobody").status_code == 404
    assert client.get("/reconcile/flyout/type?id=nothing").status_code == 404


def test_a_name_that_holds_markup_is_only_a_name(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':x a foaf:Person ; rdfs:label "<script>alert(1)</script> $iri & {{ 1 }}"@en .')
    write_names(tmp_path / "names.sqlite", site=site)
    with Names(tmp_path / "names.sqlite") as names:
        text = preview(names, {"id": "x"}, url="https://example.org/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $iri &amp; {{ 1 }}" in text and "<script>" not in text


@pytest.mark.parametrize("schema", ["reconciliation-query-batch", "data-extension-query"])
def test_all_official_examples_of_a_question_are_answered_validly(client: TestClient, schema: str) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of Reconciliation 0.2 (../shared/suites) are not here")
    key, answers = {
        "reconciliation-query-batch": ("queries", "reconciliation-result-batch.json"),
        "data-extension-query": ("extend", "data-extension-response.json"),
    }[schema]
    examples = sorted((EXAMPLES / schema / "valid").glob("*.json"))
    assert examples
    for example in examples:
        answer = client.post("/reconcile", data={key: example.read_text()})
        assert answer.status_code == 200, f"{example}: {answer.text}"
        judge(answers, answer.json())
