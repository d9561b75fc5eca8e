"""The writer of a page: what its templates call, and the numbers of its notes in the order of their mention."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from markupsafe import Markup
from pyoxigraph import BlankNode, NamedNode

from communique.descriptions.assertions import stated
from communique.descriptions.evidence import Standing
from communique.descriptions.reified_labels import in_order_of_texts, is_told_in_a_word, reified_label
from communique.descriptions.tables import NAMING, tabulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from communique.descriptions.assertions import Stated
    from communique.descriptions.evidence import Evidence
    from communique.descriptions.facts import Description, Facts, Value
    from communique.descriptions.links import Assertions
    from communique.descriptions.notes import Note
    from communique.descriptions.reified_labels import ReifiedLabel
    from communique.descriptions.tables import Row, Table
    from communique.descriptions.targets import Target
    from communique.descriptions.views import PropertyView
    from communique.rendition.fragments import Fragments
    from communique.store import GraphName, Term
    from communique.website.prose import Prose

JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
LONG_ROW = 4
"""So many marks stand in a row before those that are neighbours are told as a range."""
NOT_IN_SCRIPTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Arranged(NamedTuple):
    """A property as a page tells it: ready values, or a table, or facts with values that are described in place.

    `hidden` counts the values that are not shown; `more` is the URL of the page that begins with the first, or "".
    """

    name: Markup
    values: tuple[Markup, ...]
    table: Table | None
    deep: Facts | None
    hidden: int
    more: str


class Writer:
    """What the templates of one page call: fragments, and the numbers of its notes in the order of their mention."""

    def __init__(
        self,
        fragments: Fragments,
        *,
        cites: bool = False,
        current: str = "",
        has_data: bool = False,
        more: Mapping[NamedNode, str] | None = None,
    ) -> None:
        """Begin a page; without `cites` it has no marks, and with `has_data` it says that it is data as well.

        `more` leads on where a page has no room, by property.
        """
        self.cites = cites
        self.cited: dict[Evidence, int] = {}
        self.show = fragments.show
        self.show_class = fragments.show_class
        self.link = fragments.link
        self.label = fragments.label
        self.name = fragments.name
        self.beyond = fragments.beyond
        self.note = fragments.note
        self._fragments = fragments
        self._current, self._has_data = current, has_data
        self._more = more or {}
        self._anchors: set[str] = set()

    @property
    def masthead(self) -> Markup:
        """The head of the site."""
        return self._fragments.masthead(self._current)

    @property
    def colophon(self) -> Markup:
        """The foot of the site."""
        return self._fragments.colophon(has_data=self._has_data)

    @property
    def legend(self) -> Markup:
        """What the marks of the page mean, those of its notes alone."""
        found = {each.standing for each in self.cited}
        return self._fragments.legend(tuple(standing.value for standing in Standing if standing in found))

    def marks(self, evidence: tuple[Evidence, ...], *, unless: tuple[Evidence, ...] = ()) -> Markup:
        """Return the marks of the graphs that state a fact, unless they are those that are told elsewhere."""
        if not self.cites or evidence == unless:
            return _NOTHING
        cited, mark = self.cited, self._fragments.mark
        if len(evidence) >= LONG_ROW:
            return self._ranges(evidence)
        found = []
        for position, each in enumerate(evidence, 1):
            last = position == len(evidence) or evidence[position].standing is not each.standing
            number = cited.get(each)
            if number is None:
                number = cited[each] = len(cited) + 1
                found.append(mark(number, each.standing, last=last, first=True))
            else:
                found.append(mark(number, each.standing, last=last))
        return found[0] if len(found) == 1 else _joined(*found)

    def _ranges(self, evidence: tuple[Evidence, ...]) -> Markup:
        """Return marks of which those that are neighbours, and of one standing, are one: 3–9."""
        known = len(self.cited)
        numbers = [(self.cited.setdefault(each, len(self.cited) + 1), each.standing) for each in evidence]
        found = []
        for standing, rows in groupby(numbers, key=lambda each: each[1]):
            runs = [[each for _, each in run] for _, run in groupby(enumerate(n for n, _ in rows), key=_ahead)]
            # Two neighbours are no shorter as a range.
            parts = [part for run in runs for part in ([run] if len(run) > 2 else [[number] for number in run])]
            for part in parts:
                firsts = tuple(number for number in part if number > known)
                last = part is parts[-1]
                found.append(self._fragments.marks(part[0], part[-1], standing, last=last, firsts=firsts))
        return _joined(*found)

    def more(self, path: NamedNode) -> str:
        """Return the URL of the page that goes on with what links here by a property, or ""."""
        url = self._more.get(path, "")
        return self._fragments.root + url if url else ""

    def standing(self, graphs: tuple[GraphName, ...]) -> str:
        """Return who says what stands in these graphs, if neither the source nor the register does, else ""."""
        found = {self._fragments.site.presentation.evidences.of(graph).standing for graph in graphs}
        if found & {Standing.REPORTED, Standing.RECORDED}:
            return ""
        return next((each.value for each in (Standing.EXTERNAL, Standing.INTERPRETED) if each in found), "")

    def arrange(self, facts: Iterable[Facts]) -> list[Arranged]:
        """Return properties as they are told: the name, then ready values, or a table, or what is told in depth."""
        return [self._arrange(each) for each in facts]

    def stated(self, asserts: Assertions) -> tuple[Stated, ...]:
        """Return what a graph states, thing by thing."""
        return stated(asserts.triples)

    def shown(self, terms: Iterable[Term]) -> list[Markup]:
        """Return terms as `show` does, many at once."""
        return [self.show(term) for term in terms]

    def _arrange(self, facts: Facts) -> Arranged:
        name, values = self.name(facts.view), in_order_of_texts(facts, self._fragments.site.labels)
        hidden = facts.count - len(values)
        more = self.more(facts.view.path) if hidden else ""
        if not all(map(is_told_in_a_word, values)):
            table = tabulate(facts)
            deep = None if table else replace(facts, values=values)
            return Arranged(name, (), table, deep, hidden, more)
        said = self.said
        if not self.cites:
            return Arranged(name, tuple([said(value) for value in values]), None, None, hidden, more)
        marks = self.marks
        told = tuple([_joined(said(value), marks(value.evidence)) for value in values])
        return Arranged(name, told, None, None, hidden, more)

    def said(self, value: Value) -> Markup:
        """Return a value in a word; of a label that is described in place, its text."""
        label = reified_label(value) if value.nested is not None else None
        if label is None:
            return self.show(value.term)
        return Markup(" · ").join(
            _joined(self.show(form.term), self.marks(form.evidence, unless=value.evidence)) for form in label.forms
        )

    def reified(self, value: Value) -> ReifiedLabel | None:
        """Return the label of SKOS-XL that a value described in place is, or None."""
        return reified_label(value)

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
        return self._fragments.target(term)

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


def _ahead(pair: tuple[int, int]) -> int:
    """Return how far a number is ahead of its place: the same for all numbers that follow one another."""
    place, number = pair
    return number - place


_NOTHING = Markup()
