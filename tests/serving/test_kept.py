"""Answers that are kept: they are given again as they were, cost nothing, and make room for others."""

import io
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

from communique.serving.exchange import Answer, Question
from communique.serving.kept import Kept
from communique.serving.limits import MIB, Limits

QUADS = list(
    ox.parse("@prefix ex: <http://example.org/> . ex:a ex:p 1 , 2 . ex:g { ex:b ex:p 3 }", format=ox.RdfFormat.TRIG)
)
ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
HARMLESS = "SELECT * { ?s ?p ?o FILTER(?o > 1) }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }"


@pytest.fixture(scope="module")
def client(server: Any) -> Any:
    with server(QUADS, kept=MIB) as client:
        yield client


def given_again(client: Any) -> int:
    lines = client.get("/metrics").text.splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("communique_kept_answers_total"))


def test_an_answer_is_given_again_as_it_was(client: Any) -> None:
    before = given_again(client)
    first, second = (client.get("/sparql", params={"query": ALL}) for _ in range(2))
    assert (second.status_code, second.content) == (200, first.content)
    assert {**second.headers, "date": ""} == {**first.headers, "date": ""}
    assert given_again(client) == before + 1
    assert client.post("/sparql", data={"query": ALL}).content == first.content
    assert given_again(client) == before + 2, "however it is asked for"


def test_each_format_and_each_dataset_is_another_question(client: Any) -> None:
    def rows(**parameters: str) -> list[str]:
        text = client.get("/sparql", params={"query": ALL, "format": "csv", **parameters}).text
        return text.split()[1:]  # type: ignore[no-any-return]

    assert [rows(), rows()] == [["1", "2", "3"]] * 2
    assert rows(**{"default-graph-uri": "http://example.org/g"}) == ["3"]
    assert client.get("/sparql", params={"query": ALL, "format": "json"}).json()["head"]["vars"] == ["o"]


def test_who_has_the_answer_already_is_told_so(client: Any) -> None:
    for query in (ALL, "ASK {}", "DESCRIBE <http://example.org/a>"):
        etag = client.get("/sparql", params={"query": query}).headers["etag"]
        assert etag.startswith('"')
        for known in (etag, f'"x", {etag}', f"W/{etag}", "*"):
            again = client.get("/sparql", params={"query": query}, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
            assert again.headers["vary"] == "Accept, Accept-Encoding" and "content-type" not in again.headers
        changed = client.get("/sparql", params={"query": query}, headers={"If-None-Match": '"x"'})
        assert changed.status_code == 200


def test_two_formats_of_the_same_bytes_have_two_tags(client: Any) -> None:
    csv, tsv = (client.get("/sparql", params={"query": "ASK {}", "format": name}) for name in ("csv", "tsv"))
    assert csv.content == tsv.content
    assert csv.headers["etag"] != tsv.headers["etag"]


def test_head_says_what_get_says_of_an_answer(client: Any) -> None:
    for query in (ALL, "SELECT (1 AS ?fresh) {}"):
        heads = [client.head("/sparql", params={"query": query}) for _ in range(2)]
        whole = client.get("/sparql", params={"query": query})
        for head in heads:
            assert head.content == b""
            assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


def test_a_post_gets_the_answer_whatever_it_knows(client: Any) -> None:
    """Its answer is no representation of the endpoint, to be told apart from another one by a tag."""
    response = client.post("/sparql", data={"query": ALL}, headers={"If-None-Match": "*"})
    assert response.status_code == 200 and "etag" not in response.headers


def test_what_a_browser_knows_of_an_answer_is_not_taken_for_the_page(server: Any) -> None:
    page = b'<textarea id="query-text"></textarea><!--status--><template id="site-yes">Yes.</template>'
    files = {"sparql.html": page, "queries/engine.json": b"{}", "queries/completion.json": b'{"prefixes": {}}'}
    with server(QUADS, files=files, kept=MIB) as client:
        browser = {"Accept": "text/html", "If-None-Match": "*"}
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        shown = client.get("/sparql", params={"query": "ASK {}"}, headers=browser)
        assert (shown.status_code, "Yes." in shown.text) == (200, True)


@pytest.mark.parametrize("call", ["RAND()", "UUID()", "STRUUID()", "NOW()", "BNODE()", "rand( )", "Rand #\n()"])
def test_what_is_left_to_chance_is_never_kept(client: Any, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{}}"
    before = given_again(client)
    for _ in range(2):
        response = client.get("/sparql", params={"query": query})
        assert response.status_code == 200 and "etag" not in response.headers
    assert given_again(client) == before


def test_no_error_is_kept(client: Any) -> None:
    for query, status in (("SELECT", 400), ("SELECT * { SERVICE <http://x/> {} }", 403)):
        for _ in range(2):
            assert client.get("/sparql", params={"query": query}).status_code == status
    assert client.get("/sparql", params={"query": ALL}, headers={"Accept": "text/turtle"}).status_code == 406


def test_who_has_no_budget_left_gets_what_is_kept(server: Any) -> None:
    with server(QUADS, kept=MIB, budget=0.1, refill=0.001, deadline=0.6) as client:
        assert client.get("/sparql", params={"query": ALL}).status_code == 200
        assert client.get("/sparql", params={"query": RUNAWAY}).status_code == 504
        assert client.get("/sparql", params={"query": HARMLESS}).status_code == 429
        assert client.get("/sparql", params={"query": ALL}).status_code == 200


def test_an_operator_may_have_none_kept(server: Any) -> None:
    with server(QUADS, kept=1) as client:
        for _ in range(2):
            assert "etag" not in client.get("/sparql", params={"query": ALL}).headers
        assert given_again(client) == 0


def asked(query: str) -> Question:
    return Question(query=query, base="http://example.org/", results="json", graph="turtle")


def answered(content: bytes) -> Answer:
    return Answer(status=200, form="bindings", body=io.BytesIO(content), size=len(content))


def test_answers_make_room_for_those_that_are_wanted() -> None:
    kept = Kept(replace(Limits(), kept=20_000, kept_answer=5000))
    assert kept.keep(asked("large"), answered(b"x" * 5001)) is None
    for query in ("a", "b", "a", "c", "a", "d"):
        if kept.of(asked(query)) is None:
            assert kept.keep(asked(query), answered(query.encode() * 5000)) is not None
    found = kept.of(asked("a"))
    assert found is not None and found.content == b"a" * 5000
    assert kept.of(asked("b")) is None, "nobody has asked for it again"
    assert kept.of(asked("c")) is not None


def test_the_same_answer_twice_takes_the_room_of_one() -> None:
    """Two clients may ask for it at the same time."""
    kept = Kept(replace(Limits(), kept=15_000, kept_answer=5000))
    kept.keep(asked("a"), answered(b"a" * 5000))
    for _ in range(9):
        kept.keep(asked("b"), answered(b"b" * 5000))
    assert kept.of(asked("a")) is not None
