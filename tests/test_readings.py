"""Names of things that are read otherwise: numerals as numbers, articles that are elided, abbreviations."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from communique.lookup.numerals import in_digits
from communique.lookup.romanisation import FOLDS, folded
from made_names import BODY, EVENT, PERSON, best_of_one, found_among, matched_among


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Part V", "Part 5"),
        ("Part V of the Treaty", "Part 5 of the Treaty"),
        ("Annex I: Tariffs", "Annex 1: Tariffs"),
        ("V встреча прокуроров", "5-я встреча прокуроров"),
        ("XIXe congrès", "19e congrès"),
        ("XIXᵉ congrès", "dix-neuvième congrès"),
        ("Ier congrès", "1er congrès"),
        ("La 2e session", "La deuxième session"),
        ("soixante-dix-septième session", "77e session"),
        ("Vingt et unième session", "XXIe session"),
        ("19.ª Reunión", "XIX Reunión"),
        ("19-шы отырыс", "XIX отырыс"),
        ("ХХ съезд партии", "XX съезд партии"),
        ("XX-й съезд партии", "20-й съезд партии"),
        ("world war ii memorial", "World War 2 Memorial"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(tmp_path: Path, one: str, other: str, turned: bool) -> None:
    assert best_of_one(tmp_path, *((other, one) if turned else (one, other)), EVENT).match


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Part V", "Part 6"),
        ("Part V", "Part IV"),
        ("Part V", "Part"),
        ("XIXe congrès", "XXe congrès"),
        ("Ier congrès", "2e congrès"),
        ("Première session", "Deuxième session"),
        ("Article 5e", "Article 5"),
        ("soixante-dixième session", "soixantième session"),
    ],
)
def test_another_number_is_another_thing_however_it_is_written(tmp_path: Path, one: str, other: str) -> None:
    found = best_of_one(tmp_path, one, other, EVENT)
    assert found.score < 90 and not found.match


@pytest.mark.parametrize(
    "text",
    ["Ver.di De Cie", "Le Mans", "Igor V Krasnov", "I. V. Krasnov", "MINISTERI DE TREBALL I HISENDA", "Vitamin C"],
)
def test_what_only_looks_like_a_numeral_is_none(text: str) -> None:
    assert in_digits(text) == text


@pytest.mark.parametrize("asked", ["part v of the treaty of amity", "PART V OF TREATY OF AMITY"])
def test_a_numeral_is_the_same_in_small_letters_and_in_capitals(tmp_path: Path, asked: str) -> None:
    assert best_of_one(tmp_path, asked, "Part V of the Treaty of Amity", EVENT).match


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LXXVI session", "seventy-sixth session"),
        ("Loi n° 2004-575", "Loi 2004-575"),
        ("Protocol No. 5", "Protocol № 5"),
        ("Ministry for Foreign Affairs", "Ministry of Foreign Affairs"),
        ("The Ministry of Justice", "Ministry for Justice"),
    ],
)
def test_prepositions_and_the_sign_of_a_number_make_no_other_thing(
    tmp_path: Path, one: str, other: str, turned: bool
) -> None:
    assert best_of_one(tmp_path, *((other, one) if turned else (one, other)), BODY).match


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Embassy of Iraq in Moscow", "Embassy of Iran in Moscow"),
        ("Ministry of Justice of Niger", "Ministry of Justice of Nigeria"),
        ("National Bank of Zambia", "National Bank of Gambia"),
        ("University of Washington", "Washington University"),
        ("Code civil", "Civil Code"),
        ("Republic of China", "People's Republic of China"),
        ("Agenda item 5(a)", "Agenda item 5"),
        ("外交部", "外交部长"),
    ],
)
def test_a_short_word_with_a_slip_another_order_and_a_letter_in_brackets_may_be_of_another_thing(
    tmp_path: Path, one: str, other: str, turned: bool
) -> None:
    found = best_of_one(tmp_path, *((other, one) if turned else (one, other)), BODY)
    assert (found.match, found.score > 45) == (False, True)


def test_what_has_exactly_this_name_is_matched_though_another_sounds_like_it(tmp_path: Path) -> None:
    assert matched_among(tmp_path, "Shaanxi", ["Shanxi", "Shaanxi"], "http://schema.org/Place") == "Shaanxi"


def test_a_number_in_words_is_found_among_thousands(tmp_path: Path) -> None:
    names = [f"Council {word} Committee" for word in ("of the Arts", "for Sport") for _ in range(700)]
    assert matched_among(tmp_path, "Council 19 Committee", [*names, "Council Nineteenth Committee"], EVENT)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Ete", "d'Été"),
        ("Cour appel Lyon", "Cour d’appel de Lyon"),
        ("Banca Italia", "Banca dell'Italia"),
        ("L'Eau et l'Air", "Eau et Air"),
    ],
)
def test_an_elided_article_makes_no_other_thing(tmp_path: Path, asked: str, known: str) -> None:
    assert best_of_one(tmp_path, asked, known, BODY).match


def test_an_elided_article_is_part_of_the_name_of_a_person(tmp_path: Path) -> None:
    assert not best_of_one(tmp_path, "Angelo Russell", "D'Angelo Russell", PERSON).match
    assert best_of_one(tmp_path, "Dangelo Russell", "D'Angelo Russell", PERSON).match


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("ШОС", "Шанхайская организация сотрудничества"),
        ("PRC", "People's Republic of China"),
        ("ОБСЕ", "Организация по безопасности и сотрудничеству в Европе"),
    ],
)
def test_an_abbreviation_that_the_data_do_not_have_is_proposed(tmp_path: Path, asked: str, known: str) -> None:
    first, *_ = found_among(tmp_path, asked, [known, "Shos and Prc", "Обсидиан"], BODY)
    assert (first.resource.name, first.match) == (known, False)
    assert matched_among(tmp_path, asked, [(known, asked), "Shos and Prc"], BODY) == known


@given(text(alphabet="aeioucdfghjklpqrstvwxyz1", max_size=8))
def test_a_word_that_is_looked_at_is_folded_as_all_are(word: str) -> None:
    whole = word
    for _, pattern, to in FOLDS:
        whole = pattern.sub(to, whole)
    assert folded(word) == whole
