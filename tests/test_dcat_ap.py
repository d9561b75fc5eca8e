"""A catalogue that DCAT-AP accepts is accepted when it is published too, by all that its shapes demand."""

import itertools
import re
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.shacl.validation import WARNING, validate_files
from made_projects import BASE, PREFIXES, build

ROOT = Path(__file__).parents[1]
SHAPES = ROOT.parent / "shared" / "suites" / "dcat-ap"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MORE = f"""
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix eu: <{AUTHORITY}> .
"""
# What no property makes what it is has its type and what DCAT-AP demands of it; all else is left to be completed.
FULL = """
:catalog a dcat:Catalog ; dcterms:title "All"@en ; dcterms:description "All of it."@en ; dcterms:publisher :city ;
  dcat:dataset :dataset ; dcterms:rights :rights ; dcterms:license :licence ; dcterms:creator :city ;
  dcatap:applicableLegislation :law ;
  dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> ;
  dcterms:spatial :here ; foaf:homepage :home ;
  dcat:themeTaxonomy :themes ; dcat:service :service ; dcat:catalog :part ; dcat:record :record .
:part a dcat:Catalog ; dcterms:title "Part"@en ; dcterms:description "A part."@en ; dcterms:publisher :city .
:record a dcat:CatalogRecord ; dcterms:modified "2026-01-02"^^xsd:date ; foaf:primaryTopic :dataset ;
  dcterms:conformsTo :profile ;
  adms:status <http://publications.europa.eu/resource/authority/distribution-status/DEVELOP> .
:themes dcterms:title "Our themes"@en . :ours rdfs:label "A theme of ours"@en .
:city foaf:name "City" .
:dataset a dcat:Dataset ; dcterms:title "Trees"@en ; dcterms:description "All trees."@en ; dcterms:publisher :city ;
  dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
  dcterms:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
  dcatap:applicableLegislation :law ; dcterms:conformsTo :profile ; dcat:contactPoint :desk, [ vcard:fn "Desk" ] ;
  foaf:page :page ; dcat:landingPage :landing ; dcat:inSeries :series ;
  adms:identifier :number, [ skos:notation "2" ] ; dcterms:provenance :history ; dcterms:source :sources ;
  prov:qualifiedAttribution :share ; dcat:qualifiedRelation :relation ; adms:sample :sample ;
  dcterms:temporal :years, [ dcat:startDate "2001"^^xsd:gYear ] ; prov:wasGeneratedBy :count ;
  dcterms:type <http://publications.europa.eu/resource/authority/dataset-type/HVD> ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>, :ours ;
  dcat:distribution :file .
:desk a vcard:Organization ; vcard:fn "Front desk" ; vcard:hasEmail <mailto:desk@city.example> .
:series a dcat:DatasetSeries ; dcterms:title "Series"@en ; dcterms:description "A series."@en ;
  dcat:contactPoint :second ; dcterms:temporal :years ; dcterms:spatial :here .
:second vcard:fn "Second desk" .
:number skos:notation "1" . :sample dcat:accessURL :sample.csv .
:share prov:agent :city ; dcat:hadRole :owner . :relation dcterms:relation :dataset ; dcat:hadRole :next .
:years dcat:startDate "2001"^^xsd:gYear ; time:hasBeginning [ time:inXSDgYear "2001"^^xsd:gYear ] .
:file a dcat:Distribution ; dcat:accessURL :trees.csv ; dcat:accessService :service ; dcterms:rights :rights ;
  dcatap:availability <http://publications.europa.eu/resource/authority/planned-availability/STABLE> ;
  adms:status <http://publications.europa.eu/resource/authority/distribution-status/COMPLETED> ;
  foaf:page :page ; odrl:hasPolicy :policy ; dcterms:license :licence ; dcterms:conformsTo :profile ;
  dcterms:format <http://publications.europa.eu/resource/authority/file-type/CSV> .
:service a dcat:DataService ; dcterms:title "Service"@en ; dcat:endpointURL :api ; dcat:servesDataset :dataset ;
  dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
  dcat:contactPoint :third ; dcat:landingPage :service-page ; dcterms:publisher :operator ; dcat:theme :ours ;
  dcterms:license :licence ; dcterms:conformsTo :profile .
:operator rdfs:label "Operator" . :third vcard:fn "Third desk" .
"""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("full"), MORE + FULL)


def judged(data: Path, shapes: str) -> tuple[bool, str]:
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP (../shared/suites) are not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyshacl
        import rdflib

        graphs = (rdflib.Graph().parse(each) for each in (data, SHAPES / shapes))
        conforms, _, text = pyshacl.validate(next(graphs), shacl_graph=next(graphs), allow_warnings=True)
    return conforms, text


@pytest.mark.parametrize("shapes", ["shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl"])
def test_a_catalogue_with_every_property_of_dcat_ap_is_accepted_when_it_is_published(public: Path, shapes: str) -> None:
    conforms, text = judged(public / "dcat.ttl", shapes)
    assert conforms, text


def test_the_same_catalogue_is_accepted_as_it_is_written_but_for_classes_of_values(tmp_path: Path) -> None:
    (data := tmp_path / "full.ttl").write_text(PREFIXES + MORE + FULL, encoding="utf-8")
    conforms, text = judged(data, "shapes.ttl")
    assert conforms, text
    assert "does not have class" in judged(data, "range.ttl")[1]


def test_what_belongs_to_a_catalogue_is_said_in_it(public: Path) -> None:
    found = {(each.subject, each.object) for each in ox.parse(path=public / "dcat.ttl")}
    names = {
        ox.NamedNode(BASE + key): ox.Literal(name) for key, name in (("desk", "Front desk"), ("third", "Third desk"))
    }
    assert found.issuperset(names.items())
    theme = ox.NamedNode(AUTHORITY + "data-theme/ENVI")
    assert (theme, ox.Literal("Environment", language="en")) in found


def test_a_theme_without_a_name_is_called_no_concept_and_check_tells_it(tmp_path: Path) -> None:
    data = f':dataset dcat:theme :nameless, :named, <{AUTHORITY}data-theme/ENVI> . :named skos:prefLabel "N"@en .'
    found = {
        each.subject for each in ox.parse(path=build(tmp_path, data) / "dcat.ttl") if "Concept" in str(each.object)
    }
    themes = {ox.NamedNode(BASE + "named"), ox.NamedNode(AUTHORITY + "data-theme/ENVI")}
    assert {each for each in found if "Scheme" not in str(each)} >= themes and ox.NamedNode(
        BASE + "nameless"
    ) not in found
    report = validate_files([tmp_path / "data" / "data.trig"], shapes=[ROOT / "shapes" / "catalog.ttl"])
    told = [each for each in report.of(WARNING) if each.source_shape.value.endswith("#ThemeNamed")]
    assert [each.focus_node for each in told] == [ox.NamedNode(BASE + "nameless")]


def test_the_example_of_the_manual_is_accepted(tmp_path: Path) -> None:
    text = (ROOT / "site/pages/manual/catalogue.md").read_text(encoding="utf-8")
    (example,) = itertools.islice(re.findall("```turtle\n(.*?)```", text, re.DOTALL), 1)
    public = build(tmp_path, example)
    for shapes in ("shapes.ttl", "range.ttl"):
        conforms, told = judged(public / "dcat.ttl", shapes)
        assert conforms, told
