"""Turtle that we write is read by rdflib, whose parser refuses some prefixed names that Turtle allows."""

import io
from typing import IO, cast

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef

from communique.formats import TURTLE
from communique.iris import Prefixes
from communique.representations.terms import Terms
from communique.syntax.full_names import TAIL, FullNames
from communique.syntax.serialization import write

NAMESPACE = "http://example.org/"
LETTERS = ("%25", *"~.-!$&'()*+,;=/?#@_:é0")
PLACES = ("{}ab", "a{}b", "ab{}", "{}", "a{}{}", "a.{}", "a{}.", "%20{}", ".{}.")
LOCALS = sorted({place.format(letter, letter) for letter in LETTERS for place in PLACES})
NAMES = [ox.NamedNode(NAMESPACE + local) for local in LOCALS if local.count("#") < 2]


def written(quads: list[ox.Quad], prefixes: dict[str, str]) -> bytes:
    output = io.BytesIO()
    write(quads, output, format=TURTLE, prefixes=prefixes)
    return output.getvalue()


def test_every_letter_may_stand_anywhere_in_a_name() -> None:
    quads = [ox.Quad(name, name, ox.Literal("x", datatype=name)) for name in NAMES]
    text = written(quads, {"ex": NAMESPACE})
    found = set(Graph().parse(data=text, format="turtle"))
    names = [URIRef(name.value) for name in NAMES]
    assert found == {(name, name, Literal("x", datatype=name)) for name in names}
    assert b"ex:a\\~b" in text


def test_such_a_name_is_a_full_iri() -> None:
    name = ox.NamedNode(NAMESPACE + "a.")
    text = written([ox.Quad(name, name, ox.NamedNode(NAMESPACE + "b"))], {"ex": NAMESPACE})
    assert text == b"@prefix ex: <http://example.org/> .\n\n<http://example.org/a.> <http://example.org/a.> ex:b .\n"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 10_000])
def test_names_are_found_wherever_a_piece_ends(size: int) -> None:
    text = rb"""@prefix ex: <http://e/> .
ex:a\. {
	ex:a\,.\. ex:p "ex:x\\. \" ex:y\\. " , "z"^^ex:z\. , <<( ex:.x ex:b\. <http://e/> )>> .
}
"""
    output = io.BytesIO()
    stream = FullNames(cast("IO[bytes]", output), prefixes={"ex": "http://e/"})
    for start in range(0, len(text), size):
        assert stream.write(text[start : start + size]) == len(text[start : start + size])
    stream.flush()
    assert output.getvalue() == (
        rb"""@prefix ex: <http://e/> .
<http://e/a.> {
	<http://e/a,..> ex:p "ex:x\\. \" ex:y\\. " , "z"^^<http://e/z.> , <<( ex:.x <http://e/b.> <http://e/> )>> .
}
"""
    )


def test_a_text_without_spaces_is_not_held_back() -> None:
    output = io.BytesIO()
    FullNames(cast("IO[bytes]", output), prefixes={}).write(b"a" * (TAIL + 1))
    assert len(output.getvalue()) == TAIL + 1


def test_a_prefix_with_a_dot_stands_before_no_verb() -> None:
    name = ox.NamedNode(NAMESPACE + "x")
    text = written([ox.Quad(name, name, name)], {"a.b": NAMESPACE})
    assert len(Graph().parse(data=text, format="turtle")) == 1
    terms, used = Terms(Prefixes({"a.b": NAMESPACE})), set[str | None]()
    assert terms.verb(name, used) == "<http://example.org/x>"
    assert not used - {None}
    assert terms.iri(name, used) == "a.b:x"
