"""The linter of shapes: each trap in which a validator says nothing."""

from pathlib import Path

import pytest

from communique.project import Project
from communique.shacl.shapes_lint import Finding, lint, lint_project
from communique.store import Store
from communique.syntax import parse_file

PREFIXES = "PREFIX : <https://example.org/> PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
WORDS = 'sh:message "Do it." ; sh:severity sh:Warning'


def found(tmp_path: Path, shapes: str, data: str = ":a a :C .") -> list[tuple[str, int | None, str]]:
    files = {}
    for name, text in (("shapes", shapes), ("data", data)):
        path = tmp_path / f"{name}.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        files[name] = path
    findings = lint({files["shapes"]: tuple(parse_file(files["shapes"]))}, data=Store.of(parse_file(files["data"])))
    return [(each.level, each.problem.line, each.problem.message) for each in findings]


def test_a_misspelt_term_is_an_error_with_its_line_and_the_right_spelling(tmp_path: Path) -> None:
    shapes = f":S sh:targetClass :C ;\n  sh:property [ sh:path :p ;\n    sh:minCunt 1 ; sh:maxCount 1 ; {WORDS} ] ."
    assert found(tmp_path, shapes) == [
        ("error", 4, "sh:minCunt is no term of SHACL, so nothing is checked. Did you mean sh:minCount?")
    ]


def test_a_misspelt_value_is_an_error(tmp_path: Path) -> None:
    ((level, line, message),) = found(tmp_path, f":S sh:targetClass :C ; sh:nodeKind sh:Iri ; {WORDS} .")
    assert (level, line) == ("error", 2)
    assert "sh:Iri" in message


def test_a_term_of_the_next_version_is_said_not_to_be_checked(tmp_path: Path) -> None:
    ((level, _, message),) = found(tmp_path, f":S sh:targetClass :C ; sh:class :C ; sh:reifierShape :S ; {WORDS} .")
    assert level == "warning"
    assert "SHACL 1.2" in message


@pytest.mark.parametrize(
    "target",
    ["sh:targetClass :Nothing", "sh:targetNode :nobody", "sh:targetSubjectsOf :none", "sh:targetObjectsOf :no"],
)
def test_a_target_that_matches_nothing_is_noted(tmp_path: Path, target: str) -> None:
    ((level, line, message),) = found(tmp_path, f":S {target} ; sh:class :C ; {WORDS} .")
    assert (level, line) == ("note", 2)
    assert "matches nothing" in message


def test_many_targets_that_match_nothing_are_one_note(tmp_path: Path) -> None:
    shapes = "".join(f":S{n} sh:targetClass :T{n} ; sh:class :C ; {WORDS} .\n" for n in range(9))
    ((level, line, message),) = found(tmp_path, shapes)
    assert (level, line) == ("note", 2)
    assert message == "9 targets match nothing in the data, such as sh:targetClass <https://example.org/T0>."


def test_one_fault_in_several_lists_is_told_once(tmp_path: Path) -> None:
    shapes = f":S sh:targetClass :C ; sh:class :C ; sh:minCunt 1 , 1 ; {WORDS} ."
    assert len(found(tmp_path, shapes)) == 1


def test_a_target_matches_instances_of_subclasses(tmp_path: Path) -> None:
    data = (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> :D rdfs:subClassOf :C . :C rdfs:subClassOf :D . :a a :D ."
    )
    assert found(tmp_path, f":S sh:targetClass :C ; sh:class :C ; {WORDS} .", data) == []


def test_a_severity_on_a_query_has_no_effect(tmp_path: Path) -> None:
    query = 'sh:sparql [ sh:select "SELECT $this {}" ; sh:severity sh:Info ]'
    ((level, _, message),) = found(tmp_path, f":S sh:targetClass :C ; {query} ; {WORDS} .")
    assert level == "warning"
    assert "put it on the shape" in message


def test_a_reference_to_a_shape_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    ((level, _, message),) = found(tmp_path, f":S sh:targetClass :C ; sh:node :T ; {WORDS} .")
    assert level == "error"
    assert "https://example.org/T" in message


def test_missing_messages_and_severities_are_counted(tmp_path: Path) -> None:
    shapes = ":S sh:targetClass :C ; sh:class :C . :T sh:targetClass :C ; sh:class :C ; sh:severity sh:Info ."
    assert [message for _, _, message in found(tmp_path, shapes)] == [
        "2 of 2 shapes have no sh:message, so a reader is not told what to do.",
        "One shape has no sh:severity, so each result is a violation.",
    ]


def test_the_message_of_a_query_is_a_message(tmp_path: Path) -> None:
    query = 'sh:sparql [ sh:select "SELECT $this {}" ; sh:message "Do it." ]'
    assert found(tmp_path, f":S sh:targetClass :C ; sh:severity sh:Info ; {query} .") == []


def project(folder: Path, **files: str) -> tuple[Finding, ...]:
    for name, text in files.items():
        (folder / name).mkdir()
        (folder / name / "x.ttl").write_text(PREFIXES + text, encoding="utf-8")
    opened = Project.open(folder)
    return lint_project(Store.load(opened), project=opened)


def test_bundled_shapes_that_target_nothing_here_are_not_mentioned(tmp_path: Path) -> None:
    assert project(tmp_path, data=":a a :C .") == ()


def test_the_shapes_of_a_project_may_refer_to_bundled_ones(tmp_path: Path) -> None:
    shape = "<https://w3id.org/communique/shapes/meeting#Meeting>"
    assert project(tmp_path, data=":a a :C .", shapes=f":S sh:targetClass :C ; sh:node {shape} ; {WORDS} .") == ()


def test_our_own_shapes_have_no_faults() -> None:
    root = Path(__file__).parents[1]
    opened = Project.open(root)
    findings = lint_project(Store.load(opened), project=opened)
    assert [str(each.problem) for each in findings if each.level != "note"] == []
