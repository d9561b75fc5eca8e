"""Lines: a store as canonical N-Quads, sorted, in memory that does not grow with it.

The engine writes its quads as text, and the text is sorted: no term becomes an object. What the engine respells is put
back as it was written (`communique.syntax.spelling`), and blank nodes get the names of RDFC-1.0.

The engine writes quads of one subject in one graph mostly one after another. These stay together as a block, in which
the names of the subject and of the graph stand once: there is less to sort, and less to take apart afterwards.
"""

from __future__ import annotations

from itertools import repeat
from operator import contains
from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import DefaultGraph, Quad, parse

from communique.distributions.external_sort import RUN, ExternalSort
from communique.formats import NQUADS
from communique.syntax import RDF_FORMATS
from communique.syntax.naming import canonical, mentions_blank_node

END = b" .\n"
"""What ends a statement: no literal holds a line break as it is."""
MARK = b"\x1f"
"""Stands between the parts of a block: canonical N-Quads escape all control characters."""
_SPACE = ord(" ")

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.store import Store


def sorted_blocks(store: Store) -> Iterator[list[bytes]]:
    """Give what a store says as blocks, by subject and then by graph; those of a subject are in one list.

    A block is a subject, a graph, b"" for the default graph, and statements: a predicate, a space and an object each,
    as canonical N-Quads write them, in no order. Between all of these stands `MARK`.
    """
    sorting = ExternalSort(_subject)
    taker = _Taker(sorting, store)
    store.write_nquads(cast("IO[bytes]", taker))
    taker.finish()
    return sorting.batches()


class _Taker:
    """What the engine writes to: it cuts the text into blocks and passes them on, but for lines with blank nodes."""

    def __init__(self, sorting: ExternalSort, store: Store) -> None:
        self._sorting = sorting
        self._cutter = _Cutter(store)
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
        if self._size >= RUN and b"\n" in piece:
            self._pass_on()
        return len(piece)

    def flush(self) -> None:
        """Wait for more."""

    def finish(self) -> None:
        """Pass on what is left, and name the blank nodes: no other quads have a say in that (RDFC-1.0, section 4.4)."""
        self._pass_on()
        if self._unnamed:
            quads = list(parse(_text(self._unnamed), format=RDF_FORMATS[NQUADS.name], rename_blank_nodes=False))
            self._add(_text(_line(quad) for quad in quads if not mentions_blank_node(quad)))
            self._add(_text(_line(quad) for quad in canonical(filter(mentions_blank_node, quads))))

    def _pass_on(self) -> None:
        text = b"".join(self._pieces)
        end = text.rfind(END) + len(END)
        self._pieces, self._size = [text[end:]], len(text) - end
        text = text[:end]
        if self._respelt or self._unnamed is not None:
            lines = text.split(END)[:-1]
            lines = [each for line in lines for each in self._respelt.get(line, (line,))]
            if self._unnamed is not None:
                # A text may hold what looks like one: whoever reads these lines will see.
                self._unnamed += [line for line in lines if b"_:" in line]
                lines = [line for line in lines if b"_:" not in line]
            text = _text(lines)
        self._add(text)

    def _add(self, text: bytes) -> None:
        blocks = self._cutter.blocks(text)
        self._sorting.add(blocks, size=sum(map(len, blocks)))


class _Cutter:
    """Cuts N-Quads into blocks."""

    def __init__(self, store: Store) -> None:
        self._some_named = bool(store.evaluate("ASK { GRAPH ?g { ?s ?p ?o } }", union=False))
        self._some_default = any(True for _ in store.quads(graph=DefaultGraph()))

    def blocks(self, text: bytes) -> list[bytes]:
        """Return the blocks of whole lines."""
        found: list[bytes] = []
        index, follows, graph_of, place = text.index, text.startswith, self._graph, 0
        while place < len(text):
            start = index(b" ", place) + 1
            end = index(END, start)
            stop = graph_of(text, start, end)
            # The statements of a block are parted by what one line ends with and the next one begins with.
            head, tail, width = text[place:start], text[stop : end + len(END)], end - stop
            between = tail + head
            length, parts = len(between), [text[place : start - 1], text[stop + 1 : end], text[start:stop]]
            while follows(between, stop):
                start = stop + length
                end = index(END, start)
                stop = end - width
                parts.append(text[start:stop])
                if not width and graph_of(text, start, end) < end:
                    break
            place = end + len(END)
            if len(parts) > 3 and (not follows(tail, stop) if width else graph_of(text, start, end) < end):
                # The last line is of the same subject, but in another graph.
                parts.pop()
                place = start - len(head)
            if width and self._some_default and not all(map(contains, parts[3:], repeat(_SPACE))):
                found.append(_taken_out(parts))
            found.append(MARK.join(parts))
        return found

    def _graph(self, text: bytes, start: int, end: int) -> int:
        """Return where the name of the graph begins, with the space before it; the end if there is none.

        The statement begins at `start`.
        """
        if not self._some_named:
            return end
        stop = text.rindex(b" ", start, end)
        # The last word of a literal holds its closing quote, and the end of a triple term is no name.
        is_name = text[stop + 1] in b"<_" and text.find(b'"', stop, end) < 0
        return stop if is_name and text.find(b" ", start, stop) >= 0 else end


def _taken_out(parts: list[bytes]) -> bytes:
    """Take out of a block what stands in the default graph: its objects look like the graph."""
    name, graph, *statements = parts
    parts[2:] = [each for each in statements if _SPACE in each]
    return MARK.join((name, b"", *(b"%b %b" % (each, graph) for each in statements if _SPACE not in each)))


def _text(lines: Iterable[bytes]) -> bytes:
    return END.join((*lines, b""))


def _line(quad: Quad) -> bytes:
    return str(quad).encode()


def _subject(block: bytes) -> bytes:
    return block[: block.index(MARK) + 1]
