"""What shapes say of themselves, and of the ontology: pages, documents and reports live on it."""

from functools import cache

import pytest
from rdflib import OWL, RDF, SH, SKOS, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from shape_graphs import (
    DESCRIPTIVE,
    GRAPHS,
    NODE_SHAPES,
    PARAMETERS,
    PROPERTY_SHAPES,
    ROOT,
    TARGETS,
    local,
    local_name,
    named,
    shapes,
)

CMQ = Namespace("https://w3id.org/communique/ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
LANGUAGES = {"en", "ru", "zh"}


@pytest.mark.parametrize(("name", "shape"), NODE_SHAPES + PROPERTY_SHAPES, ids=local_name)
def test_a_shape_is_made_of_terms_that_these_tests_know(name: str, shape: URIRef) -> None:
    keys = {key for key in shapes(name).predicates(shape) if str(key).startswith(str(SH))}
    assert {local_name(key) for key in keys} <= PARAMETERS | DESCRIPTIVE | {local_name(key) for key in TARGETS}


@pytest.mark.parametrize(("name", "shape"), NODE_SHAPES, ids=local_name)
def test_a_node_shape_has_labels_in_three_languages_and_a_comment(name: str, shape: URIRef) -> None:
    assert languages(name, shape, RDFS.label) == LANGUAGES
    assert languages(name, shape, RDFS.comment) == {"en"}


@pytest.mark.parametrize(("name", "shape"), PROPERTY_SHAPES, ids=local_name)
def test_a_property_shape_has_all_that_pages_and_reports_need(name: str, shape: URIRef) -> None:
    assert languages(name, shape, SH.name) == LANGUAGES
    assert languages(name, shape, SH.description) == languages(name, shape, SH.message) == {"en"}
    assert shapes(name).value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}
    assert shapes(name).value(shape, SH.path) is not None
    assert shapes(name).value(shape, SH.order) is not None
    assert languages(group_graph(name), shapes(name).value(shape, SH.group), RDFS.label) == LANGUAGES


@pytest.mark.parametrize(("name", "shape"), PROPERTY_SHAPES, ids=local_name)
def test_a_property_shape_is_used_by_a_node_shape(name: str, shape: URIRef) -> None:
    assert list(shapes(name).subjects(SH.property, shape))


@pytest.mark.parametrize("name", GRAPHS)
def test_the_properties_of_a_node_shape_stand_in_different_places(name: str) -> None:
    graph = shapes(name)
    for shape in named(name, SH.NodeShape):
        properties = list(graph.objects(shape, SH.property))
        places = [(graph.value(each, SH.group), graph.value(each, SH.order)) for each in properties]
        assert len(places) == len(set(places)), local(name, shape)


def test_nesting_never_comes_back_to_where_it_began() -> None:
    nested = {shape: nested_classes(shape) for shape in set(shapes("meeting").objects(None, SH.targetClass))}
    for start in nested:
        reached: set[Node] = set()
        waiting: list[Node] = [start]
        while waiting:
            fresh = nested.get(waiting.pop(), set()) - reached
            reached |= fresh
            waiting += fresh
        assert start not in reached


def test_every_class_of_the_ontology_has_a_shape_unless_it_is_abstract() -> None:
    abstract = {CMQ.Statement, CMQ.EvidenceGraph}
    targets = {cls for name in GRAPHS for cls in shapes(name).objects(None, SH.targetClass)}
    assert set(ontology().subjects(RDF.type, OWL.Class)) - abstract <= targets


def test_every_property_of_the_ontology_has_a_shape_unless_it_is_derived() -> None:
    paths = {path for name in GRAPHS for path in shapes(name).objects(None, SH.path)}
    keys = set(ontology().subjects(RDF.type, OWL.ObjectProperty)) | set(
        ontology().subjects(RDF.type, OWL.DatatypeProperty)
    )
    assert keys - {CMQ.statedIn} <= paths


@pytest.mark.parametrize("name", ["meeting", "evidence"])
def test_the_codes_that_a_shape_allows_are_the_codes_of_a_list(name: str) -> None:
    lists = {
        frozenset(ontology().subjects(SKOS.inScheme, each))
        for each in ontology().subjects(RDF.type, SKOS.ConceptScheme)
    }
    allowed = [frozenset(Collection(shapes(name), each)) for each in shapes(name).objects(None, SH["in"])]
    codes = [each for each in allowed if all("/code/" in str(code) for code in each)]
    assert codes
    assert set(codes) <= lists


@pytest.mark.parametrize("name", GRAPHS)
def test_the_prefixes_of_the_rules_are_those_of_the_ontology(name: str) -> None:
    """An engine that is given one shapes graph alone must know them, hence the copies."""
    assert declared(shapes(name)) <= declared(Graph().parse(ROOT / "ontology/prefixes.ttl"))


def declared(graph: Graph) -> set[tuple[str, str]]:
    return {(str(prefix), str(graph.value(each, SH.namespace))) for each, prefix in graph.subject_objects(SH.prefix)}


@cache
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology/meeting.ttl").parse(ROOT / "ontology/codes.ttl")


def nested_classes(cls: Node) -> set[Node]:
    graph = shapes("meeting")
    properties = {each for shape in graph.subjects(SH.targetClass, cls) for each in graph.objects(shape, SH.property)}
    return {target for each in properties if graph.value(each, SH.node) for target in graph.objects(each, SH["class"])}


def languages(name: str, subject: Node | None, key: URIRef) -> set[str | None]:
    return {text.language for text in shapes(name).objects(subject, key) if isinstance(text, Literal)}


def group_graph(name: str) -> str:
    """The evidence shares the groups of the meetings, for a page shows facts of both."""
    return "meeting" if name == "evidence" else name
