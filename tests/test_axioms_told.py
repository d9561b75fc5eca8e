"""Axioms on pages: what is disjoint, what is different, what is not so, and remarks on facts."""

import re

import pytest

from html_pages import Page
from made_projects import html, make_site

DATA = """
:zoo a owl:Ontology ; rdfs:label "Zoo"@en .
:Cat a owl:Class ; rdfs:label "Cat"@en ; rdfs:subClassOf :Animal , _:eats . :Dog a owl:Class ; rdfs:label "Dog"@en .
:Mouse a owl:Class ; rdfs:label "Mouse"@en . :Animal a owl:Class ; rdfs:label "Animal"@en .
_:eats a owl:Restriction ; owl:onProperty :eats ; owl:someValuesFrom :Mouse .
:eats a owl:ObjectProperty ; rdfs:label "eats"@en .
:tom a :Cat ; rdfs:label "Tom"@en . :jerry a :Mouse ; rdfs:label "Jerry"@en .
[] a owl:AllDisjointClasses ; owl:members ( :Cat :Dog :Mouse ) ; rdfs:comment "as everybody knows"@en .
[] a owl:AllDifferent ; owl:distinctMembers ( :tom :jerry ) .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :tom ; owl:assertionProperty :eats ;
  owl:targetIndividual :jerry .
[] a owl:Axiom ; owl:annotatedSource :Cat ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget _:eats ;
  rdfs:comment "mostly"@en .
[] a owl:Class ; owl:unionOf ( :Cat :Dog ) ; rdfs:subClassOf :Animal .
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    site = make_site(tmp_path_factory.mktemp("zoo"), DATA)
    return {name: html(site, name) for name in ("Cat", "tom", "Animal", "eats", "zoo")}


def told(page: Page, heading: str) -> list[str]:
    """Return the lines of a section, each a name and its values."""
    section = page.source.partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]
    rows = re.split(r"<div><dt>", section)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_a_class_tells_what_it_is_disjoint_with(pages: dict[str, Page]) -> None:
    assert told(pages["Cat"], "Axioms") == ["Disjoint with Dog Mouse", "comment as everybody knows"]


def test_an_individual_tells_from_which_it_is_different_and_what_is_not_so(pages: dict[str, Page]) -> None:
    assert told(pages["tom"], "Axioms") == ["Different from Jerry", "Not so eats Jerry"]


def test_a_remark_stands_at_the_fact_that_it_is_about(pages: dict[str, Page]) -> None:
    remark = told(pages["Cat"], "Remarks on facts")
    restriction = ["type restriction", "by the property eats", "some value of Mouse"]
    assert remark == ["subclass of", *restriction, "comment mostly"]


def test_what_a_class_without_a_name_is_to_another_is_told_in_full(pages: dict[str, Page]) -> None:
    assert told(pages["Animal"], "Axioms") == ["class", "any of Cat Dog", "subclass of Animal"]


def test_an_ontology_tells_its_axioms(pages: dict[str, Page]) -> None:
    rows = told(pages["zoo"], "Axioms")
    assert {"Disjoint with each other Cat Dog Mouse", "Different from each other Tom Jerry"} < {*rows}


def test_pages_without_axioms_have_no_such_section(pages: dict[str, Page]) -> None:
    assert "<h2>Axioms</h2>" not in pages["eats"].source and not any(page.faults for page in pages.values())
