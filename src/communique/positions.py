"""Positions: in which line of which file a triple stands, found out when it is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from communique.errors import AccessError, DataError
from communique.syntax import format_of
from communique.syntax.rdf import TYPE
from communique.syntax.sources import opened
from communique.syntax.turtle_lines import UnreadableError, triple_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from communique.store import Term

TURTLE_LIKE = frozenset({"turtle", "trig", "ntriples", "nquads"})
LARGE = 32 << 20  # characters; beyond, the first mention of a node has to do
_TYPE = str(TYPE)
_PLAIN = re.compile(r"[\w-]*")
_TERM_FOLLOWS = re.compile(r"\s+(?![\s;,.)\]}|])|(?=<)")
_PREFIX = re.compile(r"@?\bprefix\s+([^\s<:]*:)\s*<([^<>]*)>", re.IGNORECASE)
_BASE = re.compile(r"@?\bbase\s*<", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    path: Path
    line: int

    def __str__(self) -> str:
        """Format the place so that editors and terminals make it a link."""
        return f"{self.path}:{self.line}"


class Positions:
    """Where the triples of some nodes stand in some files; a file is read only if it seems to say something of one.

    Where a file cannot be followed triple by triple (JSON-LD, RDF/XML, very large files), the line is that of the first
    mention of the node.
    """

    def __init__(self, files: Iterable[Path], *, nodes: Collection[Term], relative: bool = False) -> None:
        """Look for the triples of `nodes`; with `relative`, relative IRIs are resolved against each file's address."""
        self._triples: dict[tuple[str, ...], Place] = {}
        self._typed: dict[str, Place] = {}
        self._subjects: dict[str, Place] = {}
        self._mentions: dict[str, Place] = {}
        wanted = {node.value for node in nodes if isinstance(node, ox.NamedNode)}
        blank = any(isinstance(node, ox.BlankNode) for node in nodes)
        for path in dict.fromkeys(files) if wanted or blank else ():
            try:
                self._read(path, wanted, blank=blank, base=path.resolve().as_uri() if relative else "")
            except (AccessError, DataError, UnicodeDecodeError):
                continue  # a place is a courtesy: what is wrong with the file, others have said

    def of_triple(self, subject: Term, predicate: Term, object: Term | None = None) -> Place | None:
        """Return the place of a triple, else of the subject with this predicate; a blank node is like any other."""
        start = (_key(subject), str(predicate))
        exact = None if object is None else self._triples.get((*start, _key(object)))
        return exact or (self._triples.get(start) if start[0] else None)

    def of_node(self, node: Term) -> Place | None:
        """Return the place where a node gets its type, else where it first is a subject, else where it is mentioned."""
        key = _key(node)
        return self._typed.get(key) or self._subjects.get(key) or self._mentions.get(key) if key else None

    def _read(self, path: Path, wanted: set[str], *, blank: bool, base: str) -> None:
        with opened(path) as stream:
            text = stream.read().decode()
        follows = format_of(path).name in TURTLE_LIKE and len(text) <= LARGE
        mentioned = set(filter(_Subjects(text, relative=bool(base)), wanted)) if follows else wanted
        if follows and (mentioned or blank):
            try:
                self._follow(path, text, {*(f"<{each}>" for each in mentioned), *({""} if blank else ())}, base)
                return
            except UnreadableError:
                pass
        self._search(path, text, mentioned)

    def _follow(self, path: Path, text: str, wanted: set[str], base: str) -> None:
        for line in triple_lines(text, base=base, wanted=wanted.__contains__):
            subject, predicate, object_, subject_line, object_line = line
            place = Place(path, object_line)
            self._triples.setdefault((subject, predicate, object_), place)
            self._triples.setdefault((subject, predicate), place)
            self._subjects.setdefault(subject, Place(path, subject_line))
            if predicate == _TYPE:
                self._typed.setdefault(subject, Place(path, subject_line))

    def _search(self, path: Path, text: str, nodes: Iterable[str]) -> None:
        for iri in nodes:
            tail = re.escape(iri[_tail_start(iri) :])
            found = re.search(rf"{re.escape(iri)}(?![\w/#-])", text)
            if found is None and tail:
                found = re.search(rf"[\":/#]{tail}(?![\w:/#-])", text)  # relative, or with a prefix
            if found:
                self._mentions.setdefault(f"<{iri}>", Place(path, text.count("\n", 0, found.start()) + 1))


class _Subjects:
    """Tells if an IRI may be a subject in a Turtle text: some other term follows it, and no punctuation."""

    def __init__(self, text: str, *, relative: bool) -> None:
        self._text = text
        self._prefixes = set(_PREFIX.findall(text))
        self._relative = relative or _BASE.search(text) is not None

    def __call__(self, iri: str) -> bool:
        if self._relative or self._precedes_a_term(f"<{iri}>"):
            return True
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if not _PLAIN.fullmatch(local) or self._precedes_a_term(prefix + local):
                    return True
        return False

    def _precedes_a_term(self, name: str) -> bool:
        start = self._text.find(name)
        while start >= 0:
            if _TERM_FOLLOWS.match(self._text, start + len(name)):
                return True
            start = self._text.find(name, start + len(name))
        return False


def _key(term: Term) -> str:
    return "" if isinstance(term, ox.BlankNode) else str(term)


def _tail_start(iri: str) -> int:
    return max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1
