"""How the web process and a query worker talk over a socket pair: a kind (one byte), a length (four bytes), a payload.

| kind | from | payload |
|---|---|---|
| Q | web | the question as JSON: query, base, results, graph, default_graphs, named_graphs |
| C | web | the name of a format, a line feed, the document to derive it from |
| V | web | media type, base and formats as JSON, a line feed, the answer of a service to translate |
| R | worker | the guards that are missing, as a JSON list: ready |
| T | worker | the form of the answer: `bindings`, `boolean`, `graph` or `document` |
| D | worker | a piece of the answer |
| E | worker | nothing: the answer is complete |
| X | worker | why there is no answer, as JSON: status, detail |
"""

import asyncio
import socket
import struct

HEAD = struct.Struct(">cI")


def send(connection: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Send one frame; `kind` is one byte, `payload` less than 4 GiB."""
    connection.sendall(HEAD.pack(kind, len(payload)) + payload)


def receive(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Return the next frame as (kind, payload), None when the other side has gone."""
    head = _exactly(connection, HEAD.size)
    if head is None:
        return None
    kind, length = HEAD.unpack(head)
    payload = _exactly(connection, length)
    return None if payload is None else (kind, payload)


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the next frame as (kind, payload); raises IncompleteReadError when the other side has gone."""
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    return kind, await reader.readexactly(length)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    data = bytearray()
    while len(data) < length:
        piece = connection.recv(min(length - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)
