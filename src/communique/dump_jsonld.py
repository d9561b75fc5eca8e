"""The dump in JSON-LD: one array of nodes under the part of the context that they use.

It says what `jsonld.Writer` says of a node, made from texts: what N-Triples quotes, JSON quotes alike (RDF 1.2
N-Triples, section 2.4; RFC 8259, section 7), so that strings and links, which are most values, go over as they are.
"""

from __future__ import annotations

import shutil
from json.encoder import encode_basestring as quote
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, parse

from communique.bounded import Bounded
from communique.context import scheme
from communique.description import RANKS
from communique.evidence import STATED_IN
from communique.facts import Value
from communique.formats import NTRIPLES
from communique.jsonld import WIDTH, JsonLd, Writer, language_map, one_or_array, values_of
from communique.labels import Labels
from communique.presentation import TYPE
from communique.store import Store
from communique.syntax import RDF_FORMATS
from communique.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.context import Context, Term
    from communique.statements import Node

_STRING = XSD + "string"
_TYPE, _STATED_IN = str(TYPE), str(STATED_IN)
_WEB = ("<https://", "<http://")
_Frame = tuple[str, str, bool]


class JsonLdDump:
    """The union of all graphs as JSON-LD, with `cmq:statedIn` links to the evidence."""

    def __init__(self, out: IO[bytes], context: Context) -> None:
        """Write to `out`, once it is known what the context must define."""
        self._out = out
        self._context = context
        self._nodes = _Nodes(context)
        self._body = TemporaryFile()  # noqa: SIM115  closed by `finish`
        self._between = "\n    "

    def write(self, node: Node) -> None:
        """Take one subject."""
        self._body.write((self._between + self._nodes.text(node)).encode())
        self._between = ",\n    "

    def finish(self) -> bool:
        """Write the context, then the body, which waited aside; False if a prefix is also the scheme of an IRI.

        Then nothing is written, and the dump has to be made again, with a context without prefixes.
        """
        with self._body as body:
            excerpt = self._context.excerpt(self._nodes.used)
            if excerpt is None:
                return False
            self._out.write(f'{{\n  "@context": {excerpt},\n  "@graph": ['.encode())
            body.seek(0)
            shutil.copyfileobj(body, self._out, 1 << 20)
            self._out.write(b"\n  ]\n}\n")
            return True


