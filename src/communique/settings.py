"""The settings of a site, `site/site.toml`: what RDF has no word for, and nothing else.

languages = ["en", "ru", "zh"]          # of pages and labels, in the order of preference
menu = [{ link = "about", label = { en = "About", ru = "О проекте" } }]
theme = { accent = "#225588" }          # handed to the templates as it is
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from communique.errors import AccessError, ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = ("languages", "menu", "theme")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu: a page of the site or a URL, and its words by language (`""` for any language)."""

    link: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What `site/site.toml` says, or the defaults."""

    languages: tuple[str, ...] = ("en", "ru", "zh")
    menu: tuple[MenuEntry, ...] = ()
    theme: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


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
    default = Settings()
    return Settings(
        languages=_languages(table.get("languages", list(default.languages)), path),
        menu=_menu(table.get("menu", []), path),
        theme=_strings(table.get("theme", {}), path, "theme"),
    )


def _languages(value: Any, path: Path) -> tuple[str, ...]:
    correct = (
        isinstance(value, list) and value and all(isinstance(tag, str) and LANGUAGE.fullmatch(tag) for tag in value)
    )
    _expect(correct, path, "languages", 'must be a list of language tags such as ["en", "zh-Hant"]')
    return tuple(tag.lower() for tag in value)


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


def _strings(value: Any, path: Path, key: str) -> Mapping[str, str]:
    correct = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    _expect(correct, path, key, "must be a table of strings")
    return MappingProxyType(dict(value))


def _expect(condition: object, path: Path, key: str, rule: str) -> None:
    if not condition:
        raise ProjectError(f"{path}: {key}: {rule}")
