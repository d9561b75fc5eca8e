"""Long lists divided by what their members have in common."""

from pathlib import Path

from communique.website.site import Site
from html_pages import Page
from made_projects import BASE, html, make_site

SHAPE = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <{BASE}> .
:EngineShape a sh:NodeShape ; sh:targetClass :Engine ; sh:property
    [ sh:path :maker ; sh:name "Made by"@en ; sh:order 1 ], [ sh:path :built ; sh:order 2 ],
    [ sh:path :runs ; sh:order 3 ], [ sh:path :serial ; sh:order 4 ],
    [ sh:path :builder ; sh:order 5 ], [ sh:path :note ; sh:order 6 ] .
"""


def engines(number: int, facts: str = "") -> str:
    """Describe engines of two makers; in `facts`, {n} is the number of each and {half} 0 or 1."""
    made = ':e{n} a :Engine ; rdfs:label "Engine {n}"@en ; :maker :m{half} '
    labels = ':m0 rdfs:label "Babbage"@en . :m1 rdfs:label "Zuse"@en .'
    return labels + "".join((made + facts).format(n=n, half=n % 2) + "." for n in range(number))


def site(tmp_path: Path, data: str, shape: str = SHAPE) -> Site:
    return make_site(tmp_path, data, shapes__engine_ttl=shape)


def page(tmp_path: Path, data: str, path: str = "classes/engine") -> Page:
    return html(site(tmp_path, data), path)


def facets(shown: Page) -> list[str]:
    return [heading.text for heading in shown.all("h3")]


def test_a_list_is_divided_by_what_its_members_share(tmp_path: Path) -> None:
    shown = page(tmp_path, engines(12))
    assert facets(shown) == ["Made by"] and "Babbage 6" in shown.text and "Zuse 6" in shown.text


def test_each_value_has_a_list_of_its_own(tmp_path: Path) -> None:
    shown = page(tmp_path, engines(12), "classes/engine/maker-m1")
    listed = [link for link in shown.links if link.startswith("../../e")]
    assert shown.one("h1").text == "Zuse 6" and listed == [f"../../e{n}.html" for n in range(1, 12, 2)]


def test_the_value_that_is_open_is_marked(tmp_path: Path) -> None:
    shown = page(tmp_path, engines(12), "classes/engine/maker-m1")
    assert [link.text for link in shown.all("a", aria_current="page")] == ["Zuse"]


def test_a_short_list_is_not_divided(tmp_path: Path) -> None:
    assert facets(page(tmp_path, engines(10))) == []


def test_dates_count_by_their_year_the_latest_first(tmp_path: Path) -> None:
    dated = (
        engines(12)
        .replace(":maker :m0", ':built "1843-05-01"^^xsd:date')
        .replace(":maker :m1", ':built "1941-05-12"^^xsd:date')
    )
    shown = page(tmp_path, dated)
    assert facets(shown) == ["built"] and shown.text.index("1941 6") < shown.text.index("1843 6")


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    answered = engines(12).replace(":maker :m1", ":runs true").replace(":maker :m0", ":runs false")
    assert "no 6" in page(tmp_path, answered).text


def test_two_properties_that_divide_alike_make_one_facet(tmp_path: Path) -> None:
    assert facets(page(tmp_path, engines(12, "; :builder :b{half} "))) == ["Made by"]


def test_what_differs_for_each_member_divides_nothing(tmp_path: Path) -> None:
    assert facets(page(tmp_path, engines(12, "; :serial {n} "))) == ["Made by"]


def test_what_few_members_have_divides_nothing(tmp_path: Path) -> None:
    few = " ".join(f":e{n} :note :n{n % 2} ." for n in range(4))
    assert facets(page(tmp_path, engines(12) + few)) == ["Made by"]


def test_what_no_shape_names_divides_nothing(tmp_path: Path) -> None:
    assert facets(html(site(tmp_path, engines(12), shape=""), "classes/engine")) == []


def test_values_of_one_name_have_lists_of_their_own(tmp_path: Path) -> None:
    shared = engines(12).replace(":m0", "<https://one.example/x>").replace(":m1", "<https://two.example/x>")
    paths = {each.path for each in site(tmp_path, shared).pages()}
    assert {"classes/engine/maker-x", "classes/engine/maker-x-2"} <= paths


def test_a_list_of_two_pages_does_not_take_the_path_of_another_class(tmp_path: Path) -> None:
    others = " ".join(f":o{n} a <https://other.example/Engine> ." for n in range(3))
    paths = [each.path for each in site(tmp_path, engines(501) + others).pages()]
    assert len(paths) == len(set(paths)) and {"classes/engine/2", "classes/engine-2"} <= set(paths)


def test_letters_lead_to_the_page_where_they_begin(tmp_path: Path) -> None:
    people = " ".join(f':p{n} a :Person ; rdfs:label "{"A" if n < 500 else "B"} {n}"@en .' for n in range(600))
    shown = html(make_site(tmp_path, people), "classes/person")
    assert {"#site-letter-1", "../classes/person/2.html#site-letter-2"} <= set(shown.links)


def test_members_that_say_what_they_are_are_listed_with_it(tmp_path: Path) -> None:
    shown = page(tmp_path, engines(12, '; skos:definition "Turns {n} wheels."@en '))
    assert "Turns 7 wheels." in shown.one("dl", class_="terms").text


def test_numbers_in_names_stand_in_their_order(tmp_path: Path) -> None:
    links = [link for link in page(tmp_path, engines(12)).links if link.startswith("../e")]
    assert links == [f"../e{n}.html" for n in range(12)]
