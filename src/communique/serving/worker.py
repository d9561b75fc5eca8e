"""A worker: a process that answers one query over a read-only snapshot, or derives one document, and can be killed."""

import functools
import json
import re
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from communique.errors import UsageError
from communique.formats import FORMATS
from communique.reasons import Reason, reason
from communique.remote.dialects import translate
from communique.representations.derivation import derive
from communique.serving import frames, guard
from communique.serving.refusals import not_acceptable, too_large
from communique.syntax.answer_text import CannotHoldError, answer_prefixes, namespaces
from communique.syntax.compact_jsonld import CapturedError
from communique.syntax.prefixed import one_each
from communique.syntax.query_faults import reasons_of

STACK = 256 << 20
"""Bytes of stack for a query: the engine recurses, and a deep query must not end the process (virtual memory only)."""
PIECE = 256 << 10
"""Bytes of answer that are collected before they are sent."""

UNKNOWN_CALL = re.compile(
    r"The custom (?:aggregate )?function (?P<name><.*>) (?:is not supported|"
    r"requires between (?P<least>\d+) and (?P<most>\d+) arguments, but (?P<given>\d+) were given)"
)
"""How the engine says that it knows no such function, or not with so many arguments."""


class ResultTooLarge(Exception):  # noqa: N818 (it is an answer, not a fault)
    """The answer has more bytes than the limit."""


class Output:
    """What serialisers need of a binary file: it sends what is written as frames, and at most `limit` bytes."""

    def __init__(self, connection: socket.socket, form: str, *, limit: int) -> None:
        """Write an answer of this form to `connection`."""
        self._connection, self._form, self._limit, self._size, self._buffer = connection, form, limit, 0, bytearray()

    def write(self, data: Any) -> int:
        """Take `data` and return its length; raises ResultTooLarge."""
        self._size += len(data)
        if self._size > self._limit:
            raise ResultTooLarge
        self._buffer += data
        if len(self._buffer) >= PIECE:
            self._connection.sendall(frames.packed(b"D", self._buffer))
            self._buffer.clear()
        return len(data)

    def restart(self) -> None:
        """Take back what was written."""
        self._size = 0
        self._buffer.clear()
        self._connection.sendall(frames.packed(b"A"))

    def flush(self) -> None:
        """Do nothing: serialisers call it before the answer is known to be whole."""

    def finish(self) -> None:
        """Send the rest, and that it is complete. A small answer is one frame: each message wakes the other side."""
        self._connection.sendall(last(self._form, self._buffer))


def last(form: str, piece: bytes | bytearray) -> bytes:
    """Return the frame that completes an answer."""
    return frames.packed(b"E", b"%s\n%s" % (form.encode(), piece))


def run(
    connection: socket.socket, *, snapshot: Path | None, memory: int, result: int, aids: Path | None = None
) -> None:
    """Answer the questions that come over `connection` from the store in `snapshot` until the other side goes away.

    Without a snapshot only documents are derived. `memory` is what the worker may take beyond its start, `result` the
    size of an answer, both in bytes, `aids` the file whose prefixes graphs are written with.
    """
    threading.stack_size(STACK)
    # The filter of system calls binds the thread that installs it, and forbids to start another one.
    thread = threading.Thread(target=_live, args=(connection, snapshot, memory, result, aids))
    thread.start()
    thread.join()
    with suppress(OSError):  # mostly nobody listens any more; else the engine has given up
        connection.sendall(frames.LAST_WORDS)


def _live(connection: socket.socket, snapshot: Path | None, memory: int, result: int, aids: Path | None) -> None:
    from communique.snapshots import Snapshot

    store = Snapshot.open(snapshot) if snapshot else None
    prefixes = _prefixes(aids) if aids else {}
    guard.be_silent()
    last_words = guard.have_last_words(connection.fileno())  # noqa: F841 (memory that must live as long as the thread)
    missing = guard.lock_down(memory)
    connection.sendall(frames.packed(b"R", json.dumps(missing).encode()))
    _answer_all(connection, store, result, prefixes)


