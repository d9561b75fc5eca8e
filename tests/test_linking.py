"""`communique link`: candidates by name, written for a person to confirm, and nothing asserted before."""

import csv
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from communique.cli import main
from communique.project import Project
from communique.store import Store
from communique.syntax.sssom import read_mappings
from made_projects import make_project

DATA = """
:ada a foaf:Person ; rdfs:label "Yusuf Rakhmon"@en, "Юсуф Рахмон"@ru .
:ind a cmq:State ; rdfs:label "India"@en .
:topic a skos:Concept ; skos:prefLabel "victims"@en .
"""
TABLE = """id,label,lang,type
https://example.com/1,"Рахмон, Юсуф",ru,person
https://example.com/1,Joseph the Pious,en,person
https://example.com/2,Indiana,en,state
https://example.com/3,India,en,state
https://example.com/4,Victims,en,topic
"""


def link(folder: Path, table: str = TABLE, *options: str, name: str = "other.csv") -> Result:
    (folder / name).write_text(table, encoding="utf-8")
    return CliRunner().invoke(main, ["link", str(folder / name), "--project", str(folder), *options])


def written(folder: Path) -> list[tuple[str, ...]]:
    path = folder / "data" / "mappings" / "other.sssom.tsv"
    rows = read_mappings(path.read_bytes(), path).rows
    names = ((row.subject.value, row.predicate.value, row.object.value) for row in rows)
    return sorted(tuple(name.replace("#", "/").rpartition("/")[2] for name in each) for each in names)


