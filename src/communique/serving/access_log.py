"""The access log: one line of JSON for each request, and an id that the client sees too (X-Request-ID)."""

import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ID = re.compile(rb"[A-Za-z0-9_.:-]{1,128}")
"""What a proxy may call a request."""
BEGAN = "communique.began"
"""The extension of ASGI by which the front tells when it began with a request that it passes on later."""
NAMED = "communique.named"
"""The extension of ASGI by which the log tells the application the id of a request."""
LONGEST = 2000
"""Characters of an address or a name that are logged."""


class AccessLog:
    """ASGI middleware that tells `write` of each request when its answer has been sent, or its client is gone."""

    def __init__(self, app: ASGIApp, write: Callable[[str], None]) -> None:
        """Stand before `app`."""
        self._app, self._write = app, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, sent = 0, 0
        began = scope.get("extensions", {}).get(BEGAN) or time.perf_counter()
        name = _id(scope)
        scope["extensions"] = {**(scope.get("extensions") or {}), NAMED: name}

        async def noted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", name)]}
            else:
                sent += len(message.get("body", b""))
            await send(message)

        target = scope.get("raw_path", b"") + b"?" * bool(scope["query_string"]) + scope["query_string"]
        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            self._write(_line(scope, target, name=name, status=status, sent=sent, seconds=seconds))

    def tell(self, scope: Scope, target: bytes, *, status: int, sent: int, began: float) -> bytes:
        """Log a request that is answered with no application between, since a time, and return its id."""
        name = _id(scope)
        path, _, query = target.partition(b"?")
        seconds = time.perf_counter() - began
        self._write(
            _line(scope, path + b"?" * bool(query) + query, name=name, status=status, sent=sent, seconds=seconds)
        )
        return name


def is_logged(scope: Scope) -> bool:
    """Tell whether the log gives an id to the answer to a request."""
    return NAMED in (scope.get("extensions") or {})


def id_of(scope: Scope) -> str:
    """Return the id of a request: that of the log, else that of a proxy, else a new one."""
    name: bytes = (scope.get("extensions") or {}).get(NAMED) or _id(scope)
    return name.decode()


def _id(scope: Scope) -> bytes:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given if ID.fullmatch(given) else secrets.token_hex(8).encode()


def _line(scope: Scope, target: bytes, *, name: bytes, status: int, sent: int, seconds: float) -> str:
    headers = dict(scope["headers"])
    record = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": name.decode(),
        "client": scope["client"][0] if scope.get("client") else "",
        "method": scope["method"],
        "target": target.decode("latin-1")[:LONGEST],
        "status": status,
        "bytes": sent,
        "seconds": round(seconds, 6),
        "accept": headers.get(b"accept", b"").decode("latin-1")[:LONGEST],
        "agent": headers.get(b"user-agent", b"").decode("latin-1")[:LONGEST],
        "referrer": headers.get(b"referer", b"").decode("latin-1")[:LONGEST],
    }
    return json.dumps(record)
