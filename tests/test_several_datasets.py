"""Several datasets in one catalogue: each is told and cited for itself, and the dumps are those of the whole."""

import json
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from communique.descriptions.catalog import Catalog
from communique.descriptions.labels import Labels
from communique.project import Project
from communique.publication.publishing import publish
from communique.shacl.validation import ValidationReport
from communique.store import Store
from communique.website.site import Site
from html_pages import Page, read
from made_projects import BASE, PREFIXES, build

SHAPES = Path(__file__).parents[2] / "shared" / "suites" / "dcat-ap" / "shapes.ttl"
DCAT, DCTERMS = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
EVERYTHING = f"{BASE}void.ttl#everything"
CATALOGUE = f"""
:catalog a dcat:Catalog ; dcterms:title "Open data"@en ; dcterms:publisher :city ; dcat:dataset :air, :trees, :water .
:city a foaf:Organization ; foaf:name "City" . :park a foaf:Organization ; foaf:name "Park office" .
:bob a foaf:Person ; foaf:name "Bob Ross" ; foaf:familyName "Ross" ; foaf:givenName "Bob" .
:air a dcat:Dataset ; dcterms:title "Air"@en ; dcterms:description "Air quality"@en ; dcterms:creator :bob ;
  dcat:version "3.1" ; dcterms:issued "2025-01-02"^^xsd:date ; dcterms:license <{CC_BY}> ; dcat:distribution :file ;
  dcterms:spatial [ a dcterms:Location ] ; void:uriSpace "{BASE}" .
:file a dcat:Distribution ; dcterms:title "Air in CSV"@en ; dcat:accessURL :air.csv ;
  dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> .
:trees a dcat:Dataset ; dcterms:title "Trees"@en ; dcterms:description "All trees"@en ; dcterms:publisher :park .
:water a dcat:Dataset ; dcterms:title "Water"@en ; dcterms:description "All water"@en .
"""


def _publish(folder: Path, data: str) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "data.trig").write_text(PREFIXES + data, encoding="utf-8")
    project = Project.open(folder)
    publish(Site(project, Store.load(project)), report=ValidationReport(), out=folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _publish(tmp_path_factory.mktemp("several"), CATALOGUE)


def said(public: Path, subject: str, property: str) -> set[str]:
    quads = ox.parse(path=public / "dcat.ttl")
    found = (quad for quad in quads if quad.subject == ox.NamedNode(subject) and quad.predicate.value == property)
    return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)}


