"""The HTTP/1.1 front: uvicorn's httptools protocol with the limits that it lacks, of time and of size.

| what takes too long | answer |
|---|---|
| the head of a request, from its first byte or from the connection | 408, closed |
| the body of a request | 408, closed |
| the client's reading, whenever the buffers are full | cut off |

A head that is too large is answered with 414 or 431, a body in a coding or a method that nobody knows with 501,
anything else that is not HTTP with 400. What was asked before on the same connection is answered first.
"""

import asyncio
import json
import re
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from http import HTTPMethod, HTTPStatus
from typing import Any

from httptools import HttpParserCallbackError, HttpParserInvalidMethodError  # type: ignore[import-untyped]
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from communique.reasons import Reason, reason
from communique.serving.limits import Limits
from communique.serving.problems import MEDIA_TYPE, problem

DETAILS: Mapping[int, str | Sequence[Reason]] = {
    400: "This is not HTTP/1.1 as RFC 9112 has it.",
    408: [reason("late")],
    414: [reason("address")],
    431: [reason("head")],
    501: "Of transfer codings only chunked is understood.",
    503: [reason("connections")],
}

HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]*)?")
"""A host and its port (RFC 3986, sections 3.2.2 and 3.2.3)."""
METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ (?:/|\*|https?:)")
"""A method and the beginning of the address (RFC 9110, section 5.6.2; RFC 9112, section 3)."""
LINE = 64
"""Bytes of a piece that tell which method it begins with."""

LINGER = 0.05
"""Seconds in which who sends no more may still be answered: one that has gone looks the same, and holds a worker."""


