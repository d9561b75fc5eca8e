"""Errors over HTTP as problem details (RFC 9457): a status, what is wrong, what would be right."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import Response

from communique.reasons import Reason, detail_of

MEDIA_TYPE = "application/problem+json"


def problem(status: int, said: str | Sequence[Reason]) -> dict[str, object]:
    """Return a problem as JSON: what is said, in English, and the reasons if it is said by them (`reasons`)."""
    detail, reasons = (said, ()) if isinstance(said, str) else (detail_of(said), said)
    told = {"reasons": [each.member for each in reasons]} if reasons else {}
    return {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **told}


class Refusal(Exception):  # noqa: N818 (it is an answer, not a fault)
    """A request that is answered with a problem: `status` is 400 to 599, `headers` go with it."""

    def __init__(
        self, status: int, said: str | Sequence[Reason], *, headers: Mapping[str, str] | None = None, **members: object
    ) -> None:
        """Keep what the problem says, and for what reasons; `members` are members of RFC 9457 section 3.2 besides."""
        self.problem = {**problem(status, said), **members}
        self.status, self.detail, self.headers = status, str(self.problem["detail"]), dict(headers or {})
        super().__init__(self.detail)

    def response(self) -> Response:
        """Return the problem as a response that no cache keeps; scripts from elsewhere may read when to come again."""
        headers = {
            "Cache-Control": "no-store",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        if "Retry-After" in self.headers:
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return Response(json.dumps(self.problem, ensure_ascii=False), self.status, headers, MEDIA_TYPE)