def structured(page: Page) -> dict[str, object]:
    (found,) = (json.loads(each.text) for each in page.all("script", type="application/ld+json"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("name", "citation", "creator"),
    [
        (
            "air",
            "Bob Ross (2025). Air. Version 3.1. City. ",
            {"@type": "Person", "name": "Bob Ross", "@id": BASE + "bob"},
        ),
        ("trees", "Park office. Trees. ", {"@type": "Organization", "name": "Park office", "@id": BASE + "park"}),
        ("water", "City. Water. ", {"@type": "Organization", "name": "City", "@id": BASE + "city"}),
    ],
)
def test_a_dataset_is_cited_by_its_own_authors_version_and_date(
    public: Path, name: str, citation: str, creator: dict[str, str]
) -> None:
    assert said(public, BASE + name, DCTERMS + "bibliographicCitation") == {citation + BASE + name}
    page = read(public / f"{name}.html")
    assert citation + BASE + name in " ".join(page.text.split())
    assert structured(page)["creator"] == creator
    assert {link.attributes["href"] for link in page.all("link", rel="author")} == {creator["@id"]}
    contexts = {each["anchor"]: each for each in json.loads((public / "linkset.json").read_text())["linkset"]}
    assert contexts[f"{BASE}{name}.html"]["author"] == [{"href": creator["@id"]}]


def test_the_whole_has_nothing_of_one_of_several_datasets(public: Path) -> None:
    assert said(public, BASE + "catalog", DCTERMS + "bibliographicCitation") == {f"City. Open data. {BASE}catalog"}
    cited = yaml.safe_load((public / "CITATION.cff").read_text())
    assert cited["authors"] == [{"name": "City"}]
    assert not {"version", "license", "date-released", "abstract"} & set(cited)
    assert not [each for each in (public / "dumps").iterdir() if each.is_dir() and each.name != "tables"]
    assert said(public, EVERYTHING, DCTERMS + "license") == set()


def test_a_licence_of_the_catalogue_is_inherited() -> None:
    other = "https://creativecommons.org/publicdomain/zero/1.0/"
    quads = ox.parse(f"{PREFIXES}{CATALOGUE}:catalog dcterms:license <{other}> .", format=ox.RdfFormat.TRIG)
    store = Store.of(quads)
    catalog = Catalog.read(store, labels=Labels(store, ("en",)))
    found = {name: catalog.described(ox.NamedNode(BASE + name)) for name in ("air", "trees")}
    assert {name: each.licence.value for name, each in found.items() if each and each.licence} == {
        "air": CC_BY,
        "trees": other,
    }


def test_the_only_dataset_is_cited_by_its_own_publisher_and_not_by_whoever_made_the_catalogue() -> None:
    data = """:c a dcat:Catalog ; dcterms:creator :bob ; dcat:dataset :d .
        :d a dcat:Dataset ; dcterms:publisher :us ."""
    store = Store.of(ox.parse(PREFIXES + data, format=ox.RdfFormat.TRIG))
    described = Catalog.read(store, labels=Labels(store, ("en",))).described(ox.NamedNode(BASE + "d"))
    assert described and described.authors == (ox.NamedNode(BASE + "us"),)


def test_the_catalogue_lists_the_whole_with_its_dumps(public: Path) -> None:
    assert said(public, BASE + "catalog", DCAT + "dataset") == {
        BASE + "air",
        BASE + "trees",
        BASE + "water",
        EVERYTHING,
    }
    assert said(public, EVERYTHING, DCTERMS + "title") == {"Open data"}
    (description,) = said(public, EVERYTHING, DCTERMS + "description")
    assert description.startswith("Everything that is published here: ") and "triples" in description
    files = {
        url
        for each in said(public, EVERYTHING, DCAT + "distribution")
        for url in said(public, each, DCAT + "downloadURL")
    }
    assert f"{BASE}dumps/data.ttl" in files
    assert said(public, BASE + "air", DCAT + "distribution") == {BASE + "file"}


def test_files_of_a_dataset_are_those_that_the_data_state_and_the_catalogue_has_the_dumps(public: Path) -> None:
    air, trees, catalog = (read(public / f"{name}.html") for name in ("air", "trees", "catalog"))
    file = {"@type": "DataDownload", "@id": f"{BASE}file", "name": "Air in CSV", "encodingFormat": "text/csv"}
    assert structured(air)["distribution"] == [file | {"contentUrl": f"{BASE}air.csv"}]
    assert "distribution" not in structured(trees) and "spatialCoverage" not in structured(air)
    listed = structured(catalog)["dataset"]
    assert isinstance(listed, list)
    (whole,) = [each for each in listed if each["@id"] == EVERYTHING]
    assert f"{BASE}dumps/data.ttl" in {each["contentUrl"] for each in whole["distribution"]}
    items = [{link.attributes["href"] for link in page.all("link", rel="item")} for page in (air, trees, catalog)]
    assert items[:2] == [{f"{BASE}air.csv"}, set()] and "dumps/data.ttl" in items[2]
    contexts = json.loads((public / "linkset.json").read_text())["linkset"]
    owners = {each["collection"][0]["href"] for each in contexts if "collection" in each}
    assert owners == {f"{BASE}catalog.html"}
    dump = {"href": f"{BASE}dumps/data.ttl", "type": "text/turtle"}
    assert {each["anchor"] for each in contexts if dump in each.get("item", [])} == {f"{BASE}catalog.html"}


NAMED = """:dataset dcat:distribution :mine, :dump .
    :mine dcat:downloadURL :mine.csv . :dump dcat:downloadURL <{}dumps/data.ttl> ."""
IN_BRACKETS = ":dataset dcat:distribution [ dcat:downloadURL :mine.csv ], [ dcat:downloadURL <{}dumps/data.ttl> ] ."


@pytest.mark.parametrize("stated", [NAMED, IN_BRACKETS])
def test_the_only_dataset_has_the_files_that_the_data_state_beside_the_dumps(tmp_path: Path, stated: str) -> None:
    files = structured(read(build(tmp_path, stated.format(BASE)) / "dataset.html"))["distribution"]
    assert isinstance(files, list)
    urls = [each["contentUrl"] for each in files]
    assert urls.count(f"{BASE}dumps/data.ttl") == 1 and urls.count(f"{BASE}mine.csv") == 1
    assert "[ ]" not in {each.get("name") for each in files}


def test_a_dump_that_the_data_describe_in_brackets_is_written_there_and_listed_once(tmp_path: Path) -> None:
    dump = f'dcat:mediaType "application/n-triples" ; dcat:downloadURL <{BASE}dumps/all.nt>'
    out = build(tmp_path, f':dataset dcat:distribution [ dcterms:title "All"@en ; {dump} ] .')
    assert (out / "dumps" / "all.nt").is_file()
    quads = list(ox.parse(path=out / "dcat.ttl"))
    (node,) = {quad.subject for quad in quads if quad.object == ox.NamedNode(f"{BASE}dumps/all.nt")}
    found = {quad.predicate.value: quad.object.value for quad in quads if quad.subject == node}  # type: ignore[union-attr]
    assert isinstance(node, ox.BlankNode) and found[DCTERMS + "title"] == "All" and int(found[DCAT + "byteSize"]) > 0
    assert ox.Quad(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(DCAT + "Distribution")) in quads


VERSIONED = ':catalog dcat:version "7" ; dcterms:description "All."@en .'
WITHOUT_DATASETS = f'<{BASE}x> rdfs:label "X"@en .'


@pytest.mark.parametrize(
    "data", [CATALOGUE + ':catalog dcterms:description "All."@en .', CATALOGUE + VERSIONED, WITHOUT_DATASETS]
)
def test_the_catalogue_meets_the_shapes_of_dcat_ap_with_any_number_of_datasets(tmp_path: Path, data: str) -> None:
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP (../shared/suites) are not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyshacl
        import rdflib

        out = _publish(tmp_path / "project", data)
        found, rules = (rdflib.Graph().parse(each) for each in (out / "dcat.ttl", SHAPES))
        conforms, _, text = pyshacl.validate(found, shacl_graph=rules, allow_warnings=True)
    assert len(found) > 50 and conforms, text
    versions = set(found.subjects(rdflib.URIRef(DCAT + "isVersionOf"), rdflib.URIRef(EVERYTHING)))
    assert len(versions) == (data == CATALOGUE + VERSIONED)


def test_a_dataset_whose_iri_ends_in_a_hash_is_cited_by_it_in_the_page_and_in_the_link_set(tmp_path: Path) -> None:
    corp = "http://onto.example.org/corp#"
    public = _publish(
        tmp_path,
        f'<{corp}> a dcat:Dataset ; dcterms:title "Corp"@en ; void:uriSpace "{corp}" ; dcterms:license <{CC_BY}> .'
        f'<{corp}hq> rdfs:label "HQ"@en .',
    )
    page = read(public / "index.html")
    (context, *_) = json.loads((public / "linkset.json").read_text())["linkset"]
    assert (context["anchor"], context["cite-as"]) == ("http://onto.example.org/index.html", [{"href": corp}])
    assert page.one("link", rel="cite-as").attributes["href"] == corp
    assert page.one("link", rel="linkset").attributes["href"] == "linkset.json"
    assert read(public / "hq.html").one("link", rel="cite-as").attributes["href"] == f"{corp}hq"


ON_TWO_HOSTS = """
<https://c.example/catalog> a dcat:Catalog ; dcterms:title "Open data"@en ;
  dcat:dataset <https://a.example/trees/d>, <https://b.example/lakes/d> .
<https://a.example/trees/d> a dcat:Dataset ; dcterms:title "Trees"@en ; void:uriSpace "https://a.example/trees/" .
<https://b.example/lakes/d> a dcat:Dataset ; dcterms:title "Lakes"@en ; void:uriSpace "https://b.example/lakes/" .
<https://a.example/trees/1> rdfs:label "Oak"@en . <https://b.example/lakes/1> rdfs:label "Deep lake"@en .
"""


def test_the_catalogue_of_datasets_on_several_hosts_has_a_page_wherever_it_is_at_home(tmp_path: Path) -> None:
    public = _publish(tmp_path, ON_TWO_HOSTS)
    page = read(public / "catalog.html")
    assert page.one("link", rel="cite-as").attributes["href"] == "https://c.example/catalog"
    assert (public / "catalog.ttl").read_bytes() == (public / "dcat.ttl").read_bytes()
    assert "catalog.html" in read(public / "index.html").links and "https://b.example/lakes/d" in page.links
    assert "dumps/data.ttl" in {link.attributes["href"] for link in page.all("link", rel="item")}
    contexts = json.loads((public / "linkset.json").read_text())["linkset"]
    assert contexts[0]["anchor"] == "https://a.example/trees/catalog.html"


@pytest.mark.parametrize("iri", ["https://c.example/catalog", "https://c.example/about#catalog"])
def test_a_catalogue_from_elsewhere_takes_the_address_of_no_thing(tmp_path: Path, iri: str) -> None:
    data = ON_TWO_HOSTS.replace("https://c.example/catalog", iri)
    public = _publish(tmp_path, data + '<https://a.example/trees/catalog> rdfs:label "A printed catalogue"@en .')
    assert "A printed catalogue" in read(public / "catalog.html").text
    (found,) = public.glob("catalog-*/*.html" if "#" in iri else "catalog-*.html")
    assert read(found).one("link", rel="cite-as").attributes["href"] == iri
