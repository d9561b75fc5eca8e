"""The dump in JSON-LD: one array of nodes under the part of the context that they use.

It says what `jsonld.Writer` says of a node, made from texts: what N-Triples quotes, JSON quotes alike (RDF 1.2
N-Triples, section 2.4; RFC 8259, section 7), so that strings and links, which are most values, go over as they are.
"""

from __future__ import annotations

import shutil
from itertools import repeat
from json.encoder import encode_basestring as quote
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Triple, parse

from communique.bounded import Bounded
from communique.descriptions.description import RANKS
from communique.descriptions.facts import Value
from communique.descriptions.labels import Labels
from communique.descriptions.presentation import TYPE
from communique.distributions.frames import MANY, NAME, Frames, neighbours
from communique.formats import NTRIPLES
from communique.representations.context import Term
from communique.representations.jsonld import JsonLd, Writer
from communique.representations.terms import XSD
from communique.store import Store
from communique.syntax import RDF_FORMATS
from communique.syntax.compact_iris import scheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.distributions.statements import Batch
    from communique.representations.context import Context

_STRING = XSD + "string"
_TYPE = str(TYPE).encode()
_WEB = _HTTPS, _HTTP = b"<https://", b"<http://"
_QUOTE, _LESS, _GREATER, _AT = b'"<>@'
_TEXT, _WEB_LINK, _OTHER, _NOTHING = b'"', b"<", b"=", b""
"""The kinds of values: a text without a language, an address on the web, any other text of JSON, and what has none.

A text with a language has its tag with the "@" as its kind; after `_OTHER` stands the name of the key.
"""
_Parts = list[str | int]
_Columns = list["Sequence[bytes]"]


class JsonLdDump:
    """The union of all graphs as JSON-LD, with `cmq:statedIn` links to the evidence."""

    def __init__(self, out: IO[bytes], context: Context) -> None:
        """Write to `out`, once it is known what the context must define."""
        self._out = out
        self._context = context
        self._objects = _Objects(context)
        self._body = TemporaryFile()  # noqa: SIM115  closed by `finish`
        self._between = b"\n    "

    def write(self, batch: Batch) -> None:
        """Take some subjects."""
        self._body.write(self._between + self._objects.text(batch, between=b",\n    "))
        self._between = b",\n    "

    @property
    def left_out(self) -> int:
        """How many triples have a triple for an object (RDF 1.2), which JSON-LD cannot say."""
        return self._objects.left_out

    @property
    def remaining(self) -> Context:
        """The context without the names that are also the schemes of IRIs among what was written."""
        return self._context.without(self._objects.used)

    def finish(self) -> bool:
        """Write the context, then the body, which waited aside; False if a name is also the scheme of an IRI.

        Then nothing is written, and the dump has to be made again, with the `remaining` context.
        """
        with self._body as body:
            excerpt = self._context.excerpt(self._objects.used)
            if excerpt is None:
                return False
            self._out.write(f'{{\n  "@context": {excerpt},\n  "@graph": ['.encode())
            body.seek(0)
            shutil.copyfileobj(body, self._out, 1 << 20)
            self._out.write(b"\n  ]\n}\n")
            return True


