"""Frames: what the texts of many things have in common, once, with places for what they differ in."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from communique.bounded import Bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Key = TypeVar("Key")

NAME = -1
"""The place of the name of the thing; the places of its values are 0 and up."""
_LONG = 160


class Frame(NamedTuple):
    """A text with places: `pieces` are in turn texts and places; `order` puts the values into the order of these."""

    pieces: list[bytes]
    order: Callable[[Sequence[bytes]], tuple[bytes, ...]] | None

    def filled(self, name: bytes, values: Sequence[bytes]) -> bytes:
        """Return the text of a thing; `name` takes the first place."""
        pieces = self.pieces.copy()
        pieces[1] = name
        pieces[3::2] = self.order(values) if self.order else values
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
    return Frame([piece.encode() for piece in pieces], order)


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
