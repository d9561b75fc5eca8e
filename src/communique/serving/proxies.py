"""Whom a reverse proxy asks for, where no application stands between that could say so."""

from contextlib import suppress

from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

FORWARDED = frozenset((b"x-forwarded-for", b"x-forwarded-proto"))
"""Fields without which there is nothing to believe."""


class Proxies:
    """Reverse proxies that are believed who their clients are (X-Forwarded-For); `addresses` as uvicorn has them."""

    def __init__(self, addresses: str) -> None:
        """Believe those with one of these addresses, separated by commas, or nobody."""
        self._middleware = ProxyHeadersMiddleware(_nothing, addresses) if addresses else None  # type: ignore[arg-type]

    def believe(self, scope: Scope) -> None:
        """Write into `scope` for whom its client asks, if it is one of them."""
        if self._middleware is not None and not FORWARDED.isdisjoint(dict(scope["headers"])):
            with suppress(StopIteration):
                # What it passes the request on to waits for nothing, so that one step is all.
                self._middleware(scope, _never, _never).send(None)  # type: ignore[arg-type]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    pass


async def _never(*_: object) -> None:
    raise AssertionError