def _prefixes(aids: Path) -> dict[str, str]:
    """Return the prefixes of the site, none if it does not say them: a worker answers without them too."""
    try:
        return one_each(namespaces(json.loads(aids.read_bytes())["prefixes"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _answer_all(connection: socket.socket, store: Any, limit: int, prefixes: dict[str, str]) -> None:
    while (frame := frames.receive(connection)) is not None:
        try:
            if frame[0] == b"C":
                _convert(connection, *frame[1].split(b"\n", 1))
            elif frame[0] == b"V":
                _translate(connection, frame[1], limit, prefixes)
            else:
                _answer(connection, store, frame[1], limit, prefixes)
        except ResultTooLarge:
            _refuse(connection, 413, too_large(limit))
        except UsageError as error:
            formats = error.formats if isinstance(error, CannotHoldError) else ()
            _refuse(connection, 406, _said(error), formats=[each.name for each in formats])
        except SyntaxError as error:
            _refuse(connection, 400, _said(error))
        except (MemoryError, RuntimeError, ValueError, OSError) as error:
            _refuse(connection, 500, reason("failed", said=_cut(error).rstrip(".")))


def _answer(connection: socket.socket, store: Any, question: bytes, limit: int, known: dict[str, str]) -> None:
    manner, graphs, text = question.split(b"\n", 2)
    base, results_format, graph_format = json.loads(manner)
    default_graphs, named_graphs = json.loads(graphs) if graphs else ((), ())
    query = text.decode()
    ask = functools.partial(store.query, query, base=base, default_graphs=default_graphs, named_graphs=named_graphs)
    try:
        results = ask()
    except SyntaxError as error:
        return _refuse(connection, 400, *reasons_of(error, query, prefixes=(), based=True))
    except RuntimeError as error:
        if not (call := UNKNOWN_CALL.fullmatch(str(error))):
            raise
        values = {name: value for name, value in call.groupdict().items() if value}
        return _refuse(connection, 400, Reason("arguments" if "given" in values else "function", values))
    format_name = graph_format if results.form == "graph" else results_format
    if format_name is None:
        return _refuse(connection, 406, not_acceptable(graph=results.form == "graph"))
    output = Output(connection, results.form, limit=limit)
    prefixes = answer_prefixes(query, known, base=base or "") if results.form == "graph" else {}
    try:
        results.write(cast("IO[bytes]", output), format_name=format_name, prefixes=prefixes)
    except CapturedError:
        output.restart()
        ask().write(cast("IO[bytes]", output), format_name=format_name)
    return output.finish()


def _convert(connection: socket.socket, format: bytes, document: bytes) -> None:
    made = derive(document, format=FORMATS.by_name(format.decode()))
    connection.sendall(last("document", made))


def _translate(connection: socket.socket, payload: bytes, limit: int, known: dict[str, str]) -> None:
    said, _, body = payload.partition(b"\n")
    header = json.loads(said)
    formats = {kind: FORMATS.by_name(name) if name else None for kind, name in header.pop("formats").items()}
    output = Output(connection, "translation", limit=limit)
    try:
        prefixes = answer_prefixes(header.pop("query"), known)
        try:
            translate(body, output=cast("IO[bytes]", output), formats=formats, prefixes=prefixes, **header)
        except CapturedError:
            output.restart()
            translate(body, output=cast("IO[bytes]", output), formats=formats, **header)
    except (SyntaxError, ValueError) as error:
        return _refuse(connection, 422, _said(error))
    return output.finish()


def _refuse(connection: socket.socket, status: int, *reasons: Reason, formats: Sequence[str] = ()) -> None:
    said = {"status": status, "reasons": [each.member for each in reasons], "formats": formats}
    connection.sendall(frames.packed(b"X", json.dumps(said).encode()))


def _said(error: Exception) -> Reason:
    return reason("said", said=_cut(error))


def _cut(error: Exception) -> str:
    return str(error)[:2000]


def main(connection: socket.socket, arguments: list[str]) -> None:
    """Run a worker in a process that the nursery has just forked; `arguments` are snapshot, memory, result, aids."""
    guard.die_with_parent()
    snapshot, aids = (Path(each) if each else None for each in (arguments[0], arguments[3]))
    run(connection, snapshot=snapshot, memory=int(arguments[1]), result=int(arguments[2]), aids=aids)
