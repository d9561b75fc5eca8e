"""Pre-bound variables (SHACL, section 5.3.1): a query in which some variables have a value wherever they occur."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.syntax.sparql_text import blanked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.store import Term

# A bracket that opens a group: not that of a subquery, an annotation, or the data of VALUES.
_GROUP = re.compile(r"\{(?!\s*SELECT\b)(?!\|)", re.IGNORECASE)
_VALUES = re.compile(r"VALUES[\s()]*$", re.IGNORECASE)


def prebound(query: str, bindings: Mapping[str, Term]) -> str | None:
    """Return a query whose every group starts with the values of some variables, or None if SPARQL cannot name them.

    >>> prebound("ASK { { FILTER($this = 'a') } }", {"this": ox.Literal("a")})
    'ASK { VALUES ?this { "a" } { VALUES ?this { "a" } FILTER($this = \'a\') } }'
    """
    if any(isinstance(term, ox.BlankNode) for term in bindings.values()):
        return None
    values = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in bindings.items())
    text = blanked(query)
    parts, last = [], 0
    for group in _GROUP.finditer(text):
        if not _VALUES.search(text, 0, group.start()):
            parts += [query[last : group.end()], values]
            last = group.end()
    return "".join([*parts, query[last:]])
