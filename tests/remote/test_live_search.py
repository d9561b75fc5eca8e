"""Search by names over a service: it finds what the index of a built site finds, in the same order."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.live import name_queries
from communique.live.making import Maker
from communique.live.reader import Reader
from communique.live.searching import search
from communique.lookup import label_search
from communique.lookup.label_index import ALONE
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress
from communique.remote.service import Service, ServiceError
from services import Manners, endpoint, has_virtuoso, mannered, virtuoso

HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix void: <http://rdfs.org/ns/void#> .
"""
SELF = """
ex:data a dcat:Dataset ; dcterms:title "Stations"@en ; dcterms:language "en", "ru" ;
  void:uriSpace "https://example.org/id/" .
ex:own a ex:Station ; rdfs:label "Our stop"@en, "Наша"@ru .
ex:zz rdfs:comment "said here too"@en ; skos:altLabel "Terminus"@en .
"""
DATA = """
ex:Station a owl:Class ; rdfs:label "station"@en, "станция"@ru .
ex:Stop a owl:Class ; rdfs:label "stop"@en .
ex:zz a ex:Station ; rdfs:label "Station North"@en, "Северная"@ru .
ex:a1 a ex:Stop, ex:Station ; rdfs:label "Black (old)"@en, "黑"@zh ; skos:altLabel "Soot Hill"@en .
ex:a2 a ex:Station ; rdfs:label "张军"@zh .
ex:a3 a ex:Station ; rdfs:label "Élan 北京north"@fr .
ex:a4 rdfs:label "Nowhere"@en .
ex:a5 a ex:Station ; rdfs:label "Wheat"@en ; skosxl:altLabel ex:l5 .
ex:l5 skosxl:literalForm "Triticum"@la .
ex:a7 a ex:Station ; rdfs:label "Barley"@en ; skosxl:altLabel [ skosxl:literalForm "Hordeum"@la ] .
ex:a6 a ex:Station ; rdfs:label "Straße O’Neill/West"@de .
""" + "".join(f'ex:s{n} a ex:Station ; rdfs:label "Station {n} North"@en .\n' for n in range(1, 91))
QUERIES = [
    *("Station North", "station 7 n", "North", "tation", "Северн", "станц", "黑", "军 张", "王", "北 north", "élan"),
    *("our", "stop", "наша our", "terminus", "north северная", "hill 黑", "zebra north", "stations"),
    *("soot", "hordeum", "nowhere", "straße", "neill west", "o'neill", "(old)", "zebra"),
]
SORTED, COUNTED = "MIN(STRLEN", "COUNT(DISTINCT ?s)"
"""What stands in the queries that sort all that is found, and that count it."""


