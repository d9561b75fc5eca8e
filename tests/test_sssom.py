"""Mapping sets: what a person answers for is stated, in a graph of its own; all else is told with its line."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.errors import DataError
from communique.formats import HTML
from communique.project import Project
from communique.store import Store
from communique.syntax import parse_file
from communique.syntax.mappings import JUSTIFICATIONS
from html_pages import Page
from made_projects import make_project, make_site, text

HEAD = """#mapping_set_id: https://example.org/id/mapping/x
#mapping_set_title: Countries
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  id: https://example.org/id/
#  wd: http://www.wikidata.org/entity/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\treviewer_id\tpredicate_modifier\tcomment
"""
ROW = "id:india\tskos:exactMatch\twd:Q668\tsemapv:ManualMappingCuration\t\t\t\t\n"
SET = ox.NamedNode("https://example.org/id/mapping/x")
LINK = ox.Triple(
    ox.NamedNode("https://example.org/id/india"),
    ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
    ox.NamedNode("http://www.wikidata.org/entity/Q668"),
)


def quads(folder: Path, content: str | bytes) -> list[ox.Quad]:
    path = folder / "x.sssom.tsv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(parse_file(path))


def links(folder: Path, content: str) -> list[ox.Triple]:
    return [quad.triple for quad in quads(folder, content) if quad.graph_name == SET]


def row(justification: str, *, reviewer: str = "", modifier: str = "", confidence: str = "") -> str:
    return f"id:india\tskos:exactMatch\twd:Q668\t{justification}\t{confidence}\t{reviewer}\t{modifier}\t\n"


def test_a_row_is_a_link_in_the_graph_of_its_set(tmp_path: Path) -> None:
    assert links(tmp_path, HEAD + ROW) == [LINK]


@pytest.mark.parametrize("justification", ["LexicalMatching", "UnspecifiedMatching", "LogicalReasoning"])
def test_what_a_program_has_found_states_nothing(tmp_path: Path, justification: str) -> None:
    assert links(tmp_path, HEAD + row(f"semapv:{justification}", confidence="0.99")) == []


@pytest.mark.parametrize(
    ("justification", "reviewer"),
    [("semapv:LexicalMatching", "id:ada"), ("semapv:MappingReview", ""), ("semapv:ManualMappingCuration", "")],
)
def test_what_a_person_answers_for_is_stated(tmp_path: Path, justification: str, reviewer: str) -> None:
    assert links(tmp_path, HEAD + row(justification, reviewer=reviewer)) == [LINK]


def test_a_justification_of_another_vocabulary_is_left_to_it(tmp_path: Path) -> None:
    assert links(tmp_path, HEAD + row("id:guess")) == []


def test_what_a_person_denies_is_not_stated(tmp_path: Path) -> None:
    assert links(tmp_path, HEAD + row("semapv:LexicalMatching", reviewer="id:ada", modifier="Not")) == []


def test_each_link_is_told_with_its_justification_and_confidence(tmp_path: Path) -> None:
    store = ox.Store()
    store.extend(quads(tmp_path, HEAD + row("semapv:LexicalMatching", reviewer="id:ada", confidence="0.95")))
    query = """PREFIX sssom: <https://w3id.org/sssom/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
        ASK { <https://example.org/id/mapping/x> sssom:mappings [ owl:annotatedSource <https://example.org/id/india> ;
            sssom:mapping_justification <https://w3id.org/semapv/vocab/LexicalMatching> ; sssom:confidence 0.95 ;
            sssom:reviewer_id <https://example.org/id/ada> ] }"""
    assert bool(store.query(query))


def test_people_are_told_by_name_and_by_identifier_each_in_its_own_property(tmp_path: Path) -> None:
    head = HEAD.replace("confidence\treviewer_id\tpredicate_modifier\tcomment", "{0}_id\t{0}_label\tx\ty")
    for person in ("author", "reviewer"):
        found = quads(tmp_path, head.format(person) + ROW.replace("\t\t\t\t", "\tid:ada\tAda\t\t"))
        names = {quad.predicate.value for quad in found if quad.object == ox.Literal("Ada")}
        others = {quad.predicate.value for quad in found if quad.object == ox.NamedNode("https://example.org/id/ada")}
        assert names == {f"https://w3id.org/sssom/{person}_label"} and len(others) == 1 and not names & others
    made = quads(tmp_path, HEAD.replace("#license", "#creator_label:\n#  - Ada\n#creator_id: id:ada\n#license") + ROW)
    told = {quad.predicate.value: quad.object for quad in made if quad.subject == SET}
    assert told["https://w3id.org/sssom/creator_label"] == ox.Literal("Ada")
    assert told["http://purl.org/dc/terms/creator"] == ox.NamedNode("https://example.org/id/ada")


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (ROW, ":1: ", "lacks the column subject_id"),
        (HEAD.replace("\t", ",") + ROW, ":7: ", "separated by tabs"),
        ("#license: x\n" + HEAD.split("\n", 1)[1] + ROW, ":1: ", "does not say which mapping set it is"),
        ("#a: [\n" + HEAD + ROW, ":3:19: ", "is no YAML"),
        (HEAD.replace("#license", '"#licence').replace("1.0/", '1.0/"') + ROW, ":3:3: ", "Write license."),
        (HEAD.replace("mapping/x", "map ping") + ROW, ":1:2: ", "is no IRI"),
        (
            HEAD.replace("#mapping_set_id: https://example.org/id/mapping/x", "#x: y\n#mapping_set_id:") + ROW,
            ":2:2: ",
            "does not say which mapping set it is",
        ),
        (HEAD + ROW.replace("id:india", "xx:india"), ":8: ", "uses the prefix xx"),
        (HEAD + ROW.replace("id:india", "india"), ":8: ", "is no IRI"),
        (HEAD + ROW.replace("id:india", "id:in dia"), ":8: ", "is no IRI"),
        (HEAD + ROW.replace("id:india", ""), ":8: ", "has nothing in the column subject_id"),
        (HEAD + ROW.replace("\t\t\t\t", "\t"), ":8: ", "has 5 cells, and 8 columns have names"),
        (HEAD + row("semapv:LexicalMatching", confidence="95%"), ":8: ", "has the confidence '95%'"),
        (HEAD + row("semapv:LexicalMatching", confidence="1.5"), ":8: ", "has the confidence '1.5'"),
        (HEAD + row("semapv:LexicalMatching", modifier="No"), ":8: ", "unknown predicate_modifier 'No'"),
        (HEAD + ROW.replace("exactMatch", "relateMatch"), ":8: ", "Write skos:relatedMatch."),
        (HEAD + ROW.replace("exactMatch", "Concept"), ":8: ", "skos:Concept, which relates none"),
        (HEAD + ROW.replace("skos:exactMatch", "owl:sameas"), ":8: ", "Write owl:sameAs."),
        (HEAD + row("semapv:ManualMapingCuration"), ":8: ", "Write semapv:ManualMappingCuration, where"),
        (HEAD + row("semapv:LexicalMatching|semapv:Review"), ":8: ", "'Review', which SSSOM does not list"),
        (HEAD + row("https://w3id.org/semapv/MappingReview"), ":8: ", "Write semapv:MappingReview"),
        (HEAD + row("sempav:MappingReview"), ":8: ", "uses the prefix sempav"),
        (HEAD + row("MappingReview"), ":8: ", "is no IRI"),
        (HEAD + 'id:a\t"b\n', ":8: ", "is no table"),
        (HEAD.replace("#license", "#mapping_date: yesterday\n#license") + ROW, ":3:2: ", "mapping_date 'yesterday'"),
        (HEAD.replace("#license", "#mapping_date: 2026-02-30\n#license") + ROW, ":3:2: ", "mapping_date '2026-02-30'"),
        (
            HEAD.replace("#  wd", "#  skos: https://x.org/\n#  wd") + ROW,
            ":6:4: ",
            "It is <http://www.w3.org/2004/02/skos/core#>",
        ),
        (HEAD.replace("reviewer_id", "reviewer_lable") + ROW, ":7: ", "Write reviewer_label."),
        (HEAD.replace("reviewer_id", "confidence") + ROW, ":7: ", "the column confidence twice"),
        (HEAD.replace("#license", "#licence") + ROW, ":3:2: ", "Write license."),
        (HEAD.replace("#license", "#mapping_set_id: https://x.org/\n#license") + ROW, ":3:2: ", "mapping_set_id twice"),
        (HEAD.replace("#  wd", "#  id: https://x.org/\n#  wd") + ROW, ":6:4: ", "the key id twice"),
        (b"#x: \xff\n", ":1: ", "is not valid UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, content: str, place: str, words: str) -> None:
    with pytest.raises(DataError) as caught:
        quads(tmp_path, content)
    assert f"x.sssom.tsv{place}" in str(caught.value) and words in str(caught.value)


@pytest.mark.parametrize("justification", JUSTIFICATIONS)
def test_every_justification_that_sssom_lists_is_taken(tmp_path: Path, justification: str) -> None:
    reviewed = justification in ("ManualMappingCuration", "MappingReview")
    assert links(tmp_path, HEAD + row(f"semapv:{justification}")) == [LINK] * reviewed


def test_a_newer_term_of_semapv_is_not_taken_for_a_slip_of_the_pen(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Write semapv:BackgroundKnowledgeBasedMatching or semapv:CompositeMatching or"):
        quads(tmp_path, HEAD + row("semapv:LLMBasedMatching"))


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        quads(tmp_path, HEAD + ROW.replace("id:", "xx:") + ROW.replace("wd:", "yy:"))
    assert [problem.line for problem in caught.value.problems] == [8, 9]


def test_windows_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    assert links(tmp_path, "\ufeff" + (HEAD + ROW).replace("\n", "\r\n")) == [LINK]


def test_what_a_spreadsheet_saves_is_read_as_it_was(tmp_path: Path) -> None:
    padded = "".join(f"{line}\t\t\t\t\n" for line in HEAD.splitlines()[:-1]) + HEAD.splitlines()[-1] + "\n"
    quoted = padded.replace("#mapping_set_title: Countries", '"#mapping_set_title: ""Countries: all"""')
    assert links(tmp_path, padded + ROW) == links(tmp_path, quoted + ROW) == [LINK]
    assert any(quad.object == ox.Literal("Countries: all") for quad in quads(tmp_path, quoted + ROW))


def test_a_list_of_sources_in_the_header_is_read(tmp_path: Path) -> None:
    head = HEAD.replace("#curie", '#object_source:\n#  - "https://a.org/"\n#  - "https://b.org/"\n#curie')
    found = quads(tmp_path, head + ROW)
    sources = {quad.object.value for quad in found if quad.predicate.value.endswith("/object_source")}
    assert sources == {"https://a.org/", "https://b.org/"} and any(quad.triple == LINK for quad in found)


WRITTEN_BY_SSSOM_PY = """# curie_map:
#   id: https://example.org/id/
#   skos: http://www.w3.org/2004/02/skos/core#
#   wd: http://www.wikidata.org/entity/
# license: https://w3id.org/sssom/license/unspecified
# mapping_set_id: https://example.org/id/mapping/x
subject_id\tpredicate_id\tobject_id\tmapping_justification\tobject_source\tconfidence\treviewer_label
id:india\tskos:exactMatch\twd:Q668\tsemapv:LexicalMatching\twd:\t0.9666666666666667\tAda
"""


def test_a_set_that_sssom_py_has_written_is_read(tmp_path: Path) -> None:
    assert links(tmp_path, WRITTEN_BY_SSSOM_PY) == [LINK]


def test_a_column_of_somebody_is_left_to_them(tmp_path: Path) -> None:
    assert links(tmp_path, HEAD.replace("comment", "our_house_number") + ROW) == [LINK]


def test_aliases_of_yaml_do_not_multiply(tmp_path: Path) -> None:
    bomb = "#a: &a [x, x]\n" + "".join(
        f"#{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)
    )
    assert links(tmp_path, bomb + "#mapping_set_description: *y\n" + HEAD + ROW) == [LINK]


def test_a_project_loads_its_mapping_sets(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    (tmp_path / "data" / "mappings").mkdir()
    (tmp_path / "data" / "mappings" / "x.sssom.tsv").write_text(HEAD + ROW)
    assert ox.Quad(*LINK, SET) in Store.load(Project.open(project.root))


def test_a_page_tells_which_set_states_a_link(tmp_path: Path) -> None:
    (tmp_path / "data" / "mappings").mkdir(parents=True)
    (tmp_path / "data" / "mappings" / "x.sssom.tsv").write_text(HEAD + ROW)
    site = make_site(tmp_path, ':india a cmq:State ; rdfs:label "India"@en .')
    page = text(site, "india", HTML)
    assert "http://www.wikidata.org/entity/Q668" in page and "Countries" in page


def test_a_thing_of_others_has_the_name_that_its_mapping_gives(tmp_path: Path) -> None:
    (tmp_path / "data" / "mappings").mkdir(parents=True)
    head = HEAD.replace("comment\n", "object_label\n")
    (tmp_path / "data" / "mappings" / "x.sssom.tsv").write_text(head + ROW.replace("\n", "Bharat\n"))
    page = Page(text(make_site(tmp_path, ':india rdfs:label "India"@en .'), "india", HTML))
    assert "Wikidata Bharat Q668" in page.all("ul", class_="elsewhere")[0].text
