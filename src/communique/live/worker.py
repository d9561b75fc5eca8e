"""A page worker: a process that makes pages over a service, one at a time, and can be killed.

It talks by the frames of `serving.frames` over its standard input and output.

| kind | from | payload |
|---|---|---|
| P | web | the path of a page, without an extension |
| S | web | a search as JSON: text, language |
| R | worker | ready: what is known from the beginning, as JSON |
| F | worker | a file of the page: its path, a line feed, its bytes |
| E | worker | the page is complete; its number of queries |
| N | worker | there is no such page |
| A | worker | what a search has found, as JSON |
| X | worker | why there is no page, as JSON: reason, status, detail, retry, and if the service was silent |
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from communique.errors import CommuniqueError
from communique.live.making import Maker
from communique.live.searching import search
from communique.live.shell import COUNTS, counts_read
from communique.live.steps import TooMuch
from communique.project import Project
from communique.remote.failures import LARGE, WRONG, Failure, failure_of
from communique.remote.service import Service, ServiceError, TooLarge
from communique.serving import frames, guard

if TYPE_CHECKING:
    from communique.descriptions.statistics import Statistics
    from communique.live.site import LiveSite

LIMIT = 64 << 20
"""Bytes of one reply of the service."""
TRIES = 3


def run(source: BinaryIO, target: BinaryIO, settings: dict[str, object]) -> None:
    """Make the pages that are asked for until nobody asks any more."""
    seconds, fresh = float(cast("float", settings["deadline"])), float(cast("float", settings["fresh"]))
    try:
        service = Service(str(settings["url"]), timeout=seconds, limit=LIMIT, tries=TRIES)
        project = Project.open(Path(str(settings["project"])), may_be_empty=True)
        only = tuple(cast("list[str]", settings["only"]))
        counts = _counts(Path(str(settings["shell"])) / COUNTS, fresh)
        maker = Maker(project, service, only=only, fresh=fresh, tell=_tell, counts=counts)
    except CommuniqueError as error:
        _send(target, b"X", json.dumps({"status": 502, "detail": str(error)}).encode())
        return
    _send(target, b"R", json.dumps(_known(maker.site)).encode())
    for _ in maker.warming():
        if select.select([source], [], [], 0)[0]:
            break
    while head := source.read(frames.HEAD.size):
        kind, length = frames.HEAD.unpack(head)
        payload = source.read(length)
        try:
            if kind == b"S":
                _search(maker, target, **json.loads(payload))
            else:
                _page(maker, payload.decode(), target)
        except TooMuch as error:
            _refuse(target, LARGE._replace(detail=f"{error} Ask the endpoint instead."))
        except TooLarge:
            _refuse(target, LARGE)
        except ServiceError as error:
            _tell(f"communique: {payload[:200].decode(errors='replace')}: {error}")
            _refuse(target, failure_of(error), silent=error.silent and not maker.reader.answered)
        except CommuniqueError as error:
            _tell(f"communique: {error}")
            _refuse(target, WRONG._replace(status=500))


def _known(site: LiveSite) -> dict[str, object]:
    """Return what is known of the paths of pages from the beginning."""
    return {
        "stems": sorted(site.stems),
        "folders": [site.targets.free(name) for name in ("classes", "links")],
        "renamed": site.targets.renamed,
        "reserved": sorted(site.targets.reserved),
    }


def _counts(path: Path, fresh: float) -> Statistics | None:
    """Return the numbers that were read with the shell, as long as they hold."""
    try:
        return counts_read(path) if time.time() - path.stat().st_mtime < fresh else None
    except (OSError, ValueError):
        return None


def _page(maker: Maker, stem: str, target: BinaryIO) -> None:
    files = maker.make(stem)
    if files is None:
        return _send(target, b"N", b"")
    for name, content in files.items():
        _send(target, b"F", name.encode() + b"\n" + content)
    return _send(target, b"E", str(maker.asked).encode())


def _search(maker: Maker, target: BinaryIO, *, text: str, language: str) -> None:
    answer = search(maker, text, language=language)
    _send(target, b"A", json.dumps(asdict(answer)).encode())


def _refuse(target: BinaryIO, failure: Failure, *, silent: bool = False) -> None:
    _send(target, b"X", json.dumps({**failure._asdict(), "silent": silent}).encode())


def _send(target: BinaryIO, kind: bytes, payload: bytes) -> None:
    target.write(frames.packed(kind, payload))
    target.flush()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Run a page worker; its settings are JSON in the first argument."""
    settings = json.loads(sys.argv[1])
    guard.die_with_parent()
    guard.leave_signals_to_parent()
    memory = int(settings["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What anything prints must not get between the frames.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    run(sys.stdin.buffer, target, settings)


if __name__ == "__main__":
    main()
