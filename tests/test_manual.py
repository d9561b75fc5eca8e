"""Every command line and every query that the manual shows does what the manual says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.command_line.command_reference import reference
from communique.project import Project
from communique.store import Store
from made_projects import make_project

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "site" / "pages").rglob("*.md"))
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(communique [^`]+)`")
BLOCKS = [(page.stem, block) for page in PAGES for block in FENCE.findall(page.read_text(encoding="utf-8"))]
LINES = sorted({line.strip() for _, block in BLOCKS for line in block.splitlines()})
COMMANDS = [line for line in LINES if re.search(r"(^|\| )communique \w", line) and "serve" not in line]
SHOWN = sorted({each for page in PAGES for each in INLINE.findall(page.read_text(encoding="utf-8"))})
QUERIES = sorted({block for _, block in BLOCKS if re.match(r"(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", block)})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository as a project, with the files that the manual names."""
    folder = tmp_path_factory.mktemp("manual") / "project"
    for name in ("data", "ontology", "shapes", "site"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "data.ttl").write_text('<https://example.org/a> <https://example.org/b> "c" .\n')
    (folder / "countries.csv").write_text("id,label\nhttp://www.wikidata.org/entity/Q668,India\n")
    (folder / "q.rq").write_text("SELECT * { ?s ?p ?o } LIMIT 1\n")
    return folder


@pytest.fixture(scope="module")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("small"), ":ada a foaf:Person .").root


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_line_works(project: Path, small_project: Path, line: str) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    # The site of the repository is built by `own_site`.
    folder = small_project if line.startswith("communique build") else project
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("shown", SHOWN)
def test_a_command_is_called_by_its_name(shown: str) -> None:
    name, options = shown.split()[1], re.findall(r"--[\w-]+", shown)
    help_text = CliRunner().invoke(main, [name, "--help"]).output
    assert [option for option in options if option not in help_text] == []


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_has_answers(query: str) -> None:
    assert next(iter(Store.load(Project.open(ROOT)).query(query)), None) is not None


def test_every_page_of_the_manual_stands_in_its_index() -> None:
    index = (ROOT / "site" / "pages" / "manual" / "index.md").read_text(encoding="utf-8")
    pages = (page.name for page in PAGES if page.parent.name == "manual" and page.name != "index.md")
    assert [page for page in pages if f"({page})" not in index] == []


def test_the_reference_of_the_commands_is_that_of_the_program() -> None:
    """After a change on purpose, `COMMUNIQUE_EXPECT=1 pytest tests/test_manual.py` writes it anew."""
    page, text = ROOT / "site" / "pages" / "manual" / "commands.md", reference(main, name="communique")
    if os.environ.get("COMMUNIQUE_EXPECT"):
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text
