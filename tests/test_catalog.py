"""Catalogue: what data say of themselves, and what can be inferred where they are silent."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.descriptions.catalog import Catalog
from communique.descriptions.labels import Labels
from communique.descriptions.statistics import statistics
from communique.errors import ProjectError
from communique.project import Project
from communique.store import Store

HEADER = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""


def store(text: str) -> Store:
    return Store.of(ox.parse(HEADER + text, format=ox.RdfFormat.TRIG))


def catalog(text: str, folder: str = "folder") -> Catalog:
    found = store(text)
    return Catalog.read(found, labels=Labels(found, ("en", "ru")), folder=folder)


def ex(name: str) -> ox.NamedNode:
    return ox.NamedNode("http://example.org/" + name)


def test_the_catalogue_speaks_for_the_whole() -> None:
    found = catalog("""ex:c a dcat:Catalog ; dcterms:title "All"@en ; dcat:dataset ex:d ; dcat:version "2" .
        ex:d a dcat:Dataset ; dcterms:title "Part"@en ; dcat:version "1" .""")
    assert (found.title.text, found.version, found.dataset) == ("All", "2", ex("d"))


def test_the_dataset_says_what_the_catalogue_does_not() -> None:
    found = catalog("""ex:c a dcat:Catalog ; dcterms:title "All"@en ; dcat:dataset ex:d .
        ex:d a dcat:Dataset ; dcterms:license ex:cc0 ; dcterms:publisher ex:us ; dcterms:description "About."@en ;
            dcterms:issued "2026-11-24" ; dcterms:modified "2026-11-25" .""")
    about = found.about
    assert (found.licence, about.publisher, about.issued, about.modified) == (
        ex("cc0"),
        ex("us"),
        "2026-11-24",
        "2026-11-25",
    )
    assert about.description is not None and about.description.text == "About."


def test_a_dataset_alone_speaks_for_the_whole() -> None:
    assert catalog('ex:d a void:Dataset ; dcterms:title "Part"@en .').title.text == "Part"


def test_parts_of_a_dataset_are_no_datasets_of_their_own() -> None:
    found = catalog("ex:a a void:Dataset ; void:subset ex:b . ex:b a void:Dataset .")
    assert [dataset.resource for dataset in found.datasets] == [ex("a")]


@pytest.mark.parametrize("part", ["classPartition", "propertyPartition"])
def test_a_partition_by_which_void_counts_is_no_dataset_of_its_own(part: str) -> None:
    found = catalog(f'ex:z a void:Dataset ; dcterms:title "Whole"@en ; void:{part} ex:b . ex:b a void:Dataset .')
    assert found.title.text == "Whole"
    assert [dataset.resource for dataset in found.datasets] == [ex("z")]


def test_what_an_endpoint_holds_beside_its_own_description_is_the_dataset_and_no_form_of_it_is() -> None:
    found = catalog("""
        ex:e a void:Dataset ; dcterms:title "Endpoint"@en ; void:sparqlEndpoint ex:sparql ; void:subset ex:w .
        ex:w a void:Dataset ; dcterms:title "Whole"@en ; void:uriSpace "http://example.org/" ; dcterms:hasFormat ex:a .
        ex:a a void:Dataset ; dcterms:title "Annotated"@en .""")
    assert (found.title.text, found.base) == ("Whole", "http://example.org/")
    assert [dataset.resource for dataset in found.datasets] == [ex("w")]


OURS = 'ex:z a void:Dataset ; dcterms:title "Ours"@en ; void:uriSpace "http://example.org/" . ex:l a void:Linkset '
THEIRS = 'ex:a a void:Dataset ; dcterms:title "Theirs"@en ; void:uriSpace "{}" .'


@pytest.mark.parametrize(
    "links",
    [
        "; void:subjectsTarget ex:z ; void:objectsTarget ex:a . ex:z void:subset ex:l .",
        "; void:subjectsTarget ex:a ; void:objectsTarget ex:z . ex:z void:subset ex:l .",
        "; void:target ex:z , ex:a . ex:z void:subset ex:l .",
        ", void:Dataset ; void:subjectsTarget ex:z ; void:objectsTarget ex:a .",
    ],
)
@pytest.mark.parametrize("space", ["http://example.net/", "http://example.net"])
def test_a_dataset_of_others_to_which_links_lead_is_none_of_ours_wherever_it_begins(links: str, space: str) -> None:
    found = catalog(OURS + links + THEIRS.format(space))
    assert ([dataset.resource for dataset in found.datasets], found.title.text) == ([ex("z")], "Ours")
    assert (found.base, found.is_guess) == ("http://example.org/", False)


@pytest.mark.parametrize(
    "links",
    ["; void:target ex:z , ex:a .", "; void:subjectsTarget ex:z ; void:objectsTarget ex:a ."],
)
def test_of_two_datasets_at_one_host_none_is_others_whatever_links_join_them(links: str) -> None:
    found = catalog(OURS + links + THEIRS.format("http://example.org/a/"))
    assert [dataset.resource for dataset in found.datasets] == [ex("a"), ex("z")]


def test_where_links_do_not_say_whose_they_are_no_dataset_is_others() -> None:
    found = catalog(OURS + "; void:target ex:z , ex:a ." + THEIRS.format("http://example.net/"))
    assert ([each.resource for each in found.datasets], found.is_guess) == ([ex("a"), ex("z")], True)


def test_an_ontology_speaks_where_there_is_no_dataset() -> None:
    found = catalog('ex:o a owl:Ontology ; dcterms:title "Terms"@en ; owl:versionInfo "3" .')
    assert (found.title.text, found.version) == ("Terms", "3")


SCHEME = 'ex:s a skos:ConceptScheme ; dcterms:title "Fishing gear"@en ; dcterms:license ex:by . '
CONCEPTS = "ex:net a skos:Concept ; skos:inScheme ex:s . ex:line a skos:Concept ; skos:inScheme ex:s . "


def test_a_thesaurus_speaks_where_there_is_neither_a_dataset_nor_an_ontology() -> None:
    found = catalog(SCHEME + CONCEPTS)
    assert (found.title.text, found.licence, found.dataset) == ("Fishing gear", ex("by"), None)
    assert catalog(SCHEME + CONCEPTS + 'ex:o a owl:Ontology ; dcterms:title "Terms"@en .').title.text == "Terms"
    assert catalog(SCHEME + CONCEPTS + "<http://other/s> a skos:ConceptScheme .").title.text == "Fishing gear"


@pytest.mark.parametrize(
    "more",
    ['ex:t a skos:ConceptScheme ; rdfs:label "Codes" .', "ex:a a ex:P . ex:b a ex:P . ex:c a ex:P . ex:d a ex:P ."],
)
def test_a_list_of_codes_beside_other_things_does_not_name_the_whole(more: str) -> None:
    assert catalog(SCHEME + CONCEPTS + more, folder="meetings").title.text == "meetings"


def test_the_folder_is_the_title_of_what_says_nothing() -> None:
    assert catalog("ex:x ex:a 1 .", folder="meetings").title.text == "meetings"


def test_the_base_is_what_the_data_state() -> None:
    assert catalog('ex:d a void:Dataset ; void:uriSpace "http://example.org/id#" .').base == "http://example.org/id#"


def test_the_base_of_several_datasets_is_what_theirs_have_in_common() -> None:
    """Nothing that a dataset calls its own is left out, whichever of them comes first."""
    stated = 'ex:a a void:Dataset ; void:uriSpace "{}" . ex:b a void:Dataset ; void:uriSpace "{}" .'
    person, work = "http://example.org/id/person/", "http://example.org/id/item/"
    assert catalog(stated.format(work, person)).base == catalog(stated.format(person, work)).base
    assert catalog(stated.format(work, person)).base == "http://example.org/id/"
    assert catalog(stated.format(work, work + "old#")).base == work
    assert catalog(stated.format(work, "http://example.org.example/person/")).base == "http://example.org/"


def test_the_base_of_the_catalogue_goes_before_that_of_a_dataset() -> None:
    found = catalog("""ex:c a dcat:Catalog ; dcat:dataset ex:d ; void:uriSpace "http://example.org/" .
        ex:d a void:Dataset ; void:uriSpace "http://example.org/d/" .""")
    assert found.base == "http://example.org/"


@pytest.mark.parametrize("base", ["https://ex.org/id", "ex.org/", ""])
def test_a_base_that_cannot_be_one_is_refused_with_its_place(base: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "catalog.ttl"
    file.write_text(HEADER + f'ex:d a void:Dataset ;\n  void:uriSpace "{base}" .\n', encoding="utf-8")
    found = Store.load(Project.open(tmp_path))
    with pytest.raises(ProjectError) as caught:
        Catalog.read(found, labels=Labels(found, ()))
    line = HEADER.count("\n") + 2
    assert str(caught.value) == (
        f"{file}:{line}: void:uriSpace must be an absolute IRI that ends in '/' or '#', got {base!r}"
    )


@pytest.mark.parametrize(
    ("iris", "base"),
    [
        (["http://example.org/a/1", "http://example.org/a/2"], "http://example.org/a/"),
        (["http://example.org/a/1", "http://example.org/b/2"], "http://example.org/"),
        (["http://example.org/a#1", "http://example.org/a#2"], "http://example.org/a#"),
        (["http://example.org/a/1", "http://example.org/a/2", "http://other.example/1"], "http://example.org/a/"),
        (["urn:isbn:1", "urn:isbn:2"], "urn:isbn:"),
        (["http://example.org"], "https://example.org/"),
        ([], "https://example.org/"),
    ],
)
def test_the_base_is_inferred_from_the_subjects(iris: list[str], base: str) -> None:
    assert catalog(" ".join(f"<{iri}> ex:a 1 ." for iri in iris)).base == base


@pytest.mark.parametrize(
    ("said", "base"),
    [
        ("owl:Ontology", "http://example.org/"),
        ("skos:ConceptScheme", "http://example.org/"),
        ("ex:Document", "http://example.org/onto/"),
    ],
)
def test_a_vocabulary_that_is_named_as_the_folder_of_its_terms_has_a_page_beside_it(said: str, base: str) -> None:
    terms = "".join(f"<http://example.org/onto/T{number}> a ex:P ." for number in range(20))
    assert catalog(f"<http://example.org/onto> a {said} . {terms}").base == base


def test_languages_are_tags_whoever_names_them() -> None:
    found = catalog("""ex:d a dcat:Dataset ; dcterms:language "en", <http://id.loc.gov/vocabulary/iso639-1/ru>,
        <http://publications.europa.eu/resource/authority/language/ZHO> .""")
    assert set(found.about.languages) == {"en", "ru", "zh"}


