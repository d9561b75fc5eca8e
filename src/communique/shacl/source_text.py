"""Source texts: where the text of a document is at hand, every passage is checked against it.

A text belongs to the document that has its SHA-256. Offsets count Unicode code points, as Web Annotation asks for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyoxigraph as ox

from communique.errors import AccessError, Problem
from communique.folders import walk
from communique.positions import Positions
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from communique.project import Project
    from communique.store import Store, Subject

    Fault = tuple[Subject, ox.NamedNode | None, str, str]

CMQ = "https://w3id.org/communique/ns#"
SHA256 = ox.NamedNode(CMQ + "sha256")
PASSAGE = ox.NamedNode(CMQ + "Passage")
IN_DOCUMENT = ox.NamedNode(CMQ + "inDocument")
START = ox.NamedNode("http://www.w3.org/ns/oa#start")
END = ox.NamedNode("http://www.w3.org/ns/oa#end")
URL = ox.NamedNode("http://schema.org/url")
LENGTHS = (
    (ox.NamedNode(CMQ + "characterLength"), "characters"),
    (ox.NamedNode(CMQ + "byteLength"), "bytes"),
)
SHOWN_WORDS = 3
_ENDS = re.compile(r"^\W+|\W+$")
_DIRECTIVE = re.compile(r"(?:^|&)text=([^&]*)")


@dataclass(frozen=True, slots=True)
class TextCheck:
    """What came of comparing passages with texts: how many there were, and what does not agree.

    `uncompared` counts the passages of documents whose text is not at hand.
    """

    documents: int = 0
    passages: int = 0
    problems: tuple[Problem, ...] = ()
    uncompared: int = 0


def source_texts(project: Project) -> tuple[Path, ...]:
    """Return the texts that a project supplies: `data/**/sources/*.txt`, sorted."""
    folder = project.root / "data"
    found = walk(folder, root=project.root) if folder.is_dir() else ()
    return tuple(path for path in found if isinstance(path, Path) and path.suffix == ".txt" and _is_source(path))


def check_texts(store: Store, *, texts: Sequence[Path], files: Sequence[Path]) -> TextCheck:
    """Compare the passages of a store with texts; `files` are those of the store, to tell lines by.

    Raises AccessError if a text cannot be read.
    """
    problems: list[Problem] = []
    faults: list[Fault] = []
    documents = passages = 0
    for path in texts:
        content = _read(path)
        found = [quad.subject for quad in store.quads(None, SHA256, ox.Literal(hashlib.sha256(content).hexdigest()))]
        if not found:
            problems.append(_unknown(path, content))
        for document in sorted(set(found), key=str):
            documents += 1
            passages += len(_passages(store, document))
            faults += _faults(store, document, content)
    positions = Positions(files, nodes={fault[0] for fault in faults})
    problems += (_placed(fault, store, positions) for fault in faults)
    total = len({quad.subject for quad in store.quads(None, TYPE, PASSAGE)})
    return TextCheck(documents, passages, tuple(problems), max(0, total - passages))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AccessError(f"{path}: cannot be read: {error.strerror}") from error


def _unknown(path: Path, content: bytes) -> Problem:
    digest = hashlib.sha256(content).hexdigest()
    remedy = "Put the exact text there, or give its hash to the document (cmq:sha256)."
    return Problem(path, None, None, f"is the text of no document: none has the SHA-256 {digest}.", remedy)


def _faults(store: Store, document: Subject, content: bytes) -> Iterator[Fault]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        yield document, SHA256, "its text is not UTF-8.", "Save it as UTF-8."
        return
    for predicate, unit in LENGTHS:
        actual = len(text) if unit == "characters" else len(content)
        for given in _values(store, document, predicate):
            if given != str(actual):
                yield document, predicate, f"its text has {actual} {unit}, not {given}.", f"Write {actual}."
    for passage in _passages(store, document):
        yield from _passage_faults(store, passage, text)


def _passages(store: Store, document: Subject) -> list[Subject]:
    return sorted({quad.subject for quad in store.quads(None, IN_DOCUMENT, document)} - {document}, key=str)


def _passage_faults(store: Store, passage: Subject, text: str) -> Iterator[Fault]:
    starts, ends = _values(store, passage, START), _values(store, passage, END)
    if not starts and not ends:
        return  # a document as a whole, such as an external report
    if len(starts) != 1 or len(ends) != 1 or not (starts[0] + ends[0]).isdecimal():
        yield passage, START, "has no clear position.", "Give one oa:start and one oa:end."
        return
    start, end = int(starts[0]), int(ends[0])
    if not 0 <= start < end <= len(text):
        message = f"its position [{start}, {end}) is not within the text, which has {len(text)} characters."
        yield passage, END, message, "Correct oa:start or oa:end."
        return
    where = f"at [{start}, {end}), "
    words = text[start:end]
    digests = _values(store, passage, SHA256)
    if digests and hashlib.sha256(words.encode()).hexdigest() not in digests:
        message = where + f"where {_shown(words)} stands, the text has another hash than cmq:sha256."
        yield passage, SHA256, message, "Correct the offsets, or the hash."
    if words[0].isspace() or _within_word(text, start):
        yield passage, START, where + f"it begins within a word or with a space: {_shown(words)}.", "Move oa:start."
    if words[-1].isspace() or _within_word(text, end):
        yield (
            passage,
            END,
            where + f"it ends within a word or with a space: {_shown(words, last=True)}.",
            "Move oa:end.",
        )
    for url in _values(store, passage, URL):
        yield from ((passage, URL, where + message, remedy) for message, remedy in _link_faults(url, text, start, end))


def _link_faults(url: str, text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Compare with a text fragment, `#:~:text=[prefix-,]start[,end][,-suffix]`, white space aside."""
    _, mark, directives = url.partition(":~:")
    directive = _DIRECTIVE.search(directives)
    if not mark or not directive:
        return
    parts = directive[1].split(",")
    prefix = _plain(unquote(parts.pop(0)[:-1])) if parts[0].endswith("-") else ""
    suffix = _plain(unquote(parts.pop()[1:])) if parts and parts[-1].startswith("-") else ""
    first, last = (_plain(unquote(part)) for part in (parts + parts)[:2]) if parts else ("", "")
    words = text[start:end]
    plain = _plain(words)
    remedy = "Correct the text fragment of schema:url, or the offsets."
    if len(parts) == 1 and plain != first:
        yield f"{_shown(words)} stands, and not just the words of its link.", remedy
    elif not plain.startswith(first):
        yield f"it begins with {_shown(words)}, and not with the words of its link.", remedy
    elif not plain.endswith(last):
        yield f"it ends with {_shown(words, last=True)}, and not with the words of its link.", remedy
    if not _plain(text[:start]).endswith(prefix):
        yield f"{_shown(text[:start], last=True)} stands before it, and not the prefix of its link.", remedy
    if not _plain(text[end:]).startswith(suffix):
        yield f"{_shown(text[end:])} stands behind it, and not the suffix of its link.", remedy


