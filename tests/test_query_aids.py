"""What helps to query a site: example queries as data, prefixes, words to complete, and what a browser loads."""

import gzip
import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from communique.publication.building import build
from communique.publication.progress import Progress
from communique.snapshots import Snapshot, beside
from communique.sparql.query_aids import GRAPHS, MOST_LANGUAGES, graphs_beside
from communique.store import Store
from made_projects import BASE, DATASET, PREFIXES

DATA = """
:ada a foaf:Person ; foaf:name "Ada" ; foaf:knows :charles .
:charles a foaf:Person ; foaf:name "Charles" .
foaf:Person rdfs:label "person"@en , "человек"@ru , "Person"@de .
foaf:knows rdfs:label "knows"@en , "знает"@ru , {MANY} .
""".replace("{MANY}", " , ".join(f'"a word"@a{letter}' for letter in "abcdefghijklmnopqrstu"))
QUERY = f"""#+ summary@en: Who
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX x: <{BASE}>
SELECT ?s {{ ?s a foaf:Person }} ORDER BY ?s
"""
# As the editor of the SIB asks an endpoint for examples and for prefixes (its README).
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query . } ORDER BY ?sq"""
DECLARED = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
PARTITIONS = """PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?class ?property WHERE {
  ?c void:class ?class ; void:propertyPartition/void:property ?property } ORDER BY ?class ?property"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from communique.project import Project

    folder = tmp_path_factory.mktemp("aids")
    (folder / "data").mkdir()
    (folder / "data/data.trig").write_text(PREFIXES + DATASET + DATA, encoding="utf-8")
    (folder / "site/queries").mkdir(parents=True)
    (folder / "site/queries/who.rq").write_text(QUERY, encoding="utf-8")
    build(Project.open(folder), out=folder / "public", progress=Progress(quiet=True), snapshot=True)
    return folder / "public"


def asked(site: Path, query: str) -> list[tuple[str, ...]]:
    import io

    out = io.BytesIO()
    Snapshot.open(beside(site)).query(query, base=BASE).write(out, format_name="json")
    found = json.loads(out.getvalue())
    return [tuple(row[name]["value"] for name in found["head"]["vars"]) for row in found["results"]["bindings"]]


def test_an_endpoint_holds_the_example_queries_for_foreign_editors(site: Path) -> None:
    found = {node.rpartition("#")[2]: (comment, text) for node, comment, text in asked(site, EXAMPLES)}
    assert found["who"] == ("Who", QUERY.partition("\n")[2])
    assert {"classes", "languages"} < found.keys()


def test_an_endpoint_holds_the_prefixes_that_the_data_and_the_examples_use(site: Path) -> None:
    found = dict(asked(site, DECLARED))
    assert found["foaf"] == "http://xmlns.com/foaf/0.1/"
    assert "skos" in found and "meeting" not in found


def test_an_endpoint_holds_classes_with_their_properties(site: Path) -> None:
    foaf = "http://xmlns.com/foaf/0.1/"
    assert (foaf + "Person", foaf + "knows") in asked(site, PARTITIONS)


def test_these_descriptions_are_graphs_of_their_own_and_not_in_the_dumps(site: Path) -> None:
    graphs = {row[0] for row in asked(site, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")}
    assert {BASE + name for name in GRAPHS} <= graphs
    dump = gzip.decompress((site / "dumps/data.nq.gz").read_bytes()).decode()
    assert "queries.ttl" not in dump and "void.ttl" not in dump


def test_the_endpoint_holds_what_the_published_files_say(site: Path) -> None:
    held = graphs_beside(site, root=BASE, dataset=Store())
    for name in GRAPHS:
        told = {quad.triple for quad in parse(path=str(site / name), format=RdfFormat.TURTLE)}
        assert {quad.triple for quad in held[NamedNode(BASE + name)]} == told


def test_the_graphs_beside_the_dataset_do_not_repeat_what_it_states(site: Path) -> None:
    dataset = Store.of(parse(path=str(site / "dumps/data.nq"), format=RdfFormat.N_QUADS))
    stated = {quad.triple for quad in dataset}
    held = [{quad.triple for quad in each} for each in graphs_beside(site, root=BASE, dataset=dataset).values()]
    told = [{quad.triple for quad in parse(path=str(site / name), format=RdfFormat.TURTLE)} for name in GRAPHS]
    assert stated & told[0]
    assert held == [each - stated for each in told]


def test_words_to_complete_come_with_their_use_and_their_labels(site: Path) -> None:
    found = json.loads((site / "queries/completion.json").read_bytes())
    assert ["foaf:Person", 2, {"de": "Person", "en": "person", "ru": "человек"}] in found["classes"]
    labels = next(labels for name, _, labels in found["properties"] if name == "foaf:knows")
    assert len(labels) == MOST_LANGUAGES and {"en", "ru"} <= labels.keys()
    numbers = {name: number for name, number, _ in found["properties"]}
    assert numbers["foaf:name"] == 2 and numbers["foaf:knows"] == 1
    assert list(numbers.values()) == sorted(numbers.values(), reverse=True)
    assert found["prefixes"]["foaf"] == "http://xmlns.com/foaf/0.1/"
    assert found["prefixes"]["xsd"] == "http://www.w3.org/2001/XMLSchema#"


def test_a_browser_learns_what_it_would_have_to_load(site: Path) -> None:
    found = json.loads((site / "queries/engine.json").read_bytes())
    assert found["bytes"] == (site / found["dump"]).stat().st_size
    assert found["triples"] == len(set(parse(path=str(site / "dumps/data.nt"), format=RdfFormat.N_TRIPLES)))
    assert (found["base"], found["root"]) == (BASE, BASE)


def test_example_queries_are_published_as_they_were_written(site: Path) -> None:
    assert (site / "queries/who.rq").read_text(encoding="utf-8") == QUERY
