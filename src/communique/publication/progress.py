"""Progress: what is being done, for eyes at a terminal; a file or a pipe on the other end of stderr gets none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.live import Live

EVERY = 25


class Progress:
    """One line on a terminal that says what is going on, and vanishes at the end."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Find out whether anybody is looking."""
        self._live: Live | None = None
        if quiet:
            return
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner

        console = Console(stderr=True)
        if console.is_terminal:
            self._spinner = Spinner("dots", style="status.spinner")
            self._live = Live(self._spinner, console=console, refresh_per_second=12.5, transient=True)

    def __enter__(self) -> Self:
        """Show the line."""
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the line."""
        if self._live:
            self._live.stop()

    def stand_still(self) -> None:
        """Move only when something is said from now on: the thread that moves the line is in the way of a fork."""
        if self._live:
            self._live.stop()
            self._live.auto_refresh = False
            self._live.start()

    def say(self, words: str) -> None:
        """Say what begins now."""
        if self._live:
            from rich.text import Text

            self._spinner.update(text=Text(words))
            self._live.refresh()

    def page(self, number: int, path: str) -> None:
        """Say which page is being written, now and then."""
        if number % EVERY == 1:
            self.say(f"Page {number}: {path}")
