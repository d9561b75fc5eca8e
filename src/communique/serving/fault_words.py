"""What is wrong with a query in the language of a page, which has the words for its script."""

from __future__ import annotations

import json
import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from communique.serving.filling import SLOT

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = re.compile(r'<script type="application/json" id="query-words">(.*?)</script>', re.DOTALL)
SAID: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "missing": re.compile(r"something is missing here or before\."),
        "prefix": re.compile(r"the prefix (?P<prefix>[^\s:]*): is not declared\..*", re.DOTALL),
        "unread": re.compile(r"cannot be read from (['\"])(?P<text>.*)\1 on\.", re.DOTALL),
    }
)
"""How the endpoint says it (`communique.syntax.query_faults`), by the name of the words of the page."""


def translated(said: str, *, page: str) -> str:
    """Return what the endpoint says of a query in the words of a page, or as it is where that has none.

    >>> page = '<script type="application/json" id="query-words">{"missing": "Hier fehlt etwas."}</script>'
    >>> translated("something is missing here or before.", page=page)
    'Hier fehlt etwas.'
    """
    found = WORDS.search(page)
    words = json.loads(found[1]) if found else {}
    for name, pattern in SAID.items():
        if name in words and (match := pattern.fullmatch(said)):
            values = match.groupdict()
            return SLOT.sub(partial(_value, values), words[name])
    return f"{said[:1].upper()}{said[1:]}"


def _value(values: Mapping[str, str], slot: re.Match[str]) -> str:
    return values.get(slot[1], "")
