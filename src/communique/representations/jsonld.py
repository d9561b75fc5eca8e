"""JSON-LD of one resource for people who write programs: nested as the shapes nest, keys from the published context.

The graph is the one that `documents.document_graph` defines. Each document carries the part of the context that it
uses, so that nothing is fetched to read it; under the whole context it means the same. JSON-LD 1.1 has no word for
triples in triples (RDF 1.2): these are left out.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from communique.bounded import Bounded
from communique.descriptions.evidence import STATED_IN
from communique.descriptions.facts import Value
from communique.descriptions.presentation import TYPE
from communique.representations.documents import blank_names, cited
from communique.representations.terms import XSD
from communique.syntax.compact_iris import scheme

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from communique.descriptions.facts import Description
    from communique.descriptions.labels import Labels
    from communique.representations.context import Context, Term

_STRING, _INTEGER, _BOOLEAN = XSD + "string", XSD + "integer", XSD + "boolean"
_CANONICAL_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")  # RFC 8259, section 6: exact in every JSON reader
WIDTH = 100


def jsonld(description: Description, *, labels: Labels, context: Context) -> bytes:
    """Return the document of a resource as JSON-LD."""
    return JsonLd(labels=labels, context=context).document(description)


class JsonLd:
    """The JSON-LD documents of one store, which share what they repeat."""

    def __init__(self, *, labels: Labels, context: Context) -> None:
        """Start with empty caches."""
        self.labels = labels
        self.context = context
        self._keys: dict[tuple[NamedNode, str], Term] = {}
        self._links: dict[tuple[NamedNode, bool], tuple[str, frozenset[str]]] = Bounded()

    def document(self, description: Description) -> bytes:
        """Return the document of a resource."""
        writer = Writer(self, blank_names(description))
        members = writer.members(description, 1)
        axioms = [json_object(writer.members(each, 2), 2) for each in description.axioms]
        excerpt = self.context.excerpt(writer.used)
        if excerpt is None:
            return JsonLd(labels=self.labels, context=self.context.without(writer.used)).document(description)
        if writer.included or axioms:
            members.append(("@included", _array([*axioms, *writer.included.values()], 1)))
        return (json_object([("@context", excerpt), *members], 0) + "\n").encode()

    def key(self, path: NamedNode, kind: str) -> Term:
        """Return the key for values of a kind: `@id`, `@vocab`, `@list`, `@language`, `@direction`, or a datatype."""
        known = self._keys.get((path, kind))
        if known is None:
            ranked = [(rank, term) for term in self.context.terms(path.value) if (rank := _rank(term, kind))]
            best = max(ranked, key=lambda each: each[0], default=(0, self.context.compact(path.value)))[1]
            known = self._keys[path, kind] = best
        return known

    def link(self, node: NamedNode, *, coerced: bool) -> tuple[str, frozenset[str]]:
        """Return a node described elsewhere, with its labels, and the names used; `coerced` if its IRI will do."""
        known = self._links.get((node, coerced))
        if known is None:
            writer = Writer(self, {})
            members = writer.labels(node)
            iri = writer.iri(node)
            text = iri if coerced and not members else json_object([(self.context.id, iri), *members], None)
            known = self._links[node, coerced] = (text, frozenset(writer.used))
        return known


class Writer:
    """The members of one document's objects; `used` collects the names that its context must define."""

    def __init__(self, shared: JsonLd, names: Mapping[BlankNode, str]) -> None:
        """Start a document whose blank nodes have these names where they need one."""
        self.used: set[str] = set()
        self.included: dict[NamedNode, str] = {}
        self._shared = shared
        self._context = shared.context
        self._names = names

    def members(self, description: Description, indent: int) -> list[tuple[str, str]]:
        """Return the keys and texts of a description, which stand `indent` steps to the right."""
        node = description.resource
        found = []
        if isinstance(node, NamedNode) or node in self._names:
            found.append((self._context.id, self.iri(node)))
        for facts in description.own:
            found += self.property(facts.view.path, facts.values, indent)
        graphs = tuple(Value(graph, ()) for graph in cited(description))
        return found + self.property(STATED_IN, graphs, indent, bare=True)

    def value(self, path: NamedNode, value: Value) -> tuple[Term, str]:
        """Return the key of a single value and its text, a link by its IRI alone."""
        term = self._shared.key(path, self._kind(value))
        return term, self._value(value, term, 1, bare=True)

    def type_name(self, node: NamedNode) -> str:
        """Return the JSON string that names a type."""
        return quote(self._defined(self._context.key(node.value)))

    def labels(self, node: NamedNode) -> list[tuple[str, str]]:
        """Return the keys and texts of the labels of a node that is linked to."""
        found: dict[NamedNode, dict[Literal, Value]] = {}
        for path, literal, _ in self._shared.labels.statements(node):
            found.setdefault(path, {})[literal] = Value(literal, ())
        return [each for path, values in found.items() for each in self.property(path, values.values(), None)]

    def property(
        self, path: NamedNode, values: Collection[Value], indent: int | None, *, bare: bool = False
    ) -> list[tuple[str, str]]:
        """Return one key for each kind of value that needs one of its own; `bare` links carry no labels."""
        if path == TYPE:
            types = [value.term for value in values if isinstance(value.term, NamedNode)]
            others = [value for value in values if not isinstance(value.term, NamedNode)]
            return [*self._types(types, indent), *(self._members(path, others, indent, bare=bare) if others else ())]
        return self._members(path, values, indent, bare=bare)

    def _members(
        self, path: NamedNode, values: Collection[Value], indent: int | None, *, bare: bool
    ) -> list[tuple[str, str]]:
        found: dict[str, tuple[Term, list[str], dict[str, list[str]]]] = {}
        for value in values:
            node = value.term
            if isinstance(node, Triple):
                continue
            term = self._shared.key(path, self._kind(value))
            _, texts, by_language = found.get(term.name) or found.setdefault(term.name, (term, [], {}))
            if "@language" in term.container and isinstance(node, Literal):
                by_language.setdefault(node.language or "@none", []).append(quote(node.value))
            else:
                inside = indent if indent is None or not _is_array(term, values) else indent + 1
                texts.append(self._value(value, term, inside, bare=bare))
        return [
            (self._defined(term), language_map(term, by_language) if by_language else values_of(term, texts, indent))
            for term, texts, by_language in found.values()
        ]

    def _types(self, types: list[NamedNode], indent: int | None) -> list[tuple[str, str]]:
        return [(self._context.type, one_or_array([self.type_name(node) for node in types], indent))] if types else []

    def iri(self, node: NamedNode | BlankNode) -> str:
        """Return the JSON string of a node's IRI, or of a blank node's name."""
        if isinstance(node, BlankNode):
            return f'"{self._names[node]}"'
        if name := scheme(node.value):
            self.used.add(name)
        return quote(node.value)

    def _kind(self, value: Value) -> str:
        node = value.term
        if isinstance(node, Literal):
            return "@direction" if node.direction else "@language" if node.language else node.datatype.value
        if value.items is not None:
            return "@list"
        return "@vocab" if isinstance(node, NamedNode) and self._context.name(node.value) else "@id"

    def _value(self, value: Value, term: Term, indent: int | None, *, bare: bool) -> str:
        node = value.term
        if isinstance(node, Literal):
            return self._literal(node, term)
        inside = None if indent is None else indent + 1
        if value.items is not None:
            items = _array([self._value(item, term, inside, bare=bare) for item in value.items], indent)
            return f'{{"@list": {items}}}'
        if value.nested:
            return json_object(self.members(value.nested, (indent or 0) + 1), indent)
        if isinstance(node, NamedNode):
            return self._link(node, term, bare=bare)
        if isinstance(node, BlankNode) and node in self._names:
            return json_object([(self._context.id, self.iri(node))], None)
        return "{}"

    def _link(self, node: NamedNode, term: Term, *, bare: bool) -> str:
        if term.coercion == "@vocab" and (name := self._context.name(node.value)):
            if not bare and node not in self.included and self._shared.labels.statements(node):
                self.included[node] = self._described_elsewhere(node, coerced=False)
            return quote(self._defined(name))
        if bare:
            iri = self.iri(node)
            return iri if term.coercion in {"@id", "@vocab"} else json_object([(self._context.id, iri)], None)
        return self._described_elsewhere(node, coerced=term.coercion in {"@id", "@vocab"})

    def _described_elsewhere(self, node: NamedNode, *, coerced: bool) -> str:
        text, used = self._shared.link(node, coerced=coerced)
        self.used |= used
        return text

    def _literal(self, literal: Literal, term: Term) -> str:
        text, datatype = literal.value, literal.datatype.value
        if literal.language:
            direction = f', "@direction": "{literal.direction.value}"' if literal.direction else ""
            return f'{{"@value": {quote(text)}, "@language": {quote(literal.language)}{direction}}}'
        if datatype == (term.coercion or _STRING):
            is_native = term.coercion is not None and _is_native(text, datatype)
            return text if is_native else quote(text)
        if datatype == _STRING:
            return f'{{"@value": {quote(text)}}}'
        if term.coercion is None and _is_native(text, datatype):
            return text
        return f'{{"@value": {quote(text)}, "@type": {quote(self._defined(self._context.key(datatype)))}}}'

    def _defined(self, term: Term) -> str:
        """The name of a term, which the context of the document then defines."""
        if term.defines:
            self.used.add(term.defines)
        return term.name


