"""The fast way returns what pyshacl returns: candidates are never too few."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from communique.errors import DataError
from communique.formats import TURTLE
from communique.shacl.reading import read_report
from communique.shacl.shapes import Shapes
from communique.store import Store
from communique.syntax import parse_file, parse_stream

PREFIXES = """
@prefix : <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:shapes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""
NODES = (":a", ":b", ":c", "_:x")
PROPERTIES = (":p", ":q", ":r")
CLASSES = (":C", ":D")
LITERALS = (
    '"x"',
    '"x"@en',
    '"y"@en',
    '"z"@de-AT',
    '"x"^^:own',
    "1",
    "2",
    "01",
    '"1"^^xsd:int',
    "1.0",
    "1e0",
    "true",
    '"1"^^xsd:boolean',
    '"no"^^xsd:integer',
    '"2021-02-30"^^xsd:date',
    '"2021-02-03"^^xsd:date',
    '"2021-02-03Z"^^xsd:date',
    '"2021"^^xsd:gYear',
    '"2021-02-03T00:00:00"^^xsd:dateTime',
    '"é\\n"',
)
KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")


def quads(text: str):
    import io

    return list(parse_stream(io.BytesIO(text.encode()), format=TURTLE))


def sampled(*options: str) -> st.SearchStrategy[str]:
    return st.sampled_from(options)


terms = sampled(*NODES, *CLASSES, *LITERALS)
statements = st.one_of(
    st.tuples(sampled(*NODES), sampled(*PROPERTIES), terms).map(" ".join),
    st.tuples(sampled(*NODES), st.just("a"), sampled(*CLASSES)).map(" ".join),
    st.just(":D rdfs:subClassOf :C"),
)
data = st.lists(statements, min_size=1, max_size=14, unique=True).map(lambda each: " .\n".join(each) + " .")

paths = st.recursive(
    sampled(*PROPERTIES),
    lambda inner: st.one_of(
        inner.map("[ sh:inversePath {} ]".format),
        inner.map("[ sh:zeroOrMorePath {} ]".format),
        inner.map("[ sh:oneOrMorePath {} ]".format),
        inner.map("[ sh:zeroOrOnePath {} ]".format),
        st.tuples(inner, inner).map(lambda pair: f"( {pair[0]} {pair[1]} )"),
        st.tuples(inner, inner).map(lambda pair: f"[ sh:alternativePath ( {pair[0]} {pair[1]} ) ]"),
    ),
    max_leaves=3,
)


def listed(items: list[str]) -> str:
    return f"( {' '.join(items)} )"


of_value = st.one_of(
    sampled(*CLASSES).map("sh:class {}".format),
    sampled(*KINDS).map("sh:nodeKind sh:{}".format),
    sampled("xsd:string", "rdf:langString", "xsd:integer", "xsd:date", "xsd:boolean", "xsd:gYear", ":own").map(
        "sh:datatype {}".format
    ),
    st.tuples(
        sampled("sh:minInclusive", "sh:maxInclusive", "sh:minExclusive", "sh:maxExclusive"),
        sampled("1", "1.5", '"2021-02-03"^^xsd:date', '"x"'),
    ).map(" ".join),
    st.tuples(sampled("sh:minLength", "sh:maxLength"), sampled("0", "1", "2", "30")).map(" ".join),
    sampled('"^x$"', '"[0-9]"', '"^\\\\w+$"', '"(?=a)"').map("sh:pattern {}".format),
    sampled('( "en" )', '( "de" )', '( "*" )').map("sh:languageIn {}".format),
    st.lists(terms.filter(lambda each: each != "_:x"), max_size=3).map(listed).map("sh:in {}".format),
    st.tuples(sampled("sh:equals", "sh:disjoint"), sampled(*PROPERTIES)).map(" ".join),
    terms.filter(lambda each: each != "_:x").map("sh:hasValue {}".format),
)
of_values = st.one_of(
    st.integers(0, 6).map("sh:minCount {}".format),
    st.integers(0, 4).map("sh:maxCount {}".format),
    sampled("true", "false").map("sh:uniqueLang {}".format),
    st.tuples(sampled("sh:lessThan", "sh:lessThanOrEquals"), sampled(*PROPERTIES)).map(" ".join),
)


