"""Names of people from other languages: Chinese by way of Russian, German, French, and who is not meant."""

from pathlib import Path

import pytest

from made_names import PERSON, best_of_one, found_among, matched_among


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jiang Jun", "Zhang Jun"),
        ("Xu Wei", "Su Wei"),
        ("Li Kang", "Li Qiang"),
        ("Li Zhu", "Li Ju"),
        ("Zhang Xiaoming", "Zheng Xiaoming"),
        ("Zhan Xiaoguang", "Zhang Xiaoguang"),
        ("Цзян Цзэминь", "Zhang Zemin"),
        ("蒋军", "张军"),
        ("章军", "张军"),
        ("Ivan Petrova", "Ivan Petrov"),
    ],
)
def test_another_syllable_character_or_sex_may_be_of_another_person(
    tmp_path: Path, one: str, other: str, turned: bool
) -> None:
    found = best_of_one(tmp_path, *((other, one) if turned else (one, other)), PERSON)
    assert (found.match, found.score > 60) == (False, True)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Цзян Цзэминь", "Jiang Zemin"),
        ("Ли Цян", "Li Qiang"),
        ("Ван И", "Wang Yi"),
        ("Сюй Вэй", "Xu Wei"),
        ("Хэ Лифэн", "He Lifeng"),
        ("Цю Вэй", "Qiu Wei"),
        ("Gorbatschow, Michail", "Михаил Горбачёв"),
        ("Mikhaïl Gorbatchev", "Mikhail Gorbachev"),
        ("Алиев Ильхам", "Ilham Aliyev"),
        ("Dmitrij Medvedev", "Dmitriy Medvedev"),
        ("Müller, Hans", "Hans Mueller"),
        ("Қайрат Қожамжаров", "Kairat Kozhamzharov"),
        ("Мария Иванова", "Mariya Ivanova"),
    ],
)
def test_the_same_name_by_another_romanisation_is_matched(tmp_path: Path, one: str, other: str, turned: bool) -> None:
    assert best_of_one(tmp_path, *((other, one) if turned else (one, other)), PERSON).match


@pytest.mark.parametrize("asked", ["Nikita Chruschtschow", "Nikita Khrouchtchev"])
def test_a_name_in_german_or_french_spelling_is_proposed(tmp_path: Path, asked: str) -> None:
    assert found_among(tmp_path, asked, ["Nikita Khrushchev"], PERSON)[0].score > 60


def test_a_name_in_chinese_is_decided_by_the_one_that_is_known(tmp_path: Path) -> None:
    people = [("Zhang Jun", "张军")]
    assert matched_among(tmp_path, "张军", people, PERSON) == "Zhang Jun"
    assert [each.match for each in found_among(tmp_path, "章军", people, PERSON)] == [False]
    assert matched_among(tmp_path, "张军", ["Zhang Jun"], PERSON) == "Zhang Jun"


def test_a_slip_that_is_the_name_of_somebody_else_is_none(tmp_path: Path) -> None:
    assert matched_among(tmp_path, "Timur Rakhmonof", ["Timur Rakhmonor"], PERSON)
    assert not matched_among(tmp_path, "Timur Rakhmonof", ["Timur Rakhmonor", "Yusuf Rakhmonof"], PERSON)
