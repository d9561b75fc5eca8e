"""A service that is asked for others: many questions at once, each of which ends with its deadline or its asker.

As in `service`, only the address that the operator named is contacted, and no redirection is followed. An answer is
held whole, in a temporary file beyond a megabyte, so that what breaks off is an error and never a shorter answer.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import httpx2

from communique.remote import answers
from communique.remote.authentication import auth_for
from communique.remote.caps import Caps
from communique.remote.harvest import is_virtuoso
from communique.remote.service import (
    HEADERS,
    LONGEST_WAIT,
    TRIES,
    Reply,
    ServiceError,
    Transient,
    complaint_in,
    refused,
    reply_of,
    reporting,
    too_large,
)
from communique.syntax.sparql_text import pattern_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IN_MEMORY = 1 << 20
PATIENCE = 0.25
"""Seconds before the second try, which double."""
SHORTEST_TIMEOUT = 1000
"""Milliseconds: below, Virtuoso disregards what it is told."""
CONNECTIONS = 64


@dataclass(slots=True)
class Upstream:
    """The service at `url`, of which an answer may have `limit` bytes. Use it within one event loop."""

    url: str
    limit: int
    fails: bool = False
    """Whether it was busy or could not be reached when it was asked last."""
    heard: float = 0.0
    """When it last began to answer anything, as a time of the event loop."""
    _client: httpx2.AsyncClient = field(init=False)
    _virtuoso: bool = False
    _caps: Caps = field(default_factory=Caps)

    def __post_init__(self) -> None:
        """Raise UsageError if the URL is none that can be asked."""
        limits = httpx2.Limits(max_connections=CONNECTIONS)
        self._client = httpx2.AsyncClient(auth=auth_for(self.url), headers=HEADERS, limits=limits)

    async def close(self) -> None:
        """End the connections."""
        await self._client.aclose()

    async def whole(self, query: str, *, accept: str, graphs: Mapping[str, Sequence[str]], deadline: float) -> Reply:
        """Return the reply to a query, which is no part of the answer as far as the service says so.

        `graphs` gives the values of `default-graph-uri` and `named-graph-uri`; `deadline` is in seconds. Raises
        ServiceError. A request that is cancelled is cut off.
        """
        try:
            async with asyncio.timeout(deadline):
                return await self._whole(query, accept, graphs, deadline)
        except TimeoutError as error:
            message = f"{self.url}: did not answer within {deadline:g} s and was asked no further."
            raise ServiceError(message, status=504) from error

    async def _whole(self, query: str, accept: str, graphs: Mapping[str, Sequence[str]], deadline: float) -> Reply:
        reply = await self._ask(query, accept, graphs, deadline)
        try:
            answers.refuse_part(reply, url=self.url)
            self._virtuoso = self._virtuoso or is_virtuoso(reply)
            # It cuts a graph without a word, but not the rows from which the graph is made.
            if accept == answers.ACCEPT_GRAPH and is_virtuoso(reply) and (rows := pattern_of(query)):
                behind = await self._ask(rows, answers.ACCEPT_RESULTS, graphs, deadline)
                behind.body.close()
                answers.refuse_part(behind, url=self.url)
        except BaseException:
            reply.body.close()
            raise
        return reply

    async def _ask(self, query: str, accept: str, graphs: Mapping[str, Sequence[str]], deadline: float) -> Reply:
        reply = await self._tried(query, accept, graphs, deadline)
        if self._caps.doubts(reply.headers):
            reply.body.close()
            reply = await self._tried(query, accept, graphs, deadline)
            self._caps.believe(reply.headers)
        return reply

    async def _tried(self, query: str, accept: str, graphs: Mapping[str, Sequence[str]], deadline: float) -> Reply:
        """Ask, and again where it may pass by itself: the deadline ends it."""
        clock = asyncio.get_running_loop().time
        end, pause = clock() + deadline, PATIENCE
        for attempt in range(1, TRIES + 1):
            try:
                reply = await self._try(query, accept, graphs, deadline)
            except Transient as error:
                # What took too long once takes as much of the service again.
                late = error.told.status == 504 and not error.told.unreachable
                self.fails = not late
                wait = min(error.wait or pause, LONGEST_WAIT)
                if late or attempt == TRIES or clock() + wait >= end - pause:
                    raise error.told from error
                pause *= 2
                await asyncio.sleep(wait)
            else:
                self.fails = False
                return reply
        raise AssertionError("the last try returns or raises")

    async def _try(self, query: str, accept: str, graphs: Mapping[str, Sequence[str]], deadline: float) -> Reply:
        data: dict[str, str | Sequence[str]] = {"query": query, **graphs}
        if self._virtuoso:
            data["timeout"] = str(max(SHORTEST_TIMEOUT, int(deadline * 1000)))
        timeout = httpx2.Timeout(deadline, connect=min(5.0, deadline))
        asked = self._client.stream("POST", self.url, data=data, headers={"Accept": accept}, timeout=timeout)
        with reporting(self.url):
            async with asked as response:
                self.heard = asyncio.get_running_loop().time()
                if response.status_code != 200:
                    complaint = complaint_in(response)
                    async for piece in response.aiter_bytes():
                        if not complaint.wants(piece):
                            break
                    raise refused(self.url, response, complaint.text)
                body, size = await self._held(response)
                return reply_of(response, body, size)

    async def _held(self, response: httpx2.Response) -> tuple[IO[bytes], int]:
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the reply takes it along)
        size = 0
        try:
            async for piece in response.aiter_bytes():
                size += len(piece)
                if size > self.limit:
                    raise too_large(self.url, self.limit)
                body.write(piece)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body, size
