"""Frames: what the texts of many things have in common, once, with places for what they differ in."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from communique.bounded import Bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Key = TypeVar("Key")

NAME = -1
"""The place of the name of the thing; the places of its values are 0 and up."""
MANY = 12
"""So many neighbours of one kind are worth a look at their values place by place, since these are mostly alike."""
_LONG = 160


class Frame(NamedTuple):
    """A text with places: `pieces` are in turn texts and places, `places` are those of the values in their order.

    `order` puts the values into this order.
    """

    pieces: list[bytes]
    places: list[int]
    order: Callable[[Sequence[bytes]], tuple[bytes, ...]] | None

    def filled(self, name: bytes, values: Sequence[bytes]) -> bytes:
        """Return the text of a thing; `name` takes the first place."""
        pieces = self.pieces.copy()
        pieces[1] = name
        pieces[3::2] = self.order(values) if self.order else values
        return b"".join(pieces)

    def filled_often(self, names: Sequence[bytes], columns: Sequence[Sequence[bytes]], between: bytes) -> bytes:
        """Return the texts of several things, and what stands `between` them.

        There is a column for each place, with a value of each thing.
        """
        width = len(self.pieces) + 1
        pieces = [*self.pieces, between] * len(names)
        pieces[1::width] = names
        for number, place in enumerate(self.places):
            pieces[3 + 2 * number :: width] = columns[place]
        pieces.pop()
        return b"".join(pieces)


def frame(parts: Iterable[str | int]) -> Frame:
    """Return the frame of texts and places, of which `NAME` comes first; every place stands in it once."""
    pieces, places = [""], list[int]()
    for part in parts:
        if isinstance(part, str):
            pieces[-1] += part
        else:
            places.append(part)
            pieces += ["", ""]
    values = places[1:]
    order = None if values == list(range(len(values))) else itemgetter(*values)
    return Frame([piece.encode() for piece in pieces], values, order)


class Frames(Bounded[Key, Frame]):
    """Frames by what they are made of; those of very long texts, which hardly ever come twice, are not kept."""

    limit = 5_000

    def __init__(self, make: Callable[[Key], Iterable[str | int]]) -> None:
        """Take what makes the parts of a frame."""
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Frame:
        """Make a frame."""
        found = frame(self._make(key))
        if len(found.pieces) <= _LONG:
            self[key] = found
        return found


def neighbours(keys: Iterable[Key]) -> Iterator[tuple[Key, int, int]]:
    """Give each key with the places where those like it begin and end: neighbours are mostly of one kind."""
    first = 0
    for key, same in groupby(keys):
        last = first + len(list(same))
        yield key, first, last
        first = last
