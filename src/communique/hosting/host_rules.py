"""Host rules: files of a build that let Apache, nginx, Netlify, Cloudflare and w3id.org answer as our server does."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import NamedNode

from communique.formats import DOCUMENTS, HTML
from communique.hosting import apache, nginx, static, w3id
from communique.hosting.plan import CONTENT_LANGUAGE, FOLDER, LANGUAGES, RENAMED, SLASHED, Plan, key_of_slashed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from communique.formats import Format
    from communique.website.pages import Page
    from communique.website.site import Site

# Where a site says that it stands, the most particular first.
ADDRESS = (
    "http://www.w3.org/ns/dcat#landingPage",
    "http://xmlns.com/foaf/0.1/homepage",
    "http://www.w3.org/ns/dcat#accessURL",
)
# Goes into rules of servers as it stands: nothing in it may mean anything there.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~-]+)*/?")
# Names that no server lets through, and signs that no rule can hold, as they are when decoded.
_UNREACHABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|(?:^|/)\.{1,2}(?:/|$)|^/|^$")


def host_rules(
    *,
    base: str,
    renamed: Mapping[str, str],
    slashed: Mapping[str, str] = MappingProxyType({}),
    address: str = "",
    languages: Sequence[str] = ("en",),
    interface: str = "",
    formats: tuple[Format, ...] = DOCUMENTS,
    folders: Iterable[str] = (),
) -> Iterator[tuple[str, bytes]]:
    """Give the paths and contents of all rules of a site.

    `base` is where the IRIs begin, `renamed` leads from the paths of IRIs to the documents that have another name,
    `slashed` from those with an escaped slash, and `address` is where the site stands, "" where nobody says so.
    `languages` are the tags of those of the pages, that of the plain addresses first, `interface` that of the program's
    own words where it is not this one, and `formats` those in which documents are written.
    """
    found = reachable(renamed)
    # Apache and nginx take two slashes for one.
    known = {path: name for path, name in found.items() if "//" not in path}
    plan = Plan(base, formats, known, address, tuple(languages), tuple(sorted(set(folders))), interface)
    files = [
        (".htaccess", apache.htaccess(plan)),
        ("_headers", static.headers(plan)),
        ("_redirects", static.redirects(plan)),
        (RENAMED, (json.dumps(found, ensure_ascii=False, indent=0) + "\n")),
        (LANGUAGES, json.dumps(plan.languages) + "\n"),
        *((CONTENT_LANGUAGE, json.dumps(table) + "\n") for table in [_mixed(plan)] if table),
        *((SLASHED, json.dumps(table, ensure_ascii=False, indent=0) + "\n") for table in [_keyed(slashed)] if table),
        (FOLDER, json.dumps(plan.folder) + "\n"),
        ("_hosting/nginx.conf", nginx.fragment(plan)),
        *((f"_hosting/w3id/{name}", text) for name, text in w3id.folder(plan)),
    ]
    return ((path, text.encode()) for path, text in files)


def rules_of(site: Site, *, pages: Iterable[Page] = ()) -> Iterator[tuple[str, bytes]]:
    """Give the rules of a site with these pages."""
    return host_rules(
        base=site.catalog.base,
        renamed=site.targets.renamed,
        slashed=site.targets.slashed,
        address=address_of(site),
        languages=[each.language for each in site.editions],
        interface=site.interface.language if site.interface.language != site.language else "",
        formats=(HTML, *site.project.settings.formats),
        folders=(page.path.removesuffix("index") for page in pages if _is_plain_folder(page)),
    )


def _mixed(plan: Plan) -> dict[str, str]:
    return {tag: readers for tag, readers in plan.readers.items() if tag != readers}


def _is_plain_folder(page: Page) -> bool:
    return page.path.rpartition("/")[2] == "index" and page.formats == (HTML,)


def address_of(site: Site) -> str:
    """Return where the data say that the site stands, ending in "/"; "" if they do not, or say nothing but the base."""
    described = [each.resource for each in (site.catalog.about, *site.catalog.datasets) if each.resource]
    for path in ADDRESS:
        for node in described:
            for quad in site.store.quads(node, NamedNode(path), None, None):
                value = getattr(quad.object, "value", "")
                if not value.startswith(site.catalog.base) and _PLAIN.fullmatch(value):
                    return f"{value.rstrip('/')}/"
    return ""


def folder_of_site(site: Site) -> str:
    """Return the path of a site on its host, as far as the data say where it stands; "/" if they do not."""
    return Plan(site.catalog.base, (), {}, address_of(site)).folder


def reachable(renamed: Mapping[str, str]) -> dict[str, str]:
    """Return what a request for an IRI can ask for, decoded as servers do it, with the document it leads to.

    >>> reachable({"a%20b": "a b", "Con": "Con~abc"})
    {'Con': 'Con~abc'}
    """
    decoded = {unquote(path): name for path, name in sorted(renamed.items(), reverse=True) if not _hidden(path)}
    return {path: name for path, name in sorted(decoded.items()) if name not in (path, f"{path}index")}


def _keyed(slashed: Mapping[str, str]) -> dict[str, str]:
    return {key_of_slashed(path): name for path, name in sorted(slashed.items(), reverse=True)}


def _hidden(path: str) -> bool:
    # Decoded, an escaped slash is a slash (`SLASHED`).
    return "%2f" in path.lower() or bool(_UNREACHABLE.search(path) or _UNREACHABLE.search(unquote(path)))
