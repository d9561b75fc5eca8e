"""The HTTP/1.1 front: uvicorn's h11 protocol with the time limits that it lacks.

| what takes too long | answer |
|---|---|
| the head of a request, from its first byte or from the connection | 408, closed |
| the body of a request | 408, closed |
| the client's reading, whenever the buffers are full | cut off |

A head that is too large is answered with 414 or 431, anything else that is not HTTP with 400.
"""

import asyncio
import json
import sys
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from communique.serving.limits import Limits
from communique.serving.problems import MEDIA_TYPE

DETAILS = {
    400: "This is not HTTP/1.1 as RFC 9112 has it.",
    408: "The request took too long to arrive.",
    414: "The address is too long.",
    431: "The header fields are too large.",
    503: "There are too many connections. Try again in a moment.",
}


class Front(H11Protocol):
    """One connection. Its deadlines are kept by timers, so that one that waits costs nothing."""

    def __init__(self, *arguments: Any, limits: Limits, **keywords: Any) -> None:
        """Take what uvicorn gives to a protocol, and the limits."""
        super().__init__(*arguments, **keywords)
        self._limits = limits
        self._phase = ""
        self._arriving: asyncio.TimerHandle | None = None
        self._leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request, or turn away a client for whom there is no room."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self._refuse(503)
        else:
            self._watch_arrival("head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._watch_arrival("")
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request that has begun must arrive in time, however few bytes come at once."""
        super().data_received(data)
        if not self.transport.is_closing():
            self._watch_arrival({h11.IDLE: "head", h11.SEND_BODY: "body"}.get(self.conn.their_state, ""))

    def on_response_complete(self) -> None:
        """Go on to the next request, whose first byte ends the wait that uvicorn limits."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE:
            self._watch_arrival("head" if self.conn.trailing_data[0] else "")

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
        """Refuse what h11 could not read; it hints at the status (RFC 9112 section 3, RFC 6585 section 5)."""
        status = getattr(sys.exc_info()[1], "error_status_hint", 400)
        if status == 431 and b"\n" not in self.conn.trailing_data[0]:
            status = 414
        self._refuse(status)

    def _watch_arrival(self, phase: str) -> None:
        """Start the clock of a phase of the request, unless it runs: `head`, `body`, or none."""
        if phase == self._phase:
            return
        if self._arriving is not None:
            self._arriving.cancel()
        self._phase = phase
        seconds = self._limits.head_time if phase == "head" else self._limits.body_time
        self._arriving = self.loop.call_later(seconds, self._refuse, 408) if phase else None

    def _refuse(self, status: int) -> None:
        """Answer with a problem, where the client has no answer yet, and close."""
        if self.conn.our_state is h11.SEND_RESPONSE or self.conn.our_state is h11.IDLE:
            self.transport.write(_problem(status))
            if self.cycle is not None:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
        self.transport.close()


def _problem(status: int) -> bytes:
    """Return a whole response, written out: after an error h11 writes no more than its own."""
    phrase = HTTPStatus(status).phrase
    body = json.dumps({"title": phrase, "status": status, "detail": DETAILS.get(status, phrase)}).encode()
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    retry = "Retry-After: 1\r\n" if status == 503 else ""
    return f"{head}{retry}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
