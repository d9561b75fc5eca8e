"""Every shape is caught: the fixtures in `shapes/<shapes graph>/<node shape>/` against the shapes graph.

All passing fixtures of a shapes graph are one world of made-up things, `pass:`, in which nothing is wrong. The failing
ones add things to it of which each has one fault and is named after it: `fail:Meeting-ordinal.maxCount` breaks
`sh:maxCount` of the shape `Meeting-ordinal` and nothing else. A shape with a single constraint may have variants under
any name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, SKOS, BNode, Dataset, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

from communique.validation import VIOLATION, validate_files

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests/shapes"
GRAPHS = ("meeting", "evidence", "catalog", "ontology")
# rdflib 7.6 warns of its own use of what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:(Conjunctive|Data).* is deprecated:DeprecationWarning")

PASS = "https://example.org/pass/"
FAIL = "https://example.org/fail/"
CMQ = Namespace("https://w3id.org/communique/ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
LANGUAGES = {"en", "ru", "zh"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
PARAMETERS = frozenset(
    (
        *("class", "datatype", "hasValue", "in", "languageIn", "maxCount", "maxInclusive", "minCount", "minInclusive"),
        *("minLength", "node", "nodeKind", "not", "or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "sparql"),
        "uniqueLang",
    )
)
DESCRIPTIVE = frozenset(
    ("description", "group", "message", "name", "order", "path", "property", "qualifiedValueShape", "severity")
)


@dataclass(frozen=True)
class Result:
    """What a validator says of one fault: the shape, the thing at fault, the constraint ("maxCount"), the message."""

    shape: str
    culprit: str
    constraint: str
    severity: URIRef
    message: str


@cache
def shapes(name: str) -> Graph:
    return Graph().parse(ROOT / "shapes" / f"{name}.ttl")


@cache
def fixtures(name: str, *kinds: str) -> Dataset:
    data = Dataset(default_union=True)
    for path in files(name, *kinds):
        data.parse(path)
    return data


def files(name: str, *kinds: str) -> list[Path]:
    return sorted(path for kind in kinds for path in FIXTURES.glob(f"{name}/*/{kind}.t*"))


@cache
def results(name: str, *kinds: str) -> tuple[Result, ...]:
    _, report, _ = pyshacl.validate(fixtures(name, *kinds), shacl_graph=shapes(name))
    return tuple(read(name, report, result) for result in report.subjects(RDF.type, SH.ValidationResult))


def read(name: str, report: Graph, result: Node) -> Result:
    return Result(
        shape=local(name, report.value(result, SH.sourceShape)),
        culprit=culprit(report.value(result, SH.focusNode), report.value(result, SH.value)),
        constraint=constraint_of(report.value(result, SH.sourceConstraintComponent)),
        severity=URIRef(str(report.value(result, SH.resultSeverity))),
        message=str(report.value(result, SH.resultMessage)),
    )


def culprit(focus_node: object, value: object) -> str:
    """Return what a result is about: a rule across things has a class as its focus node, and the thing as its value."""
    focus, thing = (str(getattr(term, "value", term)) if term is not None else "" for term in (focus_node, value))
    return focus if focus.startswith((PASS, FAIL)) else thing


def constraint_of(component: object) -> str:
    """Return the parameter of a constraint component: "maxCount" of sh:MaxCountConstraintComponent."""
    name = local_name(component).removesuffix("ConstraintComponent")
    return "sparql" if name == "SPARQL" else name[0].lower() + name[1:]


def local(name: str, shape: object) -> str:
    return str(shape).removeprefix(f"https://w3id.org/communique/shapes/{name}#")


def local_name(term: object) -> str:
    return str(term).rpartition("#")[2]


def named(name: str, kind: URIRef) -> Iterator[URIRef]:
    yield from sorted(shape for shape in shapes(name).subjects(RDF.type, kind) if isinstance(shape, URIRef))


def constraints(name: str, shape: URIRef) -> list[str]:
    """Return the parameters of a shape's constraints."""
    return sorted({local_name(key) for key in shapes(name).predicates(shape)} & PARAMETERS)


def is_checked(name: str, shape: URIRef) -> bool:
    """Whether a shape is evaluated by itself: it is a property shape, or a node shape with a target and constraints."""
    is_property = (shape, RDF.type, SH.PropertyShape) in shapes(name)
    return bool(constraints(name, shape)) and (is_property or any(shapes(name).value(shape, key) for key in TARGETS))


NODE_SHAPES = [(name, shape) for name in GRAPHS for shape in named(name, SH.NodeShape)]
PROPERTY_SHAPES = [(name, shape) for name in GRAPHS for shape in named(name, SH.PropertyShape)]
CHECKED = [(name, shape) for name, shape in NODE_SHAPES + PROPERTY_SHAPES if is_checked(name, shape)]
CONSTRAINTS = [(name, shape, key) for name, shape in CHECKED for key in constraints(name, shape)]


@pytest.mark.parametrize(("name", "shape"), NODE_SHAPES + PROPERTY_SHAPES, ids=local_name)
def test_a_shape_is_made_of_terms_that_these_tests_know(name: str, shape: URIRef) -> None:
    keys = {key for key in shapes(name).predicates(shape) if str(key).startswith(str(SH))}
    assert {local_name(key) for key in keys} <= PARAMETERS | DESCRIPTIVE | {local_name(key) for key in TARGETS}