def _placed(fault: Fault, store: Store, positions: Positions) -> Problem:
    node, predicate, message, remedy = fault
    place = (predicate and positions.of_triple(node, predicate)) or positions.of_node(node)
    called = (isinstance(node, ox.NamedNode) and store.prefixes.curie(node.value)) or str(node)
    return Problem(place.path if place else None, place.line if place else None, None, f"{called}: {message}", remedy)


def _values(store: Store, subject: Subject, predicate: ox.NamedNode) -> list[str]:
    found = {quad.object for quad in store.quads(subject, predicate)}
    return sorted(term.value for term in found if isinstance(term, ox.Literal | ox.NamedNode))


def _within_word(text: str, offset: int) -> bool:
    return text[offset - 1 : offset].isalnum() and text[offset : offset + 1].isalnum()


def _shown(words: str, *, last: bool = False) -> str:
    """At most three words: the text itself is not reprinted."""
    found = words.split()
    return '"' + " ".join(found[-SHOWN_WORDS:] if last else found[:SHOWN_WORDS]) + '"'


def _plain(text: str) -> str:
    """Without what a browser may pass over at the ends of words: quotation marks, full stops, kinds of spaces."""
    return _ENDS.sub("", " ".join(text.split()))


def _is_source(path: Path) -> bool:
    return path.parent.name == "sources"
