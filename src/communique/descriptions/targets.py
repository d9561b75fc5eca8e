"""Targets: where a reader comes who follows a term, and by which name it is known."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from pyoxigraph import NamedNode

from communique.descriptions.documented import document_of
from communique.descriptions.labels import local_name
from communique.iris import RESERVED, Addresses
from communique.legibility import legible_name
from communique.literals import safe_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.descriptions.labels import Label, Labels
    from communique.store import Term

LONGEST = 80
PLAIN = re.compile(r"[a-z0-9][A-Za-z0-9/-]*(?:\.[a-z]+)+")  # needs no encoding
LONGEST_LABEL = 400
SITE = "https://site.invalid/"
"""Stands for the root of the site whatever the base is: `https://example.org/`, `https://example.org/ns#`, `urn:x:`."""


class Target(NamedTuple):
    """A term as something to follow: `path` is the URL of its page from the root of the site, `url` leads elsewhere.

    Both are "" where there is nothing to follow. `iri` is legible, and "" for what is no IRI.
    """

    label: Label
    path: str = ""
    url: str = ""
    iri: str = ""


class Targets:
    """The targets of all terms. An IRI with a fragment has a page of its own beside the document that describes it.

    `files` gives the URLs, from the root of the site, of files that are published under their IRIs.
    """

    def __init__(
        self,
        documented: Iterable[NamedNode],
        *,
        base: str,
        labels: Labels,
        reserved: frozenset[str] = frozenset(),
        languages: Iterable[str] = (),
    ) -> None:
        """Take every IRI that has a page, and names at the top of the site that are taken.

        All are under the base, but for the catalogue, which may be elsewhere; then it is called `catalog` here.
        Each page is there in the languages too, under its name with their tags: `x.ru.html`.
        """
        self.ending = ".html"
        self._documented = frozenset(documented)
        self._labels = labels
        self._base = base
        self.files: dict[Term, str] = {}
        self._elsewhere = self._named_here()
        self._whole = {self._rest(node.value) for node in self._documented if not {"#", "?"} & set(node.value)}
        pages = (self._page_iri(node.value) for node in self._documented)
        self._addresses = Addresses(SITE, pages, reserved=RESERVED | reserved, languages=languages)

    def in_language(self, labels: Labels, *, tag: str) -> Targets:
        """Return the same targets with other labels, all pages of ours being those in the language of a tag."""
        other = copy(self)
        other._labels = labels
        other.ending = f".{tag}.html"
        return other

    def __contains__(self, term: object) -> bool:
        """Tell if a term has a page."""
        return term in self._documented

    def of(self, term: Term) -> Target:
        """Return the target of a term: our page, else its address if it is safe to follow, else a mere name."""
        label = self._labels.of(term)
        if len(label.text) > LONGEST_LABEL:
            label = replace(label, text=label.text[: LONGEST_LABEL - 2] + " …")
        if not isinstance(term, NamedNode):
            return Target(label)
        iri = legible_name(term.value)
        if term in self._documented:
            return Target(label, path=self.url(self.stem(term) + ".html"), iri=iri)
        if term in self.files:
            return Target(label, path=self.files[term], iri=iri)
        url = safe_url(term.value) or ""
        if not label.language and label.text == local_name(term.value):
            label = replace(label, text=_readable(iri) if url else iri)
        return Target(label, url=url, iri=iri)

    def stem(self, node: NamedNode) -> str:
        """Return the path of a page without its extension: `sco/meeting/x`, and `ns/Meeting` for `ns#Meeting`."""
        return self._addresses.file(self._page_iri(node.value), "html").removesuffix(".html")

    def data_of(self, node: NamedNode) -> str:
        """Return the path, without an extension, of the data documents that hold what is said of a thing of ours.

        That is the path of its page, but for an IRI with a fragment or a query that of the IRI before them.
        """
        return self.stem(NamedNode(document_of(node.value)))

    def free(self, name: str) -> str:
        """Return a name for a page or folder of the site's own that no IRI wants: this one, or one with a hyphen."""
        while name in self._wanted:
            name += "-"
        return name

    @cached_property
    def _wanted(self) -> frozenset[str]:
        """What stands first in the paths of all pages."""
        return frozenset(self.stem(node).partition("/")[0].casefold() for node in self._documented)

    @property
    def renamed(self) -> dict[str, str]:
        """The paths of IRIs that a request can ask for, with the stem of the document, where the two differ."""
        found = self._moved
        document = self._base.removesuffix("#")
        if document != self._base and "" in self._whole:
            # Beside a site that lies in the folder of its only document, that is asked for by its own name.
            found.setdefault(document.rpartition("/")[2], "index")
        return {path: stem for path, stem in found.items() if not self._is_another(unquote(path), path)}

    def _is_another(self, asked: str, path: str) -> bool:
        """Tell whether it is not the thing at `path` that is asked for by its path as a server decodes it.

        To a server "%41" is "A": where both are names, it is the document of the latter.
        """
        return asked != path and asked in self._whole and unquote(asked) == asked

    @property
    def slashed(self) -> dict[str, str]:
        """The paths of IRIs with an escaped slash, with the stem of the document: `a%2Fb` is not `a/b`."""
        return {path: stem for path, stem in self._moved.items() if "%2f" in path.lower()}

    @property
    def _moved(self) -> dict[str, str]:
        """The paths of IRIs whose document has another name, with the stem of that."""
        return {iri.removeprefix(SITE): stem for iri, stem in self._addresses.renamed.items()}

    def url(self, path: str) -> str:
        """Return the URL of a path, percent-encoded, as seen from the root of the site; of a page, in the language."""
        if path.endswith(".html"):
            path = path.removesuffix(".html") + self.ending
        return path if PLAIN.fullmatch(path) else self._addresses.relative("index.html", path)

    def _page_iri(self, iri: str) -> str:
        """Return what stands for the page of an IRI: its query and its fragment become one more segment of the path."""
        document, _, fragment = iri.partition("#")
        path, _, query = self._rest(document).partition("?")
        if not query and not fragment:
            return SITE + path
        part = f"%3F{query.replace('/', '%2F')}%23{fragment}" if query else fragment
        page = f"{path.rstrip('/')}/{part}".lstrip("/")
        return SITE + (page if page not in self._whole else f"{path.rstrip('/')}/%23{part}".lstrip("/"))

    def _named_here(self) -> dict[str, str]:
        """Return the documents that are not under the base, with names that nothing there has."""
        root = self._base.rstrip("#")
        found = sorted({document_of(each.value) for each in self._documented if not each.value.startswith(root)})
        if not found:
            return {}
        taken = {each.value.removeprefix(root).partition("/")[0].casefold() for each in self._documented}
        names = (name for length in count() if (name := "catalog" + "-" * length) not in taken)
        return dict(zip(found, names, strict=False))

    def _rest(self, iri: str) -> str:
        return self._elsewhere.get(iri) or iri.removeprefix(self._base.rstrip("#"))


def _readable(iri: str) -> str:
    """Return an address without a name as a reader knows addresses: no scheme, no text fragment, not too long.

    >>> _readable("https://example.org/news/1.html#:~:text=met")
    'example.org/news/1.html'
    """
    text = iri.partition(":~:")[0].removesuffix("#").partition("://")[2].rstrip("/") or iri
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"
