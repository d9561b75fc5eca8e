"""Every shape is caught: the fixtures in `shapes/<shapes graph>/<node shape>/` against the shapes graph.

All passing fixtures of a shapes graph are one world of made-up things, `pass:`, in which nothing is wrong. The failing
ones add things to it of which each has one fault and is named after it: `fail:Meeting-ordinal.maxCount` breaks
`sh:maxCount` of the shape `Meeting-ordinal` and nothing else. A shape with a single constraint may have variants under
any name.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Dataset, Graph, Node, URIRef

from communique.shacl.validation import VIOLATION, validate_files
from shape_graphs import CHECKED, CONSTRAINTS, GRAPHS, ROOT, local, local_name, shapes

FIXTURES = ROOT / "tests/shapes"
# rdflib 7.6 warns of its own use of what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:(Conjunctive|Data).* is deprecated:DeprecationWarning")

PASS = "https://example.org/pass/"
FAIL = "https://example.org/fail/"


@dataclass(frozen=True)
class Result:
    """What a validator says of one fault: the shape, the thing at fault, the constraint ("maxCount"), the message."""

    shape: str
    culprit: str
    constraint: str
    severity: URIRef
    message: str


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
