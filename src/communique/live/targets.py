"""Targets on a site that does not know all its pages: whatever lies below the base and is described has one."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from pyoxigraph import NamedNode

from communique.descriptions.targets import Targets
from communique.file_names import MARK
from communique.iris import RESERVED
from communique.own_addresses import guarded, pattern_of_guarded, unguarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.descriptions.labels import Labels
    from communique.live.excerpt import Excerpt


class LiveTargets(Targets):
    """The targets of all terms; `documented` are those that are known from the beginning to have a page."""

    def __init__(
        self,
        documented: Iterable[NamedNode],
        *,
        base: str,
        labels: Labels,
        store: Excerpt,
        reserved: frozenset[str] = frozenset(),
        languages: Iterable[str] = (),
    ) -> None:
        """Take the pages that are known, and ask `store` for the others."""
        tags = tuple(languages)
        super().__init__(documented, base=base, labels=labels, reserved=reserved, languages=tags)
        self.known = self._documented
        self.reserved = frozenset(each.casefold() for each in RESERVED | reserved)
        self._endings = tuple(f".{tag.casefold()}" for tag in tags)
        self._ask(store)

    @property
    def odd(self) -> str:
        """What is found in the paths of IRIs that look like something else: a request for the IRI leads to its page."""
        return pattern_of_guarded(reserved=self.reserved, endings=self._endings)

    def over(self, store: Excerpt, labels: Labels) -> LiveTargets:
        """Return the same targets in another state of the data."""
        other = copy(self)
        other._labels = labels
        other._ask(store)
        return other

    def _ask(self, store: Excerpt) -> None:
        self._documented = cast("frozenset[NamedNode]", _Documented(self.known, self._base, store))

    def stem(self, node: NamedNode) -> str:
        """Return the path of a page without its extension: that of a build where it leads back to the IRI.

        From a hash, or from a letter that was escaped, nobody could find back: that is the IRI itself, for a server can
        have names that no file system keeps.
        """
        found = super().stem(node)
        if node in self.known or {"#", "?"} & set(node.value):
            return found
        plain = node.value.removeprefix(self._base)
        if MARK not in found and plain in _spellings(found):
            return found
        return guarded(plain, reserved=self.reserved, endings=self._endings)

    def data_of(self, node: NamedNode) -> str:
        """Return the path of the data documents that hold what is said of a thing, without an extension, or "".

        A document of others besides holds those that are known from the beginning.
        """
        found = super().data_of(node)
        return found if node in self.known or found == self.stem(node) else ""

    def candidates(self, stem: str) -> list[NamedNode]:
        """Return the IRIs whose page may be this one."""
        document, _, last = stem.rpartition("/")
        texts = [*_spellings(unguarded(stem)), f"{document}#{last}"]
        root = self._base.rstrip("#")
        found = []
        for text in dict.fromkeys(texts):
            try:
                node = NamedNode(root + text)
            except ValueError:
                continue
            if node.value.startswith(self._base) and self.stem(node) == stem:
                found.append(node)
        return found


def _spellings(stem: str) -> list[str]:
    """Return what IRIs with this path may look like, the most likely one first."""
    texts = [stem, quote(stem, safe="/%!$&'()*+,;=:@~")]
    if stem == "index" or stem.endswith("/index"):
        texts += [text.removesuffix("index") for text in texts]
    return list(dict.fromkeys(texts))


class _Documented:
    """What has a page, as a set that asks for what it does not know."""

    def __init__(self, known: frozenset[NamedNode], base: str, store: Excerpt) -> None:
        self._known, self._base, self._store = known, base, store

    def __contains__(self, term: object) -> bool:
        if term in self._known:
            return True
        return isinstance(term, NamedNode) and term.value.startswith(self._base) and self._store.describes(term)

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(self._known)