def test_languages_are_inferred_from_the_labels() -> None:
    labels = " ".join(f'ex:x{number} rdfs:label "x"@ru .' for number in range(20))
    assert catalog(labels + 'ex:x rdfs:label "x"@en, "x"@ru .').about.languages == ("ru",)


def test_distributions_are_files() -> None:
    found = catalog("""ex:d a dcat:Dataset ; dcterms:title "D"@en ; dcat:distribution ex:ttl .
        ex:ttl dcterms:title "All as Turtle"@en ; dcat:downloadURL ex:all.ttl ;
            dcat:mediaType <http://www.iana.org/assignments/media-types/text/turtle> .""")
    (distribution,) = found.datasets[0].distributions
    assert (distribution.title.text, distribution.url) == ("All as Turtle", "http://example.org/all.ttl")
    assert distribution.media_type == "text/turtle"


def test_statistics_count_a_triple_once_and_quads_all() -> None:
    found = statistics(
        store("ex:g { ex:x a ex:C ; ex:a 1 } ex:h { ex:x ex:a 1 } ex:y a ex:C ."), base="http://example.org/"
    )
    assert (found.triples, found.quads, found.resources) == (3, 4, 2)
    assert (found.classes, found.unnamed_classes) == (((ex("C"), 2),), 0)
    assert [(path.value[-1], count) for path, count in found.properties] == [("e", 2), ("a", 1)]


def test_a_class_without_an_iri_is_a_class_too() -> None:
    found = statistics(
        store("ex:x a ex:C , [ ex:on ex:p ] . ex:y a ex:C , [ ex:on ex:q ] ."), base="http://example.org/"
    )
    assert (found.classes, found.unnamed_classes) == (((ex("C"), 2),), 2)


def test_the_first_dataset_describes_itself() -> None:
    found = Store.load(Project.open(Path(__file__).parents[1]))
    read = Catalog.read(found, labels=Labels(found, ("en", "ru", "zh")))
    assert read.base == "https://w3id.org/communique/"
    assert read.licence == ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
    assert set(read.about.languages) == {"en", "ru", "zh"}
