"""Graphs that the endpoint gives use prefixes: those of the query, and those of the site."""

import json
from typing import Any

import pyoxigraph as ox
import pytest

TURTLE, RDF_XML, JSON_LD = "text/turtle", "application/rdf+xml", "application/ld+json"
DATA = """
    @prefix dct: <http://purl.org/dc/terms/> . @prefix ex: <http://example.org/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    ex:a a ex:Meeting ; dct:title "dct: a xsd:b"@en ; dct:date "2024-05-01"^^xsd:date .
"""
PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odd": "no namespace",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AIDS = {"queries/completion.json": json.dumps({"prefixes": PREFIXES}).encode()}
ALL = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"


@pytest.fixture(scope="module")
def client(server: Any) -> Any:
    quads = ox.parse(DATA, format=ox.RdfFormat.TURTLE)
    with server(quads, files=AIDS) as client:
        yield client


def text(client: Any, query: str, media_type: str = TURTLE) -> str:
    return str(client.post("/sparql", data={"query": query}, headers={"Accept": media_type}).text)


def head(client: Any, query: str, media_type: str = TURTLE) -> list[str]:
    """Return the prefixes that an answer declares."""
    if media_type == RDF_XML:
        attributes = text(client, query, RDF_XML).split("<rdf:RDF ")[1].split(">")[0].split()
        return [each.removeprefix("xmlns:").split("=")[0] for each in attributes]
    lines = text(client, query).splitlines()
    return [line.split()[1] for line in lines if line.startswith("@prefix")]


def test_those_of_the_site_are_used_that_occur(client: Any) -> None:
    assert text(client, f"{ALL} ORDER BY ?p") == (
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        '<http://example.org/a> dcterms:date "2024-05-01"^^xsd:date ;\n'
        '\tdcterms:title "dct: a xsd:b"@en ;\n'
        "\ta <http://example.org/Meeting> .\n"
    )


def test_those_of_the_query_go_before_those_of_the_site(client: Any) -> None:
    query = f"PREFIX d: <http://purl.org/dc/terms/> PREFIX : <http://example.org/> PREFIX foaf: <http://e/> {ALL}"
    assert head(client, query) == [":", "d:", "xsd:"]
    assert "\n:a " in text(client, query)
    assert head(client, f"PREFIX dcterms: <http://example.org/> {ALL}") == ["dcterms:", "xsd:"]


def test_those_that_are_relative_to_a_base_are_used(client: Any) -> None:
    based = "BASE <http://purl.org/dc/> PREFIX d: <terms/> BASE <http://example.org/> PREFIX e: <> "
    assert head(client, based + ALL) == ["d:", "e:", "xsd:"]
    query = "PREFIX here: <names/> CONSTRUCT { ?s ?p here:x } { ?s ?p ?o }"
    assert "here:x" in text(client, query)


def test_of_two_for_one_namespace_the_first_in_the_alphabet_is_used(client: Any) -> None:
    declared = "".join(f"PREFIX {each}: <http://purl.org/dc/terms/> " for each in "hbcadefg")
    assert head(client, declared + ALL) == ["a:", "xsd:"]


def test_of_namespaces_within_each_other_the_longest_is_used(client: Any) -> None:
    declared = "PREFIX a: <http://purl.org/> PREFIX c: <http://purl.org/dc/terms/> PREFIX b: <http://purl.org/dc/> "
    assert head(client, declared + ALL) == ["c:", "xsd:"]


def test_a_query_may_describe(client: Any) -> None:
    assert head(client, "DESCRIBE <http://example.org/a>") == ["dcterms:", "xsd:"]


def test_rdf_xml_has_elements_with_prefixes(client: Any) -> None:
    assert head(client, ALL, RDF_XML) == ["dcterms", "rdf"]
    assert "<dcterms:title" in text(client, ALL, RDF_XML)