def node_shape(constraints: list[str]) -> str:
    return f"[ {' ; '.join(dict.fromkeys(constraints))} ]"


def property_shape(path: str, constraints: list[str]) -> str:
    return f"[ sh:path {path} ; {' ; '.join(unique(constraints))} ]"


def unique(constraints: list[str]) -> list[str]:
    """One constraint of each kind, as SHACL mostly asks for."""
    return list({each.split(" ", 1)[0]: each for each in constraints}.values())


def wider(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Constraints that have shapes in them."""
    nodes = inner.map(unique).map(node_shape)
    properties = st.builds(property_shape, paths, st.one_of(inner, st.lists(of_values, max_size=2)))
    either = st.one_of(nodes, properties)
    shape_lists = st.lists(either, min_size=1, max_size=3).map(listed)
    return st.lists(
        st.one_of(
            of_value,
            properties.map("sh:property {}".format),
            nodes.map("sh:node {}".format),
            either.map("sh:not {}".format),
            st.tuples(sampled("sh:and", "sh:or", "sh:xone"), shape_lists).map(" ".join),
            st.builds(
                "sh:property [ sh:path {} ; sh:qualifiedValueShape {} ; {} {} ]".format,
                paths,
                either,
                sampled("sh:qualifiedMinCount", "sh:qualifiedMaxCount"),
                st.integers(0, 3),
            ),
            st.builds("sh:closed true ; sh:property [ sh:path {} ]".format, sampled(*PROPERTIES)),
            sampled(
                "SELECT $this ?value { $this ex:p ?value }",
                "SELECT $this { { FILTER NOT EXISTS { $this ex:q ?o } } }",
                "SELECT $this (COUNT(?o) AS ?n) { $this ex:p ?o } GROUP BY $this HAVING (COUNT(?o) = 1)",
            ).map('sh:sparql [ sh:prefixes :shapes ; sh:select "{}" ]'.format),
        ),
        min_size=1,
        max_size=3,
    )


constraints = st.recursive(st.lists(of_value, min_size=1, max_size=2), wider, max_leaves=6)
targets = sampled(
    "sh:targetClass :C",
    "sh:targetClass :D",
    "sh:targetNode :a , :b",
    'sh:targetNode "x"',
    "sh:targetSubjectsOf :p",
    "sh:targetObjectsOf :q",
    "a rdfs:Class , sh:NodeShape",
)
shapes = st.lists(
    st.builds(
        ":S{} {} ; {} .".format,
        st.integers(0, 2),
        targets,
        st.one_of(
            constraints.map(unique).map(" ; ".join),
            st.builds(
                "sh:path {} ; {}".format,
                paths,
                st.lists(st.one_of(of_value, of_values), min_size=1, max_size=3).map(unique).map(" ; ".join),
            ),
        ),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each[:3],
).map("\n".join)


def outcome(data_text: str, shapes_text: str, *, every_node: bool) -> object:
    store = Store.of(quads(PREFIXES + data_text))
    try:
        report = read_report(
            store, shapes=Shapes({Path("s.ttl"): quads(PREFIXES + shapes_text)}), every_node=every_node
        )
    except DataError:
        return "refused"
    return report.results


SUITE = Path(__file__).parents[2] / "shared" / "suites" / "dcat-ap"


@pytest.mark.skipif(not SUITE.is_dir(), reason="the shapes of DCAT-AP are not beside the repository")
def test_the_results_are_those_of_pyshacl_for_the_shapes_of_others() -> None:
    catalog = (Path(__file__).parents[1] / "data").rglob("*.ttl")
    store = Store.of(quad for path in sorted(catalog) for quad in parse_file(path))
    shapes = {path: tuple(parse_file(path)) for path in sorted(SUITE.glob("*.ttl"))}
    fast, slow = (read_report(store, shapes=Shapes(shapes), every_node=each).results for each in (False, True))
    assert fast == slow
    assert fast


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data, shapes)
def test_the_results_are_those_of_pyshacl_on_every_node(data_text: str, shapes_text: str) -> None:
    assert outcome(data_text, shapes_text, every_node=False) == outcome(data_text, shapes_text, every_node=True)