class _Objects:
    """The texts of the objects of nodes; `used` collects the names that the context must define.

    So many values are `left_out`: triples, of which JSON-LD knows nothing.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._values = _Values(context)
        self._frames = Frames(self._parts)
        self.used = self._values.used
        self.left_out = 0

    def text(self, batch: Batch, *, between: bytes) -> bytes:
        """Return the objects of the subjects, and what stands between them."""
        bounds, objects = batch.linked.bounds, batch.linked.objects
        names, texts = list(map(self._name, batch.linked.names)), []
        for key, first, last in batch.linked.groups:
            kinds, values = self._columns(key, objects[bounds[first] : bounds[last]])
            for alike, start, end in neighbours(zip(*kinds, strict=True)):
                columns = [column[start:end] for column in values]
                frame = self._frames[key, alike]
                texts.append(frame.filled_often(names[first + start : first + end], columns, between))
                self.left_out += alike.count(_NOTHING) * (end - start)
        return between.join(texts)

    def _columns(self, key: tuple[bytes, ...], objects: Sequence[bytes]) -> tuple[_Columns, _Columns]:
        """Return for each predicate the kinds of its objects and their texts, those of all subjects."""
        width = len(key)
        if len(objects) >= MANY * width:
            columns = [self._column(predicate, objects[place::width]) for place, predicate in enumerate(key)]
            return [kinds for kinds, _ in columns], [values for _, values in columns]
        kinds, values = self._kinds(key * (len(objects) // width), objects)
        return [kinds[place::width] for place in range(width)], [values[place::width] for place in range(width)]

    def _column(self, predicate: bytes, objects: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Return what `_kinds` does, the sooner if all are one, texts, in one language, or addresses on the web."""
        first, count = objects[0], len(objects)
        if objects.count(first) == count:
            kinds, values = self._kinds((predicate,), (first,))
            return kinds * count, values * count
        if first[-1] == _GREATER:
            is_web = predicate != _TYPE and all(map(bytes.startswith, objects, repeat(_WEB)))
            if is_web and self._values.named.isdisjoint(objects):
                return [_WEB_LINK] * count, [text[1:-1] for text in objects]
        else:
            tag = b"" if first[-1] == _QUOTE else first[-3:]
            if (not tag or tag[0] == _AT) and all(map(bytes.endswith, objects, repeat(b'"' + tag))):
                return [tag or _TEXT] * count, [text[:-3] for text in objects] if tag else objects
        return self._kinds((predicate,) * count, objects)

    def _kinds(self, predicates: Sequence[bytes], objects: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Return the kinds of objects and their texts as they stand in their places."""
        named, others = self._values.named, self._values
        kinds, values = [], []
        for predicate, text in zip(predicates, objects, strict=True):
            last = text[-1]
            if last == _GREATER:
                if predicate != _TYPE and (text[:9] == _HTTPS or text[:8] == _HTTP) and text not in named:
                    kind, value = _WEB_LINK, text[1:-1]
                else:
                    kind, value = others[predicate, text]
            elif last == _QUOTE:
                kind, value = _TEXT, text
            elif text[-3] == _AT:
                kind, value = text[-3:], text[:-3]
            elif text[0] == _QUOTE and (end := text.rindex(b'"') + 1) and b"--" not in text[end:]:
                kind, value = text[end:], text[:end]
            else:
                kind, value = others[predicate, text]
            kinds.append(kind)
            values.append(value)
        return kinds, values

    def _name(self, text: bytes) -> bytes:
        if text[0] != _LESS:
            return text
        if not text.startswith(_WEB) and (name := scheme(text[1:-1].decode())):
            self.used.add(name)
        return text[1:-1]

    def _parts(self, key: tuple[tuple[bytes, ...], tuple[bytes, ...]]) -> Iterator[str | int]:
        """Give the parts of the object of a node, by its predicates and the kinds of its objects."""
        by_path: dict[str, list[tuple[bytes, int]]] = {}
        for place, (predicate, kind) in enumerate(zip(*key, strict=True)):
            by_path.setdefault(predicate[1:-1].decode(), []).append((kind, place))
        nodes = {path: NamedNode(path) for path in by_path}
        yield f'{{\n      {quote(self._context.id)}: "'
        yield NAME
        yield '"'
        for path in sorted(by_path, key=lambda path: (RANKS.get(nodes[path], len(RANKS)), path)):
            yield from self._members(nodes[path], by_path[path])
        yield "\n    }"

    def _members(self, path: NamedNode, kinds: list[tuple[bytes, int]]) -> Iterator[str | int]:
        """Give the parts of a member for each key that the values need."""
        found: dict[str, tuple[Term, list[_Parts], dict[str, list[_Parts]]]] = {}
        for kind, place in kinds:
            if kind == _NOTHING:
                yield place
                continue
            term = self._values.term(path, kind)
            _, values, by_language = found.setdefault(term.name, (term, [], {}))
            if "@language" in term.container:
                by_language.setdefault(kind[1:].decode() or "@none", []).append([place])
            else:
                values.append(self._around(term, kind, place))
        for term, values, by_language in found.values():
            is_set = "@set" in term.container
            yield f",\n      {quote(term.name)}: "
            if by_language:
                texts = [[f"{quote(tag)}: ", *_array(each, is_set, "")] for tag, each in sorted(by_language.items())]
                yield from ("{", *_joined(texts, ", "), "}")
            else:
                yield from _array(values, is_set, "\n        ")

    def _around(self, term: Term, kind: bytes, place: int) -> _Parts:
        """Return a value with what stands around it."""
        if kind == _WEB_LINK:
            is_link = term.coercion in {"@id", "@vocab"}
            return ['"', place, '"'] if is_link else [f'{{{quote(self._context.id)}: "', place, '"}']
        if kind == _TEXT:
            return [place] if term.coercion in (None, _STRING) else ['{"@value": ', place, "}"]
        if kind[:1] == b"@":
            return ['{"@value": ', place, f', "@language": {quote(kind[1:].decode())}}}']
        return [place]


class _Values(Bounded[tuple[bytes, bytes], tuple[bytes, bytes]]):
    """The kinds and the texts of values, by predicate and object, that are written as `jsonld` writes them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shared = JsonLd(labels=Labels(Store.of(()), ()), context=context)
        self._writer = Writer(self._shared, _OwnNames())
        self._terms: dict[bytes, Term] = {}
        self.used = self._writer.used
        self.named = frozenset(f"<{iri}>".encode() for iri in context.named)

    def __missing__(self, value: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        found = self[value] = self._read(*value)
        return found

    def term(self, path: NamedNode, kind: bytes) -> Term:
        """Return the key of a value of a kind."""
        term = self._terms.get(kind)
        if term is None:
            term = self._shared.key(path, {_TEXT: _STRING, _WEB_LINK: "@id"}.get(kind, "@language"))
        if term.defines:
            self.used.add(term.defines)
        return term

    def _read(self, predicate: bytes, text: bytes) -> tuple[bytes, bytes]:
        line = b"<x:x> %b %b ." % (predicate, text)
        quad = next(parse(line, format=RDF_FORMATS[NTRIPLES.name], rename_blank_nodes=False))
        if isinstance(quad.object, Triple):
            return _NOTHING, b""
        if predicate == _TYPE and isinstance(quad.object, NamedNode):
            term, json = Term(self._context.type, TYPE.value), self._writer.type_name(quad.object)
        else:
            term, json = self._writer.value(quad.predicate, Value(quad.object, ()))
        kind = _OTHER + term.name.encode()
        self._terms[kind] = term
        return kind, json.encode()


def _array(values: list[_Parts], is_set: bool, line: str) -> _Parts:
    """Return values in brackets, several on a line each, or one alone without brackets if the key allows."""
    if len(values) == 1:
        return ["[", *values[0], "]"] if is_set else values[0]
    indented = line and f"{line}  "
    return [f"[{indented}", *_joined(values, f",{indented}" if line else ", "), f"{line}]"]


def _joined(values: list[_Parts], between: str) -> _Parts:
    return [part for number, value in enumerate(values) for part in ([between] * (number > 0) + value)]


class _OwnNames(dict[BlankNode, str]):
    """Every blank node is written by the name it has."""

    def __contains__(self, node: object) -> bool:
        return isinstance(node, BlankNode)

    def __missing__(self, node: BlankNode) -> str:
        return str(node)
