"""The lines of code on the page of downloads, run where the files are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from toolbox import node, packages

from html_pages import read


@pytest.fixture(scope="module")
def examples(own_site: Path) -> dict[str, str]:
    elements = read(own_site / "downloads.html").elements
    names = [each.text for each in elements if each.tag == "h3"]
    codes = [each.text for each in elements if each.tag == "pre"]
    return dict(zip(names, codes, strict=True))


def triples(own_site: Path) -> int:
    return len((own_site / "dumps/communique.nt").read_bytes().splitlines())


def test_the_line_for_javascript_reads_the_dump(own_site: Path, examples: dict[str, str]) -> None:
    code = examples["JavaScript, n3"] + "; console.log(quads.length)"
    done = subprocess.run(
        [node(), "-e", code], cwd=own_site / "dumps", env={**os.environ, "NODE_PATH": str(packages())},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == triples(own_site)


@pytest.mark.parametrize(
    ("tool", "counted", "folder"),
    [
        ("Python, pyoxigraph", "len(s)", "dumps"),
        ("Python, rdflib", "len(g)", "dumps"),
        ("Python, RDF 1.2", "len(g)", "dumps"),
        ("Python, pandas", "len(t)", "dumps/tables"),
    ],
)
def test_each_line_of_python_reads_its_file(
    own_site: Path, examples: dict[str, str], tool: str, counted: str, folder: str
) -> None:
    command = [sys.executable, "-W", "ignore", "-c", f"{examples[tool]}; print({counted})"]
    done = subprocess.run(command, cwd=own_site / folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
