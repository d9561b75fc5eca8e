"""The diagram of a vocabulary."""

from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from communique.page_contents.diagram import Diagram
from communique.page_contents.overviews import diagram, terms_of
from html_pages import Page
from made_projects import BASE, html, make_site

NS = BASE + "ns#"
CLASSES = "".join(
    f'<{NS}{name}> a owl:Class ; rdfs:label "{name}"@en .' for name in ("Meeting", "Person", "State", "Chair")
)
HEADER = ':ns a owl:Ontology ; dcterms:title "Words"@en .' + CLASSES


def leads(name: str, source: str, target: str, kind: str = "Object") -> str:
    return f"<{NS}{name}> a owl:{kind}Property ; rdfs:domain <{NS}{source}> ; rdfs:range {target} ."


def drawn(tmp_path: Path, terms: str) -> Diagram | None:
    site = make_site(tmp_path, HEADER + terms)
    return diagram(site, terms_of(site, document=NamedNode(BASE + "ns")))


def page(tmp_path: Path, terms: str) -> Page:
    return html(make_site(tmp_path, HEADER + terms), "ns")


def test_a_class_stands_above_those_that_it_leads_to(tmp_path: Path) -> None:
    picture = drawn(tmp_path, leads("chair", "Meeting", f"<{NS}Chair>") + leads("by", "Chair", f"<{NS}Person>"))
    assert picture is not None
    assert [box.text for box in sorted(picture.boxes, key=lambda box: box.y)] == ["Meeting", "Chair", "Person"]


def test_boxes_lead_to_the_pages_of_their_classes(tmp_path: Path) -> None:
    assert "ns/Meeting.html" in page(tmp_path, leads("chair", "Meeting", f"<{NS}Chair>")).links


def test_everything_is_told_in_words_too(tmp_path: Path) -> None:
    words = page(tmp_path, f'{leads("chair", "Meeting", f"<{NS}Chair>")} <{NS}chair> rdfs:label "is chaired in"@en .')
    assert "Meeting is chaired in Chair" in words.one("table").text.replace("  ", " ")


def test_a_circle_is_drawn_all_the_same(tmp_path: Path) -> None:
    picture = drawn(tmp_path, leads("a", "Meeting", f"<{NS}Person>") + leads("b", "Person", f"<{NS}Meeting>"))
    assert picture is not None
    assert (len(picture.boxes), len(picture.lines)) == (2, 2)


def test_two_properties_between_two_classes_are_one_line(tmp_path: Path) -> None:
    picture = drawn(tmp_path, leads("a", "Meeting", f"<{NS}Person>") + leads("b", "Meeting", f"<{NS}Person>"))
    assert picture is not None
    assert [len(line.relations) for line in picture.lines] == [2]


def test_a_subclass_is_told_apart_from_a_property(tmp_path: Path) -> None:
    shown = page(tmp_path, f"<{NS}Chair> rdfs:subClassOf <{NS}Person> .")
    assert len(shown.all("g", class_="inherits")) == 1 and "is a kind of" in shown.text


def test_the_classes_of_a_union_count_each_for_itself(tmp_path: Path) -> None:
    picture = drawn(tmp_path, leads("by", "Chair", f"[ owl:unionOf ( <{NS}Person> <{NS}State> ) ]"))
    assert picture is not None
    assert {box.text for box in picture.boxes} == {"Chair", "Person", "State"}


def test_properties_of_literals_are_not_drawn(tmp_path: Path) -> None:
    assert drawn(tmp_path, leads("name", "Person", "xsd:string", "Datatype")) is None


def test_where_all_lead_is_not_drawn_but_told(tmp_path: Path) -> None:
    many = "".join(leads(f"p{number}", "Meeting", "skos:Concept") for number in range(7))
    picture = drawn(tmp_path, many + leads("chair", "Meeting", f"<{NS}Chair>"))
    assert picture is not None
    assert len(picture.boxes) == 2 and len(picture.relations) == 8


def test_a_small_picture_is_as_wide_as_its_widest_row(tmp_path: Path) -> None:
    picture = drawn(tmp_path, leads("chairedBy", "Meeting", f"<{NS}Chair>") + leads("of", "Chair", f"<{NS}State>"))
    assert picture is not None
    assert picture.width == max(box.width for box in picture.boxes) + 80


@pytest.mark.parametrize("number", [5, 40, 200])
def test_no_box_stands_on_another_and_all_fit(tmp_path: Path, number: int) -> None:
    classes = "".join(f'<{NS}C{n}> a owl:Class ; rdfs:label "Class with a name {n}"@en .' for n in range(number))
    lines = "".join(leads(f"p{n}", f"C{n}", f"<{NS}C{n * 7 % number}>") for n in range(1, number))
    picture = drawn(tmp_path, classes + lines)
    assert picture is not None
    boxes = sorted(picture.boxes, key=lambda box: (box.y, box.x))
    beside = [(one, other) for one, other in pairwise(boxes) if one.y == other.y]
    assert all(one.x + one.width < other.x for one, other in beside)
    assert all(box.x >= 0 and box.x + box.width <= picture.width and box.y < picture.height for box in boxes)
    assert len(boxes) <= 48