def test_rdf_xml_declares_what_says_the_direction_of_texts_where_one_has_it(client: Any) -> None:
    query = 'CONSTRUCT { <http://e/s> <http://e/p> ?o } { VALUES ?o { "a"@ar--rtl } }'
    assert head(client, query, RDF_XML) == ["its", "rdf"]
    assert head(client, query.replace("--rtl", ""), RDF_XML) == ["rdf"]


def test_rdf_xml_does_without_prefixes_that_mean_something_in_xml(client: Any) -> None:
    names = ("", "xml", "xmlns", "rdf", "its")
    for prefix in names:
        query = f"PREFIX {prefix}: <http://example.org/> {ALL}"
        found = {quad.triple for quad in ox.parse(text(client, query, RDF_XML), format=ox.RdfFormat.RDF_XML)}
        assert found == {quad.triple for quad in ox.parse(DATA, format=ox.RdfFormat.TURTLE)}
    for namespace in ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"):
        assert "xmlns:x=" not in text(client, f"PREFIX x: <{namespace}> {ALL}", RDF_XML)


def test_a_long_answer_declares_all_since_it_is_not_waited_for(client: Any) -> None:
    many = " ".join(f"<http://example.org/with/a/long/name/{number}>" for number in range(60))
    query = f"CONSTRUCT {{ ?s <http://example.org/p> ?o }} {{ VALUES ?s {{ {many} }} VALUES ?o {{ {many} }} }}"
    assert head(client, query) == ["dcterms:", "foaf:", "xsd:"]
    assert head(client, query, RDF_XML) == ["dcterms", "foaf", "its", "rdf", "xsd"]
    assert len(list(ox.parse(text(client, query), format=ox.RdfFormat.TURTLE))) == 3600


def test_an_empty_graph_has_none(client: Any) -> None:
    assert text(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }").strip() == ""


def test_what_is_no_declaration_is_not_one(client: Any) -> None:
    query = f"{ALL} # PREFIX ex: <http://example.org/>"
    assert head(client, query) == ["dcterms:", "xsd:"]
    assert head(client, f"PREFIX ex: <../> PREFIX e\\u0078: <x:> {ALL}") in ([], ["dcterms:", "xsd:"])


def test_json_ld_has_a_context_with_those_that_occur(client: Any) -> None:
    found = json.loads(text(client, ALL, JSON_LD))
    assert found["@context"] == {key: PREFIXES[key] for key in ("dcterms", "xsd")}
    (node,) = found["@graph"]
    assert node["dcterms:date"] == [{"@type": "xsd:date", "@value": "2024-05-01"}]
    assert node["dcterms:title"] == [{"@language": "en", "@value": "dct: a xsd:b"}]
    own = json.loads(text(client, f"PREFIX d: <http://purl.org/dc/terms/> {ALL}", JSON_LD))
    assert own["@context"] == {"d": PREFIXES["dcterms"], "xsd": PREFIXES["xsd"]}
    assert text(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }", JSON_LD) == "[]"


def test_json_ld_that_meets_a_prefix_as_a_scheme_late_is_written_anew_without(server: Any) -> None:
    date = ox.NamedNode("http://purl.org/dc/terms/date")
    many = [ox.Quad(ox.NamedNode(f"dct:{number}"), date, ox.Literal(number)) for number in range(5_000)]
    many.append(ox.Quad(ox.NamedNode("dct:x"), ox.NamedNode("urn:p"), ox.NamedNode("dcterms:date")))
    with server(many, files=AIDS) as client:
        answer = text(client, ALL + " ORDER BY str(?p)", JSON_LD)
        assert answer.startswith('[{"@id":"dct:')
        found = {quad.triple for quad in ox.parse(answer, format=ox.RdfFormat.JSON_LD)}
        assert found == {quad.triple for quad in many}
        assert text(client, ALL + " LIMIT 9", JSON_LD).startswith('{"@context":{"dcterms":')


def test_n_triples_come_as_they_are(client: Any) -> None:
    assert "<http://purl.org/dc/terms/title>" in text(client, ALL, "application/n-triples")
