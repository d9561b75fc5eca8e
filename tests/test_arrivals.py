"""Links to a resource that its page has no room for."""

from pathlib import Path

from pyoxigraph import NamedNode

from communique.formats import HTML
from communique.website.pages import Kind
from html_pages import Page
from made_projects import BASE, html, make_site, renderer

LIGHT = 1_000_000
MANY = 5_000


def crowd(number: int, path: str = "foaf:knows") -> str:
    return " ".join(f":p{each} {path} :ada ." for each in range(number))


def arrivals(tmp_path: Path, data: str) -> dict[str, Page]:
    site = make_site(tmp_path, ":ada a foaf:Person . " + data)
    made = renderer(site)
    found = [page for page in site.pages() if page.kind is Kind.ARRIVALS]
    return {page.path: Page(made.render(page, HTML).decode()) for page in found}


def test_few_links_have_no_page_of_their_own(tmp_path: Path) -> None:
    assert arrivals(tmp_path, crowd(50)) == {}


def test_a_page_leads_on_to_the_rest(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":ada a foaf:Person . " + crowd(60))
    page = html(site, "ada")
    assert "and 10 more" in page.text and "links/ada/1.html" in page.links


def test_five_thousand_links_stand_on_ten_light_pages_each_once(tmp_path: Path) -> None:
    pages = arrivals(tmp_path, crowd(MANY))
    linked = [link for page in pages.values() for link in page.links if link.startswith("../../p")]
    assert (len(pages), len(linked), len(set(linked))) == (10, MANY, MANY)
    assert max(len(page.source.encode()) for page in pages.values()) < LIGHT


def test_the_page_of_a_resource_stays_light_whatever_links_to_it(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, ":ada a foaf:Person . " + crowd(MANY)), "ada")
    assert len(page.source.encode()) < LIGHT / 10 and "and 4,950 more" in page.text


def test_links_stand_in_their_natural_order(tmp_path: Path) -> None:
    links = [link for link in arrivals(tmp_path, crowd(60))["links/ada/1"].links if link.startswith("../../p")]
    assert links[:3] == ["../../p0.html", "../../p1.html", "../../p2.html"]


def test_each_property_begins_a_page(tmp_path: Path) -> None:
    pages = arrivals(tmp_path, crowd(60) + crowd(70, "foaf:topic"))
    assert list(pages) == ["links/ada/1", "links/ada/2"]
    assert "foaf:topic 70" in pages["links/ada/1"].text and "knows 60" in pages["links/ada/2"].text


def test_pages_lead_to_those_before_and_after(tmp_path: Path) -> None:
    pages = arrivals(tmp_path, crowd(1_200))
    assert {"../../links/ada/1.html", "../../links/ada/3.html"} <= set(pages["links/ada/2"].links)


def test_beyond_ten_thousand_nobody_turns_pages(tmp_path: Path) -> None:
    assert len(arrivals(tmp_path, crowd(10_600))) == 20


def test_instances_are_left_to_the_list_of_their_class(tmp_path: Path) -> None:
    assert arrivals(tmp_path, ":Engine a owl:Class . " + " ".join(f":e{each} a :Engine ." for each in range(60))) == {}


def test_the_folder_gives_way_to_things_of_that_name(tmp_path: Path) -> None:
    pages = arrivals(tmp_path, crowd(60) + f"<{BASE}links/ada/1> a :Thing .")
    assert list(pages) == ["links-/ada/1"]


def test_a_link_in_several_graphs_counts_once(tmp_path: Path) -> None:
    several = " ".join(f"GRAPH :g{graph} {{ {crowd(30)} }}" for graph in range(3))
    site = make_site(tmp_path, several)
    assert site.arrivals.more_of(NamedNode(BASE + "ada")) == {}
