"""Fragments: what stands on many pages, rendered once by the theme's own partials, so that pages only join."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from communique.bounded import Bounded
from communique.literals import Kind, view_literal
from communique.website.browsing import homonyms

if TYPE_CHECKING:
    from collections.abc import Callable

    from communique.descriptions.evidence import Evidence, Standing
    from communique.descriptions.labels import Label
    from communique.descriptions.targets import Target
    from communique.descriptions.views import PropertyView
    from communique.store import Term
    from communique.website.site import Site

CACHED_LENGTH = 400
LONGEST_CODE = 24
"""What is longer tells a reader nothing: a hash, a title in the address."""


class Partials(Protocol):
    """The partials of the theme, each a macro of the name of its file."""

    def __call__(self, name: str, /) -> Callable[..., Markup]:
        """Return a partial."""


class Fragments:
    """The fragments of all pages that are equally deep in the folders of the site."""

    def __init__(self, site: Site, partials: Partials, *, root: str) -> None:
        """Prepare an empty cache; `root` leads from a page to the root of the site: "../../"."""
        self.site = site
        self.root = root
        self._partials = partials
        self._menu = frozenset(item.page for item in site.menu)
        self._cache: Bounded[object, Markup] = Bounded()
        # By identity, which is quick; the view is kept, so that no other takes its place.
        self._names: Bounded[int, tuple[PropertyView, Markup]] = Bounded()

    @cached_property
    def _homonyms(self) -> dict[Term, str]:
        return homonyms(self.site.classes, self.site.labels, self.site.store.prefixes)

    def show(self, term: Term) -> Markup:
        """Return a term: a literal as what it says, anything else as a link with its label."""
        found = self._cache.get(term)
        if found is None:
            found = self._literal(term) if isinstance(term, Literal) else self.link(term)
            if len(found) <= CACHED_LENGTH:
                self._keep(term, found)
        return found

    def link(self, term: Term, text: str = "") -> Markup:
        """Return a link with the label of the term, or with another text."""
        return self._partial("link", self.target(term), text)

    def target(self, term: Term) -> Target:
        """Return where a term leads; of classes with one label each has its prefixed name beside it."""
        target = self.site.targets.of(term)
        name = self._homonyms.get(term)
        if name is None:
            return target
        return target._replace(label=replace(target.label, text=f"{target.label.text} ({name})"))

    def show_class(self, cls: Term, *, alone: bool = False) -> Markup:
        """Return a class as a link to the list of its instances, where there is one; `alone` where no other stands."""
        key = ("class", cls, alone)
        return self._cache.get(key) or self._keep(key, self._class(cls, alone=alone))

    def beyond(self, term: NamedNode) -> Markup:
        """Return a thing of others with the name of the dataset that describes it."""
        of = self.site.authorities
        label, code = of.label(term), of.code(term)
        told = code if code != label.text and len(code) <= LONGEST_CODE else ""
        return self._partial("beyond", self.site.targets.of(term), label, told, of.name(term.value))

    def label(self, label: Label) -> Markup:
        """Return a text in its language."""
        return self._cache.get(label) or self._keep(label, self._partial("label", label))

    def name(self, view: PropertyView) -> Markup:
        """Return the name of a property, as its shape gives it."""
        known = self._names.get(id(view))
        if known is None or known[0] is not view:
            known = self._names[id(view)] = (view, self._property(view))
        return known[1]

    def mark(self, number: int, standing: Standing, *, last: bool, first: bool = False) -> Markup:
        """Return the mark of a note at a fact: the last of those with one standing says it in a word.

        The `first` mark that leads to a note is where the note leads back to.
        """
        key = (number, standing, last, first)
        return self._cache.get(key) or self._keep(key, self._partial("mark", number, standing.value, last, first))

    def marks(self, start: int, end: int, standing: Standing, *, last: bool, firsts: tuple[int, ...]) -> Markup:
        """Return the mark of some notes in a row, of which `firsts` lead back to it."""
        key = (start, end, standing, last, firsts)
        made = self._cache.get(key)
        return made or self._keep(key, self._partial("mark", start, standing.value, last, False, end, firsts))

    def legend(self, standings: tuple[str, ...]) -> Markup:
        """Return what the marks of some standings mean."""
        key = ("legend", standings)
        return self._cache.get(key) or self._keep(key, self._partial("legend", standings))

    def note(self, evidence: Evidence) -> Markup:
        """Return the words of a note, without its number."""
        return self._cache.get(evidence) or self._keep(evidence, self._note(evidence))

    def anchor(self, fragment: str) -> Markup:
        """Return the attribute that makes an element the target of a link."""
        return Markup(" ") + self._partial("anchor", fragment)

    def masthead(self, current: str) -> Markup:
        """Return the head of the site; `current` is the path of the page, which the menu may name."""
        return self._frame("masthead", current if current in self._menu else "")

    def colophon(self, *, has_data: bool) -> Markup:
        """Return the foot of the site for pages that have, or have not, data documents beside them."""
        return self._frame("colophon", has_data)

    def _frame(self, name: str, said: object) -> Markup:
        key = ("frame", name, said)
        return self._cache.get(key) or self._keep(key, self._partial(name, said))

    def _literal(self, literal: Literal) -> Markup:
        view = view_literal(literal)
        datatype = self.site.labels.of(literal.datatype) if view.datatype else None
        foreign = bool(view.language) and not self.site.speaks(view.language)
        html = Markup(view.text) if view.kind is Kind.HTML else Markup()  # cleaned by nh3
        return self._partial("literal", view, html, datatype, foreign)

    def _class(self, cls: Term, *, alone: bool) -> Markup:
        listed = self.site.classes.get(cls) if isinstance(cls, NamedNode) else None
        target = self.site.targets.of(cls) if alone else self.target(cls)
        path = self.site.targets.url(listed.path + ".html") if listed else target.path
        return self._partial("class", target, path)

    def _property(self, view: PropertyView) -> Markup:
        labels = self.site.labels
        description = labels.choose(view.descriptions)
        target = self.site.targets.of(view.path)
        return self._partial("property", view.label(labels), description, target, bool(view.names), view)

    def _note(self, evidence: Evidence) -> Markup:
        named = isinstance(evidence.graph, NamedNode)
        page = self.site.targets.of(evidence.graph).path if isinstance(evidence.graph, NamedNode) else ""
        return self._partial("note", self.site.notes.of(evidence), page, not named)

    def _partial(self, name: str, *values: object) -> Markup:
        return str.__new__(Markup, str.strip(self._partials(name)(*values)))

    def _keep(self, key: object, fragment: Markup) -> Markup:
        self._cache[key] = fragment
        return fragment
