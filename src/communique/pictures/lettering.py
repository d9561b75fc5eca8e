"""Lettering: texts that fit into the room that a picture has for them."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def shortened(text: str, *, room: int) -> str:
    """Return as much of a text as fits into so many letters of the Latin script, cut between words if these are short.

    Ideographs are twice as wide.

    >>> shortened("Secretary-General", room=10)
    'Secretary…'
    """
    end = _end(text, room)
    if end == len(text):
        return text
    word = next((place for place in range(end - 1, room // 2, -1) if _may_break(text, place)), end - 1)
    return text[:word].rstrip(" -,") + "…"


def in_two_lines(text: str, *, room: int) -> tuple[str, ...]:
    """Return a text as one line of so many letters, or as two, broken between words or ideographs, the last one cut.

    >>> in_two_lines("Procurator General of the Supreme People's Procuratorate", room=28)
    ('Procurator General of the', "Supreme People's…")
    """
    end = _end(text, room)
    if end == len(text):
        return (text,)
    while end and not _may_break(text, end):
        end -= 1
    if not end:
        return (shortened(text, room=room),)
    return text[:end].rstrip(), shortened(text[end:].lstrip(), room=room)


def _may_break(text: str, place: int) -> bool:
    return text[place] == " " or text[place - 1] == "-" or east_asian_width(text[place]) in "WF"


def _end(text: str, room: int) -> int:
    """Return how many letters of a text fit."""
    used = 0
    for place, letter in enumerate(text):
        used += 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1
        if used > room:
            return place
    return len(text)
