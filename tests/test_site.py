"""Which pages a site has, and which template each one takes."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from communique.formats import HTML, JSONLD, TRIG, TURTLE
from communique.project import Project
from communique.store import Store
from communique.website.pages import Kind
from communique.website.site import Site
from made_projects import BASE, make_site, page_at

THINGS = """
:ada a foaf:Person ; rdfs:label "Ada"@en ; foaf:knows :charles .
:charles a foaf:Person ; rdfs:label "Charles"@en .
"""
TERMS = """
<https://example.org/id/ns> a owl:Ontology ; dcterms:title "Words"@en .
<https://example.org/id/ns#Engine> a owl:Class ; rdfs:label "engine"@en ; rdfs:isDefinedBy <https://example.org/id/ns> .
<https://example.org/id/ns#turns> a owl:ObjectProperty ; rdfs:label "turns"@en .
"""


def paths(site: Site) -> dict[str, Kind]:
    return {page.path: page.kind for page in site.pages()}


def test_each_thing_has_a_page(tmp_path: Path) -> None:
    assert paths(make_site(tmp_path, THINGS))["ada"] is Kind.RESOURCE


def test_a_thing_is_written_for_people_and_in_three_formats_for_programs(tmp_path: Path) -> None:
    assert page_at(make_site(tmp_path, THINGS), "ada").formats == (HTML, TURTLE, JSONLD, TRIG)


def test_a_thing_elsewhere_has_no_page(tmp_path: Path) -> None:
    site = make_site(tmp_path, '<https://elsewhere.org/x> rdfs:label "x" .')
    assert NamedNode("https://elsewhere.org/x") not in site.targets


def test_a_named_graph_has_a_page(tmp_path: Path) -> None:
    assert "graph" in paths(make_site(tmp_path, f"GRAPH :graph {{ {THINGS} }}"))


def test_each_class_of_the_data_has_a_list(tmp_path: Path) -> None:
    assert paths(make_site(tmp_path, THINGS))["classes/person"] is Kind.CLASS


def test_words_about_words_are_no_classes_of_the_data(tmp_path: Path) -> None:
    assert not any(path.endswith("ontology") for path in paths(make_site(tmp_path, TERMS)))


def test_a_long_list_takes_several_pages(tmp_path: Path) -> None:
    site = make_site(tmp_path, " ".join(f":p{number} a foaf:Person ." for number in range(1001)))
    assert {"classes/person", "classes/person/2", "classes/person/3"} <= paths(site).keys()


def test_two_classes_of_one_name_have_two_lists(tmp_path: Path) -> None:
    site = make_site(tmp_path, ":a a <https://one.org/Thing> . :b a <https://two.org/Thing> .")
    assert {"classes/thing", "classes/thing-2"} <= paths(site).keys()


@pytest.mark.parametrize(("path", "kind"), [("ns", Kind.ONTOLOGY), ("ns/Engine", Kind.TERM), ("ns/turns", Kind.TERM)])
def test_an_ontology_has_a_page_and_one_for_each_term(tmp_path: Path, path: str, kind: Kind) -> None:
    assert paths(make_site(tmp_path, TERMS))[path] is kind


def test_a_file_of_shapes_has_a_page_and_one_for_each_shape(tmp_path: Path) -> None:
    shapes = (
        ":shapes a owl:Ontology . <https://example.org/id/shapes#Person> a sh:NodeShape ; sh:targetClass foaf:Person ."
    )
    found = paths(make_site(tmp_path, shapes))
    assert (found["shapes"], found["shapes/Person"]) == (Kind.SHAPES, Kind.SHAPE)


def test_a_term_is_written_in_rdf_with_its_document(tmp_path: Path) -> None:
    page = page_at(make_site(tmp_path, TERMS), "ns/Engine")
    assert (page.formats, page.data) == ((HTML,), "ns")


def test_the_data_of_a_thing_lie_beside_its_page_and_a_list_has_none(tmp_path: Path) -> None:
    site = make_site(tmp_path, THINGS)
    assert [page_at(site, path).data for path in ("ada", "classes/person")] == ["ada", ""]


def test_home_report_and_missing_are_always_there(tmp_path: Path) -> None:
    found = paths(make_site(tmp_path))
    assert [found[path] for path in ("index", "report", "404")] == [Kind.HOME, Kind.REPORT, Kind.MISSING]


def test_a_thing_called_report_keeps_its_address(tmp_path: Path) -> None:
    found = paths(make_site(tmp_path, ":report a foaf:Document ."))
    assert (found["report"], found["report-"]) == (Kind.RESOURCE, Kind.REPORT)


def test_things_under_classes_keep_their_addresses(tmp_path: Path) -> None:
    found = paths(make_site(tmp_path, "<https://example.org/id/classes/person> a foaf:Person ."))
    assert (found["classes/person"], found["classes-/person"]) == (Kind.RESOURCE, Kind.CLASS)


def test_no_page_is_there_twice(tmp_path: Path) -> None:
    site = make_site(tmp_path, TERMS + "<https://example.org/id/ns/Engine> a foaf:Document . :x a :y . <x:y> a :z .")
    every = [page.path for page in site.pages()]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("base", ["https://example.org/voc#", "https://example.org/voc/", "urn:voc:"])
def test_any_base_will_do(tmp_path: Path, base: str) -> None:
    (tmp_path / "voc.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f"<{base}cat> a skos:Concept ; skos:broader <{base}animal> .\n"
        f"<{base}animal> a skos:Concept ."
    )
    project = Project.open(tmp_path / "voc.ttl")
    assert {"cat", "animal", "index"} <= paths(Site(project, Store.load(project))).keys()


def test_own_prose_has_pages(tmp_path: Path) -> None:
    assert paths(make_site(tmp_path, site__pages__about_md="# About"))["about"] is Kind.PROSE


def test_bundled_prose_is_not_everybodys(tmp_path: Path) -> None:
    assert not any(path.startswith("manual/") for path in paths(make_site(tmp_path)))


def test_bundled_prose_comes_with_the_menu(tmp_path: Path) -> None:
    site = make_site(tmp_path, site__site_toml='menu = [{ link = "manual/query", label = "Query" }]')
    assert paths(site)["manual/query"] is Kind.PROSE


def test_the_menu_is_that_of_the_settings(tmp_path: Path) -> None:
    ada, out = (
        '{ link = "ada", label = { en = "Ada", ru = "Ада" } }',
        '{ link = "https://example.org/", label = "Out" }',
    )
    toml = f"menu = [{ada}, {out}]"
    items = make_site(tmp_path, THINGS, site__site_toml=toml).menu
    assert [(item.label, item.path, item.url) for item in items] == [
        ("Ada", "ada.html", ""),
        ("Out", "", "https://example.org/"),
    ]


def test_a_menu_needs_no_settings(tmp_path: Path) -> None:
    assert [item.label for item in make_site(tmp_path, TERMS).menu] == ["Dataset", "Vocabulary", "Query", "Validation"]


def test_a_class_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    site = make_site(tmp_path, THINGS)
    types = (NamedNode("http://xmlns.com/foaf/0.1/Person"),)
    assert site.templates_of(page_at(site, "ada"), types) == (
        "classes/foaf-Person.html",
        "classes/Person.html",
        "resource.html",
    )


def test_links_lead_to_the_page_of_a_term(tmp_path: Path) -> None:
    site = make_site(tmp_path, TERMS)
    assert site.targets.of(NamedNode(BASE + "ns#Engine")).path == "ns/Engine.html"


def test_links_lead_elsewhere_by_their_address(tmp_path: Path) -> None:
    target = make_site(tmp_path).targets.of(NamedNode("https://elsewhere.org/x/y?z"))
    assert (target.path, target.url, target.label.text) == ("", "https://elsewhere.org/x/y?z", "elsewhere.org/x/y?z")


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"])
def test_what_runs_or_reads_is_no_link(tmp_path: Path, iri: str) -> None:
    target = make_site(tmp_path).targets.of(NamedNode(iri))
    assert (target.path, target.url) == ("", "")
