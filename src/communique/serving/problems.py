"""Errors over HTTP as problem details (RFC 9457): a status, what is wrong, what would be right."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):  # noqa: N818 (it is an answer, not a fault)
    """A request that is answered with a problem: `status` is 400 to 599, `headers` go with it."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: object
    ) -> None:
        """Keep what the problem says; `members` are extension members of RFC 9457 section 3.2."""
        super().__init__(detail)
        self.status, self.detail, self.headers, self.members = status, detail, dict(headers or {}), members

    def response(self) -> Response:
        """Return the problem as a response that no cache keeps; scripts from elsewhere may read when to come again."""
        body = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail, **self.members}
        headers = {
            "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        if "Retry-After" in self.headers:
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return Response(json.dumps(body, ensure_ascii=False), self.status, headers, MEDIA_TYPE)
