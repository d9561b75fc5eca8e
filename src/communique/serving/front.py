"""The HTTP/1.1 front: uvicorn's httptools protocol with the limits that it lacks, of time and of size.

| what takes too long | answer |
|---|---|
| the head of a request, from its first byte or from the connection | 408, closed |
| the body of a request | 408, closed |
| the client's reading, whenever the buffers are full | cut off |

A head that is too large is answered with 414 or 431, a body in a coding that is not understood with 501, anything else
that is not HTTP with 400.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from communique.serving.limits import Limits
from communique.serving.problems import MEDIA_TYPE

DETAILS = {
    400: "This is not HTTP/1.1 as RFC 9112 has it.",
    408: "The request took too long to arrive.",
    414: "The address is too long.",
    431: "The header fields are too large.",
    501: "Of transfer codings only chunked is understood.",
    503: "There are too many connections. Try again in a moment.",
}

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
        self._phase = self._next = ""
        self._head = 0
        self._verdict = 400
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
        if self.transport.is_closing():
            return
        self._received, self._is_whole = len(data), False
        if self._next == "":
            self._next = "head"
        if self._next == "head":
            # The parser tells of a field when it is complete: until then the bytes are counted here.
            self._head += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._next == "head" and self._head > self._limits.url + self._limits.head:
            self._refuse(431 if self.url and self.headers else 414)
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
        if self._half_closed and self.cycle.response_complete:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._next, self._is_whole = "head", True

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address; what is raised here ends the connection with the verdict."""
        super().on_url(url)
        if len(self.url) > self._limits.url:
            self._verdict = 414
            raise ValueError(DETAILS[414])

    def on_headers_complete(self) -> None:
        """Answer, unless there are too many fields or the host is missing (RFC 9112 section 3.2)."""
        self._head, self._next = 0, "body"
        self._is_answered = self.transport.is_closing()
        if self._is_answered:
            # Behind the last request of a connection there is none to be answered.
            return
        if len(self.headers) > self._limits.fields:
            self._verdict = 431
            raise ValueError(DETAILS[431])
        self._is_answered = self._answer_at_once()
        if self._is_answered:
            return
        fields, version = dict(self.headers), self.parser.get_http_version()
        if version == "1.1" and b"host" not in fields:
            raise ValueError(DETAILS[400])
        if (coding := fields.get(b"transfer-encoding")) is not None:
            self._understand(coding, version)
        self._begin()

    def _understand(self, coding: bytes, version: str) -> None:
        """Raise ValueError unless a body comes in chunks and nothing else (RFC 9112 section 6.1)."""
        *others, last = (each.strip().lower() for each in coding.split(b","))
        if last != b"chunked" or version != "1.1":
            raise ValueError(DETAILS[400])
        if any(others):
            self._verdict = 501
            raise ValueError(DETAILS[501])

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if not self._is_answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has arrived."""
        if not self._is_answered:
            super().on_message_complete()
        self._next = ""

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
        """Refuse what could not be read."""
        self._refuse(self._verdict)

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

    def _refuse(self, status: int) -> None:
        """Answer with a problem, where the client has no answer yet, and close."""
        cycle = self.cycle
        # While a head arrives, the cycle is that of the request before, if there was one.
        is_its_own = self._phase == "body" or (cycle is not None and not cycle.response_complete)
        if cycle is None or not (is_its_own and cycle.response_started):
            self.transport.write(_problem(status))
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()


def _problem(status: int) -> bytes:
    """Return a whole response, written out: after an error h11 writes no more than its own."""
    phrase = HTTPStatus(status).phrase
    body = json.dumps({"title": phrase, "status": status, "detail": DETAILS.get(status, phrase)}).encode()
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    retry = "Retry-After: 1\r\n" if status == 503 else ""
    return f"{head}{retry}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
