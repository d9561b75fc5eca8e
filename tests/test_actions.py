"""What a reader can do with a page: report a mistake, mend the source."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from communique.errors import ProjectError
from communique.website.origins import origins_of
from html_pages import Page
from made_projects import BASE, html, make_project, make_site

REPORT = '[links]\nreport = "https://bugs.example.org/new?title={title}&body={iri}%20{file}:{line}"\n'
SOURCE = '[links]\nsource = "https://code.example.org/blob/main/{file}#L{line}"\n'
ADA = ':ada a foaf:Person ; rdfs:label "Ada & co"@en .\n'


def ada(tmp_path: Path, settings: str, **files: str) -> Page:
    return html(make_site(tmp_path, ADA, site__site_toml=settings, **files), "ada")


def outward(page: Page) -> list[str]:
    return [link.attributes["href"] for link in page.all("a", class_="out")]


def line_of(tmp_path: Path, start: str) -> int:
    lines = (tmp_path / "data" / "data.trig").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_without_settings_nothing_is_offered(tmp_path: Path) -> None:
    page = ada(tmp_path, "")
    assert "Report a mistake" not in page.text and "Edit the source" not in page.text


def test_a_report_names_the_thing_and_the_line(tmp_path: Path) -> None:
    page = ada(tmp_path, REPORT)
    about = "https%3A%2F%2Fexample.org%2Fid%2Fada%20data%2Fdata.trig"
    line = line_of(tmp_path, ":ada")
    assert f"https://bugs.example.org/new?title=Ada%20%26%20co&body={about}:{line}" in outward(page)


def test_the_source_opens_at_the_line(tmp_path: Path) -> None:
    page = ada(tmp_path, SOURCE)
    assert f"https://code.example.org/blob/main/data/data.trig#L{line_of(tmp_path, ':ada')}" in outward(page)


def test_every_file_that_speaks_of_a_thing_is_offered(tmp_path: Path) -> None:
    page = ada(tmp_path, SOURCE, data__more_ttl=f"<{BASE}ada> <{BASE}p> 1 .")
    assert "https://code.example.org/blob/main/data/more.ttl#L1" in outward(page)


def test_lines_in_texts_and_graphs_are_counted_right(tmp_path: Path) -> None:
    lines = [f"@prefix : <{BASE}> .", ":g {", "  :a :p '''", ":b :p 1 .", "''' .", "", "  :b :p :a ;"]
    text = "\n".join([*lines, "    :q [ :r 1 ] .", "}", "# :c", ":c :p :a ."])
    origins = origins_of(make_project(tmp_path, data__more_trig=text))
    found = {name: [each.line for each in origins[BASE + name] if each.file == "data/more.trig"] for name in "abc"}
    assert found == {"a": [3], "b": [7], "c": [11]}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[links]\nreport = "javascript:alert({iri})"', "links.report: must be an http"),
        ('[links]\nreport = "https://example.org/{name}"', "has the place {name}"),
        ('[links]\nsource = "https://example.org/{iri}"', "has the place {iri}"),
        ('[links]\nwiki = "https://example.org/"', "links.wiki: is unknown"),
    ],
)
def test_wrong_patterns_are_told(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        make_project(tmp_path, ADA, site__site_toml=settings)


def test_an_iri_cannot_break_out_of_a_pattern(tmp_path: Path) -> None:
    site = make_site(tmp_path, "<https://example.org/id/a&x=y> a :T .", site__site_toml=REPORT)
    (link,) = [link for link in outward(html(site, "a&x=y")) if link.startswith("https://bugs")]
    assert link.count("&") == 1


def test_a_query_about_the_thing_is_ready(tmp_path: Path) -> None:
    site = make_site(tmp_path, ADA)
    (link,) = [link for link in html(site, "ada").links if "#query=" in link]
    address, _, query = link.partition("#query=")
    answers = list(site.store.query(unquote(query)))
    assert address == "sparql.html" and {str(answer["value"]) for answer in answers} >= {'"Ada & co"@en'}
