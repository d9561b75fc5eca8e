"""Thesauri in SKOS-XL: labels that are resources name what has them (SKOS Reference, section B.3.4.2)."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from communique.alignment.linking_tables import linking_tables
from communique.cli import main
from communique.formats import TURTLE
from communique.lookup.matching import Wanted, candidates
from communique.lookup.name_source import write_names
from communique.lookup.names import Names
from communique.project import Project
from communique.store import Store
from communique.website.site import Site
from made_projects import html, text

DATA = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://vocab.example.org/crops/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
ex: a skos:ConceptScheme ; dcterms:title "Crops"@en ; skos:hasTopConcept ex:cereals .
ex:cereals a skos:Concept ; skos:inScheme ex: ; skos:topConceptOf ex: ; skos:narrower ex:wheat ;
  skosxl:prefLabel ex:label-1 , ex:label-2 ; skosxl:altLabel ex:label-3 ; skosxl:hiddenLabel ex:label-4 .
ex:wheat a skos:Concept ; skos:inScheme ex: ; skos:broader ex:cereals ;
  skosxl:prefLabel [ a skosxl:Label ; skosxl:literalForm "wheat"@en ] .
ex:label-1 a skosxl:Label ; skosxl:literalForm "cereals"@en ; dcterms:created "2001-02-03" .
ex:label-2 a skosxl:Label ; skosxl:literalForm "céréales"@fr .
ex:label-3 a skosxl:Label ; skosxl:literalForm "grain crops"@en .
ex:label-4 a skosxl:Label ; skosxl:literalForm "seriels"@en .
"""
UNNAMED = (
    DATA
    + """
ex:rye a skos:Concept ; skos:inScheme ex: ; skosxl:altLabel [ a skosxl:Label ; skosxl:literalForm "secale"@en ] ;
  skosxl:prefLabel [ a skosxl:Label ; skosxl:literalForm "seigle"@fr ; dcterms:created "2002-03-04" ;
    skosxl:labelRelation [ skosxl:literalForm "blé"@fr ] ] , [ a skosxl:Label ; skosxl:literalForm "rye"@en ] ,
    ex:label-5 , [ a skosxl:Label ; dcterms:source "a label without a text" ] .
ex:label-5 a skosxl:Label ; skosxl:literalForm "Roggen"@de .
"""
)
CEREALS, WHEAT = "https://vocab.example.org/crops/cereals", "https://vocab.example.org/crops/wheat"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("crops")
    (folder / "crops.ttl").write_text(DATA, encoding="utf-8")
    project = Project.open(folder)
    return Site(project, Store.load(project))


def test_a_concept_has_the_names_of_its_labels(site: Site) -> None:
    page = html(site, "cereals")
    assert page.all("title")[0].text == "cereals · Crops"
    assert {"wheat", "grain crops", "céréales"} <= {each.text for each in page.all("a")}


def test_labels_without_a_name_are_told_by_their_texts_with_what_else_is_said_of_them(tmp_path: Path) -> None:
    (tmp_path / "crops.ttl").write_text(UNNAMED, encoding="utf-8")
    project = Project.open(tmp_path)
    page = html(Site(project, Store.load(project)), "rye")
    # A label of which no more is said is but its text, also among the facts that matter.
    names = [each.text for each in page.all("dd")]
    assert {"rye", "secale"} <= {each.strip() for each in names}
    # By language; what is none of a label of SKOS-XL comes last, as it is.
    told = page.source.partition("Names and kind")[2]
    assert re.findall("Roggen|rye|seigle|a label without", told) == ["Roggen", "rye", "seigle", "a label without"]
    more = page.one("details", class_="label").text
    assert re.findall(r"seigle|\w*created|blé|2002-03-04", more, re.IGNORECASE) == [
        "seigle",
        "created",
        "2002-03-04",
        "blé",
    ]
    assert "literalForm" not in told and told.count(">label</a>") == 1  # of the one without a text
    assert [each.text.strip() for each in page.all("li") if each.text.strip() in {"seigle", "Roggen", "rye"}] == [
        "Roggen",
        "seigle",
    ]


def test_documents_have_the_labels_as_they_are_stated(site: Site) -> None:
    turtle = text(site, "cereals", TURTLE)
    assert "skosxl:prefLabel ex:label-1" in turtle and "skos:prefLabel" not in turtle


def test_tables_of_labels_have_the_texts_for_the_concepts_alone(site: Site) -> None:
    rows = [*csv.reader(dict(linking_tables(site))["labels.csv"].decode().splitlines())]
    assert [row[:4] for row in rows[2:]] == [
        [CEREALS, "cereals", "en", "preferred"],
        [CEREALS, "céréales", "fr", "preferred"],
        [CEREALS, "grain crops", "en", "alternative"],
        [CEREALS, "seriels", "en", "hidden"],
        [WHEAT, "wheat", "en", "preferred"],
    ]


@pytest.mark.parametrize(
    ("name", "iri"), [("Cereals", CEREALS), ("cereales", CEREALS), ("grain crops", CEREALS), ("wheat", WHEAT)]
)
def test_a_concept_is_reconciled_by_each_of_its_labels(site: Site, tmp_path: Path, name: str, iri: str) -> None:
    write_names(tmp_path / "names", site=site)
    with Names(tmp_path / "names", seconds=30) as names:
        found = candidates(names, Wanted(name=name))
    assert (found[0].resource.iri, found[0].match) == (iri, True)


def test_a_check_knows_that_the_concepts_have_names(tmp_path: Path) -> None:
    (tmp_path / "crops.ttl").write_text(DATA, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert "0 violations, 0 warnings" in result.output
