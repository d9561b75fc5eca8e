"""Cards: the picture that stands beside a link to a page where others show it (OpenGraph, `og:image`)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from communique.errors import ProjectError
from communique.legibility import legible_name
from communique.literals import is_web_address
from communique.project import bundled_folder
from communique.settings import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from communique.descriptions.facts import Description
    from communique.website.site import Site

DEFAULT = "card.png"
"""The name, below `site/assets`, of the picture of a site whose settings name none."""
PRODUCT = "Communiqué"
_SCHEMA = ("http://schema.org/", "https://schema.org/")
_FOAF = "http://xmlns.com/foaf/0.1/"
PROPERTIES = (
    *(name + "image" for name in _SCHEMA),
    *(_FOAF + name for name in ("depiction", "img")),
    *(name + "logo" for name in _SCHEMA),
    *(_FOAF + "logo", *(name + "thumbnailUrl" for name in _SCHEMA), _FOAF + "thumbnail"),
)
"""By which a thing has its own picture, the best first."""
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDE = 1.5


@dataclass(frozen=True, slots=True)
class Card:
    """A picture: its address in full, a text in its place, its width and height in pixels, 0 where not known."""

    url: str
    alt: str
    width: int = 0
    height: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether it is known to be so much wider than high that it can stand above a text."""
        return self.height > 0 and self.width >= self.height * _WIDE


def site_card(site: Site, *, assets: Mapping[str, str], address: str) -> Card | None:
    """Return the picture of a site at `address`; none where there is no address, which OpenGraph wants in full.

    Raises ProjectError if the settings name a file that is not among the assets.
    """
    named = site.project.settings.picture
    title = legible_name(site.title.text)
    if is_web_address(named):
        return Card(named, title)
    name = named or DEFAULT
    path = site.project.site_file(f"assets/{name}")
    if path is None or name not in assets:
        raise ProjectError(f"{site.project.root / FILE}: picture: there is no site/assets/{name}")
    if not address:
        return None
    alt = PRODUCT if path.resolve().is_relative_to(bundled_folder().resolve()) else title
    return Card(address + assets[name], alt, *_size(path))


def own_card(site: Site, description: Description) -> Card | None:
    """Return the picture that the data give a thing: what is said to be one, and has no page here."""
    found = [
        (PROPERTIES.index(facts.view.path.value), value.term.value)
        for facts in description.facts
        if facts.view.path.value in PROPERTIES and not facts.view.inverse
        for value in facts.values
        if isinstance(value.term, NamedNode | Literal) and is_web_address(value.term.value)
        if value.term not in site.targets
    ]
    return Card(min(found)[1], legible_name(site.labels.of(description.resource).text)) if found else None


def _size(path: Path) -> tuple[int, int]:
    """Return the width and height of a PNG file (PNG, section 11.2.1), of another 0."""
    with path.open("rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:]) if head.startswith(_PNG) and len(head) == 24 else (0, 0)
