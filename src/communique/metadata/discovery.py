"""Discovery: what robots, search engines and citing people look for at the top of a site."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pyoxigraph import NamedNode

from communique.literals import safe_url
from communique.metadata.citations import STEM, Citation, date_of, whole_citation
from communique.website.pages import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.website.site import Site

PART = 50_000
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
HOMEPAGE = ("http://xmlns.com/foaf/0.1/homepage", "http://www.w3.org/ns/dcat#landingPage")
SPDX = {
    "creativecommons.org/licenses/by/4.0": "CC-BY-4.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC-BY-SA-4.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0-1.0",
    "opensource.org/licenses/mit": "MIT",
}


def discovery(site: Site) -> Iterator[tuple[str, bytes]]:
    """Give the files by path: no site map without an address that begins with http.

    The Citation File Format wants an author (1.2.0, `authors`): where none is known there is no such file.
    """
    url = site_url(site)
    if url:
        yield from _sitemap(site, url)
    line = f"\nSitemap: {url}sitemap.xml\n" if url else ""
    yield "robots.txt", f"User-agent: *\nAllow: /\n{line}".encode()
    cited = whole_citation(site)
    if cited.authors:
        yield "CITATION.cff", _citation(site, url, cited).encode()
    yield from ((f"{STEM}{each.form.extension}", each.text.encode()) for each in cited.files)


def site_url(site: Site) -> str:
    """Return the address of the site, with a slash at its end: its home page if that is said, else the base, or ""."""
    url = _homepage(site) or site.catalog.base
    folder = url.partition("#")[0].partition("?")[0]
    return folder[: folder.rfind("/") + 1] if url.startswith(("http://", "https://")) else ""


def has_homepage(site: Site) -> bool:
    """Tell whether the data say where the site is; else it is taken to be where its IRIs lead."""
    return bool(_homepage(site))


def _homepage(site: Site) -> str:
    nodes = [each.resource for each in (site.catalog.about, *site.catalog.datasets) if each.resource]
    said = {
        quad.object.value
        for node in nodes
        for path in HOMEPAGE
        for quad in site.store.quads(node, NamedNode(path))
        if isinstance(quad.object, NamedNode)
    }
    return said.pop() if len(said) == 1 else ""


def _sitemap(site: Site, url: str) -> Iterator[tuple[str, bytes]]:
    hidden = {Kind.MISSING, Kind.REPORT, Kind.SEARCH, Kind.ARRIVALS}
    pages = [page.path + ".html" for page in site.pages() if page.kind not in hidden]
    size = PART // len(site.editions)
    parts = [pages[start : start + size] for start in range(0, len(pages), size)]
    names = [f"sitemap/{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _xml("urlset", (entry for path in part for entry in _entries(site, url, path)))
    yield "sitemap.xml", _xml("sitemapindex", (f"<sitemap><loc>{escape(url + name)}</loc></sitemap>" for name in names))


def _entries(site: Site, url: str, path: str) -> Iterator[str]:
    """Give an entry for a page in each language, all of which name each other."""
    variants = {each.language: escape(url + each.targets.url(path)) for each in site.editions}
    others = variants | {"x-default": variants[site.language]} if len(variants) > 1 else {}
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{each}"/>' for tag, each in others.items())
    return (f"<url><loc>{each}</loc>{links}</url>" for each in variants.values())


def _xml(root: str, entries: Iterable[str]) -> bytes:
    lines = "".join(f"{each}\n" for each in entries)
    links = f' xmlns:xhtml="{XHTML}"' if "<xhtml:" in lines else ""
    return f'{XML}<{root} xmlns="{SITEMAP}"{links}>\n{lines}</{root}>\n'.encode()


def _line(text: str) -> str:
    return " ".join(text.split())


def _citation(site: Site, url: str, cited: Citation) -> str:
    """Return the citation (Citation File Format 1.2.0); what is not said is not written."""
    about = site.catalog.about
    # A month, or a year, is no date of the format.
    dates = (cited.date, date_of(replace(about, modified="")))
    licence = about.licence.value.partition("://")[2].rstrip("/").removeprefix("www.") if about.licence else ""
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": cited.title,
        "abstract": _line(about.description.text) if about.description else "",
        "version": cited.version,
        "date-released": next((each for each in dates if len(each) == len("2026-01-01")), ""),
        "license": SPDX.get(licence.lower(), ""),
        "license-url": about.licence.value if about.licence and licence.lower() not in SPDX else "",
        "url": safe_url(cited.iri) or url,
    }
    # A string of JSON is a string of YAML 1.2.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items() if value]
    authors = [json.dumps(each.cff, ensure_ascii=False) for each in cited.authors]
    return "".join([*lines, "authors:\n", *(f"  - {each}\n" for each in authors)])
