"""Citations: of a version, by a date, in forms that programs read."""

import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import yaml
from pyoxigraph import Dataset, NamedNode, RdfFormat, parse

from communique.descriptions.people import PEOPLE
from communique.formats import HTML
from communique.hosting.plan import type_of
from communique.metadata.authors import Author
from communique.metadata.citations import Citation, Citations, whole_citation
from communique.website.site import Site
from html_pages import Page, read
from made_projects import BASE, build, make_site, text

ATOM = "{http://www.w3.org/2005/Atom}"
DCTERMS = "http://purl.org/dc/terms/"

ABOUT = """
:dataset dcterms:publisher :us ; dcat:version "1.2" ; dcterms:issued "2025-01-02"^^xsd:date ;
    dcterms:modified "2026-11-24"^^xsd:date .
:us foaf:name "Us & Them" . :x rdfs:label "A {thing}"@en .
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, ABOUT)


@pytest.fixture
def citation(site: Site) -> Citation:
    return Citations(site).of(NamedNode("https://example.org/id/x"))


def test_a_thing_is_cited_with_its_dataset_its_version_and_its_date(citation: Citation) -> None:
    assert citation == Citation(
        (Author("Us & Them"),), "Us & Them", "A {thing}", "Made up", "1.2", "2026-11-24", "https://example.org/id/x"
    )


def test_bibtex_escapes_what_it_would_read_as_commands(citation: Citation) -> None:
    assert citation.bibtex == (
        "@misc{x-2026-icagplnw,\n  author = {{Us \\& Them}},\n  title = {{A \\{thing\\}}},\n"
        "  year = {2026},\n  month = {11},\n  publisher = {Us \\& Them},\n"
        "  note = {In: Made up, version 1.2},\n  url = {https://example.org/id/x}\n}\n"
    )


def test_ris_has_one_field_a_line(citation: Citation) -> None:
    assert citation.ris.split("\r\n") == [
        *("TY  - DATA", "AU  - Us & Them,", "TI  - A {thing}", "T2  - Made up", "PY  - 2026", "DA  - 2026/11/24"),
        *("ET  - 1.2", "PB  - Us & Them", "UR  - https://example.org/id/x", "ER  - ", ""),
    ]


def test_csl_json_has_the_names_of_its_schema(citation: Citation) -> None:
    assert json.loads(citation.csl) == [
        {
            "id": "https://example.org/id/x",
            "type": "dataset",
            "author": [{"literal": "Us & Them"}],
            "title": "A {thing}",
            "container-title": "Made up",
            "version": "1.2",
            "publisher": "Us & Them",
            "issued": {"date-parts": [[2026, 11, 24]]},
            "URL": "https://example.org/id/x",
        }
    ]


def test_the_dataset_is_part_of_nothing(site: Site) -> None:
    assert whole_citation(site).whole == Citations(site).of(NamedNode("https://example.org/id/dataset")).whole == ""


def test_what_is_not_said_is_not_cited(tmp_path: Path) -> None:
    found = Citations(make_site(tmp_path, ":x a :X .")).of(NamedNode("https://example.org/id/x"))
    assert "author" not in found.bibtex and "year" not in found.bibtex and "DA  -" not in found.ris
    assert set(json.loads(found.csl)[0]) == {"id", "type", "title", "container-title", "URL"}


def test_a_page_tells_how_to_cite_it(site: Site) -> None:
    page = text(site, "x", HTML)
    assert "Us &amp; Them (2026)" in page and "@misc{x-2026-icagplnw," in page and "TY%20%20-%20DATA" in page


def test_the_citation_of_a_thing_is_saved_as_a_file_in_each_form(tmp_path: Path) -> None:
    title = 'A {thing}: 100 %, 5 < 6 & "so" #1\\\\ Название 名称 é'
    site = make_site(tmp_path, ABOUT.replace("A {thing}", title.replace('"', '\\"')))
    page = Page(text(site, "x", HTML))
    saved = {each.attributes["download"]: each.attributes for each in page.saved}
    cited = Citations(site).of(NamedNode("https://example.org/id/x"))
    assert {name: _held(each["href"]) for name, each in saved.items()} == {
        "x-2026-icagplnw.bib": cited.bibtex,
        "x-2026-icagplnw.ris": cited.ris,
        "x-2026-icagplnw.csl.json": cited.csl,
    }
    assert title.replace("\\\\", "\\") in cited.csl.replace('\\"', '"').replace("\\\\", "\\")
    for name, each in saved.items():
        assert each["href"].startswith(f"data:{each['type']};") and each["type"] == type_of(name)
        assert re.fullmatch(r"data:[^\s<>\"\\^`{|}#&']+", each["href"])


def _held(url: str) -> str:
    return unquote(url.partition(",")[2])


def test_the_page_of_a_dataset_leads_to_the_files_of_its_citation(tmp_path: Path) -> None:
    out = build(tmp_path, ABOUT)
    links = [each.attributes for each in read(out / "dataset.html").all("link", rel="describedby")]
    assert {(each["href"], each["type"]) for each in links} >= {
        (name, type_of(name)) for name in ("citation.bib", "citation.ris", "citation.csl.json")
    }
    contexts = json.loads((out / "linkset.json").read_text())["linkset"]
    (described,) = [each["describedby"] for each in contexts if each["anchor"] == f"{BASE}dataset.html"]
    files = {f"{BASE}citation.{each}" for each in ("bib", "ris", "csl.json")}
    assert files <= {each["href"] for each in described}
    assert not [each for each in read(out / "x.html").links if each.startswith("citation.")]


def test_a_site_has_its_own_citation_in_files(tmp_path: Path) -> None:
    out = build(tmp_path, ABOUT)
    assert (out / "citation.bib").read_text().startswith("@misc{dataset-2026-")
    assert json.loads((out / "citation.csl.json").read_text())[0]["title"] == "Made up"
    assert "TI  - Made up" in (out / "citation.ris").read_text()


def test_all_files_of_a_citation_have_the_same_date(tmp_path: Path) -> None:
    out = build(tmp_path, ABOUT)
    [date] = json.loads((out / "citation.csl.json").read_text())[0]["issued"]["date-parts"]
    assert f'date-released: "{date[0]}-{date[1]:02}-{date[2]:02}"' in (out / "CITATION.cff").read_text()


def test_the_date_of_the_citation_file_is_a_day_that_is_said_where_the_change_is_dated_by_its_month(
    tmp_path: Path,
) -> None:
    dates = ':dataset dcterms:issued "2025-01-02"^^xsd:date ; dcterms:modified "2026-11"^^xsd:gYearMonth .'
    out = build(tmp_path, f":dataset dcterms:publisher :us . :us foaf:name 'Us' . {dates}")
    assert yaml.safe_load((out / "CITATION.cff").read_text())["date-released"] == "2025-01-02"


@pytest.mark.parametrize(
    "made", ["", ":dataset dcterms:creator :me , :you . :me foaf:name 'Ada' . :you foaf:name 'Bo' ."]
)
def test_all_that_a_site_says_of_its_dataset_names_the_same_authors(tmp_path: Path, made: str) -> None:
    out = build(tmp_path, f"{ABOUT} {made} :dataset foaf:homepage <https://example.org/id/> .")
    authors = ["Ada", "Bo"] if made else ["Us & Them"]
    iris = {f"{BASE}me", f"{BASE}you"} if made else {f"{BASE}us"}
    (csl,) = json.loads((out / "citation.csl.json").read_text())
    assert [each["literal"] for each in csl["author"]] == authors
    assert csl["publisher"] == "Us & Them"
    cff = yaml.safe_load((out / "CITATION.cff").read_text())
    assert [each["name"] for each in cff["authors"]] == authors
    assert (cff["title"], cff["version"], cff["url"]) == (csl["title"], csl["version"], csl["URL"])
    ris = (out / "citation.ris").read_text(encoding="utf-8").splitlines()
    assert [line[6:-1] for line in ris if line.startswith("AU")] == authors
    assert f"author = {{{' and '.join('{' + each.replace('&', chr(92) + '&') + '}' for each in authors)}}}" in (
        (out / "citation.bib").read_text(encoding="utf-8")
    )
    page = read(out / "dataset.html")
    (told,) = (json.loads(each.text) for each in page.all("script", type="application/ld+json"))
    creators = told["creator"] if isinstance(told["creator"], list) else [told["creator"]]
    assert {each["@id"] for each in creators} == iris
    assert {each["name"] for each in creators} == set(authors)
    assert {link.attributes["href"] for link in page.all("link", rel="author")} == iris
    dcat = Dataset(parse(path=str(out / "dcat.ttl"), format=RdfFormat.TURTLE))
    (cited,) = [q.object.value for q in dcat if q.predicate.value == DCTERMS + "bibliographicCitation"]
    assert cited in re.sub(r"\s+", " ", page.text)
    assert cited.startswith(f"{', '.join(authors)} (2026). Made up. Version 1.2. ")
    stated = {q.object.value for q in dcat if q.predicate.value == DCTERMS + ("creator" if made else "publisher")}
    assert stated == iris
    feed = ElementTree.parse(out / "feed.atom").getroot()
    assert [each.text for each in feed.findall(f"{ATOM}author/{ATOM}name")] == authors


@pytest.mark.parametrize(
    ("said", "csl", "ris", "cff", "bibtex"),
    [
        (
            'foaf:name "Ada Lovelace" ; foaf:familyName "Lovelace" ; foaf:givenName "Ada"',
            {"family": "Lovelace", "given": "Ada"},
            "Lovelace, Ada",
            {"family-names": "Lovelace", "given-names": "Ada"},
            "{Lovelace}, {Ada}",
        ),
        (
            'a schema:Person ; schema:familyName "张" ; schema:givenName "军" ; rdfs:label "张军"',
            {"family": "张", "given": "军"},
            "张, 军",
            {"family-names": "张", "given-names": "军"},
            "{张}, {军}",
        ),
        (
            'a foaf:Person ; foaf:name "Lovelace, Ada"',
            {"family": "Lovelace", "given": "Ada"},
            "Lovelace, Ada",
            {"family-names": "Lovelace", "given-names": "Ada"},
            "{Lovelace}, {Ada}",
        ),
        (
            'a foaf:Person ; foaf:name "Zhang Jun"',
            {"literal": "Zhang Jun"},
            "Zhang Jun",
            {"family-names": "Zhang Jun"},
            "{Zhang Jun}",
        ),
        *(
            (
                said,
                {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
                "King, Martin Luther, Jr.",
                {"family-names": "King", "given-names": "Martin Luther", "name-suffix": "Jr."},
                "{King}, {Jr.}, {Martin Luther}",
            )
            for said in (
                'a foaf:Person ; foaf:name "Martin Luther King, Jr."',
                'a foaf:Person ; foaf:name "King, Martin Luther, Jr."',
                'a foaf:Person ; foaf:name "King, Jr., Martin Luther"',
                'foaf:name "Martin Luther King, Jr." ; foaf:familyName "King" ; foaf:givenName "Martin Luther"',
            )
        ),
        *(
            (
                said,
                {"family": "Roe", "given": "Jane", "suffix": "MD, PhD"},
                "Roe, Jane, MD, PhD",
                {"family-names": "Roe", "given-names": "Jane", "name-suffix": "MD, PhD"},
                "{Roe}, {MD, PhD}, {Jane}",
            )
            for said in (
                'a foaf:Person ; foaf:name "Jane Roe, MD, PhD"',
                'foaf:familyName "Roe, MD, PhD" ; foaf:givenName "Jane"',
            )
        ),
        (
            'a foaf:Person ; foaf:name "Jane Roe, Dr. med."',
            {"literal": "Jane Roe, Dr. med."},
            "Jane Roe, Dr. med.",
            {"family-names": "Jane Roe, Dr. med."},
            "{Jane Roe, Dr. med.}",
        ),
        (
            'foaf:name "Stephen King, Jr." ; foaf:familyName "King, Jr." ; foaf:givenName "Stephen"',
            {"family": "King", "given": "Stephen", "suffix": "Jr."},
            "King, Stephen, Jr.",
            {"family-names": "King", "given-names": "Stephen", "name-suffix": "Jr."},
            "{King}, {Jr.}, {Stephen}",
        ),
        (
            'a foaf:Person ; foaf:name "Smith Jones, AB"',
            {"literal": "Smith Jones, AB"},
            "Smith Jones, AB",
            {"family-names": "Smith Jones, AB"},
            "{Smith Jones, AB}",
        ),
        (
            'a foaf:Organization ; foaf:name "King, Jr."',
            {"literal": "King, Jr."},
            "King, Jr.,",
            {"name": "King, Jr."},
            "{King, Jr.}",
        ),
        (
            'a foaf:Organization ; foaf:name "Office of Trees, and Lakes"',
            {"literal": "Office of Trees, and Lakes"},
            "Office of Trees, and Lakes,",
            {"name": "Office of Trees, and Lakes"},
            "{Office of Trees, and Lakes}",
        ),
    ],
    ids=[
        *("family and given name", "family name first", "comma", "whole name"),
        *(f"suffix {where}" for where in ("spoken", "sorted", "as in BibTeX", "beside the parts")),
        *(
            "two suffixes",
            "two in the family name",
            "a title that is not known",
            "suffix in the family name",
            "initials or degrees",
            "suffix of no person",
        ),
        "institution",
    ],
)
def test_people_are_cited_as_people_and_institutions_as_institutions(
    tmp_path: Path, said: str, csl: dict[str, str], ris: str, cff: dict[str, str], bibtex: str
) -> None:
    out = build(tmp_path, f":dataset dcterms:creator :who . :who {said} .")
    assert json.loads((out / "citation.csl.json").read_text())[0]["author"] == [csl]
    assert f"AU  - {ris}" in (out / "citation.ris").read_text(encoding="utf-8").splitlines()
    assert yaml.safe_load((out / "CITATION.cff").read_text())["authors"] == [cff]
    assert f"author = {{{bibtex}}}" in (out / "citation.bib").read_text(encoding="utf-8")


def test_whoever_names_are_compared_as_those_of_a_person_is_cited_as_one(tmp_path: Path) -> None:
    people = " . ".join(f":dataset dcterms:creator :p{n} . :p{n} a <{cls}>" for n, cls in enumerate(sorted(PEOPLE)))
    names = " . ".join(f':p{n} rdfs:label "Ada{n} Lovelace"@en' for n in range(len(PEOPLE)))
    out = build(tmp_path, f"{people} . {names} .")
    authors = yaml.safe_load((out / "CITATION.cff").read_text())["authors"]
    assert len(authors) == len(PEOPLE) and all(author.keys() == {"family-names"} for author in authors)


def test_a_person_without_a_label_is_cited_by_the_parts_of_the_name(tmp_path: Path) -> None:
    site = make_site(tmp_path, ':dataset dcterms:creator [ foaf:familyName "Lovelace" ; foaf:givenName "Ada" ] .')
    assert whole_citation(site).text.startswith("Ada Lovelace. Made up. ")


NAMELESS = (
    *('""', "[ foaf:mbox <mailto:a@b.example> ]", '[ a foaf:Person ; foaf:name "" ]'),
    "<https://orcid.org/0000-0002-1825-0097>",
)


@pytest.mark.parametrize("nameless", NAMELESS)
def test_whoever_has_no_name_is_cited_nowhere(tmp_path: Path, nameless: str) -> None:
    out = build(tmp_path / "alone", f":dataset dcterms:creator {nameless} .")
    assert not (out / "CITATION.cff").exists() and "author" not in (out / "citation.bib").read_text()
    (told,) = (json.loads(each.text) for each in read(out / "dataset.html").all("script", type="application/ld+json"))
    assert '"name": ""' not in json.dumps(told) and "[ ]" not in json.dumps(told)
    out = build(tmp_path / "beside", f':dataset dcterms:creator {nameless}, "Ann" .')
    assert yaml.safe_load((out / "CITATION.cff").read_text())["authors"] == [{"name": "Ann"}]
    out = build(tmp_path / "published", f':dataset dcterms:creator {nameless} ; dcterms:publisher "City" .')
    assert json.loads((out / "citation.csl.json").read_text())[0]["author"] == [{"literal": "City"}]


def test_a_publisher_who_is_a_person_is_one_for_search_engines(tmp_path: Path) -> None:
    out = build(tmp_path, ":dataset dcterms:publisher :ada . :ada a foaf:Person ; foaf:name 'Ada' .")
    (told,) = (json.loads(each.text) for each in read(out / "dataset.html").all("script", type="application/ld+json"))
    assert told["creator"] == {"@type": "Person", "@id": f"{BASE}ada", "name": "Ada"}


def test_things_whose_iris_end_alike_have_different_keys(tmp_path: Path) -> None:
    cited = Citations(make_site(tmp_path, "<https://example.org/id/a/x> a :X . <https://example.org/id/b/x> a :X ."))
    keys = {cited.of(NamedNode(f"{BASE}{each}/x")).bibtex.split(",")[0] for each in "ab"}
    assert len(keys) == 2 and all(re.fullmatch(r"@misc\{x-[a-z2-7]{8}", each) for each in keys)


def test_where_nobody_is_known_there_is_no_citation_file_for_it_would_need_an_author(tmp_path: Path) -> None:
    out = build(tmp_path, "")
    assert not (out / "CITATION.cff").exists() and (out / "citation.bib").exists()
