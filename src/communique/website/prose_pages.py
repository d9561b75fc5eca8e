"""Pages in prose: which there are in `site/pages`, in which languages, and in which order.

`about.md` is in the first language of the site (a bundled page: in English), `about.ru.md` in Russian: one page with
two texts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from communique.descriptions.labels import Label
from communique.interface import DEFAULT
from communique.website.prose import read_prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.descriptions.labels import Labels
    from communique.project import Project
    from communique.website.prose import Prose

FOLDER = "pages/"
HOME = "index"
"""The text of the home page, which has no title but its own, and which is nobody else's."""


class ProsePages:
    """The pages in prose of a project: its own, and those that the menu names, by path without an extension."""

    def __init__(self, project: Project, languages: Sequence[str]) -> None:
        """Find the files; they are read when asked for. A file that names no language has the first one."""
        self._project = project
        self._languages = languages
        wanted = {entry.link for entry in project.settings.menu}
        self._files: dict[str, dict[str, str]] = {}
        for name in project.site_files("pages"):
            path, language = self._path_and_language(name)
            own = (project.root / "site" / name).is_file()
            if name.endswith(".md") and (own or path in wanted - {HOME}):
                self._files.setdefault(path, {})[language or (self._languages[0] if own else DEFAULT)] = name

    def __iter__(self) -> Iterator[str]:
        """Give the paths in the order of the alphabet."""
        return iter(sorted(self._files))

    def __contains__(self, path: str) -> bool:
        """Tell whether there is such a page."""
        return path in self._files

    def source(self, path: str, *, labels: Labels) -> str:
        """Return the file of a page, as `Project.site_file` knows it, in the language that fits best."""
        best = labels.choose(self._files[path])
        return best.text if best else ""

    def read(self, path: str, *, labels: Labels, ending: str = ".html") -> Prose:
        """Return a page in the language that fits best; `ending` is that of the pages to which it links."""
        best = labels.choose(self._files[path]) or Label("")
        file = self._project.site_file(best.text)
        text = file.read_text(encoding="utf-8") if file else ""
        prose = read_prose(text, fallback_title=path if path != HOME else "", ending=ending)
        return replace(prose, language=best.language, fallback=best.fallback)

    def chapters(self) -> dict[str, list[str]]:
        """Return the pages of each folder, in the order in which the index of the folder names them."""
        found: dict[str, list[str]] = {}
        for folder in sorted({path.rpartition("/")[0] for path in self._files} - {""}):
            paths = [path for path in self._files if path.rpartition("/")[0] == folder]
            index = self._index_of(folder)

            def place(path: str, index: str = index) -> tuple[bool, int, str]:
                found = index.find(f"({path.rpartition('/')[2]}.md")
                return not path.endswith("/index"), found if found >= 0 else len(index), path

            found[folder] = sorted(paths, key=place)
        return found

    def _index_of(self, folder: str) -> str:
        file = next(iter(self._files.get(f"{folder}/index", {}).values()), "")
        source = self._project.site_file(file) if file else None
        return source.read_text(encoding="utf-8") if source else ""

    def _path_and_language(self, name: str) -> tuple[str, str]:
        path = name.removeprefix(FOLDER).removesuffix(".md")
        stem, _, tag = path.rpartition(".")
        return (stem, tag.lower()) if stem and tag.lower() in self._languages else (path, "")
