"""The ten people of the first dataset under other spellings: all found, none taken for another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.descriptions.people import PEOPLE
from communique.lookup.matching import Wanted, beginning_with, candidates
from communique.lookup.name_source import write_names
from communique.lookup.names import Entry, Names, write
from communique.lookup.numerals import opposed
from communique.lookup.resemblance import resemblance
from communique.lookup.romanisation import words
from communique.project import Project
from communique.store import Store
from communique.website.site import Site
from made_names import BASE, best_of_one

ROOT = Path(__file__).parents[1]
PERSON = ("http://xmlns.com/foaf/0.1/Person",)
SPELLINGS = {
    "aamir-rehman": ["Amir Rehman", "Rehman, Aamir", "Aamir Rehmann", "A. Rehman"],
    "abai-moldokmatov": ["Abay Moldokmatov", "Абай Молдокматов", "MOLDOKMATOV Abai", "Abai Moldokmatow"],
    "gizat-nurdauletov": ["Гизат Нурдаулетов", "Nurdauletov Gizat", "Gizat Nurdaulletov", "G. Nurdauletov"],
    "igor-krasnov": [
        "Игорь Краснов",
        "Igor Krasnow",
        "Краснов Игорь Викторович",
        "伊戈尔·克拉斯诺夫",
        "I. Krasnov",
        "Краснов И. В.",
    ],
    "jumakhon-giyosov": ["Джумахон Гиёсов", "Dzhumakhon Giyosov", "Jumahon Giyosov", "J. Giyosov"],
    "nigmatilla-yuldashev": ["Нигматилла Юлдашев", "Nigmatilla Yuldashyev", "尼格马季拉·尤尔达舍夫"],
    "tushar-mehta": ["T. Mehta", "Tushar Mheta", "Mehta Tushar", "Тушар Мехта", "Mr. Tushar Mehta"],
    "vladimir-norov": ["Владимир Норов", "Vladimir Norow", "Norov, V.", "Wladimir Norov"],
    "yusuf-rakhmon": ["Yusuf Rahmon", "Юсуф Рахмон", "Rakhmon Yusuf", "Ю. Рахмон", "拉赫蒙·尤素福"],
    "zhang-jun": ["Zhang Jun", "张军", "Jun Zhang", "Чжан Цзюнь", "ZHANG JUN", "Zhangjun"],
}
NEAR = {"Chzhan Tszyun": "zhang-jun", "Zhan Jun": "zhang-jun", "Tszyun Chzhan": "zhang-jun"}
PARTS = {"Rahmon": "yusuf-rakhmon", "Rakhmon": "yusuf-rakhmon", "Рахмон": "yusuf-rakhmon"}
OTHERS = ["Emomali Rahmon", "Zhang Wei", "Igor Petrov", "Rahul Mehta", "E. Rahmon", "Wang Jun", "Vladimir Putin"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    path = tmp_path_factory.mktemp("names") / "names.sqlite"
    project = Project.open(ROOT)
    write_names(path, site=Site(project, Store.load(project)))
    with Names(path, seconds=300) as names:
        yield names


@pytest.mark.parametrize(("slug", "text"), [(slug, text) for slug, texts in SPELLINGS.items() for text in texts])
def test_another_spelling_is_matched(index: Names, slug: str, text: str) -> None:
    [best, *_] = candidates(index, Wanted(name=text, types=PERSON))
    assert (best.resource.iri.rpartition("/")[2], best.match) == (slug, True)


@pytest.mark.parametrize(("text", "slug"), NEAR.items())
def test_a_name_that_may_be_another_is_found_for_a_person_to_decide(index: Names, text: str, slug: str) -> None:
    [best, *_] = candidates(index, Wanted(name=text, types=PERSON))
    assert (best.resource.iri.rpartition("/")[2], best.match) == (slug, False) and best.score > 80


def test_a_person_whose_name_lost_its_soft_sign_is_proposed_before_terms_and_shapes(index: Names) -> None:
    first, *others = candidates(index, Wanted(name="Чжан Цзюн"))
    assert (first.resource.iri.rpartition("/")[2], first.match) == ("zhang-jun", False)
    assert all(each.score < first.score - 5 for each in others)


def test_terms_that_are_as_much_alike_come_after_things(tmp_path: Path) -> None:
    kinds = {"a": "http://www.w3.org/ns/shacl#NodeShape", "b": "https://example.org/Thing"}
    entries = [Entry(BASE + key, key, key, {cls: True}, ["Zhangs Meeting"], (), ()) for key, cls in kinds.items()]
    write(tmp_path / "n", entries, about={"base": BASE}, terms=())
    with Names(tmp_path / "n") as names:
        assert [each.resource.stem for each in candidates(names, Wanted(name="Zhang Meeting"))] == ["b", "a"]
        wanted = Wanted(name="Zhang Meeting", types=(kinds["a"],))
        assert [each.score for each in candidates(names, wanted)] > [90]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chzhan Syaotsin", ("zhan", "xiaoqin")),
        ("Chzhou Tszin'", ("zhou", "jin")),
        ("Chzhamin Doraki", ("chzhamin", "doraki")),
        ("Tsz Kwan", ("tsz", "kwan")),
        ("Tsitsipas", ("tsitsipas",)),
    ],
)
def test_chinese_names_that_came_by_way_of_russian_are_read_as_pinyin(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(("text", "slug"), PARTS.items())
def test_part_of_a_name_is_found_for_a_person_to_decide(index: Names, text: str, slug: str) -> None:
    [best, *_] = candidates(index, Wanted(name=text, types=PERSON))
    assert (best.resource.iri.rpartition("/")[2], best.match) == (slug, False)


@pytest.mark.parametrize("text", OTHERS)
def test_another_person_is_not_matched(index: Names, text: str) -> None:
    assert not any(each.match for each in candidates(index, Wanted(name=text, types=PERSON)))


@pytest.mark.parametrize("text", ["xqzzt blorp", "…", "", "☂☂☂", "qq"])
def test_nonsense_finds_nothing(index: Names, text: str) -> None:
    assert candidates(index, Wanted(name=text)) == []


def test_each_character_of_a_chinese_name_is_a_word() -> None:
    assert words("张军") == ("zhang", "jun")


@pytest.mark.parametrize(
    "text",
    ["19th Meeting of the Prosecutors General", "19th meeting of the Prosecutors General", "第十九次总检察长会议"],
)
def test_a_meeting_is_not_taken_for_those_who_attend_it(index: Names, text: str) -> None:
    first, *others = candidates(index, Wanted(name=text))
    assert first.resource.iri.endswith("/sco/meeting/prosecutors-general-19") and first.score > others[0].score
    assert not first.match  # of which organisation it is the 19th, the text does not say


def test_a_phrase_that_was_shortened_is_nearer_than_the_same_words_in_another_order() -> None:
    asked = words("19th Meeting of the Prosecutors General")
    meeting = resemblance(asked, words("19th Meeting of the Prosecutors General of the SCO"))
    assert 90 > meeting > resemblance(asked, words("Prosecutors general at the 19th meeting"))


def test_a_phrase_without_a_number_is_no_shortened_one_with_a_number() -> None:
    assert resemblance(words("Meeting of the Prosecutors"), words("19th Meeting of the Prosecutors")) < 80


def begun(index: Names, prefix: str, **options: tuple[str, ...]) -> list[str]:
    return [
        index.resource(each.resource).iri.partition("/communique/")[2]  # type: ignore[union-attr]
        for each in beginning_with(index, prefix, limit=5, skip=0, **options)
    ]


@pytest.mark.parametrize("prefix", ["Чж", "Чжан", "Zhang", "zhang j"])
def test_who_has_a_name_that_begins_so_in_any_script_is_suggested_first(index: Names, prefix: str) -> None:
    assert begun(index, prefix)[0] == "sco/person/zhang-jun"


def test_things_are_suggested_before_the_terms_that_describe_them(index: Names) -> None:
    assert all(each.startswith("sco/") for each in begun(index, "P"))
    assert begun(index, "person")[0] in ("code/unit/person", "ns#person")


def test_of_many_names_those_that_begin_so_are_found_whatever_the_index_holds_before(tmp_path: Path) -> None:
    entries = [Entry(f"{BASE}a{n}", "", "x", {}, [f"x zh{n}"], (), ()) for n in range(1100)]
    write(tmp_path / "n", [*entries, Entry(BASE + "b", "", "Zhukov", {}, ["Zhukov"], (), ())], about={}, terms=())
    with Names(tmp_path / "n") as names:
        assert [each.text for each in beginning_with(names, "zh", limit=1, skip=0)] == ["Zhukov"]


def test_the_order_of_the_words_does_not_count() -> None:
    assert resemblance(words("Mehta, Tushar"), words("Tushar Mehta")) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Resolution 2231", "Resolution 2331"),
        ("Resolution 1325", "Resolution 1352"),
        ("Organisation 1", "Organisation 2"),
        ("10th Meeting of the Prosecutors General of the SCO", "12th Meeting of the Prosecutors General of the SCO"),
        ("11th Meeting of the Prosecutors General of the SCO", "Meetings of the Prosecutors General of the SCO"),
        ("Committee 12", "Committee 1"),
        ("Council Resolution 42", "Council Resolution 4"),
        ("Protocol No. 25", "Protocol No. 2"),
        ("71-е заседание", "7 заседание"),
        ("Приложение 12", "Приложение 1"),
        ("附件12", "附件1"),
        ("Section 5.2", "Section 5"),
        ("Section 5.2", "Section 52"),
        ("Report 2 (2021)", "Report 2021"),
        ("Airbus A320", "Airbus B320"),
        ("Vitamin B12", "Vitamin B"),
        ("A. Rakhmonov", "I. Rakhmonov"),
        ("A. Konstantinopolskaya", "Li Konstantinopolskaya"),
    ],
)
def test_another_number_or_initial_is_another_thing(one: str, other: str) -> None:
    assert resemblance(words(one), words(other)) < 80


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Краснов И.В.", "Краснов Игорь Викторович"),
        ("I. V. Krasnov", "Igor Krasnov"),
        ("19th Meeting of the SCO (2021)", "19th Meeting of the SCO"),
        ("Resolution 2231", "Rezolution 2231"),
    ],
)
def test_initials_and_a_year_more_do_not_contradict(one: str, other: str) -> None:
    assert 100 > resemblance(words(one), words(other)) >= 90


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("World War I", "World War II"),
        ("Louis XIV of France", "Louis XV of France"),
        ("第十九次总检察长会议", "第二十次总检察长会议"),
        ("上海合作组织第十九次总检察长会议", "上海合作组织总检察长会议"),
        ("First Meeting of the Prosecutors General", "Second Meeting of the Prosecutors General"),
        ("Twenty-first Meeting of the Council", "Twenty-second Meeting of the Council"),
        ("Первая встреча Генеральных прокуроров ШОС", "Вторая встреча Генеральных прокуроров ШОС"),
        ("Двадцать первое заседание Совета", "Двадцать третье заседание Совета"),
    ],
)
def test_numerals_of_any_kind_that_differ_are_no_slip_of_the_pen(tmp_path: Path, one: str, other: str) -> None:
    path = tmp_path / "names.sqlite"
    write(path, [Entry(BASE + "x", "x", other, {}, [other], [], [])], about={"base": BASE}, terms=[])
    with Names(path) as found:
        assert not [each for each in candidates(found, Wanted(name=one)) if each.score >= 90]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LI Keqiang", "Li Keqiang"),
        ("Krasnov I V", "Krasnov Igor Viktorovich"),
        ("Twenty first Meeting of the Counsil", "Twenty-first Meeting of the Council"),
        ("第十九次总检察长会议", "第19次总检察长会议"),
        ("Сергей Второв", "Vtorov Sergey"),
    ],
)
def test_what_only_looks_like_a_numeral_or_is_the_same_one_does_not_contradict(one: str, other: str) -> None:
    assert not opposed(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deputy Prosecutor General of Kazakhstan", "Prosecutor General of Kazakhstan"),
        ("Prosecutor General of Kazakhstan", "Deputy Prosecutor General of Kazakhstan"),
        ("UK Ministry of Justice", "Ministry of Justice"),
        ("XIX Convention on Cluster Munitions", "Convention on Cluster Munitions"),
        ("Pope John Paul II", "Pope John Paul"),
        ("Pope John Paul", "Pope John Paul II"),
        ("Apollo Programme XI", "Apollo Programme"),
        ("Apollo Programme", "Apollo Programme XI"),
        ("20th Meeting of the Council, 19 October 2021", "19th Meeting of the Council, 20 October 2021"),
        ("2nd Committee of 1st Session", "First Committee of Second Session"),
        ("Chapter III of Part II", "Chapter II of Part III"),
        ("The Meeting of 1.2", "The Meeting of 2.1"),
    ],
)
def test_a_word_or_a_numeral_more_is_for_a_person_to_decide(tmp_path: Path, one: str, other: str) -> None:
    found = best_of_one(tmp_path, one, other)
    assert (60 < found.score < 90, found.match) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("World Health Organisation (WHO)", "World Health Organisation"),
        ("19th Meeting of Prosecutors General of the SCO", "19th Meeting of the Prosecutors General of the SCO"),
        ("19-я встреча прокуроров", "Девятнадцатая встреча прокуроров"),
        ("XIX встреча прокуроров", "19-я встреча прокуроров"),
        ("Nineteenth Meeting of the Council", "19th Meeting of the Council"),
        ("Meeting of the Council, Twenty-first", "21st Meeting of the Council"),
        ("第十九次会议", "第19次会议"),
        ("19е заседание генпрокуроров", "19-е заседание генпрокуроров"),
        ("19-th Meeting of Chiefs", "19th Meeting of Chiefs"),
        ("Igor Viktorovich Krasnov", "Igor Krasnov"),
        ("Organization for Economic Cooperation", "Organisation for Economic Co-operation"),
        ("Regional Antiterrorist Structure", "Regional Anti-Terrorist Structure"),
        ("A Society for Sport", "Society for Sport"),
        ("Шанхайская организация сотрудничества (ШОС)", "Шанхайская организация сотрудничества"),
        ("Генеральная прокуратура, суд", "Генеральная прокуратура и суд"),
        ("Verein Förderung der Künste", "Verein zur Förderung der Künste"),
        ("Société protection des animaux", "Société pour la protection des animaux"),
        ("Compact Disc (CD)", "Compact Disc"),
        ("Washington D.C.", "Washington DC"),
    ],
)
def test_a_particle_an_abbreviation_and_a_number_written_otherwise_make_no_other_thing(
    tmp_path: Path, one: str, other: str
) -> None:
    assert best_of_one(tmp_path, one, other, cls=PERSON[0] if "Krasnov" in one else "https://schema.org/Event").match


@pytest.mark.parametrize(
    ("one", "other", "cls"),
    [
        ("CD player", "400 player", "https://schema.org/Product"),
        ("600 motor control", "DC motor control", "https://schema.org/Thing"),
        ("11 Jinping", "XI Jinping", PERSON[0]),
        ("7 Smith", "Seven Smith", "https://example.org/Guest"),
    ],
)
def test_letters_and_words_that_only_look_like_numbers_are_none(tmp_path: Path, one: str, other: str, cls: str) -> None:
    entry = Entry(BASE + "x", "x", other, {cls: True}, [other], [], [])
    write(tmp_path / "names.sqlite", [entry], about={"base": BASE}, terms=[])
    with Names(tmp_path / "names.sqlite") as index:
        assert not [each for each in candidates(index, Wanted(name=one)) if each.match]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("XI Jinping", "习近平"),
        ("LI Keqiang", "李克强"),
        ("LI Xi", "Ли Си"),
        ("Leonardo DI CAPRIO", "Леонардо Ди Каприо"),
        ("Ivan Petrovich von der Goltz", "Ivan von der Goltz"),
    ],
)
@pytest.mark.parametrize("cls", [PERSON[0], "https://example.org/Guest"])
def test_a_surname_in_capitals_is_no_numeral_and_a_patronymic_no_other_thing(
    tmp_path: Path, one: str, other: str, cls: str
) -> None:
    assert best_of_one(tmp_path, one, other, cls=cls).match


def test_no_properties_make_a_match_of_a_name_with_a_word_more(tmp_path: Path) -> None:
    name, values = "Prosecutor General of Kazakhstan", ((BASE + "p", ("Kazakhstan",)),)
    facts = [(BASE + "p", "Kazakhstan", "string", "")]
    write(tmp_path / "n", [Entry(BASE + "x", "x", name, {}, [name], facts, [])], about={"base": BASE}, terms=[])
    with Names(tmp_path / "n") as index:
        [found] = candidates(index, Wanted(name=f"Deputy {name}", properties=values))
    assert (found.match, found.score) == (False, 89.9)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("XIX встреча Генеральных прокуроров ШОС", "prosecutors-general-19"),
        ("19-я встреча генеральных прокуроров ШОС", "prosecutors-general-19"),
        ("Nineteenth meeting of the Prosecutors General of the SCO", "prosecutors-general-19"),
        ("Shanghai Cooperation Organization (SCO)", "sco"),
    ],
)
def test_the_meeting_is_found_by_the_names_that_people_give_it(index: Names, text: str, slug: str) -> None:
    [best, *_] = candidates(index, Wanted(name=text))
    assert (best.resource.iri.rpartition("/")[2], best.match) == (slug, True)


@pytest.mark.parametrize(
    "text",
    [
        "V встреча генеральных прокуроров ШОС",
        "CIS Prosecutor General of Kazakhstan",
        "Draft Protocol of the 19th meeting",
        "East Shanghai Cooperation Organisation",
    ],
)
def test_a_thing_with_a_word_more_is_not_taken_for_one_that_the_data_have(index: Names, text: str) -> None:
    assert not [each for each in candidates(index, Wanted(name=text)) if each.match]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vitamin Complex", "Vitamin C"),
        ("Vitamin", "Vitamin C"),
        ("Annex Addendum", "Annex A"),
        ("Annex Addendum: Definitions", "Annex A: Definitions"),
        ("Annex Addendum of the Treaty", "Annex A of the Treaty"),
        ("Ghana Group", "Group G"),
        ("Приложение Альфа", "Приложение А"),
        ("附件Addendum", "附件A"),
        ("Committee 12", "Committee 1"),
    ],
)
def test_a_letter_that_ends_a_name_designates_a_thing(tmp_path: Path, one: str, other: str, turned: bool) -> None:
    found = best_of_one(tmp_path, *((other, one) if turned else (one, other)))
    assert found.score < 80 and not found.match


@pytest.mark.parametrize(
    "text", ["Krasnov I.", "Krasnov, I", "Krasnov I V", "I Krasnov", "Краснов И.", "Igor V Krasnov", "И. В. Краснов"]
)
def test_a_letter_with_a_full_stop_a_comma_or_another_one_or_before_a_name_is_an_initial(
    tmp_path: Path, text: str
) -> None:
    assert best_of_one(tmp_path, text, "Igor Krasnov").match


@pytest.mark.parametrize(
    ("text", "name"), [("annex a", "Annex A"), ("Приложение A", "Приложение А"), ("A, Annex", "Annex A")]
)
def test_the_same_letter_designates_the_same_thing(tmp_path: Path, text: str, name: str) -> None:
    assert best_of_one(tmp_path, text, name).match


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Group A Meeting", "Group Meeting"),
        ("Group A Meeting", "Group Addis Meeting"),
        ("Hepatitis B Virus", "Hepatitis Virus"),
        ("Vitamin C Deficiency", "Vitamin Complex Deficiency"),
        ("Класс А Комитет", "Класс Комитет"),
    ],
)
def test_a_letter_within_the_name_of_what_is_no_person_is_no_initial(
    tmp_path: Path, one: str, other: str, turned: bool
) -> None:
    found = best_of_one(tmp_path, *((other, one) if turned else (one, other)), "http://www.w3.org/ns/org#Organization")
    assert found.score < 80 and not found.match


def test_a_letter_within_a_phrase_is_no_initial_whatever_its_type(tmp_path: Path) -> None:
    assert not best_of_one(tmp_path, "Group A Experts Meeting", "Group Experts Meeting").match
    assert best_of_one(tmp_path, "Igor V Petrov Krasnov", "Igor Petrov Krasnov", *PERSON).match


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("20th Meeting of the Council", "19th Meeting of the Council"),
        ("Second Meeting of the Council", "First Meeting of the Council"),
        ("Annex B", "Annex A"),
    ],
)
def test_no_properties_make_a_match_of_a_name_with_another_number_or_letter(
    tmp_path: Path, asked: str, name: str
) -> None:
    facts = [(f"https://example.org/p{n}", "Dushanbe", "literal", "") for n in range(30)]
    entry = Entry(BASE + "x", "x", name, {}, [name], facts, [])
    write(tmp_path / "names.sqlite", [entry], about={"base": BASE}, terms=[])
    properties = tuple((property, ("Dushanbe",)) for property, *_ in facts)
    with Names(tmp_path / "names.sqlite") as index:
        (other,) = candidates(index, Wanted(name=asked, properties=properties))
        (same,) = candidates(index, Wanted(name=name, properties=properties))
    assert other.score < 90 and not other.match
    assert same.match


def test_words_that_share_only_their_consonants_are_not_alike_if_one_begins_with_a_vowel() -> None:
    assert resemblance(words("China"), words("очно")) == 0
    assert resemblance(words("Mohamad"), words("Muhammed")) >= 60


def test_a_script_without_vowels_stands_for_any() -> None:
    assert resemblance(words("bdllh"), words("Abdullah")) >= 60 and resemblance(words("mhmd"), words("Muhammad")) >= 60


def test_a_number_is_found_among_thousands_that_begin_with_its_digit(tmp_path: Path) -> None:
    entries = [Entry(f"{BASE}{n}", "", n, {}, [n], (), ()) for n in (f"Committee {n}" for n in (*range(1000, 2000), 1))]
    write(tmp_path / "n", entries, about={"base": BASE}, terms=())
    with Names(tmp_path / "n") as index:
        assert [each.text for each in candidates(index, Wanted(name="1. Committee")) if each.match] == ["Committee 1"]


@pytest.mark.parametrize("cls", sorted(PEOPLE))
def test_the_letter_of_somebody_that_the_data_know_as_a_person_is_an_initial(tmp_path: Path, cls: str) -> None:
    assert best_of_one(tmp_path, "Krasnov I", "Igor Krasnov", cls).match
    assert not best_of_one(tmp_path, "Krasnov I", "Igor Krasnov").match


@pytest.mark.parametrize("text", ["10th", "11th", "99th"])
def test_a_meeting_that_is_not_in_the_data_is_not_taken_for_another(index: Names, text: str) -> None:
    found = candidates(index, Wanted(name=f"{text} Meeting of the Prosecutors General of the SCO"))
    assert found and max(each.score for each in found) < 80


def test_a_thing_without_a_name_is_found_by_what_is_said_to_be_the_same(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    data = (
        f"<{BASE}a> <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q668> .\n<{BASE}b> a <x:> ."
    )
    (tmp_path / "data" / "data.ttl").write_text(data)
    project = Project.open(tmp_path)
    write_names(tmp_path / "names.sqlite", site=Site(project, Store.load(project)))
    with Names(tmp_path / "names.sqlite", seconds=300) as names:
        assert [each.iri for each in names.linked("http://www.wikidata.org/entity/Q668")] == [f"{BASE}a"]
