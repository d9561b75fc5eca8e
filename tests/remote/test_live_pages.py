"""Pages made on request over a service: the same bytes as those of a build, from as much as they need and no more."""

import gc
import io
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.live import blank_nodes, counting, frame, gathering, lists, reader, steps, subjects
from communique.live.excerpt import Demand, Excerpt
from communique.live.frame import guess
from communique.live.making import Maker
from communique.live.steps import TooMuch
from communique.page_contents import class_pages, overviews
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.remote.service import Reply, Service, ServiceError
from communique.remote.store import RemoteStore
from communique.website import arrivals
from services import Manners, endpoint, has_virtuoso, held, mannered, virtuoso

LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
COLOURS = ("blue", "red")
DATA = (
    """
PREFIX cmq: <https://w3id.org/communique/ns#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/id/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX skosxl: <http://www.w3.org/2008/05/skos-xl#>
PREFIX swrl: <http://www.w3.org/2003/11/swrl#>
PREFIX void: <http://rdfs.org/ns/void#>
GRAPH ex:about {
  ex:people a dcat:Dataset ; dcterms:title "People"@en ; void:uriSpace "https://example.org/id/" .
  ex:passage a cmq:Register ; rdfs:label "Register 1"@en ; dcterms:description "Ada knew Charles."@en .
}
GRAPH ex:oddities { <https://example.org/id/Odd:Name> rdfs:label "An odd name"@en ; ex:home ex:somewhere .
  ex:somewhere rdfs:label "Somewhere"@en . }
GRAPH ex:passage { ex:ada foaf:knows ex:charles . }
GRAPH ex:register {
  ex:ada a foaf:Person ; rdfs:label "Ada Lovelace"@en, "Ада Лавлейс"@ru ; foaf:knows ex:charles ;
    foaf:made [ foaf:name "Notes" ; foaf:maker [ foaf:name "A. A. L." ] ] ; ex:list ( ex:one "two" ex:three ex:four ) .
  ex:charles a foaf:Person ; rdfs:label "Charles Babbage"@en ; ex:home ex:london .
  ex:london rdfs:label "London"@en ; ex:in ex:england . ex:england rdfs:label "England"@en .
  ex:one rdfs:label "One"@en . ex:three rdfs:label "Three"@en .
  ex:doc rdfs:label "A document"@en ; rdfs:seeAlso ex:doc\\#part . ex:doc\\#part rdfs:label "Its part"@en .
  ex:cats\\#tom rdfs:label "Tom"@en ; foaf:knows ex:cats\\#kit . ex:cats\\#kit rdfs:label "Kit"@en .
  <https://example.org/id/looked?id=7> rdfs:label "Looked up"@en ; foaf:knows ex:cats\\#tom .
  <https://example.org/id/folder/#in> rdfs:label "In a folder"@en .
  [] ex:about ex:london ; ex:says "a big town" .
  ex:round ex:has _:a . _:a ex:next _:b . _:b ex:next _:a ; ex:about ex:england .
  ex:wheat a skos:Concept ; skosxl:prefLabel ex:wheat-en ; skosxl:altLabel [ skosxl:literalForm "Triticum" ] .
  ex:wheat-en a skosxl:Label ; skosxl:literalForm "Wheat"@en . ex:rye skos:related ex:wheat .
"""
    + "".join(
        f'  ex:p{n} a foaf:Person ; rdfs:label "Person {n}"@en ; foaf:knows ex:ada ; ex:colour "{COLOURS[n % 2]}" .\n'
        for n in range(60)
    )
    + "}"
    + f"GRAPH ex:depths {{ ex:deep {'ex:in [ ' * 40} {'] ' * 40} . ex:many ex:list ( {'1 ' * 40} ex:last ) ."
    + "  ex:last rdfs:label 'Last' }"
    + """GRAPH ex:vocabulary {
  ex:voc a owl:Ontology ; rdfs:label "Shapes of things"@en .
  ex:voc\\#Round a owl:Class ; rdfs:subClassOf [ owl:onProperty ex:voc\\#side ; owl:cardinality 0 ] .
  ex:voc\\#Square a owl:Class . ex:voc\\#side a owl:DatatypeProperty .
  [] a owl:AllDisjointClasses ; owl:members ( ex:Round0 ex:voc\\#Square ex:voc\\#Round ) .
  [] a owl:Axiom ; owl:annotatedSource ex:voc\\#Round ; owl:annotatedProperty rdf:type ; owl:annotatedTarget owl:Class ;
    rdfs:comment "as everybody knows" .
  [] a owl:Restriction ; owl:onProperty ex:voc\\#side ; owl:someValuesFrom ex:Round0 ;
    rdfs:subClassOf [ a owl:Class ; owl:unionOf ( [ a owl:Class ; owl:complementOf ex:voc\\#Square ] ex:Round0 ) ] .
  [] a swrl:Imp ; swrl:body ( [ a swrl:ClassAtom ; swrl:classPredicate ex:voc\\#Round ; swrl:argument1 ex:x ] ) .
  [] a ex:voc\\#Round ; rdfs:label "one of many" .
}
PREFIX z: <https://example.org/id/zoo/>
GRAPH ex:animals {
  ex:zoo a owl:Ontology ; rdfs:label "Zoo"@en .
  z:Cat a owl:Class ; rdfs:label "Cat"@en ; rdfs:subClassOf z:Animal , _:eats .
  z:Dog a owl:Class ; rdfs:label "Dog"@en . z:Mouse a owl:Class . z:Animal a owl:Class .
  _:eats a owl:Restriction ; owl:onProperty z:eats ; owl:someValuesFrom z:Mouse . z:eats a owl:ObjectProperty .
  z:tom a z:Cat ; rdfs:label "Tom"@en . z:jerry a z:Mouse ; rdfs:label "Jerry"@en .
  [] a owl:AllDisjointClasses ; owl:members ( z:Cat z:Mouse z:Dog ) ; rdfs:comment "as everybody knows"@en .
  [] a owl:AllDifferent ; owl:distinctMembers ( z:tom z:jerry ) .
  [] a owl:NegativePropertyAssertion ; owl:sourceIndividual z:tom ; owl:assertionProperty z:eats ;
    owl:targetIndividual z:jerry .
  _:remark a owl:Axiom ; owl:annotatedSource z:Cat ; owl:annotatedProperty rdfs:subClassOf ;
    owl:annotatedTarget _:eats ; rdfs:comment "mostly"@en .
  [] a owl:Annotation ; owl:annotatedSource _:remark ; owl:annotatedProperty rdfs:comment ;
    owl:annotatedTarget "mostly"@en ; rdfs:label "by a mouse" .
  [] a owl:Class ; owl:unionOf ( z:Cat z:Dog ) ; rdfs:subClassOf z:Animal .
  [] a owl:Class ; owl:unionOf ( z:Mouse z:Dog ) ; rdfs:subClassOf [ a owl:Class ; owl:complementOf z:Cat ] .
}"""
)
QUADS = list(ox.parse(DATA, format=ox.RdfFormat.TRIG))
PAGES = (
    "ada", "charles", "london", "england", "one", "doc/part", "passage",
    "doc", "cats", "cats/kit", "looked", "folder/index", "folder/in", "register", "p7", "p59", "wheat", "rye",
    "round", "many", "last", "zoo", "zoo/Cat", "zoo/Mouse", "zoo/Animal", "zoo/tom", "zoo/jerry", "zoo/eats",
    "classes/person", "classes/register", "links/ada/1",
)  # fmt: skip
MORE = re.compile(r'<p><a href="[./]*link[.a-z]*">[^<]*</a></p>\n')
"""The link to a page that tells of files which only a build writes."""
SETTINGS = 'languages = ["en", "ru"]\nmenu = [{ link = "sparql", label = { en = "Query", ru = "Запрос" } }]\n'
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/id/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://example.org/shapes#P> a sh:NodeShape ; sh:targetClass foaf:Person ;
  sh:property <https://example.org/shapes#P-colour> .