@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_is_wrong_in_the_passing_fixtures(name: str) -> None:
    assert results(name, "pass") == ()


@pytest.mark.parametrize(("name", "shape", "constraint"), CONSTRAINTS, ids=local_name)
def test_a_failing_fixture_is_caught_by_the_constraint(name: str, shape: URIRef, constraint: str) -> None:
    caught = [result for result in results(name, "pass", "fail") if result.constraint == constraint]
    assert any(belongs(result.culprit, shape=result.shape) for result in caught if result.shape == local(name, shape))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_failing_fixture_is_caught_by_the_shape_it_is_named_after_alone(name: str) -> None:
    caught = [result for result in results(name, "pass", "fail") if result.culprit.startswith(FAIL)]
    assert [result for result in caught if not belongs(result.culprit, shape=result.shape)] == []


@pytest.mark.parametrize(("name", "shape"), CHECKED, ids=local_name)
def test_a_passing_fixture_is_seen_by_the_shape(name: str, shape: URIRef) -> None:
    data = fixtures(name, "pass")
    if (shape, RDF.type, SH.PropertyShape) in shapes(name):
        assert any(carries(data, name, shape, thing) for thing in focus_nodes(data, name, shape))
    else:
        assert any(str(thing).startswith(PASS + local(name, shape)) for thing in data.subjects())


@pytest.mark.parametrize(("name", "shape"), CHECKED, ids=local_name)
def test_a_result_has_the_message_and_the_severity_of_its_shape(name: str, shape: URIRef) -> None:
    message, severity = shapes(name).value(shape, SH.message), shapes(name).value(shape, SH.severity)
    beginning = str(message).partition("{")[0]
    caught = [result for result in results(name, "pass", "fail") if result.shape == local(name, shape)]
    assert {(result.message.startswith(beginning), result.severity) for result in caught} == {(True, severity)}


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


@pytest.mark.parametrize("name", GRAPHS)
def test_the_program_finds_what_pyshacl_finds(name: str) -> None:
    """The fixtures are given to both; what is compared is the shape, the constraint, and the thing at fault."""
    report = validate_files(files(name, "pass", "fail"), shapes=[ROOT / "shapes" / f"{name}.ttl"])
    found = {
        (
            local(name, each.source_shape.value),
            constraint_of(each.component.value),
            culprit(each.focus_node, each.value),
        )
        for each in report.results
    }
    expected = {(each.shape, each.constraint, each.culprit) for each in results(name, "pass", "fail")}
    assert named_ones(found) == named_ones(expected)


def test_the_bundled_shapes_stop_no_project_of_others(tmp_path: Path) -> None:
    """People, organisations, concepts and events of others may look as they like: that is advice at most."""
    data = tmp_path / "theirs.ttl"
    data.write_text(FOREIGN, encoding="utf8")
    report = validate_files(
        [data], shapes=[ROOT / "shapes" / f"{name}.ttl" for name in ("meeting", "evidence", "catalog")]
    )
    assert report.results
    assert report.of(VIOLATION) == ()


FOREIGN = """
@prefix : <https://example.org/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

:a a foaf:Person, org:Organization ; foaf:name "Ann"@en, "Anne" ; foaf:homepage "none" ; skos:note "plain" .
:b a org:OrganizationalUnit ; org:unitOf :b ; schema:location "there" .
:c a skos:Concept ; skos:prefLabel "a"@en, "b"@en ; skos:broader :c, "wide" ; skos:exactMatch "same" .
:d a dcat:Dataset .
:e a schema:Event ; schema:startDate "2021" ; schema:endDate "2020" .
:f a oa:TextPositionSelector ; oa:start 9 ; oa:end 1 .
:g a dcat:Catalog ; dcat:dataset "all" .
:h a org:Membership ; schema:startDate "long ago" .
[] a foaf:Person .
"""


def named_ones(found: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Leave out blank nodes, whose names differ from reader to reader."""
    return {each for each in found if each[2].startswith((PASS, FAIL))}


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


def belongs(culprit: str, *, shape: str) -> bool:
    return culprit == FAIL + shape or culprit.startswith(f"{FAIL}{shape}.")


def focus_nodes(data: Dataset, name: str, shape: URIRef) -> set[Node]:
    owners = set(shapes(name).subjects(SH.property, shape))
    found: set[Node] = set()
    for owner in owners:
        for cls in shapes(name).objects(owner, SH.targetClass):
            found.update(data.subjects(RDF.type, cls))
        for key in shapes(name).objects(owner, SH.targetSubjectsOf):
            found.update(data.subjects(key))
    return found


def carries(data: Dataset, name: str, shape: URIRef, thing: Node) -> bool:
    path = shapes(name).value(shape, SH.path)
    if isinstance(path, BNode):
        return (None, shapes(name).value(path, SH.inversePath), thing) in data
    return (thing, path, None) in data


def languages(name: str, subject: Node | None, key: URIRef) -> set[str | None]:
    return {text.language for text in shapes(name).objects(subject, key) if isinstance(text, Literal)}


def group_graph(name: str) -> str:
    """The evidence shares the groups of the meetings, for a page shows facts of both."""
    return "meeting" if name == "evidence" else name
