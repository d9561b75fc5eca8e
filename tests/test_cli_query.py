"""`communique query`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from communique.cli import main

DATA = """
@prefix e: <http://e/> .
e:b { e:lupa e:name "Лупа"@ru , "A \\u001B[2Jb" ; e:age 42 ; e:since "2021"^^<http://e/year> . }
e:a { e:lupa a e:Agent ; e:knows [ e:name "x" ] . }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.trig").write_text(DATA, encoding="utf-8")
    return tmp_path


def ask(project: Path, query: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["query", "-", "--project", str(project), *options], input=query)


def test_select_gives_plain_columns_where_there_is_no_terminal(project: Path) -> None:
    found = ask(project, "SELECT ?p ?o { e:lupa ?p ?o . FILTER(?p IN (e:age, e:name)) } ORDER BY ?p ?o")
    assert found.stdout.splitlines()[0].split() == ["p", "o"]
    assert "e:age   42" in found.stdout
    assert "e:name  Лупа @ru" in found.stdout
    assert found.exit_code == 0


def test_number_of_rows_goes_to_stderr(project: Path) -> None:
    assert ask(project, "SELECT * { e:lupa e:age ?x }").stderr == "1 row\n"


def test_quiet_prints_results_alone(project: Path) -> None:
    found = ask(project, "SELECT * { e:lupa e:age ?x }", "-q")
    assert (found.stdout, found.stderr) == ("x\n42\n", "")


def test_unfamiliar_type_is_named(project: Path) -> None:
    assert "2021 ^^e:year" in ask(project, "SELECT * { e:lupa e:since ?x }").stdout


def test_letters_that_command_a_terminal_are_made_visible(project: Path) -> None:
    found = ask(project, "SELECT * { e:lupa e:name ?x }")
    assert "A ␛[2Jb" in found.stdout
    assert "\x1b" not in found.stdout


def test_what_several_graphs_state_counts_once(project: Path) -> None:
    (project / "data/y.trig").write_text(DATA, encoding="utf-8")
    (project / "data/z.trig").write_text("@prefix e: <http://e/> . e:c { e:lupa e:age 42 }", encoding="utf-8")
    found = ask(project, "SELECT ?x FROM e:b FROM e:c FROM e:b { e:lupa e:age ?x ; e:age ?y }", "-q")
    assert found.stdout == "x\n42\n"


def test_graphs_may_be_named_by_options_as_at_an_endpoint(project: Path) -> None:
    def names(*options: str, pattern: str = "?s ?p ?o") -> list[str]:
        query = f"SELECT DISTINCT ?p FROM e:none {{ {pattern} FILTER(ISIRI(?s)) }} ORDER BY ?p"
        found = ask(project, query, "--format", "csv", *options)
        return [line.rpartition("/")[2] for line in found.stdout.split()[1:]]

    assert names() == []
    assert names("--default-graph", "e:b") == ["age", "name", "since"]
    assert len(names("--default-graph", "e:b", "--default-graph", "http://e/a")) == 5
    assert names("--named-graph", "http://e/b") == []
    assert names("--named-graph", "http://e/b", pattern="GRAPH ?g { ?s ?p ?o }") == ["age", "name", "since"]
    refused = ask(project, "ASK {}", "--default-graph", "b")
    assert (refused.exit_code, "'b' is no IRI" in refused.stderr) == (2, True)


def test_columns_line_up_with_wide_letters(project: Path) -> None:
    found = ask(project, "SELECT * { VALUES (?x ?y) { ('会议' 1) ('abcd' 2) } } ORDER BY ?y", "-q")
    assert found.stdout == "x     y\n会议  1\nabcd  2\n"


def test_unbound_variable_is_an_empty_cell(project: Path) -> None:
    assert ask(project, "SELECT ?x ?y { BIND(1 AS ?x) }", "-q").stdout == "x  y\n1\n"


def test_no_rows_is_an_answer(project: Path) -> None:
    found = ask(project, "SELECT ?x { e:nobody e:age ?x }")
    assert (found.stdout, found.stderr, found.exit_code) == ("x\n", "0 rows\n", 0)


@pytest.mark.parametrize(("query", "answer"), [("ASK { ?s e:age 42 }", "yes"), ("ASK { ?s e:age 43 }", "no")])
def test_ask_gives_yes_or_no(project: Path, query: str, answer: str) -> None:
    assert ask(project, query, "-q").stdout == answer + "\n"


def test_select_as_csv(project: Path) -> None:
    assert ask(project, "SELECT ?x { e:lupa e:age ?x }", "-f", "csv").stdout_bytes == b"x\r\n42\r\n"


def test_select_as_tsv(project: Path) -> None:
    assert ask(project, "SELECT ?x { e:lupa e:age ?x }", "-f", "tsv").stdout == "?x\n42\n"


def test_select_as_json(project: Path) -> None:
    found = json.loads(ask(project, "SELECT ?x { e:lupa e:age ?x }", "-f", "json").stdout)
    assert found["results"]["bindings"][0]["x"]["value"] == "42"


def test_select_as_xml(project: Path) -> None:
    assert "<literal" in ask(project, "SELECT ?x { e:lupa e:age ?x }", "-f", "xml").stdout


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml"])
def test_ask_has_an_answer_in_every_format(project: Path, format: str) -> None:
    assert "true" in ask(project, "ASK { ?s e:age 42 }", "-f", format).stdout


def test_construct_gives_turtle_that_is_sorted_and_prefixed(project: Path) -> None:
    found = ask(project, "CONSTRUCT { ?s ?p ?o } { GRAPH e:a { ?s ?p ?o } }")
    assert found.stdout == (
        "@prefix e: <http://e/> .\n\n"
        "e:lupa a e:Agent ;\n\te:knows _:c14n0 .\n"
        '_:c14n0 e:name "x" .\n'
    )  # fmt: skip


def test_describe_sees_all_graphs(project: Path) -> None:
    found = ask(project, "DESCRIBE e:lupa").stdout
    assert "e:age" in found
    assert "e:Agent" in found


@pytest.mark.parametrize("format", ["turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml", "nt"])
def test_construct_in_every_rdf_format(project: Path, format: str) -> None:
    found = ask(project, "CONSTRUCT { e:lupa e:age ?x } { e:lupa e:age ?x }", "-f", format)
    assert found.exit_code == 0
    assert "42" in found.stdout


@pytest.mark.parametrize(
    ("query", "format", "message"),
    [
        ("ASK {}", "turtle", "SELECT and ASK give no turtle: use --format table, csv, tsv, json or xml"),
        ("CONSTRUCT {} {}", "csv", "CONSTRUCT and DESCRIBE give no csv: use --format turtle, "),
        ("ASK {}", "excel", "'excel' is no format"),
        ('SELECT ("\\u0001" AS ?x) {}', "xml", "XML cannot hold the character U+0001. JSON, CSV and TSV can."),
        ("SELECT * { ?s x:p ?o }", "table", "query:1:15: the prefix x: is not declared"),
        ("SELECT * { SERVICE <http://e/> {} }", "table", "SERVICE and LOAD are refused"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(project: Path, query: str, format: str, message: str) -> None:
    found = ask(project, query, "-f", format)
    assert found.exit_code == 2
    assert message in found.stderr
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""


def test_broken_data_is_one_line_each_and_exit_code_1(project: Path) -> None:
    for name in ("b.ttl", "c.nt"):
        (project / "data" / name).write_text("oops")
    found = ask(project, "ASK {}")
    assert found.exit_code == 1
    assert [line.partition(":")[0][-5:] for line in found.stderr.splitlines()] == ["b.ttl", "/c.nt"]


def test_missing_project_is_exit_code_3(tmp_path: Path) -> None:
    found = ask(tmp_path / "nix", "ASK {}")
    assert found.exit_code == 3
    assert found.stderr == f"{tmp_path}/nix: does not exist\n"


def test_missing_query_is_exit_code_3(project: Path) -> None:
    found = CliRunner().invoke(main, ["query", str(project / "nix.rq"), "-p", str(project)])
    assert found.exit_code == 3
    assert "nix.rq: cannot be read" in found.stderr


def test_query_of_a_file_is_run(project: Path) -> None:
    (project / "q.rq").write_text("\ufeffASK { ?s e:age 42 }", encoding="utf-8")
    found = CliRunner().invoke(main, ["query", str(project / "q.rq"), "-p", str(project)])
    assert found.stdout == "yes\n"


def test_single_file_can_be_asked(project: Path) -> None:
    assert ask(project / "data/x.trig", "ASK { ?s e:age 42 }").stdout == "yes\n"


def test_option_may_come_from_the_environment(project: Path) -> None:
    environment = {"COMMUNIQUE_QUERY_PROJECT": str(project), "COMMUNIQUE_QUERY_QUIET": "1"}
    found = CliRunner(env=environment).invoke(main, ["query", "-"], input="ASK { ?s e:age 42 }")
    assert (found.stdout, found.stderr) == ("yes\n", "")


def test_help_has_an_example() -> None:
    found = CliRunner().invoke(main, ["query", "--help"])
    assert "Example: " in found.stdout


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    heavy = "{'rdflib', 'pyshacl', 'rich', 'jinja2', 'pyoxigraph', 'starlette'}"
    code = f"import sys, communique.cli; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_version_is_printed() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("communique, version ")


def test_a_project_is_named_by_option_or_last_of_all_but_not_twice(project: Path) -> None:
    (project / "q.rq").write_text("ASK { e:lupa e:age 42 }", encoding="utf-8")
    file, other = str(project / "q.rq"), str(project / "data")
    runs = [CliRunner().invoke(main, ["query", file, *more]) for more in ([str(project)], ["-p", str(project)])]
    assert [each.exit_code for each in runs] == [0, 0] and runs[0].stdout == runs[1].stdout
    twice = CliRunner().invoke(main, ["query", file, "-p", other, str(project)])
    assert (twice.exit_code, twice.stderr) == (2, f"which project? Both {project} and {other} are named\n")
