"""The site of the repository itself: the manual, the ontology, the first dataset."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from communique.hosting.plan import UNTYPED, type_of
from html_pages import Page, dead_links, pages, read

WEIGHT = 30_000
MEETING = "sco/meeting/prosecutors-general-19"


@pytest.fixture(scope="module")
def every(own_site: Path) -> dict[str, Page]:
    return pages(own_site)


def test_every_file_has_a_media_type(own_site: Path) -> None:
    hidden = (".htaccess", "_headers", "_redirects")
    names = (path.relative_to(own_site).as_posix() for path in own_site.rglob("*") if path.is_file())
    assert [name for name in names if not name.endswith(hidden) and type_of(name) == UNTYPED] == []


def test_the_folder_of_lists_has_a_page_that_leads_to_each(own_site: Path, every: dict[str, Page]) -> None:
    lists = {f"../classes/{path.name}" for path in own_site.glob("classes/*.html") if path.name.count(".") == 1} - {
        "../classes/index.html"
    }
    assert len(lists) > 30
    assert lists <= set(every["classes/index.html"].links)


def test_the_folder_of_tables_has_a_page_that_leads_to_each(own_site: Path, every: dict[str, Page]) -> None:
    tables = {path.name for path in own_site.glob("dumps/tables/*.csv*")}
    assert tables | {"../SHA256SUMS", "../tables.zip"} <= set(every["dumps/tables/index.html"].links)


def test_the_overview_for_programs_names_each_list_once_and_counts_as_the_home_page_does(
    own_site: Path, every: dict[str, Page]
) -> None:
    text = (own_site / "llms.txt").read_text(encoding="utf-8")
    names = [line.partition("](")[0] for line in text.splitlines() if line.startswith("- [")]
    assert len(set(names)) == len(names)
    counted = {each.text.replace(",", "") for each in every["index.html"].all("dd")}
    assert {word for word in text.partition("There are ")[2].split(".")[0].split() if word.isdigit()} <= counted


def test_every_page_is_well_formed(every: dict[str, Page]) -> None:
    assert {name: page.faults for name, page in every.items() if page.faults} == {}


def test_no_link_is_dead(own_site: Path, every: dict[str, Page]) -> None:
    assert dead_links(own_site, {name: page for name, page in every.items() if name != "404.html"}) == []


def test_no_page_runs_a_script_but_those_for_search_and_queries(every: dict[str, Page]) -> None:
    assert {name.partition(".")[0] for name, page in every.items() if page.scripts} <= {"search", "sparql"}


def test_no_page_asks_another_host(every: dict[str, Page]) -> None:
    assert [name for name, page in every.items() if any("//" in url for url in page.loaded)] == []


def test_no_page_is_heavy(own_site: Path, every: dict[str, Page]) -> None:
    heavy = {name: size for name in every if (size := len(gzip.compress((own_site / name).read_bytes()))) > WEIGHT}
    assert heavy == {}


def test_the_style_sheet_is_light(own_site: Path) -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in own_site.glob("assets/*.css")) < 10_000


def test_every_page_has_a_title_of_its_own(every: dict[str, Page]) -> None:
    titles = [page.one("title").text for name, page in every.items() if name.startswith("manual/")]
    assert len(set(titles)) == len(titles)


def test_the_pages_of_downloads_have_titles_of_their_own(every: dict[str, Page]) -> None:
    titles = [each.one("title").text for name, each in every.items() if name == "downloads.html" or "dumps/" in name]
    assert len(titles) > 3
    assert len(set(titles)) == len(titles)


def test_the_page_of_the_dataset_names_each_file_once(every: dict[str, Page]) -> None:
    text = every["sco.html"].text
    assert [text.count(f"Everything as {name}") for name in ("N-Quads", "TriG", "Turtle", "JSON-LD")] == [1] * 4


def test_every_page_of_a_thing_describes_itself(every: dict[str, Page]) -> None:
    things = {name: page for name, page in every.items() if name.startswith(("sco/", "ns/", "shapes/"))}
    assert [
        name for name, page in things.items() if not page.one("meta", name="description").attributes["content"]
    ] == []


def test_every_literal_has_a_language_and_a_direction(every: dict[str, Page]) -> None:
    spans = [span for page in every.values() for span in page.all("span", dir="auto")]
    assert spans and not [span for span in spans if "lang" not in span.attributes and span.attributes.get("class")]


def test_the_meeting_lists_its_participants_in_their_order(every: dict[str, Page]) -> None:
    table = every[MEETING + ".html"].all("table")[0]
    assert table.text.index("Tushar Mehta") < table.text.index("Zhang Jun") < table.text.index("Jumakhon Giyosov")


def test_the_meeting_shows_who_says_what(every: dict[str, Page]) -> None:
    standings = [mark.text for mark in every[MEETING + ".html"].all("b", class_="mark")]
    assert {"reported", "interpreted"} <= set(standings)


def test_the_meeting_is_an_event_with_its_attendees(every: dict[str, Page]) -> None:
    event = every[MEETING + ".html"].structured
    assert (event["@type"], len(event["attendee"])) == ("Event", 10)


def test_a_passage_opens_the_page_of_the_publisher(every: dict[str, Page]) -> None:
    links = every["sco/source/sectsco-796390/e06.html"].links
    assert any(link.startswith("http://eng.sectsco.org/20211021/796390.html#:~:text=") for link in links)


def test_home_says_that_the_name_is_not_registered(every: dict[str, Page]) -> None:
    assert "not registered yet" in every["index.html"].text


def canonical(content: bytes, format: RdfFormat) -> set[str]:
    dataset = Dataset(parse(content, format))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_turtle_and_jsonld_of_every_document_are_one_graph(own_site: Path) -> None:
    different = [
        turtle.name
        for turtle in sorted(own_site.rglob("*.ttl"))
        if (jsonld := turtle.with_suffix(".jsonld")).is_file() and "dumps" not in turtle.parts
        if canonical(turtle.read_bytes(), RdfFormat.TURTLE) != canonical(jsonld.read_bytes(), RdfFormat.JSON_LD)
    ]
    assert different == []


def test_every_page_of_a_document_names_formats_that_are_there(own_site: Path, every: dict[str, Page]) -> None:
    missing = [
        link.attributes["href"]
        for name, page in every.items()
        for link in page.all("link", rel="alternate")
        # The pages 404*.html are sent at any address: their links begin at the root of the host.
        if not (own_site / name).parent.joinpath(link.attributes["href"]).is_file()
        and not (name.startswith("404.") and own_site.joinpath(link.attributes["href"].removeprefix("/")).is_file())
    ]
    assert missing == []


def test_the_page_reads_well_without_style(own_site: Path) -> None:
    words = read(own_site / (MEETING + ".html")).text
    assert words.index("Number in the series") < words.index("Who took part") < words.index("Proposals and decisions")
