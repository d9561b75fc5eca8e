import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

DATA = """
@prefix ex: <https://example.org/id/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:ada a foaf:Person ; rdfs:label "Ada Lovelace"@en ; foaf:knows ex:charles .
ex:charles a foaf:Person ; rdfs:label "Charles Babbage"@en .
"""


def start(project: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "communique", "serve", "--project", str(project), "--port", "0", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", line), line
    return line


def end(process: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> int:
    process.send_signal(number)
    process.communicate(timeout=20)
    return process.returncode


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    (folder / "data/people.ttl").write_text(DATA, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project(unbuilt: Path) -> Path:
    subprocess.run([sys.executable, "-m", "communique", "build", "-q", "--snapshot", "-p", str(unbuilt)], check=True)
    return unbuilt


@pytest.fixture(scope="module")
def url(project: Path) -> Iterator[str]:
    process = start(project)
    yield address(process)
    end(process)


def test_a_thing_leads_to_a_page_and_to_data(url: str) -> None:
    assert "Ada Lovelace" in httpx2.get(url + "ada", follow_redirects=True).text
    turtle = httpx2.get(url + "ada", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "foaf:knows" in turtle.text


def test_the_server_sends_what_the_build_wrote_byte_for_byte(url: str, project: Path) -> None:
    files = [path for path in (project / "public").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert httpx2.get(url + path.relative_to(project / "public").as_posix()).content == path.read_bytes()


def test_the_endpoint_answers_over_the_same_data(url: str) -> None:
    query = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT (COUNT(*) AS ?n) { ?p a foaf:Person }"
    assert httpx2.get(url + "sparql", params={"query": query, "format": "csv"}).text.split() == ["n", "2"]
    assert f"<{url}sparql>" in httpx2.get(url + "sparql", headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_and_its_workers(project: Path, number: int) -> None:
    process = start(project, "--no-build")
    address(process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert end(process, number) == 0
    assert children
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_broken_data_are_not_served(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    process = start(tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "broken.ttl:1" in errors


def test_a_damaged_snapshot_is_not_served(project: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(project), str(tmp_path / "copy")], check=True)
    current = (tmp_path / "copy/public").readlink().name
    table = next((tmp_path / f"copy/.public/store-{current}").glob("*.sst"))
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    process = start(tmp_path / "copy", "--no-build")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "damaged" in errors


def test_without_a_site_the_remedy_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    process = start(tmp_path, "--no-build")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, "communique build --snapshot" in errors) == (3, True)


def test_a_port_that_is_taken_is_said(url: str, project: Path) -> None:
    port = url.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "communique", "serve", "-p", str(project), "--no-build", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=False)
    assert ended.returncode == 3
    assert "--port" in ended.stderr


def test_names_are_reconciled_over_the_same_data(url: str) -> None:
    assert httpx2.get(url + "reconcile").json()["versions"] == ["0.2"]
    (found,) = httpx2.get(url + "reconcile", params={"queries": '{"q": {"query": "Charles Babage"}}'}).json().values()
    assert (found["result"][0]["id"], found["result"][0]["match"]) == ("charles", True)
