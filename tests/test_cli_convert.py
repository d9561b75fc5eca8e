"""`communique convert`."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import canonical_quads
from communique.cli import main
from communique.errors import UsageError
from communique.formats import FORMATS, NQUADS, RDFXML, TRIG, TURTLE, Format
from communique.syntax import parse_stream
from communique.syntax.serialization import write

TURTLE_TEXT = """@prefix z: <http://z/> .
@prefix e: <http://e/> .
e:s a e:T ; e:p "x"@en , 42 , z:o , [ e:q "y" ] .
"""
TRIG_TEXT = TURTLE_TEXT + "e:g { e:s e:p 42 , 43 }\n"
RDF = [format.name for format in FORMATS.of_kind("rdf")]


def convert(file: Path, *options: str, **more: str) -> Result:
    return CliRunner().invoke(main, ["convert", str(file), *options], **more)  # type: ignore[arg-type]


@pytest.fixture
def turtle(tmp_path: Path) -> Path:
    path = tmp_path / "x.ttl"
    path.write_text(TURTLE_TEXT)
    return path


@pytest.fixture
def trig(tmp_path: Path) -> Path:
    path = tmp_path / "x.trig"
    path.write_text(TRIG_TEXT)
    return path


def canonical(content: bytes, format: Format) -> set[str]:
    return canonical_quads.canonical(parse_stream(io.BytesIO(content), format=format))


@pytest.mark.parametrize("name", RDF)
def test_graph_is_the_same_in_every_format(turtle: Path, name: str) -> None:
    found = convert(turtle, "--to", name)
    assert found.exit_code == 0, found.stderr
    assert canonical(found.stdout_bytes, FORMATS.by_name(name)) == canonical(TURTLE_TEXT.encode(), TURTLE)


@pytest.mark.parametrize("name", ["trig", "nquads", "jsonld"])
def test_dataset_is_the_same_in_every_format_that_has_graphs(trig: Path, name: str) -> None:
    found = convert(trig, "--to", name)
    assert canonical(found.stdout_bytes, FORMATS.by_name(name)) == canonical(TRIG_TEXT.encode(), TRIG)


@pytest.mark.parametrize("name", RDF)
def test_two_runs_give_the_same_bytes(trig: Path, name: str) -> None:
    command = [sys.executable, "-m", "communique", "convert", str(trig), "--to", name, "--union"]
    first, second = (
        subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in "12"
    )
    assert first == second != b""


def test_prefixes_of_the_source_are_kept_in_the_order_of_the_alphabet(turtle: Path) -> None:
    lines = convert(turtle, "--to", "turtle").stdout.splitlines()
    assert lines[:3] == ["@prefix e: <http://e/> .", "@prefix z: <http://z/> .", ""]


def test_well_known_prefixes_are_used_where_the_source_has_none(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text("<http://e/s> <http://purl.org/dc/terms/title> <http://e/o> .\n")
    assert "dcterms:title" in convert(path, "--to", "turtle").stdout


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_named_graphs_are_never_dropped_in_silence(trig: Path, name: str) -> None:
    found = convert(trig, "--to", name)
    assert found.exit_code == 2
    assert "has no named graphs, and the data has, such as <http://e/g>" in found.stderr


def test_one_graph_can_be_chosen(trig: Path) -> None:
    assert convert(trig, "--to", "nt", "--graph", "http://e/g").stdout.count("\n") == 2


def test_graph_that_is_not_there_is_an_error(trig: Path) -> None:
    found = convert(trig, "--to", "nt", "--graph", "http://e/h")
    assert (found.exit_code, found.stderr) == (2, "the data has no graph <http://e/h>\n")


def test_union_holds_each_triple_once(trig: Path) -> None:
    assert convert(trig, "--to", "nt", "--union").stdout.count('"42"') == 1


def test_graph_and_union_exclude_each_other(trig: Path) -> None:
    assert convert(trig, "--to", "nt", "--union", "--graph", "http://e/g").exit_code == 2


def test_malformed_file_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("@prefix a: <http://a/> .\na:s b:p a:o .")
    found = convert(path, "--to", "nt")
    assert found.exit_code == 1
    assert found.stderr.startswith(f"{path}:2:5: ")


def test_pipe_is_converted() -> None:
    found = convert(Path("-"), "--from", "ttl", "--to", "nt", input=TURTLE_TEXT)
    assert found.stdout.count("\n") == 6


def test_pipe_needs_a_format() -> None:
    found = convert(Path("-"), "--to", "nt", input="")
    assert found.exit_code == 2
    assert "Say --from with one of turtle" in found.stderr


def test_extension_of_the_output_tells_its_format(turtle: Path, tmp_path: Path) -> None:
    assert convert(turtle, "--out", str(tmp_path / "y.nt")).exit_code == 0
    assert (tmp_path / "y.nt").read_text().count("\n") == 6


def test_format_must_be_told(turtle: Path) -> None:
    assert convert(turtle).exit_code == 2


@pytest.mark.parametrize("name", ["html", "csv", "excel"])
def test_format_must_be_one_of_rdf(turtle: Path, name: str) -> None:
    assert convert(turtle, "--to", name).exit_code == 2


def test_file_of_unknown_extension_needs_a_format(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(TURTLE_TEXT)
    assert convert(path, "--to", "nt").exit_code == 2
    assert convert(path, "--to", "nt", "--from", "turtle").exit_code == 0


def test_base_resolves_relative_iris(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<s> <p> <o> .")
    assert convert(path, "--to", "nt").exit_code == 1
    assert convert(path, "--to", "nt", "--base", "http://e/").stdout == "<http://e/s> <http://e/p> <http://e/o> .\n"


def test_failure_leaves_the_former_output_as_it_was(tmp_path: Path) -> None:
    source, out = tmp_path / "x.nt", tmp_path / "y.ttl"
    source.write_text("<http://e/s> <http://e/p> <http://e/o> .\n" * 20_000 + "oops")
    out.write_text("former")
    assert convert(source, "--out", str(out)).exit_code == 1
    assert out.read_text() == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.nt", "y.ttl"]


def test_file_may_be_converted_onto_itself(turtle: Path) -> None:
    assert convert(turtle, "--out", str(turtle)).exit_code == 0
    assert canonical(turtle.read_bytes(), TURTLE) == canonical(TURTLE_TEXT.encode(), TURTLE)


def test_output_that_cannot_be_written_is_exit_code_3(turtle: Path, tmp_path: Path) -> None:
    found = convert(turtle, "--out", str(tmp_path / "none/y.nt"))
    assert found.exit_code == 3
    assert "y.nt: cannot be written" in found.stderr


def test_missing_file_is_exit_code_3(tmp_path: Path) -> None:
    assert convert(tmp_path / "x.ttl", "--to", "nt").exit_code == 3


def test_closed_pipe_ends_without_a_traceback(tmp_path: Path) -> None:
    source = tmp_path / "x.nt"
    source.write_text("<http://e/s> <http://e/p> <http://e/o> .\n" * 20_000)
    command = f"{sys.executable} -m communique convert {source} --to nt | head -n 1"
    assert subprocess.run(command, shell=True, capture_output=True, text=True).stderr == ""


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        ("http://e/123", "x", "does not end in a name"),
        ("http://e/xª", "x", "does not end in a name"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#li", "x", "a word of the syntax itself"),
        ("http://www.w3.org/2000/xmlns/a", "x", "a word of the syntax itself"),
        ("http://e/p", "a\x01b", "control characters"),
    ],
)
def test_what_xml_cannot_hold_is_refused(predicate: str, value: str, message: str) -> None:
    quad = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode(predicate), ox.Literal(value))
    with pytest.raises(UsageError, match=message):
        write([quad], io.BytesIO(), format=RDFXML, prefixes={})


def test_a_carriage_return_is_read_from_xml_as_one() -> None:
    out = io.BytesIO()
    quad = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("a\r\nb\r"))
    write([quad], out, format=RDFXML, prefixes={})
    assert [each.text for each in ElementTree.fromstring(out.getvalue()).iter("{http://e/}p")] == ["a\r\nb\r"]


def test_more_prefixes_than_fit_a_buffer_are_in_order() -> None:
    prefixes = {f"p{number:03}": f"http://e/{number}/{'x' * 100}#" for number in reversed(range(200))}
    output = io.BytesIO()
    write([ox.Quad(*[ox.NamedNode("http://e/1")] * 3)], output, format=TURTLE, prefixes=prefixes)
    head, _, body = output.getvalue().partition(b"\n\n")
    lines = head.splitlines()
    assert (lines, len(lines)) == (sorted(lines), 200)
    assert body == b"<http://e/1> <http://e/1> <http://e/1> .\n"


NODES = st.sampled_from(["s", "т", "a-b", "x.y", "1", "%20", "_:b"]).map(
    lambda name: ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(f"http://e/{name}")
)
# XML 1.0 reads every end of line as a line feed; see test_what_xml_cannot_hold_is_refused for the rest.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="zh-hant")),
    st.integers().map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://e/type"))),
)
PREDICATES = st.sampled_from(["p", "π", "a-b", "q.r"]).map(lambda name: ox.NamedNode(f"http://e/{name}"))
QUADS = st.lists(st.builds(ox.Quad, NODES, PREDICATES, st.one_of(NODES, LITERALS)), max_size=8)


@given(QUADS, st.sampled_from(FORMATS.of_kind("rdf")))
def test_what_is_written_is_read_as_the_same_graph(quads: list[ox.Quad], format: Format) -> None:
    output = io.BytesIO()
    write(quads, output, format=format, prefixes={"e": "http://e/", "f": "http://e/a"})
    assert canonical(output.getvalue(), format) == canonical(ox.serialize(quads, format=ox.RdfFormat.N_QUADS), NQUADS)


@pytest.mark.parametrize(("name", "content"), [("x.jsonld", '"x"'), ("x.jsonld", "3"), ("x.rdf", "x")])
def test_what_is_no_document_of_its_format_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    ended = CliRunner().invoke(main, ["convert", str(tmp_path / name), "--to", "ntriples"])
    assert ended.exit_code == 1
    assert f"{name}:1:1: is no " in ended.stderr


def test_jsonld_tells_types_by_its_keyword(tmp_path: Path) -> None:
    (tmp_path / "x.trig").write_text("<urn:g> { <urn:s> a <urn:A>, <urn:B> }")
    ended = CliRunner().invoke(main, ["convert", str(tmp_path / "x.trig"), "--to", "jsonld"])
    assert json.loads(ended.stdout) == [{"@id": "urn:g", "@graph": [{"@id": "urn:s", "@type": ["urn:A", "urn:B"]}]}]


def test_a_triple_term_is_not_written_as_jsonld(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<u:s> <u:p> <<( <u:a> <u:b> 'c' )>> .", encoding="utf-8")
    ended = CliRunner().invoke(main, ["convert", str(tmp_path / "x.ttl"), "--to", "jsonld"])
    assert (ended.exit_code, "triple terms" in ended.stderr) == (2, True)


def test_a_base_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<s> <p> <o> .", encoding="utf-8")
    ended = CliRunner().invoke(main, ["convert", str(tmp_path / "x.ttl"), "--to", "nt", "--base", "foo"])
    assert (ended.exit_code, "'foo'" in ended.stderr) == (2, True)
