"""The settings of a site, `site/site.toml`: what RDF has no word for, and nothing else.

languages = ["en", "ru", "zh"]          # of pages and labels, in the order of preference
menu = [{ link = "about", label = { en = "About", ru = "О проекте" } }]
formats = ["turtle", "jsonld", "trig"]  # of documents, beside HTML
parquet = true                          # tables as Parquet too, which needs communique[parquet]
theme = { accent = "#225588" }          # handed to the templates as it is
picture = "card.png"                    # beside links to the site: a file in site/assets, or an address

[links]                                 # where readers can act: addresses with places to fill
report = "https://example.org/issues/new?title={title}&body={iri}%0A{file}:{line}"
source = "https://example.org/blob/main/{file}#L{line}"
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from communique.errors import AccessError, ProjectError
from communique.formats import DOCUMENTS, FORMATS, JSONLD, TRIG, TURTLE
from communique.literals import is_web_address, safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from communique.formats import Format

KEYS = ("languages", "menu", "formats", "theme", "links", "parquet", "picture")
FILE = "site/site.toml"
"""Where the settings of a project are."""
PLACE = re.compile(r"\{(\w+)\}")
PLACES = {"report": frozenset({"iri", "title", "file", "line"}), "source": frozenset({"file", "line"})}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu: a page of the site or a URL, and its words by language (`""` for any language)."""

    link: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What `site/site.toml` says, or the defaults.

    `languages` are those of labels in the order of preference, `page_languages` those in which there are to be pages as
    far as the interface speaks them: the same if the file names them, else the first alone, for data that put no
    language first (`website.languages`).
    """

    languages: tuple[str, ...] = ("en", "ru", "zh")
    page_languages: tuple[str, ...] = ("en",)
    menu: tuple[MenuEntry, ...] = ()
    formats: tuple[Format, ...] = (TURTLE, JSONLD, TRIG)
    parquet: bool = False
    picture: str = ""
    theme: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names_languages(self) -> bool:
        """Whether the file names the languages."""
        return self.page_languages == self.languages


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; raises ProjectError naming the file and the key that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path}: is no TOML: {error}") from error
    except OSError as error:
        raise AccessError(f"{path}: cannot be read: {error.strerror}") from error
    for key in table:
        _expect(key in KEYS, path, key, f"is unknown; known are {', '.join(KEYS)}")
    _expect(isinstance(table.get("parquet", False), bool), path, "parquet", "must be true or false")
    default = Settings()
    named = "languages" in table
    languages = _languages(table["languages"], path) if named else default.languages
    return Settings(
        languages=languages,
        page_languages=languages if named else default.page_languages,
        menu=_menu(table.get("menu", []), path),
        formats=_formats(table.get("formats", [each.name for each in default.formats]), path),
        parquet=table.get("parquet", False),
        picture=_picture(table.get("picture", ""), path),
        theme=_strings(table.get("theme", {}), path, "theme"),
        links=_links(table.get("links", {}), path),
    )


def _languages(value: Any, path: Path) -> tuple[str, ...]:
    correct = (
        isinstance(value, list) and value and all(isinstance(tag, str) and LANGUAGE.fullmatch(tag) for tag in value)
    )
    _expect(correct, path, "languages", 'must be a list of language tags such as ["en", "zh-Hant"]')
    return tuple(dict.fromkeys(tag.lower() for tag in value))


def _formats(value: Any, path: Path) -> tuple[Format, ...]:
    """Return the formats in the order of the table, so that the order of the setting changes no page."""
    known = {each.name: each for each in FORMATS.of_kind("rdf")}
    correct = isinstance(value, list) and all(isinstance(name, str) and name in known for name in value)
    _expect(correct, path, "formats", f"must be a list of some of {', '.join(known)}")
    return tuple(each for each in DOCUMENTS if each.name in value)


def _menu(value: Any, path: Path) -> tuple[MenuEntry, ...]:
    rule = 'must be a list of tables such as { link = "about", label = "About" }'
    _expect(isinstance(value, list), path, "menu", rule)
    entries = []
    for entry in value:
        correct = isinstance(entry, dict) and entry.keys() == {"link", "label"} and isinstance(entry["link"], str)
        _expect(correct, path, "menu", rule)
        label = entry["label"]
        words = {"": label} if isinstance(label, str) else _strings(label, path, "menu.label")
        entries.append(MenuEntry(entry["link"], words))
    return tuple(entries)


def _picture(value: Any, path: Path) -> str:
    correct = isinstance(value, str) and (is_web_address(value) or ":" not in value)
    rule = 'must be the name of a file in site/assets, such as "card.png", or an http or https address'
    _expect(correct, path, "picture", rule)
    return str(value)


def _links(value: Any, path: Path) -> Mapping[str, str]:
    patterns = _strings(value, path, "links")
    for key, pattern in patterns.items():
        _expect(key in PLACES, path, f"links.{key}", f"is unknown; known are {', '.join(PLACES)}")
        unknown = sorted(set(PLACE.findall(pattern)) - PLACES[key])
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACES[key]))
        _expect(not unknown, path, f"links.{key}", f"has the place {{{', '.join(unknown)}}}; known are {known}")
        rule = "must be an http, https or mailto address, apart from its places without spaces and quotes"
        _expect(safe_url(PLACE.sub("", pattern)), path, f"links.{key}", rule)
    return patterns


def _strings(value: Any, path: Path, key: str) -> Mapping[str, str]:
    correct = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    _expect(correct, path, key, "must be a table of strings")
    return MappingProxyType(dict(value))


def _expect(condition: object, path: Path, key: str, rule: str) -> None:
    if not condition:
        raise ProjectError(f"{path}: {key}: {rule}")
