"""Where the pages of things are that an answer without scripts names; the script of the query page does the same."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from communique.own_addresses import INDEX


def url_of_page(iri: str, *, site: Path, data: Mapping[str, Any], ending: str) -> str:
    """Return the address of the page of a described IRI of ours from the root of the site, "" where there is none.

    `data` are those of `queries/engine.json`, `ending` is that of the page's name. What the site tells of itself is in
    files (`graphs`). Where pages are made on request, there are none of these and no file to look for, and an odd IRI
    leads to its page itself.
    """
    whole, mark, part = iri.partition("#")
    if told := next((each for each in data["graphs"] if whole == data["root"] + each), None):
        return "" if is_live(data) else f"./{told}{mark}{part}"
    base = data["base"].removesuffix("#")
    if not iri.startswith(base):
        return ""
    document, _, fragment = iri.removeprefix(base).partition("#")
    path = f"{document.rstrip('/')}/{fragment}".lstrip("/") if fragment else document
    stem = data["renamed"].get(path) or (f"{path}{INDEX}" if path.endswith("/") else path)
    if not stem or "?" in stem:
        return ""
    # "./" keeps it a path, whatever it begins with.
    if is_live(data):
        is_odd = path not in data["renamed"] and re.search(data["odd"], path, re.IGNORECASE)
        return f"./{path}" if is_odd else f"./{stem}{ending}"
    file = unquote(stem) if path in data["renamed"] else stem
    is_plain = not {"?", "\\", "\0"} & set(file) and ".." not in file.split("/")
    return f"./{stem}{ending}" if is_plain and (site / (file + ending)).is_file() else ""


def is_live(data: Mapping[str, Any]) -> bool:
    """Tell whether pages are made on request: then there is no dump for an engine in a browser."""
    return not data["dump"]
