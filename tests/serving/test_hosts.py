"""The same requests to Apache, nginx and our own server, over one site."""

import gzip
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from communique.hosting.host_rules import host_rules

RESULTS = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
COMUNICA = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,text/html;q=0.2"
RENAMED = {
    "sco/Con": "sco/con~abc",
    "sco/a%27b$": "sco/a-b~def",
    "Con/": "con~abc/index",
    ".x/.con": "sco/con~abc",
    ".env": "con~abc/index",
}
ODD = dict.fromkeys(("sco/a%252Fb", "sco/a%22b", "sco/a%5Cb", "sco/a%25b", "sco/a%3Fb", "sco/a%23b"), "sco/a-b~def")
TWICE = "sco/a%252Fb"
"""What the client of our own server decodes twice."""
EVERY = ("html", "ttl", "jsonld", "trig", "nt", "rdf", "nq")
FILES: dict[str, str] = {
    "index.html": "<p>home",
    "404.html": "<p>no such page",
    "404.ru.html": "<p>нет такой страницы",
    "404.zh.html": "<p>没有这个页面",
    "404.zh-hant.html": "<p>沒有這個頁面",
    **{f"sco/x.{language}.html": "x" for language in ("ru", "zh-hant", "zh")},
    **{f"sco/x.{extension}": "x" for extension in EVERY},
    **{f"sco/three.{extension}": "x" for extension in ("html", "ttl", "jsonld")},
    **{f"sco/con~abc.{extension}": "x" for extension in EVERY},
    **{f"sco/a-b~def.{extension}": "x" for extension in EVERY},
    **{f"заседание/девятнадцатое.{extension}": "x" for extension in ("html", "ttl", "jsonld")},
    "sco.html": "<p>the dataset",
    "sco/y.php.html": "<p>",
    "classes/meeting.html": "<p>only a page",
    "sitemap.xml": "<urlset/>",
    ".well-known/void": "x",
    "linkset.json": '{"linkset": []}',
    "context.json": "{}",
    "assets/engine.abc.wasm": "x",
    "assets/query.abc.js": "x",
    "feed.atom": "<feed/>",
    "dumps/data.nq": "x",
    "dumps/data.nq.gz": "x",
    "dumps/data.nt": "x",
    "dumps/data.trig": "x",
    "dumps/data.nq.zst": "x",
    "dumps/index.html": "<p>what there is",
    "dumps/SHA256SUMS": "x",
    "dumps/1.0/SHA256SUMS": "x",
    "dumps/tables/person.csv": "x",
    "dumps/tables/person.csv-metadata.json": "{}",
    "sco/three/index.html": "<p>a folder beside a thing",
    **{f"place/index.{extension}": "x" for extension in ("html", "ru.html", "ttl", "jsonld", "trig")},
    **{f"con~abc/index.{extension}": "x" for extension in EVERY},
    "search.html": "<p>only a page",
    "CITATION.cff": "x",
    "citation.bib": "x",
    "citation.csl.json": "[]",
    "citation.ris": "x",
    "meetings.ics": "x",
    "assets/site.abc.css": "p {}",
    "assets/mark.abc.svg": "<svg/>",
}
SPOKEN = ["en", "ru", "zh-hant", "zh"]
FIRST = "en, de"
"""Whom the pages in the first language are for: the words of the interface are in another one."""
THING = "/sco/x"
PAGE = "text/html; charset=utf-8"
REQUESTS: list[tuple[str, str, str | None]] = [
    *(("GET", f"/{quote(name)}", None) for name in FILES if not name.startswith("404")),
    ("HEAD", "/sco/x.ttl", None),
    ("GET", "/", None),
    *(
        ("GET", THING, accept)
        for accept in (
            None,
            "",
            "*/*",
            BROWSER,
            JENA,
            COMUNICA,
            "text/html",
            "text/turtle",
            "TEXT/Turtle;charset=utf-8",
            "application/ld+json",
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
            "application/json",
            "application/*",
            "text/turtle, */*",
            "text/html;q=0.5, text/turtle",
            "text/html; q=0.5, text/turtle",
            "text/html;q=0, */*",
            "nonsense",
            "image/png",
            "text/turtle;q=0",
            "application/n-triples",
            "application/trig",
            "application/n-quads",
            "application/rdf+xml",
            "application/rdf+xml;q=0.5, application/n-triples",
            "application/n-triples;q=0.000, text/plain",
            "text/n3, */*;q=0.1",
            "text/rdf+n3",
            "application/x-turtle",
            "application/xhtml+xml, text/turtle",
            "application/x-trig, text/html;q=0.5",
            "text/x-nquads, */*;q=0.1",
            "text/plain",
            "text/plain, */*;q=0.1",
            "text/plain, */*",
            "text/plain;q=0.5",
            "text/plain;q=0.9, */*;q=0.1",
            "text/plain;q=1.0, text/markdown;q=0.9, text/html;q=0.8, */*;q=0.1",
            "application/json, text/plain, */*",
            "text/turtle;q=0, text/plain",
            "application/*;q=0.4, application/ld+json;q=0",
        )
    ),
    *(("GET", "/sco/three", accept) for accept in ("text/html;q=0, */*", "application/json", BROWSER)),
    ("HEAD", THING, "text/turtle"),
    ("GET", THING + "?a=b", "text/turtle"),
    ("GET", "/sco", BROWSER),
    ("GET", "/sco", "text/turtle"),
    ("GET", "/classes/meeting", BROWSER),
    ("GET", quote("/заседание/девятнадцатое"), "text/turtle"),
    ("GET", quote("/заседание/девятнадцатое"), BROWSER),
    ("GET", "/sco/Con", "text/turtle"),
    ("GET", "/sco/Con", BROWSER),
    ("GET", "/sco/a%27b$", BROWSER),
    *(("GET", f"/{path}", accept) for path in ODD if path != TWICE for accept in (BROWSER, "text/turtle")),
    *(
        ("GET", path, BROWSER)
        for path in (
            "/nothing",
            "/sco/",
            "/dumps/tables",
            "/dumps/tables/",
            "/sco/x.html/",
            "/sco/x/y",
            "/none/SHA256SUMS",
        )
    ),
    *(("GET", path, BROWSER) for path in ("/dumps", "/dumps?a=b", "/dumps/", "/sco/three", "/sco/three/")),
    *(
        (method, path, accept)
        for path in ("/place/", "/Con/", "/dumps/", "/", "/place/?a=b")
        for accept in (None, "*/*", BROWSER, JENA, "text/turtle", "application/json", "image/png", "text/html;q=0, */*")
        for method in ("GET", "HEAD")
    ),
    *(("GET", path, BROWSER) for path in ("/place", "/none/", "/place/index", "/place/x/", "/search/")),
    *(("GET", path, "text/turtle") for path in ("/place", "/place/index", "/sco/three/")),
    *(
        ("GET", path, accept)
        for path in ("/search", "/sco/three", "/place/")
        for accept in (
            "application/ld+json, text/html;q=0.5",
            "application/trig;q=0.9, text/turtle;q=0.8, text/html;q=0.7",
            "application/trig;q=0.9, application/ld+json;q=0.8, text/turtle;q=0.7, text/html;q=0.1",
            "application/trig;q=0.9, text/html;q=0, */*;q=0.1",
        )
    ),
    *(
        ("GET", path, accept)
        for path in ("/.x/.con", "/.env", "/.env?a=b")
        for accept in (BROWSER, "text/turtle", "image/png")
    ),
    *(
        ("GET", path, BROWSER)
        for path in (
            "/.x",
            "/.x/",
            "/.x/.con.html",
            "/.env/",
            "/.x/.env",
            "/sco/.hidden",
            "/.well-known",
            "/none.ru.html",
        )
    ),
    *(("HEAD", path, BROWSER) for path in ("/place/", "/dumps/", "/", "/none/")),
    *(("GET", path, BROWSER) for path in ("/none.zh-hant.html", "/sco/none.zh.html", "/sco/none.html")),
]


