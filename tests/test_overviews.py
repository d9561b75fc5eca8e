"""Pages about many things: terms, shapes, lists, the home page, the report."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from communique.formats import HTML, NQUADS
from communique.positions import Place
from communique.project import Project
from communique.shacl.validation import WARNING, ValidationReport, ValidationResult
from communique.store import Store
from communique.website.browsing import newest
from communique.website.pages import Download
from communique.website.site import Site
from html_pages import Page
from made_projects import BASE, html, make_site, page_at, renderer

NS = BASE + "ns#"
TERMS = f"""
:ns a owl:Ontology ; dcterms:title "Words"@en .
<{NS}Engine> a owl:Class ; rdfs:label "engine"@en, "машина"@ru ; skos:definition "What turns."@en .
<{NS}Steam> a owl:Class ; rdfs:label "steam engine"@en ; rdfs:subClassOf <{NS}Engine> .
<{NS}power> a owl:DatatypeProperty ; rdfs:label "power"@en ; rdfs:domain <{NS}Engine> .
<{NS}drives> a owl:ObjectProperty ; rdfs:label "drives"@en ; rdfs:range <{NS}Engine> .
:one a <{NS}Engine> ; rdfs:label "Engine one"@en ; <{NS}power> 5 .
:shapes a owl:Ontology ; dcterms:title "Rules"@en .
<{BASE}shapes#Engine> a sh:NodeShape ; rdfs:label "Shape of engines"@en ; sh:targetClass <{NS}Engine> ;
    sh:property <{BASE}shapes#Engine-power>, <{BASE}shapes#Engine-maker> .
<{BASE}shapes#Engine-power> a sh:PropertyShape ; sh:path <{NS}power> ; sh:name "Power"@en ; sh:order 1 ; sh:minCount 1 ;
    sh:maxCount 1 ; sh:datatype xsd:integer ; sh:severity sh:Warning ; sh:message "Say how strong it is."@en .
<{BASE}shapes#Engine-maker> a sh:PropertyShape ; sh:path [ sh:inversePath :made ] ; sh:order 2 ; sh:in ( "a" "b" ) .
"""


def page(tmp_path: Path, path: str) -> Page:
    return html(make_site(tmp_path, TERMS), path)


def test_an_ontology_lists_its_terms_with_their_definitions(tmp_path: Path) -> None:
    shown = page(tmp_path, "ns").text
    assert "Classes 2" in shown and "Properties 2" in shown and "What turns." in shown


@pytest.mark.parametrize(("path", "stem"), [("onto", "onto"), ("onto/", "onto/index"), ("", "index")])
def test_an_ontology_with_slashes_lists_its_terms_wherever_its_page_is(tmp_path: Path, path: str, stem: str) -> None:
    space = f"{BASE}{path}".removesuffix("/") + "/"
    data = f"""<{BASE}{path}> a owl:Ontology ; dcterms:creator "Ada" . <{space}Jar> a owl:Class ; rdfs:label "jar"@en .
        <{space}lid> a owl:ObjectProperty ; rdfs:label "lid"@en ; rdfs:domain <{space}Jar> ; rdfs:range <{space}Jar> .
        <{space}deep/er> a owl:Class . <{space}one> a <{space}Jar> ."""
    shown = html(make_site(tmp_path, data), stem).text
    assert all(words in shown for words in ("Classes 1", "Properties 1", "Ada"))


def test_an_ontology_whose_iri_is_the_base_with_a_hash_is_told_at_home(tmp_path: Path) -> None:
    (
        tmp_path / "pots.ttl"
    ).write_text("""@prefix : <http://example.org/pots#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        : a owl:Ontology . :Jar a owl:Class . :lid a owl:ObjectProperty .""")
    project = Project.open(tmp_path / "pots.ttl")
    shown = html(Site(project, Store.load(project)), "index").text
    assert "Classes 1" in shown and "Properties 1" in shown and "More 1" not in shown


