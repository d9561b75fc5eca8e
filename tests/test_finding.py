"""Finding: what is written about a dataset is what is in it."""

import csv
import gzip
import hashlib
import io
import shutil
import subprocess
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from communique.project import Project
from communique.publishing import publish
from communique.site import Site
from communique.store import Store
from communique.validation import ValidationReport

ROOT = Path(__file__).parents[1]
SHAPES = ROOT.parent / "shared" / "suites" / "dcat-ap" / "shapes.ttl"
VOID = "http://rdfs.org/ns/void#"
PREFIX = f"PREFIX void: <{VOID}> "


@pytest.fixture(scope="module")
def site() -> Site:
    project = Project.open(ROOT)
    return Site(project, Store.load(project))


@pytest.fixture(scope="module")
def public(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "public"
    publish(site, report=ValidationReport(), out=out)
    return out


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


def test_each_compressed_dump_holds_its_plain_one(site: Site, public: Path) -> None:
    for path in site.dumps.values():
        assert gzip.decompress((public / f"{path}.gz").read_bytes()) == (public / path).read_bytes()


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
    query = PREFIX + "SELECT ?p ?n { ?d void:property ?p ; void:triples ?n }"
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


def test_dcat_meets_the_shapes_of_dcat_ap(public: Path) -> None:
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP are not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyshacl
        import rdflib

        data = rdflib.Graph().parse(public / "dcat.ttl")
        conforms, _, text = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, text


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
