from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.shacl.validation import validate_files
from communique.store import PIECE, Store
from communique.syntax.spelling import XSD

WRITTEN = [
    '"49.20"^^xsd:decimal',
    '"5"^^xsd:int',
    '"5"^^xsd:nonNegativeInteger',
    '"007"^^xsd:integer',
    '"1"^^xsd:boolean',
    '"1.0E0"^^xsd:double',
    '"x"^^xsd:integer',
    '"5"^^xsd:integer',
    '"plain"',
    '"tagged"@en',
    '<<( ex:a ex:b "1.50"^^xsd:decimal )>>',
    '<<( ex:a ex:b <<( ex:c ex:d "007"^^xsd:integer )>> )>>',
    '<<( ex:a ex:b "tagged"@en )>>',
]
PREFIXES = "@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Shape a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:datatype xsd:int ] .
"""


def store(*literals: str) -> Store:
    text = PREFIXES + "".join(f"ex:s ex:p {literal} . ex:g {{ ex:s ex:p {literal} }} " for literal in literals)
    return Store.of(ox.parse(text, format=ox.RdfFormat.TRIG))


@pytest.mark.parametrize("literal", WRITTEN)
def test_a_literal_is_given_as_it_was_written(literal: str) -> None:
    (expected, _) = ox.parse(f"{PREFIXES} ex:s ex:p {literal} , ex:o .", format=ox.RdfFormat.TURTLE)
    assert {quad.object for quad in store(literal).quads()} == {expected.object}


@pytest.mark.parametrize("order", list(permutations(('"5"^^xsd:int', '"5"^^xsd:integer', '"05"^^xsd:integer'))))
def test_two_spellings_of_one_value_are_two_facts(order: tuple[str, ...]) -> None:
    both = store(*order)
    found = [quad.object for quad in both.quads(ox.NamedNode("http://example.org/s"), graph=ox.DefaultGraph())]
    assert sorted(map(str, found)) == [
        '"05"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"5"^^<http://www.w3.org/2001/XMLSchema#int>',
        '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_two_triple_terms_that_differ_in_a_spelling_are_two_facts() -> None:
    within = [f'<<( ex:a ex:b "{text}"^^xsd:decimal )>>' for text in ("1.5", "1.50", "01.5")]
    for order in permutations(within):
        found = {str(quad.object) for quad in store(*order).quads(graph=ox.DefaultGraph())}
        assert {text.split('"')[1] for text in found} == {"1.5", "1.50", "01.5"}


def test_a_triple_term_is_found_by_its_own_spelling_only() -> None:
    held = store('<<( ex:a ex:b "1.50"^^xsd:decimal )>>')
    (written,) = {quad.object for quad in held.quads()}
    assert isinstance(written, ox.Triple)
    other = ox.Triple(written.subject, written.predicate, ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal")))
    assert len(list(held.quads(object=written))) == 2
    assert list(held.quads(object=other)) == []


def test_triple_terms_may_lie_as_deep_as_files_may_have_them() -> None:
    term: ox.Triple | ox.Literal = ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal"))
    for _ in range(1_000):
        term = ox.Triple(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), term)
    quad = ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), term)
    assert [str(each).count("1.50") for each in Store.of([quad])] == [1]


def test_a_second_spelling_is_a_second_fact_however_much_later_it_comes() -> None:
    subject, predicate = ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p")
    others = (ox.Quad(subject, predicate, ox.Literal(f"{number}")) for number in range(PIECE * 2))
    first, last = (
        ox.Quad(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + "integer"))) for text in ("5", "05")
    )
    found = {
        quad.object.value
        for quad in Store.of([first, *others, last]).quads()
        if quad.object.datatype.value == XSD + "integer"
    }
    assert found == {"5", "05"}


def test_a_literal_is_found_by_its_own_spelling_only() -> None:
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#int")
    held = store('"5"^^xsd:int')
    assert len(list(held.quads(object=ox.Literal("5", datatype=integer)))) == 2
    assert list(held.quads(object=ox.Literal(5))) == []


def test_a_store_that_respells_nothing_says_so() -> None:
    assert store('"5"^^xsd:integer', '"x"@en').respelt == frozenset()
    assert store('"5"^^xsd:int').respelt == {ox.Literal(5)}


def test_a_datatype_is_judged_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    for literal, results in (('"5"^^xsd:int', 0), ('"5"^^xsd:integer', 1), ("5", 1)):
        (tmp_path / "data.ttl").write_text(f"{PREFIXES} ex:s ex:p {literal} .", encoding="utf-8")
        report = validate_files([tmp_path / "data.ttl"], shapes=[tmp_path / "shapes.ttl"])
        assert len(report.results) == results, literal
