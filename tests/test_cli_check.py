"""`communique check`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from communique.cli import main
from communique.serving.limits import Limits
from communique.serving.reconcile import Reconciliation
from communique.website.shadowed import LABELS, SERVICES

PREFIXES = "PREFIX : <https://example.org/> PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
SHAPES = (
    ':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:severity sh:{} ; sh:message "Give p." ] .'
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def check(*arguments: Path | str) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "data/a.ttl", ":a a :C .")
    write(tmp_path / "shapes/s.ttl", SHAPES.format("Violation"))
    return tmp_path


def test_a_violation_ends_with_1(project: Path) -> None:
    found = check(project)
    assert found.exit_code == 1
    assert "violation: Give p." in found.stdout
    assert f"{project / 'data/a.ttl'}:2: " in found.stdout


def test_a_warning_is_told_and_ends_with_0(project: Path) -> None:
    write(project / "shapes/s.ttl", SHAPES.format("Warning"))
    found = check(project)
    assert found.exit_code == 0
    assert "warning: Give p." in found.stdout


def test_the_current_folder_is_the_project_by_default(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    found = check()
    assert found.exit_code == 1
    assert "\n  data/a.ttl:2: " in found.stdout


DATASET = '<https://example.org/d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://rdfs.org/ns/void#uriSpace> "{}" .\n'


@pytest.mark.parametrize(
    ("base", "remedy"),
    [
        ("https://example.org/item/", 'state void:uriSpace "https://example.org/" of the catalogue'),
        ("https://example.net/", "publish them as a project of their own"),
    ],
)
def test_things_that_get_no_page_are_told_with_number_example_and_remedy(
    tmp_path: Path, base: str, remedy: str
) -> None:
    things = "".join(f":person\\/{number} a :Person .\n<{base}{number}> a :Person .\n" for number in range(12))
    file = write(tmp_path / "data/a.ttl", DATASET.format(base) + things)
    (tmp_path / "site").mkdir()
    for told in (check(tmp_path).stdout, CliRunner().invoke(main, ["build", "-p", str(tmp_path)]).output):
        (line,) = [line for line in told.splitlines() if "no page" in line]
        assert f"{file}:3: " in line or "such as <https://example.org/d>" in line
        assert re.search(r"1[23] things of the data have no page", line) and remedy in line


@pytest.mark.parametrize(
    "data",
    [
        ":item\\/1 a :C . :me a :Organization .",
        ":item\\/1 a :C . :a.pdf a foaf:Document . :b.pdf a foaf:Document .",
        ":item\\/1 a :C . :a rdfs:label 'A' . :b rdfs:label 'B' . :c rdfs:label 'C' .",
        ":item\\/1 a :C . <http://other.example/1> a :D . <http://other.example/2> a :D .",
        ":item\\/1 a skos:Concept . <http://other.example/1> a skos:Concept . <http://o.example/2> a skos:Concept .",
    ],
)
def test_what_is_named_in_passing_needs_no_page(tmp_path: Path, data: str) -> None:
    prefixes = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    prefixes += "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    dataset = DATASET.format("https://example.org/item/").replace("org/d>", "org/item/d>")
    write(tmp_path / "data/a.ttl", prefixes + dataset + data)
    assert "no page" not in check(tmp_path).stdout


def test_a_thing_to_whose_address_something_else_answers_is_told_with_the_way_to_its_page(tmp_path: Path) -> None:
    file = write(tmp_path / "data/a.ttl", ":doc a :C .\n:doc.ttl a :C .\n:healthz a :C .\n:label\\/x a :C .")
    found = check(tmp_path)
    assert found.exit_code == 0
    told = [line for line in found.stdout.splitlines() if "which answers there" in line]
    assert [line.partition(": The")[0] for line in told] == [f"warning: project: {file}:{line}" for line in (3, 4, 5)]
    assert "<https://example.org/doc.ttl> is that of a file of the site" in told[0]
    assert "Its page is doc.ttl.html;" in told[0]
    assert "<https://example.org/healthz> is that of a service of `communique serve`" in told[1]
    assert re.search(r"Its page is healthz~[a-z2-7]{16}\.html;", told[1])
    assert "<https://example.org/label/x>" in told[2]


def test_of_many_such_things_the_first_are_told_and_their_number(tmp_path: Path) -> None:
    write(tmp_path / "data/a.ttl", " ".join(f":label\\/{number} a :C . :{number} a :C ." for number in range(9)))
    found = check(tmp_path).stdout
    assert found.count("which answers there") == 5
    assert "There are 9 things in all whose address is that of something else." in found


def test_addresses_that_lead_to_their_things_are_not_told(tmp_path: Path) -> None:
    document = "<http://xmlns.com/foaf/0.1/Document>"
    paths = ("search", "dumps", "label", "reconcile\\/x", "healthz\\/", "other.ttl")
    data = " ".join(f":{path} a :C ." for path in paths)
    write(tmp_path / "data/a.ttl", f"{data} :doc a :C . :doc.ttl a {document} .")
    assert "which answers there" not in check(tmp_path).stdout


def test_the_services_that_are_told_are_those_that_there_are() -> None:
    routes = Reconciliation(Path(), "", Limits()).routes()
    reconciling = {route.path[1:] for route in routes if "{" not in route.path}
    assert reconciling | {"healthz", "healthz/ready", "metrics", "sparql"} == SERVICES
    assert [route.path for route in routes if "{" in route.path] == [f"/{LABELS}{{text:path}}"]


def test_plain_files_are_checked_by_these_shapes_alone(project: Path) -> None:
    meeting = write(project / "m.ttl", ":m a <https://w3id.org/communique/ns#Meeting> . :a a :C ; :p 1 .")
    assert check(meeting, "--shapes", project / "shapes/s.ttl").exit_code == 0
    assert check(meeting).exit_code == 1


def test_several_files_are_one_graph(project: Path) -> None:
    other = write(project / "other.ttl", ":a :p 1 .")
    assert check(project / "data/a.ttl", other, "--shapes", project / "shapes/s.ttl").exit_code == 0


def test_shapes_may_be_a_folder_or_several_files(project: Path) -> None:
    second = write(project / "t.ttl", ":T sh:targetClass :C ; sh:nodeKind sh:Literal .")
    data = project / "data/a.ttl"
    assert "2 violations" in check(data, "-s", project / "shapes", "-s", second).stdout


def test_all_that_follows_the_option_is_shapes(project: Path) -> None:
    second = write(project / "t.ttl", ":T sh:targetClass :C ; sh:nodeKind sh:Literal .")
    found = check(project / "data/a.ttl", "--shapes", project / "shapes/s.ttl", second, "--json")
    assert json.loads(found.stdout)["violations"] == 2


def test_files_behind_the_shapes_are_no_data(project: Path) -> None:
    found = check("-s", project / "shapes/s.ttl", project / "data/a.ttl")
    assert found.exit_code == 2
    assert "before --shapes" in found.stderr


def test_syntax_errors_of_all_files_are_told_with_line_and_column(project: Path) -> None:
    write(project / "data/b.ttl", ":b :p .")
    write(project / "data/c.trig", "\n\n:c { :p }")
    found = check(project)
    assert found.exit_code == 1
    assert "data/b.ttl:2:7: " in found.stdout
    assert "data/c.trig:4:" in found.stdout
    assert "nothing was validated" in found.stdout


def test_syntax_errors_of_plain_files_are_told_too(tmp_path: Path) -> None:
    bad = write(tmp_path / "b.ttl", ":b :p .")
    assert "b.ttl:2:7" in check(bad, "-s", bad).stdout


@pytest.mark.parametrize(
    ("literal", "remedy"),
    [
        ('"abc"^^xsd:integer', "which is no xsd:integer. Write one such as 42"),
        ('"300"^^xsd:byte', "which is no xsd:byte"),
        ('"-5"^^xsd:nonNegativeInteger', "which is no xsd:nonNegativeInteger"),
        ('"2021-02-30"^^xsd:date', "which is no xsd:date. Write one such as 2026-11-24"),
        ('"yes"^^xsd:boolean', "which is no xsd:boolean. Write one such as true"),
    ],
)
def test_a_literal_that_is_none_of_its_datatype_is_a_warning_with_its_line(
    tmp_path: Path, literal: str, remedy: str
) -> None:
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    data = write(tmp_path / "data.ttl", f"{prefix}\n:a :q 5 , 7 .\n:b :q {literal} .")
    found = check(data)
    assert found.exit_code == 0
    text = " ".join(found.stdout.split())
    assert "data.ttl:4" in text.replace("data.ttl: 4", "data.ttl:4"), text
    assert remedy in text


def test_thousands_of_literals_of_one_kind_are_one_warning_with_their_number_and_the_first_places(
    tmp_path: Path,
) -> None:
    prefix = "@prefix : <http://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    rows = [f':b{number} :q "day {number}"^^xsd:date .' for number in range(1, 3001)]
    data = write(tmp_path / "data.ttl", "\n".join([prefix, *rows, ':c :r "x"^^xsd:date , "y"^^xsd:integer .']))
    told = [line for line in check(data).stdout.splitlines() if "which is no" in line]
    assert len(told) == 3, told
    (many,) = (line for line in told if ":q" in line or "/q" in line)
    assert "data.ttl:3: has 'day 1' as a value of" in many and "which is no xsd:date, as are 2,999 more: " in many
    assert f"'day 2' in {data}:4; 'day 3' in {data}:5; ..." in many and many.endswith(
        "or leave out the datatype if it is a text."
    )


def test_literals_that_are_right_are_not_warned_of(tmp_path: Path) -> None:
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    rights = '007 , "-128"^^xsd:byte , "2024-02-29"^^xsd:date , "1"^^xsd:boolean , " 5 "^^xsd:int , "x"^^:own , 1e400'
    data = write(tmp_path / "data.ttl", f"{prefix}\n:b :q {rights} .")
    assert "which is no" not in check(data).stdout


def test_what_a_shape_says_of_a_literal_is_not_said_again(project: Path) -> None:
    write(project / "shapes/s.ttl", ":S sh:targetSubjectsOf :q ; sh:property [ sh:path :q ; sh:datatype xsd:date ] .")
    write(project / "data/b.ttl", ':b :q "2021-02-30"^^xsd:date .')
    assert "which is no" not in check(project).stdout


def test_a_malformed_shape_is_named(project: Path) -> None:
    write(project / "shapes/s.ttl", ":S a sh:PropertyShape ; sh:targetClass :C .")
    found = check(project)
    assert found.exit_code == 1
    assert "shapes/s.ttl" in found.stdout
    assert "https://example.org/S" in found.stdout


def test_a_misspelt_constraint_ends_with_1(project: Path) -> None:
    write(project / "shapes/s.ttl", ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCunt 1 ] .")
    found = check(project)
    assert found.exit_code == 1
    assert "Did you mean sh:minCount?" in found.stdout


def test_files_that_are_passed_over_are_noted(project: Path) -> None:
    (project / "data/notes.docx").write_text("x")
    found = check(project)
    assert "notes.docx" in found.stdout


def test_json_is_all_of_the_output(project: Path) -> None:
    found = check(project, "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["violations"] == 1


def test_json_tells_syntax_errors(project: Path) -> None:
    write(project / "data/b.ttl", ":b :p .")
    remarks = json.loads(check(project, "--json").stdout)["remarks"]
    assert [(each["about"], each["line"], each["column"]) for each in remarks if each["level"] == "violation"] == [
        ("syntax", 2, 7)
    ]


def test_the_standard_report_is_written_beside(project: Path, tmp_path: Path) -> None:
    found = check(project, "--report", tmp_path / "report.nt")
    assert found.exit_code == 1
    assert "shacl#ValidationResult" in (tmp_path / "report.nt").read_text()


def test_a_report_in_no_rdf_format_is_refused(project: Path) -> None:
    assert check(project, "--report", project / "report.pdf").exit_code == 2


def test_shapes_without_files_are_refused(project: Path) -> None:
    assert check("--shapes", project / "shapes/s.ttl").exit_code == 2


def test_several_projects_are_refused(project: Path) -> None:
    assert check(project, project).exit_code == 2


@pytest.mark.parametrize("arguments", [["missing"], ["missing.ttl", "-s", "missing.ttl"], [".", "--source-text", "no"]])
def test_what_is_not_there_ends_with_3(project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(project)
    assert check(*arguments).exit_code == 3


def test_no_colours_without_a_terminal(project: Path) -> None:
    assert "\x1b" not in check(project).stdout


def test_a_source_text_that_differs_ends_with_1(project: Path) -> None:
    write(project / "shapes/s.ttl", SHAPES.format("Info"))
    text = project / "text.txt"
    text.write_text("some words")
    found = check(project, "--source-text", text)
    assert found.exit_code == 1
    assert "text of no document" in found.stdout
    assert "some words" not in found.stdout


def test_help_says_what_is_checked() -> None:
    assert "--shapes" in check("--help").stdout


def test_check_takes_its_project_by_option_or_by_name_but_not_both(project: Path) -> None:
    told = [check(project), check("--project", project), check("-p", project)]
    assert [each.exit_code for each in told] == [1, 1, 1]
    assert len({re.sub(r"[\d.]+ s\b", "", each.stdout) for each in told}) == 1
    for arguments in (("-p", project, project), ("-p", project, "-s", project / "shapes/s.ttl")):
        assert (found := check(*arguments)).exit_code == 2 and "--project names what is checked" in found.stderr


def test_the_project_of_a_check_may_be_set_in_the_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_CHECK_PROJECT", str(project))
    assert check().exit_code == 1
