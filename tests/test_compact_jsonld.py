"""JSON-LD of answers with prefixes: every reader gets the triples, whatever the prefixes and the IRIs are called."""

import io
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from canonical_quads import canonical, lines
from communique.syntax.answer_text import write_graph
from communique.syntax.compact_jsonld import HELD, CapturedError, _Text
from communique.syntax.prefixed import one_each
from jena import reads_jsonld, riot

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
EX, XSD = "http://example.org/", "http://www.w3.org/2001/XMLSchema#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
NAMES = ["_", "a", "did", "ex", "geo", "http", "id", "mailto", "urn", "xsd"]
NAMESPACES = [EX, EX + "a/", "did:", "did:web:", "ex:", "geo:x/", "http:", "mailto:", "urn:x:", XSD]
LOCALS = ["", "p", "//p", "/p", "a/b", "x:y", "п"]
TEXTS = [f"{EX}p", f'"{EX}p":["', '"@id":"ex:p"', "ex:p", f',"{EX}p', "{[]}", f'"{TYPE.value}":[', "\\", "ü\n"]


def written(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    write_graph((quad.triple for quad in quads), out, format=ox.RdfFormat.JSON_LD, prefixes=prefixes)
    return out.getvalue()


def node(value: str, **more: Any) -> ox.Quad:
    return ox.Quad(ox.NamedNode(value), ox.NamedNode(more.get("path", EX + "p")), more.get("object", ox.Literal("x")))


iris = st.builds("{}{}".format, st.sampled_from(NAMESPACES), st.sampled_from(LOCALS)).map(ox.NamedNode)
blanks = st.sampled_from("ab").map(ox.BlankNode)
literals = st.one_of(
    st.sampled_from(TEXTS).map(ox.Literal),
    st.builds(lambda text, datatype: ox.Literal(text, datatype=datatype), st.sampled_from(TEXTS), iris),
    st.sampled_from(TEXTS).map(lambda text: ox.Literal(text, language="en")),
)
paths = st.one_of(iris, st.just(TYPE))
quads = st.builds(ox.Quad, st.one_of(iris, blanks), paths, st.one_of(iris, blanks, literals))


@settings(max_examples=300, deadline=None)
@given(st.lists(quads, min_size=1, max_size=6), st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMESPACES)))
def test_any_prefixes_give_the_same_graph_to_every_reader(found: list[ox.Quad], prefixes: dict[str, str]) -> None:
    text = written(found, prefixes)
    assert canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == canonical(found)
    assert lines(pyld.to_rdf(json.loads(text), {"format": "application/n-quads"})) == canonical(found)
    assert lines(rdflib.Graph().parse(data=text, format="json-ld").serialize(format="nt")) == canonical(found)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(quads, min_size=1, max_size=6), st.dictionaries(st.sampled_from(NAMES[3:]), st.sampled_from(NAMESPACES))
)
@example([ox.Quad(ox.BlankNode("a"), ox.NamedNode(EX), ox.BlankNode("a"))], {"mailto": EX, "ex": "mailto:"})
def test_the_quick_way_is_the_plain_one(found: list[ox.Quad], prefixes: dict[str, str]) -> None:
    text, plain = written(found, {}), _Text(one_each(prefixes))
    quick = plain._quick(text)
    assert quick is None or quick == plain._pattern.sub(plain._shortened, text)


def test_only_prefixes_that_occur_are_declared_in_the_order_of_the_alphabet() -> None:
    text = written([node(EX + "s", object=ox.Literal(1))], {"xsd": XSD, "ex": EX, "a": "http://a.example/"})
    assert text.decode() == (
        f'{{"@context":{{"ex":"{EX}","xsd":"{XSD}"}},"@graph":'
        '[{"@id":"ex:s","ex:p":[{"@type":"xsd:integer","@value":"1"}]}]}'
    )
    assert written([], {"ex": EX}) == b"[]"
    assert json.loads(written([node("urn:s", path="urn:p")], {"ex": EX})) == [
        {"@id": "urn:s", "urn:p": [{"@value": "x"}]}
    ]


