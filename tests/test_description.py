"""Description: everything that is said of a resource, in order, with who says it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from communique.descriptions.description import describe
from communique.descriptions.evidence import Standing
from communique.descriptions.facts import Description, Value
from communique.descriptions.presentation import Presentation
from communique.store import Store

PREFIXES = """
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def ex(name: str) -> ox.NamedNode:
    return ox.NamedNode("http://example.org/" + name)


def described(text: str, name: str = "x", **options: int) -> Description:
    store = Store.of(ox.parse(PREFIXES + text, format=ox.RdfFormat.TRIG))
    return describe(store, resource=ex(name), presentation=Presentation.read(store), **options)


def values(description: Description, path: str) -> tuple[Value, ...]:
    return next((facts.values for facts in description.facts if facts.view.path == ex(path)), ())


def texts(description: Description, path: str) -> list[str]:
    return [value.term.value.removeprefix("http://example.org/") for value in values(description, path)]


def test_facts_stand_in_shape_order() -> None:
    found = described("""ex:x a ex:C ; ex:a 1 ; ex:b 2 .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:b ; sh:order 1 ], [ sh:path ex:a ; sh:order 2 ] .""")
    assert [facts.view.path.value[-1] for facts in found.facts] == ["b", "a", "e"]


def test_sections_gather_the_facts_of_a_group() -> None:
    found = described("""ex:x a ex:C ; ex:a 1 ; ex:b 2 ; ex:c 3 .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:group ex:g ], [ sh:path ex:c ; sh:group ex:g ] .""")
    sections = [(group and group.iri, len(facts)) for group, facts in found.sections]
    assert sections == [(ex("g"), 2), (None, 2)]


def test_a_value_that_several_graphs_state_is_one_value_with_several_evidences() -> None:
    found = described("ex:g { ex:x ex:a 1 } ex:h { ex:x ex:a 1 }")
    (value,) = values(found, "a")
    assert [evidence.graph for evidence in value.evidence] == [ex("g"), ex("h")]


@pytest.mark.parametrize(
    ("cls", "standing"),
    [
        ("cmq:Passage", Standing.REPORTED),
        ("cmq:Interpretation", Standing.INTERPRETED),
        ("cmq:ExternalReport", Standing.EXTERNAL),
        ("cmq:Register", Standing.RECORDED),
        ("ex:Other", Standing.RECORDED),
    ],
)
def test_the_class_of_a_graph_gives_its_standing(cls: str, standing: Standing) -> None:
    (value,) = values(described(f"ex:g {{ ex:x ex:a 1 }} ex:g a {cls} ."), "a")
    assert [evidence.standing for evidence in value.evidence] == [standing]


def test_what_the_source_says_is_named_first() -> None:
    found = described("ex:a { ex:x ex:p 1 } ex:b { ex:x ex:p 1 } ex:a a cmq:Interpretation . ex:b a cmq:Passage .")
    assert [evidence.graph for evidence in found.evidence] == [ex("b"), ex("a")]


def test_the_default_graph_is_recorded_and_no_evidence_to_point_to() -> None:
    (value,) = values(described("ex:x ex:a 1 ."), "a")
    assert [(evidence.standing, evidence.citable) for evidence in value.evidence] == [(Standing.RECORDED, False)]


def test_values_stand_in_the_order_of_listing_whatever_their_names() -> None:
    found = described("""ex:x ex:a ex:p, ex:q, ex:r .
        ex:q cmq:listingOrder 1 . ex:r cmq:listingOrder 2 . ex:p cmq:listingOrder 10 .""")
    assert texts(found, "a") == ["q", "r", "p"]


def test_numbers_in_names_are_compared_as_numbers() -> None:
    assert texts(described("ex:x ex:a ex:e10, ex:e9, ex:e1 ."), "a") == ["e1", "e9", "e10"]


def test_blank_nodes_are_described_in_place() -> None:
    (value,) = values(described("ex:x ex:a [ ex:b 1 ] ."), "a")
    assert value.nested is not None and texts(value.nested, "b") == ["1"]


def test_a_node_that_a_shape_nests_is_described_in_place() -> None:
    found = described("""ex:x a ex:C ; ex:a ex:y ; ex:b ex:z . ex:y ex:c 1 . ex:z ex:c 2 .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:node ex:T ] .""")
    assert values(found, "a")[0].nested is not None
    assert values(found, "b")[0].nested is None


def test_a_node_is_described_once() -> None:
    found = described("""ex:x a ex:C ; ex:a ex:y ; ex:b ex:y . ex:y ex:c 1 . ex:S sh:targetClass ex:C ;
        sh:property [ sh:path ex:b ; sh:node ex:T ; sh:order 1 ], [ sh:path ex:a ; sh:node ex:T ; sh:order 2 ] .""")
    assert values(found, "b")[0].nested is not None
    assert values(found, "a")[0].nested is None