@dataclass(frozen=True)
class Answer:
    """What must be the same whoever answers."""

    status: int
    media_type: str
    location: str
    vary: str
    language: str


def ask(port: int, request: tuple[str, str, str | None], language: str | None = None) -> tuple[Answer, dict[str, str]]:
    method, path, accept = request
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {} if accept is None else {"Accept": accept}
    connection.request(method, path, headers=headers if language is None else headers | {"Accept-Language": language})
    response = connection.getresponse()
    response.read()
    connection.close()
    return answer(response.status, found := fields(response)), found


def fields(response: http.client.HTTPResponse) -> dict[str, str]:
    """Join the lines of a field, as RFC 9110, section 5.3, has it."""
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
    return found


def answer(status: int, headers: dict[str, str]) -> Answer:
    """Keep what counts: the bodies of redirections and refusals are each host's own."""
    location = headers.get("location", "")
    parts = urlsplit(location)
    assert parts.hostname in (None, "127.0.0.1")
    media_type = headers.get("content-type", "") if status in (200, 404) else ""
    vary = ", ".join(sorted(field.strip() for field in headers.get("vary", "").split(",")))
    language = headers.get("content-language", "")
    return Answer(status, media_type, unquote(parts.path) + parts.query, vary, language)


def open_to_servers(folder: Path) -> None:
    """Let a server that runs as nobody read a temporary folder, whose parents pytest keeps to itself."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for each in (folder.resolve(), *folder.resolve().parents):
        if temporary in each.parents:
            each.chmod(0o755)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hosts")
    open_to_servers(root)
    folder = root / "site"
    # Too small a file is not packed, and then it need not vary.
    files = {name: content.encode().ljust(600) for name, content in FILES.items()}
    files[".env"] = b"secret"
    files["dumps/data.nq.gz"] = gzip.compress(files["dumps/data.nq"], mtime=0)
    for name, content in (
        files
        | dict(host_rules(base="https://example.org/", renamed=RENAMED | ODD, languages=SPOKEN, interface=FIRST[-2:]))
    ).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    shutil.copytree(folder, root / "outer" / "inner")
    return folder


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        message = f"{name} is not installed: its rules are not tried"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def running(command: list[str], port: int) -> Iterator[int]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            wait(process, port)
            yield port
        finally:
            process.terminate()


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError((process.stdout.read() if process.stdout else b"").decode())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not begin to listen")


def apache_on(root: Path, folder: Path) -> Iterator[int]:
    executable, port = program("apache2"), free_port()
    modules = (
        "mpm_event",
        "authz_core",
        "deflate",
        "filter",
        "mime",
        "dir",
        "rewrite",
        "headers",
        "negotiation",
        "autoindex",
    )
    lines = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules]
    lines += [
        f"ServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\nErrorLog {folder}/error.log",
        f"DefaultRuntimeDir {folder}\nDocumentRoot {root}\nTypesConfig /etc/mime.types\nStartServers 1",
        f"<Directory {root}>\nOptions Indexes FollowSymLinks MultiViews\nAllowOverride All\nRequire all granted",
        '</Directory>\n<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>',
    ]
    if os.getuid() == 0:
        lines.append("User nobody\nGroup nogroup")
    (folder / "apache.conf").write_text("\n".join(lines) + "\n")
    yield from running([executable, "-f", f"{folder}/apache.conf", "-D", "FOREGROUND"], port)


def nginx_on(root: Path, rules: Path, folder: Path) -> Iterator[int]:
    executable, port = program("nginx"), free_port()
    places = "client_body proxy fastcgi uwsgi scgi"
    temporary = "".join(f"{place}_temp_path {folder}/{place};\n" for place in places.split())
    (folder / "nginx.conf").write_text(
        f"daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}"
        f"server {{\nlisten 127.0.0.1:{port};\nroot {root};\ninclude {rules};\n}}\n}}\n"
    )
    yield from running([executable, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"], port)


@pytest.fixture(scope="module")
def apache(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from apache_on(site, tmp_path_factory.mktemp("apache"))


@pytest.fixture(scope="module")
def nginx(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from nginx_on(site, site / "_hosting/nginx.conf", tmp_path_factory.mktemp("nginx"))


@pytest.fixture(scope="module")
def own(server: Any, site: Path) -> Iterator[Any]:
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    with server(files=files) as client:
        client.headers.pop("accept", None)
        yield client


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_a_host_answers_as_our_own_server_does(
    request: pytest.FixtureRequest, own: Any, host: str, request_: tuple[str, str, str | None]
) -> None:
    port = request.getfixturevalue(host)
    found, told = ask(port, request_)
    method, path, accept = request_
    headers = {"Accept": "" if accept is None else accept}
    expected = own.request(method, path, headers=headers)
    assert found == answer(expected.status_code, {k.lower(): v for k, v in expected.headers.items()})
    assert told.get("content-location") == expected.headers.get("content-location")


@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_an_escaped_percent_sign_is_one(request: pytest.FixtureRequest, host: str) -> None:
    found, _ = ask(request.getfixturevalue(host), ("GET", f"/{TWICE}", "text/turtle"))
    assert (found.status, found.location) == (303, "/sco/a-b~def.ttl")


@pytest.mark.parametrize("host", ["apache", "nginx", "own"])
def test_a_folder_without_its_slash_leads_to_its_page(request: pytest.FixtureRequest, own: Any, host: str) -> None:
    if host == "own":
        response = own.get("/dumps")
        found = answer(response.status_code, dict(response.headers))
    else:
        found, _ = ask(request.getfixturevalue(host), ("GET", "/dumps", None))
    assert found == Answer(308, "", "/dumps/", "", "")


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize(
    ("language", "location"),
    [
        (None, "/sco/x.html"),
        ("", "/sco/x.html"),
        ("en", "/sco/x.html"),
        ("ru", "/sco/x.ru.html"),
        ("RU-ru, ru;q=0.9, en-US;q=0.8, en;q=0.7", "/sco/x.ru.html"),
        ("fr, ru;q=0.5", "/sco/x.ru.html"),
        ("ru;q=0, zh;q=0.3", "/sco/x.zh.html"),
        ("zh-Hant-TW", "/sco/x.zh-hant.html"),
        ("zh-CN,zh;q=0.9", "/sco/x.zh.html"),
        ("*, ru;q=0.5", "/sco/x.html"),
        ("en;q=0.1,ru;q=0.5", "/sco/x.ru.html"),
        ("ru;q=0.5, en", "/sco/x.html"),
        ("ru;q=0.5, zh;q=0.9, en;q=0.1", "/sco/x.zh.html"),
        ("en;q=0.01, zh-Hant;q=0.2, ru; Q=0.19", "/sco/x.zh-hant.html"),
        ("ru;q=0.001", "/sco/x.ru.html"),
        ("ru;q=0.000, en;q=0.1", "/sco/x.html"),
        ("ru;q=0.3, en;q=0.3", "/sco/x.ru.html"),
        ("ru;q=0.3, en;q=1.0", "/sco/x.html"),
        ("fr;q=0.9, ru;q=0.1, de", "/sco/x.ru.html"),
        ("fr", "/sco/x.html"),
        ("rut, enx", "/sco/x.html"),
        ('ru"}{$;', "/sco/x.html"),
    ],
)
def test_a_page_is_sent_in_the_language_of_the_reader(
    request: pytest.FixtureRequest, own: Any, host: str, language: str | None, location: str
) -> None:
    found, _ = ask(request.getfixturevalue(host), ("GET", THING, BROWSER), language)
    headers = {"Accept": BROWSER} | ({} if language is None else {"Accept-Language": language})
    answered = own.get(THING, headers=headers)
    assert found == answer(answered.status_code, dict(answered.headers))
    assert found == Answer(303, "", location, "Accept, Accept-Language", "")


def asked(request: pytest.FixtureRequest, host: str, path: str, accept: str, language: str) -> Answer:
    """Return what a host, or our own server, answers to a reader of a language."""
    served = request.getfixturevalue(host)
    if host != "own":
        return ask(served, ("GET", path, accept), language)[0]
    response = served.get(path, headers={"Accept": accept, "Accept-Language": language})
    return answer(response.status_code, dict(response.headers))


@pytest.mark.parametrize("host", ["apache", "nginx", "own"])
@pytest.mark.parametrize(
    ("language", "sent"),
    [("ru", "ru"), ("RU-ru, en;q=0.5", "ru"), ("en, ru", FIRST), ("", FIRST), ("zh", FIRST), ("fr", FIRST)],
)
def test_the_page_of_a_thing_whose_iri_ends_in_a_slash_is_shown_in_the_language_of_the_reader(
    request: pytest.FixtureRequest, host: str, language: str, sent: str
) -> None:
    for path in ("/place/", "/place/?a=b"):
        found = asked(request, host, path, BROWSER, language)
        assert found == Answer(200, PAGE, "", "Accept, Accept-Encoding, Accept-Language", sent)
    found = asked(request, host, "/place/", "text/turtle", language)
    assert found == Answer(303, "", "/place/index.ttl", "Accept, Accept-Language", "")
    assert asked(request, host, "/place/index.html", BROWSER, language).language == FIRST


@pytest.mark.parametrize("host", ["apache", "nginx", "own"])
@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (("GET", "/sco/x.html", BROWSER), Answer(200, PAGE, "", "Accept-Encoding", FIRST)),
        (
            ("GET", "/sco/x.zh-hant.html", BROWSER),
            Answer(200, PAGE, "", "Accept-Encoding", "zh-hant"),
        ),
        (("GET", "/", BROWSER), Answer(200, PAGE, "", "Accept-Encoding", FIRST)),
        (("GET", THING, "text/turtle"), Answer(303, "", "/sco/x.ttl", "Accept, Accept-Language", "")),
        (("GET", "/sco/x.ru", BROWSER), Answer(303, "", "/sco/x.ru.html", "Accept, Accept-Language", "")),
        (
            ("GET", "/none", BROWSER),
            Answer(404, PAGE, "", "Accept, Accept-Encoding, Accept-Language", "ru"),
        ),
    ],
)
def test_the_address_of_a_document_wins_over_the_language_of_the_reader(
    request: pytest.FixtureRequest, host: str, request_: tuple[str, str, str], expected: Answer
) -> None:
    _, path, accept = request_
    assert asked(request, host, path, accept, "ru") == expected


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize(
    "path", ["//evil.example/../sco/x", "//sco/x", "/%5cevil.example/..%2fsco/x", "/sco/x%0d%0aA:b", "//dumps"]
)
def test_no_address_leads_to_another_host_or_into_the_headers(
    request: pytest.FixtureRequest, host: str, path: str
) -> None:
    found, headers = ask(request.getfixturevalue(host), ("GET", path, BROWSER))
    assert not found.location.startswith("//")
    assert "a" not in headers


@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_below_full_weight_a_host_takes_what_is_named_first(
    request: pytest.FixtureRequest, own: Any, host: str
) -> None:
    accept = "text/html;q=0.2, text/turtle;q=0.9"
    found, _ = ask(request.getfixturevalue(host), ("GET", THING, accept))
    assert found.location == "/sco/x.html"
    assert own.get(THING, headers={"Accept": accept}).headers["location"] == "/sco/x.ttl"


@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_the_page_of_a_folder_says_its_own_address(request: pytest.FixtureRequest, own: Any, host: str) -> None:
    port, name = request.getfixturevalue(host), "content-location"
    for path, language in (
        ("/place/", "ru"),
        ("/place/?a=b", FIRST),
        ("/dumps/", "ru"),
        ("/?a=/b/", "ru"),
        ("/", "ru"),
    ):
        found = ask(port, ("GET", path, BROWSER), language)[1][name]
        assert found == own.get(path, headers={"Accept": BROWSER, "Accept-Language": language}).headers[name]
    for path in ("/place/index.ru.html", "/dumps/index.html?a/", "/none/", "/none", THING):
        assert name not in ask(port, ("GET", path, BROWSER))[1]
    for method in ("OPTIONS", "POST"):
        assert name not in ask(port, (method, "/dumps/", BROWSER))[1]


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_what_is_missing_varies_alike(request: pytest.FixtureRequest, own: Any, host: str, accept: str) -> None:
    expected = own.get("/none", headers={"Accept": accept})
    found, _ = ask(request.getfixturevalue(host), ("GET", "/none", accept))
    assert found.vary == answer(404, dict(expected.headers)).vary == "Accept, Accept-Encoding, Accept-Language"


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("part", [",", "fr;q=0.5,", "ru ;", "ru-a,", " ", "ru;q=0.5;"])
def test_a_long_header_is_no_burden(request: pytest.FixtureRequest, host: str, part: str) -> None:
    port, long = request.getfixturevalue(host), part * (7000 // len(part))
    began = time.monotonic()
    assert ask(port, ("GET", THING, BROWSER), long)[0].status == 303
    assert ask(port, ("GET", THING, long), "ru")[0].status in (303, 406)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("path", ["/", "/sco/x.ttl", "/sco/x", "/nothing", "/assets/site.abc.css"])
def test_every_answer_has_the_headers_of_our_own(
    request: pytest.FixtureRequest, own: Any, host: str, path: str
) -> None:
    _, headers = ask(request.getfixturevalue(host), ("GET", path, BROWSER))
    expected = own.get(path, headers={"Accept": BROWSER}).headers
    for name in ("access-control-allow-origin", "x-content-type-options", "referrer-policy", "content-security-policy"):
        assert name in headers
        assert headers[name] == expected.get(name, headers[name])
    assert ("immutable" in headers["cache-control"]) == path.startswith("/assets/")


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("path", ["/", "/sco/x", "/sco/x.ttl", "/dumps", "/dumps/SHA256SUMS", "/nothing"])
def test_a_script_of_another_site_may_accept_more_types_than_a_browser_sends_unasked(
    request: pytest.FixtureRequest, own: Any, host: str, path: str
) -> None:
    found, headers = ask(request.getfixturevalue(host), ("OPTIONS", path, None))
    expected = own.options(path)
    assert (found.status, found.vary) == (expected.status_code, "") == (204, "")
    for name in ("origin", "methods", "headers"):
        allowed = f"access-control-allow-{name}"
        assert headers[allowed] == expected.headers[allowed]
    assert headers["allow"] == expected.headers["allow"]
    _, headers = ask(request.getfixturevalue(host), ("GET", path, None))
    assert "access-control-allow-methods" not in headers


@pytest.mark.parametrize("path", ["/.htaccess", "/sco/.htaccess", "/.git/config"])
def test_nobody_shows_what_is_hidden(own: Any, apache: int, nginx: int, path: str) -> None:
    assert own.get(path).status_code == 404
    assert ask(nginx, ("GET", path, None))[0].status == 404
    # Apache itself denies what begins with ".ht".
    assert ask(apache, ("GET", path, None))[0].status == (403 if ".ht" in path else 404)


@pytest.mark.parametrize("host", ["apache", "nginx", "own"])
def test_a_thing_that_is_called_as_a_hidden_file_leads_to_its_document(
    request: pytest.FixtureRequest, host: str
) -> None:
    for path, document in (("/.env", "/con~abc/index"), ("/.x/.con", "/sco/con~abc")):
        found = asked(request, host, path, "text/turtle", "en")
        assert found == Answer(303, "", f"{document}.ttl", "Accept, Accept-Language", "")


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", THING, "/sco/x.ttl", "/dumps/SHA256SUMS", "/.well-known/void", "/none"])
def test_what_is_only_read_is_refused_to_who_would_change_it(
    request: pytest.FixtureRequest, own: Any, host: str, path: str, method: str
) -> None:
    found, headers = ask(request.getfixturevalue(host), (method, path, BROWSER))
    answered = own.request(method, path)
    assert found == answer(answered.status_code, dict(answered.headers)) == Answer(405, "", "", "", "")
    assert headers["cache-control"] == answered.headers["cache-control"] == "no-store"
    assert answered.headers["allow"] == "GET, HEAD, OPTIONS"
    # Apache gives its own list, with TRACE unless its operator has switched that off.
    assert headers["allow"].removesuffix(", TRACE") == answered.headers["allow"]


@pytest.mark.parametrize("host", ["apache", "nginx"])
@pytest.mark.parametrize("path", ["/none", "/sco/none.ru.html", THING])
def test_what_is_refused_is_not_kept(request: pytest.FixtureRequest, own: Any, host: str, path: str) -> None:
    found, headers = ask(request.getfixturevalue(host), ("GET", path, "image/png, text/html;q=0"))
    answered = own.get(path, headers={"Accept": "image/png, text/html;q=0"})
    assert found.status == answered.status_code in (404, 406)
    assert headers["cache-control"] == answered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["apache", "nginx"])
def test_a_host_packs_what_becomes_smaller_and_nothing_else(request: pytest.FixtureRequest, host: str) -> None:
    port = request.getfixturevalue(host)
    for path in ("/sco/x.html", "/sco/x.ttl", "/dumps/data.nq", "/.well-known/void", "/assets/engine.abc.wasm"):
        status, headers, body = packed(port, path)
        assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
        assert gzip.decompress(body) == FILES[path[1:]].encode().ljust(600)
        assert packed(port, path, **{"If-None-Match": headers["etag"]})[0] == 304
    assert "content-encoding" not in packed(port, "/dumps/data.nq.gz")[1]
    assert "content-encoding" not in packed(port, "/sco/x")[1]


def test_nginx_sends_the_packed_dump_that_the_build_has_written(nginx: int, site: Path) -> None:
    assert packed(nginx, "/dumps/data.nq")[2] == (site / "dumps/data.nq.gz").read_bytes()


def packed(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": "*/*", "Accept-Encoding": "gzip, br", **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, fields(response), body


def test_apache_serves_a_site_in_a_folder_of_the_host(site: Path, tmp_path: Path) -> None:
    for port in apache_on(site.parent / "outer", tmp_path):
        assert ask(port, ("GET", "/inner", BROWSER))[0] == Answer(308, "", "/inner/", "", "")
        assert ask(port, ("GET", "/inner/sco/x", "text/turtle"))[0].location == "/inner/sco/x.ttl"
        assert ask(port, ("GET", "/inner/sco/Con", "text/turtle"))[0].location == "/inner/sco/con~abc.ttl"
        assert ask(port, ("GET", "/inner/dumps", None))[0].location == "/inner/dumps/"
        assert ask(port, ("GET", "/inner/place/", "text/turtle"))[0].location == "/inner/place/index.ttl"
        shown = ask(port, ("GET", "/inner/place/", BROWSER), "ru")[0]
        assert shown == Answer(200, PAGE, "", "Accept, Accept-Encoding, Accept-Language", "ru")
        assert ask(port, ("GET", "/inner/Con/", "text/turtle"))[0].location == "/inner/con~abc/index.ttl"
        assert ask(port, ("GET", "/inner/", None))[0].status == 200
        assert ask(port, ("GET", "/inner/nothing", None))[0] == Answer(
            404, PAGE, "", "Accept, Accept-Encoding, Accept-Language", FIRST
        )


@pytest.mark.parametrize("name", ["linked", "é b", "100%", "a+b&c", "a#b", "a$1", "sco"])
def test_the_address_of_a_site_on_apache_is_found_without_its_slash_whatever_its_folder_is_called(
    site: Path, tmp_path: Path, name: str
) -> None:
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    open_to_servers(root / "deep")
    (root / "deep" / name).symlink_to(site.parent / "outer" / "inner")
    (root / name).symlink_to(site)
    for port in apache_on(root, tmp_path):
        for path in (quote(f"/{name}"), quote(f"/deep/{name}")):
            for asked in (path, f"{path}?a=b", f"/{path}", f"//none.example/..{path}", f"/%2e{path}"):
                found, headers = ask(port, ("GET", asked, BROWSER))
                assert (found.status, found.location) == (308, unquote(f"{path}/"))
                led = urlsplit(headers["location"]).path
                assert ask(port, ("GET", led, BROWSER))[0] == Answer(200, PAGE, "", "Accept-Encoding", FIRST)
            assert ask(port, ("POST", path, BROWSER))[0].status == 405
            assert ask(port, ("OPTIONS", path, BROWSER))[0].status == 204
            assert ask(port, ("GET", f"{path}/index.html", BROWSER))[0].status == 200
            assert ask(port, ("GET", f"{path}{THING}", "text/turtle"))[0].location == unquote(f"{path}{THING}.ttl")
            assert ask(port, ("GET", f"{path}/sco/a%23b", BROWSER))[0].location == unquote(f"{path}/sco/a-b~def.html")
            assert ask(port, ("GET", f"{path}/dumps", None))[0].location == unquote(f"{path}/dumps/")


def test_nginx_serves_a_site_in_the_folder_that_the_data_name(site: Path, tmp_path: Path) -> None:
    rules = dict(host_rules(base="https://example.org/", renamed=RENAMED, address="https://data.example/inner/"))
    (tmp_path / "rules.conf").write_bytes(rules["_hosting/nginx.conf"])
    for port in nginx_on(site.parent / "outer", tmp_path / "rules.conf", tmp_path):
        for path in ("/inner", "/inner?a=b", "//inner"):
            found, headers = ask(port, ("GET", path, BROWSER))
            assert found == Answer(308, "", "/inner/", "", "")
            assert headers["access-control-allow-origin"] == "*"
        assert [ask(port, (method, "/inner", None))[0].status for method in ("OPTIONS", "POST")] == [204, 405]
        assert ask(port, ("GET", "/inner/sco/x", "text/turtle"))[0].location == "/inner/sco/x.ttl"
        assert ask(port, ("GET", "/inner/sco/Con", "text/turtle"))[0].location == "/inner/sco/con~abc.ttl"
        assert ask(port, ("GET", "/inner/dumps", None))[0].location == "/inner/dumps/"
        assert ask(port, ("GET", "/inner/place/", "text/turtle"))[0].location == "/inner/place/index.ttl"
        assert ask(port, ("GET", "/inner/place/", BROWSER))[0].vary == "Accept, Accept-Encoding"
        assert ask(port, ("GET", "/inner/Con/", "text/turtle"))[0].location == "/inner/con~abc/index.ttl"
        assert ask(port, ("GET", "/inner/dumps/SHA256SUMS", None))[0].media_type == "text/plain; charset=utf-8"
        assert ask(port, ("GET", "/inner/", None))[0].status == 200
        assert ask(port, ("GET", "/inner/nothing", None))[0] == Answer(404, PAGE, "", "Accept, Accept-Encoding", "en")


def test_w3id_sends_files_on_and_negotiates_for_things(tmp_path: Path) -> None:
    base = "https://w3id.org/example/"
    rules = dict(host_rules(base=base, renamed=RENAMED, address="https://data.example/x/", folders=["", "dumps/"]))
    root = tmp_path / "w3id"
    (root / "example").mkdir(parents=True)
    open_to_servers(root)
    (root / "example/.htaccess").write_bytes(rules["_hosting/w3id/.htaccess"])
    expected = {
        ("/example/", BROWSER): (302, "https://data.example/x/"),
        ("/example/", "text/turtle"): (302, "https://data.example/x/"),
        ("/example/dumps/", "text/turtle"): (302, "https://data.example/x/dumps/"),
        ("/example/place/", BROWSER): (302, "https://data.example/x/place/"),
        ("/example/place/", "text/turtle"): (303, "https://data.example/x/place/index.ttl"),
        ("/example/place/", "image/png"): (406, None),
        ("/example/Con/", "text/turtle"): (303, "https://data.example/x/con~abc/index.ttl"),
        ("/example/sco/x.ttl", None): (302, "https://data.example/x/sco/x.ttl"),
        ("/example/CITATION.cff", None): (302, "https://data.example/x/CITATION.cff"),
        ("/example/dumps/SHA256SUMS", None): (302, "https://data.example/x/dumps/SHA256SUMS"),
        ("/example/.well-known/void", None): (302, "https://data.example/x/.well-known/void"),
        ("/example/sco/x", "text/turtle"): (303, "https://data.example/x/sco/x.ttl"),
        ("/example/sco/x", BROWSER): (303, "https://data.example/x/sco/x.html"),
        ("/example/sco/Con", "application/ld+json"): (303, "https://data.example/x/sco/con~abc.jsonld"),
        ("/example/sco/x", "image/png"): (406, None),
        ("/example/sparql?query=ASK%20%7B%7D&format=%2B", RESULTS): (
            307,
            "https://data.example/x/sparql?query=ASK%20%7B%7D&format=%2B",
        ),
        ("/example/sparql", "text/turtle"): (307, "https://data.example/x/sparql"),
        ("/example/lookup?uri=urn%3Ax%23y", "*/*"): (307, "https://data.example/x/lookup?uri=urn%3Ax%23y"),
        ("/example/reconcile/suggest/entity", None): (307, "https://data.example/x/reconcile/suggest/entity"),
        ("/example/sparql.html", BROWSER): (302, "https://data.example/x/sparql.html"),
        ("/example/sparql/x", "text/turtle"): (303, "https://data.example/x/sparql/x.ttl"),
    }
    for port in apache_on(root, tmp_path):
        found, varying = {}, set()
        for path, accept in expected:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path, headers={"Accept": accept} if accept else {})
            response = connection.getresponse()
            found[path, accept] = (response.status, response.getheader("Location"))
            varying |= {(path, accept)} if response.getheader("Vary") == "Accept" else set()
            connection.close()
        assert found == expected
        chosen = {key for key, (status, _) in expected.items() if status not in (302, 307)}
        assert varying == chosen | {("/example/place/", BROWSER)}
        asked, headers = ask(port, ("OPTIONS", "/example/sco/x", None))
        assert asked.status == 204
        assert "Accept" in headers["access-control-allow-headers"]
        assert "POST" not in headers["access-control-allow-methods"]
        refused, headers = ask(port, ("POST", "/example/sco/x", None))
        assert (refused.status, headers["allow"].removesuffix(", TRACE")) == (405, "GET, HEAD, OPTIONS")
        asked, headers = ask(port, ("OPTIONS", "/example/sparql", None))
        assert (asked.status, headers["access-control-allow-methods"]) == (204, "GET, HEAD, POST, OPTIONS")
        assert "Content-Type" in headers["access-control-allow-headers"]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/example/sparql", "ASK {}", {"Content-Type": "application/sparql-query"})
        posted = connection.getresponse()
        assert (posted.status, posted.getheader("Location")) == (307, "https://data.example/x/sparql")
        connection.close()


def test_w3id_leads_readers_to_pages_in_their_language(tmp_path: Path) -> None:
    base = "https://w3id.org/example/"
    address = "https://data.example/x/"
    rules = dict(host_rules(base=base, renamed=RENAMED, languages=SPOKEN, address=address, folders=[""]))
    root = tmp_path / "w3id"
    (root / "example").mkdir(parents=True)
    open_to_servers(root)
    (root / "example/.htaccess").write_bytes(rules["_hosting/w3id/.htaccess"])
    expected = {
        ("/example/sco/x", BROWSER, None): "sco/x.html",
        ("/example/sco/x", BROWSER, "ru-RU, en;q=0.5"): "sco/x.ru.html",
        ("/example/sco/x", BROWSER, "en, ru"): "sco/x.html",
        ("/example/sco/Con", BROWSER, "zh-Hant-TW"): "sco/con~abc.zh-hant.html",
        ("/example/sco/x", "text/turtle", "ru"): "sco/x.ttl",
        ("/example/place/", BROWSER, None): "place/",
        ("/example/place/", BROWSER, "en, ru"): "place/",
        ("/example/place/", BROWSER, "ru-RU"): "place/index.ru.html",
        ("/example/place/", "text/turtle", "ru"): "place/index.ttl",
        ("/example/", BROWSER, "ru"): "",
        ("/example/sco/x.html", BROWSER, "ru"): "sco/x.html",
    }
    for port in apache_on(root, tmp_path):
        found, statuses = {}, {}
        for path, accept, language in expected:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request(
                "GET", path, headers={"Accept": accept} | ({"Accept-Language": language} if language else {})
            )
            response = connection.getresponse()
            found[path, accept, language] = str(response.getheader("Location")).removeprefix("https://data.example/x/")
            varies = (response.getheader("Vary") or "").replace(" ", "")
            is_fixed = path.endswith((".html", "example/"))
            assert varies == ("" if is_fixed else "Accept,Accept-Language")
            statuses[path, language] = response.status
            connection.close()
        assert found == expected
        assert (statuses["/example/place/", "en, ru"], statuses["/example/place/", "ru-RU"]) == (302, 303)