def test_types_that_are_nodes_are_told_by_a_keyword_and_literals_as_a_property() -> None:
    values = [ox.NamedNode(EX + "A"), ox.Literal('"}]', language="en"), ox.BlankNode("b"), ox.Literal("x")]
    found = [node(EX + "s", path=TYPE.value, object=value) for value in values]
    literals = [{"@language": "en", "@value": '"}]'}, {"@value": "x"}]
    for prefixes, name in (({"ex": EX}, "ex:"), ({}, EX)):
        read = json.loads(written([*found, node(EX + "o", path=TYPE.value, object=values[0])], prefixes))
        nodes = read["@graph"] if prefixes else read
        assert nodes == [
            {"@id": f"{name}s", "@type": [f"{name}A", "_:b"], TYPE.value: literals},
            {"@id": f"{name}o", "@type": [f"{name}A"]},
        ]


def test_types_are_told_so_wherever_a_long_answer_is_cut() -> None:
    chance = random.Random(1)
    found = [
        node(f"{EX}{number}", path=TYPE.value, object=value)
        for number in range(40)
        for each in range(chance.choice([1, 2, HELD // 10]))
        for value in (ox.NamedNode(f"{EX}{'long' * 9}{each}"), ox.Literal(f"}}]{each}"))
    ]
    nodes = json.loads(written(found, {"ex": EX}))["@graph"]
    assert [len(each["@type"]) for each in nodes] == [len(each[TYPE.value]) for each in nodes]
    assert sum(len(each["@type"]) for each in nodes) == len(found) // 2


def test_a_prefix_that_is_the_scheme_of_an_iri_is_not_used() -> None:
    found = [node(EX + "s"), node(EX + "s", object=ox.NamedNode("ex:other")), node("http://a.example/s")]
    assert json.loads(written(found, {"ex": EX, "a": "http://a.example/"}))["@context"] == {"a": "http://a.example/"}


def test_one_that_turns_up_late_is_an_error_and_no_other_graph() -> None:
    many = [node(f"{EX}{number}") for number in range(HELD // 20)]
    assert canonical(ox.parse(written(many, {"ex": EX}), format=ox.RdfFormat.JSON_LD)) == canonical(many)
    for late in (node("ex:s"), node(EX + "s", path="ex:p"), node(EX + "s", object=ox.NamedNode("ex:o"))):
        with pytest.raises(CapturedError):
            written([*many, late], {"ex": EX})


@pytest.mark.parametrize("letters", ["{", "x", '"', "\\", f'"{EX}'])
def test_what_is_cut_on_the_way_is_whole_in_the_end(letters: str) -> None:
    chance = random.Random(1)
    found = [
        node(f"{EX}{number}", object=ox.Literal(letters * chance.randrange(5 * HELD // len(letters))))
        for number in range(20)
    ]
    text = written(found, {"ex": EX})
    assert canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == canonical(found)
    assert f'"{EX}"'.encode() in text and text.count(b'"@id":"ex:') == 20


@pytest.mark.skipif(not reads_jsonld(), reason="apt install libjena-java libjsonp-java libjsonp2-java")
def test_riot_reads_the_same(tmp_path: Path) -> None:
    values = (ox.NamedNode("did:web:x"), ox.NamedNode(EX), ox.NamedNode(f"{EX}//p"), ox.BlankNode("b"), ox.Literal(1))
    found = [node(f"{EX}{number}", object=value) for number in range(5) for value in (*values, ox.Literal(f"{EX}p"))]
    found += [node(EX + "1", path=TYPE.value, object=value) for value in values]
    (tmp_path / "x.jsonld").write_bytes(written(found, {"ex": EX, "did": "http://d.example/", "xsd": XSD}))
    (tmp_path / "classes").mkdir()
    read = riot("--output=nt", str(tmp_path / "x.jsonld"), folder=tmp_path / "classes")
    assert read.returncode == 0, read.stderr.decode()
    assert lines(read.stdout.decode()) == canonical(found)