def quads() -> list[ox.Quad]:
    graph = ox.NamedNode("https://example.org/graph")
    parsed = ox.parse(HEAD + DATA, format=ox.RdfFormat.TURTLE)
    return [ox.Quad(*quad.triple, graph) for quad in parsed]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    (folder / "data/about.ttl").write_text(HEAD + SELF, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    public: Path = tmp_path_factory.mktemp("built") / "public"
    build(Project.open(project), out=public, progress=Progress(quiet=True), more=quads())
    return public


@pytest.fixture(scope="module", params=["our own endpoint", "another service", "Virtuoso"])
def maker(request: Any, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    folder = tmp_path_factory.mktemp("service")
    with ExitStack() as stack:
        if request.param == "our own endpoint":
            url = stack.enter_context(endpoint(quads(), folder / "served"))
        elif request.param == "another service":
            url = stack.enter_context(mannered(quads(), Manners()))
        elif has_virtuoso():
            nquads = (ox.serialize(quads(), format=ox.RdfFormat.N_QUADS) or b"").decode()
            url = stack.enter_context(virtuoso(nquads, folder, rows=10_000))
        else:
            pytest.skip("virtuoso-opensource-7-bin is not installed")
        service = stack.enter_context(closing(Service(url)))
        yield Maker(Project.open(project), service)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("query", QUERIES)
def test_what_is_found_is_what_a_build_finds(maker: Maker, built: Path, query: str, language: str) -> None:
    assert search(maker, query, language=language) == label_search.search(built, query, language=language)


def test_a_label_that_is_a_resource_names_its_concept_and_is_not_found_itself(maker: Maker) -> None:
    (found,) = search(maker, "triticum", language="en").found
    assert (found.stem, found.other) == ("a5", "Triticum")


def test_of_many_the_exact_name_is_shown_first_and_all_are_counted(maker: Maker) -> None:
    answer = search(maker, "Station North", language="en")
    assert [each.title for each in answer.found[:3]] == ["Station North", "Station 1 North", "Station 2 North"]
    assert (len(answer.found), answer.count, answer.counted) == (60, 91, True)


def test_what_the_files_name_counts_once_among_many(maker: Maker, built: Path) -> None:
    """`ex:zz` is called so at the service, and otherwise in the files, which alone describe the dataset."""
    assert search(maker, "stat", language="en").count == label_search.search(built, "stat", language="en").count == 93
    assert search(maker, "n", language="en").short
    assert [each.stem for each in search(maker, "terminus", language="en").found] == ["zz"]


def test_one_letter_is_too_short_and_one_sign_that_is_a_word_is_not(maker: Maker) -> None:
    assert [search(maker, text, language="en").short for text in ("x", "7", "王", "カ")] == [True, True, False, False]


def test_accents_count(maker: Maker) -> None:
    assert search(maker, "elan", language="en").count == 0


def hurried(project: Path, text: str, *, late: str) -> label_search.Answer:
    """Search over a service which has no time for the queries in which `late` stands."""
    manners = Manners(given_up=504)
    with mannered(quads(), manners) as url, closing(Service(url, tries=1)) as service:
        maker = Maker(Project.open(project), service)
        manners.gives_up = late
        return search(maker, text, language="en")


@pytest.mark.parametrize("late", [SORTED, COUNTED])
def test_what_cannot_be_sorted_or_counted_in_time_is_said_to_be_more(project: Path, late: str) -> None:
    answer = hurried(project, "Station North", late=late)
    assert (answer.found[0].title, len(answer.found), answer.counted) == ("Station North", 60, False)


def test_few_that_cannot_be_sorted_in_time_are_all(project: Path) -> None:
    answer = hurried(project, "Station 7", late=SORTED)
    assert (answer.count, answer.counted) == (11, True)


def test_an_engine_that_is_not_there_is_asked_once(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def rows(_: Reader, query: str, **__: Any) -> None:
        asked.append(query)
        raise ServiceError("not there", unreachable=True)

    monkeypatch.setattr(name_queries.NameQueries, "in_index", lambda *_, **__: "ASK {}")
    monkeypatch.setattr(Reader, "rows", rows)
    with pytest.raises(ServiceError, match="not there"):
        search(maker, "wheat", language="en")
    assert len(asked) == 1


def test_what_stands_before_a_word_is_no_letter() -> None:
    before = re.compile(f"[{name_queries.BEFORE}]")
    for sign in map(chr, range(0x10000)):
        if before.match(sign) and not ALONE.match(sign):
            assert unicodedata.category(sign)[0] not in "LNM", hex(ord(sign))
        elif ord(sign) < 0x100 and sign.isprintable():
            assert before.match(sign) or unicodedata.category(sign)[0] in "LNM", hex(ord(sign))


def test_virtuoso_is_asked_by_its_index_in_the_graph_where_a_name_stands(maker: Maker) -> None:
    manner = replace(maker.reader.manner, virtuoso=True, named=True, unnamed=False)
    asked = name_queries.NameQueries(manner, "https://example.org/id/", ["wheat", "ab"])
    assert re.search(r"""\?l \. \?l bif:contains "'wheat\*'" \. \}""", asked.in_index(limit=9))
    assert name_queries.NameQueries(manner, "https://example.org/id/", ["abc", "黑"]).in_index(limit=9) == ""
