"""How the web process and a query worker talk over a socket pair: a kind (one byte), a length (four bytes), a payload.

| kind | from | payload |
|---|---|---|
| Q | web | base, results and graph as a JSON list; default and named graphs, or nothing; the query: a line each |
| C | web | the name of a format, a line feed, the document to derive it from |
| V | web | media type, base and formats as JSON, a line feed, the answer of a service to translate |
| R | worker | the guards that are missing, as a JSON list: ready |
| D | worker | a piece of the answer |
| A | worker | nothing: the answer begins again |
| E | worker | `bindings`, `boolean`, `graph` or `document`, a line feed, the last piece: the answer is complete |
| X | worker | why there is no answer, as JSON: status, reasons, formats |
"""

import socket
import struct
from collections.abc import Iterator

HEAD = struct.Struct(">cI")
PIECE = 64 << 10
"""Bytes that are received at once."""


LAST_WORDS = b"Fatal Python error"
"""What a worker says after its last frame that the engine or the system ends for what it does (`faulthandler`)."""


def packed(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    """Return a frame; `kind` is one byte, `payload` less than 4 GiB."""
    return HEAD.pack(kind, len(payload)) + payload


def first(buffer: bytes | bytearray) -> tuple[bytes, bytes, int] | None:
    """Return the kind, the payload and the whole length of the frame at the beginning, None until it is whole."""
    if len(buffer) < HEAD.size:
        return None
    kind, length = HEAD.unpack_from(buffer)
    end = HEAD.size + length
    return (kind, bytes(buffer[HEAD.size : end]), end) if len(buffer) >= end else None


def taken(buffer: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """Take each whole frame from the beginning of `buffer` as (kind, payload)."""
    while (frame := first(buffer)) is not None:
        kind, payload, end = frame
        del buffer[:end]
        yield kind, payload


def receive(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Return the next frame as (kind, payload), None when the other side has gone; it sends one and waits."""
    received: bytes | bytearray = connection.recv(PIECE)
    while received:
        if (frame := first(received)) is not None:
            return frame[:2]
        received = bytearray(received) if isinstance(received, bytes) else received
        piece = connection.recv(PIECE)
        if not piece:
            return None
        received += piece
    return None
