"""What the front answers without the application: what lies ready (`ready`), and plain queries (`direct`)."""

import asyncio
import time
from typing import Any, Protocol
from urllib.parse import unquote

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from communique.serving.access_log import AccessLog
from communique.serving.direct import Direct, Queries, is_plain
from communique.serving.front import Front
from communique.serving.proxies import Proxies
from communique.serving.ready import FOUND_BY, Headers, Key, Ready, key_of


class Site(Protocol):
    """What of the application the front needs to answer without it."""

    @property
    def ready(self) -> Ready | None:
        """What lies ready of the generation that is served now, if anything may."""

    def queries(self, path: bytes) -> Queries | None:
        """Return what answers queries at this path, as it came, in the generation that is served now."""


class Shortcuts(Front):
    """A connection on which the application hears of what it is needed for."""

    def __init__(
        self, *arguments: Any, site: Site, proxies: Proxies, access_log: AccessLog | None = None, **keywords: Any
    ) -> None:
        """Take what a front does, the site behind it, the proxies that are believed, and the log."""
        super().__init__(*arguments, **keywords)
        self._site, self._proxies, self._log = site, proxies, access_log
        self._waiting: bytearray | None = None
        """The body of a plain request as far as it has come, before anybody has heard of it."""

    def data_received(self, data: bytes) -> None:
        """Take bytes; what has not come whole in them is for the application."""
        super().data_received(data)
        if self.transport.is_closing():
            self._waiting = None
        elif self._waiting is not None:
            self._go_on()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        if self._waiting is not None:
            self._waiting += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has arrived."""
        if self._waiting is not None and self._ask(bytes(self._waiting)):
            self._waiting, self._is_answered = None, True
        elif self._waiting is not None:
            self._go_on()
        super().on_message_complete()

    def client_of(self, scope: Any) -> str:
        """Return the address of the client of a request, of which believed proxies have said whose it is."""
        return scope["client"][0] if scope["client"] else ""

    def log(self, scope: Any, target: bytes, *, status: int, sent: int, began: float) -> Headers:
        """Log a request that is answered without the application; return the field by which its client can name it."""
        if self._log is None:
            return []
        return [(b"x-request-id", self._log.tell(scope, target, status=status, sent=sent, began=began))]

    async def pass_on(self, scope: Any, body: bytes, *, keep_alive: bool) -> None:
        """Let the application answer a request that has come whole, and for which it was not needed so far."""
        scope["path"] = unquote(scope["raw_path"].decode("ascii"))
        cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.body, cycle.more_body = bytearray(body), False
        cycle.message_event.set()
        if self.cycle is self._running:
            self.cycle = cycle
        self._running = cycle
        await cycle.run_asgi(self.app)

    def _begin(self) -> None:
        if self._may_be_asked():
            self._waiting = bytearray()
            return
        super()._begin()
        query: Any = self._running
        if isinstance(query, Direct) and not (query.response_complete or query.is_listened_for):
            # Behind a query nothing more is read, so that nobody would hear that its client has gone.
            query.is_listened_for = True
            self.loop.call_later(self._limits.patience, self._listen, query)

    def _listen(self, query: Direct) -> None:
        if not (query.response_started or self.transport.is_closing()):
            self.flow.resume_reading()

    def _may_be_asked(self) -> bool:
        """Tell whether the request that has begun may be a query that needs no application."""
        path, method = self.url.partition(b"?")[0], self.parser.get_method()
        if method not in (b"GET", b"POST") or self._site.queries(path) is None or not self._is_in_one_piece():
            return False
        if self.parser.get_http_version() != "1.1" or b"#" in self.url:
            return False
        return is_plain(self.scope)  # type: ignore[arg-type]

    def _ask(self, body: bytes) -> bool:
        """Ask what a plain request asks that has come whole, and tell whether it asks anything."""
        path, _, query = self.url.partition(b"?")
        scope: Any = self.scope
        scope |= {"method": self.parser.get_method().decode(), "raw_path": path, "query_string": query}
        self._proxies.believe(scope)
        queries = self._site.queries(path)
        question = queries.question(scope, body) if queries else None
        if queries is None or question is None:
            return False
        # What lay ready before it, in the same piece, has begun to count the time that nothing is asked.
        self._unset_keepalive_if_required()
        keep_alive, patience = self.parser.should_keep_alive(), self._limits.patience
        direct = Direct(self, scope, self.url, body, keep_alive=keep_alive, patience=patience)
        self.cycle = self._running = direct  # type: ignore[assignment]
        direct.begin(queries, question)
        return True

    def _is_in_one_piece(self) -> bool:
        """Tell whether a request can be answered when it comes: nothing has to wait, and its head is not too large.

        What has to wait is, for another answer or for the client to read. The size of a head that came in this piece,
        and only in it, is at most that of the piece.
        """
        cycle = self.cycle
        has_to_wait = self.flow.write_paused or (cycle is not None and not cycle.response_complete)
        return not has_to_wait and self._is_whole and self._received <= self._limits.head

    def _go_on(self) -> None:
        """Let the application hear of a request after all."""
        body, self._waiting = self._waiting, None
        super()._begin()
        if body:
            super().on_body(bytes(body))

    def _answer_at_once(self) -> bool:
        """Send what lies ready for this request, and tell whether there was any."""
        ready, key, began = self._site.ready, self._key(), time.perf_counter()
        if ready is None or key is None:
            return False
        answer, version = ready.of(key), self.parser.get_http_version()
        if answer is None:
            if version == "1.1":
                self.scope["extensions"] = {FOUND_BY: key}  # type: ignore[dict-item]
            return False
        own: Headers = []
        if self._log is not None:
            scope = {**self.scope, "method": key[0].decode()}
            self._proxies.believe(scope)
            own = self.log(scope, key[1], status=answer.status, sent=len(answer.body), began=began)
        close = version != "1.1" or not self.parser.should_keep_alive()
        common = self.server_state.default_headers
        self.transport.writelines(ready.written(answer, common=common, own=own, close=close))
        if close:
            self.transport.close()
        self.on_response_complete()
        return True

    def _key(self) -> Key | None:
        """Return by what a ready answer to this request is found, None where it is for the application in any case."""
        method = self.parser.get_method()
        if method not in (b"GET", b"HEAD") or not self._is_in_one_piece():
            return None
        if self._log is not None and (self.url[:1] != b"/" or b"#" in self.url):
            # The log tells no more of an address than its path and its query.
            return None
        return key_of(method, self.url, self.headers)
