"""The label index and what is found in it."""

import json
from pathlib import Path

import pytest

from communique.lookup.label_index import keys, spelt
from communique.lookup.label_search import search
from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress

DATA = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:Person rdfs:label "person"@en, "человек"@ru .
ex:ada a ex:Person ; rdfs:label "Ada Lovelace"@en ; skos:altLabel "Countess of Lovelace"@en .
ex:yusuf a ex:Person ; rdfs:label "Юсуф Рахмон"@ru .
ex:zhang a ex:Person ; rdfs:label "Zhang Jun"@en, "张军"@zh .
ex:elan a ex:Word ; rdfs:label "Élan"@en .
ex:long a ex:Word ; rdfs:label "A long title in which Ada stands"@en .
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "data.ttl").write_text(DATA, encoding="utf-8")
    build(Project.open(root), out=root / "public", progress=Progress(quiet=True))
    return root / "public"


def stems(site: Path, query: str, language: str = "en") -> list[str]:
    return [each.stem for each in search(site, query, language=language).found]


@pytest.mark.parametrize(
    ("query", "stem"),
    [
        ("ada", "ada"),
        ("LOVELACE", "ada"),
        ("love ada", "ada"),
        ("countess", "ada"),
        ("Рахмон", "yusuf"),
        ("rahmon", "yusuf"),
        ("rakhmon yusuf", "yusuf"),
        ("张军", "zhang"),
        ("军", "zhang"),
        ("zhang", "zhang"),
        ("elan", "elan"),
        ("Élan", "elan"),
    ],
)
def test_a_thing_is_found_by_its_names_in_any_script(site: Path, query: str, stem: str) -> None:
    assert stems(site, query)[0] == stem


def test_every_word_of_a_query_must_be_there(site: Path) -> None:
    assert stems(site, "ada zhang") == []


def test_only_the_beginning_of_a_word_is_found(site: Path) -> None:
    assert stems(site, "ovelace") == []


def test_short_titles_come_first(site: Path) -> None:
    assert stems(site, "ada") == ["ada", "long"]


def test_a_name_that_is_not_the_title_is_told(site: Path) -> None:
    assert search(site, "countess", language="en").found[0].other == "Countess of Lovelace"


def test_a_title_in_another_language_says_which(site: Path) -> None:
    (found,) = search(site, "yusuf", language="en").found
    assert (found.title, found.language, found.kind) == ("Юсуф Рахмон", "ru", "person")


def test_an_empty_query_finds_nothing(site: Path) -> None:
    assert search(site, " . ", language="en").count == 0


def test_a_missing_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="index"):
        search(tmp_path, "ada", language="en")


def test_everything_is_found_by_each_of_its_words(own_site: Path) -> None:
    count = json.loads((own_site / "search/index.json").read_bytes())["things"]
    blocks = sorted((own_site / "search").glob("things-*.json"), key=lambda path: int(path.stem[7:]))
    things = [thing for path in blocks for thing in json.loads(path.read_bytes())]
    assert len(things) == count
    for number, (_, _, titles, *_) in enumerate(things[::97]):
        word = max(spelt(next(iter(titles.values()))), key=len)
        found = search(own_site, word, language="en")
        assert found.count > len(found.found) or things[number * 97][0] in {each.stem for each in found.found}


def test_no_file_of_the_index_is_large(own_site: Path) -> None:
    assert max(path.stat().st_size for path in (own_site / "search").iterdir()) < 100_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("O‘zbekiston", ["o", "zbekiston"]),
        ("上海", ["上", "海"]),
        ("भारत", ["भारत"]),
        ("ИНДИЯ—2021", ["индия", "2021"]),
        ("Йўлдошев", ["иулдошев"]),
        ("", []),
    ],
)
def test_a_text_is_split_into_words(text: str, found: list[str]) -> None:
    assert spelt(text) == found


def test_keys_hold_both_spellings() -> None:
    assert keys(["Рахмон"]) == ("рахмон", "rahmon")
