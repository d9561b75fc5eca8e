"""What XML can hold, and XML as every parser reads it.

pyoxigraph writes letters that XML has not, names that are none, and carriage returns that a parser turns into line
feeds (XML 1.0, sections 2.2 and 2.11; Namespaces in XML, section 4). What cannot be written is refused here.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CONTROLS = bytes(sorted({*range(0x20)} - {*b"\t\n\r"}))
NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
NO_LETTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
LOCAL_NAME = re.compile(rf"[{NAME_START}][{NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*$")
"""The end of an IRI that is a name without a colon (Namespaces in XML, section 3)."""
RESERVED = frozenset(
    RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""No names of property elements (RDF/XML, section 6.1); `rdf:li` is read as a number."""
XMLNS = "http://www.w3.org/2000/xmlns/"


def has_letters_for_xml(document: bytes) -> bool:
    """Tell from the UTF-8 text of a document in Turtle or TriG that XML has all letters of its data.

    False where that is not known: any letter may be written by an escape.
    """
    return b"\\" not in document and _is_sound(document)


def has_letters(text: str) -> bool:
    """Tell whether XML has all letters of a text."""
    # What can be printed is quickly known to be XML; of the rest, line breaks are.
    return text.isprintable() or not NO_LETTER.search(text)


def check_name(predicate: ox.NamedNode) -> None:
    """Raise UsageError if RDF/XML has no element for a predicate."""
    iri = predicate.value
    if not LOCAL_NAME.search(iri):
        raise UsageError(f"RDF/XML cannot hold the predicate {predicate}: it does not end in a name.")
    if iri in RESERVED or iri.startswith(XMLNS):
        raise UsageError(f"RDF/XML cannot hold the predicate {predicate}: it is a word of the syntax itself.")


def named(statements: Iterable[Any]) -> Iterator[Any]:
    """Give triples or quads as they are; raises UsageError at a predicate that RDF/XML cannot hold."""
    sound: set[ox.NamedNode] = set()
    for each in statements:
        predicate, value = each.predicate, each.object
        if predicate not in sound:
            check_name(predicate)
            sound.add(predicate)
        while isinstance(value, ox.Triple):
            check_name(value.predicate)
            value = value.object
        yield each


class XmlText:
    """A binary stream for XML of pyoxigraph, which gives pieces that end between letters.

    `write` raises UsageError at a letter that XML has not. A carriage return is written so that it is read as one.
    """

    def __init__(self, output: IO[bytes]) -> None:
        """Write to `output`."""
        self._output = output

    def write(self, piece: bytes) -> int:
        """Take a piece and return its length."""
        if not _is_sound(piece):
            letter = NO_LETTER.search(piece.decode())
            assert letter
            raise UsageError(f"XML cannot hold the character U+{ord(letter[0]):04X}.")
        self._output.write(piece.replace(b"\r", b"&#13;"))
        return len(piece)

    def flush(self) -> None:
        """Flush what is behind."""
        self._output.flush()


def _is_sound(text: bytes) -> bool:
    return len(text.translate(None, CONTROLS)) == len(text) and not any(each in text for each in NO_CHARACTERS)
