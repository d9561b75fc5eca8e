"""The feed: what has changed last, by the dates that the data state, as Atom (RFC 4287).

A thing is new when its data say so: by `dcterms:modified`, else `dcterms:issued` or `dcterms:created`, or the words of
schema.org and PROV for these. A feed that compared one build with the one before would not be the same for the same
data.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from communique.metadata.citations import whole_citation
from communique.metadata.discovery import site_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.website.site import Site

FEED = "feed.atom"
MOST = 100
"""Entries of the feed; the newest are kept."""
MODIFIED = ("http://purl.org/dc/terms/modified", "http://schema.org/dateModified", "https://schema.org/dateModified")
CREATED = (
    "http://purl.org/dc/terms/issued",
    "http://purl.org/dc/terms/created",
    "http://schema.org/datePublished",
    "https://schema.org/datePublished",
    "http://www.w3.org/ns/prov#generatedAtTime",
)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?")
# XML 1.0, section 2.2.
_NO_LETTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the feed by its path; none where nothing has a date, or nobody can tell whose feed it is."""
    if not has_feed(site):
        return
    url = site_url(site)
    entries = sorted(_dated(site), key=lambda each: (each[1], each[0].value), reverse=True)[:MOST]
    title = site.title
    authors = [each.name for each in whole_citation(site).authors] or [title.text]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom"{_lang(title.language)}>',
        f"<id>{_text(url + FEED)}</id>",
        f"<title>{_text(title.text)}</title>",
        f"<updated>{entries[0][1]}</updated>",
        *(f"<author><name>{_text(each)}</name></author>" for each in authors),
        f'<link rel="self" type="application/atom+xml" href={_quoted(url + FEED)}/>',
        f'<link rel="alternate" type="text/html" href={_quoted(url)}/>',
    ]
    if site.licence:
        lines.append(f'<link rel="license" href={_quoted(site.licence.value)}/>')
    for node, updated, published in entries:
        lines += _entry(site, url, node, updated, published)
    yield FEED, "\n".join([*lines, "</feed>", ""]).encode()


def has_feed(site: Site) -> bool:
    """Tell whether anything with a page has a date, on a site that says where it is."""
    return bool(site_url(site)) and next(_dated(site), None) is not None


def _entry(site: Site, url: str, node: NamedNode, updated: str, published: str) -> list[str]:
    label = site.labels.of(node)
    page = url + site.targets.url(site.targets.stem(node) + ".html")
    first = f"\n<published>{published}</published>" if published else ""
    return [
        "<entry>",
        f"<id>{_text(node.value)}</id>",
        f"<title{_lang(label.language)}>{_text(label.text)}</title>",
        f"<updated>{updated}</updated>{first}",
        f'<link rel="alternate" type="text/html" href={_quoted(page)}/>',
        "</entry>",
    ]


def _dated(site: Site) -> Iterator[tuple[NamedNode, str, str]]:
    """Give what has a page and a date, with when it was changed and when it appeared, "" if that is not said."""
    seen = set()
    for quad in chain.from_iterable(site.store.quads(None, NamedNode(path)) for path in (*MODIFIED, *CREATED)):
        node = quad.subject
        if isinstance(node, NamedNode) and node not in seen and node in site.targets:
            seen.add(node)
            modified, created = _latest(site, node, MODIFIED), _latest(site, node, CREATED)
            if modified or created:
                yield node, max(modified, created), created


def _latest(site: Site, node: NamedNode, paths: tuple[str, ...]) -> str:
    found = (quad.object for path in paths for quad in site.store.quads(node, NamedNode(path)))
    return max((_timestamp(term.value) for term in found if isinstance(term, Literal)), default="")


def _timestamp(text: str) -> str:
    """Return a date as RFC 3339 has it; a day without a time begins at midnight in UTC, and all else is "".

    >>> _timestamp("2026-11-24"), _timestamp("2026")
    ('2026-11-24T00:00:00Z', '')
    """
    found = _DATE.fullmatch(text.strip())
    try:
        date.fromisoformat(found[1] if found else "")
    except ValueError:
        return ""
    return f"{found[1]}{found[2] or 'T00:00:00Z'}" if found else ""


def _text(text: str) -> str:
    return escape(_NO_LETTER.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_NO_LETTER.sub("\ufffd", text))


def _lang(tag: str) -> str:
    return f" xml:lang={_quoted(tag)}" if tag else ""
