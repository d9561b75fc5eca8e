"""A whole site, from its assets to its last page."""

import hashlib
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from communique.errors import ProjectError
from communique.project import Project
from communique.publication.publishing import publish
from communique.shacl.validation import ValidationReport
from communique.store import Store
from communique.website.site import Site
from html_pages import dead_links, pages
from made_projects import build, make_site

DATA = """
:ada a foaf:Person ; rdfs:label "Ada"@en ; foaf:knows :charles .
GRAPH :e1 { :charles a foaf:Person ; rdfs:label "Charles"@en . }
:e1 a cmq:Passage ; rdfs:label "E1"@en .
:ns a owl:Ontology ; rdfs:label "Words"@en .
<https://example.org/id/ns#Engine> a owl:Class ; rdfs:label "engine"@en .
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"), DATA)


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "404.html",
        "report.html",
        "report.ttl",
        "context.jsonld",
        "ada.html",
        "ada.ttl",
        "ada.jsonld",
        "ns.html",
        "ns.ttl",
        "ns/Engine.html",
        "classes/person.html",
        "dumps/data.nq",
        "dumps/data.trig",
        "dumps/data.ttl",
        "dumps/data.nt",
        "dumps/data.jsonld",
    ],
)
def test_a_site_has_its_files(site: Path, path: str) -> None:
    assert (site / path).is_file()


def test_two_builds_have_the_same_bytes(site: Path, tmp_path: Path) -> None:
    assert hashes(build(tmp_path, DATA)) == hashes(site)


def test_every_page_is_well_formed(site: Path) -> None:
    assert {name: page.faults for name, page in pages(site).items() if page.faults} == {}


def test_no_link_is_dead(site: Path) -> None:
    assert dead_links(site, {name: page for name, page in pages(site).items() if name != "404.html"}) == []


def test_assets_are_named_by_their_content(site: Path) -> None:
    (style,) = (site / "assets").glob("site.*.css")
    assert style.name.split(".")[1] == hashlib.sha256(style.read_bytes()).hexdigest()[:10]


def test_the_missing_page_has_the_look_of_the_site_from_whatever_folder_it_is_shown_in(site: Path) -> None:
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "<style" not in text
    addresses = set(re.findall(r'(?<![-\w])(?:href|src|action)="([^"#?:]+)"', text))
    assert "/index.html" in addresses
    assert any(each.startswith("/assets/site.") for each in addresses)
    assert {each for each in addresses if not (each.startswith("/") and (site / each[1:]).is_file())} == set()


def test_the_missing_page_of_a_site_below_a_folder_leads_into_that_folder(tmp_path: Path) -> None:
    stands = "<https://example.org/d> <http://www.w3.org/ns/dcat#landingPage> <https://host.example/below/it/> ; a "
    text = (build(tmp_path, f"{DATA}{stands} dcat:Dataset .") / "404.html").read_text(encoding="utf-8")
    addresses = set(re.findall(r'(?<![-\w])(?:href|src|action)="([^"#?:]+)"', text))
    assert "/below/it/index.html" in addresses
    assert {each for each in addresses if not each.startswith("/below/it/")} == set()


def test_turtle_and_jsonld_of_a_thing_are_one_graph(site: Path) -> None:
    turtle = set(parse((site / "ada.ttl").read_bytes(), RdfFormat.TURTLE))
    assert turtle == set(parse((site / "ada.jsonld").read_bytes(), RdfFormat.JSON_LD))


def test_turtle_and_jsonld_of_an_ontology_are_one_graph(site: Path) -> None:
    turtle = set(parse((site / "ns.ttl").read_bytes(), RdfFormat.TURTLE))
    assert turtle == set(parse((site / "ns.jsonld").read_bytes(), RdfFormat.JSON_LD))


def test_the_dump_holds_the_graphs(site: Path) -> None:
    names = {str(quad.graph_name) for quad in parse((site / "dumps/data.nq").read_bytes(), RdfFormat.N_QUADS)}
    assert names == {"DEFAULT", "<https://example.org/id/e1>"}


def test_dumps_are_written_where_the_data_say(tmp_path: Path) -> None:
    distribution = """
        :dataset dcat:distribution :nq .
        :nq a dcat:Distribution ; dcat:mediaType <https://www.iana.org/assignments/media-types/application/n-quads> ;
            dcat:downloadURL <https://example.org/id/dumps/all.nq> .
    """
    assert (build(tmp_path, distribution) / "dumps/all.nq").is_file()


def test_a_download_that_the_data_name_is_linked_to(tmp_path: Path) -> None:
    built = build(tmp_path, ":nq dcat:downloadURL <https://example.org/id/dumps/data.nq> .")
    assert "dumps/data.nq" in pages(built)["nq.html"].links


@pytest.mark.parametrize("url", ["dumps/../../x.nq", "dumps/a/b.nq", "dumps/.hidden", "x.nq", "dumps/"])
def test_dumps_are_written_nowhere_else(tmp_path: Path, url: str) -> None:
    distribution = f"""
        :dataset dcat:distribution :nq .
        :nq dcat:mediaType "application/n-quads" ; dcat:downloadURL <https://example.org/id/{url}> .
    """
    assert (build(tmp_path, distribution) / "dumps/data.nq").is_file()


def test_a_second_build_shares_what_did_not_change(tmp_path: Path) -> None:
    site = make_site(tmp_path, DATA)
    first = publish(site, report=ValidationReport(), out=tmp_path / "public")
    second = publish(site, report=ValidationReport(), out=tmp_path / "public")
    assert (first.unchanged, second.unchanged) == (0, first.files)


def test_a_template_with_a_slip_leaves_the_former_site(tmp_path: Path) -> None:
    before = hashes(build(tmp_path, DATA))
    with pytest.raises(ProjectError):
        build(tmp_path, DATA, site__templates__resource_html="{% if %}")
    assert hashes(tmp_path / "public") == before


def test_a_site_works_with_no_shapes_and_no_words_about_itself(tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text("<https://ex.org/a> <https://ex.org/p> <https://ex.org/b> .\n")
    project = Project.open(tmp_path / "data.nt")
    publish(Site(project, Store.load(project)), report=ValidationReport(), out=tmp_path / "public")
    assert (tmp_path / "public/a.html").is_file()
