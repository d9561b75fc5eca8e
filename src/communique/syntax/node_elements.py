"""RDF/XML in which no element is named after a type that does not end in a name.

pyoxigraph makes the first type of a thing its element (RDF/XML Syntax, section 2.13) whatever it is called, such as
`http://vocab.getty.edu/aat/300264092`, of which no XML name can be made.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast
from xml.sax.saxutils import escape

from communique.syntax.xml_text import XmlText

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNS = (b": xmlns:", b": rdf:", b":>")
"""One of these is in each tag of such an element, whose name ends with the colon, and in hardly anything else."""
START = re.compile(rb'<([^\s<>/:="]+): (?:xmlns:[^\s=]+="([^"]*)" )?([^<>]*)>')
"""The prefix, its namespace where it is none of the document, and what the element is about."""
END = re.compile(rb'</[^\s<>/:="]+:>')


def xml_stream(output: IO[bytes], *, prefixes: Mapping[str, str]) -> IO[bytes]:
    """Return the stream for RDF/XML of pyoxigraph with these prefixes, which every parser is to read."""
    return cast("IO[bytes]", XmlText(cast("IO[bytes]", NodeElements(output, prefixes=prefixes))))


class NodeElements:
    """A binary stream for RDF/XML of pyoxigraph, which tells such a type as it does the other types of a thing.

    `prefixes` are those with which the document is written.
    """

    def __init__(self, output: IO[bytes], *, prefixes: Mapping[str, str]) -> None:
        """Write to `output`."""
        self._output, self._prefixes = output, prefixes
        self._held = b""

    def write(self, piece: bytes) -> int:
        """Take a piece and return its length."""
        text = self._held + piece
        # A tag is looked at when it is whole. In a text there is no "<".
        begun = text.rfind(b"<")
        cut = begun if begun >= 0 and b">" not in text[begun:] else len(text)
        self._held = text[cut:]
        self._output.write(self._renamed(text[:cut]))
        return len(piece)

    def flush(self) -> None:
        """Write what was held back and flush what is behind."""
        self._output.write(self._held)
        self._held = b""
        self._output.flush()

    def _renamed(self, text: bytes) -> bytes:
        if not any(sign in text for sign in SIGNS):
            return text
        return END.sub(b"</rdf:Description>", START.sub(self._described, text))

    def _described(self, tag: re.Match[bytes]) -> bytes:
        iri = tag[2]
        if iri is None:  # the prefix is for the whole type
            iri = escape(self._prefixes[tag[1].decode()], {'"': "&quot;"}).encode()
        return b'<rdf:Description %s>\n\t\t<rdf:type rdf:resource="%s"/>' % (tag[3], iri)
