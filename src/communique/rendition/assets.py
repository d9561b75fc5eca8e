"""Assets: the files of `site/assets` under names that change with their content, so that browsers may keep them.

A module names the others that it imports, and a worker its own, by relative addresses. These are rewritten to the names
under which the others are published, so that nothing but plain ES modules is needed.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from communique.errors import ProjectError

if TYPE_CHECKING:
    from communique.project import Project

FOLDER = "assets/"
MODULES = (".js", ".mjs")
VENDOR = "assets/vendor/manifest.json"
"""What the build of the package writes when it has bundled the browser code of others."""
WITHOUT_BROWSER_CODE = (
    "The query page is a plain form: its editor and its query engine come from the registry of npm, which could not be "
    "reached when Communiqué was installed. Install it again to have them."
)
# `from "./x.js"`, `import("./x.js")` and `new URL("./x.js", import.meta.url)`.
_REFERENCE = re.compile(rb"""((?:\bfrom|\bimport|\bnew URL)\s*\(?\s*)(["'])(\.{1,2}/[^"'\s]+)\2""")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of `site/assets`, the path under which it is published, and its content."""

    name: str
    path: str
    content: bytes


def published_assets(project: Project) -> dict[str, Asset]:
    """Return the assets by their names below `assets/`; raises ProjectError if modules import each other in a ring."""
    return _Publishing(project).assets


def has_browser_code(project: Project) -> bool:
    """Tell whether the browser code of others was bundled when Communiqué was installed."""
    return project.site_file(VENDOR) is not None


class _Publishing:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = frozenset(project.site_files(FOLDER.rstrip("/")))
        self._open: list[str] = []
        self.assets: dict[str, Asset] = {}
        for name in sorted(self._names):
            self._publish(name)

    def _publish(self, name: str) -> Asset:
        known = self.assets.get(name.removeprefix(FOLDER))
        return known or self._add(name)

    def _add(self, name: str) -> Asset:
        if name in self._open:
            raise ProjectError(f"site/{name}: imports itself, by way of {', '.join(self._open)}")
        source = self._project.site_file(name)
        content = source.read_bytes() if source else b""
        if name.endswith(MODULES):
            self._open.append(name)
            content = _REFERENCE.sub(lambda found: self._rewritten(found, name), content)
            self._open.pop()
        asset = Asset(name.removeprefix(FOLDER), _path(name, content), content)
        self.assets[asset.name] = asset
        return asset

    def _rewritten(self, found: re.Match[bytes], name: str) -> bytes:
        """Return a reference of the module `name`, to the published file where there is one."""
        folder = posixpath.dirname(name)
        target = posixpath.normpath(posixpath.join(folder, found[3].decode()))
        if target not in self._names:
            return found[0]
        relative = posixpath.relpath(self._publish(target).path, folder)
        dotted = relative if relative.startswith("../") else f"./{relative}"
        return found[1] + found[2] + dotted.encode() + found[2]


def _path(name: str, content: bytes) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{extension}" if dot else name