def test_descriptions_that_nest_in_a_circle_end() -> None:
    found = described("""ex:x a ex:C ; ex:a ex:y . ex:y a ex:C ; ex:a ex:x .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:node ex:S ] .""")
    (inner,) = values(found, "a")
    assert inner.nested is not None and values(inner.nested, "a")[0].nested is None


def test_blank_nodes_in_a_circle_end() -> None:
    found = described("ex:x ex:a _:b . _:b ex:a _:c . _:c ex:a _:b .")
    (inner,) = values(found, "a")
    assert inner.nested is not None


def test_deep_nesting_ends() -> None:
    chain = " . ".join(f"_:b{depth} ex:a _:b{depth + 1}" for depth in range(2000))
    assert described(f"ex:x ex:a _:b0 . {chain} .").facts


def test_lists_are_given_in_order() -> None:
    (value,) = values(described("ex:x ex:a ( 2 1 ex:b ) ."), "a")
    assert value.items is not None and [item.term.value for item in value.items] == ["2", "1", "http://example.org/b"]


def test_long_lists_are_given_in_full() -> None:
    (value,) = values(described(f"ex:x ex:a ( {' '.join(map(str, range(3000)))} ) ."), "a")
    assert value.items is not None and len(value.items) == 3000


@pytest.mark.parametrize(
    "text",
    [
        "ex:x ex:a _:l . _:l rdf:first 1 ; rdf:rest _:l .",
        "ex:x ex:a _:l . _:l rdf:first 1 ; rdf:rest rdf:nil, ( 2 ) .",
        "ex:x ex:a _:l . _:l rdf:first 1, 2 ; rdf:rest rdf:nil .",
        "ex:x ex:a _:l . _:l rdf:first 1 .",
        "ex:x ex:a _:l . _:l rdf:first 1 ; rdf:rest ex:no-list .",
        "ex:x ex:a _:l . _:l rdf:first 1 ; rdf:rest rdf:nil . ex:y ex:a _:l .",
        'ex:x ex:a _:l . _:l rdf:first 1 ; rdf:rest rdf:nil ; rdfs:label "list" .',
    ],
)
def test_what_is_not_quite_a_list_is_shown_as_it_is(text: str) -> None:
    (value,) = values(described(text), "a")
    assert value.items is None and value.nested is not None


def test_incoming_links_are_counted_in_full_and_named_up_to_a_limit() -> None:
    links = " ".join(f"ex:y{number} ex:a ex:x ." for number in range(120))
    (incoming,) = described(links + "ex:g { ex:y1 ex:a ex:x }", limit=3).incoming
    assert (incoming.count, [node.value[-2:] for node in incoming.resources]) == (120, ["y0", "y1", "y2"])


def test_in_place_of_a_blank_node_that_links_here_stands_what_it_belongs_to() -> None:
    text = "ex:g { ex:y ex:home [ ex:rooms ( ex:z ex:x ) ; ex:in ex:x ] . [] ex:in ex:x . _:a ex:b _:a ; ex:in ex:x }"
    found = {each.property: each.resources for each in described(text).incoming}
    assert found[ex("in")] == (ex("y"),) and set(found.values()) == {(ex("y"),)}


def test_incoming_links_that_a_shape_shows_are_facts() -> None:
    found = described("""ex:x a ex:C . ex:y ex:a ex:x . ex:z ex:b ex:x .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path [ sh:inversePath ex:a ] ] .""")
    (facts,) = (facts for facts in found.facts if facts.view.inverse)
    assert ([value.term for value in facts.values], facts.count) == ([ex("y")], 1)
    assert [incoming.property for incoming in found.incoming] == [ex("b")]


def test_a_graph_name_lists_what_it_asserts() -> None:
    asserts = described("ex:x { ex:a ex:b 1, 2 . } ex:x a cmq:Passage .").asserts
    assert asserts is not None and asserts.count == 2
    assert [triple.object.value for triple in asserts.triples] == ["1", "2"]


def test_a_resource_that_is_no_graph_name_asserts_nothing() -> None:
    assert described("ex:x ex:a 1 .").asserts is None


def test_types_are_given_in_order() -> None:
    assert described("ex:x a ex:B, ex:A .").types == (ex("A"), ex("B"))


def test_a_resource_that_is_only_mentioned_has_no_facts() -> None:
    found = described("ex:y ex:a ex:x .")
    assert (found.facts, len(found.incoming)) == ((), 1)


def everything(description: Description) -> Iterator[Value]:
    for facts in description.facts:
        for value in facts.values:
            yield value
            if value.nested:
                yield from everything(value.nested)


def test_nested_descriptions_have_their_own_evidence() -> None:
    found = described("ex:g { ex:x ex:a [ ex:b 1 ] } ex:g a cmq:Passage .")
    assert all(value.evidence for value in everything(found))
    (value,) = values(found, "a")
    assert value.nested is not None and [each.graph for each in value.nested.evidence] == [ex("g")]
