"""`serve --watch`: a change is built and pages are told; a failed build keeps the former site and says why."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import httpx2
import pytest
from processes import Serving

DATA = '<http://example.org/id/x> <http://www.w3.org/2000/01/rdf-schema#label> "{}"@en .'


class Events(threading.Thread):
    """Reads server-sent events as a page does."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.found, self.connected = url, Queue[tuple[str, str]](), threading.Event()

    def run(self) -> None:
        name = ""
        with httpx2.stream("GET", self.url, timeout=120) as answer:
            self.connected.set()
            for line in answer.iter_lines():
                field, _, value = line.partition(":")
                name = value.strip() if field == "event" else name
                if field == "data":
                    self.found.put((name, value.strip()))
        self.found.put(("end", ""))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.ttl").write_text(DATA.format("first"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(project: Path) -> Iterator[Serving]:
    serving = Serving("--quiet", "--watch", str(project))
    yield serving
    serving.stop()


def built_afresh(project: Path) -> Path:
    out = project.with_name(f"{project.name}-fresh")
    command = [sys.executable, "-m", "communique", "build", "--snapshot", "--quiet"]
    subprocess.run([*command, "--project", str(project), "--out", str(out)], check=True)
    return out


def files_of(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_a_change_is_built_and_told_and_a_fault_is_shown_beside_the_former_site(server: Serving, project: Path) -> None:
    page = httpx2.get(server.url + "x.html")
    assert "first" in page.text
    assert '<script src="/_watch.js" data-events="/_watch" data-build="0" defer></script>' in page.text
    whole = httpx2.get(page.url, headers={"Accept-Encoding": "identity"})
    assert int(whole.headers["content-length"]) == len(whole.content) == len(page.content)
    assert "EventSource" in httpx2.get(server.url + "_watch.js").text
    events = Events(server.url + "_watch?page=%2Fabout.html&build=0")
    events.start()
    file = project / "data/x.ttl"
    file.write_text(DATA.format("second"), encoding="utf-8")
    assert events.found.get(timeout=60) == ("reload", "")
    assert "second" in httpx2.get(server.url + "x.html").text

    file.write_text(DATA.format("third")[:-1], encoding="utf-8")
    name, data = events.found.get(timeout=60)
    assert (name, "data/x.ttl:1" in json.loads(data)) == ("failed", True)
    assert "second" in httpx2.get(server.url + "x.html").text
    late = Events(server.url + "_watch")
    late.start()
    assert late.found.get(timeout=20) == (name, data)

    (project / "site").mkdir()
    file.write_text(DATA.format("fourth"), encoding="utf-8")
    assert events.found.get(timeout=60) == ("reload", "")
    (project / "site/site.toml").write_text('languages = ["de"]')
    assert events.found.get(timeout=60) == ("reload", "")
    assert files_of(project / "public") == files_of(built_afresh(project))
    assert server.stop(signal.SIGTERM) == 0
    assert events.found.get(timeout=10) == ("end", "")
    assert "data/x.ttl:1" in "".join(server.complained)


def test_a_page_that_is_open_is_shown_before_the_rest_of_the_site(server: Serving, project: Path) -> None:
    (open_page, other), home = (reading(server, "x.html", 0), reading(server, "y.html", 0)), httpx2.get(server.url)
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{% for _ in range(2 * 10 ** 8) %}{% endfor %}{{ page.path }}")
    assert open_page.found.get(timeout=60) == ("reload", "")
    generation = (project / "public").readlink()
    assert 'data-build="1"' in httpx2.get(server.url + "x.html").text
    assert httpx2.get(server.url).content == home.content
    again, late = reading(server, "x.html", 1), reading(server, "x.html", 0)
    assert late.found.get(timeout=20) == ("reload", "")
    assert (project / "public").readlink() == generation
    assert other.found.get(timeout=60) == ("reload", "")
    assert httpx2.get(server.url).text == "index"
    assert again.found.empty()
    server.stop()


def test_an_edit_does_not_wait_for_a_build_that_has_begun_unless_one_was_given_up(
    server: Serving, project: Path
) -> None:
    (project / "site/templates").mkdir(parents=True)
    page, other = reading(server, "x.html", 0), reading(server, "y.html", 0)
    generation = (project / "public").readlink()
    (project / "site/templates/home.html").write_text("{% for _ in range(2 * 10 ** 8) %}{% endfor %}{{ page.path }}")
    assert page.found.get(timeout=60) == ("reload", "")
    (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
    assert page.found.get(timeout=60) == ("reload", "")
    assert "second" in httpx2.get(server.url + "x.html").text
    assert (project / "public").readlink() == generation
    (project / "data/x.ttl").write_text(DATA.format("third"), encoding="utf-8")
    assert other.found.get(timeout=60) == ("reload", "")
    assert httpx2.get(server.url).text == "index"
    assert page.found.get(timeout=60) == ("reload", "")
    assert "third" in httpx2.get(server.url + "x.html").text
    assert server.stop() == 0
    assert server.complained == []


def test_a_page_of_a_site_that_fails_afterwards_is_taken_back(server: Serving, project: Path) -> None:
    events = reading(server, "x.html", 0)
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{{ missing }}")
    assert [events.found.get(timeout=60) for _ in range(2)] == [("reload", "")] * 2
    assert 'data-build="0"' in httpx2.get(server.url + "x.html").text
    assert reading(server, "x.html", 0).found.get(timeout=20)[0] == "failed"
    server.stop()


def reading(server: Serving, document: str, build: int) -> Events:
    """Open a page in a browser, as it were."""
    events = Events(f"{server.url}_watch?page=%2F{document}&build={build}")
    events.start()
    assert events.connected.wait(20)
    return events


def test_without_it_pages_are_what_the_build_wrote(server: Serving, project: Path) -> None:
    plain = Serving("--no-build", str(project))
    try:
        assert httpx2.get(plain.url + "x.html").content == (project / "public/x.html").read_bytes()
        assert httpx2.get(plain.url + "_watch").status_code == 404
    finally:
        plain.stop()
