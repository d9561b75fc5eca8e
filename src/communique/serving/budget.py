"""How much slow work each client may still ask for, and how it stands with us."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from communique.serving.limits import Limits

MANY = 10_000
"""Clients that are remembered."""
DEBT = 0.5
"""The part of a budget that a client can owe: one long query costs a while, and not the patience of who wrote it."""


class Standing(Enum):
    """Whether a client was answered lately without much ado, was never here, or has asked for something expensive."""

    KNOWN = "known"
    STRANGER = "stranger"
    SUSPECT = "suspect"


@dataclass(slots=True)
class Budget:
    """Seconds left by client: what a query takes beyond the fast slice is spent, and returns with time.

    Time is monotonic, so that a jump of the clock neither frees nor ruins anybody.
    """

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _accounts: dict[str, tuple[float, float]] = field(default_factory=dict)
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def left(self, client: str) -> float:
        """Return the seconds that `client` may spend now; below zero after an expensive query."""
        if client not in self._accounts:
            return self.limits.budget
        seconds, since = self._accounts[client]
        return min(self.limits.budget, seconds + (self.clock() - since) * self.limits.refill)

    def standing(self, client: str) -> Standing:
        """Return how `client` stands: whoever has spent a tenth of the budget is a suspect until it has come back."""
        if self.left(client) < self.limits.budget * 0.9:
            return Standing.SUSPECT
        return Standing.KNOWN if client in self._known else Standing.STRANGER

    def welcome(self, client: str) -> None:
        """Remember that a query of `client` was answered at little cost."""
        self._known[client] = None
        self._known.move_to_end(client)
        if len(self._known) > MANY:
            self._known.popitem(last=False)

    def spend(self, client: str, seconds: float) -> None:
        """Take `seconds` (0 or more) from the account of `client`, down to a debt of DEBT budgets."""
        self._forget_the_rich()
        self._known.pop(client, None)
        left = max(self.left(client) - seconds, -DEBT * self.limits.budget)
        self._accounts[client] = (left, self.clock())

    def wait(self, client: str) -> int:
        """Return after how many whole seconds (1 or more) `client` has budget again (Retry-After, RFC 9110 10.2.3)."""
        return max(1, int(-self.left(client) / self.limits.refill) + 1)

    def _forget_the_rich(self) -> None:
        """Drop full accounts, so that memory follows the clients who cost something and not all who ever came."""
        if len(self._accounts) >= MANY:
            self._accounts = {
                client: account for client, account in self._accounts.items() if self.left(client) < self.limits.budget
            }
