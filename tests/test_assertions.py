"""What a graph states is told thing by thing, and what has no name stands where it is mentioned."""

from pathlib import Path

import pyoxigraph as ox

from communique.descriptions.assertions import DEEPEST, Said, Stated, stated
from made_projects import html, make_site


def told(turtle: str) -> tuple[Stated, ...]:
    quads = ox.parse(f"@prefix : <https://example.org/> . {turtle}", format=ox.RdfFormat.TURTLE)
    return stated([quad.triple for quad in quads])


def subjects(found: tuple[Stated, ...]) -> list[str]:
    return [each.subject.value.rpartition("/")[2] for each in found if isinstance(each.subject, ox.NamedNode)]


def test_triples_stand_under_what_they_are_about() -> None:
    found = told(":a :p 1, 2 ; :q 3 . :b :p 4 .")
    assert subjects(found) == ["a", "b"] and [len(objects) for _, objects in found[0].facts] == [2, 1]


def test_a_node_without_a_name_is_told_in_place() -> None:
    found = told(":a :p [ :q 1 ] .")
    ((_, (inner,)),) = found[0].facts
    assert len(found) == 1 and [len(objects) for _, objects in inner.facts] == [1]


def test_a_list_is_told_as_its_members() -> None:
    ((_, (inner,)),) = told(":a :p ( 1 [ :q 2 ] ) .")[0].facts
    assert len(inner.items) == 2 and inner.items[1].facts and not inner.facts


def test_a_node_that_two_things_mention_is_told_by_itself() -> None:
    assert len(told(":a :p _:x . :b :p _:x . _:x :q 1 .")) == 3


def test_nodes_in_a_circle_are_not_lost() -> None:
    assert len(told("_:x :p _:y . _:y :p _:x .")) == 2


def test_what_is_nested_too_deeply_is_cut() -> None:
    ((_, (inner,)),) = told(":a :p " + "[ :p " * 500 + "1" + " ]" * 500 + " .")[0].facts
    depth = 0
    while inner.facts:
        ((_, (inner,)),) = inner.facts
        depth += 1
    assert depth == DEEPEST and inner == Said(inner.term)


def test_a_page_of_a_graph_shows_no_empty_brackets(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.trig").write_text(
        "@prefix : <https://example.org/id/> . :g { :a :p [ :q ( 'first' 'second' ) ] . }"
    )
    page = html(make_site(tmp_path, ':g rdfs:label "G"@en .'), "g")
    assert "first" in page.text and "[ ]" not in page.text
