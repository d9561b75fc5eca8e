"""`communique build` and `communique serve`, as a user calls them."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from communique.cli import main
from made_projects import make_project

BROKEN = ':m a cmq:Meeting ; cmq:ordinal "nineteen" .'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_project_is_built_into_public(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    assert run("build", "-p", tmp_path).exit_code == 0
    assert (tmp_path / "public/ada.html").is_file()


def test_a_site_can_be_built_elsewhere(tmp_path: Path) -> None:
    make_project(tmp_path / "project", ':ada rdfs:label "Ada"@en .')
    assert run("build", "-p", tmp_path / "project", "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/ada.html").is_file()


def test_a_build_says_what_it_did(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    result = run("build", "-p", tmp_path)
    assert re.search(r"public: \d+ pages, \d+ files, [\d.]+ MB", result.stderr)


def test_a_quiet_build_says_nothing(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    result = run("build", "-q", "-p", tmp_path)
    assert (result.stdout, result.stderr) == ("", "")


def test_a_thing_to_whose_address_something_else_answers_is_told_and_stops_nothing(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en . :healthz rdfs:label "Health"@en .')
    result = run("build", "-p", tmp_path)
    page = re.search(
        r"warning: \S+/data\.trig:\d+: The address of <\S+/healthz> is that of a service of .* Its page is (\S+);",
        result.stderr,
    )
    assert page
    assert (tmp_path / "public" / page[1]).is_file()


def test_a_violation_stops_the_build(tmp_path: Path) -> None:
    make_project(tmp_path, BROKEN)
    result = run("build", "-p", tmp_path)
    assert result.exit_code == 1
    assert not (tmp_path / "public").exists()


def test_a_violation_is_named_with_its_line(tmp_path: Path) -> None:
    make_project(tmp_path, BROKEN)
    assert re.search(r"data\.trig:\d+", run("build", "-p", tmp_path).output)


def test_a_violation_leaves_the_former_site(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    run("build", "-p", tmp_path)
    make_project(tmp_path, BROKEN)
    run("build", "-p", tmp_path)
    assert (tmp_path / "public/ada.html").is_file()


def test_a_file_that_cannot_be_parsed_stops_the_build(tmp_path: Path) -> None:
    make_project(tmp_path, data__other_ttl="<x> <y> .\n")
    assert run("build", "-p", tmp_path).exit_code == 1


def test_a_folder_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    make_project(tmp_path, public__mine_txt="mine")
    result = run("build", "-p", tmp_path)
    assert result.exit_code == 2
    assert "was not made by" in result.output
    assert (tmp_path / "public/mine.txt").read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run("build", "-p", tmp_path / "nothing")
    assert (result.exit_code, "does not exist" in result.output) == (3, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_shows_the_site_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    command = [sys.executable, "-m", "communique", "serve", "-p", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
        with urllib.request.urlopen(address + "ada.html", timeout=10) as response:
            page = response.read().decode()
        os.kill(process.pid, number)
        assert process.wait(timeout=10) == 0
    assert "Ada" in page


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    make_project(tmp_path, ':ada rdfs:label "Ada"@en .')
    result = run("serve", "-q", "-p", tmp_path, "--port", "1", "--host", "192.0.2.1")
    assert (result.exit_code, "192.0.2.1:1" in result.output) == (3, True)
