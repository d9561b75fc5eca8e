"""A SPARQL service over HTTP: one question, and its whole reply or an error that says what to do.

Only the address that the operator named is contacted, and no redirection is followed.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import IO, TYPE_CHECKING

import httpx2

from communique.errors import AccessError
from communique.legibility import legible_name
from communique.remote.authentication import auth_for
from communique.remote.caps import Caps
from communique.remote.credentials import REMEDY
from communique.remote.patience import Patience
from communique.remote.states import Complaint, fault_of_engine, is_late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from communique.reasons import Reason

TRANSIENT = frozenset((429, 502, 503, 504))
FULL = frozenset((429, 503))
"""What a service says that has too much to do: it is asked again by one at a time, and not by all at once as before."""
TRIES = 4
CONNECT = 10.0
"""Seconds for a connection."""
LONGEST_WAIT = 30.0
"""Seconds that a service may ask to wait (Retry-After, RFC 9110 section 10.2.3)."""
IN_MEMORY = 8 << 20
"""Bytes of a reply that are held in memory before it goes to a temporary file."""
GIB = 1 << 30
HEADERS = {"User-Agent": "communique"}


class ServiceError(AccessError):
    """A service that cannot be reached or does not answer; `status` is what it said over HTTP, 0 if nothing.

    One that is `silent` has said nothing in its time. The message is for the operator; `for_readers` says what those
    may be told who know nothing of the service, if that is something particular.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        said: str = "",
        unreachable: bool = False,
        for_readers: Reason | None = None,
    ) -> None:
        """Keep the status and the words of the service."""
        super().__init__(message)
        self.status, self.said, self.unreachable, self.for_readers = status, said, unreachable, for_readers
        self.silent = False


class TooLarge(ServiceError):  # noqa: N818 (it is an answer, not a fault)
    """The reply has more bytes than were asked for."""


def too_large(url: str, limit: int) -> TooLarge:
    """Return what to raise for a reply with more than `limit` bytes."""
    return TooLarge(f"{url}: the answer has more than {limit >> 20} MiB. Ask for less.")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its media type, its header fields with names in lower case, and its bytes."""

    media_type: str
    headers: dict[str, str]
    body: IO[bytes]
    size: int


@dataclass(slots=True)
class Service:
    """The service at `url`. `timeout` is in seconds for one question, `limit` in bytes of a reply.

    `graphs` gives the values of `default-graph-uri` and `named-graph-uri` of each question. `tell` is told when the
    service cannot be reached and is tried again, and once when it has not begun to answer after `patience` seconds.
    """

    url: str
    timeout: float = 300.0
    limit: int = 4 * GIB
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep
    tell: Callable[[str], None] | None = None
    patience: float = 10.0
    graphs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _client: httpx2.Client = field(init=False)
    _turn: Lock = field(default_factory=Lock)
    _caps: Caps = field(default_factory=Caps)
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        """Raise UsageError if the URL is none that can be asked."""
        timeout = httpx2.Timeout(self.timeout, connect=min(CONNECT, self.timeout))
        self._client = httpx2.Client(auth=auth_for(self.url), timeout=timeout, headers=HEADERS)
        self._patience = Patience(self.url, seconds=self.patience, tell=self.tell)

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def ask(self, query: str, *, accept: str, deadline: float | None = None) -> Reply:
        """Return the reply to a query; what may pass by itself is tried again, `deadline` seconds at most altogether.

        Raises ServiceError that names the service, what it said, and what to do.
        """
        end = time.monotonic() + (self.timeout if deadline is None else deadline)
        reply = self._tried(query, accept, end)
        if self._caps.doubts(reply.headers):
            reply.body.close()
            reply = self._tried(query, accept, end)
            self._caps.believe(reply.headers)
        return reply

    def _tried(self, query: str, accept: str, end: float) -> Reply:
        crowded = False
        for attempt in range(1, self.tries + 1):
            try:
                with self._turn_of(end) if crowded else nullcontext():
                    return self._ask(query, accept, end)
            except Transient as error:
                crowded = error.told.status in FULL
                wait = min(error.wait or 0.5 * 2**attempt, LONGEST_WAIT)
                if attempt == self.tries or time.monotonic() + wait > end:
                    raise error.told from error
                if attempt == 1 and error.told.unreachable and self.tell:
                    self.tell(f"{self.url}: cannot be reached; trying again for {self._seconds(error.told):.0f} s")
                self.sleep(wait)
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def _turn_of(self, end: float) -> Iterator[None]:
        """Wait until nobody else asks again, until `end` at most."""
        has_turn = self._turn.acquire(timeout=max(0.0, end - time.monotonic()))
        try:
            yield
        finally:
            if has_turn:
                self._turn.release()

    def _seconds(self, told: ServiceError) -> float:
        """Return how long all tries after the first take at most, if they fail as that did."""
        pauses: float = sum(0.5 * 2**attempt for attempt in range(1, self.tries))
        return min(self.timeout, pauses + (self.tries - 1) * CONNECT * told.silent)

    def _ask(self, query: str, accept: str, end: float) -> Reply:
        with reporting(self.url), self._sent(query, accept, end) as response:
            if response.status_code != 200:
                complaint = complaint_in(response)
                for piece in response.iter_bytes():
                    if not complaint.wants(piece) or time.monotonic() > end:
                        break
                raise refused(self.url, response, complaint.text)
            body, size = self._held(response, end)
            return reply_of(response, body, size)

    @contextmanager
    def _sent(self, query: str, accept: str, end: float) -> Iterator[httpx2.Response]:
        left = max(0.1, end - time.monotonic())
        timeout = httpx2.Timeout(left, connect=min(CONNECT, left))
        data: dict[str, str | Sequence[str]] = {"query": query, **self.graphs}
        sent = self._client.stream("POST", self.url, data=data, headers={"Accept": accept}, timeout=timeout)
        with self._patience.waiting(left) as answered, sent as response:
            answered()
            yield response

    def _held(self, response: httpx2.Response, end: float) -> tuple[IO[bytes], int]:
        """Return the body in a file; it is closed, and so removed, when it does not arrive whole."""
        body: IO[bytes] = io.BytesIO()
        size = 0
        try:
            for piece in response.iter_bytes():
                size += len(piece)
                if size > self.limit:
                    raise too_large(self.url, self.limit)
                if time.monotonic() > end:
                    raise ServiceError(f"{self.url}: the answer took too long. Ask for less.", status=504)
                if size > IN_MEMORY and isinstance(body, io.BytesIO):
                    body = _on_disk(body)
                body.write(piece)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body, size


@contextmanager
def reporting(url: str) -> Iterator[None]:
    """Say in our words what the client reports."""
    try:
        yield
    except httpx2.TimeoutException as error:
        told = ServiceError(f"{url}: did not answer in time: ask for less, or give it more time.", status=504)
        told.silent = True
        if isinstance(error, httpx2.ConnectTimeout):
            told.unreachable = True
            raise Transient(told) from error
        raise told from error
    except httpx2.TransportError as error:
        words = (legible_name(str(error)) or type(error).__name__).rstrip(".")
        if isinstance(error, (httpx2.RemoteProtocolError, httpx2.ReadError)):
            told = ServiceError(f"{url}: broke its answer off: {words}. Ask again, or for less.")
        else:
            told = ServiceError(f"{url}: cannot be reached: {words}. Is the service running?", unreachable=True)
        raise Transient(told) from error
    except httpx2.DecodingError as error:
        raise ServiceError(f"{url}: the answer is damaged: {legible_name(str(error))}", status=502) from error


def reply_of(response: httpx2.Response, body: IO[bytes], size: int) -> Reply:
    """Return a reply whose body has come."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Reply(media_type, {name.lower(): value for name, value in response.headers.items()}, body, size)


