"""The preview answers with the files of the site and with nothing else."""

import http.client
import os
import signal
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest

from communique.preview import answer, media_type, preferred


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret.html").write_text("secret")
    root = tmp_path / "public"
    (root / "sco").mkdir(parents=True)
    for name in ("index.html", "404.html", "sco/x.html", "sco/x.ttl", "sco/y.ttl", "sco/a b.html"):
        (root / name).write_text(name)
    (root / "sco/out.html").symlink_to(tmp_path / "secret.html")
    return root


def test_a_file_is_sent(root: Path) -> None:
    assert answer(root, target="/sco/x.ttl").file == root / "sco/x.ttl"


def test_a_folder_shows_its_index(root: Path) -> None:
    assert answer(root, target="/").file == root / "index.html"


def test_a_query_is_ignored(root: Path) -> None:
    assert answer(root, target="/sco/x.ttl?x=/../y").file == root / "sco/x.ttl"


def test_a_thing_is_answered_with_see_other(root: Path) -> None:
    found = answer(root, target="/sco/x")
    assert (found.status, found.location) == (HTTPStatus.SEE_OTHER, "./x.html")


def test_the_document_is_chosen_by_the_accept_header(root: Path) -> None:
    assert answer(root, target="/sco/x", accept="text/turtle").location == "./x.ttl"


def test_the_location_is_percent_encoded(root: Path) -> None:
    assert answer(root, target="/sco/a%20b").location == "./a%20b.html"


def test_a_missing_page_is_404_with_the_page_of_the_site(root: Path) -> None:
    found = answer(root, target="/nothing")
    assert (found.status, found.file) == (HTTPStatus.NOT_FOUND, root / "404.html")


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.html",
        "/sco/../../secret.html",
        "/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/sco/..%2f..%2fsecret",
        "//secret.html",
        "/sco//x.html",
        "/./index.html",
        "secret.html",
        "/sco/out.html",
        "/sco/out",
        "/%00",
        "/x%00.html",
        "*",
        "http://example.org/../secret.html",
        "/..\\secret.html",
        "/..;/secret.html",
        "/sco",
        "",
        "/" + "a" * 5000,
    ],
)
def test_no_path_leaves_the_site(root: Path, target: str) -> None:
    assert answer(root, target=target).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("", ".html"),
        ("*/*", ".html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ".html"),
        ("text/turtle", ".ttl"),
        ("text/html;q=0.4, application/ld+json;q=0.6", ".jsonld"),
        ("text/turtle;q=0", ".html"),
        ("text/turtle;q=x", ".html"),
        ("image/png", ".html"),
    ],
)
def test_accept_is_weighed(accept: str, extension: str) -> None:
    assert preferred(accept, [".html", ".ttl", ".jsonld"]) == extension


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.ttl", "text/turtle; charset=utf-8"),
        ("x.jsonld", "application/ld+json"),
        ("x.trig", "application/trig"),
        ("x.nq", "application/n-quads"),
        ("x.nt", "application/n-triples"),
        ("x.html", "text/html; charset=utf-8"),
        ("x.css", "text/css; charset=utf-8"),
        ("x.svg", "image/svg+xml"),
    ],
)
def test_media_types_are_the_registered_ones(name: str, expected: str) -> None:
    assert media_type(Path(name)) == expected


SERVER = """
import sys
from pathlib import Path
from communique.preview import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=0, announce=lambda address: print(address, flush=True))
"""


@pytest.fixture
def server(root: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(root)], stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def get(server: "subprocess.Popen[str]", path: str, method: str = "GET") -> http.client.HTTPResponse:
    host = server.stdout.readline().strip().removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, headers={"Accept": "text/turtle"})
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


def test_a_browser_gets_a_page(server: "subprocess.Popen[str]") -> None:
    response = get(server, "/sco/x.html")
    assert (response.status, response.content) == (200, b"sco/x.html")


def test_see_other_varies_by_accept(server: "subprocess.Popen[str]") -> None:
    response = get(server, "/sco/x")
    assert (response.status, response.headers["Location"], response.headers["Vary"]) == (303, "./x.ttl", "Accept")


def test_nothing_can_be_changed(server: "subprocess.Popen[str]") -> None:
    assert get(server, "/index.html", method="PUT").status == 501


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_preview_cleanly(server: "subprocess.Popen[str]", number: signal.Signals) -> None:
    server.stdout.readline()
    os.kill(server.pid, number)
    assert server.wait(timeout=10) == 0
