"""Lines: a store as canonical N-Quads, sorted, in memory that does not grow with it.

The engine writes its quads as text, and the text is sorted: no term becomes an object. What the engine respells is put
back as it was written (`communique.syntax.spelling`), and blank nodes get the names of RDFC-1.0.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import Quad, parse

from communique.distributions.external_sort import RUN, ExternalSort
from communique.formats import NQUADS
from communique.syntax import RDF_FORMATS
from communique.syntax.naming import canonical, mentions_blank_node

END = b" .\n"
"""What ends a statement: no literal holds a line break as it is."""

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.store import Store


def sorted_lines(store: Store) -> Iterator[list[bytes]]:
    """Give the canonical N-Quads of a store in order, without what ends them; those of a subject are in one batch."""
    sorting = ExternalSort(_subject)
    taker = _Taker(sorting, store)
    store.write_nquads(cast("IO[bytes]", taker))
    taker.finish()
    return sorting.batches()


class _Taker:
    """What the engine writes to: it cuts the text into lines and passes them on, but for those with blank nodes."""

    def __init__(self, sorting: ExternalSort, store: Store) -> None:
        self._sorting = sorting
        self._respelt = {
            _line(held): [_line(Quad(held.subject, held.predicate, each, held.graph_name)) for each in written]
            for held, written in store.respellings
        }
        self._unnamed: list[bytes] | None = [] if store.blank_nodes.seen else None
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, piece: bytes) -> int:
        """Take a piece of text, which may end within a line."""
        self._pieces.append(piece)
        self._size += len(piece)
        # A line may be longer than that; no literal holds a line break as it is.
        if self._size >= RUN // 2 and b"\n" in piece:
            self._pass_on()
        return len(piece)

    def flush(self) -> None:
        """Wait for more."""

    def finish(self) -> None:
        """Pass on what is left, and name the blank nodes: no other quads have a say in that (RDFC-1.0, section 4.4)."""
        self._pass_on()
        if self._unnamed:
            text = END.join((*self._unnamed, b""))
            quads = list(parse(text, format=RDF_FORMATS[NQUADS.name], rename_blank_nodes=False))
            self._add(_line(quad) for quad in quads if not mentions_blank_node(quad))
            self._add(_line(quad) for quad in canonical(filter(mentions_blank_node, quads)))

    def _pass_on(self) -> None:
        lines = b"".join(self._pieces).split(END)
        rest = lines.pop()
        self._pieces = [rest]
        if self._respelt:
            lines = [each for line in lines for each in self._respelt.get(line, (line,))]
        if self._unnamed is not None:
            # A text may hold what looks like one: whoever reads these lines will see.
            self._unnamed += [line for line in lines if b"_:" in line]
            lines = [line for line in lines if b"_:" not in line]
        self._sorting.add(lines, size=self._size)
        self._size = len(rest)

    def _add(self, lines: Iterable[bytes]) -> None:
        found = list(lines)
        self._sorting.add(found, size=sum(map(len, found)))


def _line(quad: Quad) -> bytes:
    return str(quad).encode()


def _subject(line: bytes) -> bytes:
    """Return the subject and the space after it: no IRI and no blank node has one."""
    return line[: line.index(b" ") + 1]
