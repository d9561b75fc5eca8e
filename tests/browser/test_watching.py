"""A page that is open under `communique serve --watch`."""

import subprocess
import sys
from pathlib import Path

from toolbox import drive

DATA = '<http://example.org/id/x> <http://www.w3.org/2000/01/rdf-schema#label> "first"@en .'


def test_an_open_page_is_loaded_again_once_for_each_edit(tmp_path: Path) -> None:
    file = tmp_path / "data/x.ttl"
    file.parent.mkdir()
    file.write_text(DATA, encoding="utf-8")
    command = [sys.executable, "-m", "communique", "serve", "--quiet", "--watch", "--port", "0", str(tmp_path)]
    edits = [["first", "second"], ["second", "third"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        task = {"origin": server.stdout.readline().strip(), "page": "x.html", "file": str(file), "edits": edits}
        try:
            found = drive("watching.mjs", {**task, "pause": 3000})
        finally:
            server.terminate()
    assert [each.partition(" ")[0] for each in found["shown"]] == ["second", "third"]
    assert found["loads"] == 3
    assert (found["complaints"], found["foreign"]) == ([], [])


def test_any_number_of_tabs_is_loaded_and_each_is_up_to_date_when_it_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "data/x.ttl"
    file.parent.mkdir()
    file.write_text(DATA, encoding="utf-8")
    command = [sys.executable, "-m", "communique", "serve", "--quiet", "--watch", "--port", "0", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        task = {"origin": server.stdout.readline().strip(), "page": "x.html", "file": str(file), "tabs": 8}
        try:
            found = drive("tabs.mjs", {**task, "edit": ["first", "second"]})
        finally:
            server.terminate()
    assert found["hidden"] == [True] * 7 + [False]
    assert [each.partition(" ")[0] for each in found["titles"]] == ["first"] * 7 + ["second"]
