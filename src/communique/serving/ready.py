"""Answers that lie ready: what was sent for a page before is sent again by the front, with no application between.

So are the answers that the endpoint has kept (`kept`), where a query comes by GET in the same words. All belong to one
generation of a site, whose answers to the same request are the same for ever. They are found by whatever of a request
can decide about the answer: its method, its target, and its header fields as they came, but for those that are known
to have no influence. One that nobody has thought of means that the application answers.

Nothing is written here that the application has not said: a ready answer is the bytes of a former one, but for `Date`.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from sys import getsizeof

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from communique.serving.metrics import Metrics

DECIDING = frozenset((b"accept", b"accept-encoding", b"accept-language", b"host", b"if-none-match"))
"""Fields on which an answer may depend; requests with the same values of them get the same answer."""
HARMLESS = frozenset(
    (
        b"alt-used", b"authorization", b"cache-control", b"cdn-loop", b"cf-connecting-ip", b"cf-ipcountry", b"cf-ray",
        b"cf-visitor", b"connection", b"cookie", b"dnt", b"forwarded", b"from", b"keep-alive", b"origin", b"pragma",
        b"priority", b"proxy-connection", b"purpose", b"referer", b"save-data", b"sec-ch-ua", b"sec-ch-ua-mobile",
        b"sec-ch-ua-platform", b"sec-fetch-dest", b"sec-fetch-mode", b"sec-fetch-site", b"sec-fetch-user", b"sec-gpc",
        b"sec-purpose", b"te", b"traceparent", b"tracestate", b"true-client-ip", b"upgrade-insecure-requests",
        b"user-agent", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-proto",
        b"x-forwarded-server", b"x-real-ip", b"x-request-id", b"x-requested-with",
    )
)  # fmt: skip
"""Fields that no page looks at, or that tell of the connection alone."""
STATUSES = (200, 303, 304, 308)
"""What follows from the files of a generation; anything else may have to do with the moment."""
LARGEST = 256 << 10
"""Bytes of a body that lies ready: how a larger one is found takes little of the time to send it."""
SEEN = 10_000
"""Requests that are known again when they come a second time."""
ROOM = 1024
"""Bytes that an answer and its request take in memory beside their texts."""
FOUND_BY = "communique.ready"
"""The extension of ASGI by which the front tells the key of a request, where an answer to it may lie ready."""
CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]
"""Method, target, and the header fields that are not known to be harmless."""


def key_of(method: bytes, target: bytes, headers: Headers) -> Key:
    """Return by what the answer to a request is found; the names of `headers` are in lower case."""
    return method, target, tuple([each for each in headers if each[0] not in HARMLESS])


def known_key(scope: Scope) -> Key | None:
    """Return the key that the front tells of a request, None where it tells none."""
    key: Key | None = scope.get("extensions", {}).get(FOUND_BY)
    return key


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer but for its date and for what is said of the connection."""

    status: int
    head: bytes
    body: bytes
    is_of_query: bool = False


class Ready:
    """The answers of one generation that were wanted last, in no more than `room` bytes."""

    def __init__(self, room: int, metrics: Metrics) -> None:
        """Hold nothing yet; what is given is counted in `metrics`."""
        self._room, self._metrics, self._size = room, metrics, 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._seen: set[int] = set()
        self._dated: Headers = []
        self._date = b""

    def of(self, key: Key) -> Answer | None:
        """Return the answer to a request, if it lies ready."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def comes_again(self, key: Key) -> bool:
        """Note a request to which an answer may lie ready, and tell whether that is worth it: it has come before."""
        if not all(name in DECIDING for name, _ in key[2]):
            return False
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= SEEN:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def written(self, answer: Answer, *, common: Headers, own: Headers, close: bool) -> list[bytes]:
        """Return the bytes to send, and count them.

        `common` goes with each answer, `own` with this one, `close` ends the connection.
        """
        self._metrics.requests[answer.status] += 1
        self._metrics.ready += 1
        self._metrics.given_again += answer.is_of_query
        if common is not self._dated:
            # Once a second there is another list.
            self._dated, self._date = common, _lines(common)
        end = b"connection: close\r\n\r\n" if close else b"\r\n"
        return [b"".join((STATUS_LINE[answer.status], self._date, answer.head, _lines(own), end)), answer.body]

    def keep(self, key: Key, start: Message, body: bytes, *, is_of_query: bool = False) -> None:
        """Let an answer lie ready, if it is one that may; the endpoint gives a tag to what may be given again."""
        status, headers = start["status"], [(name.lower(), value) for name, value in start["headers"]]
        if status not in STATUSES or len(body) > LARGEST or not _is_whole(key[0], status, headers, body):
            return
        if is_of_query and not any(name == b"etag" for name, _ in headers):
            return
        answer = Answer(status, _lines(headers), body, is_of_query and b"query=" in key[1])
        room = _room(key, answer)
        if room > self._room or key in self._answers:
            return
        self._answers[key] = answer
        self._size += room
        while self._size > self._room:
            self._size -= _room(*self._answers.popitem(last=False))


def keeping(app: ASGIApp, ready: Ready, *, is_endpoint: bool = False) -> ASGIApp:
    """Return an application whose answers lie ready from the second time on; they must depend on the request alone.

    Of an endpoint for queries those do that have an entity tag.
    """

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        key = known_key(scope)
        if key is None or not ready.comes_again(key):
            await app(scope, receive, send)
            return
        start: Message | None = None

        async def noted(message: Message) -> None:
            nonlocal start
            await send(message)
            if message["type"] == "http.response.start":
                start = message
            elif start is not None and not message.get("more_body"):
                ready.keep(key, start, message.get("body", b""), is_of_query=is_endpoint)
            else:
                start = None

        await app(scope, receive, noted)

    return kept


def _lines(headers: Headers) -> bytes:
    return b"".join([b"%s: %s\r\n" % each for each in headers])


def _is_whole(method: bytes, status: int, headers: Headers, body: bytes) -> bool:
    """Tell whether an answer can be written as it stands: with its length, and with nothing that the front adds."""
    said = dict(headers)
    if b"connection" in said or b"transfer-encoding" in said or any(CONTROLS.search(value) for _, value in headers):
        return False
    if method == b"HEAD" or status == 304:
        return not body
    return said.get(b"content-length") == b"%d" % len(body)


def _room(key: Key, answer: Answer) -> int:
    fields = (each for field in key[2] for each in (field, *field))
    return ROOM + sum(map(getsizeof, (key[1], answer.head, answer.body, *fields)))
