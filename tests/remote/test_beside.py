"""What our own endpoint holds beside the data describes them, and is none of them for who reads the endpoint."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.live.frame import guess
from communique.live.making import Maker
from communique.live.searching import search
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.remote.beside import Beside
from communique.remote.harvest import extent
from communique.remote.service import Service
from communique.remote.store import RemoteStore
from communique.store import Store
from services import Manners, endpoint, has_virtuoso, held, mannered, virtuoso

ROOT = "https://p.example/"
PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""
PEOPLE = """
<https://p.example/id/ada> a foaf:Person ; foaf:name "Ada"@en ; foaf:made [ foaf:name "Notes" ] ;
  owl:sameAs <http://www.wikidata.org/entity/Q7259> .
<https://p.example/id/bob> a foaf:Person ; foaf:name "Bob" ; owl:sameAs <http://dbpedia.org/resource/Bob> .
<https://p.example/id/bob#him> foaf:name "Him" .
"""
STATED = """
<https://p.example/> a void:Dataset ; dcterms:title "People"@en ; void:uriSpace "https://p.example/" ;
  dcterms:publisher <https://p.example/id/ada> ; dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""
KINDS = {"stated": PREFIXES + STATED + PEOPLE, "silent": PREFIXES + PEOPLE}
SETTINGS = 'languages = ["en"]\nmenu = [{ link = "sparql", label = { en = "Query" } }]\n'
MORE = re.compile(r'<p><a href="[./]*link[.a-z]*">[^<]*</a></p>\n')
"""The link to a page that tells of files which only a build writes."""
DESCRIBING = ("void.ttl", "void.ttl/endpoint", "queries.ttl", "queries.ttl/size", "classes/linkset")


def project_at(folder: Path, text: str = "") -> Path:
    (folder / "site").mkdir(parents=True)
    (folder / "site/site.toml").write_text(SETTINGS, encoding="utf-8")
    if text:
        (folder / "data").mkdir()
        (folder / "data/people.ttl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=[(where, kind) for where in ("ours", "another", "Virtuoso") for kind in KINDS])
def served(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A project and the address of a service that holds what our own endpoint does."""
    where, kind = request.param
    folder = tmp_path_factory.mktemp("beside")
    project = project_at(folder / "people", KINDS[kind])
    root = ROOT if kind == "stated" else ROOT + "id/"
    quads = held(project, root=root)
    with ExitStack() as stack:
        if where == "ours":
            yield project, stack.enter_context(endpoint(quads, folder / "served"))
        elif where == "another":
            yield project, stack.enter_context(mannered(quads, Manners()))
        elif has_virtuoso():
            default, loaded = ox.DefaultGraph(), ox.NamedNode("https://loaded.example/graph")
            named = [ox.Quad(*each.triple, loaded) if each.graph_name == default else each for each in quads]
            nquads = (ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b"").decode()
            yield project, stack.enter_context(virtuoso(nquads, folder / "virtuoso", rows=10_000))
        else:
            pytest.skip("virtuoso-opensource-7-bin is not installed")


@pytest.fixture
def service(served: tuple[Path, str]) -> Iterator[Service]:
    with closing(Service(served[1])) as service:
        yield service


@pytest.fixture(scope="module")
def maker(served: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    empty = Project.open(project_at(tmp_path_factory.mktemp("project") / "empty"), may_be_empty=True)
    with closing(Service(served[1])) as service:
        yield Maker(empty, service)


def test_the_quads_of_the_data_alone_are_read(served: tuple[Path, str], service: Service) -> None:
    expected = list(Store.load(Project.open(served[0])).quads())
    store = RemoteStore(service)
    assert len(list(store.quads())) == len(store) == len(expected)
    assert {quad.subject for quad in store.quads() if isinstance(quad.subject, ox.NamedNode)} == {
        quad.subject for quad in expected if isinstance(quad.subject, ox.NamedNode)
    }


def test_a_graph_that_is_named_is_read_even_so(served: tuple[Path, str], service: Service) -> None:
    graphs = [name.value for name in RemoteStore(service).graph_names() if name.value.endswith("void.ttl")]  # type: ignore[union-attr]
    store = RemoteStore(service, only=tuple(graphs))
    assert store.beside == Beside()
    assert len(list(store.quads())) > 20


@pytest.mark.parametrize("stem", ["id/ada", "id/bob", "classes/person"])
def test_a_page_is_that_of_a_build_from_files(served: tuple[Path, str], maker: Maker, stem: str) -> None:
    if maker.site.catalog.base != ROOT:
        stem = stem.removeprefix("id/")
    made = maker.make(stem) or {}
    files = {path.relative_to(served[0] / "public").as_posix() for path in (served[0] / "public").glob(f"{stem}.*")}
    assert sorted(made) == sorted(files) != []
    for name, content in made.items():
        if name.endswith((".html", ".ttl")):
            assert content.decode() == MORE.sub("", (served[0] / "public" / name).read_text(encoding="utf-8")), name


def test_the_home_page_tells_what_the_data_are_called_and_how_many_things_there_are(
    served: tuple[Path, str], maker: Maker
) -> None:
    def numbers(page: str) -> str:
        return page.partition('<dl class="numbers">')[2].partition("</dl>")[0]

    made = (maker.make("index") or {})["index.html"].decode()
    built = (served[0] / "public/index.html").read_text(encoding="utf-8")
    assert numbers(made) == numbers(built) != ""
    assert built.partition("<title>")[2].partition("<")[0] in ("People", "people")
    assert made.partition("</title>")[0] == built.partition("</title>")[0]
    assert "classes/person.html" in made and "linkset" not in made
    assert guess(maker.site) == ""


@pytest.mark.parametrize("stem", DESCRIBING)
def test_the_description_has_no_page_and_is_not_found(maker: Maker, stem: str) -> None:
    assert maker.make(stem) is None
    assert search(maker, "endpoint", language="en").found == ()


def test_a_build_from_the_endpoint_is_the_site_from_files(
    served: tuple[Path, str], service: Service, tmp_path: Path
) -> None:
    store, quiet = RemoteStore(service), Progress(quiet=True)
    empty = Project.open(project_at(tmp_path / "empty"), may_be_empty=True)
    named = empty.told(title=store.beside.title, base=store.beside.base)
    build(named, out=tmp_path / "from-service", progress=quiet, more=store.quads())
    build(Project.open(served[0]), out=tmp_path / "from-files", progress=quiet)
    found, expected = (
        {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (tmp_path / "from-service", tmp_path / "from-files")
    )
    assert sorted(found) == sorted(expected)
    if extent(service).unnamed:  # Virtuoso has no unnamed graph
        assert [name for name in found if found[name] != expected[name]] == ["report.html"]