<https://example.org/shapes#P-colour> a sh:PropertyShape ; sh:path ex:colour ; sh:name "colour"@en ; sh:order 1 .
"""


@pytest.fixture(scope="module", params=["our own endpoint", "another service", "Virtuoso"])
def url(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("service")
    with ExitStack() as stack:
        if request.param == "our own endpoint":
            yield stack.enter_context(endpoint(QUADS, folder / "served"))
        elif request.param == "another service":
            yield stack.enter_context(mannered(QUADS, Manners()))
        elif has_virtuoso():
            nquads = (ox.serialize(QUADS, format=ox.RdfFormat.N_QUADS) or b"").decode()
            yield stack.enter_context(virtuoso(nquads, folder, rows=10_000))
        else:
            pytest.skip("virtuoso-opensource-7-bin is not installed")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("project")
    (folder / "site").mkdir()
    (folder / "site/site.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "shapes").mkdir()
    (folder / "shapes/person.ttl").write_text(SHAPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is built over a service, which is the same over each (`test_build`)."""
    folder: Path = tmp_path_factory.mktemp("built")
    with mannered(QUADS, Manners()) as url, closing(Service(url)) as service:
        quads, quiet = RemoteStore(service).quads(), Progress(quiet=True)
        build(Project.open(project, may_be_empty=True), out=folder / "public", progress=quiet, more=quads)
    return folder / "public"


