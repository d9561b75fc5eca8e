"""A site in Arabic is the mirror image of one in English, with words of other scripts the right way round in it."""

from pathlib import Path
from typing import Any

import pytest
from page_kinds import page_kinds
from toolbox import drive, static_host

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress

CASE = Path(__file__).parents[1] / "sites" / "arabic"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("arabic") / "public"
    build(Project.open(CASE), out=out, progress=Progress(quiet=True))
    return out


@pytest.fixture(scope="module")
def seen(site: Path) -> dict[str, dict[str, Any]]:
    with static_host(site) as origin:
        pages = page_kinds(site, translated=False)
        return drive("mirror.mjs", {"origin": origin, "pages": pages, "widths": [1280, 360, 320]})


def all_but(seen: dict[str, dict[str, Any]], what: str, right: object) -> dict[str, Any]:
    return {page: found[what] for page, found in seen.items() if found[what] != right}


def test_every_page_runs_from_right_to_left(seen: dict[str, dict[str, Any]]) -> None:
    assert all_but(seen, "direction", "rtl") == {} and all_but(seen, "declared", "rtl") == {}


def test_nothing_stands_out_of_the_window(seen: dict[str, dict[str, Any]]) -> None:
    assert all_but(seen, "overflow", 0) == {} and all_but(seen, "out", []) == {}


def test_titles_begin_on_the_right_and_the_search_stands_on_the_left(seen: dict[str, dict[str, Any]]) -> None:
    assert all_but(seen, "titleOnTheRight", True) == {} and all_but(seen, "findOnTheLeft", True) == {}


def test_addresses_run_from_left_to_right(seen: dict[str, dict[str, Any]]) -> None:
    assert all_but(seen, "iri", "ltr") == {}


def test_axe_finds_nothing(site: Path) -> None:
    with static_host(site) as origin:
        task = {"origin": origin, "pages": page_kinds(site), "translated": [], "schemes": ["light"], "width": 360}
        audit = drive("audit.mjs", task, timeout=1200)["light"]
    assert {page: result["violations"] for page, result in audit.items() if result["violations"]} == {}


def test_nothing_jumps_while_a_page_arrives_in_pieces(site: Path) -> None:
    with static_host(site, slow=True) as origin:
        jumps = drive("jumps.mjs", {"origin": origin, "pages": page_kinds(site, translated=False), "width": 360})
    assert {page: moved for page, moved in jumps.items() if moved} == {}
