"""One exchange with a query worker: a question, and the whole answer or why there is none."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO

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

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        return b"Q", json.dumps(asdict(self)).encode()


@dataclass(frozen=True, slots=True)
class Conversion:
    """A document of the site, and the name of the format in which it is wanted (`communique.derivation`)."""

    document: bytes
    format: str

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        return b"C", self.format.encode() + b"\n" + self.document


@dataclass(frozen=True, slots=True)
class Translation:
    """The answer of a service in a media type, and the names of the formats in which it is wanted (`remote.dialects`).

    `base` is the address against which IRIs in it are resolved.
    """

    body: bytes
    media_type: str
    base: str
    formats: Mapping[str, str | None]

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the payload of the frame that puts the question."""
        said = {"media_type": self.media_type, "base": self.base, "formats": dict(self.formats)}
        return b"V", json.dumps(said).encode() + b"\n" + self.body


Asked = Question | Conversion | Translation
"""What a worker can be asked."""


@dataclass(slots=True, kw_only=True)
class Answer:
    """A whole answer, or why there is none; `seconds` is what it cost, `retry` after how many seconds to ask again."""

    status: int
    form: str = ""
    detail: str = ""
    body: IO[bytes] | None = None
    size: int = 0
    seconds: float = 0.0
    retry: int | None = None

    def close(self) -> None:
        """Let go of the body."""
        if self.body is not None:
            self.body.close()


@dataclass(eq=False, slots=True)
class Worker:
    """One worker process and the streams that lead to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def kill(self) -> None:
        """End the process at once; its parent reaps it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.writer.close()


async def exchange(worker: Worker, question: Asked) -> Answer:
    """Put the question to the worker and collect the whole answer, the larger part of it in a temporary file."""
    asked, frame = question.frame()
    worker.writer.write(frames.HEAD.pack(asked, len(frame)) + frame)
    with _spool() as body:
        form, size = "", 0
        while True:
            kind, payload = await frames.read(worker.reader)
            if kind == b"T":
                form = payload.decode()
            elif kind == b"D":
                body.write(payload)
                size += len(payload)
            elif kind == b"X":
                body.close()
                return Answer(**json.loads(payload))
            else:
                body.seek(0)
                return Answer(status=200, form=form, body=body, size=size)


@contextmanager
def _spool() -> Iterator[IO[bytes]]:
    """Yield a file that is closed, and so removed, when an answer is not completed."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer takes it along)
    try:
        yield body
    except BaseException:
        body.close()
        raise