class _Nodes:
    """The texts of the objects of nodes; `used` collects the names that the context must define."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shared = JsonLd(labels=Labels(Store.of(()), ()), context=context)
        self._writer = Writer(self._shared, _OwnNames())
        self.used = self._writer.used
        self._id = quote(context.id)
        self._keys: dict[tuple[str, str], Term] = {}
        self._frames: dict[tuple[str, str], _Frame] = {}
        self._types: dict[str, str] = {}
        self._values: dict[tuple[str, str], tuple[Term, str]] = Bounded()
        self._orders: dict[tuple[str, ...], list[str]] = Bounded()

    def text(self, node: Node) -> str:
        """Return the object of a node."""
        by_path: dict[str, list[str]] = {}
        for path, text, _ in node.facts:
            if path in by_path:
                by_path[path].append(text)
            else:
                by_path[path] = [text]
        if node.evidence:
            by_path[_STATED_IN] = sorted({*by_path.get(_STATED_IN, ()), *node.evidence})
        members = [f"{self._id}: {self._iri(node.name)}"]
        for path in self._ordered(tuple(by_path)):
            texts = by_path[path]
            member = self._framed(path, texts[0]) if len(texts) == 1 else self._uniform(path, texts)
            members += (member,) if member else self._members(path, texts)
        return "{\n      " + ",\n      ".join(members) + "\n    }"

    def _ordered(self, paths: tuple[str, ...]) -> list[str]:
        known = self._orders.get(paths)
        if known is None:
            nodes = {path: NamedNode(path[1:-1]) for path in paths}
            known = sorted(paths, key=lambda path: (RANKS.get(nodes[path], len(RANKS)), nodes[path].value))
            self._orders[paths] = known
        return known

    def _framed(self, path: str, text: str) -> str | None:
        """Return the member of a property with one value, if that is a common one."""
        if text[0] == '"':
            end = len(text) if text[-1] == '"' else text.rindex('"') + 1
            kind, body = text[end:], text[:end]
            if kind[:1] == "^" or "--" in kind:
                return None
        elif text.startswith(_WEB):
            kind, body = "@id", text[1:-1]
            if path == _TYPE or self._has_name(path, body):
                return None
        else:
            return None
        start, end_, is_set = self._frames.get((path, kind)) or self._frame(path, kind)
        return None if is_set and len(body) > WIDTH - 40 else start + body + end_

    def _uniform(self, path: str, texts: list[str]) -> str | None:
        """Return the member of a property whose values are texts in different languages, or links."""
        if texts[0][0] == '"':
            term = self._key(path, "@language")
            found: dict[str, str] = {}
            for text in texts:
                end = text.rfind('"') + 1
                found[text[end:]] = text[:end]
            if "" in found or len(found) < len(texts) or term.container != {"@language"} or _odd(found):
                return None
            by_language = ", ".join([f'"{tag[1:]}": {text}' for tag, text in found.items()])
            return f"{quote(self._defined(term))}: {{{by_language}}}"
        term = self._key(path, "@id")
        if term.coercion != "@id" or self._key(path, "@vocab") != term or path == _TYPE:
            return None
        links = [f'"{text[1:-1]}"' for text in texts if text.startswith(_WEB)]
        return f"{quote(self._defined(term))}: {values_of(term, links, 3)}" if len(links) == len(texts) else None

    def _frame(self, path: str, kind: str) -> _Frame:
        """Return what stands before and after a value of a kind: "", a language tag with its "@", or "@id"."""
        is_set, term = False, self._key(path, {"": _STRING, "@id": "@id"}.get(kind, "@language"))
        start, end = f"{quote(self._defined(term))}: ", ""
        if "@set" in term.container:
            start, end, is_set = start + "[", "]", True
        if kind == "@id":
            start, end = (start + '"', '"' + end) if _is_link(term) else (f'{start}{{{self._id}: "', f'"}}{end}')
        elif "@language" in term.container:
            start, end = f'{start.rstrip("[")}{{"{kind[1:] or "@none"}": {"[" * is_set}', f"{end}}}"
        elif kind:
            start, end = f'{start}{{"@value": ', f', "@language": "{kind[1:]}"}}{end}'
        elif term.coercion not in (None, _STRING):
            start, end = f'{start}{{"@value": ', f"}}{end}"
        known = self._frames[path, kind] = (start, end, is_set)
        return known

    def _members(self, path: str, texts: list[str]) -> list[str]:
        if path == _TYPE:
            names = [self._type_name(text) for text in texts if text[0] == "<" and text[1] != "<"]
            types = [f"{quote(self._context.type)}: {one_or_array(names, 3)}"] if names else []
            return types + self._grouped(path, [text for text in texts if text[0] != "<" or text[1] == "<"])
        return self._grouped(path, texts)

    def _grouped(self, path: str, texts: list[str]) -> list[str]:
        """Return a member for each key that the values need."""
        found: dict[str, tuple[Term, list[str], dict[str, list[str]]]] = {}
        for text in texts:
            if text.startswith("<<("):
                continue
            term, value, language = self._value(path, text)
            _, values, by_language = found.get(term.name) or found.setdefault(term.name, (term, [], {}))
            if language:
                by_language.setdefault(language, []).append(value)
            else:
                values.append(value)
        return [
            f"{quote(self._defined(term))}: "
            + (language_map(term, by_language) if by_language else values_of(term, values, 3))
            for term, values, by_language in found.values()
        ]

    def _value(self, path: str, text: str) -> tuple[Term, str, str]:
        """Return the key and the text of a value, and its language if it goes into a map of languages."""
        if text[0] == '"' and text[-1] == '"':
            term = self._key(path, _STRING)
            if "@language" in term.container:
                return term, text, "@none"
            return term, text if term.coercion in (None, _STRING) else f'{{"@value": {text}}}', ""
        if text[0] == '"' and text[-1] != ">" and "--" not in (tag := text[text.rindex('"') + 2 :]):
            term, quoted = self._key(path, "@language"), text[: -len(tag) - 1]
            if "@language" in term.container:
                return term, quoted, tag
            return term, f'{{"@value": {quoted}, "@language": "{tag}"}}', ""
        if text.startswith(_WEB) and not self._has_name(path, text[1:-1]):
            term = self._key(path, "@id")
            return term, f'"{text[1:-1]}"' if _is_link(term) else f'{{{self._id}: "{text[1:-1]}"}}', ""
        known = self._values.get((path, text))
        if known is None:
            # Any other value is written as `jsonld` writes it.
            line = f"<x:x> {path} {text} ."
            quad = next(parse(line, format=RDF_FORMATS[NTRIPLES.name], rename_blank_nodes=False))
            known = self._values[path, text] = self._writer.value(quad.predicate, Value(quad.object, ()))
        return *known, ""

    def _has_name(self, path: str, iri: str) -> bool:
        """Tell if a link is written as a term of the context, as codes are."""
        return self._key(path, "@vocab").coercion == "@vocab" and self._context.name(iri) is not None

    def _key(self, path: str, kind: str) -> Term:
        known = self._keys.get((path, kind))
        if known is None:
            known = self._keys[path, kind] = self._shared.key(NamedNode(path[1:-1]), kind)
        return known

    def _type_name(self, text: str) -> str:
        known = self._types.get(text)
        if known is None:
            known = self._types[text] = self._writer.type_name(NamedNode(text[1:-1]))
        return known

    def _iri(self, text: str) -> str:
        if text[0] != "<":
            return f'"{text}"'
        if not text.startswith(_WEB) and (name := scheme(text[1:-1])):
            self.used.add(name)
        return f'"{text[1:-1]}"'

    def _defined(self, term: Term) -> str:
        if term.defines:
            self.used.add(term.defines)
        return term.name


def _odd(kinds: Iterable[str]) -> bool:
    """Tell if any of these is not just the tag of a language."""
    return any(kind[0] != "@" or "--" in kind for kind in kinds)


def _is_link(term: Term) -> bool:
    return term.coercion in {"@id", "@vocab"}


class _OwnNames(dict[BlankNode, str]):
    """Every blank node is written by the name it has."""

    def __contains__(self, node: object) -> bool:
        return isinstance(node, BlankNode)

    def __missing__(self, node: BlankNode) -> str:
        return str(node)
