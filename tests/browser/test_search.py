"""The search in a browser finds the same as the search on the server, and is used from the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from toolbox import drive, static_host

from communique.lookup.label_search import search
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.serving.found import answered
from html_pages import Page

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


def test_the_browser_groups_as_the_server_does_also_what_is_of_no_class(tmp_path: Path) -> None:
    data = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <https://example.org/> .\n"
    data += 'ex:Town rdfs:label "город"@ru . ex:a a ex:Town ; rdfs:label "Nowa"@en . ex:b rdfs:label "Nowhere"@en .'
    (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
    public = tmp_path / "public"
    build(Project.open(tmp_path), out=public, progress=Progress(quiet=True))
    with static_host(public) as origin:
        found = drive("search.mjs", {"origin": origin, "queries": ["now"], "typed": "now"})["answers"]["now"]
    page = Page(answered((public / "search.html").read_text(encoding="utf-8"), "now", site=public))
    headings = [[each.attributes["lang"], each.text] for each in page.all("h2", dir="auto")]
    assert found["headings"] == headings[:2] == [["ru", "город 1"], ["en", "Of no stated kind 1"]]


def test_arrows_lead_to_what_was_found_and_back(driven: dict[str, Any]) -> None:
    assert driven["first"] == "Vladimir Norov"
    assert driven["back"] == "site-q"


def test_enter_opens_what_was_found(driven: dict[str, Any]) -> None:
    assert driven["opened"] == "/sco/person/vladimir-norov.html"


def test_nothing_is_asked_of_others_and_nothing_fails(driven: dict[str, Any]) -> None:
    assert (driven["foreign"], driven["complaints"]) == ([], [])
