"""Finding: what is written about a dataset is what is in it."""

import csv
import gzip
import hashlib
import io
import re
import shutil
import subprocess
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import zstandard

from communique.descriptions.outward import RELATIONS
from communique.formats import FORMATS, JSONLD, Format
from communique.project import Project
from communique.publication.publishing import publish
from communique.shacl.validation import ValidationReport
from communique.store import Store
from communique.website.site import Site
from made_projects import BASE, build, make_project, make_site

ROOT = Path(__file__).parents[1]
SHAPES = ROOT.parent / "shared" / "suites" / "dcat-ap"
VOID = "http://rdfs.org/ns/void#"
PREFIX = f"PREFIX void: <{VOID}> "


@pytest.fixture(scope="module")
def site() -> Site:
    project = Project.open(ROOT)
    return Site(project, Store.load(project))


@pytest.fixture(scope="module")
def public(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built where the version 0.0.9 of some dataset was published before."""
    folder = tmp_path_factory.mktemp("built")
    former = make_project(folder / "former", f'<{BASE}dataset> dcat:version "0.0.9" .')
    for each in (Site(former, Store.load(former)), site):
        publish(each, report=ValidationReport(), out=folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def void(public: Path) -> ox.Store:
    store = ox.Store()
    store.load(path=public / "void.ttl", format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def union(public: Path) -> ox.Store:
    """The union of all graphs of the dump, as a set."""
    store = ox.Store()
    quads = ox.parse(path=public / "dumps" / "communique.nq")
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def pairs(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return {tuple(str(term) for term in row) for row in found}


def test_checksums_are_those_of_the_files(public: Path) -> None:
    lines = [line.split("  ") for line in (public / "dumps" / "SHA256SUMS").read_text().splitlines()]
    files = {name: hashlib.sha256((public / "dumps" / name).read_bytes()).hexdigest() for _, name in lines}
    assert files == {name: digest for digest, name in lines}


def test_the_checksum_of_the_nquads_is_the_canonical_hash(site: Site, public: Path) -> None:
    text = (public / "dumps" / "communique.nq").read_bytes()
    assert hashlib.sha256(text).hexdigest() == site.store.canonical_hash()


def test_void_is_the_same_at_its_well_known_place(public: Path) -> None:
    assert (public / ".well-known" / "void").read_bytes() == (public / "void.ttl").read_bytes()


def test_void_counts_triples_as_the_dump_does(void: ox.Store, union: ox.Store) -> None:
    query = PREFIX + "SELECT ?n { ?d void:triples ?n ; void:classes ?c }"
    assert pairs(void, query) == pairs(union, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_void_counts_properties_as_the_dump_does(void: ox.Store, union: ox.Store) -> None:
    query = (
        PREFIX + "SELECT ?p ?n { ?d void:classes ?c ; void:propertyPartition [ void:property ?p ; void:triples ?n ] }"
    )
    assert pairs(void, query) == pairs(union, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")


def test_void_counts_classes_as_the_dump_does(void: ox.Store, union: ox.Store) -> None:
    query = PREFIX + "SELECT ?c ?n { ?d void:class ?c ; void:entities ?n }"
    found = "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c"
    assert pairs(void, query) == pairs(union, found)


def test_void_counts_links_to_wikidata(void: ox.Store, union: ox.Store) -> None:
    query = PREFIX + (
        'SELECT ?n { ?l void:objectsTarget/void:uriSpace "http://www.wikidata.org/entity/" ; void:triples ?n }'
    )
    found = (
        "SELECT (COUNT(*) AS ?n) { ?s <http://www.w3.org/2002/07/owl#sameAs> ?o "
        'FILTER(STRSTARTS(STR(?o), "http://www.wikidata.org/entity/")) }'
    )
    assert pairs(void, query) == pairs(union, found)


def test_void_names_what_is_linked_to(void: ox.Store) -> None:
    query = PREFIX + (
        "SELECT DISTINCT ?name { ?l void:objectsTarget ?t . ?t void:uriSpace 'http://www.wikidata.org/entity/' ; "
        "<http://purl.org/dc/terms/title> ?name }"
    )
    rows = void.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["name"].value for row in rows] == ["Wikidata"]


def test_void_counts_the_properties_of_each_class_as_the_dump_does(void: ox.Store, union: ox.Store) -> None:
    query = PREFIX + (
        "SELECT ?c ?p ?n { ?d void:class ?c ; void:propertyPartition [ void:property ?p ; void:triples ?n ] }"
    )
    found = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER(isIRI(?c)) } GROUP BY ?c ?p"
    assert pairs(void, query) == pairs(union, found)


def test_void_counts_links_as_the_dump_does(void: ox.Store, union: ox.Store, site: Site) -> None:
    query = PREFIX + "SELECT ?l ?n { ?l a void:Linkset ; void:triples ?n }"
    rows = {str(quad) for quad in union if quad.predicate in RELATIONS and _is_outward(quad, site.catalog.base)}
    assert sum(int(number.split('"')[1]) for _, number in pairs(void, query)) == len(rows) > 0


def _is_outward(quad: ox.Quad, base: str) -> bool:
    ours, theirs = quad.subject, quad.object
    iris = isinstance(ours, ox.NamedNode) and isinstance(theirs, ox.NamedNode)
    return iris and ours.value.startswith(base) and not theirs.value.startswith(base)


def test_void_names_a_file_for_each_dump(void: ox.Store, site: Site, public: Path) -> None:
    urls = {row[0].strip("<>") for row in pairs(void, PREFIX + "SELECT ?f { ?d void:dataDump ?f }")}
    assert {site.dumps[format] for format in site.dumps} <= {url.removeprefix(site.catalog.base) for url in urls}
    assert all((public / url.removeprefix(site.catalog.base)).is_file() for url in urls)


TWICE = """
:one a cmq:Passage . :two a cmq:Passage . :ada foaf:name "Ada" ; a foaf:Person .
GRAPH :one { :ada foaf:name "Ada" ; foaf:nick "a" } GRAPH :two { :ada foaf:nick "a" }
"""


@pytest.mark.parametrize("data", [TWICE, ":ada foaf:name 'Ada' ."], ids=["with evidence", "without"])
def test_whoever_counts_a_dump_finds_the_number_that_void_says_of_it(tmp_path: Path, data: str) -> None:
    out = build(tmp_path, data)
    void = ox.Store()
    void.load(path=out / "void.ttl")
    told = pairs(void, PREFIX + "SELECT ?f ?n { ?d void:dataDump ?f ; void:triples ?n }")
    paths = {url.strip("<>").removeprefix(BASE): int(number.split('"')[1]) for url, number in told}
    dumps = [path for path in (out / "dumps").iterdir() if path.name.startswith("data.")]
    assert len(told) == len(paths) == len(dumps) == 17
    for path in (each for each in dumps if "annotated" in each.name):
        with zstandard.open(path, "rb") if path.suffix == ".zst" else gzip.open(path) as text:
            parsed = list(ox.parse(text.read(), format=ox.RdfFormat.TURTLE))
        assert paths[f"dumps/{path.name}"] == len(parsed) == len(set(parsed))
        assert any(quad.predicate.value.endswith("#reifies") for quad in parsed) is (data == TWICE)
    for path in (each for each in dumps if "annotated" not in each.name):
        name = path.name.removesuffix(".gz").removesuffix(".zst")
        format = FORMATS.by_extension(name.rpartition(".")[2])
        assert format is not None
        parsed = list(ox.parse(path=path.with_name(name), format=ox.RdfFormat.from_extension(name.rpartition(".")[2])))
        assert paths[f"dumps/{path.name}"] == len(parsed), name
        if format != JSONLD:
            assert paths[f"dumps/{path.name}"] == by_rapper(path.with_name(name), format), name


def by_rapper(path: Path, format: Format) -> int:
    if not shutil.which("rapper"):
        pytest.skip("rapper is not here (raptor2-utils)")
    command = ["rapper", "-c", "-i", format.name, str(path)]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stderr
    return int(re.findall(r"returned (\d+) triples?", text)[0])


def test_void_gives_an_example_where_the_data_name_none(tmp_path: Path) -> None:
    out = build(tmp_path, ":ada a foaf:Person .")
    assert b"void:exampleResource <https://example.org/id/ada>" in (out / "void.ttl").read_bytes()


TITLE = ox.NamedNode("http://purl.org/dc/terms/title")


@pytest.mark.parametrize(("stated", "title"), [('; dcterms:title "Meetings"@en', "Meetings"), ("", "All we have")])
def test_void_gives_a_dataset_no_title_beside_its_own(tmp_path: Path, stated: str, title: str) -> None:
    data = f""":catalog a dcat:Catalog ; dcterms:title "All we have"@en ; dcat:dataset :meetings .
        :meetings a dcat:Dataset {stated} . :ada a foaf:Person ."""
    void = ox.Dataset(ox.parse(path=build(tmp_path, data) / "void.ttl"))
    titles = [
        quad.object for quad in void.quads_for_subject(ox.NamedNode(BASE + "meetings")) if quad.predicate == TITLE
    ]
    assert titles == [ox.Literal(title, language="en")]


def test_only_a_served_site_names_its_endpoint(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":ada a foaf:Person .")
    publish(site, report=ValidationReport(), out=tmp_path / "served", beside=lambda _: None)
    publish(site, report=ValidationReport(), out=tmp_path / "static")
    for name in ("void.ttl", "dcat.ttl"):
        assert b"https://example.org/id/sparql>" in (tmp_path / "served" / name).read_bytes()
        assert b"https://example.org/id/sparql>" not in (tmp_path / "static" / name).read_bytes()


@pytest.mark.parametrize(
    "shapes", ["shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "deprecateduris.ttl", "shapes_recommended.ttl"]
)
@pytest.mark.parametrize("name", ["dcat.ttl", "catalog.jsonld"])
def test_the_catalogue_meets_the_shapes_of_dcat_ap(public: Path, name: str, shapes: str) -> None:
    """Warnings are advice: such as to choose all themes from the EU's table."""
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP (../shared/suites) are not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyshacl
        import rdflib

        data, rules = (rdflib.Graph().parse(each) for each in (public / name, SHAPES / shapes))
        conforms, _, text = pyshacl.validate(data, shacl_graph=rules, allow_warnings=True)
    assert len(data) > 100 and conforms, text
    version = rdflib.URIRef("http://www.w3.org/ns/dcat#version")
    assert {str(each) for each in data.objects(None, version)} == {"0.0.9", "0.1.0"}


def test_the_document_of_the_catalogue_is_the_completed_catalogue(public: Path) -> None:
    own, completed = (set(ox.parse(path=public / name)) for name in ("catalog.ttl", "dcat.ttl"))
    assert own == completed


def test_the_document_of_a_catalogue_whose_iri_has_a_fragment_holds_the_completed_one(tmp_path: Path) -> None:
    catalogue = f'<{BASE}about#catalogue> a dcat:Catalog ; dcterms:title "All"@en ; dcat:dataset :dataset .'
    out = build(tmp_path, catalogue)
    own, completed = (set(ox.parse(path=out / name)) for name in ("about.ttl", "dcat.ttl"))
    assert own == completed


def test_the_catalogue_names_the_archive_of_all_tables(public: Path) -> None:
    archive = (public / "dumps" / "tables.zip").read_bytes()
    found = ox.Store()
    found.load(path=public / "dcat.ttl")
    rows = found.query("""PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?size ?sum { ?dataset dcat:distribution ?file . ?file dcat:packageFormat ?zip ; dcat:byteSize ?size ;
          dcat:downloadURL <https://w3id.org/communique/dumps/tables.zip> ;
          dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ; spdx:checksum/spdx:checksumValue ?sum
        }""")
    assert isinstance(rows, ox.QuerySolutions)
    told = [(str(row["size"].value), row["sum"].value) for row in rows]
    assert told == [(str(len(archive)), hashlib.sha256(archive).hexdigest())]


IN_DCAT = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX spdx: <http://spdx.org/rdf/terms#>"""


KINDS = {".csv", ".parquet"}


def test_the_catalogue_lists_each_table_as_a_part_in_all_its_forms(tmp_path: Path) -> None:
    out = build(tmp_path, ":ada a foaf:Person ; rdfs:label 'Ada' .", site__site_toml="parquet = true")
    found = ox.Store()
    found.load(path=out / "dcat.ttl")
    rows = found.query(
        IN_DCAT
        + """SELECT ?url ?type ?size ?sum (GROUP_CONCAT(COALESCE(STR(?schema), '')) AS ?schemas) {
          <https://example.org/id/dataset> dcterms:hasPart ?part .
          ?part a dcat:Dataset ; dcterms:isPartOf <https://example.org/id/dataset> ; dcterms:title ?title ;
            dcterms:description ?description ; dcat:distribution ?file .
          ?file a dcat:Distribution ; dcat:downloadURL ?url ; dcat:mediaType ?type ; dcat:byteSize ?size ;
            spdx:checksum/spdx:checksumValue ?sum .
          OPTIONAL { ?file dcterms:conformsTo ?schema } } GROUP BY ?url ?type ?size ?sum"""
    )
    assert isinstance(rows, ox.QuerySolutions)
    files = {row["url"].value.removeprefix(BASE): row for row in rows}
    tables = {f"dumps/tables/{each.name}" for each in (out / "dumps/tables").iterdir() if each.suffix in KINDS}
    assert set(files) == tables | {"labels.csv", "links.csv"} and "dumps/tables/person.parquet" in files
    for path, row in files.items():
        content = (out / path).read_bytes()
        assert (row["size"].value, row["sum"].value) == (str(len(content)), hashlib.sha256(content).hexdigest())
        assert row["type"].value.rpartition("/")[2] in ("csv", "vnd.apache.parquet")
        described = f"{BASE}{path}-metadata.json" in row["schemas"].value
        assert described == (path.startswith("dumps/") and path.endswith(".csv"))


def test_a_project_without_a_catalogue_has_one_at_the_usual_place(tmp_path: Path) -> None:
    out = build(tmp_path)
    assert (out / "catalog.ttl").read_bytes() == (out / "dcat.ttl").read_bytes()


def test_the_catalogue_is_written_as_all_turtle_is(tmp_path: Path) -> None:
    lines = (build(tmp_path) / "dcat.ttl").read_text(encoding="utf-8").splitlines()
    assert f"<{BASE}dataset>" in lines and "  a dcat:Dataset ;" in lines and not any("\t" in line for line in lines)


def test_a_thing_called_catalog_keeps_its_document(tmp_path: Path) -> None:
    out = build(tmp_path, ':catalog rdfs:label "A printed catalogue"@en .')
    assert b"A printed catalogue" in (out / "catalog.ttl").read_bytes()
    assert b"A printed catalogue" not in (out / "dcat.ttl").read_bytes()


def test_what_stands_in_place_is_part_of_the_catalogue(tmp_path: Path) -> None:
    out = build(tmp_path, ':dataset dcat:contactPoint [ rdfs:label "Write to us" ] .')
    assert b"Write to us" in (out / "dcat.ttl").read_bytes()


def test_rapper_reads_what_is_said_of_the_dataset(public: Path) -> None:
    if not shutil.which("rapper"):
        pytest.skip("rapper is not here (raptor2-utils)")
    for name in ("void.ttl", "dcat.ttl"):
        done = subprocess.run(["rapper", "-q", "-c", "-i", "turtle", public / name], capture_output=True, check=True)
        assert done.stderr == b""


def test_the_site_map_names_only_pages_that_exist(public: Path) -> None:
    tree = ElementTree.parse(public / "sitemap" / "1.xml")
    urls = [element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert [url for url in urls if not (public / url.removeprefix("https://w3id.org/communique/")).is_file()] == []


def test_each_link_of_the_table_is_a_triple_of_the_dump(public: Path, union: ox.Store) -> None:
    rows = list(csv.reader(io.StringIO((public / "links.csv").read_text(encoding="utf-8"))))[1:]
    assert all(ox.Quad(*map(ox.NamedNode, row)) in union for row in rows)
