"""The pulse of an engine that queries are passed on to: does it answer anything, as one question finds out for all.

That a query takes long says nothing of its engine. So when one has taken a while in which nobody had an answer, the
engine is asked something that costs it nothing. If that has no answer either, the engine is silent, and what comes then
is refused, until it answers anything. What it has been asked before is waited for: it may be what keeps it so busy.
"""

import asyncio
import sys
from dataclasses import dataclass

from communique.remote import answers
from communique.remote.failures import LATE, failure_of
from communique.remote.service import ServiceError
from communique.remote.upstream import Upstream

PATIENCE = 5.0
"""Seconds that an engine has to answer the question."""
HURRY = 2.5
"""Seconds for which anybody waits for that."""
BELIEVED = 5.0
"""Seconds for which it is believed what was found out."""


@dataclass(slots=True)
class Pulse:
    """What is known of an engine. Use it within one event loop."""

    upstream: Upstream
    _trouble: str = ""
    _known_until: float = 0.0
    _silent_at: float = 0.0
    _asking: asyncio.Task[None] | None = None

    @property
    def silent(self) -> bool:
        """Whether the engine did not answer when it was asked last, nor has answered anything since."""
        return self._silent_at > self.upstream.heard

    def doubt(self, *, since: float) -> None:
        """Find out whether there is an answer, unless the engine has given one `since` a time of the event loop."""
        if self.upstream.heard < since:
            self._ask()

    async def is_there(self) -> bool:
        """Tell whether a query is worth asking: at once, unless a silence was noted too long ago to be believed."""
        if not self.silent:
            return True
        asking, now = self._ask(), asyncio.get_running_loop().time()
        if now > self._silent_at + BELIEVED:
            await asyncio.wait({asking}, timeout=HURRY)
        return not self.silent

    async def trouble(self) -> str:
        """Return why the engine cannot be used now, "" where it answers."""
        if asyncio.get_running_loop().time() >= self._known_until:
            done, _ = await asyncio.wait({self._ask()}, timeout=HURRY)
            if not done:
                return LATE.detail
        return self._trouble

    async def stop(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _ask(self) -> asyncio.Task[None]:
        """Return the one task that asks."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked())
        return self._asking

    async def _asked(self) -> None:
        clock, trouble = asyncio.get_running_loop().time, ""
        began = clock()
        try:
            reply = await self.upstream.whole("ASK {}", accept=answers.ACCEPT_RESULTS, graphs={}, deadline=PATIENCE)
            reply.body.close()
        except ServiceError as error:
            trouble = failure_of(error).detail
            if error.status == LATE.status and self.upstream.heard < began:
                if not self.silent:
                    url = self.upstream.url
                    sys.stderr.write(f"communique: {url}: answers nothing. Queries are refused until it does.\n")
                self._silent_at = clock()
        self._trouble, self._known_until = trouble, clock() + BELIEVED
