"""What is sent packed, to whom, and how caches and clients tell the two forms apart."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from communique.serving.encodings import Coding, wanted
from communique.serving.files import LARGE

PAGE = b"<html><head></head>" + b"<p>Some words of a page.</p>" * 100
TURTLE = b"".join(b"<http://example.org/%d> <http://example.org/p> 1 .\n" % number for number in range(100))
DUMP = TURTLE * 300
FILES = {
    "x.html": PAGE,
    "sparql.html": PAGE,
    "index.html": PAGE,
    "404.html": b"<p>no such page" * 100,
    "x.ttl": TURTLE,
    "small.css": b"p {}",
    "picture.png": b"\x89PNG" * 1000,
    "engine.wasm": b"\0asm" * LARGE,
    "dumps/data.nt": DUMP,
    "dumps/data.nt.gz": gzip.compress(DUMP, 9, mtime=0),
}
BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[TestClient]:
    with server(files=FILES) as client:
        client.headers["Accept-Encoding"] = BROWSER
        yield client


def body(client: TestClient, path: str, **headers: str) -> tuple[Any, bytes]:
    """Return a response, and its body as it came."""
    with client.stream("GET", path, headers=headers) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("path", ["/x.html", "/x.ttl", "/x.nt", "/engine.wasm", "/", "/dumps/data.nt"])
def test_what_becomes_smaller_is_sent_packed_to_those_who_unpack_it(client: TestClient, path: str) -> None:
    response, raw = body(client, path)
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) == len(raw) < len(plain.content) / 3
    assert gzip.decompress(raw) == plain.content
    assert "content-encoding" not in plain.headers
    assert response.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert client.head(path).headers == response.headers


def test_the_query_page_at_the_address_of_the_endpoint_is_packed_too(client: TestClient) -> None:
    response, raw = body(client, "/sparql", Accept="text/html")
    assert gzip.decompress(raw) == PAGE
    assert response.headers["vary"] == "Accept-Encoding, Accept"
    assert response.headers["content-location"] == "sparql.html"
    plain = client.get("/sparql", headers={"Accept": "text/html", "Accept-Encoding": "identity"})
    assert (plain.content, plain.headers["vary"]) == (PAGE, response.headers["vary"])


@pytest.mark.parametrize("path", ["/picture.png", "/small.css", "/dumps/data.nt.gz"])
def test_what_becomes_no_smaller_is_sent_as_it_is(client: TestClient, path: str) -> None:
    response, raw = body(client, path)
    assert "content-encoding" not in response.headers
    assert raw == FILES[path[1:]]


def test_a_packed_dump_is_the_one_that_the_build_has_written(client: TestClient) -> None:
    assert body(client, "/dumps/data.nt")[1] == FILES["dumps/data.nt.gz"]


@pytest.mark.parametrize("path", ["/x.html", "/engine.wasm", "/"])
def test_each_form_has_its_etag_and_either_is_known_again(client: TestClient, path: str) -> None:
    packed = client.get(path).headers["etag"]
    plain = client.get(path, headers={"Accept-Encoding": "identity"}).headers["etag"]
    assert packed == plain[:-1] + '-gzip"'
    for coding in (BROWSER, "identity"):
        for etag in (packed, plain, f'"other", W/{packed}'):
            answer = client.get(path, headers={"If-None-Match": etag, "Accept-Encoding": coding})
            assert answer.status_code == 304
            assert answer.headers["etag"] in etag
            assert answer.headers["vary"] == "Accept-Encoding"
    assert client.get(path, headers={"If-None-Match": '"other-gzip"'}).status_code == 200


def test_a_range_is_one_of_the_file_as_it_is(client: TestClient) -> None:
    plain = client.get("/x.html", headers={"Accept-Encoding": "identity"}).headers["etag"]
    response, raw = body(client, "/x.html", Range="bytes=1-4")
    assert (response.status_code, raw, response.headers["etag"]) == (206, PAGE[1:5], plain)
    assert "content-encoding" not in response.headers
    response, raw = body(client, "/x.html", Range="bytes=1-4", **{"If-Range": plain[:-1] + '-gzip"'})
    assert (response.status_code, gzip.decompress(raw)) == (200, PAGE)


def test_what_is_not_there_is_said_packed_too(client: TestClient) -> None:
    response, raw = body(client, "/nothing", Accept="text/html")
    assert response.status_code == 404
    assert gzip.decompress(raw) == FILES["404.html"]
    assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_who_takes_neither_form_gets_everything_as_it_is(client: TestClient) -> None:
    for path, status in (("/x.html", 200), ("/sparql", 200), ("/nothing", 404)):
        answers = [
            client.get(path, headers={"Accept": "text/html", "Accept-Encoding": coding})
            for coding in ("identity", "br, identity;q=0")
        ]
        assert [(each.status_code, each.headers.get("content-encoding")) for each in answers] == [(status, None)] * 2
        assert answers[0].content == answers[1].content
    response, raw = body(client, "/small.css", **{"Accept-Encoding": "gzip, *;q=0"})
    assert (response.headers["content-encoding"], gzip.decompress(raw)) == ("gzip", FILES["small.css"])


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", Coding.PLAIN),
        ("gzip", Coding.GZIP),
        ("GZIP;Q=0.1", Coding.GZIP),
        ("x-gzip", Coding.GZIP),
        ("deflate, br", Coding.PLAIN),
        ("*", Coding.GZIP),
        ("*;q=0, gzip", Coding.ONLY_GZIP),
        ("gzip;q=0, *", Coding.PLAIN),
        ("gzip;q=0", Coding.PLAIN),
        ("gzip;q=0.5, identity;q=0.6", Coding.PLAIN),
        ("gzip;q=0.5, identity;q=0.5", Coding.GZIP),
        ("identity;q=0", Coding.PLAIN),
        ("*;q=0", Coding.PLAIN),
        ("gzip, identity;q=0", Coding.ONLY_GZIP),
        ("nonsense;;=, gzip", Coding.GZIP),
        ("gzip;q=7", Coding.PLAIN),
        ("gzip," * 1000, Coding.PLAIN),
    ],
)
def test_the_header_is_read_as_its_specification_says(header: str, coding: Coding) -> None:
    assert wanted(header.encode()) is coding


def test_the_bytes_in_memory_are_bounded_with_their_packed_forms(tmp_path: Path) -> None:
    from communique.serving.files import in_gzip, read

    (tmp_path / "x.html").write_bytes(PAGE)
    file = read(tmp_path / "x.html", "x.html")
    packed = in_gzip(file)
    assert packed is not None
    assert packed.content is not None
    assert in_gzip(file) is packed
    assert file.room >= len(PAGE) + len(packed.content)
