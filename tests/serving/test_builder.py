"""The process that builds at each order: what it answers, and when it ends."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import communique
from communique.project import bundled_folder

DATA = '<http://example.org/id/x> <http://www.w3.org/2000/01/rdf-schema#label> "{}"@en .'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project/data").mkdir(parents=True)
    (tmp_path / "project/data/x.ttl").write_text(DATA.format("first"), encoding="utf-8")
    return tmp_path / "project"


@contextmanager
def builder(project: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "communique.serving.builder", str(project), str(project / "public")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **env}, bufsize=0
    )
    with process:
        yield process
        process.kill()


def ordered(process: subprocess.Popen[bytes], *wanted: str) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(wanted).encode() + b"\n")
    return process.stdout.readline()


def test_each_order_is_answered_with_what_is_wrong_or_nothing(project: Path) -> None:
    with builder(project) as process:
        assert json.loads(ordered(process)) == ""
        assert "first" in (project / "public/x.html").read_text(encoding="utf-8")
        (project / "data/x.ttl").write_text(DATA.format("second")[:-1], encoding="utf-8")
        words = json.loads(ordered(process))["words"]
        assert words == {"en": "The site was not built: this is the former one."}
        assert process.stdout is not None
        assert "data/x.ttl:1" in json.loads(process.stdout.readline())
        (project / "data/x.ttl").write_text(DATA.format("third"), encoding="utf-8")
        assert json.loads(ordered(process)) == ""
        assert "third" in (project / "public/x.html").read_text(encoding="utf-8")


def test_where_nothing_has_changed_nothing_is_built(project: Path) -> None:
    with builder(project) as process:
        ordered(process)
        generation = (project / "public").readlink()
        assert json.loads(ordered(process)) == ""
        assert (project / "public").readlink() == generation


def test_what_is_wanted_is_told_first_and_is_what_the_site_will_be(project: Path) -> None:
    with builder(project) as process:
        early = json.loads(ordered(process, "x.html", "nothing.html"))
        assert early["names"] == ["x.html"]
        assert process.stdout is not None
        page = (Path(early["folder"]) / "x.html").read_bytes()
        assert json.loads(process.stdout.readline()) == ""
        assert page == (project / "public/x.html").read_bytes()


def test_a_build_by_somebody_else_is_waited_for(project: Path) -> None:
    with builder(project) as process:
        ordered(process)
        with (project / ".public/lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
            assert "another build is at work" in json.loads(ordered(process))["awaited"]
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == ""
        assert "second" in (project / "public/x.html").read_text(encoding="utf-8")


def test_what_somebody_else_has_built_is_not_built_again(project: Path) -> None:
    with builder(project) as process, builder(project) as other:
        ordered(process)
        ordered(other)
        with (project / ".public/lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (project / "data/x.ttl").write_text(DATA.format("second"), encoding="utf-8")
            for each in (process, other):
                assert "awaited" in json.loads(ordered(each))
        for each in (process, other):
            assert each.stdout is not None
            assert json.loads(next(line for line in each.stdout if line.startswith(b'"'))) == ""
        assert (project / "public").readlink().name == "2"


def test_it_ends_with_whoever_orders(project: Path) -> None:
    with builder(project) as process:
        ordered(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def test_it_ends_at_a_signal_and_so_does_what_it_has_begun(project: Path) -> None:
    (project / "site/templates").mkdir(parents=True)
    (project / "site/templates/home.html").write_text("{% for _ in range(10 ** 12) %}{% endfor %}")
    with builder(project) as process:
        assert process.stdin is not None
        process.stdin.write(b"[]\n")
        begun = time.monotonic()
        while not (project / ".public/1").exists():
            assert time.monotonic() < begun + 60
            time.sleep(0.1)
        process.send_signal(signal.SIGUSR2)
        assert process.wait(20) == 0
    with (project / ".public/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert not (project / "public").exists()


def test_it_ends_when_its_program_has_changed(project: Path, tmp_path: Path) -> None:
    package = tmp_path / "src/communique"
    shutil.copytree(Path(communique.__file__).parent, package)
    for name in ("ontology", "shapes", "site"):
        (tmp_path / name).symlink_to(bundled_folder() / name)
    with builder(project, PYTHONPATH=str(package.parent)) as process:
        assert json.loads(ordered(process)) == ""
        (package / "errors.py").write_text((package / "errors.py").read_text(encoding="utf-8") + "\n")
        assert ordered(process) == b""
        assert process.wait(20) == 0
