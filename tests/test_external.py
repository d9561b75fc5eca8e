"""What other documents say stands apart, names its document and guesses nothing; and the dataset describes itself."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
EXTERNAL = sorted((DATA / "sco" / "external").glob("*.trig"))
SCO = "https://w3id.org/communique/sco"
CMQ = "https://w3id.org/communique/ns#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "http://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VOID = "http://rdfs.org/ns/void#"
WIKIDATA = "http://www.wikidata.org/"

MATCHES = {OWL + "sameAs", *(f"{SKOS}{near}Match" for near in ("exact", "close", "broad", "narrow", "related"))}
PATTERNS = {
    WIKIDATA: r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*",
    "http://eurovoc.europa.eu/": r"http://eurovoc\.europa\.eu/[1-9][0-9]*",
    "https://sws.geonames.org/": r"https://sws\.geonames\.org/[1-9][0-9]*/",
}
CODES = {CMQ + "iso3166Alpha2": r"[A-Z]{2}", CMQ + "iso3166Alpha3": r"[A-Z]{3}", CMQ + "m49": r"[0-9]{3}"}
LANGUAGES = {"en", "ru", "zh"}
DATASET = ox.NamedNode(SCO)
CATALOG = ox.NamedNode("https://w3id.org/communique/catalog")


@cache
def store() -> ox.Store:
    """Return all data, with the code lists that they use."""
    whole = ox.Store()
    for file in sorted(DATA.rglob("*")):
        if file.suffix in {".ttl", ".trig"}:
            whole.load(path=str(file))
    whole.load(path=str(ROOT / "ontology" / "codes.ttl"), to_graph=ox.NamedNode("https://w3id.org/communique/code"))
    return whole


def objects(subject: ox.NamedNode, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    """Return what all graphs together say of the subject."""
    return list({quad.object for quad in store().quads_for_pattern(subject, ox.NamedNode(predicate), None)})


def instances(kind: str) -> set[ox.NamedNode]:
    return {quad.subject for quad in store().quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(kind))}


def facts() -> list[ox.Quad]:
    """Return what stands in the graphs of external reports."""
    reports = instances(CMQ + "ExternalReport")
    return [quad for quad in store() if quad.graph_name in reports]


def languages(subject: ox.NamedNode, predicate: str) -> set[str]:
    return {value.language or "" for value in objects(subject, predicate) if isinstance(value, ox.Literal)}


def test_every_graph_of_the_external_files_is_a_report_or_the_register_of_reports() -> None:
    graphs = {quad.graph_name for file in EXTERNAL for quad in ox.parse(path=str(file))}
    assert graphs - instances(CMQ + "ExternalReport") == {ox.NamedNode(f"{SCO}/graph/external")}


def test_every_report_states_something() -> None:
    assert instances(CMQ + "ExternalReport") == {quad.graph_name for quad in facts()}


def test_every_report_names_one_document() -> None:
    documents = {report: objects(report, CMQ + "inDocument") for report in instances(CMQ + "ExternalReport")}
    assert documents
    assert not {report for report, found in documents.items() if len(found) != 1}


def test_no_two_reports_share_a_document() -> None:
    documents = [objects(report, CMQ + "inDocument")[0] for report in instances(CMQ + "ExternalReport")]
    assert len(documents) == len(set(documents))


def test_every_report_and_its_document_are_labelled_in_all_languages() -> None:
    named = instances(CMQ + "ExternalReport") | instances(CMQ + "SourceDocument")
    assert not {each for each in named if languages(each, RDFS + "label") != LANGUAGES}


def test_no_graph_has_two_standings() -> None:
    kinds = [instances(CMQ + kind) for kind in ("Passage", "Interpretation", "ExternalReport", "Register")]
    assert sum(len(kind) for kind in kinds) == len(set().union(*kinds))


def test_no_passage_says_what_only_others_can_say() -> None:
    apart = MATCHES | {
        SCHEMA + "startDate",
        SCHEMA + "endDate",
        SCHEMA + "location",
        CMQ + "executed",
        SKOS + "altLabel",
    }
    passages = instances(CMQ + "Passage")
    assert not [q for q in store() if q.graph_name in passages and q.predicate.value in apart]


def test_every_subject_of_an_external_fact_has_a_name() -> None:
    subjects = {quad.subject for quad in facts()}
    assert not {s for s in subjects if not languages(s, RDFS + "label") | languages(s, SKOS + "prefLabel")}


def test_every_thing_of_ours_in_an_external_fact_has_a_name() -> None:
    ours = {q.object for q in facts() if isinstance(q.object, ox.NamedNode) and q.object.value.startswith(SCO + "/")}
    assert not {each for each in ours if not languages(each, RDFS + "label") | languages(each, SKOS + "prefLabel")}


def test_no_person_is_identified_with_a_record_elsewhere() -> None:
    people = instances(FOAF + "Person")
    assert not [quad for quad in store() if quad.subject in people and quad.predicate.value in MATCHES]


def test_wikidata_is_named_by_its_items_alone_and_only_as_the_same_thing() -> None:
    links = [q for q in store() if isinstance(q.object, ox.NamedNode) and "wikidata.org" in q.object.value]
    assert links
    assert {quad.predicate.value for quad in links} == {OWL + "sameAs"}


def test_every_identifier_has_the_form_of_its_authority() -> None:
    targets = {q.object.value for q in store() if q.predicate.value in MATCHES and q.graph_name != ox.DefaultGraph()}
    assert targets
    assert not {iri for iri in targets if not any(re.fullmatch(form, iri) for form in PATTERNS.values())}


def test_no_identifier_belongs_to_two_things() -> None:
    exact = [q for q in facts() if q.predicate.value in {OWL + "sameAs", SKOS + "exactMatch"}]
    owners = {quad.object: {q.subject for q in exact if q.object == quad.object} for quad in exact}
    assert not {target: things for target, things in owners.items() if len(things) > 1}


@pytest.mark.parametrize("datatype", sorted(CODES))
def test_every_state_has_one_code_of_each_kind_in_its_form(datatype: str) -> None:
    for state in instances(CMQ + "State"):
        codes = [v.value for v in objects(state, SKOS + "notation") if v.datatype.value == datatype]
        assert len(codes) == 1
        assert re.fullmatch(CODES[datatype], codes[0])


def test_the_code_in_the_name_of_a_state_is_its_code() -> None:
    for state in instances(CMQ + "State"):
        codes = [v.value for v in objects(state, SKOS + "notation") if v.datatype.value == CMQ + "iso3166Alpha3"]
        assert [state.value.rsplit("/", 1)[1].upper()] == codes


def test_no_tenure_and_no_meeting_ends_before_it_begins() -> None:
    for first in store().quads_for_pattern(None, ox.NamedNode(SCHEMA + "startDate"), None):
        begin = first.object.value
        ends = [v.value for v in objects(first.subject, SCHEMA + "endDate")]
        assert all(date.fromisoformat(begin) <= date.fromisoformat(end) for end in ends)


def test_what_could_not_be_confirmed_is_left_out() -> None:
    absent = ("fao.org", "unbis", "metadata.un.org", "dbpedia.org", "publications.europa.eu/resource/authority/country")
    iris = {term.value for quad in store() for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    assert not {iri for iri in iris if any(name in iri.lower() for name in absent)}


def test_meetings_whose_number_was_only_counted_are_left_out() -> None:
    numbers = {int(v.value) for meeting in instances(CMQ + "Meeting") for v in objects(meeting, CMQ + "ordinal")}
    assert numbers == {1, 7, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22}


def test_dataset_and_catalogue_have_title_and_description_in_all_languages() -> None:
    for described in (DATASET, CATALOG):
        assert languages(described, DCTERMS + "title") == LANGUAGES
        assert languages(described, DCTERMS + "description") == LANGUAGES


def test_descriptions_of_the_dataset_are_long_enough_to_be_found_and_no_longer() -> None:
    assert all(50 <= len(text.value) <= 5000 for text in objects(DATASET, DCTERMS + "description"))


@pytest.mark.parametrize("described", [DATASET, CATALOG], ids=["dataset", "catalogue"])
@pytest.mark.parametrize("predicate", ["publisher", "license", "issued", "modified"])
def test_dataset_and_catalogue_say_once_who_publishes_when_and_how(described: ox.NamedNode, predicate: str) -> None:
    assert len(objects(described, DCTERMS + predicate)) == 1


def test_publisher_is_named() -> None:
    publisher = objects(DATASET, DCTERMS + "publisher")[0]
    assert isinstance(publisher, ox.NamedNode)
    assert objects(publisher, FOAF + "name")


def test_licence_of_the_data_is_cc_by() -> None:
    assert objects(DATASET, DCTERMS + "license") == [ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")]


def test_dataset_is_in_three_languages() -> None:
    assert {iri.value.rsplit("/", 1)[1] for iri in objects(DATASET, DCTERMS + "language")} == LANGUAGES


def test_base_of_all_iris_is_stated_once() -> None:
    bases = list(store().quads_for_pattern(None, ox.NamedNode(VOID + "uriSpace"), None))
    assert [base.object.value for base in bases] == ["https://w3id.org/communique/"]


def test_versions_of_dataset_and_catalogue_agree() -> None:
    versions = {
        v.value
        for each in (DATASET, CATALOG)
        for p in (DCAT + "version", OWL + "versionInfo")
        for v in objects(each, p)
    }
    assert len(versions) == 1


def test_keywords_are_as_many_in_each_language() -> None:
    keywords = [value.language for value in objects(DATASET, DCAT + "keyword")]
    assert len({keywords.count(language) for language in LANGUAGES}) == 1


def test_catalogue_lists_the_dataset() -> None:
    assert objects(CATALOG, DCAT + "dataset") == [DATASET]


def test_examples_of_the_dataset_exist() -> None:
    examples = objects(DATASET, VOID + "exampleResource") + objects(DATASET, VOID + "rootResource")
    assert examples
    assert all(any(store().quads_for_pattern(example, None, None)) for example in examples)


def test_every_dump_has_its_own_address_and_media_type() -> None:
    dumps = objects(DATASET, DCAT + "distribution")
    for predicate in (DCAT + "downloadURL", DCAT + "mediaType"):
        assert len({value for dump in dumps for value in objects(dump, predicate)}) == len(dumps) == 5


def test_nothing_that_can_be_counted_is_typed() -> None:
    typed = {DCAT + "byteSize", VOID + "triples", VOID + "entities"}
    assert not [quad for quad in store() if quad.predicate.value in typed]
