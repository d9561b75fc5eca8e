"""The cookbook: every example query with what it answers."""

from pathlib import Path

import pytest

from html_pages import Page
from made_projects import html, make_site

DATA = """
:ada a foaf:Person ; rdfs:label "Ada"@en .
:charles a foaf:Person ; rdfs:label "Charles"@en .
"""
FOAF = "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"


def cookbook(folder: Path, query: str) -> Page:
    site = make_site(folder, DATA, site__queries__mine_rq=f"#+ summary@en: Mine\n#+ description@en: Of mine.\n{query}")
    return html(site, "queries/index")


def test_a_recipe_shows_the_query_its_words_and_its_rows(tmp_path: Path) -> None:
    page = cookbook(tmp_path, FOAF + "SELECT ?who { ?who a foaf:Person } ORDER BY ?who")
    assert "Mine Of mine. PREFIX foaf:" in page.text
    assert "who Ada Charles" in page.text
    assert page.faults == []


def test_things_in_the_rows_lead_to_their_pages(tmp_path: Path) -> None:
    page = cookbook(tmp_path, FOAF + "SELECT ?who { ?who a foaf:Person } ORDER BY ?who")
    assert {"../ada.html", "../charles.html"} <= set(page.links)


def test_a_recipe_leads_to_the_query_page_and_to_its_file(tmp_path: Path) -> None:
    page = cookbook(tmp_path, "ASK {}")
    assert "mine.rq" in " ".join(page.links)
    assert any(link.startswith("../sparql.html#query=ASK%20%7B%7D") for link in page.links)


def test_only_the_first_rows_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    page = cookbook(tmp_path, "SELECT ?n { VALUES ?n { 1 2 3 4 5 6 7 8 9 10 11 12 } } ORDER BY ?n")
    assert "The first 10 of 12 rows." in page.text


def test_rows_without_an_order_are_sorted_so_that_each_build_is_the_same(tmp_path: Path) -> None:
    assert "n 1 2 3" in cookbook(tmp_path, "SELECT ?n { VALUES ?n { 3 1 2 } }").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [("ASK {}", "Yes"), ("ASK { FILTER(false) }", "No"), ("SELECT ?x { ?x a <http://e/none> }", "There are no rows.")],
)
def test_an_answer_in_one_word_is_shown(tmp_path: Path, query: str, shown: str) -> None:
    assert shown in cookbook(tmp_path, query).text


def test_a_graph_is_shown_as_its_triples(tmp_path: Path) -> None:
    page = cookbook(tmp_path, "CONSTRUCT { <http://e/s> <http://e/p> 5 } {}")
    assert "subject predicate object" in page.text


def test_what_would_change_with_each_build_has_no_answer(tmp_path: Path) -> None:
    page = cookbook(tmp_path, "SELECT (NOW() AS ?now) {}")
    assert "SELECT (NOW() AS ?now)" in page.text
    assert len(page.all("table")) == 3  # those of the bundled queries
