"""Catalogues: the words of the interface in other languages, `site/locale/<language>/LC_MESSAGES/communique.po`.

They are files of GNU gettext, read as they are: nothing has to be compiled. A project's own catalogue comes before the
bundled one of the same language, message by message.
"""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from communique.errors import ProjectError
from communique.interface import DEFAULT, Interface
from communique.language_ranges import language_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from babel.messages.catalog import Catalog

    from communique.project import Project

FOLDER = "locale"
NAME = "LC_MESSAGES/communique.po"


def interfaces(project: Project, wanted: Sequence[str] = ()) -> dict[str, Interface]:
    """Return the languages in which the pages of a project are made, by tag, the one of the plain addresses first.

    That is the first of those that are wanted, by default those of the settings, whatever it is; of the others those
    that the interface speaks. Raises ProjectError if a catalogue is wrong.
    """
    wanted = wanted or project.settings.page_languages
    found = {tag: interface for tag in wanted if (interface := _interface(project, tag))}
    return {wanted[0]: found.get(wanted[0], Interface()), **found}


def read_catalogue(path: Path) -> Catalog:
    """Return the messages of a file; raises ProjectError, with file and line, if it is malformed.

    The placeholders of each translation must be those of its message, and as many plural forms as the language has.
    """
    try:
        with path.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
        for message, errors in catalogue.check():
            raise ProjectError(f"{path}:{message.lineno}: {message.id!r}: {errors[0]}")
    except PoFileError as error:
        raise ProjectError(f"{path}:{error.lineno + 1}: {error}") from error
    except (UnicodeError, ValueError) as error:
        raise ProjectError(f"{path}: is no catalogue of gettext in UTF-8: {error}") from error
    return catalogue


def _interface(project: Project, language: str) -> Interface | None:
    """Return the interface in a language, or in a wider one that stands for it, or None."""
    folders = {name.split("/")[1] for name in project.site_files(FOLDER) if name.endswith(NAME)}
    known = {folder.lower().replace("_", "-"): folder for folder in sorted(folders)}
    for tag in language_ranges(language):
        if tag in known:
            paths = project.every_site_file(f"{FOLDER}/{known[tag]}/{NAME}")
            return Interface(language, _translations(paths))
        if tag == DEFAULT:
            return Interface(language)
    return None


def _translations(paths: tuple[Path, ...]) -> GNUTranslations:
    first, *others = (_compiled(path) for path in paths)
    for each in others:
        first.add_fallback(each)
    return first


def _compiled(path: Path) -> GNUTranslations:
    stream = BytesIO()
    write_mo(stream, read_catalogue(path))
    stream.seek(0)
    try:
        return GNUTranslations(stream)
    except ValueError as error:
        raise ProjectError(f"{path}: Plural-Forms: {error}") from error
