"""Statements: a store as text, many subjects at a time, in the order of canonical N-Quads; what every dump is made of.

Terms are written once, as N-Triples has them: a dump that spells them otherwise changes the texts, and makes no terms.
Texts of one kind stand in a list of their own, so that what is done to each of them is done to all of them at once, and
what only some dumps need is made when the first of them asks.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import accumulate, chain, repeat
from operator import eq
from typing import TYPE_CHECKING

from communique.descriptions.evidence import STATED_IN
from communique.distributions.lines import END, MARK, sorted_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from communique.descriptions.evidence import Evidences
    from communique.store import Store

LINK = str(STATED_IN).encode()
BATCH = 5_000
"""About so many statements are taken at once."""
_LINK_START = LINK + b" "


class Triples:
    """Triples of some subjects, sorted, none twice.

    `names` are the subjects; each has a row of statements, which are a predicate, a space and an object each.
    """

    def __init__(self, names: list[bytes], rows: list[list[bytes]]) -> None:
        """Take subjects and their rows."""
        self.names = names
        self.rows = rows
        self.bounds = [0, *accumulate(map(len, rows))]
        """The place of the first triple of each subject, and the number of triples."""

    def __len__(self) -> int:
        """Return how many there are."""
        return self.bounds[-1]

    @property
    def text(self) -> bytes:
        """The N-Triples."""
        starts = [name + b" " for name in self.names]
        return b"".join([start + (END + start).join(row) + END for start, row in zip(starts, self.rows, strict=True)])

    @property
    def predicates(self) -> tuple[bytes, ...]:
        """The predicates of all triples."""
        return self._terms[0]

    @property
    def objects(self) -> tuple[bytes, ...]:
        """The objects of all triples."""
        return self._terms[1]

    @cached_property
    def _terms(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        predicates, _, objects = zip(*map(bytes.partition, chain.from_iterable(self.rows), repeat(b" ")), strict=True)
        return predicates, objects


class Batch:
    """What is said of some subjects, as text in UTF-8."""

    def __init__(self, names: list[bytes], blocks: list[list[list[bytes]]], citable: Set[bytes]) -> None:
        """Take subjects and the blocks of each, by graph: the subject, the graph, and statements.

        `citable` are the names of the evidence graphs.
        """
        self._names = names
        self._blocks = blocks
        self._citable = citable

    @property
    def quads(self) -> int:
        """How many quads there are."""
        return sum(len(block) - 2 for blocks in self._blocks for block in blocks)

    @cached_property
    def facts(self) -> Triples:
        """The triples."""
        return Triples(self._names, list(map(_row, self._blocks)))

    @cached_property
    def evidence(self) -> list[list[bytes]]:
        """For each subject the names of the evidence graphs that state something of it; a blank node has none."""
        citable, found = self._citable, list[list[bytes]]()
        for name, blocks in zip(self._names, self._blocks, strict=True):
            named = blocks if name[:1] == b"<" else ()
            found.append(list(dict.fromkeys([block[1] for block in named if block[1] in citable])))
        return found

    @cached_property
    def linked(self) -> Triples:
        """The triples with a `cmq:statedIn` link to each of these."""
        if not any(self.evidence):
            return self.facts
        return Triples(self._names, list(map(_linked, self.facts.rows, self.evidence)))

    @cached_property
    def graphs(self) -> list[list[bytes]]:
        """For each fact the names of the graphs in which it stands, b"" for the default graph."""
        found: list[list[bytes]] = []
        for blocks, row in zip(self._blocks, self.facts.rows, strict=True):
            if len(blocks) == 1:
                found += repeat([blocks[0][1]], len(row))
            else:
                of: dict[bytes, list[bytes]] = {}
                for block in blocks:
                    for statement in block[2:]:
                        of.setdefault(statement, []).append(block[1])
                found += map(of.__getitem__, row)
        return found

    def nquads(self) -> bytes:
        """Return the canonical N-Quads."""
        texts: list[bytes] = []
        for name, blocks in zip(self._names, self._blocks, strict=True):
            start = name + b" "
            if len(blocks) == 1:
                end = _spaced(blocks[0][1]) + END
                row = sorted(blocks[0][2:])
            else:
                end = END
                row = sorted([each + _spaced(block[1]) for block in blocks for each in block[2:]])
            texts += start, (end + start).join(row), end
        return b"".join(texts)


def batches(store: Store, *, evidences: Evidences) -> Iterator[Batch]:
    """Give every subject of a store once, in canonical order."""
    citable = frozenset(str(graph).encode() for graph in evidences.citable())
    for blocks in sorted_blocks(store):
        names, found, count, last = list[bytes](), list[list[list[bytes]]](), 0, b""
        for text in blocks:
            block = text.split(MARK)
            name = block[0]
            if name == last:
                found[-1].append(block)
            else:
                if count >= BATCH:
                    yield Batch(names, found, citable)
                    names, found, count = [], [], 0
                names.append(name)
                found.append([block])
                last = name
            count += len(block) - 2
        if names:
            yield Batch(names, found, citable)


def _spaced(graph: bytes) -> bytes:
    return b" " + graph if graph else b""


def _row(blocks: list[list[bytes]]) -> list[bytes]:
    """Return the statements of a subject, sorted, none twice."""
    if len(blocks) == 1:
        row = blocks[0][2:]
        row.sort()
        return row
    row = sorted(chain.from_iterable([block[2:] for block in blocks]))
    return list(dict.fromkeys(row)) if any(map(eq, row[1:], row)) else row


def _linked(row: list[bytes], graphs: list[bytes]) -> list[bytes]:
    """Add the links to the evidence where they belong in the order."""
    links = [_LINK_START + graph for graph in graphs]
    place = bisect_left(row, _LINK_START)
    if place < len(row) and row[place].startswith(_LINK_START):
        return sorted({*row, *links})
    return [*row[:place], *links, *row[place:]]