class Front(HttpToolsProtocol):
    """One connection. Its deadlines are kept by timers, so that one that waits costs nothing."""

    def __init__(
        self,
        *arguments: Any,
        limits: Limits,
        **keywords: Any,
    ) -> None:
        """Take what uvicorn gives to a protocol, and the limits."""
        super().__init__(*arguments, **keywords)
        self._limits = limits
        self._received = 0
        self._is_whole = self._is_answered = False
        self._running: RequestResponseCycle | None = None
        self._own: RequestResponseCycle | None = None
        """That of the request whose body is arriving, if the application has heard of it."""
        self._refusal: bytes | None = None
        """What is sent when all is answered that was asked before; then nothing more is read."""
        self._phase = self._next = ""
        self._head = 0
        self._verdict = (400, "")
        self._line = b""
        self._half_closed = False
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request, or turn away a client for whom there is no room."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self._refuse(503)
        else:
            self._next = "head"
            self._watch_arrival()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._next = ""
        self._watch_arrival()
        if self._running is not None and not self._running.response_complete:
            # With more requests behind it, it is none of which uvicorn knows.
            self._running.disconnected = True
            self._running.message_event.set()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request that has begun must arrive in time, however few bytes come at once."""
        if self.transport.is_closing() or self._refusal is not None:
            return
        self._received, self._is_whole, self._line = len(data), False, data[:LINE]
        if self._next == "":
            self._next = "head"
        if self._next == "head":
            # The parser tells of a field when it is complete: until then the bytes are counted here.
            self._head += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._next == "head" and self._head > self._limits.url + self._limits.head:
            self._refuse(431 if self.url else 414)
        self._watch_arrival()

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more, as `nc -N`: what it asked is answered where that is soon done; tells whether."""
        if self._next or self.cycle is None or self.cycle.response_complete:
            return False
        self._half_closed = True
        self.loop.call_later(LINGER, self._leave, self._running)
        return True

    def on_response_complete(self) -> None:
        """An answer is sent; to who sends no more it was the last one, unless others were asked for before."""
        super().on_response_complete()
        if self._refusal is not None and not self._is_answering():
            self._end()
        elif self._half_closed and self.cycle.response_complete:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._next, self._is_whole = "head", True

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address; what is raised here ends the connection with the verdict."""
        super().on_url(url)
        if len(self.url) > self._limits.url:
            raise self._judged(414)

    def on_headers_complete(self) -> None:
        """Answer, unless there are too many fields or the host is missing (RFC 9112 section 3.2)."""
        self._head, self._next = 0, "body"
        self._is_answered = self.transport.is_closing()
        if self._is_answered:
            # Behind the last request of a connection there is none to be answered.
            return
        if len(self.headers) > self._limits.fields:
            raise self._judged(431)
        self._is_answered = self._answer_at_once()
        if self._is_answered:
            return
        fields, version = dict(self.headers), self.parser.get_http_version()
        if version == "1.1" and b"host" not in fields:
            raise self._judged(400, "The request has no Host.")
        if not HOST.fullmatch(fields.get(b"host", b"")):
            raise self._judged(400, "The Host is no name or address with or without a port.")
        if b"transfer-encoding" in fields:
            self._understand([value for name, value in self.headers if name == b"transfer-encoding"], version)
        self._begin()

    def _understand(self, lines: list[bytes], version: str) -> None:
        """Raise ValueError unless a body comes in chunks and nothing else (RFC 9112 section 6.1)."""
        *others, last = (each.strip().lower() for each in b",".join(lines).split(b","))
        if last != b"chunked" or version != "1.1":
            raise self._judged(400, "A body whose length is not said comes in chunks, in HTTP/1.1.")
        if any(others):
            raise self._judged(501)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if not self._is_answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has arrived."""
        if not self._is_answered:
            super().on_message_complete()
        self._next, self._own = "", None

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        super().pause_writing()
        self._leaving = self._leaving or self.loop.call_later(self._limits.write_time, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def shutdown(self) -> None:
        """End the connection when its answer is sent, or when the client is too slow to take it."""
        super().shutdown()
        if not self.transport.is_closing():
            self.loop.call_later(self._limits.stop_time + 1, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """Refuse what could not be read, in our words or in those of the parser, which hold nothing of the client."""
        status, detail = self._verdict
        said = sys.exception()
        if isinstance(said, HttpParserInvalidMethodError) and _has_unknown_method(self._line):
            status, detail = 501, "This server has no such method."
        elif status == 400 and not detail and not isinstance(said, HttpParserCallbackError):
            detail = f"This is not HTTP/1.1 as RFC 9112 has it: {said}."
        self._refuse(status, detail)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        # What lay ready before it, in the same piece, has begun to count the time that nothing is asked.
        self._unset_keepalive_if_required()
        if self._half_closed:
            self.loop.call_later(LINGER, self._leave, cycle)
        super()._start_asgi_task(cycle, app)

    def _answer_at_once(self) -> bool:
        """Answer a request whose head has come, if that can be done here, and tell whether it is done."""
        return False

    def _begin(self) -> None:
        """Let the application hear of a request whose head has come."""
        super().on_headers_complete()
        self._own = self.cycle

    def _judged(self, status: int, detail: str = "") -> ValueError:
        """Return what ends the connection with this status, when it is raised while a request is read."""
        self._verdict = (status, detail)
        return ValueError(detail)

    def _leave(self, cycle: RequestResponseCycle | None) -> None:
        """Take for gone who sends no more, unless an answer is on its way, which has its own time to be read."""
        if cycle is not None and self._running is cycle and not cycle.response_started:
            self.transport.close()

    def _watch_arrival(self) -> None:
        """Start the clock of the phase of the request, `head` or `body`, unless it runs; stop that of another one."""
        if self._next == self._phase:
            return
        if self._arriving is not None:
            self._arriving.cancel()
        self._phase = phase = self._next
        seconds = self._limits.head_time if phase == "head" else self._limits.body_time
        self._arriving = self.loop.call_later(seconds, self._refuse, 408) if phase else None

    def _refuse(self, status: int, detail: str = "") -> None:
        """Answer with a problem, where the client has no answer yet, and close, after what was asked before."""
        own, self._own = self._own, None
        has_begun = own is not None and own.response_started
        self._refusal = b"" if has_begun else _problem(status, detail or DETAILS[status])
        if own is not None and not own.response_complete:
            own.disconnected = True
            own.message_event.set()
            self._forget(own)
        self._next = ""
        self._watch_arrival()
        if not self._is_answering():
            self._end()

    def _forget(self, cycle: RequestResponseCycle) -> None:
        """Let no answer be waited for any more."""
        if cycle is self._running:
            self._running = None
        else:
            self.pipeline = deque(each for each in self.pipeline if each[0] is not cycle)
            self.cycle = self.pipeline[0][0] if self.pipeline else self._running  # type: ignore[assignment]

    def _is_answering(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def _end(self) -> None:
        """Send the refusal, unless the answer before it was said to be the last, and close."""
        if self._refusal and not self.transport.is_closing():
            self.transport.write(self._refusal)
        self.transport.close()


def _has_unknown_method(line: bytes) -> bool:
    """Tell whether a line begins a request that is sound but for its method (RFC 9110 section 9.1)."""
    return bool(METHOD.match(line)) and line.partition(b" ")[0].decode() not in HTTPMethod.__members__


def _problem(status: int, said: str | Sequence[Reason]) -> bytes:
    """Return a whole response, written out: after an error h11 writes no more than its own."""
    phrase = HTTPStatus(status).phrase
    body = json.dumps(problem(status, said)).encode()
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    retry = "Retry-After: 1\r\n" if status == 503 else ""
    return (
        f"{head}{retry}Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n".encode()
        + body
    )
