"""Requests that proxies and servers read in different ways, or that are too large, are refused before anything else."""

from starlette.types import Scope

from communique.serving.limits import Limits
from communique.serving.problems import Refusal

CLOSE = {"Connection": "close"}
"""Nothing more is read from a client whose request cannot be trusted."""


def insane(scope: Scope, limits: Limits) -> Refusal | None:
    """Return the refusal of a request, with status 400, 414 or 431, None where it can be answered."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.url:
        return Refusal(
            414, f"The address has more than {limits.url} bytes: POST a long query.", limit=limits.url, headers=CLOSE
        )
    if len(headers) > limits.fields:
        return Refusal(
            431, f"The request has more than {limits.fields} header fields.", limit=limits.fields, headers=CLOSE
        )
    size = lengths = hosts = 0
    for name, value in headers:
        size += len(name) + len(value)
        lengths += name in (b"content-length", b"transfer-encoding")
        hosts += name == b"host"
    if size > limits.head:
        return Refusal(431, f"The header fields have more than {limits.head} bytes.", limit=limits.head, headers=CLOSE)
    if lengths > 1:
        return Refusal(400, "The length of the body is said twice.", headers=CLOSE)
    if hosts > 1:
        return Refusal(400, "There is more than one Host.", headers=CLOSE)
    return None