def _rank(term: Term, kind: str) -> int:
    """How well a term suits values of a kind: 0 not at all, 1 if each has to be an object, more if not."""
    if "@language" in term.container:
        return {"@language": 4, _STRING: 2}.get(kind, 0)
    if kind in {"@vocab", "@id"}:
        return {kind: 4, "@id": 3, "@vocab": 2}.get(term.coercion or "", 1)
    return 4 if term.coercion == kind else 3 if term.coercion is None else 1


def _is_native(text: str, datatype: str) -> bool:
    """Tell if JSON's own value gives back just this literal."""
    if datatype == _INTEGER:
        return _CANONICAL_INTEGER.fullmatch(text) is not None
    return datatype == _BOOLEAN and text in {"true", "false"}


def _is_array(term: Term, values: Collection[object]) -> bool:
    return len(values) > 1 or "@set" in term.container


def values_of(term: Term, texts: list[str], indent: int | None) -> str:
    """Write the values of a term, one alone without an array if the term allows."""
    return _array(texts, indent) if _is_array(term, texts) else texts[0]


def one_or_array(texts: list[str], indent: int | None) -> str:
    """Write some texts, one alone without an array."""
    return texts[0] if len(texts) == 1 else _array(texts, indent)


def language_map(term: Term, texts: Mapping[str, list[str]]) -> str:
    """Write the texts of a term that keeps them by language."""
    return json_object([(language, values_of(term, found, None)) for language, found in texts.items()], None)


def json_object(members: list[tuple[str, str]], indent: int | None) -> str:
    """Write an object, a member a line, or all on one line if `indent` is None."""
    texts = [f"{quote(key)}: {text}" for key, text in members]
    if indent is None or not texts:
        return f"{{{', '.join(texts)}}}"
    pad = "  " * indent
    return f"{{\n{pad}  " + f",\n{pad}  ".join(texts) + f"\n{pad}}}"


def _array(texts: list[str], indent: int | None) -> str:
    """Write an array, on one line if it is short or `indent` is None."""
    if indent is None or (sum(map(len, texts)) < WIDTH and not any("\n" in text for text in texts)):
        return f"[{', '.join(texts)}]"
    pad = "  " * indent
    return f"[\n{pad}  " + f",\n{pad}  ".join(texts) + f"\n{pad}]"