def refused(url: str, response: httpx2.Response, complaint: bytes) -> Exception:
    """Return the error that a response of another status than 200 is, and of which its body complains."""
    status, said = response.status_code, _words(response, complaint)
    place = response.headers.get("location")
    remedies = {
        401: REMEDY,
        403: REMEDY,
        404: "Is this the address of the SPARQL endpoint?",
        405: "Is this the address of the SPARQL endpoint?",
        206: "It gives a part where it has no time for all: give it more time.",
    }
    remedy = f"Name the address {legible_name(place)} instead." if place else remedies.get(status, "")
    phrase = " ".join(filter(None, (f"{url}: answered {status}{f': {said}' * bool(said)}.", remedy)))
    if is_late(f"{said} {response.headers.get('x-sql-state', '')}"):
        return ServiceError(phrase, status=504, said=said)
    told = ServiceError(phrase, status=status, said=said, for_readers=fault_of_engine(said))
    return Transient(told, wait=_seconds(response.headers.get("retry-after"))) if status in TRANSIENT else told


def complaint_in(response: httpx2.Response) -> Complaint:
    """Return what is to take what the body of an error says."""
    return Complaint(response.headers.get("server", "").startswith("Virtuoso"))


def _on_disk(held: io.BytesIO) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the reply takes it along)
    file.write(held.getbuffer())
    return file


class Transient(Exception):  # noqa: N818 (it passes)
    """Something that may be better at the next try; `told` is what to say when it is not."""

    def __init__(self, told: ServiceError, *, wait: float = 0.0) -> None:
        """Keep what to say, and after how many seconds the service wishes to be asked again, 0 if it does not say."""
        super().__init__(str(told))
        self.told, self.wait = told, wait


def _words(response: httpx2.Response, complaint: bytes) -> str:
    """Return the beginning of what a service says about an error, on one line."""
    text, media_type = complaint.decode("utf-8", "replace"), response.headers.get("content-type", "")
    if "html" in media_type:
        text = re.sub(r"<[^>]*>", " ", text)
    elif media_type.startswith("application/problem+json"):
        text = _detail(text)
    return legible_name(" ".join(text.split())[:300].rstrip(". "))


def _detail(text: str) -> str:
    """Return what a problem document says (RFC 9457, section 3.1.4), all of it where it has no words."""
    try:
        detail = json.loads(text)["detail"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return text
    return detail if isinstance(detail, str) else text


def _seconds(value: str | None) -> float:
    """Return a Retry-After in seconds, 0 where there is none or where it is a date."""
    return float(value) if value and value.strip().isdecimal() else 0.0
