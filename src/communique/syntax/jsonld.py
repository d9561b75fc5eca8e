"""A look at JSON-LD before it is parsed, at what the standard lets a processor drop or fetch without a word.

Duplicate keys, IRIs that are none, and remote contexts are refused. A context that the project publishes, or that
Communiqué bundles, is put in the place of its address.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# Where the context that Communiqué bundles is published.
JSONLD_CONTEXT = "https://w3id.org/communique/context.jsonld"
DEPTH_LIMIT = 500
# A base that no document has: what is resolved against it was relative. JSON-LD drops relative IRIs without a base.
NO_BASE = "x-relative://file/"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]')


class _DuplicateKeyError(Exception):
    pass


def prepare(content: bytes, path: Path, *, contexts: Mapping[str, Path]) -> bytes:
    """Return the document with its known contexts in place; raises DataError if it may not be parsed."""
    text = _decoded(content, path)
    document = _loaded(text, path)
    if not isinstance(document, dict | list):
        raise DataError([Problem(path, 1, 1, "is no JSON-LD document: that is an object or an array.")])
    terms = _Terms()
    replaced = False
    for node in _objects(document, path):
        if "@context" in node:
            replaced |= _settle_context(node, path, text, contexts)
            terms.learn(node["@context"])
    for node in _objects(document, path, contexts=False):
        for value in terms.faults(node):
            raise DataError([_problem(path, text, value, f"has {value!r} where an IRI must stand.")])
    return json.dumps(document, ensure_ascii=False).encode() if replaced else content


def check_absolute(quads: Iterable[ox.Quad], path: Path, content: bytes) -> Iterator[ox.Quad]:
    """Give the quads; raises DataError at one that holds an IRI that was relative."""
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith("x-relative:"):
                relative = term.value.removeprefix(NO_BASE)
                problem = _problem(path, content.decode(), relative, f"has the relative IRI {relative!r} and no base.")
                raise DataError([problem])
        yield quad


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise DataError([Problem(path, line, column, "is not valid UTF-8.", "Save it as UTF-8.")]) from error


def _loaded(text: str, path: Path) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refused_constant, parse_int=_integer)
    except _DuplicateKeyError as error:
        raise DataError([_duplicate(text, path, str(error))]) from error
    except json.JSONDecodeError as error:
        raise DataError([Problem(path, error.lineno, error.colno, f"is no JSON: {error.msg}.")]) from error
    except RecursionError as error:
        raise DataError([_too_deep(path)]) from error
    except ValueError as error:
        place = text.find(str(error.args[-1]))
        line, column = _place(text, place)
        raise DataError([Problem(path, line, column, str(error.args[0]))]) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
    return found


def _refused_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number.", name)


def _integer(digits: str) -> int:
    if len(digits) > 4_000:
        raise ValueError("has a number of more than 4,000 digits: write it as a typed string.", digits)
    return int(digits)


def _duplicate(text: str, path: Path, key: str) -> Problem:
    """Find the second occurrence of `key` in one object."""
    seen: list[set[str]] = []
    former = ""
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            seen.append(set())
        elif token in "}]":
            seen.pop()
        elif token == ":" and former == key:
            if key in seen[-1]:
                line, column = _place(text, match.start())
                return Problem(path, line, column, f"has the key {key!r} twice in one object.", "Make it one array.")
            seen[-1].add(key)
        former = json.loads(token) if token[0] == '"' else ""
    return Problem(path, None, None, f"has the key {key!r} twice in one object.", "Make it one array.")


def _objects(document: Any, path: Path, *, contexts: bool = True) -> Iterator[dict[str, Any]]:
    waiting = [(document, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise DataError([_too_deep(path)])
        if isinstance(node, dict) and "@value" not in node:
            yield node
            waiting += [(value, depth + 1) for key, value in node.items() if contexts or key != "@context"]
        elif isinstance(node, list):
            waiting += [(value, depth + 1) for value in node]


def _settle_context(node: dict[str, Any], path: Path, text: str, contexts: Mapping[str, Path]) -> bool:
    given = node["@context"]
    parts = given if isinstance(given, list) else [given]
    for part in parts:
        if isinstance(part, dict) and "@import" in part:
            raise DataError([_remote(path, text, str(part["@import"]))])
    if not any(isinstance(part, str) for part in parts):
        return False
    node["@context"] = [each for part in parts for each in _context(part, path, text, contexts)]
    return True


def _context(part: Any, path: Path, text: str, contexts: Mapping[str, Path]) -> list[Any]:
    if not isinstance(part, str):
        return [part]
    if part not in contexts:
        raise DataError([_remote(path, text, part)])
    content = _loaded(contexts[part].read_text(encoding="utf-8"), contexts[part]).get("@context", {})
    return content if isinstance(content, list) else [content]


class _Terms:
    """What the contexts of a document define, as far as it tells where IRIs stand."""

    def __init__(self) -> None:
        self._defined: set[str] = set()
        self._links = {"@id"}
        self._types = {"@type"}

    def learn(self, context: Any) -> None:
        for part in context if isinstance(context, list) else [context]:
            for term, given in part.items() if isinstance(part, dict) else ():
                definition = given if isinstance(given, dict) else {"@id": given}
                self._defined.add(term)
                if "@id" in (definition.get("@id"), definition.get("@type")):
                    self._links.add(term)
                if definition.get("@id") == "@type":
                    self._types.add(term)

    def faults(self, node: dict[str, Any]) -> Iterator[str]:
        """Give what stands in an object as an IRI and is none: it would be dropped without a word."""
        for key, value in node.items():
            if ":" in key and key not in self._defined and not _is_iri(key):
                yield key
            if key in self._links or key in self._types:
                for each in value if isinstance(value, list) else [value]:
                    known = key in self._types and each in self._defined
                    if isinstance(each, str) and not known and not _is_iri(each):
                        yield each


def _is_iri(value: str) -> bool:
    try:
        ox.NamedNode(value if ":" in value else NO_BASE + value)
    except ValueError:
        return value.startswith("_:")
    return True


def _remote(path: Path, text: str, url: str) -> Problem:
    remedy = "Contexts are never fetched: write it out in the file."
    return _problem(path, text, url, f"needs the remote context {url}.", remedy)


def _problem(path: Path, text: str, value: str, message: str, remedy: str = "") -> Problem:
    line, column = _place(text, text.find(json.dumps(value, ensure_ascii=False)))
    return Problem(path, line, column, message, remedy or "Write it as a full IRI.")


def _too_deep(path: Path) -> Problem:
    return Problem(path, None, None, f"nests more than {DEPTH_LIMIT} deep.", "Describe nested nodes side by side.")


def _place(text: str, offset: int) -> tuple[int | None, int | None]:
    if offset < 0:
        return None, None
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
