"""Programs that people have: each gets rows, graphs and documents as it does from any other endpoint."""

import csv
import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from clients.conftest import needs, run

NAMES = """PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name { ?person a foaf:Person ; rdfs:label ?name } ORDER BY ?name"""
GRAPH = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> CONSTRUCT { ?a foaf:knows ?b } WHERE { ?a foaf:knows ?b }"
EXPECTED = ["Ada Lovelace", "Charles Babbage", "Ада Лавлейс"]
JAVA = Path("/usr/share/java")
MESSAGES = "org/apache/jena/ext/xerces/"
JARS = (
    "jena-*", "commons-*", "gson", "guava", "httpclient", "httpclient-cache", "httpcore", "jackson-*", "jsonld-java",
    "jcl-over-slf4j", "slf4j-api", "slf4j-nop", "thrift", "protobuf", "dexx.collection", "titanium-json-ld", "jsonp*",
)  # fmt: skip


@needs("curl")
@pytest.mark.parametrize("options", [("--get",), ()])
def test_curl(base: str, options: tuple[str, ...]) -> None:
    answer = run(
        "curl", "-sS", *options, "-H", "Accept: text/csv", "--data-urlencode", f"query={NAMES}", f"{base}sparql"
    )
    assert [row[0] for row in csv.reader(io.StringIO(answer))] == ["name", *EXPECTED]


@needs("curl")
def test_curl_follows_an_iri_to_data(base: str) -> None:
    answer = run("curl", "-sSL", "-H", "Accept: text/turtle", f"{base}ada")
    graph = rdflib.Graph().parse(data=answer, format="turtle", publicID=f"{base}ada")
    assert (rdflib.URIRef(f"{base}ada"), rdflib.RDFS.label, rdflib.Literal("Ada Lovelace", lang="en")) in graph


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning:rdflib")
@pytest.mark.parametrize("format", ["turtle", "n3", "nt", "xml", "json-ld", None])
def test_rdflib_reads_a_thing_in_every_format(base: str, format: str | None) -> None:
    graph = rdflib.Graph().parse(f"{base}ada", format=format)
    assert (rdflib.URIRef(f"{base}ada"), rdflib.RDFS.label, rdflib.Literal("Ada Lovelace", lang="en")) in graph


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper(base: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{base}sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(NAMES)
    wrapper.setReturnFormat(JSON)
    assert [row["name"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]] == EXPECTED
    wrapper.setReturnFormat(XML)
    assert len(wrapper.queryAndConvert().getElementsByTagName("result")) == 3
    wrapper.setReturnFormat(CSV)
    assert wrapper.queryAndConvert().decode().split("\r\n")[1:4] == EXPECTED
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=wrapper.queryAndConvert(), format="turtle")) == 1


def test_sparqlwrapper_is_told_what_is_wrong(base: str) -> None:
    wrapper = SPARQLWrapper(f"{base}sparql")
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="error at 1:"):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_store_of_rdflib(base: str, method: Any) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{base}sparql", method=method))
    assert [str(row.name) for row in graph.query(NAMES)] == EXPECTED
    ada = rdflib.URIRef(f"{base}ada")
    assert graph.value(ada, rdflib.FOAF.age) == rdflib.Literal(36)
    assert (ada, rdflib.FOAF.knows, rdflib.URIRef(f"{base}charles")) in graph
    assert len(list(graph.query(GRAPH))) == 1
    graph.store.close()


@needs("roqet")
def test_roqet(base: str) -> None:
    answer = run("roqet", "-q", "-p", f"{base}sparql", "-e", NAMES, "-r", "csv")
    assert [row[0] for row in csv.reader(io.StringIO(answer))] == ["name", *EXPECTED]


@needs("rapper")
@pytest.mark.parametrize(("parser", "thing"), [("turtle", "ada"), ("guess", "charles")])
def test_rapper_follows_an_iri_to_data(base: str, parser: str, thing: str) -> None:
    answer = run("rapper", "-q", "-i", parser, "-o", "ntriples", f"{base}{thing}")
    assert f"<{base}{thing}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{rdflib.FOAF.Person}>" in answer


@pytest.fixture(scope="module")
def jena(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of Jena: Debian has no script, and lost the messages of its parser of schemas on the way."""
    folder = tmp_path_factory.mktemp("jena")
    with ZipFile(JAVA / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(MESSAGES) and name.endswith(".properties"):
                path = folder / "xerces" / name.removeprefix(MESSAGES)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(jar.read(name))
    jars = [jar for name in JARS for jar in sorted(JAVA.glob(f"{name}.jar"))]
    return ["java", "-cp", ":".join(map(str, (folder, *jars)))]


@needs("java", str(JAVA / "jena-cmds.jar"))
def test_rsparql(base: str, jena: list[str]) -> None:
    answer = run(*jena, "arq.rsparql", "--service", f"{base}sparql", "--results", "CSV", NAMES)
    assert [row[0] for row in csv.reader(io.StringIO(answer))] == ["name", *EXPECTED]
    graph = run(*jena, "arq.rsparql", "--service", f"{base}sparql", "--results", "N-Triples", GRAPH)
    assert len(rdflib.Graph().parse(data=graph, format="nt")) == 1


@needs("java", str(JAVA / "jena-cmds.jar"))
def test_arq_asks_us_as_a_part_of_a_federated_query(base: str, jena: list[str], tmp_path: Path) -> None:
    (tmp_path / "people.ttl").write_text(f"<{base}charles> <{rdflib.RDFS.seeAlso}> <https://example.org/engine> .")
    query = f"""SELECT ?name {{ ?person <{rdflib.RDFS.seeAlso}> ?engine
        SERVICE <{base}sparql> {{ ?person <{rdflib.RDFS.label}> ?name }} }}"""
    answer = run(*jena, "arq.sparql", "--data", str(tmp_path / "people.ttl"), "--results", "CSV", query)
    assert [row[0] for row in csv.reader(io.StringIO(answer))] == ["name", "Charles Babbage"]
