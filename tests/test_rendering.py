"""What stands on a page."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from communique.errors import ProjectError
from communique.formats import HTML, JSONLD, TURTLE
from communique.interface import Interface
from communique.project import Project
from communique.rendition.writer import Writer, _joined
from communique.website.theme import environment
from html_pages import Page
from made_projects import BASE, html, make_site, page_at, renderer, text

OURS = environment(Project.open(Path(__file__).parent / "sites" / "colours"), words=Interface())
ADA = ':ada a foaf:Person ; rdfs:label "Ada"@en, "Ада"@ru ; foaf:knows :charles . :charles rdfs:label "Charles"@en .'
WHO_SAYS_WHAT = """
GRAPH :register {
    :register a cmq:Register ; rdfs:label "The register"@en .
    :e1 a cmq:Passage ; skos:notation "E1" ; cmq:gist "They met."@en ; cmq:paragraph 2 ; oa:start 10 ; oa:end 20 ;
        schema:url <https://news.example.org/1.html#:~:text=they%20met> .
    :i1 a cmq:Interpretation ; skos:notation "I1" ; cmq:rationale "It was a Friday."@en ;
        cmq:hasCertainty <https://w3id.org/communique/code/certainty/high> .
    :x1 a cmq:ExternalReport ; rdfs:label "Agency report"@en ; cmq:inDocument <https://agency.example.org/2> .
    :meeting rdfs:label "The meeting"@en .
}
GRAPH :e1 { :meeting a cmq:Meeting ; cmq:ordinal 19 . }
GRAPH :i1 { :meeting schema:startDate "2021-10-29"^^xsd:date . }
GRAPH :x1 { :meeting schema:location :astana . :astana rdfs:label "Astana"@en . }
"""


def ada(tmp_path: Path, facts: str = "") -> Page:
    return html(make_site(tmp_path, ADA + facts), "ada")


def test_a_page_is_well_formed(tmp_path: Path) -> None:
    assert ada(tmp_path).faults == []


def test_the_title_is_in_the_language_of_the_page(tmp_path: Path) -> None:
    assert ada(tmp_path).one("h1").text == "Ada"


def test_the_other_titles_are_at_hand(tmp_path: Path) -> None:
    assert ada(tmp_path).one("ul", class_="also").text.split() == ["Ада"]


def test_every_title_says_its_language(tmp_path: Path) -> None:
    assert any(span.text == "Ада" for span in ada(tmp_path).all("span", lang="ru", dir="auto"))


def test_a_link_is_called_by_the_label(tmp_path: Path) -> None:
    assert [link.text for link in ada(tmp_path).all("a", href="charles.html")] == ["Charles"]


def test_a_fallback_is_marked(tmp_path: Path) -> None:
    page = ada(tmp_path, ':ada foaf:knows :ivan . :ivan rdfs:label "Иван"@ru .')
    (tag,) = [tag for tag in page.all("span", class_="tag") if "Not available" in tag.attributes.get("title", "")]
    assert tag.text == "ru"


def test_a_label_in_the_language_of_the_page_is_not_marked(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':ada foaf:knows :bob . :bob rdfs:label "Bob"@en-GB .')
    assert html(site, "ada").all("span", class_="tag") == []


def test_a_thing_without_a_label_is_called_by_its_short_name(tmp_path: Path) -> None:
    assert html(make_site(tmp_path, ":grace a foaf:Person ."), "grace").one("h1").text == "grace"


def test_links_are_relative_from_any_depth(tmp_path: Path) -> None:
    site = make_site(tmp_path, "<https://example.org/id/a/b/c> foaf:knows <https://example.org/id/d> . :d a :e .")
    assert "../../d.html" in html(site, "a/b/c").links


def test_the_head_names_the_other_formats(tmp_path: Path) -> None:
    links = ada(tmp_path).all("link", rel="alternate")
    assert [(link.attributes["type"], link.attributes["href"]) for link in links] == [
        ("text/turtle", "ada.ttl"),
        ("application/ld+json", "ada.jsonld"),
        ("application/trig", "ada.trig"),
    ]


def test_the_foot_speaks_of_data_on_pages_that_have_documents_beside_them(tmp_path: Path) -> None:
    site = make_site(tmp_path, ADA + f"<{BASE}ada#hat> rdfs:label 'A hat' .")
    assert "This page is also data" in html(site, "ada").one("footer").text
    assert "data" not in html(site, "ada/hat").one("footer").text
    assert "data" not in html(site, "classes/index").one("footer").text


def test_the_head_names_the_page_itself(tmp_path: Path) -> None:
    assert ada(tmp_path).one("link", rel="canonical").attributes["href"] == "ada.html"


def test_the_identifier_is_there_to_be_copied(tmp_path: Path) -> None:
    assert ada(tmp_path).one("code", class_="iri").text == "https://example.org/id/ada"


def test_the_page_carries_structured_data(tmp_path: Path) -> None:
    assert ada(tmp_path).structured["@type"] == "Person"


def test_no_page_runs_a_script(tmp_path: Path) -> None:
    assert ada(tmp_path).scripts == []


def test_no_page_asks_another_host(tmp_path: Path) -> None:
    assert not [url for url in ada(tmp_path).loaded if "//" in url]


def test_a_note_leads_back_to_the_fact(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, WHO_SAYS_WHAT), "meeting")
    backs = {link for link in page.links if link.startswith("#site-fact-")}
    assert backs and {back.removeprefix("#") for back in backs} <= page.ids


def test_incoming_links_are_counted_and_cut(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, ":ada a foaf:Person ." + " ".join(f":p{number} foaf:knows :ada ." for number in range(60))
    )
    shown = html(site, "ada").text
    assert "knows 60" in shown and "and 10 more" in shown


def test_blank_nodes_are_told_in_place(tmp_path: Path) -> None:
    page = ada(tmp_path, ':ada foaf:account [ rdfs:label "The account"@en ; foaf:accountName "countess" ] .')
    assert "countess" in page.one("dl", class_="nested").text


def test_a_list_is_told_in_its_order(tmp_path: Path) -> None:
    page = ada(tmp_path, ':ada foaf:made ( "one" "two" "three" ) .')
    assert page.one("ol", class_="items").text.split() == ["one", "two", "three"]


def test_a_cyclic_list_ends(tmp_path: Path) -> None:
    page = ada(tmp_path, ':ada foaf:made _:l . _:l rdf:first "x" ; rdf:rest _:l .')
    assert "x" in page.text


def test_facts_without_evidence_have_no_notes(tmp_path: Path) -> None:
    assert ada(tmp_path).all("a", class_="mark") == []


def meeting(tmp_path: Path) -> Page:
    return html(make_site(tmp_path, WHO_SAYS_WHAT), "meeting")


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ("reported", "They met."),
        ("interpreted", "It was a Friday."),
        ("external", "Agency report"),
        ("recorded", "The register"),
    ],
)
def test_each_kind_of_evidence_has_its_note(tmp_path: Path, standing: str, words: str) -> None:
    assert words in meeting(tmp_path).one("li", class_=standing, id=note_of(meeting(tmp_path), standing)).text


def note_of(page: Page, standing: str) -> str:
    return page.all("a", class_=standing)[0].attributes["href"].removeprefix("#")


def test_a_mark_says_its_standing_in_a_word(tmp_path: Path) -> None:
    assert "external" in meeting(tmp_path).all("a", class_="external")[0].text


def test_the_legend_explains_the_marks_of_the_page(tmp_path: Path) -> None:
    assert [item.text for item in meeting(tmp_path).all("b", class_="mark")] == [
        "reported",
        "interpreted",
        "external",
        "recorded",
    ]


def test_a_note_tells_where_the_passage_stands(tmp_path: Path) -> None:
    assert "Paragraph 2, characters 10–20" in meeting(tmp_path).text


def test_a_note_opens_the_source_at_the_words(tmp_path: Path) -> None:
    assert "https://news.example.org/1.html#:~:text=they%20met" in meeting(tmp_path).links


def test_a_note_leads_to_the_page_of_the_passage(tmp_path: Path) -> None:
    assert "e1.html" in meeting(tmp_path).links


def test_a_note_tells_how_sure_a_reading_is(tmp_path: Path) -> None:
    assert "Certainty: " in meeting(tmp_path).text


def test_a_fact_that_two_graphs_state_has_two_marks(tmp_path: Path) -> None:
    site = make_site(tmp_path, WHO_SAYS_WHAT + "GRAPH :x1 { :meeting cmq:ordinal 19 . }")
    (row,) = [row for row in html(site, "meeting").all("dd") if row.text.strip().startswith("19")]
    assert row.text.count("note") == 2


def test_marks_of_neighbours_are_one_and_each_note_leads_back_to_it(tmp_path: Path) -> None:
    reports = " ".join(
        f":r{n} a cmq:ExternalReport ; rdfs:label 'Report {n}'@en . GRAPH :r{n} {{ :meeting cmq:ordinal 19 . }}"
        for n in range(1, 8)
    )
    page = html(make_site(tmp_path, WHO_SAYS_WHAT + reports), "meeting")
    (row,) = [row for row in page.all("dd") if row.text.strip().startswith("19")]
    (numbers,) = re.findall(r"note (\d+–\d+)", row.text)
    first, last = (int(number) for number in numbers.split("–"))
    assert last - first == 6
    assert {f"site-fact-{number}" for number in range(first, last + 1)} <= page.ids
    assert f"#site-note-{first}" in page.links
    assert page.faults == []


def test_the_page_of_a_passage_tells_what_it_states(tmp_path: Path) -> None:
    page = html(make_site(tmp_path, WHO_SAYS_WHAT), "e1")
    assert "What it states" in page.text and page.all("a", href="meeting.html")


def test_one_page_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    site = make_site(tmp_path, WHO_SAYS_WHAT)
    page, made = page_at(site, "meeting"), renderer(site)
    assert made.render(page, HTML) == made.render(page, HTML) == renderer(site).render(page, HTML)


@pytest.mark.parametrize("format", [TURTLE, JSONLD])
def test_a_document_in_rdf_tells_the_facts(tmp_path: Path, format: object) -> None:
    assert "Charles" in text(make_site(tmp_path, ADA), "ada", format)


def test_the_document_of_an_ontology_holds_its_terms(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':ns a owl:Ontology . <https://example.org/id/ns#A> a owl:Class ; rdfs:label "aah"@en .')
    assert "aah" in text(site, "ns", TURTLE)


def test_the_page_of_a_part_names_the_data_of_its_document_and_says_that_they_are(tmp_path: Path) -> None:
    facts = "".join(f'<{BASE}words{end}> rdfs:label "A word"@en . ' for end in ("#a", "?n=1", "?n=1#b"))
    site = make_site(tmp_path, facts)
    pages = {page.path: html(site, page.path) for page in site.pages() if page.data == "words"}
    assert len(pages) == 4
    for path, page in pages.items():
        data = [f"{'../' * path.count('/')}words.{each}" for each in ("ttl", "jsonld", "trig")]
        assert [link.attributes["href"] for link in page.all("link", rel="describedby")] == data
        actions = [link for link in page.all("a") if link.attributes.get("href") in data]
        assert [link.text for link in actions] == ["Turtle", "JSON-LD", "TriG"]
        assert ("The whole document:" in page.text) == (path != "words")


def test_a_template_of_the_project_comes_first(tmp_path: Path) -> None:
    own = "<!doctype html><title>{{ content.title.text }}</title>"
    site = make_site(tmp_path, ADA, site__templates__classes__Person_html=own)
    assert renderer(site).render(page_at(site, "ada"), HTML) == b"<!doctype html><title>Ada</title>"


def test_a_template_that_asks_for_what_is_not_there_fails(tmp_path: Path) -> None:
    site = make_site(tmp_path, ADA, site__templates__classes__Person_html="{{ content.age }}")
    with pytest.raises(ProjectError, match=r"site/templates/classes/Person.html: .*age"):
        renderer(site).render(page_at(site, "ada"), HTML)


def test_a_template_with_a_slip_fails_with_its_line(tmp_path: Path) -> None:
    site = make_site(tmp_path, ADA, site__templates__classes__Person_html="\n{% if %}")
    with pytest.raises(ProjectError, match=r"site/templates/classes/Person.html:2: "):
        renderer(site).render(page_at(site, "ada"), HTML)


def test_values_that_shapes_nest_stand_side_by_side(tmp_path: Path) -> None:
    shapes = """
        :Team a sh:NodeShape ; sh:targetClass :Team ; sh:property [ sh:path :member ; sh:node :Member ] .
        :Member a sh:NodeShape ; sh:property [ sh:path :age ; sh:name "Age" ], [ sh:path :town ; sh:name "Town" ] .
        :crew a :Team ; :member :a, :b . :a :age 1 ; :town "X" . :b :age 2 ; :town "Y" .
    """
    page = html(make_site(tmp_path, shapes), "crew")
    cells = [element.text for element in page.elements if element.tag in {"th", "td"}]
    assert cells == ["Entry", "Age", "Town", "a", "1", "X", "b", "2", "Y"]


@given(st.text() | st.text().map(Markup) | st.integers())
def test_the_quick_way_to_escape_gives_the_same(value: object) -> None:
    expected = Environment(autoescape=True).from_string("{{ value }}").render(value=value)
    assert OURS.from_string("{{ value }}").render(value=value) == expected


@given(st.lists(st.text().map(escape)))
def test_the_quick_way_to_join_gives_the_same(fragments: list[Markup]) -> None:
    assert _joined(*fragments) == Markup("").join(fragments)


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_page_is_read_as_it_was(value: object) -> None:
    written = Writer.json(None, value)
    assert json.loads(written) == value and not {"<", ">", "&"} & set(written)


def test_a_link_that_only_an_interpretation_makes_is_marked(tmp_path: Path) -> None:
    cmq = "https://w3id.org/communique/ns#"
    data = (
        f"<{BASE}p> a <{cmq}Passage> . <{BASE}i> a <{cmq}Interpretation> ."
        f" GRAPH <{BASE}p> {{ <{BASE}said> <{cmq}madeBy> <{BASE}ada> }}"
        f" GRAPH <{BASE}i> {{ <{BASE}read> <{cmq}madeBy> <{BASE}ada> }} <{BASE}ada> a <{cmq}State> ."
    )
    shown = text(make_site(tmp_path, data), "ada", HTML)
    links = [line for line in shown.splitlines() if 'href="said.html"' in line or 'href="read.html"' in line]
    assert [("interpreted" in line, "said.html" in line) for line in sorted(links)] == [(True, False), (False, True)]
