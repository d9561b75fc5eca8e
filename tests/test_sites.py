"""Whole projects and what becomes of them: `sites/<case>/expected` holds some of the files that a build must write.

After a change on purpose, `COMMUNIQUE_EXPECT=1 pytest tests/test_sites.py` writes them anew, to be read before they are
committed.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from communique.hosting.plan import type_of
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from html_pages import dead_links, pages

SITES = Path(__file__).parent / "sites"
CASES = sorted(path.name for path in SITES.iterdir() if path.is_dir())
EXPECTED = [
    (case, path.relative_to(SITES / case / "expected").as_posix())
    for case in CASES
    for path in sorted((SITES / case / "expected").rglob("*"))
    if path.is_file()
]
DIGEST = re.compile(r"(assets/[\w/-]+)\.[0-9a-f]{10}\.")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sites")
    for case in CASES:
        build(Project.open(SITES / case), out=folder / case, progress=Progress(quiet=True))
    return {case: folder / case for case in CASES}


@pytest.mark.parametrize(("case", "path"), EXPECTED)
def test_a_site_is_as_expected(built: dict[str, Path], case: str, path: str) -> None:
    text = DIGEST.sub(r"\1.", (built[case] / path).read_text(encoding="utf-8"))
    expected = SITES / case / "expected" / path
    if os.environ.get("COMMUNIQUE_EXPECT"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_pages_of_a_site_are_well_formed(built: dict[str, Path], case: str) -> None:
    assert {name: page.faults for name, page in pages(built[case]).items() if page.faults} == {}


@pytest.mark.parametrize("case", CASES)
def test_no_link_of_a_site_is_dead(built: dict[str, Path], case: str) -> None:
    every = {name: page for name, page in pages(built[case]).items() if name != "404.html"}
    assert dead_links(built[case], every) == []


@pytest.mark.parametrize("case", CASES)
def test_a_link_tells_the_type_that_every_host_sends(built: dict[str, Path], case: str) -> None:
    wrong = {
        (name, link.attributes["href"], link.attributes["type"])
        for name, page in pages(built[case]).items()
        for link in page.all("a") + page.all("link")
        if link.attributes.get("type") and (path := local(built[case], name, link.attributes["href"]))
        if link.attributes["type"] != type_of(path)
    }
    assert wrong == set()


def local(site: Path, page: str, href: str) -> str | None:
    """Return the path of a file of the site to which a link of a page leads."""
    parts = urlsplit(href)
    path = (site / page).parent / unquote(parts.path)
    inside = not parts.scheme and parts.path and path.is_file()
    return path.resolve().relative_to(site.resolve()).as_posix() if inside else None


def test_a_dataset_without_evidence_has_no_notes(built: dict[str, Path]) -> None:
    assert [name for name, page in pages(built["colours"]).items() if page.all("a", class_="mark")] == []
