"""Which facts stand up front, and which apart: by rule, from the shapes."""

from pathlib import Path

import pytest

from html_pages import Page
from made_projects import BASE, html, make_site

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <{BASE}> .
:What a sh:PropertyGroup ; rdfs:label "What it is"@en ; sh:order 1 .
:How a sh:PropertyGroup ; rdfs:label "How it runs"@en ; sh:order 2 .
:Later a sh:PropertyGroup ; rdfs:label "Later on"@en ; sh:order 3 .
:EngineShape a sh:NodeShape ; sh:targetClass :Engine ; sh:property
    [ sh:path :maker ; sh:group :What ; sh:order 1 ], [ sh:path :year ; sh:group :What ; sh:order 2 ],
    [ sh:path :parts ; sh:group :What ; sh:order 3 ], [ sh:path :power ; sh:group :How ; sh:order 1 ],
    [ sh:path :fate ; sh:group :Later ; sh:order 1 ] .
"""
ENGINE = ':one a :Engine ; rdfs:label "One"@en ; :year 1843 ; :maker "Babbage" ; :power 5 ; :fate "lost" '


def engine(tmp_path: Path, facts: str = ".") -> Page:
    return html(make_site(tmp_path, ENGINE + facts, shapes__engine_ttl=SHAPES), "one")


def glance(page: Page) -> list[str]:
    found = page.all("section", class_="glance")
    return found[0].text.split() if found else []


def test_the_first_group_stands_up_front_in_its_order_and_then_the_second(tmp_path: Path) -> None:
    assert glance(engine(tmp_path)) == ["maker", "Babbage", "year", "1843", "power", "5"]


def test_what_stands_up_front_stands_in_no_section(tmp_path: Path) -> None:
    page = engine(tmp_path)
    assert page.text.count("Babbage") == 1 and "How it runs" not in page.text


def test_later_groups_stay_sections(tmp_path: Path) -> None:
    assert [heading.text for heading in engine(tmp_path).all("h2")][:1] == ["Later on"]


def test_a_fact_with_many_values_is_no_glance(tmp_path: Path) -> None:
    page = engine(tmp_path, '; :parts "a", "b", "c", "d" .')
    assert "parts" not in glance(page) and "What it is" in page.text


def test_one_fact_alone_is_no_overview(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":one a :Engine ; :year 1843 .", shapes__engine_ttl=SHAPES)
    assert glance(html(site, "one")) == []


def test_what_no_shape_names_is_not_up_front(tmp_path: Path) -> None:
    assert glance(html(make_site(tmp_path, ":one a :Thing ; :a 1 ; :b 2 ; :c 3 ."), "one")) == []


def test_the_definition_leads(tmp_path: Path) -> None:
    page = engine(tmp_path, '; skos:definition "What turns."@en, "Что вращается."@ru .')
    assert page.one("p", class_="lead").text == "What turns."


def test_the_lead_is_told_once_and_its_other_languages_below(tmp_path: Path) -> None:
    page = engine(tmp_path, '; skos:definition "What turns."@en, "Что вращается."@ru .')
    assert (page.text.count("What turns."), page.text.count("Что вращается.")) == (1, 1)


def test_of_a_long_description_the_first_paragraph_leads_and_the_whole_stays(tmp_path: Path) -> None:
    page = engine(tmp_path, '; dcterms:description """First.\n\nSecond."""@en .')
    assert page.one("p", class_="lead").text == "First." and "Second." in page.text


def test_a_text_that_is_no_paragraph_does_not_lead(tmp_path: Path) -> None:
    page = engine(tmp_path, f'; dcterms:description "{"word " * 200}"@en .')
    assert page.all("p", class_="lead") == []


def test_markup_does_not_lead(tmp_path: Path) -> None:
    page = engine(tmp_path, f'; dcterms:description "<b>bold</b>"^^<{RDF}HTML> .')
    assert page.all("p", class_="lead") == []


def test_the_same_elsewhere_names_the_dataset(tmp_path: Path) -> None:
    page = engine(tmp_path, "; owl:sameAs <http://www.wikidata.org/entity/Q1163526> .")
    (item,) = [item for item in page.all("li") if "Wikidata" in item.text]
    assert "Q1163526" in item.text and "http://www.wikidata.org/entity/Q1163526" in page.links


@pytest.mark.parametrize("name", ['"Analytical Engine"@en', '"Analytical Engine"'])
def test_the_same_elsewhere_is_called_what_the_data_call_it(tmp_path: Path, name: str) -> None:
    told = f"; owl:sameAs <http://www.wikidata.org/entity/Q1> . <http://www.wikidata.org/entity/Q1> rdfs:label {name} ."
    assert "Wikidata Analytical Engine Q1" in engine(tmp_path, told).text


def test_the_data_name_the_datasets_of_others(tmp_path: Path) -> None:
    linked = '; skos:exactMatch <https://museum.example/x/7> . :museum void:uriSpace "https://museum.example/" ; '
    assert "The Museum 7" in engine(tmp_path, linked + 'dcterms:title "The Museum"@en .').text


def test_a_dataset_of_others_that_has_no_title_is_told_by_its_host(tmp_path: Path) -> None:
    linked = (
        '; skos:exactMatch <https://museum.example/x/7> . :target-1f2e void:uriSpace "https://museum.example/x/" . '
    )
    assert "museum.example 7" in engine(tmp_path, linked).text


def test_what_nobody_has_named_is_told_by_its_host(tmp_path: Path) -> None:
    assert "museum.example 7" in engine(tmp_path, "; skos:closeMatch <https://museum.example/x/7> .").text


def test_the_same_within_the_dataset_is_a_fact_like_any_other(tmp_path: Path) -> None:
    page = engine(tmp_path, '; owl:sameAs :two . :two rdfs:label "Two"@en .')
    assert page.all("ul", class_="elsewhere") == [] and "two.html" in page.links
