"""A whole answer on its way to the client, as it is or packed on the way."""

import asyncio
from collections.abc import Callable, Sequence
from typing import IO

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from communique.gzipped import packer

PIECE = 64 << 10
"""Bytes that are sent at once."""


class Spooled(Response):
    """A response from an open file, which is closed in any case: also when the client is gone before the first byte."""

    def __init__(
        self, file: IO[bytes], *, size: int, headers: Sequence[tuple[bytes, bytes]], sent: Callable[[], None]
    ) -> None:
        """Send the `size` bytes of `file` with these header fields, as ASGI has them; then call `sent`."""
        self.file, self.sent = file, sent
        self.status_code, self.background = 200, None
        self.raw_headers = [*headers, (b"content-length", b"%d" % size)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send head and body, or the head alone for HEAD; others get their turn between the pieces."""
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
            else:
                await self._send_body(send)
        finally:
            self.sent()
            self.file.close()

    async def _send_body(self, send: Send) -> None:
        piece = self.file.read(PIECE)
        while len(piece) == PIECE:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
            piece = self.file.read(PIECE)
        await send({"type": "http.response.body", "body": piece})


class Packed(Spooled):
    """A response that is packed by gzip piece by piece: its first bytes wait for none of the others.

    How long it gets is not known before.
    """

    def __init__(
        self, file: IO[bytes], *, size: int, headers: Sequence[tuple[bytes, bytes]], sent: Callable[[], None]
    ) -> None:
        """Take the same as one that is not packed."""
        super().__init__(file, size=size, headers=headers, sent=sent)
        self.raw_headers = [*headers, (b"content-encoding", b"gzip")]

    async def _send_body(self, send: Send) -> None:
        one = packer()
        while piece := self.file.read(PIECE):
            await send({"type": "http.response.body", "body": one.compress(piece), "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": one.flush()})
