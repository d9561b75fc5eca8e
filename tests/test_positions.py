"""Positions: the line of a triple in every syntax, and what is said where that cannot be known."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.positions import Positions
from communique.syntax import parse_file
from communique.syntax.turtle_lines import UnreadableError, triple_lines

EX = "https://example.org/"
SUITE = Path(__file__).parents[2] / "shared" / "suites" / "w3c-rdf-tests"
REPOSITORY = Path(__file__).parents[1]


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def positions(tmp_path: Path, text: str, *names: str, extension: str = "ttl") -> Positions:
    path = tmp_path / f"data.{extension}"
    path.write_text(text, encoding="utf-8")
    return Positions([path], nodes=[iri(name) for name in names])


TURTLE = """@prefix : <https://example.org/> .

:a
  a :Meeting ;
  :date "2021-02-30" ,
    "2021-03-01" ;  # two
  :place [ :name \"\"\"a
long name\"\"\" ] ;
  :list ( :b 2 ) .
:b :date "x"@en .
"""


@pytest.mark.parametrize(
    ("name", "predicate", "value", "line"),
    [
        ("a", "date", ox.Literal("2021-03-01"), 6),
        ("a", "date", ox.Literal("2021-02-30"), 5),
        ("a", "place", None, 7),
        ("a", "list", None, 9),
        ("b", "date", ox.Literal("x", language="en"), 10),
    ],
)
def test_a_triple_of_turtle_has_the_line_of_its_object(
    tmp_path: Path, name: str, predicate: str, value: ox.Literal | None, line: int
) -> None:
    found = positions(tmp_path, TURTLE, "a", "b").of_triple(iri(name), iri(predicate), value)
    assert found is not None
    assert found.line == line


def test_a_value_that_is_not_written_so_has_the_line_of_its_property(tmp_path: Path) -> None:
    found = positions(tmp_path, TURTLE, "a").of_triple(iri("a"), iri("date"), ox.Literal("elsewhere"))
    assert found is not None
    assert found.line == 5


def test_a_property_that_a_node_lacks_has_no_line(tmp_path: Path) -> None:
    assert positions(tmp_path, TURTLE, "a").of_triple(iri("a"), iri("missing")) is None


def test_a_node_has_the_line_where_it_gets_its_type(tmp_path: Path) -> None:
    text = "@prefix : <https://example.org/> .\n:a :p :o .\n\n:a a :Meeting ."
    found = positions(tmp_path, text, "a").of_node(iri("a"))
    assert found is not None
    assert found.line == 4


def test_a_triple_in_a_named_graph_has_a_line(tmp_path: Path) -> None:
    text = "PREFIX : <https://example.org/>\nGRAPH :g {\n  :a :p 1.5 .\n}\n:h { :a\n :p 2 }\n"
    found = positions(tmp_path, text, "a", extension="trig")
    lines = [
        found.of_triple(
            iri("a"), iri("p"), ox.Literal(value, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
        )
        for value, kind in (("1.5", "decimal"), ("2", "integer"))
    ]
    assert [place.line for place in lines if place] == [3, 6]


@pytest.mark.parametrize("extension", ["nt", "nq"])
def test_a_line_of_ntriples_has_its_number(tmp_path: Path, extension: str) -> None:
    graph = f" <{EX}g>" if extension == "nq" else ""
    text = f'# first\n<{EX}a> <{EX}p> <{EX}o>{graph} .\n<{EX}a> <{EX}q> "\\u0041"{graph} .\n'
    found = positions(tmp_path, text, "a", extension=extension).of_triple(iri("a"), iri("q"), ox.Literal("A"))
    assert found is not None
    assert found.line == 3


@pytest.mark.parametrize(
    ("extension", "text"),
    [
        ("jsonld", '{\n "@context": {"@base": "https://example.org/"},\n "@id": "a", "https://example.org/p": 1}'),
        ("jsonld", '{\n "x": [\n {"@id": "https://example.org/a"}]}'),
        ("rdf", '<rdf:RDF>\n\n<rdf:Description rdf:about="https://example.org/a"/></rdf:RDF>'),
        ("ttl", "PREFIX : <https://example.org/>\n\n<< :a :b :c >> :p :o ."),
    ],
)
def test_a_syntax_that_is_not_followed_tells_the_line_of_the_first_mention(
    tmp_path: Path, extension: str, text: str
) -> None:
    found = positions(tmp_path, text, "a", extension=extension).of_node(iri("a"))
    assert found is not None
    assert found.line == 3


def test_a_blank_node_is_found_by_what_is_said_of_it(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(TURTLE, encoding="utf-8")
    found = Positions([path], nodes=[ox.BlankNode()]).of_triple(ox.BlankNode(), iri("name"), ox.Literal("a\nlong name"))
    assert found is not None
    assert found.line == 7


def test_a_file_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    assert Positions([tmp_path / "missing.ttl"], nodes=[iri("a")]).of_node(iri("a")) is None


def test_a_prefix_that_ends_within_a_name_is_understood(tmp_path: Path) -> None:
    text = "PREFIX kind: <https://example.org/kind->\n\nkind:a a kind:b ."
    found = positions(tmp_path, text, "kind-a").of_node(iri("kind-a"))
    assert found is not None
    assert found.line == 3


def _named(quads: list[ox.Quad]) -> Counter[tuple[str, str, str]]:
    parts = [(quad.subject, quad.predicate, quad.object) for quad in quads]
    return Counter(tuple("" if isinstance(each, ox.BlankNode) else str(each) for each in triple) for triple in parts)


def _agree(path: Path, base: str) -> bool:
    """Compare with pyoxigraph's parser; True if the file could be followed."""
    try:
        quads = list(parse_file(path, base=base))
        lines = list(triple_lines(path.read_bytes().decode(), base=base, wanted=lambda _: True))
    except (DataError, UnreadableError):
        return False
    rest = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
    expected = _named([quad for quad in quads if quad.predicate != rest])
    found = Counter((line.subject, line.predicate, line.object) for line in lines if "#rest>" not in line.predicate)
    assert found == expected, path
    return True


def test_our_own_files_are_followed_triple_by_triple() -> None:
    files = [
        path
        for role in ("data", "ontology", "shapes")
        for path in sorted((REPOSITORY / role).rglob("*"))
        if path.suffix in (".ttl", ".trig")
    ]
    assert [path for path in files if not _agree(path, "https://example.org/")] == []


@pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C test suites are not beside the repository")
@pytest.mark.parametrize(("folder", "extension"), [("turtle", "ttl"), ("trig", "trig"), ("n-quads", "nq")])
def test_the_files_of_the_w3c_are_followed_triple_by_triple(folder: str, extension: str) -> None:
    files = [path for path in sorted(SUITE.rglob(f"*.{extension}")) if f"rdf-{folder}" in path.as_posix()]
    well_formed = [path for path in files if "bad" not in path.name and "error" not in path.name]
    followed = [path for path in well_formed if _agree(path, f"https://example.org/{path.name}")]
    assert len(followed) >= len(well_formed) * 0.97


@pytest.mark.parametrize("path", [REPOSITORY / "data/sco/register/people.trig", REPOSITORY / "ontology/meeting.ttl"])
def test_statements_that_nobody_wants_are_passed_over_as_a_whole(path: Path) -> None:
    text = path.read_bytes().decode()
    everything = [line for line in triple_lines(text, wanted=lambda _: True) if line.subject]
    for subject in {line.subject for line in everything}:
        alone = list(triple_lines(text, wanted=subject.__eq__))
        assert alone == [line for line in everything if line.subject == subject]
