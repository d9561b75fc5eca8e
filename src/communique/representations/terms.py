"""Terms as Turtle writes them: as short as the prefixes allow, their lexical forms unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from communique.bounded import Bounded
from communique.syntax.full_names import is_safe_prefix
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from communique.iris import Prefixes
    from communique.store import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
# What Turtle (section 2.5.2 and 2.5.3) reads as a literal of this type without quotes. Readers such as rdflib keep its
# value alone and write it their own way, so that only what has no sign or zero to lose goes without: integers and
# doubles in canonical form (XSD 1.1, part 2, appendix E), and decimals, whose last zeros they keep.
BARE = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile("0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "double": re.compile(r"-?(?:0\.0E0|[1-9]\.(?:0|[0-9]*[1-9])E(?:0|-?[1-9][0-9]*))"),
}
_STRING = XSD + "string"


class Terms:
    """The texts of terms under some prefixes; `used` collects the prefixes that they need."""

    def __init__(self, prefixes: Prefixes) -> None:
        """Start with an empty cache of IRIs."""
        self.prefixes = prefixes
        self._iris: dict[NamedNode, tuple[str, str | None]] = Bounded()
        unsafe = [re.escape(prefix) for prefix in prefixes if not is_safe_prefix(prefix)]
        self._odd = re.compile(f"(?:{'|'.join(unsafe)}):") if unsafe else None

    def iri(self, node: NamedNode, used: set[str | None]) -> str:
        """Return a prefixed name where Turtle allows one, else the IRI in angle brackets."""
        known = self._iris.get(node)
        if known is None:
            curie = self.prefixes.curie(node.value)
            known = self._iris[node] = (curie, curie.partition(":")[0]) if curie else (str(node), None)
        used.add(known[1])
        return known[0]

    def literal(self, literal: Literal, used: set[str | None]) -> str:
        """Return a literal, numbers and truth values without quotes where that leaves them as they are."""
        if literal.language:
            return str(literal)
        datatype = literal.datatype
        if datatype.value == _STRING:
            return str(literal)
        bare = BARE.get(datatype.value)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        return f"{Literal(literal.value)}^^{self.iri(datatype, used)}"

    def term(self, term: Term, used: set[str | None]) -> str:
        """Return any term."""
        match term:
            case NamedNode():
                return self.iri(term, used)
            case Literal():
                return self.literal(term, used)
            case BlankNode():
                return str(term)
            case _:
                return f"<<( {' '.join(self.term(part, used) for part in term)} )>>"

    def verb(self, predicate: NamedNode, used: set[str | None]) -> str:
        """Return a predicate, `rdf:type` as `a`, with no prefix that some readers do not take there."""
        if predicate == TYPE:
            return "a"
        if self._odd and self._odd.match(self.iri(predicate, set())):
            return str(predicate)
        return self.iri(predicate, used)

    def header(self, used: Iterable[str | None]) -> str:
        """Return the prefix lines, sorted, and an empty line after them."""
        names = sorted(prefix for prefix in used if prefix is not None)
        lines = [f"@prefix {prefix}: <{self.prefixes[prefix]}> .\n" for prefix in names]
        return "".join(lines) + "\n" if lines else ""


def block(subject: str, lines: list[str], *, indent: str = "") -> str:
    """Return the statements of one subject, each on its line, the full stop alone."""
    body = f" ;\n{indent}  ".join(lines)
    return f"{indent}{subject}\n{indent}  {body}\n{indent}.\n"
