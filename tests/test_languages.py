"""The language of a site that names none: what the data put first, and one name of a thing wherever it is told."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique.cli import main
from communique.lookup.name_source import write_names
from communique.lookup.names import Names
from communique.store import Store
from communique.website.languages import languages_of
from html_pages import read
from made_projects import build, make_project, make_site

TOWNS = """
:town a cmq:Place ; skos:prefLabel "Saint-Étienne-du-Bois"@fr, "Sant-Stefan"@br .
:dataset dcterms:language "fr" ; dcterms:description "Toutes les communes"@fr .
"""


@pytest.mark.parametrize(
    ("data", "language"),
    [
        (':a rdfs:label "A" .', "en"),
        (':dataset dcterms:language "fr" .', "fr"),
        (":dataset dcterms:language <http://publications.europa.eu/resource/authority/language/FRA> .", "fr"),
        (':dataset dcterms:language "fr", "br" . :a rdfs:label "A"@fr, "E"@fr, "B"@br .', "fr"),
        (':dataset dcterms:language "fr", "en" .', "en"),
        (':dataset dcterms:language "français" .', "en"),
        (':dataset dcterms:language "mul" .', "en"),
        (':a rdfs:label "A"@fr . :b rdfs:label "B"@fr .', "fr"),
        (':a rdfs:label "A"@fr, "A"@br .', "en"),
        (':a rdfs:label "A"@fr . :b rdfs:label "B" . :c rdfs:label "C" .', "en"),
    ],
)
def test_a_site_that_names_no_language_has_that_of_its_data(tmp_path: Path, data: str, language: str) -> None:
    site = make_site(tmp_path, data)
    assert [each.language for each in site.editions] == [language] and site.labels.languages[0] == language


@pytest.mark.parametrize(
    ("data", "language"),
    [
        (':dataset dcterms:language "fr" .', "fr"),
        (':dataset dcterms:language "fr", "br" . :a rdfs:label "A"@fr .', "br"),
        (':a rdfs:label "A"@fr . :b rdfs:label "B"@fr .', "en"),
    ],
)
def test_where_labels_are_not_counted_only_what_is_stated_counts(tmp_path: Path, data: str, language: str) -> None:
    project = make_project(tmp_path, data)
    assert languages_of(project.settings, Store.load(project), counted=False).pages == (language,)


def test_where_the_words_of_the_interface_are_english_only_other_names_are_marked(tmp_path: Path) -> None:
    site = build(tmp_path, TOWNS + ':other a cmq:Place ; skos:prefLabel "Москва"@ru .')
    marks = {
        page: [each.text for each in read(site / page).all("span", class_="tag")]
        for page in ("town.html", "other.html")
    }
    assert "en" not in marks["town.html"] + marks["other.html"] and "ru" in marks["other.html"]


def test_the_settings_come_before_the_data(tmp_path: Path) -> None:
    site = make_site(tmp_path, TOWNS, site__site_toml='languages = ["ru", "zh"]')
    assert [each.language for each in site.editions] == list(site.labels.languages) == ["ru", "zh"]


def test_a_thing_has_one_name_on_its_page_in_its_table_in_links_and_in_look_ups(tmp_path: Path) -> None:
    name = "Saint-Étienne-du-Bois"
    public = build(tmp_path, TOWNS)
    assert read(public / "town.html").one("h1").text == name
    with (public / "dumps" / "tables" / "place.csv").open(encoding="utf-8", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == [name]
    (tmp_path / "other.csv").write_text(f"id,label\nhttps://example.com/1,{name}\n", encoding="utf-8")
    CliRunner().invoke(main, ["link", str(tmp_path / "other.csv"), "--project", str(tmp_path)])
    (row,) = (tmp_path / "data" / "mappings" / "other.sssom.tsv").read_text().splitlines()[-1:]
    assert row.split("\t")[1] == name
    write_names(tmp_path / "names.sqlite", site=make_site(tmp_path, TOWNS))
    with Names(tmp_path / "names.sqlite") as names:
        found = names.resource("https://example.org/id/town")
        assert found is not None and found.name == name
