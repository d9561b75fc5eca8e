"""Pages in several languages: words, labels, links, dates and numbers follow the language of the page."""

import doctest
import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique import interface
from communique.formats import HTML
from communique.interface import Interface
from communique.iris import Addresses
from html_pages import Page, dead_links, pages, read
from made_projects import build, make_site, page_at, renderer, renderer_of

LANGUAGES = 'languages = ["en", "ru", "zh"]'
DATA = """
:ada a :Person ; rdfs:label "Ada"@en, "Ада"@ru ; :born "1815-12-10"^^xsd:date ; :words 21000000 ; foaf:knows :bob, :ли .
:bob a :Person ; rdfs:label "Bob"@en .
:ли a :Person ; rdfs:label "Ли"@ru, "李"@zh .
:Person a owl:Class ; rdfs:label "person"@en, "лицо"@ru .
"""
PROSE = {
    "site__pages__about_md": "# About\n\nRead [more](more.md#part), or of [Ada](ada.html).\n",
    "site__pages__more_md": "# More\n\n## Part\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    (folder / "site" / "pages").mkdir(parents=True)
    (folder / "site" / "pages" / "about.ru.md").write_text("# О сайте\n\n[Ещё](more.md)\n", encoding="utf-8")
    return build(folder, DATA, site__site_toml=LANGUAGES, **PROSE)


def page(site: Path, name: str) -> Page:
    return Page((site / name).read_text(encoding="utf-8"))


def test_a_page_says_its_language(site: Path) -> None:
    names = ("ada.html", "ada.ru.html", "ada.zh.html")
    assert [page(site, name).one("html").attributes["lang"] for name in names] == ["en", "ru", "zh"]


def test_a_russian_page_speaks_russian(site: Path) -> None:
    words = page(site, "ada.ru.html").text
    assert "Названия и вид" in words and "Names and kind" not in words


def test_labels_follow_the_language_of_the_page(site: Path) -> None:
    assert page(site, "ada.ru.html").one("h1").text == "Ада"
    assert page(site, "ada.html").one("h1").text == "Ada"


def test_a_label_that_a_language_lacks_is_in_the_next_one_with_a_mark(site: Path) -> None:
    found = page(site, "ada.zh.html").one("h1")
    assert found.text == "Adaen"
    assert "没有中文文本，以英语显示" in (tag.attributes.get("title") for tag in page(site, "ada.zh.html").all("span"))


def test_every_link_of_a_russian_page_leads_to_russian_pages(site: Path) -> None:
    found = []
    for name, each in pages(site).items():
        if name.endswith(".ru.html"):
            elements = [link for link in (*each.all("a"), *each.all("form")) if "hreflang" not in link.attributes]
            paths = (
                link.attributes.get("href", link.attributes.get("action", "")).partition("#")[0] for link in elements
            )
            found += [path for path in paths if "//" not in path and path.endswith(".html")]
    assert len(found) > 50
    assert [path for path in found if not path.endswith(".ru.html")] == []


def test_no_link_of_any_language_is_dead(site: Path) -> None:
    every = {name: each for name, each in pages(site).items() if not name.startswith("404")}
    assert dead_links(site, every) == []


def test_pages_of_every_language_are_well_formed(site: Path) -> None:
    assert {name: each.faults for name, each in pages(site).items() if each.faults} == {}


def test_a_page_leads_to_itself_in_the_other_languages(site: Path) -> None:
    links = [link for link in page(site, "ada.ru.html").all("a") if "hreflang" in link.attributes]
    assert [(link.attributes["href"], link.text, link.attributes["lang"]) for link in links] == [
        ("ada.html", "English", "en"),
        ("ada.ru.html", "Русский", "ru"),
        ("ada.zh.html", "中文", "zh"),
    ]
    assert [link.text for link in links if "aria-current" in link.attributes] == ["Русский"]


def test_search_engines_are_told_of_all_languages(site: Path) -> None:
    found = page(site, "ada.ru.html")
    links = {link.attributes["hreflang"]: link.attributes["href"] for link in found.all("link", rel="alternate")
             if "hreflang" in link.attributes}  # fmt: skip
    assert links == {"en": "ada.html", "ru": "ada.ru.html", "zh": "ada.zh.html", "x-default": "ada.html"}
    assert found.one("link", rel="canonical").attributes["href"] == "ada.ru.html"


def test_the_site_map_lists_every_language_with_the_others(site: Path) -> None:
    tree = ElementTree.parse(site / "sitemap" / "1.xml")
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = {
        entry.findtext("s:loc", namespaces=space): [link.attrib["hreflang"] for link in entry.findall("x:link", space)]
        for entry in tree.getroot()
    }
    for name in ("ada.html", "ada.ru.html", "ada.zh.html"):
        assert found[f"https://example.org/id/{name}"] == ["en", "ru", "zh", "x-default"]


def test_a_list_is_in_the_order_of_its_language(site: Path) -> None:
    def members(name: str) -> list[str]:
        return [link.text for link in page(site, name).all("a") if link.text in {"Ada", "Ада", "Bob", "Ли", "李"}]

    assert members("classes/person.html") == ["Ada", "Bob", "Ли"]
    assert members("classes/person.ru.html") == ["Bob", "Ада", "Ли"]


def test_dates_and_numbers_are_said_as_the_language_says_them(site: Path) -> None:
    def said(name: str) -> tuple[str, str]:
        found = page(site, name)
        return found.one("time", datetime="1815-12-10").text, found.one("data", value="21000000").text

    assert said("ada.html") == ("10 December 1815", "21,000,000")
    assert said("ada.ru.html") == ("10 декабря 1815\u202fг.", "21\u00a0000\u00a0000")
    assert said("ada.zh.html") == ("1815年12月10日", "21,000,000")


def test_prose_is_in_the_language_of_the_page_where_there_is_a_text(site: Path) -> None:
    assert page(site, "about.ru.html").one("h1").text == "О сайте"
    assert "more.ru.html" in page(site, "about.ru.html").links


def test_prose_that_a_language_lacks_stands_in_its_frame_and_says_so(site: Path) -> None:
    found = page(site, "about.zh.html")
    assert found.one("h1").text == "Abouten"
    assert found.one("div", class_="prose", lang="en").attributes["dir"] == "auto"
    assert {"more.zh.html#part", "ada.zh.html"} <= set(found.links)


def test_a_text_in_another_language_is_no_page_of_its_own(site: Path) -> None:
    assert not (site / "about.ru.ru.html").exists()


def test_the_report_and_the_missing_page_are_there_in_every_language(site: Path) -> None:
    assert page(site, "report.ru.html").one("h1").text == "Отчёт о проверке"
    assert page(site, "404.zh.html").one("h1").text == "没有这个页面"


def test_data_are_the_same_for_all_languages(site: Path) -> None:
    assert sorted(path.name for path in site.glob("ada.*")) == [
        "ada.html", "ada.jsonld", "ada.ru.html", "ada.trig", "ada.ttl", "ada.zh.html",
    ]  # fmt: skip


def test_a_site_in_one_language_offers_no_others(tmp_path: Path) -> None:
    site = build(tmp_path, DATA)
    found = page(site, "ada.html")
    assert [link for link in (*found.all("a"), *found.all("link")) if "hreflang" in link.attributes] == []
    assert not list(site.rglob("*.ru.html"))


def test_a_thing_whose_name_ends_like_a_translation_keeps_out_of_its_way(tmp_path: Path) -> None:
    data = ':ada rdfs:label "Ada"@en . :ada.ru rdfs:label "Ada of Russia"@en .'
    site = make_site(tmp_path, data, site__site_toml=LANGUAGES)
    titles = {
        path: Page(renderer_of(site).render(each, HTML).decode()).one("h1").text
        for each in site.pages()
        if (path := each.path).startswith("ada")
    }
    assert titles.pop("ada") == "Ada"
    ((path, title),) = titles.items()
    assert (title, site.targets.renamed) == ("Ada of Russia", {"ada.ru": path})
    assert not path.endswith(".ru")


NAMES = st.lists(st.sampled_from(["a", "index", ".ru", ".zh", ".RU", ".html", "/", "~", "report"]), max_size=5)


@given(st.lists(NAMES.map("".join), max_size=6, unique=True))
def test_no_two_files_of_any_language_meet(rests: list[str]) -> None:
    base, endings = "https://example.org/", (".html", ".ru.html", ".zh.html")
    addresses = Addresses(base, [base + rest for rest in rests], languages=["ru", "zh"])
    stems = {addresses.file(base + rest, "html").removesuffix(".html") for rest in rests}
    files = [(stem + ending).casefold() for stem in stems for ending in endings]
    assert len(files) == len(set(files))


def test_the_same_page_has_the_same_bytes_whatever_was_made_before(tmp_path: Path) -> None:
    built = build(tmp_path, DATA, site__site_toml=LANGUAGES)
    site = make_site(tmp_path, DATA, site__site_toml=LANGUAGES)
    alone = renderer(site).render(page_at(site, "ada"), HTML, language="ru")
    (again,) = [content for path, content in renderer(site).files(page_at(site, "ada")) if path == "ada.ru.html"]
    assert alone == again
    assert Page(alone.decode()).text == page(built, "ada.ru.html").text


ARABIC = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Names and kind"
msgstr "الأسماء والنوع"
"""


def test_a_language_from_right_to_left_turns_the_page(tmp_path: Path) -> None:
    path = tmp_path / "site/locale/ar/LC_MESSAGES/communique.po"
    path.parent.mkdir(parents=True)
    path.write_text(ARABIC, encoding="utf-8")
    site = build(tmp_path, ':blue rdfs:label "أزرق"@ar .', site__site_toml='languages = ["en", "ar"]')
    found = page(site, "blue.ar.html")
    assert (found.one("html").attributes["lang"], found.one("html").attributes["dir"]) == ("ar", "rtl")
    assert "الأسماء والنوع" in found.text
    assert "dir" not in page(site, "blue.html").one("html").attributes


def test_examples_of_the_interface_hold() -> None:
    assert doctest.testmod(interface).failed == 0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2021-10-29T12:30:00+05:00", "29 October 2021, 12:30:00 (UTC+05:00)"),
        ("2021-10-29Z", "29 October 2021 (UTC)"),
        ("2021-02-30", "2021-02-30"),
        ("0000-01-01", "0000-01-01"),
        ("12021-10-29", "12021-10-29"),
        ("-0044-03-15", "-0044-03-15"),
        ("2021-10-29T24:00:00", "2021-10-29T24:00:00"),
        ("2021-10-29T12:30:00.5", "2021-10-29T12:30:00.5"),
        ("2021", "2021"),
    ],
)
def test_a_moment_that_no_calendar_can_say_stays_as_it_is_written(value: str, said: str) -> None:
    assert Interface("en").moment(value) == said


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_all_its_digits(number: object) -> None:
    text = f"{number:f}"
    assert Interface("en").number(text).replace(",", "") == text


def test_short_numbers_of_the_data_are_not_grouped_and_counts_are() -> None:
    assert Interface("en").number("2021") == "2021"
    assert [Interface("en").number(count) for count in (0, 999, 1000, 2021)] == ["0", "999", "1,000", "2,021"]
    assert [Interface(tag).number(2021) for tag in ("ru", "es")] == ["2\xa0021", "2.021"]


def test_all_counts_of_a_page_are_grouped(tmp_path: Path) -> None:
    members = " ".join(f':g {{ :m{n} a :C ; rdfs:label "M {n % 10}" ; :in :year }}' for n in range(1200))
    out = build(tmp_path, f':year rdfs:label "Year" ; :value 2021 . :g a cmq:Passage . :C a rdfs:Class . {members}')
    ungrouped = re.compile(r"(?<![\w.,/#-])\d{4,}(?![\w.,-])")
    for name in ("index", "downloads", "statistics", "classes/c", "classes/index", "year"):
        text = read(out / f"{name}.html").text
        assert re.search(r"\b[13],[26]\d\d\b", text), name
        assert [each for each in ungrouped.findall(text) if each != "2021"] == [], name
    assert "2021" in read(out / "year.html").text


def test_a_language_that_nobody_knows_is_called_by_its_tag() -> None:
    assert Interface("xx").language_name("qqq") == "qqq"


def test_links_of_one_language_lead_from_any_depth(tmp_path: Path) -> None:
    site = build(tmp_path, "<https://example.org/id/a/b> foaf:knows :ada . " + DATA, site__site_toml=LANGUAGES)
    assert urljoin("a/b.ru.html", "../ada.ru.html") == "ada.ru.html"
    assert "../ada.ru.html" in page(site, "a/b.ru.html").links
