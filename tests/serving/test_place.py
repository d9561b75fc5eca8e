"""The address by which a server calls itself: the one that is stated, or where there is none, the one that is used."""

import contextlib
import http.client
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from communique import snapshots
from communique.errors import AccessError
from communique.lookup.name_source import write_names
from communique.project import Project
from communique.serving.app import application
from communique.serving.place import Place, absolute, seen_from_outside
from communique.serving.start import serve
from communique.store import Store
from communique.website.site import Site

ADA = '<https://example.org/ada> <http://www.w3.org/2000/01/rdf-schema#label> "Ada" .\n'
TURTLE = {"Accept": "text/turtle"}
RELATIVE = "/sparql?query=" + quote("CONSTRUCT { <x> <y> <z> } {}")
SERVER = """
    import sys
    from pathlib import Path
    from communique.serving.app import application
    from communique.serving.running import run
    folder = Path(sys.argv[1])
    app = application(folder / "site", snapshot=folder / "snapshot", triples=1, url="/", names=folder / "names.sqlite")
    run(app, host="127.0.0.1", port=0, announce=lambda line: print(line, flush=True), proxies=sys.argv[2])
"""
HOSTS = ("one.example:81", "two.example", "[::1]:8000")
WAYS = [
    "/sparql",
    "/sparql?format=nt",
    "/reconcile",
    "/reconcile?callback=f",
    "/reconcile/preview?id=https://example.org/ada",
    "/reconcile/view?id=https://example.org/ada",
    "/label/Ada",
    RELATIVE,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    (folder / "data.nt").write_text(ADA)
    project = Project.open(folder / "data.nt")
    write_names(folder / "names.sqlite", site=Site(project, Store.load(project)))
    snapshots.write([], folder / "snapshot")
    (folder / "site").mkdir()
    return folder


@contextlib.contextmanager
def started(folder: Path, *, proxy: str = "127.0.0.1") -> Iterator[int]:
    command = [sys.executable, "-c", textwrap.dedent(SERVER), str(folder), proxy]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with started(folder) as port:
        yield port


def told(port: int, target: str, **fields: str) -> str:
    """Return what is said in an answer, its Location as well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
    for name, value in {**TURTLE, **fields}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    text = f"{response.headers.get('Location', '')}\n{response.read().decode()}"
    connection.close()
    assert response.status in (200, 302), text
    return text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0", "::0"])
def test_who_listens_on_every_address_has_none_of_its_own(host: str) -> None:
    assert seen_from_outside(Place(host=host), 8000) == ("/", "")
    assert seen_from_outside(Place(host=host, root_path="/d a"), 8000) == ("/d%20a/", "/d a")
    assert seen_from_outside(Place(host=host, url="https://data.example/x"), 8000) == ("https://data.example/x/", "/x")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.7"])
def test_who_listens_on_one_address_has_it(host: str) -> None:
    url, _ = seen_from_outside(Place(host=host), 8000)
    assert url == f"http://{f'[{host}]' if ':' in host else host}:8000/"
    assert absolute(url, {"scheme": "https", "headers": [(b"host", b"evil.example")]}) == url


@pytest.mark.parametrize(
    ("host", "named"),
    [
        (b"data.example", "data.example"),
        (b"Data.Example:8000", "data.example:8000"),
        (b"my_box", "my_box"),
        (b"[2001:db8::1]:80", "[2001:db8::1]:80"),
        (b"", "10.0.0.2:8000"),
        (b"a'b", "10.0.0.2:8000"),
        (b"a b", "10.0.0.2:8000"),
        (b"a/b", "10.0.0.2:8000"),
        (b"a@b", "10.0.0.2:8000"),
        (b"a%41", "10.0.0.2:8000"),
        (b"a>", "10.0.0.2:8000"),
        (b"a:b", "10.0.0.2:8000"),
        (b"a\n", "10.0.0.2:8000"),
        (b"a" * 300, "10.0.0.2:8000"),
        ("ä".encode(), "10.0.0.2:8000"),
    ],
)
def test_a_host_is_repeated_that_is_a_name_or_an_address(host: bytes, named: str) -> None:
    scope = {"scheme": "http", "headers": [(b"host", host)], "server": ("10.0.0.2", 8000)}
    assert absolute("/x/", scope) == f"http://{named}/x/"


def test_an_address_that_was_reached_is_written_as_one() -> None:
    assert absolute("/", {"scheme": "https", "headers": [], "server": ("::1", 8000)}) == "https://[::1]:8000/"


@pytest.mark.parametrize("target", WAYS)
def test_each_client_is_told_the_address_that_it_used(port: int, target: str) -> None:
    # More than twice: what was asked before lies ready, or is kept.
    for _ in range(3):
        for host in HOSTS:
            text = told(port, target, Host=host)
            assert f"http://{host}/" in text
            assert not any(each in text for each in {*HOSTS, "127.0.0.1"} - {host})
        text = told(port, target, Host=HOSTS[0], X_Forwarded_Proto="https", X_Forwarded_Host="evil.example")
        assert f"https://{HOSTS[0]}/" in text
        assert f"http://{HOSTS[0]}/" not in text and "evil" not in text


@pytest.mark.parametrize("target", WAYS)
def test_a_host_that_is_none_is_not_repeated(port: int, target: str) -> None:
    text = told(port, target, Host="a'onclick")
    assert f"http://127.0.0.1:{port}/" in text
    assert "onclick" not in text


def test_the_scheme_is_believed_of_a_proxy_that_is_trusted(folder: Path) -> None:
    with started(folder, proxy="192.0.2.1") as port:
        for target in ("/sparql", "/reconcile", RELATIVE):
            assert "http://one.example/" in told(port, target, Host="one.example", X_Forwarded_Proto="https")


def test_below_a_prefix_it_is_the_address_with_it(folder: Path) -> None:
    app = application(
        folder / "site", snapshot=folder / "snapshot", triples=1, url="/data/", names=folder / "names.sqlite"
    )
    with TestClient(app, base_url="https://one.example") as client:
        assert "<https://one.example/data/sparql>" in client.get("/sparql", headers=TURTLE).text
        assert client.get("/reconcile").json()["view"]["url"].startswith("https://one.example/data/reconcile/view")


def test_it_is_told_that_the_public_needs_one_address(tmp_path: Path) -> None:
    said: list[str] = []
    for place in (Place(host="0.0.0.0"), Place(host="0.0.0.0", url="https://data.example/"), Place()):
        with pytest.raises(AccessError):
            serve(tmp_path / "nothing", place, announce=said.append, tell=said.append)
    assert len(said) == 1
    assert said[0].startswith("--host 0.0.0.0: ") and "--url https://" in said[0]


def test_the_manifest_names_nothing_else(port: int) -> None:
    manifest = json.loads(told(port, "/reconcile", Host="one.example"))
    addresses = [manifest["view"]["url"], manifest["preview"]["url"], manifest["documentation"]]
    addresses += [each[name] for each in manifest["suggest"].values() for name in each if name.endswith("service_url")]
    addresses.append(manifest["extend"]["propose_properties"]["service_url"])
    assert len(addresses) == 10
    assert all(each.startswith("http://one.example/") for each in addresses)
