"""Who asks: what answers the challenge of a service, with the credentials that the operator has for its host."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from communique.errors import UsageError
from communique.remote.credentials import REMEDY, Credentials, credentials

if TYPE_CHECKING:
    from collections.abc import Generator


def auth_for(url: str) -> httpx2.Auth | None:
    """Return what answers the challenge of a service; raises UsageError if the URL is none that can be asked."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url}: is no address of a SPARQL service: it begins with http:// or https://")
    if parts.username is not None:
        raise UsageError(f"{parts.hostname}: an address holds no password, it would be shown. {REMEDY}")
    found = credentials(parts.hostname)
    return _Auth(found) if found else None


class _Auth(httpx2.Auth):
    """Answers the challenge of a service, Basic or Digest, which Virtuoso wants; a token goes with every request."""

    requires_response_body = True

    def __init__(self, who: Credentials) -> None:
        self._who = who
        self._chosen: httpx2.Auth | None = None

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Send the request, and once more with what the service wants."""
        if self._who.token:
            request.headers["Authorization"] = f"Bearer {self._who.token}"
            yield request
            return
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            digest = "digest" in response.headers.get("www-authenticate", "").lower()
            kind = httpx2.DigestAuth if digest else httpx2.BasicAuth
            self._chosen = kind(self._who.user, self._who.password)
        yield from self._chosen.auth_flow(request)
