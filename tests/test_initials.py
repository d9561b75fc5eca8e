"""Initials of people: one that a name lacks is no other person, another one, or one more before it, may be."""

from pathlib import Path

import pytest

from made_names import PERSON, best_of_one, matched_among

GUEST = "https://example.org/Guest"


@pytest.mark.parametrize("cls", [PERSON, GUEST])
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("George H. W. Bush", "George W. Bush"),
        ("George W. Bush", "George H. W. Bush"),
        ("George H. W. Bush", "George Walker Bush"),
        ("I. V. Krasnov", "I. Krasnov"),
        ("Igor V. Krasnov", "I. Krasnov"),
        ("J. F. Kennedy", "F. J. Kennedy"),
        ("V. I. Krasnov", "Igor Krasnov"),
        ("Краснов В. И.", "Краснов Игорь Викторович"),
    ],
)
def test_an_initial_more_or_in_another_place_is_for_a_person_to_decide(
    tmp_path: Path, asked: str, known: str, cls: str
) -> None:
    found = best_of_one(tmp_path, asked, known, cls)
    assert (found.match, found.score > 60) == (False, True)


@pytest.mark.parametrize("cls", [PERSON, GUEST])
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("John F. Kennedy", "John Kennedy"),
        ("John Kennedy", "John F. Kennedy"),
        ("John Fitzgerald Kennedy", "J. F. Kennedy"),
        ("George Herbert Walker Bush", "George H. W. Bush"),
        ("I. Krasnov", "I. V. Krasnov"),
        ("Ivanov I. I.", "Igor Ivanovich Ivanov"),
        ("Ю. Я. Сидоренко", "Юрий Яковлевич Сидоренко"),
        ("A. A. Nategh-Nouri", "Ali Akbar Nategh-Nouri"),
    ],
)
def test_a_name_that_merely_lacks_initials_is_matched(tmp_path: Path, asked: str, known: str, cls: str) -> None:
    assert best_of_one(tmp_path, asked, known, cls).match


@pytest.mark.parametrize("known", ["George H. W. Bush", "George Herbert W. Bush"])
def test_several_initials_may_lack_where_the_data_know_a_person(tmp_path: Path, known: str) -> None:
    assert best_of_one(tmp_path, known.replace("H. W. ", "").replace("Herbert W.", "Herbert"), known, PERSON).match


def test_a_middle_name_that_one_of_two_names_lacks_is_for_a_person_to_decide(tmp_path: Path) -> None:
    found = best_of_one(tmp_path, "Ali Nategh-Nouri", "Ali Akbar Nategh-Nouri", PERSON)
    assert (found.match, found.score > 80) == (False, True)


@pytest.mark.parametrize(
    ("asked", "matched"),
    [
        ("John Kennedy", None),
        ("John F. Kennedy", "John F. Kennedy"),
        ("J. Kennedy", None),
        ("John X. Kennedy", None),
        ("John Fitzgerald Kennedy", "John F. Kennedy"),
    ],
)
def test_among_two_of_one_name_an_initial_decides(tmp_path: Path, asked: str, matched: str | None) -> None:
    assert matched_among(tmp_path, asked, ["John F. Kennedy", "John R. Kennedy"], PERSON) == matched


@pytest.mark.parametrize("cls", [PERSON, GUEST])
@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Elizabeth I", "Elizabeth II"),
        ("Elizabeth I", "Elizabeth"),
        ("Elizabeth", "Elizabeth I"),
        ("Elizabeth I of England", "Elizabeth of England"),
        ("Mohammed V of Morocco", "Mohammed of Morocco"),
    ],
)
def test_rulers_are_told_apart_by_their_numerals(tmp_path: Path, asked: str, known: str, cls: str) -> None:
    assert not best_of_one(tmp_path, asked, known, cls).match


@pytest.mark.parametrize(("asked", "known"), [("V. Putin", "Vladimir Putin"), ("I. Ivanov", "Igor Ivanov")])
def test_initials_that_look_like_numerals_are_initials(tmp_path: Path, asked: str, known: str) -> None:
    assert best_of_one(tmp_path, asked, known, PERSON).match


@pytest.mark.parametrize(
    ("asked", "matched"),
    [("I. Ivanov", None), ("Ivan P. Ivanov", "Ivan Petrovich Ivanov"), ("Ivan Ivanov", "Ivan Ivanov")],
)
def test_initials_that_two_people_have_are_for_a_person_to_decide(
    tmp_path: Path, asked: str, matched: str | None
) -> None:
    assert matched_among(tmp_path, asked, ["Ivan Ivanov", "Ivan Petrovich Ivanov"], PERSON) == matched
