"""The overview for programs that read text, in the form of llmstxt.org."""

import re
from pathlib import Path

import pytest

from communique.metadata.llms import llms
from communique.publication.building import build
from communique.publication.progress import Progress
from made_projects import make_project, make_site

DATA = """
:dataset dcterms:description "What it is"@en ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
:C a rdfs:Class . :a a :C ; rdfs:label "A"@en ; dcterms:modified "2026-01-01"^^xsd:date .
"""
LINE = re.compile(r"- \[([^\]]+)\]\(([^)\s]+)\)(?:: (.+))?")


def sections(text: str) -> dict[str, dict[str, str]]:
    """Return the links of each section by their addresses, having read the file as the proposal says."""
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    assert re.fullmatch(r"# [^\n]+\n\n(> [^\n]+\n\n)?(?:[^#>\n-][^\n]*\n\n?)+", head)
    found: dict[str, dict[str, str]] = {}
    for part in parts:
        name, _, lines = part.partition("\n\n")
        links = [LINE.fullmatch(line) for line in lines.strip().splitlines()]
        assert all(links), part
        found[name] = {each[2]: each[3] or "" for each in links if each}
    return found


@pytest.mark.parametrize("served", [False, True])
def test_it_has_the_sections_of_the_proposal_the_optional_one_last(tmp_path: Path, served: bool) -> None:
    text = llms(make_site(tmp_path, DATA, site__pages__about_md="# About us\n"), served=served)
    assert text.startswith("# Made up\n\n> What it is\n\n")
    found = sections(text)
    assert list(found) == ["Queries", "Names and links", "Data", "Classes", "Pages", "Optional"]
    assert found["Classes"]["classes/c.html"] == "https://example.org/id/C"
    assert found["Pages"] == {"about.html": ""}
    assert "stands beside `x.ttl`" in text and "that of an IRI with `#` names in its head" in text
    assert {"downloads.html", "dcat.ttl", "void.ttl"} <= found["Data"].keys()
    assert {"link.html", "labels.csv"} <= found["Names and links"].keys()


def test_what_a_server_answers_is_a_link_only_where_one_is(tmp_path: Path) -> None:
    site = make_site(tmp_path, DATA)
    static, served = llms(site, served=False), llms(site, served=True)
    answered = {"Queries": {"sparql"}, "Names and links": {"reconcile", "lookup?uri=", "label/"}}
    for name, urls in answered.items():
        assert urls <= sections(served)[name].keys()
        assert urls.isdisjoint(sections(static)[name])
    assert "sparql.html" in sections(static)["Queries"]
    assert "only where `communique serve`" in static and "communique serve" not in served


@pytest.mark.parametrize("snapshot", [False, True])
def test_a_build_for_a_server_names_what_it_answers(tmp_path: Path, snapshot: bool) -> None:
    build(make_project(tmp_path, DATA), out=tmp_path / "public", progress=Progress(quiet=True), snapshot=snapshot)
    text = (tmp_path / "public/llms.txt").read_text(encoding="utf-8")
    found = {url for links in sections(text).values() for url in links}
    answered = {"sparql", "reconcile", "lookup?uri=", "label/"}
    assert found & answered == (answered if snapshot else set())
    assert [url for url in found - answered if not (tmp_path / "public" / url).is_file()] == []


def test_formats_are_those_of_the_settings(tmp_path: Path) -> None:
    text = llms(make_site(tmp_path, DATA, site__site_toml='formats = ["turtle", "nquads"]'), served=False)
    assert "beside `x.ttl` and `x.nq`, which" in text


@pytest.mark.parametrize(("count", "words"), [(0, "1 thing in 3 triples"), (1000, "1,001 things in 1,003 triples")])
def test_numbers_are_written_as_pages_write_them(tmp_path: Path, count: int, words: str) -> None:
    data = "".join(f':a{number} rdfs:label "A" .' for number in range(count))
    assert f" The data hold {words}." in llms(make_site(tmp_path, data), served=False)
