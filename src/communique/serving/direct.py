"""Queries that the front asks itself: a message of ASGI for each step takes longer than a small query.

They are those that come whole and in the plainest way, where the answer is small, and all that there is to say. What
else there is is for the application, which alone refuses; what was answered by then is given to it, not asked again.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from communique.serving.access_log import BEGAN
from communique.serving.problems import Refusal
from communique.serving.ready import DECIDING, HARMLESS
from communique.serving.sparql import ANSWERED, Fields, Given

if TYPE_CHECKING:
    from logging import Logger

    from starlette.types import Scope
    from uvicorn.server import ServerState

    from communique.serving.exchange import Question
    from communique.serving.ready import Headers

PLAIN = (DECIDING | HARMLESS | {b"content-type", b"content-length"}) - {b"if-none-match"}
"""Fields of a request that is plain, each once: nothing in it is conditional, encoded, or still to come."""


GONE = 408
"""The status of a request whose client hung up, for those who count."""


class Queries(Protocol):
    """What of a generation answers queries."""

    def question(self, scope: Scope, body: bytes) -> Question | None:
        """Return what a plain request asks, None where it is for the application."""

    async def answer(self, question: Question, client: str) -> Given:
        """Return the answer; raises Refusal. It is cancelled when the client has gone."""

    def fields(self, scope: Scope, question: Question, given: Given) -> Fields | None:
        """Return the fields that go with an answer that is sent as it is, None if it is not."""

    def count(self, status: int) -> None:
        """Count a request that was answered with this status."""


class Connection(Protocol):
    """What of a connection a query needs."""

    loop: asyncio.AbstractEventLoop
    tasks: set[asyncio.Task[None]]
    server_state: ServerState
    transport: asyncio.Transport
    logger: Logger

    def client_of(self, scope: Scope) -> str:
        """Return the address of the client of a request."""

    def log(self, scope: Scope, target: bytes, *, status: int, sent: int, began: float) -> Headers:
        """Log a request; return the field by which its client can name it, if there is one."""

    def on_response_complete(self) -> None:
        """Go on with what comes next."""

    async def pass_on(self, scope: Scope, body: bytes, *, keep_alive: bool) -> None:
        """Let the application answer."""


def is_plain(scope: Scope) -> bool:
    """Tell whether the head of a request is that of a plain query, whatever it asks for."""
    names = dict(scope["headers"])
    return PLAIN.issuperset(names) and len(names) == len(scope["headers"]) and b"host" in names


class Direct:
    """A query on its way, which stands on its connection where uvicorn has a cycle of messages.

    What a connection asks of a cycle is `response_started`, `response_complete`, `disconnected`, `keep_alive` and
    `message_event.set`.
    """

    def __init__(
        self, connection: Connection, scope: Scope, target: bytes, body: bytes, *, keep_alive: bool, patience: float
    ) -> None:
        """Prepare to answer a request for `target`, on a connection that is kept or not.

        Who goes within `patience` seconds is not noticed before: what is as short as that is soon done.
        """
        self._connection, self._scope, self._target, self._body = connection, scope, target, body
        self._patience, self.keep_alive = patience, keep_alive
        self._began = time.perf_counter()
        self.response_started = self.response_complete = self.disconnected = False
        self.is_listened_for = False
        """Whether it is taken care of that the client is heard, though it may have sent more than is read."""

    @property
    def message_event(self) -> Direct:
        """What is told when something happens."""
        return self

    def begin(self, queries: Queries, question: Question) -> None:
        """Begin to ask."""
        self._task = self._connection.loop.create_task(self._answer(queries, question))
        self._connection.tasks.add(self._task)
        self._task.add_done_callback(self._connection.tasks.discard)

    def set(self) -> None:
        """Something has happened, such as that the client has gone: then nobody waits for an answer."""
        if self.disconnected and not self.response_complete:
            left = self._patience - (time.perf_counter() - self._began)
            self._connection.loop.call_later(max(0.0, left), self._stop)

    def _stop(self) -> None:
        if not self.response_started:
            self._task.cancel()

    async def _answer(self, queries: Queries, question: Question) -> None:
        given = None
        try:
            given = await queries.answer(question, self._connection.client_of(self._scope))
            fields = queries.fields(self._scope, question, given)
            if fields is not None and not self.disconnected:
                self._send(fields, given)
                queries.count(200)
                return
        except Refusal:
            pass  # it is refused again, by whom all refusals come
        except asyncio.CancelledError:
            if not self.disconnected:
                raise
        except Exception as error:
            self._connection.logger.error("A query is asked again.", exc_info=error)
        if self.disconnected:
            if given is not None:
                given.answer.close()
            queries.count(GONE)
            self._connection.log(self._scope, self._target, status=GONE, sent=0, began=self._began)
            return
        self.response_started = True
        self._scope["extensions"] = {BEGAN: self._began} | ({ANSWERED: given} if given else {})
        await self._connection.pass_on(self._scope, self._body, keep_alive=self.keep_alive)

    def _send(self, fields: Fields, given: Given) -> None:
        """Send the answer, head and body at once."""
        connection, body = self._connection, given.answer.body
        assert body is not None
        content = body.read()
        body.close()
        name = connection.log(self._scope, self._target, status=200, sent=len(content), began=self._began)
        head = [*connection.server_state.default_headers, *fields, (b"content-length", b"%d" % len(content)), *name]
        if not self.keep_alive:
            head.append((b"connection", b"close"))
        lines = [b"%s: %s\r\n" % field for field in head]
        whole = b"".join((STATUS_LINE[200], *lines, b"\r\n", content))
        self.response_started = self.response_complete = True
        connection.transport.write(whole)
        if not self.keep_alive:
            connection.transport.close()
        connection.on_response_complete()
