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
ADMS = "http://purl.org/adms/"
FOAF_AGENT, LICENCE_DOCUMENT = "http://xmlns.com/foaf/0.1/Agent", "http://purl.org/dc/terms/LicenseDocument"
MORE = f"""
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix locn: <http://www.w3.org/ns/locn#> .
@prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix eu: <{AUTHORITY}> .
"""
# Of each that the catalogue names, what a catalogue says, and after it what only its own document does.
SUPPORTING = """
:city a foaf:Organization ; dcterms:type <http://purl.org/adms/publishertype/LocalAuthority> ; foaf:homepage :home ;
  foaf:mbox <mailto:city@city.example> ; foaf:phone <tel:+3212345> ; foaf:member :mayor .
:operator dcterms:type :utility . :utility skos:prefLabel "Utility"@en ; skos:inScheme :kinds ; skos:broader :top .
:kinds dcterms:title "Kinds of bodies"@en ; skos:hasTopConcept :top .
:licence dcterms:title "Licence of the city"@en ; dcterms:type <http://purl.org/adms/licencetype/Attribution> ;
  rdfs:seeAlso :old .
:profile dcterms:title "Profile of trees"@en ; dcterms:creator :mayor .
:home dcterms:title "Home page"@en ; dcterms:extent "3 kB" .
:here rdfs:label "Here"@en ; dcat:bbox "POLYGON((3 51,4 51,4 52,3 51))"^^geo:wktLiteral, "{}" ; geo:inside :land .
:ours skos:inScheme :themes ; skos:related :top .
:owner rdfs:label "Owner"@en . :mayor foaf:name "Mayor" .
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
    return build(tmp_path_factory.mktemp("full"), MORE + FULL + SUPPORTING)


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


def said(public: Path, subject: str) -> set[tuple[str, str]]:
    quads = [each for each in ox.parse(path=public / "dcat.ttl") if each.subject == ox.NamedNode(subject)]
    values = [
        (each.predicate.value, each.object) for each in quads if isinstance(each.object, ox.NamedNode | ox.Literal)
    ]
    return {(re.split("[/#]", path)[-1], value.value.removeprefix(BASE)) for path, value in values}


@pytest.mark.parametrize(
    ("name", "told", "not_told"),
    [
        ("city", {"type": ADMS + "publishertype/LocalAuthority", "name": "City"}, "member"),
        ("city", {"mbox": "mailto:city@city.example", "phone": "tel:+3212345", "homepage": "home"}, "member"),
        ("operator", {"type": "utility", "name": "Operator"}, "member"),
        ("utility", {"prefLabel": "Utility", "inScheme": "kinds"}, "broader"),
        ("kinds", {"title": "Kinds of bodies"}, "hasTopConcept"),
        ("licence", {"title": "Licence of the city", "type": ADMS + "licencetype/Attribution"}, "seeAlso"),
        ("profile", {"title": "Profile of trees"}, "creator"),
        ("home", {"title": "Home page"}, "extent"),
        ("here", {"prefLabel": "Here", "bbox": "POLYGON((3 51,4 51,4 52,3 51))"}, "inside"),
        ("ours", {"inScheme": "themes", "prefLabel": "A theme of ours"}, "related"),
        ("owner", {"label": "Owner"}, "broader"),
    ],
)
def test_of_what_a_catalogue_names_it_says_what_dcat_ap_does(
    public: Path, name: str, told: dict[str, str], not_told: str
) -> None:
    found = said(public, BASE + name)
    assert found >= set(told.items())
    assert not_told not in {path for path, _ in found}


def test_an_instant_of_a_period_has_its_date(public: Path) -> None:
    dates = {each.object for each in ox.parse(path=public / "dcat.ttl") if each.predicate.value.endswith("inXSDgYear")}
    assert [str(each.value) for each in dates if isinstance(each, ox.Literal)] == ["2001"]


def test_types_that_dcat_ap_does_not_take_are_left_out(tmp_path: Path) -> None:
    data = """:dataset dcterms:publisher :city ; dcterms:license :licence . :city foaf:name "City" ;
      dcterms:type :nameless . :licence dcterms:type :open . :open skos:prefLabel "Open"@en ."""
    public = build(tmp_path, data)
    assert said(public, BASE + "city") == {("name", "City"), ("type", FOAF_AGENT)}
    assert {value for path, value in said(public, BASE + "licence") if path == "type"} == {LICENCE_DOCUMENT}


def test_whoever_has_a_name_gets_no_second_one(tmp_path: Path) -> None:
    data = """:dataset dcterms:publisher :city ; dcterms:creator :park .
      :city foaf:name "City" ; skos:prefLabel "Town"@en .
      :park foaf:name "Park"@en ; skos:prefLabel "Gardens"@en, "Gärten"@de ."""
    public = build(tmp_path, data)
    names = [{value for path, value in said(public, BASE + each) if path == "name"} for each in ("city", "park")]
    assert names == [{"City"}, {"Park", "Gärten"}]


COMPLETED = f"""
:catalog a dcat:Catalog ; dcterms:title "All"@en ; dcterms:description "All of it."@en ; dcat:dataset :dataset ;
  dcterms:publisher <{AUTHORITY}corporate-body/ESTAT> .
