"""Answers of the endpoint packed by gzip: to whom, from which size, and how caches tell the two forms apart."""

import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from communique.serving import forms
from communique.serving.exchange import Answer, Question
from communique.serving.kept import Kept
from communique.serving.limits import MIB, Limits

P = ox.NamedNode("http://example.org/p")
QUADS = [ox.Quad(ox.NamedNode(f"http://example.org/s{number}"), P, ox.Literal(number)) for number in range(6000)]
SOME, ALL = "SELECT * { ?s ?p ?o FILTER(?o < 400) }", "SELECT * { ?s ?p ?o }"
SMALL, GRAPH = "SELECT * { ?s ?p 7 }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o < 400) }"


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[TestClient]:
    with server(QUADS, kept=8 * MIB, kept_answer=256 << 10) as client:
        yield client


def asked(client: TestClient, query: str, **headers: str) -> tuple[Any, bytes]:
    """Return a response, and its body as it came."""
    with client.stream("GET", "/sparql", params={"query": query}, headers=headers) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("query", [SOME, ALL, GRAPH])
def test_a_large_answer_goes_packed_to_those_who_unpack_it(client: TestClient, query: str) -> None:
    plain, whole = asked(client, query, **{"Accept-Encoding": "identity"})
    packed, raw = asked(client, query, **{"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == whole and len(raw) < len(whole) / 4
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept, Accept-Encoding"
    assert plain.headers["content-type"] == packed.headers["content-type"]


def test_a_small_answer_goes_as_it_is_and_so_does_a_large_one_to_who_likes_that_better(client: TestClient) -> None:
    for query, wish in ((SMALL, "gzip"), (SOME, "gzip;q=0.1, identity"), (ALL, "br"), (ALL, "gzip;q=0")):
        response, raw = asked(client, query, **{"Accept-Encoding": wish})
        assert "content-encoding" not in response.headers
        assert int(response.headers["content-length"]) == len(raw)


def test_an_answer_that_is_not_kept_is_sent_while_it_is_packed(client: TestClient) -> None:
    """How long it will be is not known when its first bytes go, so nobody waits for the last ones."""
    response, _ = asked(client, ALL, **{"Accept-Encoding": "gzip"})
    assert "content-length" not in response.headers and "etag" not in response.headers
    head = client.head("/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip"})
    assert head.headers["content-encoding"] == "gzip" and head.content == b""


def test_each_form_of_an_answer_that_is_kept_has_its_length_and_its_tag(client: TestClient) -> None:
    plain, whole = asked(client, SOME, **{"Accept-Encoding": "identity"})
    for _ in range(2):
        packed, raw = asked(client, SOME, **{"Accept-Encoding": "gzip"})
        assert int(packed.headers["content-length"]) == len(raw)
        assert gzip.decompress(raw) == whole
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    for etag in (plain.headers["etag"], packed.headers["etag"]):
        for wish in ("gzip", "identity"):
            again, nothing = asked(client, SOME, **{"Accept-Encoding": wish, "If-None-Match": etag})
            assert (again.status_code, nothing, again.headers["etag"]) == (304, b"", etag)
    post = client.post("/sparql", data={"query": SOME}, headers={"Accept-Encoding": "gzip"})
    assert post.headers["content-encoding"] == "gzip" and "etag" not in post.headers


def test_who_cannot_read_pieces_gets_no_packed_answer() -> None:
    headers = [(b"accept-encoding", b"gzip")]
    requests = (Request({"type": "http", "http_version": version, "headers": headers}) for version in ("1.0", "1.1"))
    assert [forms.is_packed(request, MIB) for request in requests] == [False, True]


def test_the_packed_form_of_an_answer_takes_room_as_well() -> None:
    kept = Kept(replace(Limits(), kept=13_000, kept_answer=5000))
    questions = [Question(query=name, base="http://x/", results="json", graph="turtle") for name in "ab"]
    content = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(150))
    for question in questions:
        answer = Answer(status=200, form="bindings", body=io.BytesIO(content), size=len(content))
        found = kept.keep(question, answer)
    assert kept.of(questions[0]) is not None and kept.of(questions[1]) is not None
    assert found is not None and gzip.decompress(kept.packed(questions[1], found)) == content
    assert kept.of(questions[0]) is None, "it made room"
    assert kept.of(questions[1]) is found
