"""`serve --watch`: a change is built and pages are told; a failed build keeps the former site and says why."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import httpx2
import pytest
from processes import Serving
from starlette.types import Message

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.serving.looking import state_of
from communique.serving.watching import Watcher

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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its site: what a server finds that is the one it would build, it builds no more."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "data").mkdir()
    (folder / "data/x.ttl").write_text(DATA.format("first"), encoding="utf-8")
    build(Project.open(folder), out=folder / "public", progress=Progress(quiet=True), snapshot=True)
    return folder


@pytest.fixture
def server(project: Path, site: Path) -> Iterator[Serving]:
    shutil.copytree(site, project, symlinks=True, dirs_exist_ok=True)
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
    script = (
        f'<script src="/_watch.js" data-events="/_watch" data-build="{build_of(server, 0)}" defer></script>\n</head>'
    )
    assert script in page.text
    whole = httpx2.get(page.url, headers={"Accept-Encoding": "identity"})
    assert int(whole.headers["content-length"]) == len(whole.content) == len(page.content)
    assert "EventSource" in httpx2.get(server.url + "_watch.js").text
    events = reading(server, "about.html", 0)
    file = project / "data/x.ttl"
    file.write_text(DATA.format("second"), encoding="utf-8")
    assert events.found.get(timeout=60) == ("reload", "")
    assert "second" in httpx2.get(server.url + "x.html").text

    file.write_text(DATA.format("third")[:-1], encoding="utf-8")
    name, data = events.found.get(timeout=60)
    assert (name, "data/x.ttl:1" in json.loads(data)["trouble"]) == ("failed", True)
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
    assert f'data-build="{build_of(server, 1)}"' in httpx2.get(server.url + "x.html").text
    assert httpx2.get(server.url).content == home.content
    again, late = reading(server, "x.html", 1), reading(server, "x.html", 0)
    assert late.found.get(timeout=20) == ("reload", "")
    assert (project / "public").readlink() == generation
    assert other.found.get(timeout=60) == ("reload", "")
    assert httpx2.get(server.url).text.startswith("index<script ")
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
    assert httpx2.get(server.url).text.startswith("index<script ")
    assert page.found.get(timeout=60) == ("reload", "")
    assert "third" in httpx2.get(server.url + "x.html").text
    assert server.stop() == 0
    assert server.complained == []


def test_a_page_of_a_site_that_fails_afterwards_is_taken_back(server: Serving, project: Path) -> None:
    events = reading(server, "x.html", 0)
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{{ missing }}")
    assert [events.found.get(timeout=60) for _ in range(2)] == [("reload", "")] * 2
    assert f'data-build="{build_of(server, 0)}"' in httpx2.get(server.url + "x.html").text
    assert reading(server, "x.html", 0).found.get(timeout=20)[0] == "failed"
    server.stop()


def reading(server: Serving, document: str, build: int) -> Events:
    """Open a page in a browser, as it were, that a build of this run of the server has made."""
    events = Events(f"{server.url}_watch?page=%2F{document}&build={build_of(server, build)}")
    events.start()
    assert events.connected.wait(20)
    return events


def build_of(server: Serving, number: int) -> str:
    found = re.search(r'data-build="(\w+)-\d+"', httpx2.get(server.url).text)
    assert found
    return f"{found[1]}-{number}"


def until(found: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


def shows(server: Serving, word: str) -> Callable[[], bool]:
    return lambda: word in httpx2.get(server.url + "x.html").text


def test_a_page_of_another_run_of_the_server_is_loaded_again(server: Serving, project: Path) -> None:
    former = build_of(server, 0)
    server.stop()
    again = Serving("--quiet", "--watch", str(project))
    try:
        events = Events(f"{again.url}_watch?page=%2Fx.html&build={former}")
        events.start()
        assert events.found.get(timeout=20) == ("reload", "")
        current = reading(again, "x.html", 0)
    finally:
        again.stop()
    assert current.found.get(timeout=20) == ("end", "")


def test_what_serves_the_watch_is_only_read(server: Serving) -> None:
    for name in ("_watch", "_watch.js"):
        head = httpx2.head(server.url + name, timeout=20)
        with httpx2.stream("GET", server.url + name, timeout=20) as answer:
            assert (head.status_code, head.content) == (answer.status_code, b"") == (200, b"")
            assert head.headers["content-type"] == answer.headers["content-type"]
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            refusal = httpx2.request(method, server.url + name, timeout=20)
            assert (refusal.status_code, refusal.headers["allow"]) == (405, "GET, HEAD")
            assert refusal.headers["content-type"] == "application/problem+json"


def test_a_page_whose_head_ends_without_a_tag_is_loaded_again_as_well(server: Serving, project: Path) -> None:
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("<!doctype html><title>{{ page.path }}</title><p>short")
    until(lambda: "short" in httpx2.get(server.url).text)
    page = httpx2.get(server.url).text
    assert re.fullmatch(r'<!doctype html><title>index</title><p>short<script src="/_watch\.js" [^>]*></script>\n', page)


def test_the_state_of_the_server_tells_of_an_edit_that_cannot_be_built_until_one_can(
    server: Serving, project: Path
) -> None:
    def health() -> dict[str, str]:
        answer = httpx2.get(server.url + "healthz")
        assert answer.status_code == httpx2.get(server.url + "healthz/ready").status_code == 200
        found: dict[str, str] = answer.json()
        return found

    assert (health()["status"], "trouble" in health()) == ("ok", False)
    (project / "data/x.ttl").write_text(DATA.format("second")[:-1], encoding="utf-8")
    until(lambda: health()["status"] == "stale")
    assert "data/x.ttl:1" in health()["trouble"]
    (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
    until(lambda: health()["status"] == "ok")
    assert "trouble" not in health()
    (project / "data/y.ttl").symlink_to("/etc/passwd")
    until(lambda: health()["status"] == "stale")
    assert "data/y.ttl: is a link out of the project" in health()["trouble"]
    (project / "data/y.ttl").unlink()
    until(lambda: health()["status"] == "ok")
    assert "trouble" not in health()


def test_a_fault_that_was_there_before_the_server_is_told_to_open_pages(server: Serving, project: Path) -> None:
    server.stop()
    (project / "data/x.ttl").write_text(DATA.format("second")[:-1], encoding="utf-8")
    again = Serving("--quiet", "--watch", str(project))
    try:
        name, told = reading(again, "x.html", 0).found.get(timeout=60)
        assert (name, "data/x.ttl:1" in json.loads(told)["trouble"]) == ("failed", True)
        assert "first" in httpx2.get(again.url + "x.html").text
    finally:
        again.stop()


def test_a_page_says_in_its_language_that_it_is_the_former_one(project: Path) -> None:
    (project / "site").mkdir()
    (project / "site/site.toml").write_text('languages = ["en", "ru"]\n')
    server = Serving("--quiet", "--watch", str(project))
    try:
        (project / "data/x.ttl").write_text(DATA.format("second")[:-1], encoding="utf-8")
        until(lambda: server.complained != [])
        for page, language, words in (
            ("x.ru.html", "ru", "Сайт не собран"),
            ("x.html", "en", "The site was not built"),
        ):
            told = json.loads(reading(server, page, 0).found.get(timeout=60)[1])
            assert (told["language"], words in told["words"]) == (language, True)
    finally:
        server.stop()


def test_two_servers_may_watch_one_project(server: Serving, project: Path) -> None:
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{% for _ in range(5 * 10 ** 7) %}{% endfor %}{{ page.path }}")
    until(lambda: httpx2.get(server.url).text.startswith("index"))
    other = Serving("--quiet", "--watch", str(project))
    try:
        for word in ("second", "third"):
            (project / "data/x.ttl").write_text(DATA.format(word), encoding="utf-8")
            until(lambda: all(shows(each, word)() for each in (server, other)))  # noqa: B023
    finally:
        other.stop()
        server.stop()
    said = [*server.complained, *other.complained]
    assert said
    assert all(
        re.search(r"public: another build is at work \(process \d+\): this server goes on when", s) for s in said
    )


def builder_of(server: Serving) -> int:
    """Return the number of the process that builds."""
    return next(filter(is_builder, children(server.process.pid)))


def builds_of(server: Serving) -> list[int]:
    """Return the numbers of the processes that build now, forked by the one that builds; the system may forget some."""
    return [build for each in children(server.process.pid) if is_builder(each) for build in children(each)]


def is_builder(pid: int) -> bool:
    return b"serving.builder" in Path(f"/proc/{pid}/cmdline").read_bytes()


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_build_that_is_killed_is_tried_once_more_by_itself_and_then_at_the_next_change(
    server: Serving, project: Path
) -> None:
    def health() -> str:
        found: dict[str, str] = httpx2.get(server.url + "healthz").json()
        return found.get("trouble", "")

    def kill() -> None:
        until(lambda: builds_of(server) != [])
        os.kill(builds_of(server)[0], signal.SIGKILL)

    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{% for _ in range(2 * 10 ** 7) %}{% endfor %}once")
    kill()
    until(lambda: "It is tried once more in 5 s." in health())
    until(lambda: httpx2.get(server.url).text.startswith("once"))
    assert health() == ""
    (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
    kill()
    until(lambda: "once more" in health())
    kill()
    until(lambda: "at the next change" in health())
    (project / "data/x.ttl").write_text(DATA.format("third"), encoding="utf-8")
    until(shows(server, "third"))
    server.stop()
    assert [each.partition(": ")[0] for each in server.complained] == ["The build was killed"] * 3


def test_who_begins_to_watch_while_the_first_site_is_built_waits_for_it(project: Path) -> None:
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{% for _ in range(3 * 10 ** 7) %}{% endfor %}first")
    command = [sys.executable, "-m", "communique", "build", "--snapshot", "--quiet", "--project", str(project)]
    with subprocess.Popen(command) as other:
        until((project / ".public/1").exists)
        server = Serving("--quiet", "--watch", str(project))
        assert other.wait() == 0
    try:
        assert httpx2.get(server.url).text.startswith("first")
        assert (project / "public").readlink().name == "1"
    finally:
        server.stop()
    assert re.search(
        r"public: another build is at work \(process \d+\): this server goes on when", server.complained[0]
    )


def test_an_edit_while_the_site_is_built_at_first_is_built_afterwards(project: Path) -> None:
    def edit() -> None:
        until((project / ".public/1").exists)
        (project / "data/x.ttl").write_text(DATA.format("meanwhile"), encoding="utf-8")

    editing = threading.Thread(target=edit)
    editing.start()
    server = Serving("--quiet", "--watch", str(project))
    try:
        until(shows(server, "meanwhile"))
    finally:
        server.stop()
        editing.join()


def test_folders_that_come_and_are_replaced_are_watched(server: Serving, project: Path) -> None:
    (project / "shapes").mkdir()
    (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
    until((project / ".public/2").exists)
    (project / "data/x.ttl").write_text(DATA.format("third"), encoding="utf-8")
    until(shows(server, "third"))
    (project / "data").rename(project / "former")
    (project / "data").mkdir()
    (project / "data/x.ttl").write_text(DATA.format("fourth"), encoding="utf-8")
    until(shows(server, "fourth"))
    (project / "data/x.ttl").write_text(DATA.format("fifth"), encoding="utf-8")
    until(shows(server, "fifth"))


def test_a_project_of_one_file_is_watched_that_is_saved_by_renaming(tmp_path: Path) -> None:
    file, other = tmp_path / "x.ttl", tmp_path / "other.txt"
    file.write_text(DATA.format("first"), encoding="utf-8")
    server = Serving("--quiet", "--watch", str(file))
    try:
        for word in ("second", "third"):
            other.write_text(DATA.format(word), encoding="utf-8")
            other.rename(file)
            until(shows(server, word))
    finally:
        server.stop()


def test_a_builder_that_is_killed_is_started_again_and_one_that_hangs_keeps_no_server_alive(
    server: Serving, project: Path
) -> None:
    (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
    until(shows(server, "second"))
    killed = builder_of(server)
    os.kill(killed, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{killed}").exists())
    (project / "data/x.ttl").write_text(DATA.format("third"), encoding="utf-8")
    until(shows(server, "third"))
    os.kill(builder_of(server), signal.SIGSTOP)
    assert server.stop() == 0


def test_what_nobody_expected_is_told_to_open_pages_as_well_and_the_watch_goes_on(project: Path) -> None:
    told, stale, sent = list[str](), list[str](), list[bytes]()
    reloads, out = list[bytes](), project / "public"
    watcher = Watcher(project, seen={}, out=out, prefix="", tell=told.append)

    async def reload(injected: bytes) -> bool:
        reloads.append(injected)
        if len(reloads) == 1:
            raise ZeroDivisionError
        return True

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    async def edited() -> None:
        page = watcher.app("/_watch")
        assert page
        scope = {"type": "http", "method": "GET", "query_string": b"page=/other.html"}
        tasks = [asyncio.create_task(page(scope, asyncio.Event().wait, send))]  # type: ignore[arg-type]
        tasks.append(asyncio.create_task(watcher.run(reload, stale.append)))
        while not told:
            await asyncio.sleep(0.05)
        (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
        while len(reloads) < 2:
            await asyncio.sleep(0.05)
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(asyncio.wait_for(edited(), 100))
    assert ["ZeroDivisionError" in each for each in told] == [True]
    assert stale == told
    failed = [each for each in sent if each.startswith(b"event: failed\ndata: ")]
    assert [json.loads(each.partition(b"data: ")[2])["trouble"] for each in failed] == told


def test_what_a_build_writes_or_passes_over_is_no_change(tmp_path: Path) -> None:
    for name in ("x.ttl", "more/y.ttl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    state = state_of(tmp_path, tmp_path / "out")
    assert state.keys() == {str(tmp_path / "x.ttl"), str(tmp_path / "more/y.ttl")}
    for name in ("out/a", "public/b", ".hidden/c", "more/d.ttl~", "node_modules/e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert state_of(tmp_path, tmp_path / "out") == state
    (tmp_path / "data").mkdir()
    assert state_of(tmp_path, tmp_path / "out") != state


def test_without_it_pages_are_what_the_build_wrote(server: Serving, project: Path) -> None:
    plain = Serving("--no-build", str(project))
    try:
        assert httpx2.get(plain.url + "x.html").content == (project / "public/x.html").read_bytes()
        assert httpx2.get(plain.url + "_watch").status_code == 404
    finally:
        plain.stop()
