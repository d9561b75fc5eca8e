"""A reader with a keyboard alone: every link can be reached, in order, and the focus is always seen."""

import functools
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from toolbox import drive, static_host

PAGES = [
    "sco/meeting/prosecutors-general-19.html",
    "sco/statistical-claim/prosecutors-general-19-girls.html",
    "sco/person/vladimir-norov.ru.html",
]


WIDTHS = [1280, 360]


@functools.cache
def walks(site: Path) -> dict[str, dict[str, Any]]:
    """Walk through all pages, by width."""
    with static_host(site) as origin:
        found: dict[str, dict[str, Any]] = drive("keyboard.mjs", {"origin": origin, "pages": PAGES, "widths": WIDTHS})
    return found


@pytest.fixture(scope="module", params=WIDTHS)
def walked(request: pytest.FixtureRequest, own_site: Path) -> dict[str, Any]:
    return walks(own_site)[str(request.param)]


@pytest.mark.parametrize("page", PAGES)
def test_every_stop_comes_after_the_one_before_and_none_is_left_out(walked: dict[str, Any], page: str) -> None:
    stops = walked[page]["stops"]
    assert [(one["name"], two["name"]) for one, two in pairwise(stops) if one["place"] >= two["place"]] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_focus_is_always_seen(walked: dict[str, Any], page: str) -> None:
    assert [stop["name"] for stop in walked[page]["stops"] if not (stop["shown"] and stop["ringed"])] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_first_stop_leads_past_the_menu(walked: dict[str, Any], page: str) -> None:
    found = walked[page]
    assert (found["skip"]["shown"], found["skip"]["main"], found["content"]["main"]) == (True, False, True)


@pytest.mark.parametrize("page", PAGES)
def test_a_mark_leads_to_its_note_and_the_note_back(walked: dict[str, Any], page: str) -> None:
    found = walked[page]
    number = found["mark"]["name"].partition("#site-note-")[2].partition('"')[0]
    assert (found["note"]["note"], found["back"]) == (f"site-note-{number}", f"#site-fact-{number}")


@pytest.mark.parametrize("page", PAGES)
def test_what_can_be_unfolded_unfolds(walked: dict[str, Any], page: str) -> None:
    assert walked[page]["opened"]
