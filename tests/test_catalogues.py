"""Catalogues: the words of the interface in other languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from communique.errors import ProjectError
from communique.website.catalogues import interfaces
from made_projects import make_project

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "site" / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
KEYWORDS = DEFAULT_KEYWORDS
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|(\{\w+\})")
TAG = re.compile(r"<[^>]+>")
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n'
)

Key = tuple[str, str, str]


def key_of(message: object, context: str | None) -> Key:
    """Return the context, the message and its plural, "" where there is none."""
    words = message if isinstance(message, tuple | list) else (message, "")
    return context or "", str(words[0]), str(words[1])


def extracted() -> Iterator[Key]:
    """Give the messages of all templates and modules."""
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    for folder, method in (("site/templates", ("**.html", "jinja2")), ("src/communique", ("**.py", "python"))):
        found = extract_from_dir(ROOT / folder, [method], options, keywords=KEYWORDS)
        yield from (key_of(message, context) for _, _, message, _, context in found)


MESSAGES = frozenset(extracted())


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream)


def translations(language: str) -> dict[Key, tuple[str, ...]]:
    messages = catalogue(LOCALE / language / "LC_MESSAGES" / "communique.po")
    return {
        key_of(each.id, each.context): (each.string,) if isinstance(each.string, str) else tuple(each.string)
        for each in messages
        if each.id
    }


def placeholders(text: str) -> list[str]:
    return sorted({found[0] for found in PLACEHOLDER.finditer(text)})


def test_the_template_of_catalogues_has_every_message_and_no_other() -> None:
    assert {key_of(each.id, each.context) for each in catalogue(LOCALE / "communique.pot") if each.id} == MESSAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    translated = {key for key, texts in translations(language).items() if all(texts)}
    assert sorted(MESSAGES - translated) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_has_what_no_page_says(language: str) -> None:
    assert sorted(translations(language).keys() - MESSAGES) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_placeholders_and_the_markup_of_their_messages(language: str) -> None:
    def marks(text: str) -> tuple[list[str], list[str]]:
        return placeholders(text), sorted(TAG.findall(text))

    wrong = [
        (plural or singular, text)
        for (_, singular, plural), texts in translations(language).items()
        for text in texts
        if marks(text) != marks(plural or singular)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_uncertain(language: str) -> None:
    messages = catalogue(LOCALE / language / "LC_MESSAGES" / "communique.po")
    assert [each.id for each in messages if each.id and each.fuzzy] == []


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 форма"), (2, "2 формы"), (5, "5 форм"), (11, "11 форм"), (21, "21 форма")]
)
def test_russian_has_three_plural_forms(tmp_path: Path, number: int, words: str) -> None:
    project = make_project(tmp_path, site__site_toml='languages = ["ru"]')
    said = interfaces(project)["ru"].ngettext("%(num)s shape was applied.", "%(num)s shapes were applied.", number)
    assert said % {"num": number} in {f"Применена {words}.", f"Применено {words}."}


def test_a_site_without_settings_is_in_english_alone(tmp_path: Path) -> None:
    assert list(interfaces(make_project(tmp_path))) == ["en"]


def test_a_site_is_in_the_languages_of_its_settings_that_the_interface_speaks(tmp_path: Path) -> None:
    project = make_project(tmp_path, site__site_toml='languages = ["ru", "de", "en-GB", "zh-Hans"]')
    assert list(interfaces(project)) == ["ru", "en-gb", "zh-hans"]


def test_a_first_language_that_the_interface_does_not_speak_has_pages_with_english_words(tmp_path: Path) -> None:
    found = interfaces(make_project(tmp_path, site__site_toml='languages = ["de", "ru"]'))
    assert [(tag, words.language) for tag, words in found.items()] == [("de", "en"), ("ru", "ru")]


def german(folder: Path, messages: str) -> Path:
    path = folder / "site" / "locale" / "de" / "LC_MESSAGES" / "communique.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + messages, encoding="utf-8")
    return path


def test_a_project_brings_a_catalogue_of_its_own(tmp_path: Path) -> None:
    german(tmp_path, 'msgid "Meetings"\nmsgstr "Treffen"\n')
    words = interfaces(make_project(tmp_path, site__site_toml='languages = ["de-AT"]'))["de-at"]
    assert (words.language, words.gettext("Meetings"), words.gettext("Dataset")) == ("de-at", "Treffen", "Dataset")


def test_the_catalogue_of_a_project_comes_before_the_bundled_one_word_by_word(tmp_path: Path) -> None:
    own = german(tmp_path, 'msgid "Meetings"\nmsgstr "Заседания"\n')
    (tmp_path / "site/locale/de").rename(tmp_path / "site/locale/ru")
    assert not own.exists()
    words = interfaces(make_project(tmp_path, site__site_toml='languages = ["ru"]'))["ru"]
    assert (words.gettext("Meetings"), words.gettext("Dataset")) == ("Заседания", "Набор данных")


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ('msgid "a %(x)s"\nmsgstr "ein %(y)s"\n', r"communique\.po:5: 'a %\(x\)s'"),
        ('msgid "a"\nmsgid "b"\n', r"communique\.po:"),
        ('msgid "a"\nmsgstr "b"\nnonsense\n', r"communique\.po:7"),
    ],
)
def test_a_faulty_catalogue_is_named_with_its_line(tmp_path: Path, messages: str, fault: str) -> None:
    german(tmp_path, messages)
    with pytest.raises(ProjectError, match=fault):
        interfaces(make_project(tmp_path, site__site_toml='languages = ["de"]'))


def test_plural_forms_that_are_no_formula_are_refused(tmp_path: Path) -> None:
    path = german(tmp_path, 'msgid "a"\nmsgstr "b"\n')
    path.write_text(path.read_text().replace("n != 1", "import os"))
    with pytest.raises(ProjectError, match="Plural-Forms"):
        interfaces(make_project(tmp_path, site__site_toml='languages = ["de"]'))