@pytest.fixture(scope="module")
def maker(url: str, project: Path) -> Iterator[Maker]:
    service = Service(url)
    yield Maker(Project.open(project, may_be_empty=True), service)
    service.close()


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_is_that_of_a_build_byte_for_byte_from_few_queries(maker: Maker, built: Path, stem: str) -> None:
    made = maker.make(stem)
    assert made is not None
    # Virtuoso is led to a thing in a list by the names of the cells.
    assert maker.asked <= (22 if stem in ("last", "zoo/Cat") else 18) or stem.startswith(("classes", "links"))
    expected = {path.relative_to(built).as_posix(): path.read_bytes() for path in built.glob(f"{stem}.*")}
    assert sorted(made) == sorted(expected)
    for name in made:
        assert made[name].decode() == MORE.sub("", expected[name].decode()), name


HASHED = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX voc: <https://q.example/def#>
<https://q.example/> a <http://rdfs.org/ns/void#Dataset> ; <http://rdfs.org/ns/void#uriSpace> "https://q.example/" .
voc: a owl:Ontology ; rdfs:label "Terms of pots"@en ; rdfs:comment "About pots."@en .
voc:Pot a owl:Class ; rdfs:label "Pot"@en ; rdfs:isDefinedBy voc: .
<https://q.example/id/p1> a voc:Pot ; rdfs:label "Pot one"@en .
"""


def test_an_ontology_that_is_named_by_a_hash_has_the_documents_of_a_build(tmp_path: Path) -> None:
    (tmp_path / "project/site").mkdir(parents=True)
    (tmp_path / "project/site/site.toml").write_text(SETTINGS, encoding="utf-8")
    project = Project.open(tmp_path / "project", may_be_empty=True)
    quads = list(ox.parse(HASHED, format=ox.RdfFormat.TURTLE))
    with mannered(quads, Manners()) as url, closing(Service(url)) as service:
        build(project, out=tmp_path / "out", progress=Progress(quiet=True), more=RemoteStore(service).quads())
        maker = Maker(project, service)
        for stem in ("def", "def/Pot", "id/p1"):
            expected = {
                path.relative_to(tmp_path / "out").as_posix(): path for path in (tmp_path / "out").glob(f"{stem}.*")
            }
            made = maker.make(stem) or {}
            assert made.keys() == expected.keys()
            for name, content in made.items():
                assert content.decode() == MORE.sub("", expected[name].read_text(encoding="utf-8")), name


def test_the_data_of_an_ontology_are_those_of_a_build_with_axioms_that_have_no_name(maker: Maker, built: Path) -> None:
    made = maker.make("voc") or {}
    assert b"AllDisjointClasses" in made["voc.ttl"]
    for name in ("voc.ttl", "voc.jsonld", "voc.trig"):
        assert made[name].decode() == (built / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_is_the_same_where_only_what_is_wanted_of_many_things_is_read(
    maker: Maker, built: Path, stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "MANY", 0)
    monkeypatch.setattr(steps, "LONGEST", 100)
    monkeypatch.setattr(blank_nodes, "FEW_OWNERS", 0)
    made = maker.make(stem)
    assert made is not None
    for name in made:
        assert made[name].decode() == MORE.sub("", (built / name).read_text(encoding="utf-8")), name


def test_of_many_things_as_much_is_read_as_is_wanted_and_as_one_answer_holds(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "MANY", 9)
    monkeypatch.setattr(steps, "WHOLE", 4)
    excerpt = Excerpt(maker.site.excerpt)
    people = [ox.NamedNode(f"https://example.org/id/p{number}") for number in range(40)]
    for each in people:
        excerpt.want(Demand(each, LABEL))
    maker.reader.begin()
    maker.reader.fill(excerpt)
    assert maker.reader.asked > 10
    assert {quad.subject for quad in excerpt.quads(None, LABEL)} >= set(people)
    for each in people:
        assert [quad.predicate for quad in excerpt.quads(each)] == [LABEL]
    assert Demand(people[0], LABEL) not in excerpt.wanted


def test_of_very_many_things_whose_blank_nodes_lead_to_one_those_that_are_shown_are_read(
    project: Path, tmp_path: Path
) -> None:
    some = "a owl:Restriction ; owl:onProperty v:part ; owl:someValuesFrom"
    data = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "PREFIX v: <https://example.org/id/> [] a <http://rdfs.org/ns/void#Dataset> ; "
        "<http://rdfs.org/ns/void#uriSpace> 'https://example.org/id/' . v:part a owl:ObjectProperty . "
        + "".join(
            f"v:c{n:03} rdfs:subClassOf [ {some} v:a ], [ {some} [ owl:unionOf ( v:a v:b ) ] ] ." for n in range(300)
        )
    )
    quads, manners = list(ox.parse(data, format=ox.RdfFormat.TURTLE)), Manners()
    build(Project.open(project), out=tmp_path / "public", progress=Progress(quiet=True), more=quads)
    with mannered(quads, manners) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(project), service)
        manners.requests.clear()
        made = maker.make("part") or {}
    for name, content in made.items():
        assert content.decode() == MORE.sub("", (tmp_path / "public" / name).read_text(encoding="utf-8")), name
    assert "300" in made["part.html"].decode()
    assert len(set(re.findall(r"/c[0-9]{3}>", " ".join(manners.requests)))) == 50


def test_a_page_is_the_same_each_time(maker: Maker) -> None:
    assert maker.make("ada") == maker.make("ada")


def test_things_of_a_project_without_a_base_have_pages_over_its_own_endpoint(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people/x.ttl").write_text(
        "<https://example.org/id/ada> a <http://xmlns.com/foaf/0.1/Person> ; <http://xmlns.com/foaf/0.1/name> 'Ada' ."
        "<https://example.org/id/bob> a <http://xmlns.com/foaf/0.1/Person> ; <http://xmlns.com/foaf/0.1/name> 'Bob' ."
    )
    quads = held(tmp_path / "people", root="https://example.org/id/")
    (tmp_path / "empty").mkdir()
    with mannered(quads, Manners()) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(tmp_path / "empty", may_be_empty=True), service)
        assert b"Ada" in (maker.make("ada") or {})["ada.html"]
        assert b"<title>people" in (maker.make("index") or {})["index.html"]
        assert guess(maker.site) == ""


@pytest.mark.parametrize(
    ("concepts", "others", "author"), [(8, 3, "Ada"), (30, 3, "Ada"), (8, 20, "")], ids=["few", "very many", "beside"]
)
def test_a_thesaurus_that_is_all_speaks_for_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, concepts: int, others: int, author: str
) -> None:
    monkeypatch.setattr(steps, "WHOLE", 20)
    monkeypatch.setattr(gathering, "SHOWN", 2)
    text = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        "PREFIX e: <https://example.org/id/> e:c a <http://www.w3.org/ns/dcat#Catalog> . "
        + "e:c <http://rdfs.org/ns/void#uriSpace> 'https://example.org/id/' ." * (others > concepts)
        + "e:s a skos:ConceptScheme ; dcterms:title 'Colours' ; dcterms:creator 'Ada' ."
        + "".join(f"e:c{n} a skos:Concept ; skos:prefLabel '{n}' . " for n in range(concepts))
        + "".join(f"e:x{n} skos:prefLabel '{n}' . " for n in range(others))
    )
    with mannered(ox.parse(text, format=ox.RdfFormat.TURTLE), Manners()) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(tmp_path, may_be_empty=True), service)
        assert [each.value for each in maker.site.catalog.about.creators if isinstance(each, ox.Literal)] == (
            [author] if author else []
        )


def test_it_is_told_which_things_have_pages_where_nothing_states_a_base(project: Path) -> None:
    quads = [quad for quad in QUADS if not quad.predicate.value.endswith("uriSpace")]
    with mannered(quads, Manners()) as url, closing(Service(url)) as service:
        told = guess(Maker(Project.open(project, may_be_empty=True), service).site)
    assert "those that begin with https://example.org/id/ have pages, and no others" in told
    assert "void:uriSpace" in told


def test_parts_that_are_too_many_or_take_too_long_are_told_and_have_their_own_pages(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, gives_up, why in ((3, "", "describes more than 3 IRIs"), (4, "(CONTAINS", "did not list its IRIs")):
        monkeypatch.setattr(frame, "MOST_PARTS", most)
        told: list[str] = []
        with mannered(QUADS, Manners(gives_up=gives_up)) as url, closing(Service(url)) as service:
            maker = Maker(Project.open(project, may_be_empty=True), service, tell=told.append)
            page = (maker.make("doc/part") or {})["doc/part.html"]
            assert b'rel="type"' in page and b"describedby" not in page  # doc.ttl is there, and is without the part
            assert maker.make("cats") is None
        assert len(told) == 1
        assert why in told[0]


def test_what_is_not_described_has_no_page(maker: Maker) -> None:
    for stem in ("nobody", "classes/nothing", "links/ada/9", "links/nobody/1", "ns/x", "a%20b", "four"):
        assert maker.make(stem) is None, stem


def test_the_home_page_has_the_numbers_and_the_classes(maker: Maker) -> None:
    made = maker.make("index")
    assert made is not None
    page = made["index.html"].decode()
    assert 'href="classes/person.html"' in page
    assert '<span class="count">62</span>' in page
    assert "downloads.html" not in page


THERE_IS = re.compile(r'<h2[^>]* id="site-classes">.*?</section>', re.DOTALL)


def test_the_home_page_lists_what_that_of_a_build_does(maker: Maker, built: Path) -> None:
    made = (maker.make("index") or {})["index.html"].decode()
    expected = (built / "index.html").read_text(encoding="utf-8")
    odd = re.compile(r'href="Odd[^"]*"')  # no file system keeps its name
    (here,), (there,) = THERE_IS.findall(made), THERE_IS.findall(expected)
    assert odd.sub("", here) == odd.sub("", there)
    assert "Of no stated kind" in here and ">London</a>" in here


NO_TYPES = "".join(
    f"<https://example.org/id/t{n}> {LABEL} 'Thing {n}' . <https://example.org/id/t{n}#it> {LABEL} 'It' . "
    for n in range(3)
)
STATED_BASE = (
    "@base <https://example.org/id/> . <data> a <http://rdfs.org/ns/void#Dataset> ; "
    "<http://rdfs.org/ns/void#uriSpace> 'https://example.org/id/' . "
)


@pytest.mark.parametrize("files", ["", STATED_BASE + "<t1> a <Sort> . <mine> a <Sort> . <yours> <of> <t2> ."])
@pytest.mark.parametrize("only", [(), ("https://example.org/loaded",)])
def test_the_home_page_lists_things_without_a_type_where_none_has_one(
    tmp_path: Path, files: str, only: tuple[str, ...]
) -> None:
    (tmp_path / "project/data").mkdir(parents=True)
    if files:
        (tmp_path / "project/data/more.ttl").write_text(files, encoding="utf-8")
    project = Project.open(tmp_path / "project", may_be_empty=True)
    loaded = ox.NamedNode("https://example.org/loaded")
    quads = [ox.Quad(*each.triple, loaded) for each in ox.parse(NO_TYPES, format=ox.RdfFormat.TURTLE)]
    with mannered(quads, Manners()) as url, closing(Service(url)) as service:
        build(project, out=tmp_path / "out", progress=Progress(quiet=True), more=RemoteStore(service).quads())
        maker = Maker(project, service, only=only)
        here = (maker.make("index") or {})["index.html"].decode()
        assert (maker.make("classes/index") is None) == (not files)
    expected = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert THERE_IS.findall(here) == THERE_IS.findall(expected)
    assert 'href="#site-classes"' in here
    assert ("sort.html" in here) == bool(files)


def test_of_very_many_things_without_a_type_the_home_page_lists_some_and_has_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_UNTYPED", 2)
    monkeypatch.setattr(overviews, "MOST_UNTYPED", 2)
    with mannered(ox.parse(NO_TYPES, format=ox.RdfFormat.TURTLE), Manners()) as url, closing(Service(url)) as service:
        made = (Maker(Project.open(tmp_path, may_be_empty=True), service).make("index") or {})["index.html"].decode()
    assert made.count(">Thing ") == 2
    assert 'Of no stated kind <span class="count">3</span>' in made
    assert "The list ends after 2: a query finds the others." in made


@pytest.mark.parametrize("too_much", ["NOT EXISTS { ?s a", "SELECT (COUNT(DISTINCT ?s)"])
def test_a_home_page_without_lists_has_no_heading_for_them(tmp_path: Path, too_much: str) -> None:
    quads = ox.parse(NO_TYPES, format=ox.RdfFormat.TURTLE)
    told: list[str] = []
    with mannered(quads, Manners(gives_up=too_much)) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(tmp_path, may_be_empty=True), service, tell=told.append)
        made = (maker.make("index") or {})["index.html"].decode()
    assert "What there is" not in made and "site-classes" not in made
    assert any("not shown" in line for line in told)


def test_things_are_not_asked_for_those_without_a_type_where_all_have_one(tmp_path: Path) -> None:
    quads = ox.parse("<https://example.org/id/a> a <https://example.org/A> .", format=ox.RdfFormat.TURTLE)
    manners = Manners()
    with mannered(quads, manners) as url, closing(Service(url)) as service:
        Maker(Project.open(tmp_path, may_be_empty=True), service)
    assert not any("NOT EXISTS { ?s a" in request for request in manners.requests)


def test_a_name_that_no_file_system_keeps_has_a_page_under_its_own_address(maker: Maker) -> None:
    made = maker.make("Odd:Name")
    assert made is not None
    assert "An odd name" in made["Odd:Name.html"].decode()
    somewhere = maker.make("somewhere")
    assert somewhere is not None
    assert 'href="Odd%3AName.html"' in somewhere["somewhere.html"].decode()


def test_a_fact_shows_the_passage_that_states_it(maker: Maker) -> None:
    made = maker.make("ada")
    assert made is not None
    assert "Ada knew Charles." in made["ada.html"].decode()


def test_long_lists_and_many_links_are_read_page_by_page(
    url: str, project: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """With limits as low as this data set is small."""
    monkeypatch.setattr(steps, "WHOLE", 55)
    monkeypatch.setattr(lists, "LISTED", 20)
    monkeypatch.setattr(lists, "PER_PAGE", 25)
    monkeypatch.setattr(arrivals, "PER_PAGE", 25)
    monkeypatch.setattr(lists, "MOST", 50)
    monkeypatch.setattr(class_pages, "PER_PAGE", 25)
    service = Service(url)
    request.addfinalizer(service.close)
    maker = Maker(Project.open(project, may_be_empty=True), service)
    made = maker.make("classes/person")
    assert made is not None
    assert '<span class="count">62</span>' in made["classes/person.html"].decode()
    assert "The list ends after 50: a query finds the others." in made["classes/person.html"].decode()
    assert maker.make("classes/person/2") is not None
    assert maker.make("classes/person/3") is None
    ada = maker.make("ada")
    assert ada is not None
    assert '<span class="count">60</span>' in ada["ada.html"].decode()
    names = set()
    for part in (1, 2, 3):
        links = maker.make(f"links/ada/{part}")
        if links is not None:
            text = links[f"links/ada/{part}.html"].decode()
            names |= {n for n in range(60) if f">Person {n}</a>" in text}
    assert names == set(range(60))


def test_a_large_graph_is_counted_once_whatever_else_is_read_of_it(
    maker: Maker, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "WHOLE", 100)
    more = re.compile("and [0-9,]+ more")
    made = (maker.make("register") or {})["register.html"].decode()
    assert more.findall(made) == more.findall((built / "register.html").read_text(encoding="utf-8")) != []


@pytest.mark.parametrize("term", [b'{"type":"literal","value":"x"}', b'{"type":"uri","value":"no IRI"}'])
def test_what_a_service_gave_wrongly_is_let_go_of_by_the_thread_that_read_it(
    term: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with mannered([], Manners()) as url, closing(Service(url)) as service:
        asker = reader.Reader(service, reader.manner_of(service))
        asker.begin()
        body = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":%s}]}}' % term
        monkeypatch.setattr(Service, "ask", lambda *_, **__: Reply("application/json", {}, io.BytesIO(body), len(body)))
        with pytest.raises(ServiceError):
            asker.rows("SELECT ?n { ?s ?p ?n }")
        gc.collect()
    assert told == []


def test_a_page_that_would_cost_too_much_is_refused(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_QUERIES", 3)
    with pytest.raises(TooMuch, match="more than 3 queries"):
        maker.make("ada")


def test_some_graphs_alone_are_shown(url: str, project: Path) -> None:
    service = Service(url)
    graphs = ("https://example.org/id/register", "https://example.org/id/about")
    maker = Maker(Project.open(project, may_be_empty=True), service, only=graphs)
    made = maker.make("ada")
    assert made is not None
    assert "Charles Babbage" in made["ada.html"].decode()
    assert "Ada knew Charles." not in made["ada.html"].decode()
    service.close()


def test_what_leads_through_too_many_blank_nodes_is_refused(maker: Maker) -> None:
    with pytest.raises(TooMuch, match="more than 32 blank nodes in a row"):
        maker.make("deep")


@pytest.mark.skipif(not has_virtuoso(), reason="virtuoso-opensource-7-bin is not installed")
def test_virtuoso_is_asked_for_blank_nodes_by_name_and_not_for_chains_that_take_it_too_long(
    project: Path, tmp_path: Path
) -> None:
    class Noted(Service):
        def ask(self, query: str, *, accept: str, deadline: float | None = None) -> Reply:
            asked.append(query)
            return super().ask(query, accept=accept, deadline=deadline)

    asked: list[str] = []
    nquads = (ox.serialize(QUADS, format=ox.RdfFormat.N_QUADS) or b"").decode()
    with virtuoso(nquads, tmp_path, rows=10_000) as url, closing(Noted(url)) as service:
        maker = Maker(Project.open(project, may_be_empty=True), service)
        assert maker.make("ada") and maker.make("london")
    assert any("<nodeID://" in query for query in asked)
    assert not any("?b1" in query for query in asked)


SHAPES = f"""
PREFIX ex: <https://example.org/id/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
ex:thing a foaf:Person ; rdfs:label "Thing" ; ex:colour "blue" .
ex:shape a sh:NodeShape ; rdfs:label "The shape" ; sh:targetClass foaf:Person ; sh:property ex:shape-colour, ex:long .
ex:shape-colour a sh:PropertyShape ; sh:path ex:colour ; sh:name "Farbe"@de, "hue"@en ; sh:in ( "blue" "red" ) .
ex:long a sh:PropertyShape ; sh:path ex:none ; sh:name "none" ; {"ex:in [ " * 40} {"] " * 40} .
"""


@pytest.mark.parametrize(
    ("gives_up", "left_out", "why"),
    [
        ("?b1", "<https://example.org/id/long> and of 1 more is left out", "Transaction timed out"),
        ("", "<https://example.org/id/long> is left out", "more than 32 blank nodes in a row"),
    ],
)
def test_blank_nodes_that_an_engine_cannot_find_do_not_keep_a_site_from_starting(
    tmp_path: Path, gives_up: str, left_out: str, why: str
) -> None:
    told: list[str] = []
    with (
        mannered(ox.parse(SHAPES, format=ox.RdfFormat.TURTLE), Manners(gives_up=gives_up)) as url,
        closing(Service(url)) as service,
    ):
        maker = Maker(Project.open(tmp_path, may_be_empty=True), service, tell=told.append)
        made = maker.make("thing")
        assert made is not None
        assert ">hue<" in made["thing.html"].decode()
        with pytest.raises((ServiceError, TooMuch), match=why):
            maker.make("long")
    assert len(told) == 1
    assert left_out in told[0]
    assert why in told[0]


@pytest.mark.skipif(not has_virtuoso(), reason="virtuoso-opensource-7-bin is not installed")
@pytest.mark.parametrize("engine", ["another service", "Virtuoso"])
def test_axioms_that_go_too_deep_are_told_and_the_others_are_there(tmp_path: Path, engine: str) -> None:
    nested = "[ owl:complementOf " * 40 + "v:A" + " ]" * 40
    data = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX v: <https://example.org/id/voc#> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> <https://example.org/id/voc> a owl:Ontology . "
        f"v:A a owl:Class . v:B a owl:Class . v:C a owl:Class . [] owl:disjointWith v:B ; owl:complementOf {nested} ."
        f"[] a owl:AllDisjointClasses ; rdfs:comment 'those' ; owl:members ( {'v:A ' * 60} v:B v:C ) ."
    )
    quads = list(ox.parse(data, format=ox.RdfFormat.TURTLE))
    told: list[str] = []
    project = tmp_path / "project"
    project.mkdir()
    with ExitStack() as stack:
        if engine == "Virtuoso":
            nquads = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
            url = stack.enter_context(virtuoso(nquads, tmp_path / "engine", rows=10_000))
        else:
            url = stack.enter_context(mannered(quads, Manners()))
        service = stack.enter_context(closing(Service(url)))
        maker = Maker(Project.open(project, may_be_empty=True), service, tell=told.append)
        made = maker.make("voc")
    assert made is not None
    assert made["voc.ttl"].count(b"those") == 1
    assert made["voc.ttl"].count(b"v:A") + made["voc.ttl"].count(b"voc#A") > 60
    assert b"disjointWith" not in made["voc.ttl"]
    assert len([line for line in told if "Some axioms without a name are left out" in line]) == 1


def test_questions_are_put_at_once_and_four_at_most(project: Path) -> None:
    manners = Manners()
    with mannered(QUADS, manners) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(project, may_be_empty=True), service)
        manners.pause, manners.most_at_once = 0.02, 0
        assert maker.make("ada") is not None
    assert 1 < manners.most_at_once <= 4


def test_what_shapes_say_is_not_read_again_for_a_page(project: Path) -> None:
    manners = Manners()
    with mannered(QUADS, manners) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(project, may_be_empty=True), service)
        manners.requests.clear()
        made = maker.make("ada")
    assert made is not None and manners.requests
    assert not any("/shapes" in request for request in manners.requests)


def test_an_engine_that_fails_in_the_middle_of_a_round_is_an_error(project: Path) -> None:
    manners = Manners()
    with mannered(QUADS, manners) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(project, may_be_empty=True), service)
        manners.replies = [(500, {}, b"out of order")]
        with pytest.raises(ServiceError, match="answered 500: out of order"):
            maker.make("ada")
        assert maker.make("ada") is not None


def test_a_template_that_is_broken_hinders_no_page_that_does_not_take_it(tmp_path: Path) -> None:
    (tmp_path / "site/templates").mkdir(parents=True)
    (tmp_path / "site/templates/term.html").write_text("{% if", encoding="utf-8")
    with mannered(QUADS, Manners()) as url, closing(Service(url)) as service:
        maker = Maker(Project.open(tmp_path, may_be_empty=True), service)
        assert "templates/term.html" in set(maker.warming())
        assert maker.make("ada") is not None
