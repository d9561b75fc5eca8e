"""Link headers (RFC 8288): what the head of a page says in HTML, and what the link set of the site says of files.

And the links of a page that is shown below another path than that for which it was written.
"""

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin

from communique.formats import HTML, Format

RELATIONS = frozenset(
    ("alternate", "author", "cite-as", "collection", "describedby", "item", "license", "linkset", "type")
)
OF_DATA = ("author", "cite-as", "license")
"""Relations of a page that are those of its data as well."""
DATA = "alternate describedby"
"""The relations of a page to the documents that hold what it tells."""
HEAD = 1 << 16
"""Bytes of a page in which its head is looked for."""
Link = tuple[str, str, str]
"""Relations, separated by spaces; an address; a media type or ""."""


def links_of_page(page: bytes) -> list[Link]:
    """Return the links in the head of a page of ours that a program can follow."""
    reader = _Head()
    reader.feed(page[:HEAD].partition(b"</head>")[0].decode("utf-8", "replace"))
    return reader.links


def documents_of(links: Iterable[Link]) -> list[Link]:
    """Return those links of a page that lead to the documents that hold what it tells, which may be those of another.

    >>> documents_of([("alternate describedby", "../ns.ttl", "text/turtle"), ("license", "https://example.org/a", "")])
    [('alternate describedby', '../ns.ttl', 'text/turtle')]
    """
    return [each for each in links if set(DATA.split()) <= set(each[0].split())]


def offers(name: str, formats: Iterable[Format], page: Iterable[Link]) -> list[Link]:
    """Return links to all documents of the thing at `name`, each once, be they beside it or where its page leads."""
    last = quote(name.rpartition("/")[2])
    beside = ((DATA if each is not HTML else "alternate", last + each.extension, each.media_type) for each in formats)
    found: dict[str, Link] = {}
    for link in (*beside, *documents_of(page)):
        found.setdefault(urljoin(quote(f"/{name}"), link[1]), link)
    return [*found.values()]


def data_of_page(links: Iterable[Link]) -> tuple[str, set[str]]:
    """Return where the data documents are that a page names: their address up to the extension, and the extensions.

    >>> data_of_page([("alternate describedby", "../ns.ttl", "text/turtle"), ("license", "https://example.org/a", "")])
    ('../ns', {'.ttl'})
    """
    told = [url.rpartition(".") for _, url, _ in documents_of(links)]
    return (told[0][0] if told else ""), {dot + extension for _, dot, extension in told}


def links_of_data(links: Iterable[Link], *, page: str | None, own: str, others: Iterable[Link]) -> list[Link]:
    """Return the links of a data document: the page it describes, if any, and what that page says for both."""
    shared = [(rel, url, kind) for rel, url, kind in links if rel in OF_DATA]
    described = [("describes", page, "text/html")] if page else []
    return [*described, *(each for each in others if each[1] != own), *shared]


def linkset(path: Path, *, address: Path) -> dict[str, list[Link]]:
    """Return what a link set (RFC 9264) says of each file of the site, {} where there is none.

    Addresses of the site itself, which begin as the file `address` tells, are led to from each file, so that they are
    right wherever the site is served.
    """
    if not path.is_file():
        return {}
    root = json.loads(address.read_bytes()) if address.is_file() else ""
    found: dict[str, list[Link]] = {}
    for context in json.loads(path.read_bytes())["linkset"]:
        name = context["anchor"].removeprefix(root)
        found[name] = list(_targets(context, root, "../" * name.count("/")))
    return found


def written(links: Iterable[Link]) -> str:
    """Return the value of a Link header."""
    return ", ".join(
        f'<{quote(url, safe=_KEPT)}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "") for rel, url, kind in links
    )


_KEPT = "!#$%&'()*+,/:;=?@[]~"


def _targets(context: dict[str, object], root: str, up: str) -> Iterator[Link]:
    for rel, targets in context.items():
        for each in targets if isinstance(targets, list) else ():
            url = each["href"] if rel in OF_DATA else each["href"].removeprefix(root)
            yield rel, url if "://" in url else up + url, each.get("type", "")


def led_from(folder: str, page: bytes, *, to: str) -> bytes:
    """Return a page whose links from the root of its host begin with `folder`, for a server below the path `to`."""
    start = re.compile(rb'\b((?:href|src|action)=")' + re.escape(folder.encode()) + rb"(?!/)")
    return start.sub(lambda found: found[1] + quote(to).encode() + b"/", page)


class _Head(HTMLParser):
    """Collects links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link with a relation that says something to programs; languages are for people."""
        given = {name: value or "" for name, value in attrs}
        rel = given.get("rel", "")
        if tag == "link" and RELATIONS & set(rel.split()) and "hreflang" not in given:
            self.links.append((rel, given.get("href", ""), given.get("type", "")))