def test_the_only_ontology_lists_terms_that_stand_beside_it(tmp_path: Path) -> None:
    data = f":demo.owl a owl:Ontology . :DEMO_1 a owl:Class . :DEMO_2 a owl:Class . <{BASE}deep/DEMO_3> a owl:Class ."
    assert "Classes 2" in html(make_site(tmp_path / "one", data), "demo.owl").text
    other = html(
        make_site(tmp_path / "two", f"{data} :other a owl:Ontology . <{BASE}other#X> a owl:Class ."), "demo.owl"
    )
    assert "Classes" not in other.text


def test_a_term_can_be_reached_in_the_document_that_its_iri_names(tmp_path: Path) -> None:
    assert {"Engine", "Steam", "power", "drives"} <= page(tmp_path, "ns").ids


def test_a_term_has_its_labels_in_all_languages(tmp_path: Path) -> None:
    assert "машина" in page(tmp_path, "ns/Engine").one("ul", class_="also").text


def test_a_term_tells_where_it_is_used(tmp_path: Path) -> None:
    used = {element.text: index for index, element in enumerate(page(tmp_path, "ns/Engine").all("dt"))}
    assert {
        "Instances",
        "Narrower terms",
        "Properties of such things",
        "Properties that lead to such things",
        "Shapes",
    } <= used.keys()


def test_a_property_tells_how_often_it_is_used(tmp_path: Path) -> None:
    assert "Statements 1" in page(tmp_path, "ns/power").text


def test_a_term_that_nobody_uses_says_so(tmp_path: Path) -> None:
    assert "none in this dataset" in page(tmp_path, "ns/Steam").text


def test_a_shape_tells_what_it_demands(tmp_path: Path) -> None:
    shown = page(tmp_path, "shapes/Engine").text
    assert "exactly one" in shown and "xsd:integer" in shown and "Warning Say how strong it is." in shown


def test_a_long_document_of_shapes_begins_with_links_to_each_of_them_and_a_short_one_does_not(tmp_path: Path) -> None:
    shape = f'<{BASE}shapes#S{{0}}> a sh:NodeShape ; rdfs:label "Shape {{0}}"@en .'
    more = "".join(shape.format(number) for number in range(8))
    shown = html(make_site(tmp_path, TERMS + more), "shapes")
    links = {link.removeprefix("#") for link in shown.links if link.startswith("#site-shape-")}
    assert len(links) == 9 and links <= shown.ids and "Shape 7" in shown.one("nav", class_="contents").text
    assert html(make_site(tmp_path, TERMS), "shapes").all("nav", class_="contents") == []


def test_rules_stand_in_the_order_of_the_shape(tmp_path: Path) -> None:
    rows = [row.text for row in page(tmp_path, "shapes/Engine").all("tr")]
    assert "Power" in rows[1] and "^" in rows[2]


def test_the_members_of_a_list_are_named(tmp_path: Path) -> None:
    assert "in a, b" in page(tmp_path, "shapes/Engine").text


def test_every_rule_can_be_reached_in_the_document_that_its_iri_names(tmp_path: Path) -> None:
    assert {"Engine", "Engine-power", "Engine-maker"} <= page(tmp_path, "shapes").ids


def test_a_class_page_lists_what_there_is(tmp_path: Path) -> None:
    shown = page(tmp_path, "classes/engine")
    assert "one.html" in [link.removeprefix("../") for link in shown.links]


def test_all_classes_are_named_with_their_lists_their_sizes_and_what_they_are(tmp_path: Path) -> None:
    shown = page(tmp_path, "classes/index")
    assert "../classes/engine.html" in shown.links
    assert "What turns." in shown.text


def test_a_long_list_has_letters(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, " ".join(f':p{n} a foaf:Person ; rdfs:label "{chr(65 + n % 5)}{n}"@en .' for n in range(40))
    )
    shown = html(site, "classes/person")
    assert [heading.text for heading in shown.all("h2")] == ["A", "B", "C", "D", "E"]
    assert [link for link in shown.links if "letter" in link] == [f"#site-letter-{number}" for number in range(1, 6)]