def test_names_are_found_in_other_scripts_and_orders(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    assert link(tmp_path).exit_code == 0
    assert written(tmp_path) == [("ada", "sameAs", "1"), ("ind", "sameAs", "3"), ("topic", "exactMatch", "4")]


def test_what_is_compared_is_counted_and_told_in_the_words_of_the_number(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    assert "other.sssom.tsv: 1 new proposal among 2 things of " in link(tmp_path, TABLE, "--their-type", "state").output
    assert "other.sssom.tsv: 2 new proposals among 4 things of " in link(tmp_path).output
    assert "other.sssom.tsv: 0 new proposals among 1 thing of " in link(tmp_path, TABLE, "--their-type", "topic").output


def test_another_number_or_letter_is_not_proposed_but_an_initial_is(tmp_path: Path) -> None:
    data = """:c a cmq:State ; rdfs:label "Committee 1"@en . :a a cmq:State ; rdfs:label "Annex A"@en .
    :p a foaf:Person ; rdfs:label "Krasnov I"@en ."""
    make_project(tmp_path, data)
    rows = ("1,Committee 12,", "2,Annex Addendum,", "3,Igor Krasnov,http://xmlns.com/foaf/0.1/Person")
    link(tmp_path, "\n".join(["id,label,type", *(f"https://example.com/{row}" for row in rows)]) + "\n")
    assert written(tmp_path) == [("p", "sameAs", "3")]


def cells(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "data" / "mappings" / "other.sssom.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith(("#", '"#'))), delimiter="\t"))


def doubts(folder: Path) -> list[tuple[str, str, str]]:
    return [(row["subject_id"].rpartition(":")[2], row["confidence"], row["comment"]) for row in cells(folder)]


JEANS = ':p2 a foaf:Person ; rdfs:label "Jean Dupont" . :p3 a foaf:Person ; rdfs:label "Jean Dupont" .'


def test_a_name_that_two_things_of_ours_share_is_not_certain(tmp_path: Path) -> None:
    make_project(tmp_path, JEANS + ' :p4 a foaf:Person ; rdfs:label "Ada Lovelace" .')
    link(tmp_path, "id,label\nhttps://example.com/1,Jean Dupont\nhttps://example.com/2,Ada Lovelace\n")
    assert doubts(tmp_path) == [
        ("p2", "0.5", "The name fits as well: https://example.org/id/p3."),
        ("p3", "0.5", "The name fits as well: https://example.org/id/p2."),
        ("p4", "1", ""),
    ]


def test_a_name_that_two_things_of_theirs_share_is_not_certain(tmp_path: Path) -> None:
    make_project(tmp_path, ':p2 a foaf:Person ; rdfs:label "Jean Dupont" .')
    link(tmp_path, "id,label\nhttps://example.com/1,Jean Dupont\nhttps://example.com/2,Dupont Jean\n")
    assert [(confidence, comment[-24:]) for _, confidence, comment in doubts(tmp_path)] == [
        ("0.5", ": https://example.com/2."),
        ("0.5", ": https://example.com/1."),
    ]


def test_a_thing_that_is_linked_already_still_shares_its_name(tmp_path: Path) -> None:
    make_project(tmp_path, JEANS + " :p2 owl:sameAs <https://example.com/1> .")
    link(tmp_path, "id,label\nhttps://example.com/1,Jean Dupont\n")
    assert doubts(tmp_path) == [("p3", "0.5", "The name fits as well: https://example.org/id/p2.")]


def test_a_proposal_states_nothing_until_somebody_confirms_it(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--type", "cmq:State")
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    before = Store.load(Project.open(tmp_path))
    path.write_text(path.read_text().replace("\t\t\t\n", "\t\tAda\t\n"))
    after = Store.load(Project.open(tmp_path))
    assert not before.query("ASK { ?ours owl:sameAs <https://example.com/3> }")
    assert after.query("ASK { GRAPH ?set { ?ours owl:sameAs <https://example.com/3> } ?set a sssom:MappingSet }")


def test_check_tells_of_what_waits(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path)
    found = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert "3 proposals" in found.output and found.exit_code == 0


def test_a_set_that_was_proposed_has_a_title_that_says_where_its_links_go(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path)
    title = "SELECT ?title { ?set a sssom:MappingSet ; dcterms:title ?title }"
    assert [row[0].value for row in Store.load(Project.open(tmp_path)).query(title)] == ["Links to example.com"]


SEVERAL = {
    "cardinality_scope", "creator_id", "creator_label", "curation_rule", "curation_rule_text", "curie_map",
    "extension_definitions", "mapping_set_source", "object_match_field", "object_preprocessing", "see_also",
    "subject_match_field", "subject_preprocessing",
}  # fmt: skip
"""The slots of a set with several values: `multivalued` in `sssom_schema.yaml` of sssom-schema 1.1.0a5.

Readers of SSSOM such as sssom-py fail on a list anywhere else.
"""


@pytest.mark.parametrize("types", [("--their-type", "person"), ()])
def test_a_set_that_was_proposed_has_lists_only_where_sssom_has_several_values(
    tmp_path: Path, types: tuple[str, ...]
) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE.replace("example.com/4", "example.net/4"), *types)
    text = (tmp_path / "data" / "mappings" / "other.sssom.tsv").read_text()
    header = yaml.safe_load("".join(line.removeprefix("#") for line in text.splitlines(True) if line.startswith("#")))
    assert not {name for name, value in header.items() if isinstance(value, list | dict)} - SEVERAL


def test_a_row_that_was_proposed_says_which_dataset_its_thing_comes_from(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--type", "cmq:State")
    link(tmp_path, TABLE.replace("example.com/4", "example.net/4"))
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    rows = read_mappings(path.read_bytes(), path).rows
    assert [row.slots["object_source"][0].value for row in rows] == [
        "https://example.com/",
        "https://example.com/",
        "https://example.net/",
    ]


def test_a_row_that_was_proposed_names_all_by_prefixes_that_the_header_declares(tmp_path: Path) -> None:
    # SSSOM/TSV, section on identifiers: whatever is an EntityReference is written as a CURIE.
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE.replace("https://example.com/3", "http://www.wikidata.org/entity/Q668").replace("4", "4/"))
    assert [(row["subject_id"], row["object_id"], row["object_source"]) for row in cells(tmp_path)] == [
        ("id:ada", "example:1", "example:"),
        ("id:ind", "wd:Q668", "wd:"),
        ("id:topic", "example:4/", "example:"),
    ]


def test_rows_that_are_added_declare_the_prefixes_that_they_need_among_those_that_people_wrote(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--type", "cmq:State")
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    path.write_text(path.read_text().replace("#license", "#see_also: https://a.org/\n#license") + "\n")
    before = path.read_text()
    link(tmp_path, TABLE.replace("example.com/4", "example.net/4"))
    assert [row["object_id"] for row in cells(tmp_path)] == ["example:3", "example:1", "example2:4"]
    assert path.read_text().replace('#  example2: "https://example.net/"\n', "").startswith(before)


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("", "example:3"),
        ("#curie_map:\r\n#    x: https://example.org/x/\r\n", "example:3"),
        ('#curie_map: {"x": "https://example.org/x/"}\n', "https://example.com/3"),
        ('"#curie_map:"\t\n"#  x: https://example.org/x/"\t\n', "https://example.com/3"),
    ],
)
def test_a_header_without_room_for_prefixes_is_left_as_it_is(tmp_path: Path, header: str, written: str) -> None:
    make_project(tmp_path, DATA)
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    path.parent.mkdir()
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    path.write_bytes(f"#mapping_set_id: https://example.org/id/mapping/x\n{header}{columns}".encode())
    assert link(tmp_path, TABLE, "--type", "cmq:State").exit_code == 0
    assert [row["object_id"] for row in cells(tmp_path)] == [written]
    assert [row.object.value for row in read_mappings(path.read_bytes(), path).rows] == ["https://example.com/3"]


def test_check_warns_of_a_link_from_what_the_data_do_not_know(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--type", "cmq:State")
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    rows = path.read_text().replace("\t\t\t\n", "\t\tAda\t\n")
    path.write_text(rows)
    assert "say nothing else" not in CliRunner().invoke(main, ["check", str(tmp_path)]).output
    path.write_text(rows.replace("ind\tIndia", "int\tIndia"))
    found = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert "int, of which the data say nothing else" in found.output and found.exit_code == 0


HEAD = """#mapping_set_id: https://example.org/id/mapping/x
#curie_map:
#  id: https://example.org/id/
#  them: https://example.com/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier
"""


def test_check_names_rows_that_map_a_thing_to_itself_and_those_that_stand_twice(tmp_path: Path) -> None:
    rows = [
        "id:ind\towl:sameAs\tthem:3\tsemapv:MappingReview\t",
        "id:ind\towl:sameAs\tid:ind\tsemapv:MappingReview\t",
        "id:ind\towl:sameAs\tthem:3\tsemapv:LexicalMatching\t",
        "id:ind\towl:sameAs\tthem:3\tsemapv:MappingReview\tNot",
        "id:ind\towl:sameAs\thttps://example.com/3\tsemapv:MappingReview\t",
    ]
    make_project(tmp_path, DATA)
    path = tmp_path / "data/mappings/x.sssom.tsv"
    path.parent.mkdir()
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    told = CliRunner().invoke(main, ["check", str(tmp_path)]).output
    assert f"warning: links: {path}:7: maps <https://example.org/id/ind> to itself. Name the thing of others" in told
    assert f"warning: links: {path}:10: says the same as line 6: the same things, relation and justification." in told
    assert told.count("to itself") == told.count("says the same") == 1


def test_a_second_run_proposes_only_what_is_new_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--type", "cmq:State")
    path = tmp_path / "data" / "mappings" / "other.sssom.tsv"
    edited = path.read_text().replace("owl:sameAs\t\t", "owl:sameAs\tNot\t")
    path.write_text(edited)
    link(tmp_path)
    assert path.read_text().startswith(edited) and len(written(tmp_path)) == 3


def test_what_the_data_link_already_is_not_proposed(tmp_path: Path) -> None:
    make_project(tmp_path, DATA + ":ind owl:sameAs <https://example.com/3> .")
    assert "0 new proposals" in link(tmp_path, TABLE, "--type", "cmq:State").output
    assert not (tmp_path / "data" / "mappings").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("other.tsv", "id\tlabel\nhttps://example.com/3\tIndia\n"),
        ("other.csv", "\ufeffid;label;type\r\nhttps://example.com/3;India;a, b\r\n"),
        ("other.ttl", '<https://example.com/3> <http://www.w3.org/2004/02/skos/core#prefLabel> "India"@en .'),
        ("other.jsonld", '{"@id": "https://example.com/3", "http://xmlns.com/foaf/0.1/name": "India"}'),
    ],
)
def test_the_other_dataset_may_be_any_table_or_rdf(tmp_path: Path, name: str, text: str) -> None:
    make_project(tmp_path, DATA)
    assert link(tmp_path, text, name=name).exit_code == 0
    assert written(tmp_path) == [("ind", "sameAs", "3")]


def test_types_of_theirs_narrow_the_candidates(tmp_path: Path) -> None:
    make_project(tmp_path, DATA)
    link(tmp_path, TABLE, "--their-type", "person", "--predicate", "skos:closeMatch")
    assert written(tmp_path) == [("ada", "closeMatch", "1")]


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        ("label\nIndia\n", (), "other.csv:1: lacks the column id."),
        ("id,label\n", (), "other.csv:1: has the names of columns and no row below them. Add a row for each thing"),
        ("id,label\nhttps://x.org/a,\n", (), "other.csv:1: has no row with a label. Add a row for each thing: its IRI"),
        ("id,label\nindia,India\n", (), "other.csv:2: has the id 'india', which is no IRI."),
        ('id,label\nhttps://x.org/a,"b"c\n', (), "other.csv:2: is no table"),
        (
            TABLE,
            ("--type", "cmq:Nothing"),
            "there is nothing of the type https://w3id.org/communique/ns#Nothing. There are",
        ),
        (
            TABLE,
            ("--their-type", "river", "--their-type", "lake"),
            "other.csv: has nothing of the type river or lake with a name. Its types are person, state",
        ),
        (
            "id,label\nhttps://x.org/a,A\n",
            ("--their-type", "river"),
            "other.csv: has nothing of the type river with a name. It gives none: leave --their-type out",
        ),
        (TABLE, ("--predicate", "same"), "'same' is no IRI"),
        (TABLE, ("--predicate", "skos:exactmatch"), "skos:exactmatch relates no things. Write skos:exactMatch"),
        (TABLE, ("--predicate", "xx:same"), "'xx:same' has a prefix that the project does not declare"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, table: str, options: tuple[str, ...], words: str) -> None:
    make_project(tmp_path, DATA)
    found = link(tmp_path, table, *options)
    assert words in found.output and found.exit_code in (1, 2)


@pytest.mark.parametrize("name", ["data/mappings/other.tsv", "other.tsv", "other.sssom.csv"])
def test_a_mapping_set_that_no_build_would_read_is_refused_with_the_name_that_it_needs(
    name: str, tmp_path: Path
) -> None:
    make_project(tmp_path, DATA)
    result = link(tmp_path, TABLE, "--out", str(tmp_path / name))
    right = (tmp_path / name).with_name("other.sssom.tsv")
    assert (result.exit_code, (tmp_path / name).exists()) == (2, False)
    assert f"Write --out {right}" in result.stderr
