"""Progress: what is being done, for eyes at a terminal; a file or a pipe on the other end of stderr gets none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

EVERY = 25


class Progress:
    """One line on a terminal that says what is going on, and vanishes at the end."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Find out whether anybody is looking."""
        from rich.console import Console

        console = Console(stderr=True)
        self._status: Status | None = None if quiet or not console.is_terminal else console.status("")
        self._pages = 0

    def __enter__(self) -> Self:
        """Show the line."""
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the line."""
        if self._status:
            self._status.stop()

    def say(self, words: str) -> None:
        """Say what begins now."""
        if self._status:
            from rich.markup import escape

            self._status.update(escape(words))

    def page(self, path: str) -> None:
        """Count a page."""
        self._pages += 1
        if self._status and self._pages % EVERY == 1:
            self.say(f"Page {self._pages}: {path}")
