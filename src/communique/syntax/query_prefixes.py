"""Prefixes that need no declaration: what declares them where an engine does not know them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from communique.syntax.query_faults import declared, prefixes_used

if TYPE_CHECKING:
    from collections.abc import Mapping

BASED = re.compile(r"(?:\s|#[^\r\n]*(?:[\r\n]|\Z))*+BASE\s*+<[^<>\s]*+>", re.IGNORECASE)
"""A query up to the end of its first base (SPARQL 1.1 Query, section 19.8)."""


def with_prefixes(text: str, prefixes: Mapping[str, str], *, separator: str = " ") -> str:
    """Declare the prefixes that a query uses and does not declare itself, behind its base, with a separator after each.

    >>> with_prefixes("ASK { <a> a dcat:Dataset }", {"dcat": "http://www.w3.org/ns/dcat#"})
    'PREFIX dcat: <http://www.w3.org/ns/dcat#> ASK { <a> a dcat:Dataset }'
    >>> with_prefixes("BASE <x:>\\nASK { <a> a dcat:Dataset }", {"dcat": "http://www.w3.org/ns/dcat#"})
    'BASE <x:> PREFIX dcat: <http://www.w3.org/ns/dcat#> \\nASK { <a> a dcat:Dataset }'
    """
    missing = sorted((prefixes_used(text) - declared(text)) & set(prefixes))
    lines = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}>{separator}" for prefix in missing)
    # Not every engine takes a BASE behind a PREFIX (Virtuoso).
    start = len(based[0]) if (based := BASED.match(text)) else 0
    return f"{text[:start]}{separator}{lines}{text[start:]}" if start and lines else lines + text
