"""Names of one word that are misspelt: no other word helps to find them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from communique.lookup.matching import Wanted, candidates
from communique.lookup.names import Entry, Names, write
from made_names import BASE, PERSON, best_of_one, found_among, matched_among

STATES = (
    "Belarus",
    "India",
    "Kazakhstan",
    "Kyrgyzstan",
    "Pakistan",
    "Tajikistan",
    "Uzbekistan",
    "Mongolia",
    "Massachusetts",
)
BODY, CONCEPT = "https://example.org/Body", "http://www.w3.org/2004/02/skos/core#Concept"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    path = tmp_path_factory.mktemp("slips") / "names.sqlite"
    entries = [Entry(BASE + name, name, name, {BODY: True}, [name], (), ()) for name in STATES]
    write(path, entries, about={"base": BASE}, terms=())
    with Names(path, seconds=300) as names:
        yield names


def swapped(name: str) -> Iterator[str]:
    return (name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1))


def shortened(name: str) -> Iterator[str]:
    return (name[:at] + name[at + 1 :] for at in range(len(name)))


def lengthened(name: str) -> Iterator[str]:
    return (name[:at] + letter + name[at:] for at in range(len(name)) for letter in "acskt")


def changed(name: str) -> Iterator[str]:
    return (name[:at] + letter + name[at + 1 :] for at in range(len(name)) for letter in "aoskt")


@pytest.mark.parametrize("slip", [swapped, shortened, lengthened, changed], ids=lambda each: each.__name__)
def test_every_slip_in_a_name_of_one_word_is_found(index: Names, slip: Callable[[str], Iterator[str]]) -> None:
    asked = [(name, misspelt) for name in STATES for misspelt in slip(name)]
    found = {misspelt: candidates(index, Wanted(name=misspelt)) for _, misspelt in asked}
    assert [(name, each) for name, each in asked if not found[each] or found[each][0].resource.name != name] == []


def test_two_slips_in_a_long_name_of_one_word_are_found_for_a_person_to_decide(index: Names) -> None:
    long = [name for name in STATES if len(name) >= 10]
    asked = [
        (name, name[:begin] + "o" + name[begin + 1 : end] + "m" + name[end + 1 :])
        for name in long
        for begin in range(1, len(name) - 1)
        for end in range(begin + 2, len(name))
    ]
    found = {misspelt: candidates(index, Wanted(name=misspelt)) for _, misspelt in asked}
    missed = [each for name, each in asked if name not in [candidate.resource.name for candidate in found[each]]]
    assert missed == []
    assert not [each for each, (first, *_) in found.items() if first.match and first.resource.name != first.text]


def test_a_word_of_three_letters_is_found_by_its_plural_and_in_a_phrase(tmp_path: Path) -> None:
    assert [each.resource.name for each in found_among(tmp_path, "net", ["nets", "newt"], BODY)] == ["nets"]
    first, second, *_ = found_among(tmp_path, "fishing net", ["Fishing gear", "Fishing nets"], BODY)
    assert (first.resource.name, first.match) == ("Fishing nets", False) and first.score > second.score


def test_what_chinese_characters_sound_like_is_no_equal_name(tmp_path: Path) -> None:
    for asked in ("张军", "张俊"):
        assert [each.score for each in found_among(tmp_path, asked, ["Zhang Jun"], PERSON)] == [97]
    assert [each.score for each in found_among(tmp_path, "张军", [("Zhang Jun", "张军")], PERSON)] == [100]


def test_each_word_is_asked_for_once_also_where_none_of_one_slip_is_there(
    index: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    spellings = index.spellings
    monkeypatch.setattr(index, "spellings", lambda word: asked.append(word) or spellings(word))
    assert candidates(index, Wanted(name="Republyk Kozakhmtan"))[0].resource.name == "Kazakhstan"
    assert sorted(asked) == ["kozakhmtan", "republyk", "republykkozakhmtan"]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("proscription", "prescription"),
        ("Prescription", "the proscription"),
        ("simulation", "stimulation"),
        ("interment", "internment"),
        ("immortality", "immorality"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_two_words_of_a_vocabulary_that_a_letter_tells_apart_are_proposed_for_each_other(
    tmp_path: Path, asked: str, known: str, turned: bool
) -> None:
    found = best_of_one(tmp_path, *((known, asked) if turned else (asked, known)), CONCEPT)
    assert (found.match, found.score > 80) == (False, True)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("proscritpion", "proscription"),
        ("comission", "commission"),
        ("behaviorism", "behaviourism"),
        ("decolonisation", "decolonization"),
        ("prescriptions", "prescription"),
    ],
)
def test_a_term_of_one_word_is_certain_with_a_slip_that_makes_no_other_word(
    tmp_path: Path, asked: str, known: str
) -> None:
    assert best_of_one(tmp_path, asked, known, CONCEPT).match


def test_a_letter_changed_in_a_name_of_one_word_is_certain_for_no_thing_and_one_lost_is(tmp_path: Path) -> None:
    for cls in (BODY, "http://www.w3.org/ns/org#Organization", "http://schema.org/Place"):
        assert not best_of_one(tmp_path, "proscription", "Prescription", cls).match
        assert best_of_one(tmp_path, "Masachusets", "Massachusetts", cls).match


def test_chinese_characters_are_unclear_where_the_data_know_others_of_that_sound(tmp_path: Path) -> None:
    assert matched_among(tmp_path, "张君", ["Zhang Jun", "Li Wei"], PERSON) == "Zhang Jun"
    assert [each.match for each in found_among(tmp_path, "张君", ["Zhang Jun", "张军"], PERSON)] == [False, False]
    assert matched_among(tmp_path, "张君", ["Zhang Jun", "张军", "张君"], PERSON) == "张君"
    assert matched_among(tmp_path, "Zhang Jun", ["Zhang Jun", "张军"], PERSON) == "Zhang Jun"
