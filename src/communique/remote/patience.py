"""Patience: who waits for a service that does not begin to answer is told so, once."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Patience:
    """Tells that the service at `url` has not answered for some `seconds`; nothing without `tell`."""

    def __init__(self, url: str, *, seconds: float, tell: Callable[[str], None] | None) -> None:
        """Have told nothing yet."""
        self._url, self._seconds, self._tell = url, seconds, tell

    @contextmanager
    def waiting(self, left: float) -> Iterator[Callable[[], None]]:
        """Give what is to be called when the service begins to answer, for which it has so many seconds `left`."""
        timer = Timer(self._seconds, self._say, (left,))
        timer.daemon = True
        if self._tell and left > self._seconds:
            timer.start()
        try:
            yield timer.cancel
        finally:
            timer.cancel()

    def _say(self, left: float) -> None:
        tell, self._tell = self._tell, None
        if tell:
            more = f"waiting for {left - self._seconds:.0f} s more"
            tell(f"{self._url}: has not answered for {self._seconds:g} s; {more}")
