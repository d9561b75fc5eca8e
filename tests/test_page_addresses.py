"""Links to things of others by the names that their authorities give them, not by the addresses of pages."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from communique.alignment.page_addresses import named_properly
from communique.cli import main
from made_projects import make_project

HEAD = """#mapping_set_id: https://example.org/id/mapping/x
#curie_map:
#  id: https://example.org/id/
#  page: https://www.wikidata.org/wiki/
subject_id\tpredicate_id\tobject_id\tmapping_justification
"""
INDIA = ':india a cmq:State ; rdfs:label "India"@en .\n'


@pytest.mark.parametrize(
    ("address", "iri"),
    [
        ("https://www.wikidata.org/wiki/Q668", "http://www.wikidata.org/entity/Q668"),
        ("https://www.wikidata.org/wiki/Q668#P31", "http://www.wikidata.org/entity/Q668"),
        ("https://www.wikidata.org/entity/Q668", "http://www.wikidata.org/entity/Q668"),
        ("http://m.wikidata.org/wiki/Q668?uselang=ru", "http://www.wikidata.org/entity/Q668"),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q668.ttl", "http://www.wikidata.org/entity/Q668"),
        ("https://www.wikidata.org/wiki/Property:P31", "http://www.wikidata.org/entity/P31"),
        ("https://viaf.org/viaf/77390479/", "http://viaf.org/viaf/77390479"),
        ("http://www.viaf.org/viaf/77390479/rdf.xml", "http://viaf.org/viaf/77390479"),
        ("https://www.geonames.org/1269750/india.html", "https://sws.geonames.org/1269750/"),
        ("http://sws.geonames.org/1269750/", "https://sws.geonames.org/1269750/"),
        ("https://sws.geonames.org/1269750/about.rdf", "https://sws.geonames.org/1269750/"),
        ("http://d-nb.info/gnd/4026722-2", "https://d-nb.info/gnd/4026722-2"),
        ("https://d-nb.info/gnd/4026722-2/about/lds", "https://d-nb.info/gnd/4026722-2"),
        ("https://explore.gnd.network/gnd/4026722-2", "https://d-nb.info/gnd/4026722-2"),
        ("https://id.loc.gov/authorities/names/n79021164.html", "http://id.loc.gov/authorities/names/n79021164"),
        ("https://id.loc.gov/vocabulary/countries/ii", "http://id.loc.gov/vocabulary/countries/ii"),
        ("http://www.isni.org/isni/0000000121032683", "https://isni.org/isni/0000000121032683"),
        ("http://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
    ],
)
def test_a_page_or_another_spelling_has_one_proper_name(address: str, iri: str) -> None:
    assert named_properly(address) is not None
    assert (named_properly(address) or ("", ""))[1] == iri and named_properly(iri) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.wikidata.org/wiki/Wikidata:Main_Page",
        "http://www.wikidata.org/entity/statement/Q668-1",
        "http://www.wikidata.org/prop/direct/P31",
        "https://en.wikipedia.org/wiki/Q668",
        "https://www.wikidata.org.example.com/wiki/Q668",
        "https://www.geonames.org/ontology#P",
        "http://id.loc.gov/datatypes/edtf/EDTF",
        "https://viaf.org/",
    ],
)
def test_what_is_no_page_about_a_thing_is_left_alone(address: str) -> None:
    assert named_properly(address) is None


def checked(folder: Path) -> str:
    return CliRunner().invoke(main, ["check", str(folder)]).output


def test_a_link_to_a_page_is_told_with_its_line_and_the_right_iri(tmp_path: Path) -> None:
    make_project(tmp_path, INDIA + ":india owl:sameAs\n <https://www.wikidata.org/wiki/Q668> .")
    told = checked(tmp_path)
    path = tmp_path / "data" / "data.trig"
    line = len(path.read_text().splitlines())
    assert f"warning: links: {path}:{line}" in told and "Write <http://www.wikidata.org/entity/Q668>." in told


def test_plain_files_are_judged_too(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n<#a> owl:sameAs <http://orcid.org/0000-0002-1825-0097> ."
    )
    (tmp_path / "s.ttl").write_text("")
    found = CliRunner().invoke(main, ["check", str(tmp_path / "a.ttl"), "--shapes", str(tmp_path / "s.ttl")])
    assert "a.ttl:2: says owl:sameAs <http://orcid.org/0000-0002-1825-0097>" in found.output


def test_a_mapping_to_a_page_is_told_with_its_row_once(tmp_path: Path) -> None:
    make_project(tmp_path, INDIA)
    (tmp_path / "data" / "mappings").mkdir()
    row = "id:india\t{}\tpage:Q668\tsemapv:{}\n"
    rows = row.format("owl:sameAs", "ManualMappingCuration") + row.format("skos:exactMatch", "LexicalMatching")
    (tmp_path / "data" / "mappings" / "x.sssom.tsv").write_text(HEAD + rows)
    told = checked(tmp_path)
    assert told.count("Write <http://www.wikidata.org/entity/Q668>.") == 2
    assert "x.sssom.tsv:6: says owl:sameAs" in told and "x.sssom.tsv:7: says skos:exactMatch" in told


def test_schema_org_links_to_pages_by_design(tmp_path: Path) -> None:
    make_project(tmp_path, INDIA + ":india <https://schema.org/sameAs> <https://www.wikidata.org/wiki/Q668> .")
    assert "is not how Wikidata names" not in checked(tmp_path)


def test_a_table_of_pages_is_matched_by_the_names_of_their_things(tmp_path: Path) -> None:
    make_project(tmp_path, INDIA)
    (tmp_path / "w.csv").write_text("id,label\nhttps://www.wikidata.org/wiki/Q668,India\n")
    CliRunner().invoke(main, ["link", str(tmp_path / "w.csv"), "--project", str(tmp_path)])
    written = (tmp_path / "data" / "mappings" / "w.sssom.tsv").read_text()
    assert "wd:Q668" in written or "<http://www.wikidata.org/entity/Q668>" in written
    assert "wikidata.org/wiki" not in written
