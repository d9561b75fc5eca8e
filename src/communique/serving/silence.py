"""An engine that is silent: who waits for it is told when the first has waited in vain, and who comes soon at once.

After SECONDS the next page tries again. An engine that answers, if only that it is busy, is not silent; nor is one that
has answered something of the same page.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TypeVar

from communique.reasons import reason
from communique.serving.problems import Refusal

SECONDS = 5
SILENT = reason("engine-silent")
T = TypeVar("T")


class Unavailable(Refusal):
    """A page that cannot be made now; `reason` is a word of `communique.remote.failures`.

    It is `silent` where the engine answered nothing at all in the time that it had.
    """

    def __init__(self, reason: str, status: int, detail: str, *, retry: int = 0, silent: bool = False) -> None:
        """Keep the reason; `retry` are seconds after which to come back, or 0."""
        super().__init__(status, detail, headers={"Retry-After": str(retry)} if retry else None)
        self.reason, self.silent = reason, silent


@dataclass(slots=True)
class Silence:
    """What is known of the silence of one engine."""

    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _until: float = 0.0

    def refuse(self) -> None:
        """Raise Unavailable where the engine was silent a moment ago."""
        if asyncio.get_running_loop().time() < self._until:
            raise _silent()

    def note(self, problem: Refusal) -> None:
        """Tell all who wait, if this is a silence."""
        if isinstance(problem, Unavailable) and problem.silent:
            self._until = asyncio.get_running_loop().time() + SECONDS
            self._heard.set()
            self._heard = asyncio.Event()

    async def unless(self, task: "asyncio.Task[T]") -> T:
        """Return what a task makes, which goes on without who waits for it; raise as soon as there is silence."""
        heard = asyncio.create_task(self._heard.wait())
        try:
            await asyncio.wait((task, heard), return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
        if task.done():
            return task.result()
        raise _silent()


def _silent() -> Unavailable:
    return Unavailable("late", 503, str(SILENT), retry=SECONDS)