def test_a_short_list_has_none(tmp_path: Path) -> None:
    assert page(tmp_path, "classes/engine").all("ul", class_="letters") == []


def test_the_newest_comes_first(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        """:m1 a cmq:Meeting ; schema:startDate "2019-10-01"^^xsd:date .
        :m2 a cmq:Meeting ; cmq:hasDate :d . :d cmq:latest "2021-10-29"^^xsd:date .
        :m3 a cmq:Meeting .""",
    )
    members = [NamedNode(BASE + name) for name in ("m1", "m2", "m3")]
    assert newest(site.store, members=members) == ((members[1], "2021-10-29"), (members[0], "2019-10-01"))


def test_home_says_where_to_begin(tmp_path: Path) -> None:
    begun = [heading.text for heading in page(tmp_path, "index").all("h3")]
    assert begun == ["Browse", "Ask", "Take", "Understand", "Check", "Count"]


def test_home_of_data_without_a_vocabulary_names_none(tmp_path: Path) -> None:
    assert "Understand" not in html(make_site(tmp_path, ":one a :Engine ."), "index").text


UNTYPED = (
    '<https://e.org/b> rdfs:label "Bee" . <https://e.org/a> rdfs:label "Ape" ; <https://e.org/p> <https://e.org/b> .'
)
ONE = "<https://e.org/engine> a <https://e.org/Engine> ."


def home_of(folder: Path, data: str) -> Page:
    """Return the home page of a file alone, which describes no dataset."""
    file = folder / "data.ttl"
    file.write_text(f"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n{data}", encoding="utf-8")
    project = Project.open(file)
    return html(Site(project, Store.load(project)), "index")


@pytest.mark.parametrize("typed", ["", ONE])
def test_home_lists_things_without_a_type(tmp_path: Path, typed: str) -> None:
    shown = home_of(tmp_path, UNTYPED + typed)
    assert [link for link in shown.links if link in ("a.html", "b.html")] == ["a.html", "b.html"]
    assert "Of no stated kind 2" in shown.text
    assert ("Every kind of thing has a list" in shown.text) == bool(typed)
    assert ("What is described here, from A to Z." in shown.text) != bool(typed)


def test_home_lists_nothing_without_a_type_where_all_have_one(tmp_path: Path) -> None:
    shown = home_of(tmp_path, f"{ONE} <https://e.org/engine> <https://e.org/by> <https://e.org/nobody> .")
    assert "Of no stated kind" not in shown.text


def test_home_lists_so_many_things_without_a_type_and_counts_all(tmp_path: Path) -> None:
    shown = home_of(tmp_path, "".join(f'<https://e.org/t{n:03}> rdfs:label "{n:03}" .\n' for n in range(205)))
    assert [link for link in shown.links if link.startswith("t")] == [f"t{n:03}.html" for n in range(200)]
    assert "Of no stated kind 205" in shown.text
    assert "The list ends after 200" in shown.text


def test_where_nothing_is_listed_home_does_not_promise_a_list(tmp_path: Path) -> None:
    shown = home_of(tmp_path, "")
    assert "Browse" not in [heading.text for heading in shown.all("h3")]
    assert "What there is" not in shown.text


@pytest.mark.parametrize("data", ["", UNTYPED, "<https://e.org/p> a <https://w3id.org/communique/ns#Passage> ."])
def test_home_has_no_list_without_entries_and_browse_leads_to_the_first_one(tmp_path: Path, data: str) -> None:
    shown = home_of(tmp_path, data)
    assert all(each.text for each in shown.all("ul"))
    assert ("site-classes" in shown.ids) == ("#site-classes" in shown.links) == bool(data)


def test_statistics_count_what_there_is(tmp_path: Path) -> None:
    shown = page(tmp_path, "statistics").text
    assert "engine 1" in shown and "Languages" in shown and "ru 1" in shown


