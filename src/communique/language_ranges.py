"""Language ranges: which tags content a reader (RFC 4647)."""

from __future__ import annotations


def language_ranges(language: str) -> tuple[str, ...]:
    """RFC 4647 section 3.4: the range, then ever shorter; a lone letter or digit goes with the subtag after it."""
    subtags = language.lower().split("-")
    found = []
    while subtags:
        found.append("-".join(subtags))
        subtags.pop()
        while subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return tuple(found)
