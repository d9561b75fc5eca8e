"""One exchange with a query worker: a question, and the whole answer or why there is none."""

import asyncio
import io
import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from communique.reasons import Reason, detail_of, reason_from
from communique.serving import frames

IN_MEMORY = 1 << 20
"""Bytes of an answer that are held in memory before the rest goes to a temporary file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, the base of its relative IRIs, and the formats its asker accepts (None: no such format is accepted)."""

    query: str
    base: str
    results: str | None
    graph: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def format_of(self, form: str) -> str:
        """Return the name of the format of an answer of this form."""
        return str(self.graph if form == "graph" else self.results)

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        named = self.default_graphs or self.named_graphs
        graphs = json.dumps((self.default_graphs, self.named_graphs)).encode() if named else b""
        return b"Q", b"\n".join((_manner(self.base, self.results, self.graph), graphs, self.query.encode()))


@lru_cache(maxsize=256)
def _manner(base: str, results: str | None, graph: str | None) -> bytes:
    """Return how a question is to be answered: nothing in it comes from who asks, and it is mostly the same."""
    return json.dumps((base, results, graph)).encode()


@dataclass(frozen=True, slots=True)
class Conversion:
    """A document of the site, and the name of the format in which it is wanted (`representations.derivation`)."""

    document: bytes
    format: str

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        return b"C", self.format.encode() + b"\n" + self.document


@dataclass(frozen=True, slots=True)
class Translation:
    """The answer of a service in a media type, and the names of the formats in which it is wanted (`remote.dialects`).

    `base` is the address against which IRIs in it are resolved, `query` what was asked.
    """

    body: bytes
    media_type: str
    base: str
    formats: Mapping[str, str | None]
    query: str = ""

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        said = {
            "media_type": self.media_type, "base": self.base, "formats": dict(self.formats), "query": self.query
        }  # fmt: skip
        return b"V", json.dumps(said).encode() + b"\n" + self.body


Asked = Question | Conversion | Translation
"""What a worker can be asked."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """A whole answer, or why there is none; `seconds` is what it cost, `retry` after how many seconds to ask again.

    `formats` are the names of those that can hold what the one that was wanted cannot; `said` is what a worker says of
    itself when it is ready.
    """

    status: int
    form: str = ""
    reasons: tuple[Reason, ...] = ()
    body: IO[bytes] | None = None
    size: int = 0
    seconds: float = 0.0
    retry: int | None = None
    formats: Sequence[str] = ()
    said: Sequence[str] = ()

    @property
    def detail(self) -> str:
        """Why there is none, in English."""
        return detail_of(self.reasons)

    def close(self) -> None:
        """Let go of the body."""
        if self.body is not None:
            self.body.close()


class NotTakenError(ConnectionError):
    """The worker ended before it took the question: that is no fault of the question."""


class FellError(ConnectionError):
    """The worker ended by itself: it went beyond the memory or the nesting that it has."""


class Worker(asyncio.Protocol):
    """One worker process, and our end of the socket pair that leads to it; it is asked one thing at a time."""

    def __init__(self, pid: int, connection: socket.socket) -> None:
        """Expect that the worker of this process id, at the other end of `connection`, says that it is ready."""
        self.pid, self._connection = pid, connection
        self.reply: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.ended: Callable[[], None] | None = None
        """What is called when the process has ended, whatever it does then."""
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._size = 0
        self._body: IO[bytes] | None = None

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._transport is None or self._transport.is_closing()

    def ask(self, question: Asked) -> asyncio.Future[Answer]:
        """Put the question; its answer is whole. The future fails with OSError when the worker or the disk does."""
        self.reply = asyncio.get_running_loop().create_future()
        if self._transport is None or self.gone:
            self.reply.set_exception(NotTakenError())
        else:
            self._send(frames.packed(*question.frame()))
        return self.reply

    def _send(self, frame: bytes) -> None:
        """Send at once, so that the worker begins while we go on; the transport does so when all else is done.

        Nothing waits in the transport by now: there is no question before the answer to the last one.
        """
        assert self._transport is not None
        sent = 0
        try:
            sent = self._connection.send(frame)
        except BlockingIOError:
            pass
        except OSError:
            self._fail(NotTakenError())
            return
        if sent < len(frame):
            self._transport.write(frame[sent:])

    def give_up(self, answer: Answer) -> None:
        """Wait no more for the reply: this is the answer."""
        if not self.reply.done():
            self.reply.set_result(answer)

    def kill(self) -> None:
        """End the process at once; its parent reaps it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()
        self._fail(ConnectionResetError())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """The worker has ended; Linux says with an error that it did not read all that was sent to it (unix(7))."""
        fell = frames.LAST_WORDS in self._buffer
        self._fail(FellError() if fell else NotTakenError() if exc else ConnectionResetError())
        if self.ended is not None:
            self.ended()

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer, which is mostly all of it."""
        only = None if self._buffer else frames.first(data)
        if only is None or only[2] < len(data):
            self._buffer += data
            only = None
        for kind, payload in (only[:2],) if only else frames.taken(self._buffer):
            try:
                self._take(kind, payload)
            except OSError as error:
                self._fail(error)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if self.reply.done():
            return
        if kind == b"D":
            self._keep(payload)
        elif kind == b"A":
            self._let_go()
        elif kind == b"E":
            form, _, piece = payload.partition(b"\n")
            self.reply.set_result(self._whole(form.decode(), piece))
        elif kind == b"X":
            self._let_go()
            said = json.loads(payload)
            self.reply.set_result(Answer(**said | {"reasons": tuple(map(reason_from, said["reasons"]))}))
        else:
            self.reply.set_result(Answer(status=200, form="ready", said=json.loads(payload)))

    def _keep(self, piece: bytes) -> None:
        """Hold a piece in memory, and what is large in a temporary file, which is removed when it is closed."""
        self._size += len(piece)
        if self._body is None:
            self._body = io.BytesIO()
        elif self._size > IN_MEMORY and isinstance(self._body, io.BytesIO):
            held, self._body = self._body, tempfile.TemporaryFile()  # noqa: SIM115 (the answer takes it along)
            self._body.write(held.getbuffer())
        self._body.write(piece)

    def _whole(self, form: str, piece: bytes) -> Answer:
        """Return the answer of which this is the last piece."""
        if self._body is None:
            return Answer(status=200, form=form, body=io.BytesIO(piece), size=len(piece))
        self._keep(piece)
        body, size = self._body, self._size
        self._body, self._size = None, 0
        body.seek(0)
        return Answer(status=200, form=form, body=body, size=size)

    def _fail(self, error: OSError) -> None:
        self._let_go()
        if not self.reply.done():
            self.reply.set_exception(error)
            self.reply.exception()  # it is no fault that nobody asks for it: who asked may be gone

    def _let_go(self) -> None:
        if self._body is not None:
            with suppress(OSError):
                self._body.close()
            self._body, self._size = None, 0