def test_statistics_tell_who_says_how_much(tmp_path: Path) -> None:
    cited = """GRAPH :register { :register a cmq:Register . :e1 a cmq:Passage . }
        GRAPH :e1 { :m cmq:ordinal 1, 2, 3 . }"""
    shown = html(make_site(tmp_path, cited), "statistics").text
    assert "reported the source says so 1 3" in shown


def test_statistics_of_data_that_cite_nothing_name_nobody(tmp_path: Path) -> None:
    assert "Who says it" not in page(tmp_path, "statistics").text


def test_a_text_in_two_graphs_counts_once(tmp_path: Path) -> None:
    twice = 'GRAPH :g { :a :p "one"@ru . } GRAPH :h { :a :p "one"@ru . }'
    assert "ru 1" in html(make_site(tmp_path, twice), "statistics").text


def test_home_counts_the_classes(tmp_path: Path) -> None:
    assert "engine 1" in page(tmp_path, "index").text


def test_home_tells_how_large_the_downloads_are(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    made = renderer(site, downloads=(Download("dumps/data.nq", NQUADS, 12_345),))
    assert "N-Quads 12.3 kB" in Page(made.render(page_at(site, "index"), HTML).decode()).text


def test_home_is_what_people_wrote(tmp_path: Path) -> None:
    site = make_site(tmp_path, site__pages__index_md="# Welcome\n\nTo *us*.\n")
    shown = html(site, "index")
    assert (shown.one("h1").text, "To us." in shown.text) == ("Welcome", True)


def test_prose_of_a_folder_stands_in_the_order_of_its_index(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        site__pages__book__index_md="# Book\n\n[z](z.md) [a](a.md)\n",
        site__pages__book__a_md="# A\n",
        site__pages__book__z_md="# Z\n",
    )
    assert [chapter.label for chapter in site.chapters["book"]] == ["Book", "Z", "A"]


def report(tmp_path: Path, *results: ValidationResult, more: str = "") -> Page:
    site = make_site(tmp_path, TERMS + more)
    made = renderer(site, ValidationReport(results, shapes=3))
    return Page(made.render(page_at(site, "report"), HTML).decode())


def finding(tmp_path: Path, node: str, line: int) -> ValidationResult:
    return ValidationResult(
        NamedNode(BASE + node),
        "",
        Literal("5"),
        WARNING,
        NamedNode(BASE + "shapes#Engine-power"),
        NamedNode("http://www.w3.org/ns/shacl#MinCountConstraintComponent"),
        messages=(Literal("Say how strong it is.", language="en"),),
        place=Place(tmp_path / "data" / "data.trig", line),
    )


def test_a_report_without_results_says_that_all_is_well(tmp_path: Path) -> None:
    assert "The data keep to every rule" in report(tmp_path).text


def test_results_of_one_cause_stand_together(tmp_path: Path) -> None:
    shown = report(tmp_path, finding(tmp_path, "one", 3), finding(tmp_path, "two", 4))
    assert shown.text.count("Say how strong it is.") == 1


def test_a_result_names_the_line_in_the_project(tmp_path: Path) -> None:
    assert "data/data.trig:3" in [code.text for code in report(tmp_path, finding(tmp_path, "one", 3)).all("code")]


def test_a_result_leads_to_the_thing_and_to_the_rule(tmp_path: Path) -> None:
    assert {"one.html", "shapes/Engine-power.html"} <= set(report(tmp_path, finding(tmp_path, "one", 3)).links)


def test_a_result_is_shown_with_the_interpretation_that_concerns_it(tmp_path: Path) -> None:
    cmq = "https://w3id.org/communique/ns#"
    more = f"<{BASE}reading> <{cmq}concerns> <{BASE}one> ; <http://www.w3.org/2000/01/rdf-schema#label> 'A slip'@en ."
    shown = report(tmp_path, finding(tmp_path, "one", 3), finding(tmp_path, "two", 4), more=more)
    assert shown.text.count("read as A slip") == 1
