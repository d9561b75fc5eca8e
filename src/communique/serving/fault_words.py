"""Why a query is not answered, in the language of a page, which has the sentences for its script."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from communique.reasons import reason_from, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from communique.reasons import Reason

WORDS = re.compile(r'<script type="application/json" id="query-words">(.*?)</script>', re.DOTALL)
GAPLESS = ("。", "！", "？")
"""Ends of sentences behind which there is no space."""


class Told(NamedTuple):
    """What is said of a query that is not answered, and where it is wrong, "" where no place is told."""

    detail: str
    line: str = ""
    column: str = ""


def translated(problem: Mapping[str, object], *, page: str, number: Callable[[int | str], str]) -> Told:
    """Return what a problem document says in the words of a page, or as it is where that has none.

    `number` writes numbers as the language of the page does, given whole ones or decimals.

    >>> page = '<script type="application/json" id="query-words">{"reasons": {"late": "Zu sp\u00e4t: {s} s"}}</script>'
    >>> translated({"detail": "", "reasons": [{"kind": "late", "s": 0.5}]}, page=page, number=str).detail
    'Zu sp\u00e4t: 0.5 s'
    """
    reasons, found = reasons_in(problem), WORDS.search(page)
    words: Mapping[str, str] = json.loads(found[1]).get("reasons", {}) if found else {}
    place = reasons[0].values if reasons else {}
    where = str(place.get("line", "")), str(place.get("column", ""))
    if not reasons or any(each.kind not in words for each in reasons):
        return Told(" ".join(map(str, reasons)) or str(problem.get("detail", "")), *where)

    def written(value: float) -> str:
        return number(f"{value:.3f}".rstrip("0").rstrip(".")) if isinstance(value, float) else number(value)

    sentences = (sentence(words[each.kind], each.values, number=written) for each in reasons)
    return Told("".join(each if each.endswith(GAPLESS) else f"{each} " for each in sentences).strip(), *where)


def reasons_in(problem: Mapping[str, object]) -> Sequence[Reason]:
    """Return the reasons that a problem document tells."""
    told = problem.get("reasons")
    return [reason_from(each) for each in told] if isinstance(told, list) else []
