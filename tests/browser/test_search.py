"""The search in a browser finds the same as the search on the server, and is used from the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from toolbox import drive, static_host

from communique.lookup.label_search import search

QUERIES = [
    "norov",
    "Рахмон",
    "rakhmon",
    "上海",
    "traffi wom",
    "Élan",
    "yuldashev n",
    "zebra",
    "19th",
    "in",
    "Чжан",
    "rep of",
]


@pytest.fixture(scope="module")
def driven(own_site: Path) -> dict[str, Any]:
    with static_host(own_site) as origin:
        return drive("search.mjs", {"origin": origin, "queries": QUERIES, "typed": "norov"})


@pytest.mark.parametrize("query", QUERIES)
def test_the_browser_finds_what_the_server_finds(own_site: Path, driven: dict[str, Any], query: str) -> None:
    answer = search(own_site, query, language="en")
    wanted = sorted((f"{each.stem}.html", each.title, each.other) for each in answer.found)
    found = driven["answers"][query]
    assert sorted((each["url"], each["title"], each["other"]) for each in found["hits"]) == wanted
    if answer.count:
        assert str(answer.count) in found["status"]


def test_arrows_lead_to_what_was_found_and_back(driven: dict[str, Any]) -> None:
    assert driven["first"] == "Vladimir Norov"
    assert driven["back"] == "site-q"


def test_enter_opens_what_was_found(driven: dict[str, Any]) -> None:
    assert driven["opened"] == "/sco/person/vladimir-norov.html"


def test_nothing_is_asked_of_others_and_nothing_fails(driven: dict[str, Any]) -> None:
    assert (driven["foreign"], driven["complaints"]) == ([], [])
