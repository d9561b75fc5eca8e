"""How much slow work each client may still ask for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from communique.serving.limits import Limits


@dataclass(slots=True)
class Budget:
    """Seconds left by client: what a query takes beyond the fast slice is spent, and returns with time.

    Time is monotonic, so that a jump of the clock neither frees nor ruins anybody.
    """

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _accounts: dict[str, tuple[float, float]] = field(default_factory=dict)

    def left(self, client: str) -> float:
        """Return the seconds that `client` may spend now; below zero after an expensive query."""
        seconds, since = self._accounts.get(client, (self.limits.budget, self.clock()))
        return min(self.limits.budget, seconds + (self.clock() - since) * self.limits.refill)

    def spend(self, client: str, seconds: float) -> None:
        """Take `seconds` (0 or more) from the account of `client`."""
        self._forget_the_rich()
        self._accounts[client] = (self.left(client) - seconds, self.clock())

    def wait(self, client: str) -> int:
        """Return after how many whole seconds (1 or more) `client` has budget again (Retry-After, RFC 9110 10.2.3)."""
        return max(1, int(-self.left(client) / self.limits.refill) + 1)

    def _forget_the_rich(self) -> None:
        """Drop full accounts, so that memory follows the clients who cost something and not all who ever came."""
        if len(self._accounts) >= 10_000:
            self._accounts = {
                client: account for client, account in self._accounts.items() if self.left(client) < self.limits.budget
            }
