"""gzip (RFC 1952), the one way in which everything is packed that browsers and hosts unpack by themselves.

The level is the quick one: the next one worth its name saves a quarter and takes ten times as long. The same content
gives the same bytes: what is packed holds no name and no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isal import isal_zlib

if TYPE_CHECKING:
    from typing import Protocol

    class Packer(Protocol):
        """Packs piece by piece."""

        def compress(self, piece: bytes, /) -> bytes:
            """Return what is ready after a piece."""

        def flush(self) -> bytes:
            """Return the rest."""


LEVEL = 2
HEADER = 31
"""The window of zlib, 15, and 16 for a header of RFC 1952."""


def packer() -> Packer:
    """Return what packs one content."""
    return isal_zlib.compressobj(LEVEL, wbits=HEADER)


def packed(content: bytes) -> bytes:
    """Return a content, packed."""
    one = packer()
    return one.compress(content) + one.flush()
