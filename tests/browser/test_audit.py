"""Judges of pages that we did not write: axe, html-validate, the Nu HTML checker, linkinator."""

import functools
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from page_kinds import page_kinds
from toolbox import drive, java, packages, run, static_host

SCHEMES = ("light", "dark")
SETTINGS = [(scheme, width) for width in (1280, 360) for scheme in SCHEMES]


@functools.cache
def audits(site: Path, width: int) -> dict[str, dict[str, Any]]:
    """Judge pages in both schemes, each loaded once: a scheme changes the colours of a page, and nothing is drawn anew.

    The words of other languages are judged once; schemes are the same for all of them. Of the manual, whose pages have
    one template, the longest one is judged in a wide window.
    """
    pages = page_kinds(site, translated=False)
    longest = max((page for page in pages if page.startswith("manual/")), key=lambda page: (site / page).stat().st_size)
    pages = [page for page in pages if width == 360 or page == longest or not page.startswith("manual/")]
    translated = sorted({*page_kinds(site)} - {*pages}) if width == 360 else []
    with static_host(site) as origin:
        task = {"origin": origin, "pages": [*pages, *translated], "translated": translated}
        return drive("audit.mjs", {**task, "schemes": SCHEMES, "width": width}, timeout=1200)


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: f"{setting[0]}-{setting[1]}")
def audit(request: pytest.FixtureRequest, own_site: Path) -> dict[str, Any]:
    scheme, width = request.param
    return audits(own_site, width)[scheme]


def found(audit: dict[str, Any], what: str) -> dict[str, Any]:
    return {page: result[what] for page, result in audit.items() if result[what]}


def test_axe_finds_nothing(audit: dict[str, Any]) -> None:
    assert found(audit, "violations") == {}


def test_no_page_asks_another_origin_for_anything(audit: dict[str, Any]) -> None:
    assert found(audit, "foreign") == {}


def test_no_page_complains_in_the_console(audit: dict[str, Any]) -> None:
    assert found(audit, "complaints") == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_jumps_while_a_page_arrives_in_pieces(own_site: Path, width: int) -> None:
    with static_host(own_site, slow=True) as origin:
        pages = page_kinds(own_site, translated=width == 360)
        pages.sort(key=lambda page: (own_site / page).stat().st_size, reverse=True)  # what takes longest begins first
        jumps = drive("jumps.mjs", {"origin": origin, "pages": pages, "width": width})
    assert {page: moved for page, moved in jumps.items() if moved} == {}


def test_html_validate_finds_nothing(own_site: Path) -> None:
    files = {page: str(own_site / page) for page in page_kinds(own_site)}
    assert run("markup.mjs", {"files": files}) == {}


def test_the_nu_checker_finds_nothing(own_site: Path) -> None:
    jar = packages() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [java(), "-jar", jar, "--format", "json", "--exit-zero-always", *page_kinds(own_site)]
    done = subprocess.run(command, cwd=own_site, capture_output=True, text=True, timeout=300, check=True)
    messages = json.loads(done.stderr)["messages"]
    assert [(each["url"].rpartition("/")[2], each["message"]) for each in messages if each["type"] == "error"] == []


def test_linkinator_finds_no_dead_link(own_site: Path) -> None:
    with static_host(own_site) as origin:
        found = run("links.mjs", {"origin": origin})
    assert found["dead"] == []
    assert found["followed"] > len(list(own_site.rglob("*.html")))
