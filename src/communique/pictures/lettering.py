"""Lettering: texts that fit into the room that a picture has for them."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def shortened(text: str, *, room: int) -> str:
    """Return as much of a text as fits into so many letters of the Latin script; ideographs are twice as wide.

    >>> shortened("Secretary-General", room=10)
    'Secretary…'
    """
    used = 0
    for place, letter in enumerate(text):
        used += 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1
        if used > room:
            return text[: place - 1].rstrip(" -,") + "…"
    return text