<{AUTHORITY}corporate-body/ESTAT> a foaf:Agent ; foaf:name "Eurostat"@en ;
  skos:inScheme <{AUTHORITY}corporate-body> .
:dataset a dcat:Dataset ; dcterms:title "Trees"@en ; dcterms:description "All trees."@en ;
  dcterms:creator :ada, :bob, <https://orcid.org/0000-0002-1825-0097> ; dcterms:spatial :here ; dcterms:temporal :year ;
  <http://www.w3.org/ns/adms#sample> :sample .
:ada foaf:givenName "Ada" ; foaf:familyName "Lovelace" . :bob <http://www.w3.org/2006/vcard/ns#fn> "Bob Roe" .
:here a dcterms:Location ; <http://www.w3.org/ns/locn#geographicName> "Here"@en ; dcterms:identifier "0815" .
:year a dcterms:PeriodOfTime ; schema:startDate "2021-01-01T00:00:00"^^xsd:dateTime ;
  dcat:startDate "2021-01-01"^^xsd:date ; schema:endDate "2021-12-31"^^xsd:date .
"""


def test_what_completes_a_catalogue_makes_nothing_wrong(tmp_path: Path) -> None:
    public = build(tmp_path, COMPLETED)
    accepted, report = judged(public / "dcat.ttl", "shapes.ttl")
    assert accepted, report
    assert {value for path, value in said(public, BASE + "year") if path.endswith("Date")} == {
        "2021-01-01",
        "2021-12-31",
    }
    assert {("prefLabel", "Here"), ("geographicName", "Here"), ("identifier", "0815")} <= said(public, BASE + "here")
    names = [{value for path, value in said(public, BASE + each) if path == "name"} for each in ("ada", "bob")]
    assert names == [{"Ada Lovelace"}, {"Bob Roe"}]
    assert ("inScheme", AUTHORITY + "corporate-body") in said(public, AUTHORITY + "corporate-body/ESTAT")
    # What has no name, or cannot be had, is called neither an agent nor a distribution.
    assert said(public, "https://orcid.org/0000-0002-1825-0097") == said(public, BASE + "sample") == set()


def test_a_publisher_without_a_name_is_not_repeated_for_every_table(tmp_path: Path) -> None:
    public = build(tmp_path, ":dataset dcterms:publisher <https://ror.org/05dxps055> .")
    assert (public / "dcat.ttl").read_text().count("<https://ror.org/05dxps055>") == 1


OUTSIDE = """
:catalog a dcat:Catalog ; dcterms:title "All"@en ; dcterms:description "All of it."@en ; dcterms:publisher :city ;
  dcat:dataset :trees ; dcat:record :record . :city foaf:name "City" .
:trees a dcat:Dataset ; dcterms:title "Trees"@en ; dcterms:description "All trees."@en ; dcterms:source :survey, :book ;
  dcterms:isVersionOf :series ; dcat:qualifiedRelation [ dcterms:relation :soil ; dcat:hadRole :next ] .
:record a dcat:CatalogRecord ; dcterms:modified "2026-01-02"^^xsd:date ; foaf:primaryTopic :trees ;
  dcterms:source :harvested .
:harvested a dcat:CatalogRecord ; dcterms:modified "2025-01-02"^^xsd:date ; foaf:primaryTopic :survey .
:book dcterms:title "A book" .
"""
OTHERS = "".join(
    f'\n:{each} a dcat:Dataset ; dcterms:title "{each}"@en ; dcterms:description "All of {each}."@en .'
    for each in ("survey", "series", "soil", "unnamed")
)


def test_a_dataset_outside_the_catalogue_that_it_names_is_described_in_it(tmp_path: Path) -> None:
    public = build(tmp_path, MORE + OUTSIDE + OTHERS)
    assert [said(public, BASE + each) >= {("title", each)} for each in ("survey", "series", "soil")] == [True] * 3
    assert said(public, BASE + "unnamed") == set()
    assert {("source", "survey"), ("wasDerivedFrom", "book")} <= said(public, BASE + "trees")
    for shapes in ("shapes.ttl", "range.ttl"):
        conforms, text = judged(public / "dcat.ttl", shapes)
        assert conforms, text


def test_the_source_of_a_record_is_the_record_that_it_was_made_from(tmp_path: Path) -> None:
    public = build(tmp_path, MORE + OUTSIDE + OTHERS)
    assert ("source", "harvested") in said(public, BASE + "record")
    assert said(public, BASE + "harvested") >= {("primaryTopic", "survey"), ("modified", "2025-01-02")}


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
