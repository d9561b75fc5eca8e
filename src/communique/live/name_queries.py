"""The queries of a search by names: which things have names in which some words begin.

| what is wanted | what is looked at |
|---|---|
| some things by Virtuoso's index of texts, if there is one | what has the words of four letters and more |
| all things, those with the shortest names first, or their number | all names |
| things of which each word begins in some name | all names, once for each word |
| things that are called just so | these names alone, which any engine has sorted |

An engine has no way to look for the beginnings of words but to read all names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from communique.descriptions.labels import LITERAL_FORM
from communique.live import queries
from communique.lookup.label_index import ALONE
from communique.lookup.name_source import NAMES, XL_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import NamedNode

    from communique.live.queries import Manner

OPEN = 4
"""Letters that Virtuoso wants of a word whose end is open (FT370)."""
BEFORE = (
    "\t\n\r -/:-@\\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    "\u055a-\u055f\u0589\u058a\u05be\u060c-\u060f\u061b-\u061f\u0964\u0965"
    "\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2775\u2794-\u2bff"
    "\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
)
"""What may stand before a word: punctuation, symbols, kana and Han. Categories (`\\p{L}`) are not known everywhere."""


@dataclass(frozen=True, slots=True)
class NameQueries:
    """The queries for things below a base by words, in small letters, of one of their names, or `apart` of several."""

    manner: Manner
    base: str
    words: Sequence[str]
    apart: bool = False

    def in_index(self, *, limit: int) -> str:
        """Return the query for some things by Virtuoso's index, "" where there is none, or no word for it."""
        long = [word for word in self.words if len(word) >= OPEN and word.isalnum()]
        if not long or not self.manner.virtuoso:
            return ""
        wanted = Literal(" AND ".join(f"'{word}*'" for word in long))
        found = self._found(_begun(word for word in self.words if word not in long), f"?l bif:contains {wanted} .")
        return f"SELECT DISTINCT ?s {{ {found} }} LIMIT {limit}"

    def some(self, *, limit: int) -> str:
        """Return the query for some things."""
        return f"SELECT DISTINCT ?s {{ {self._matching()} }} LIMIT {limit}"

    def shortest(self, *, limit: int) -> str:
        """Return the query for the things of which the name with the words is the shortest."""
        found = self._found(_begun(self.words))
        return f"SELECT ?s (MIN(STRLEN(STR(?l))) AS ?n) {{ {found} }} GROUP BY ?s ORDER BY ?n ?s LIMIT {limit}"

    def count(self, *, but: Iterable[NamedNode]) -> str:
        """Return the query for the number of all things, `but` for some."""
        others = ", ".join(map(str, but))
        condition = f"FILTER(?s NOT IN ({others}))" if others else ""
        return f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {self._matching()} {condition} }}"

    def called(self, name: str, *, languages: Iterable[str], limit: int) -> str:
        """Return the query for the things that have just this name, in one of some languages or in none."""
        texts = [Literal(name), *(Literal(name, language=each) for each in languages)]
        return f"SELECT DISTINCT ?s {{ {self._found('', names=queries.values('?l', texts))} }} LIMIT {limit}"

    def _matching(self) -> str:
        if not self.apart:
            return self._found(_begun(self.words))
        each = (self._found(_begun([word])) for word in self.words)
        return " ".join(f"{{ SELECT DISTINCT ?s {{ {found} }} }}" for found in each)

    def _found(self, condition: str, inside: str = "", *, names: str = "") -> str:
        """Return a pattern for `?s` and its names `?l`; what is `inside` stands in the graph beside a name."""
        ours = queries.below(self.base)
        named = f"{queries.values('?p', sorted(NAMES, key=str))} {names}"
        reified = f"{queries.values('?p', sorted(XL_NAMES, key=str))} {names}"
        patterns = (
            self.manner.triples(named, f"?s ?p ?l . {inside}"),
            self.manner.triples(reified, f"?s ?p ?x . ?x {LITERAL_FORM} ?l . {inside}"),
        )
        return " UNION ".join(f"{{ {pattern} {condition} {ours} }}" for pattern in patterns)


def _begun(words: Iterable[str]) -> str:
    """Return a filter that lets names pass in which all words begin."""
    # That the letters stand there at all is known sooner.
    parts = [(f"CONTAINS(LCASE(STR(?l)), {Literal(word)})", word) for word in words]
    begun = [f"REGEX(LCASE(STR(?l)), {Literal(f'(^|[{BEFORE}]){word}')})" for _, word in parts if not ALONE.match(word)]
    return f"FILTER({' && '.join([*(part for part, _ in parts), *begun])})" if parts else ""
