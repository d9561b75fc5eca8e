"""Validation: what is found, where, by which shape; and what shapes may not do."""

import logging
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.project import Project
from communique.shacl.validation import INFO, VIOLATION, WARNING, ValidationReport, validate, validate_files
from communique.store import Store

EX = "https://example.org/"
PREFIXES = """PREFIX : <https://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DECLARED = ':shapes sh:declare [ sh:prefix "" ; sh:namespace "https://example.org/" ] .\n'


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


@pytest.fixture
def report(tmp_path: Path):
    """Validate texts: data (as TriG) by shapes (as Turtle)."""

    def run(data: str, shapes: str) -> ValidationReport:
        (tmp_path / "data.trig").write_text(PREFIXES + data, encoding="utf-8")
        (tmp_path / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        return validate_files([tmp_path / "data.trig"], shapes=[tmp_path / "shapes.ttl"])

    return run


def rule(select: str) -> str:
    return DECLARED + f':S sh:targetClass :C ; sh:sparql [ sh:prefixes :shapes ; sh:select """{select}""" ] .'


def test_a_result_says_what_is_wrong_where_and_by_which_shape(report) -> None:
    shapes = """
    :S a sh:NodeShape ; sh:targetClass :C ; sh:property :S-date .
    :S-date sh:path :date ; sh:datatype xsd:date ; sh:name "date"@en , "дата"@ru ; sh:severity sh:Warning ;
      sh:message "Write a day of the calendar."@en .
    """
    (result,) = report(':a a :C ;\n  :date "2021-02-30"^^xsd:date .', shapes).results
    assert result.focus_node == iri("a")
    assert result.path == f"<{EX}date>"
    assert result.value == ox.Literal("2021-02-30", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    assert result.severity == WARNING
    assert result.source_shape == iri("S-date")
    assert result.component == ox.NamedNode("http://www.w3.org/ns/shacl#DatatypeConstraintComponent")
    assert result.messages == (ox.Literal("Write a day of the calendar.", language="en"),)
    assert [name.value for name in result.names] == ["date", "дата"]
    assert result.place is not None
    assert (result.place.path.name, result.place.line) == ("data.trig", 7)


def test_a_missing_value_has_the_line_of_its_node(report) -> None:
    (result,) = report("\n\n:a a :C .", ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .").results
    assert result.place is not None
    assert result.place.line == 8


def test_a_shape_without_a_message_gets_a_sentence(report) -> None:
    (result,) = report(":a a :C .", ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 2 ] .").results
    assert [message.value for message in result.messages] == ["At least 2 of these values must be given."]


def test_results_are_sorted_the_worst_first(report) -> None:
    shapes = "".join(
        f":S{level} sh:targetClass :C ; sh:severity sh:{level} ; sh:nodeKind sh:Literal .\n"
        for level in ("Info", "Warning", "Violation")
    )
    found = report(":a a :C . :b a :C .", shapes).results
    assert [each.severity for each in found] == [VIOLATION, VIOLATION, WARNING, WARNING, INFO, INFO]
    assert [each.focus_node for each in found[:2]] == [iri("a"), iri("b")]


def test_warnings_do_not_keep_data_from_conforming(report) -> None:
    found = report(":a a :C .", ":S sh:targetClass :C ; sh:severity sh:Warning ; sh:nodeKind sh:Literal .")
    assert found.conforms
    assert len(found.of(WARNING)) == 1


def test_the_standard_report_counts_warnings_too(report) -> None:
    found = report(":a a :C .", ":S sh:targetClass :C ; sh:severity sh:Warning ; sh:nodeKind sh:Literal .")
    conforms = [triple.object for triple in found.graph if triple.predicate.value.endswith("#conforms")]
    assert conforms == [ox.Literal(False)]


def test_details_name_what_is_wrong_within(report) -> None:
    shapes = ":S sh:targetClass :C ; sh:node :T . :T a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ] ."
    (result,) = report(":a a :C .", shapes).results
    assert [detail.path for detail in result.details] == [f"<{EX}p>"]


def test_a_rule_sees_who_says_what(report) -> None:
    data = ":a a :C . :b a :C . GRAPH :g { :a :p 1 }"
    found = report(data, rule("SELECT $this { FILTER NOT EXISTS { GRAPH ?g { $this :p ?o } } }"))
    assert [each.focus_node for each in found.results] == [iri("b")]


def test_a_triple_in_two_graphs_counts_once(report) -> None:
    data = ":a a :C . GRAPH :g { :a :p 1 } GRAPH :h { :a :p 1 }"
    select = "SELECT $this { $this :p ?o } GROUP BY $this HAVING (COUNT(?o) > 1)"
    assert report(data, rule(select)).results == ()


@pytest.mark.parametrize(
    ("data", "results"),
    [
        (":a :p 1 , 02 . GRAPH :g { :a :p 1 , 02 } GRAPH :h { :a :p 1 }", 0),
        (":a :p 1 , 02 . GRAPH :g { :a :p 1 , 3 } GRAPH :h { :a :p 3 }", 1),
        (":a :p 1 , 02 . GRAPH :g { :a :p 1 } GRAPH _:b { :a :p 3 } GRAPH :h { :a :p 3 , 1 }", 1),
    ],
)
@pytest.mark.parametrize("more", ["", "OPTIONAL { GRAPH ?g { $this :q ?r } }"])
def test_triples_are_counted_once_wherever_they_stand(report, data: str, results: int, more: str) -> None:
    select = f"SELECT $this {{ $this :p ?o {more} }} GROUP BY $this HAVING (COUNT(?o) > 2)"
    assert len(report(f":a a :C . {data}", rule(select)).results) == results


def test_a_triple_in_two_graphs_has_one_result(report) -> None:
    data = "GRAPH :g { :a a :C ; :p 1 } GRAPH :h { :a :p 1 }"
    assert (
        len(
            report(
                data,
                ":S sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( rdf:type ) .".replace(
                    "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
                ),
            ).results
        )
        == 1
    )


def test_pre_bound_variables_reach_every_group(report) -> None:
    found = report(":a a :C . :b a :C .", rule("SELECT $this { { { FILTER($this = :b) } FILTER(BOUND($this)) } }"))
    assert [each.focus_node for each in found.results] == [iri("b")]


def test_a_rule_may_look_at_a_blank_node(report) -> None:
    assert len(report("[] a :C ; :p 1 .", rule("SELECT $this ?value { $this :p ?value }")).results) == 1


def test_a_string_is_the_same_with_and_without_its_datatype(report) -> None:
    shapes = ':S sh:targetClass :C ; sh:property [ sh:path :p ; sh:in ( "x"^^xsd:string 1 ) ; sh:hasValue "x" ] .'
    assert report(':a a :C ; :p "x" , 1 .', shapes).results == ()


def test_a_number_in_another_spelling_is_another_term(report) -> None:
    # SHACL 4.8.3 compares RDF terms.
    assert (
        len(report(":a a :C ; :p 01 .", ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:in ( 1 ) ] .").results)
        == 1
    )


@pytest.mark.parametrize("name", ["lessThan", "lessThanOrEquals"])
def test_what_cannot_be_compared_is_not_less(report, name: str) -> None:
    shapes = f":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:{name} :q ] ."
    assert len(report(':a a :C ; :p "x"^^xsd:integer ; :q 1 .', shapes).results) == 1


def test_nothing_is_inferred(report) -> None:
    shapes = ":D rdfs:subClassOf :C . :S sh:targetClass :C ; sh:nodeKind sh:Literal ."
    assert report(":a a :D . :p rdfs:domain :C . :b :p :o .", shapes).results == ()


def test_subclasses_in_the_data_count(report) -> None:
    shapes = ":S sh:targetClass :C ; sh:class :C ; sh:nodeKind sh:BlankNode ."
    assert len(report(":D rdfs:subClassOf :C . :a a :D .", shapes).results) == 1


def test_an_import_is_not_fetched(report) -> None:
    assert report(":a a :C .", "<> owl:imports <file:///missing> . :S sh:targetClass :C ; sh:class :C .").conforms


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (rule("SELECT $this { SERVICE <https://example.org/sparql> { $this :p ?o } }"), "SERVICE"),
        (rule("SELECT $this FROM <file:///etc/passwd> { $this :p ?o }"), "FROM"),
        (":S sh:targetClass :C ; sh:js [ sh:jsFunctionName 'f' ] .", "sh:js"),
        (rule("SELECT $this { $this nowhere:p ?o }"), "cannot be parsed"),
        (rule("SELECT $this { $this :p ?o MINUS { $this :q ?o } }"), "MINUS"),
        (":S a sh:PropertyShape ; sh:targetClass :C .", "exactly one sh:path"),
        (":S a sh:PropertyShape ; sh:path :p , :q .", "exactly one sh:path"),
        (":S a sh:NodeShape ; sh:path :p .", "node shape"),
        (':S sh:targetClass :C ; sh:property "p" .', "needs a shape"),
        (":S sh:targetClass :C ; sh:property [ sh:path 1 ] .", "path"),
        (":S sh:targetClass :C ; sh:path _:x . _:x sh:inversePath _:x .", "path"),
        (":S sh:targetClass :C ; sh:or :T .", "list"),
        (":S sh:targetClass :C ; sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 .", "list"),
        (':S sh:targetClass :C ; sh:pattern "(" .', "unterminated"),
        (':S sh:targetClass :C ; sh:path :p ; sh:minCount "one" .', "sh:minCount"),
        (":S sh:targetClass :C ; sh:datatype xsd:date , xsd:string .", "sh:datatype"),
    ],
)
def test_a_shape_that_is_refused_or_malformed_is_named_with_its_file(report, shapes: str, words: str) -> None:
    with pytest.raises(DataError) as caught:
        report(":a a :C .", shapes)
    assert words in str(caught.value)
    assert "shapes.ttl" in str(caught.value)
    assert EX in str(caught.value) or "without an IRI" in str(caught.value)


def test_a_malformed_shape_is_told_with_its_line(report) -> None:
    with pytest.raises(DataError) as caught:
        report("", "\n\n:S a sh:PropertyShape ; sh:targetClass :C .")
    assert [problem.line for problem in caught.value.problems] == [8]


def test_a_malformed_shape_is_found_even_if_it_targets_nothing(report) -> None:
    with pytest.raises(DataError, match="sh:minCount"):
        report("", ':S sh:targetClass :C ; sh:path :p ; sh:minCount "one" .')


def test_a_shape_within_itself_is_noted(report) -> None:
    found = report(
        ":a a :C ; :p :a .", ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:node :S ] ."
    )
    assert found.conforms
    assert any("refers to itself" in note for note in found.notes)


def test_an_advanced_target_is_switched_on_and_noted(report) -> None:
    target = 'a sh:SPARQLTarget ; sh:prefixes :shapes ; sh:select "SELECT ?this { ?this :p 1 }"'
    found = report(":a :p 1 . :b :p 2 .", DECLARED + f":S a sh:NodeShape ; sh:target [ {target} ] ; sh:class :C .")
    assert [each.focus_node for each in found.results] == [iri("a")]
    assert "sh:target" in found.notes[0]


def test_values_that_fit_no_datatype_are_not_complained_about_in_passing(report, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        report(
            ":a a :C ; :p 'x'^^xsd:integer .", ":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minInclusive 3 ] ."
        )
    assert caplog.records == []


def test_a_report_is_the_same_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(PREFIXES + "".join(f":a{n} a :C ; :p {n} , [ :q {n} ] . " for n in range(9)))
    (tmp_path / "s.ttl").write_text(
        PREFIXES + ":S sh:targetClass :C ; sh:property [ sh:path ( :p [ sh:zeroOrOnePath :q ] ) ; sh:in ( 1 :x 'y' ) ;"
        " sh:maxCount 1 ; sh:or ( [ sh:nodeKind sh:IRI ] [ sh:class :D ] ) ] ."
    )
    program = (
        "from pathlib import Path; from communique.shacl.validation import validate_files\n"
        "for triple in validate_files([Path('d.ttl')], shapes=[Path('s.ttl')]).graph: print(triple)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert outputs != {b""}


def test_every_file_that_cannot_be_parsed_is_named(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl", "c.ttl"):
        (tmp_path / name).write_text("<a> .")
    with pytest.raises(DataError) as caught:
        validate_files([tmp_path / "a.ttl", tmp_path / "b.ttl"], shapes=[tmp_path / "c.ttl"])
    assert [problem.path.name for problem in caught.value.problems if problem.path] == ["a.ttl", "b.ttl", "c.ttl"]


def test_a_project_is_validated_by_the_bundled_shapes_and_ontology(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(
        "@prefix : <https://w3id.org/communique/ns#> .\n\n<https://example.org/m> a :Meeting .\n"
    )
    project = Project.open(tmp_path)
    found = validate(Store.load(project), project=project)
    assert not found.conforms
    assert {str(each.place) for each in found.of(VIOLATION)} == {f"{tmp_path / 'data.ttl'}:3"}
