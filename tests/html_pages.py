"""What tests ask of a page of HTML: whether it is well formed, what it links to, what stands in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOIDS = "area base br col embed hr img input link meta source track wbr"
VOID = frozenset(VOIDS.split())
# HTML, section 4: what may not stand inside a paragraph.
FLOW = (
    "address article aside div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul"
)
BLOCKS = frozenset(FLOW.split())
LOADING = {"link": "href", "object": "data"} | dict.fromkeys(
    ("script", "img", "iframe", "source", "embed", "video", "audio"), "src"
)
CITATIONS = tuple(
    f"data:application/{name};charset=utf-8,"
    for name in ("x-bibtex", "x-research-info-systems", "vnd.citationstyles.csl+json")
)
LOADED = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest"})


@dataclass
class Element:
    """An element with its attributes and the text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A page that was read strictly: every tag closed in its place; `faults` tells what is wrong."""

    source: str
    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        if not self.source.startswith("<!DOCTYPE html>"):
            self.faults.append("no doctype")
        self.feed(self.source)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self._open]
        self._check_ids()
        self._check_headings()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.faults += [f"<{tag} {name}>" for name in names if name.startswith("on") or name == "style"]
        if tag in BLOCKS and any(outer.tag in {"p", "h1", "h2", "h3", "dt", "span", "a"} for outer in self._open):
            self.faults.append(f"<{tag}> in {[outer.tag for outer in self._open][-3:]}")
        if tag == "a" and any(outer.tag == "a" for outer in self._open):
            self.faults.append("<a> in <a>")
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> where {[element.tag for element in self._open[-2:]]} is open")
            return
        self._open.pop()
        if tag in BLOCKS or tag in {"dt", "dd", "li", "td", "th"}:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(value in element.attributes.get(name, "").split(" ") for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.one("body").text).strip()

    @property
    def ids(self) -> set[str]:
        return {element.attributes["id"] for element in self.elements if "id" in element.attributes}

    @property
    def links(self) -> list[str]:
        """What leads elsewhere: all but the files that the page itself holds."""
        saved = {id(element) for element in self.saved}
        return [
            element.attributes["href"]
            for element in self.elements
            if "href" in element.attributes and id(element) not in saved
        ]

    @property
    def saved(self) -> list[Element]:
        """The links to citations that the page holds: a browser saves what has a name and a type that it cannot run."""
        return [
            element
            for element in self.all("a")
            if element.attributes.get("href", "").startswith(CITATIONS) and element.attributes.get("download")
        ]

    @property
    def loaded(self) -> list[str]:
        """The addresses that a browser requests for the page."""
        return [
            element.attributes[name]
            for element in self.elements
            if (name := LOADING.get(element.tag)) and name in element.attributes
            if element.tag != "link" or LOADED & set(element.attributes.get("rel", "").split(" "))
            if not element.attributes[name].startswith("data:")
        ]

    @property
    def scripts(self) -> list[Element]:
        return [element for element in self.all("script") if element.attributes.get("type") != "application/ld+json"]

    @property
    def structured(self) -> dict[str, object]:
        return json.loads(self.one("script", type="application/ld+json").text)

    def _check_ids(self) -> None:
        ids = [element.attributes["id"] for element in self.elements if "id" in element.attributes]
        self.faults += [f"id {each!r} twice" for each in sorted(set(ids)) if ids.count(each) > 1]
        self.faults += [f"id {each!r}" for each in ids if not each or re.search(r"\s", each)]

    def _check_headings(self) -> None:
        levels = [int(element.tag[1]) for element in self.elements if re.fullmatch("h[1-6]", element.tag)]
        if levels.count(1) != 1 or levels[0] != 1:
            self.faults.append(f"headings begin with {levels[:3]}")
        pairs = pairwise(levels)
        self.faults += [f"h{after} after h{before}" for before, after in pairs if after > before + 1]


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def pages(folder: Path) -> dict[str, Page]:
    """Every page of a site, by its path."""
    return {path.relative_to(folder).as_posix(): read(path) for path in sorted(folder.rglob("*.html"))}


def dead_links(folder: Path, every: dict[str, Page]) -> list[str]:
    """Links from one page of a site to a file or an anchor that is not there."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    dead = []
    for name, page in every.items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            here = (Path("/") / name).parent
            target = Path(unquote(url.path)) if url.path else Path("/") / name
            resolved = [part for part in (here / target).as_posix().split("/") if part]
            path: list[str] = []
            for part in resolved:
                if part == "..":
                    path = path[:-1]
                elif part != ".":
                    path.append(part)
            reached = "/".join(path) or "index.html"
            if reached not in files:
                dead.append(f"{name}: {link}")
            elif url.fragment.startswith("query="):
                continue  # what the query page reads, and no anchor
            elif url.fragment and reached in every and unquote(url.fragment) not in every[reached].ids:
                dead.append(f"{name}: {link} (no such anchor)")
    return dead
