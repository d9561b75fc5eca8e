"""Turns: of the builds of one site one writes at a time, and the others may wait for it."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from communique.errors import AccessError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOCK = "lock"


class AtWorkError(AccessError):
    """Another build is at work: to be had again when it has ended."""


@contextmanager
def turn(keep: Path, out: Path) -> Iterator[None]:
    """Hold the one lock of `out`; the kernel frees it when its holder dies (flock(2))."""
    with (keep / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWorkError(_at_work(out, lock)) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def wait_for_others(out: Path, tell: Callable[[str], None] = lambda _: None) -> bool:
    """Wait until no build of `out` is at work, and return whether one was; `tell` is told which one, before."""
    out = out.absolute()
    try:
        lock = (out.parent / f".{out.name}" / LOCK).open("r")
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            tell(_at_work(out, lock))
        fcntl.flock(lock, fcntl.LOCK_SH)
    return True


def _at_work(out: Path, lock: IO[str]) -> str:
    lock.seek(0)
    return f"{out}: another build is at work (process {lock.read().strip() or 'unknown'})"
