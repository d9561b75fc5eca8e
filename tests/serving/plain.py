"""Plain queries as bytes, the same by a longer way, and queries that are large or slow."""

import re
from urllib.parse import quote, urlencode

from processes import request

JSON = b"Accept: application/sparql-results+json\r\n"
LAST = b"GET /x.ttl HTTP/1.1\r\nHost: last\r\nConnection: close\r\n\r\n"
MANY = "SELECT * { VALUES ?a { %s } VALUES ?b { %s } }"
SLOW = "SELECT (COUNT(*) AS ?n) { VALUES ?a { %s } VALUES ?b { %s } VALUES ?c { %s } VALUES ?d { %s } }"


def numbers(count: int) -> str:
    return " ".join(map(str, range(count)))


def got(query: str, fields: bytes = JSON, **others: str) -> bytes:
    return request(b"GET /sparql?" + urlencode({"query": query, **others}, quote_via=quote).encode(), fields)


def posted(query: str, fields: bytes = JSON, **others: str) -> bytes:
    body = urlencode({"query": query, **others}).encode()
    length = b"Content-Length: %d\r\n" % len(body)
    return request(b"POST /sparql", fields + length + b"Content-Type: application/x-www-form-urlencoded\r\n") + body


def sent(query: str, fields: bytes = JSON, target: bytes = b"/sparql") -> bytes:
    body = query.encode()
    length = b"Content-Length: %d\r\n" % len(body)
    return request(b"POST " + target, fields + length + b"Content-Type: application/sparql-query\r\n") + body


def long_way(message: bytes) -> bytes:
    """Return the same request with a field that nobody knows, which is no plain one."""
    line, _, rest = message.partition(b"\r\n")
    return line + b"\r\nX-Nobody-Knows: 1\r\n" + rest


def nameless(answer: bytes) -> bytes:
    answer = re.sub(rb"In the log this is [0-9a-f]+", b"In the log", answer)
    return re.sub(rb'"kind": "logged", "id": "[0-9a-f]+"', b'"kind": "logged"', answer)
