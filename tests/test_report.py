"""Reports: what people read, what programs read, what SHACL defines."""

import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.command_line.checking import Check, Remark, check_files
from communique.command_line.report import as_json, lines, summary, to_json, write_standard
from communique.errors import Problem
from communique.formats import FORMATS

PREFIXES = """PREFIX : <https://example.org/>
PREFIX cmq: <https://w3id.org/communique/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
SHAPES = """
:S a sh:NodeShape ; sh:targetClass :C ; sh:property :S-p , :S-q .
:S-p sh:path :p ; sh:minCount 1 ; sh:name "peak"@en , "пик"@ru ;
  sh:severity sh:Violation ; sh:message "Give a peak."@en .
:S-q sh:path :q ; sh:nodeKind sh:IRI ; sh:name "queue"@en ; sh:severity sh:Warning ; sh:message "Link it."@en .
"""


@pytest.fixture
def check(tmp_path: Path):
    def run(data: str, shapes: str = SHAPES) -> Check:
        (tmp_path / "d.ttl").write_text(PREFIXES + data, encoding="utf-8")
        (tmp_path / "s.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
        return check_files([tmp_path / "d.ttl"], shapes=[tmp_path / "s.ttl"], texts=[])

    return run


def told(found: Check, **options: bool) -> str:
    return "\n".join(text for _, text in lines(found, **options))


def test_results_stand_under_their_cause_the_worst_first(check, tmp_path: Path) -> None:
    found = check(':a a :C ; :q "x" .\n:b a :C ; rdfs:label "Bee"@en ; :p 1 ; :q 2 .')
    text = told(found)
    assert text.splitlines()[:8] == [
        "violation: Give a peak.",
        "  peak · S-p · 1 result",
        f"  {tmp_path / 'd.ttl'}:7: :a :p",
        "",
        "warning: Link it.",
        "  queue · S-q · 2 results",
        f'  {tmp_path / "d.ttl"}:7: :a :q "x"',
        f'  {tmp_path / "d.ttl"}:8: Bee (:b) :q "2"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_results_of_one_cause_are_in_the_order_of_the_file(check) -> None:
    text = told(check(":z a :C .\n:y a :C .\n:x a :C ."))
    assert [line.partition("ttl:")[2][0] for line in text.splitlines() if "d.ttl" in line] == ["7", "8", "9"]


def test_many_results_of_one_cause_are_cut_short(check) -> None:
    found = check("".join(f":a{n} a :C .\n" for n in range(30)))
    assert "... and 20 more: --all shows them" in told(found)
    assert told(found).count("d.ttl:") == 10
    assert told(found, everything=True).count("d.ttl:") == 30


def test_quiet_leaves_out_notes_and_the_summary(check) -> None:
    shapes = SHAPES + ":T sh:targetClass :C ; sh:nodeKind sh:Literal ; sh:severity sh:Info ; sh:message 'Just so.' ."
    found = check(":a a :C .", shapes)
    assert "Just so." in told(found)
    assert "Just so." not in told(found, quiet=True)
    assert "violations" not in told(found, quiet=True)


def test_messages_that_differ_stand_with_their_results(check) -> None:
    select = "SELECT $this ?value { $this <https://example.org/p> ?value }"
    query = f'sh:sparql [ sh:message "Not {{?value}}." ; sh:select "{select}" ]'
    text = told(check(":a a :C ; :p 1 . :b a :C ; :p 2 .", f":S sh:targetClass :C ; sh:severity sh:Info ; {query} ."))
    assert "2 results" in text
    assert "Not 1." in text
    assert "Not 2." in text


def test_what_is_wrong_within_a_value_is_told(check) -> None:
    inner = ":T a sh:NodeShape ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:message 'Inside.' ] ."
    shapes = f":S sh:targetClass :C ; sh:property [ sh:path :q ; sh:node :T ] . {inner}"
    assert "Inside." in told(check(":a a :C ; :q :b .", shapes))


INTERPRETED = """
:a a :C ; :p 1 ; :q "x" . :b a :C ; :p 1 ; :q "y" .
:i a cmq:Interpretation ; cmq:concerns :a , :b ; cmq:rationale "Letters stand for links."@en ;
  rdfs:label "A letter"@en ;
  cmq:hasCertainty :high ; prov:wasAttributedTo :us .
:high skos:prefLabel "high"@en . :us rdfs:label "Curators"@en .
"""


def test_the_recorded_interpretation_is_told_its_reason_once(check) -> None:
    text = told(check(INTERPRETED))
    assert 'read as "A letter": Letters stand for links. [certainty high, Curators]' in text
    assert text.count('read as "A letter"') == 2
    assert text.count("Letters stand for links.") == 1


def test_the_summary_counts(check) -> None:
    words = summary(check(":a a :C ; :q 1 ."))
    assert words.startswith("1 violation, 1 warning, 0 notes in ")
    assert words.endswith("(2 triples, 2 files, 1 shapes graph)")


def test_hostile_names_are_made_visible(check) -> None:
    text = told(check(':a a :C ; rdfs:label "x\\u001B[2J\\u202Ey" .'))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_remarks_are_told_with_their_place() -> None:
    remark = Remark("warning", "shapes", Problem(Path("s.ttl"), 3, None, "is odd.", "Mend it."))
    assert "warning: shapes: s.ttl:3: is odd. Mend it." in told(Check(remarks=(remark,)))


def test_json_has_everything_in_plain_values(check, tmp_path: Path) -> None:
    found = json.loads(to_json(check(INTERPRETED)))
    assert found["conforms"] is True
    assert (found["violations"], found["warnings"], found["triples"]) == (0, 2, 15)
    first = found["results"][0]
    assert first == {
        "severity": "http://www.w3.org/ns/shacl#Warning",
        "level": "warning",
        "focusNode": {"type": "uri", "value": "https://example.org/a"},
        "sourceShape": {"type": "uri", "value": "https://example.org/S-q"},
        "sourceConstraintComponent": "http://www.w3.org/ns/shacl#NodeKindConstraintComponent",
        "messages": [{"type": "literal", "value": "Link it.", "xml:lang": "en"}],
        "file": str(tmp_path / "d.ttl"),
        "line": 8,
        "path": "<https://example.org/q>",
        "value": {"type": "literal", "value": "x"},
        "readings": [
            {
                "interpretation": "https://example.org/i",
                "rationales": [{"type": "literal", "value": "Letters stand for links.", "xml:lang": "en"}],
                "certainties": [{"type": "uri", "value": "https://example.org/high"}],
                "agents": [{"type": "uri", "value": "https://example.org/us"}],
            }
        ],
    }


def test_json_leaves_out_what_there_is_not(check) -> None:
    (result,) = as_json(check(":a a :C ."))["results"]
    assert "value" not in result
    assert "readings" not in result


@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_the_standard_report_is_written_in_any_syntax(check, name: str) -> None:
    found = check(':a a :C ; :q "x" .')
    output = io.BytesIO()
    write_standard(found.report, output, format=FORMATS.by_name(name))
    formats = {
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
    }
    read = ox.Dataset(ox.parse(output.getvalue(), format=formats[name]))
    expected = ox.Dataset(ox.Quad(*triple) for triple in found.report.graph)
    for dataset in (read, expected):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert read == expected


def test_the_standard_report_in_turtle_starts_with_the_report(check) -> None:
    output = io.BytesIO()
    write_standard(check(":a a :C .").report, output, format=FORMATS.by_name("turtle"))
    body = [line for line in output.getvalue().decode().splitlines() if line and not line.startswith("@prefix")]
    assert body[0].startswith("_:r0 a sh:ValidationReport")
