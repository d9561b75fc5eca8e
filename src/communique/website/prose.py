"""Prose: the pages that people write in Markdown (`site/pages/*.md`), as titles and safe HTML.

CommonMark 0.31 with tables; raw HTML is shown as text. The first heading is the title. There is no front matter: what
order the pages have in the menu is said once, in `site/site.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the second level and the anchor that leads to it."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A page in prose: its title, the first paragraph as plain text, its sections, and the HTML below the title.

    `language` is the tag of its language, "" where it is not known; `fallback` tells that it stands in for a text in
    the language of the reader.
    """

    title: str
    summary: str
    headings: tuple[Heading, ...]
    html: str
    language: str = ""
    fallback: bool = False


def read_prose(text: str, *, fallback_title: str, ending: str = ".html") -> Prose:
    """Render Markdown; links between pages (`check.md#rules`) become links between documents (`check.html#rules`).

    `ending` is what the names of these documents end in: that of Russian ones in ".ru.html".
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    _give_anchors(tokens)
    for token in _every(tokens):
        _point_to_documents(token, ending)
    title = fallback_title
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, tokens = _text(tokens[1]), tokens[3:]
    return Prose(
        title,
        next((_text(inline) for opening, inline in _pairs(tokens) if opening.type == "paragraph_open"), ""),
        tuple(
            Heading(_text(inline), str(opening.attrGet("id")))
            for opening, inline in _pairs(tokens)
            if opening.type == "heading_open" and opening.tag == "h2"
        ),
        markdown.renderer.render(_boxed(tokens), markdown.options, {}),
    )


def slug(text: str) -> str:
    """Return an anchor for a heading: letters and digits of any script, in lower case, joined by hyphens.

    >>> slug("Why passages are graphs?")
    'why-passages-are-graphs'
    """
    words = re.findall(r"\w+", text.lower())
    return "-".join(words if words and words[0][0].isalpha() else ["section", *words])


def _give_anchors(tokens: list[Token]) -> None:
    taken: set[str] = set()
    for opening, inline in _pairs(tokens):
        if opening.type == "heading_open":
            anchor = base = slug(_text(inline))
            number = 1
            while anchor in taken:
                number += 1
                anchor = f"{base}-{number}"
            taken.add(anchor)
            opening.attrSet("id", anchor)


def _point_to_documents(token: Token, ending: str) -> None:
    target = token.attrGet("href") if token.type == "link_open" else None
    if isinstance(target, str) and not EXTERNAL.match(target):
        path, mark, anchor = target.partition("#")
        if path.endswith((".md", ".html")):
            token.attrSet("href", path.rpartition(".")[0] + ending + mark + anchor)


def _boxed(tokens: list[Token]) -> list[Token]:
    """Let wide blocks scroll inside their box; a box that scrolls can be reached by the keyboard (WCAG 2.1.1)."""
    for token in tokens:
        if token.type in {"fence", "code_block", "table_open"}:
            token.attrSet("tabindex", "0")
    return tokens


def _pairs(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    return ((opening, inline) for opening, inline in pairwise(tokens) if inline.type == "inline")


def _every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _every(token.children or [])


def _text(inline: Token) -> str:
    """Return the words of a heading or paragraph without their markup."""
    return "".join(" " if part.type == "softbreak" else part.content for part in inline.children or [])
