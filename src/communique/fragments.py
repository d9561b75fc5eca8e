"""Fragments: what stands on many pages, rendered once by the theme's own partials, so that pages only join."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import unquote

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode

from communique.bounded import Bounded
from communique.evidence import Standing
from communique.literals import Kind, view_literal
from communique.tables import NAMING, tabulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

    from communique.evidence import Evidence
    from communique.facts import Description, Facts
    from communique.labels import Label
    from communique.notes import Note
    from communique.prose import Prose
    from communique.site import Site
    from communique.store import GraphName, Term
    from communique.tables import Row, Table
    from communique.targets import Target
    from communique.views import PropertyView

CACHED_LENGTH = 400
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
NOT_IN_SCRIPTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


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
        return self._partial("link", self.site.targets.of(term), text)

    def show_class(self, cls: Term) -> Markup:
        """Return a class as a link to the list of its instances, where there is one."""
        key = ("class", cls)
        return self._cache.get(key) or self._keep(key, self._class(cls))

    def label(self, label: Label) -> Markup:
        """Return a text in its language."""
        return self._cache.get(label) or self._keep(label, self._partial("label", label))

    def name(self, view: PropertyView) -> Markup:
        """Return the name of a property, as its shape gives it."""
        known = self._names.get(id(view))
        if known is None or known[0] is not view:
            known = self._names[id(view)] = (view, self._property(view))
        return known[1]

    def mark(self, number: int, standing: Standing, *, last: bool) -> Markup:
        """Return the mark of a note at a fact; the last of those with one standing says it in a word."""
        key = (number, standing, last)
        return self._cache.get(key) or self._keep(key, self._partial("mark", number, standing.value, last))

    def note(self, evidence: Evidence) -> Markup:
        """Return the words of a note, without its number."""
        return self._cache.get(evidence) or self._keep(evidence, self._note(evidence))

    def anchor(self, fragment: str) -> Markup:
        """Return the attribute that makes an element the target of a link."""
        return Markup(" ") + self._partial("anchor", fragment)

    def frame(self, name: str, *, current: str) -> Markup:
        """Return a part of the frame of every page; `current` is the path of the page, which the menu may name."""
        current = current if current in self._menu else ""
        key = ("frame", name, current)
        return self._cache.get(key) or self._keep(key, self._partial(name, current))

    def _literal(self, literal: Literal) -> Markup:
        view = view_literal(literal)
        datatype = self.site.labels.of(literal.datatype) if view.datatype else None
        foreign = bool(view.language) and not self.site.speaks(view.language)
        html = Markup(view.text) if view.kind is Kind.HTML else Markup()  # cleaned by nh3
        return self._partial("literal", view, html, datatype, foreign)

    def _class(self, cls: Term) -> Markup:
        listed = self.site.classes.get(cls) if isinstance(cls, NamedNode) else None
        target = self.site.targets.of(cls)
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


class Arranged(NamedTuple):
    """A property as a page tells it: ready values, or a table, or facts with values that are described in place.

    `hidden` counts the values that are not shown.
    """

    name: Markup
    values: tuple[Markup, ...]
    table: Table | None
    deep: Facts | None
    hidden: int


class Writer:
    """What the templates of one page call: fragments, and the numbers of its notes in the order of their mention."""

    def __init__(self, fragments: Fragments, *, cites: bool = False, current: str = "") -> None:
        """Begin a page; without `cites` it has no marks."""
        self.cites = cites
        self.cited: dict[Evidence, int] = {}
        self.show = fragments.show
        self.show_class = fragments.show_class
        self.link = fragments.link
        self.label = fragments.label
        self.name = fragments.name
        self.note = fragments.note
        self._fragments = fragments
        self._current = current
        self._anchors: set[str] = set()

    @property
    def masthead(self) -> Markup:
        """The head of the site."""
        return self._fragments.frame("masthead", current=self._current)

    @property
    def colophon(self) -> Markup:
        """The foot of the site."""
        return self._fragments.frame("colophon", current="")

    @property
    def standings(self) -> list[str]:
        """The standings of the notes, in their order."""
        return sorted({each.standing.value for each in self.cited}, key=_STANDINGS.index)

    def marks(self, evidence: tuple[Evidence, ...], *, unless: tuple[Evidence, ...] = ()) -> Markup:
        """Return the marks of the graphs that state a fact, unless they are those that are told elsewhere."""
        if not self.cites or evidence == unless:
            return _NOTHING
        cited, mark = self.cited, self._fragments.mark
        found = []
        for position, each in enumerate(evidence, 1):
            last = position == len(evidence) or evidence[position].standing is not each.standing
            found.append(mark(cited.setdefault(each, len(cited) + 1), each.standing, last=last))
        return found[0] if len(found) == 1 else _joined(*found)

    def standing(self, graphs: tuple[GraphName, ...]) -> str:
        """Return who says what stands in these graphs, if neither the source nor the register does, else ""."""
        found = {self._fragments.site.presentation.evidences.of(graph).standing for graph in graphs}
        if found & {Standing.REPORTED, Standing.RECORDED}:
            return ""
        return next((each.value for each in (Standing.EXTERNAL, Standing.INTERPRETED) if each in found), "")

    def arrange(self, facts: Iterable[Facts]) -> list[Arranged]:
        """Return properties as they are told: the name, then ready values, or a table, or what is told in depth."""
        return [self._arrange(each) for each in facts]

    def rows(self, triples: Iterable[Triple]) -> list[tuple[Markup, Markup, Markup]]:
        """Return the subject, the predicate and the object of each triple as `show` does."""
        show = self.show
        return [(show(triple.subject), show(triple.predicate), show(triple.object)) for triple in triples]

    def shown(self, terms: Iterable[Term]) -> list[Markup]:
        """Return terms as `show` does, many at once."""
        return [self.show(term) for term in terms]

    def _arrange(self, facts: Facts) -> Arranged:
        name, values = self.name(facts.view), facts.values
        hidden = facts.count - len(values)
        if any(value.nested is not None or value.items is not None for value in values):
            table = tabulate(facts)
            return Arranged(name, (), table, None if table else facts, hidden)
        show = self.show
        if not self.cites:
            return Arranged(name, tuple([show(value.term) for value in values]), None, None, hidden)
        marks = self.marks
        return Arranged(
            name, tuple([_joined(show(value.term), marks(value.evidence)) for value in values]), None, None, hidden
        )

    def cells(self, row: Row) -> list[tuple[Markup, list[Markup]]]:
        """Return the cells of a row, each as its first value and the others, marked where other graphs state them."""
        show, marks = self.show, self.marks
        found = []
        for cell in row.cells:
            values = [_joined(show(value.term), marks(value.evidence, unless=row.evidence)) for value in cell]
            found.append((values[0] if values else _NOTHING, values[1:]))
        return found

    def told(self, description: Description) -> list[Facts]:
        """Return the facts that a nested description tells: names and types only where they stand nowhere else."""
        if isinstance(description.resource, BlankNode):
            return list(description.facts)
        return [each for each in description.facts if each.view.path.value not in NAMING or each.view.inverse]

    def has_name(self, term: Term) -> bool:
        """Tell whether a node has a name to be linked by."""
        return not isinstance(term, BlankNode)

    def target(self, term: Term) -> Target:
        """Return where a term leads."""
        return self._fragments.site.targets.of(term)

    def anchor(self, term: Term) -> Markup:
        """Return the anchor of something that a document describes, the fragment of its IRI; a second time nothing."""
        fragment = unquote(term.value.partition("#")[2]) if isinstance(term, NamedNode) else ""
        if fragment in self._anchors or not fragment or any(map(str.isspace, fragment)):
            return _NOTHING
        self._anchors.add(fragment)
        return self._fragments.anchor(fragment)

    def best(self, texts: dict[str, str]) -> Markup:
        """Return the text in the language that fits best."""
        label = self._fragments.site.labels.choose(texts)
        return self.label(label) if label else _NOTHING

    def note_on(self, graph: NamedNode) -> Note:
        """Return what is known of a graph as evidence."""
        site = self._fragments.site
        return site.notes.of(site.presentation.evidences.of(graph))

    def json(self, value: object) -> Markup:
        """Return a value as JSON that may stand in a script element: nothing in it looks like a tag to HTML."""
        return Markup(JSON.encode(value).translate(NOT_IN_SCRIPTS))

    def html(self, prose: Prose) -> Markup:
        """Return the body of a page in prose, which Markdown has made safe."""
        return Markup(prose.html)

    def text(self, view: PropertyView) -> str:
        """Return the name of a property as plain text, for attributes."""
        return view.label(self._fragments.site.labels).text


def _joined(*fragments: Markup) -> Markup:
    """Join fragments as `Markup.join` does, in a tenth of the time, since all of them are escaped already."""
    return str.__new__(Markup, "".join(fragments))


_NOTHING = Markup()
_STANDINGS = ["reported", "interpreted", "external", "recorded"]
