"""Example queries: what their headers say, which of them a project has, and what is wrong with one."""

from pathlib import Path

import pytest

from communique.errors import ProjectError
from communique.project import Project
from communique.website.examples import is_repeatable, read_examples
from made_projects import make_project

QUERY = "SELECT ?s { ?s ?p ?o } ORDER BY ?s\n"
ROOT = Path(__file__).parents[1]


def test_the_header_says_what_a_query_asks_in_each_language(tmp_path: Path) -> None:
    header = "#+ summary: All\n#+ summary@ru: Всё\n#+ description@en: Every subject.\n#+ level: 2\n\n"
    project = make_project(tmp_path, site__queries__all_rq=header + QUERY)
    (example,) = (each for each in read_examples(project) if each.name == "all")
    assert dict(example.summaries) == {"": "All", "ru": "Всё"}
    assert dict(example.descriptions) == {"en": "Every subject."}
    assert (example.level, example.form, example.text, example.path) == (2, "select", QUERY, "queries/all.rq")


def test_a_project_has_its_own_queries_and_those_that_suit_any_dataset(tmp_path: Path) -> None:
    names = {
        each.name for each in read_examples(make_project(tmp_path, site__queries__all_rq="#+ summary: x\n" + QUERY))
    }
    assert names == {"all", "classes", "languages", "links-to-elsewhere", "size"}


def test_a_query_of_the_project_stands_in_for_a_bundled_one_of_its_name(tmp_path: Path) -> None:
    project = make_project(tmp_path, site__queries__classes_rq="#+ summary: Mine\n" + QUERY)
    assert [each.summaries[""] for each in read_examples(project) if each.name == "classes"] == ["Mine"]


def test_queries_come_by_level_and_name() -> None:
    found = [(each.level, each.name) for each in read_examples(Project.open(ROOT))]
    assert found == sorted(found)
    assert {level for level, _ in found} == {1, 2, 3}


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_every_query_of_ours_speaks_the_languages_of_the_site(language: str) -> None:
    for each in read_examples(Project.open(ROOT)):
        assert each.summaries[language] and each.descriptions[language], each.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (QUERY, "x.rq: does not say what it asks: begin with a line `#+ summary: ...`"),
        ("#+ sumary: x\n" + QUERY, "x.rq:1: a line of the header is `#+ summary: ...`"),
        ("#+ summary: x\n#+ level: 4\n" + QUERY, "x.rq:2: a line of the header is"),
        ("#+ summary: x\nSELECT ?s { ?s ?p }", "x.rq:2:20: something is missing here or before."),
        ("#+ summary: x\nSELECT ?s { ?s foaf:name ?o }", "x.rq:2:16: the prefix foaf: is not declared"),
    ],
)
def test_a_query_that_is_wrong_stops_the_build_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    project = make_project(tmp_path, site__queries__x_rq=text)
    with pytest.raises(ProjectError) as caught:
        read_examples(project)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "repeatable"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", False),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 1", True),
        ("SELECT (NOW() AS ?n) {}", False),
        ('ASK { ?s ?p "LIMIT" }', True),
    ],
)
def test_what_would_differ_from_build_to_build_is_known(text: str, repeatable: bool) -> None:
    assert is_repeatable(text) is repeatable
