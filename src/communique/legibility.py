"""Legibility: text of unknown origin in which a reader sees whatever could deceive, and HTML stays legal."""

from __future__ import annotations

import re

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
OVERRIDES = "\u202a-\u202e"
INVISIBLE = "\u00ad\u061c\u200b-\u200f\u2028-\u2029\u2060-\u2064\u2066-\u206f\ufeff"
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
# `str.isprintable` is false of each of these (and of more), and is found out in no time.
LONGEST = 10_000
TEXT = re.compile(f"[{CONTROLS}{OVERRIDES}{NONCHARACTERS}\ufeff]")
NAME = re.compile(f"[{CONTROLS}\t\n{OVERRIDES}{INVISIBLE}{NONCHARACTERS}]")


def legible(text: str) -> str:
    """Make control characters and overrides of direction visible; marks that scripts need (U+200D, U+200F) stay.

    >>> legible("a\\x00b\\u202ec")
    'a␀b[U+202E]c'
    """
    return text if text.isprintable() or not TEXT.search(text) else TEXT.sub(_show, text.replace("\r\n", "\n"))


def legible_name(text: str) -> str:
    """Make everything visible that has no shape of its own, and cut what is too long to be a name.

    For IRIs, titles and tags, which stand on one line.

    >>> legible_name("pay\\u200bpal")
    'pay[U+200B]pal'
    """
    if len(text) > LONGEST:
        text = text[: LONGEST - 2] + " …"
    return text if text.isprintable() else NAME.sub(_show, text)


def _show(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in {0x09, 0x0A, 0x0D}:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # the Control Pictures block
    return "␡" if code == 0x7F else f"[U+{code:04X}]"
