"""How much slow work each client may still ask for, and how it stands with us."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from ipaddress import IPv6Network, ip_address

from communique.reasons import Reason, reason
from communique.serving.limits import Limits

MANY = 10_000
"""Clients that are remembered."""


NETWORK = 64
"""Bits of an IPv6 address that name a network; the others are whatever a host in it likes (RFC 4291, section 2.5.4)."""


@lru_cache(maxsize=MANY)
def payer_at(address: str) -> str:
    """Return who pays for what is asked from an address: of IPv6 the network, as one host may have all its addresses.

    >>> payer_at("2001:db8::1:2"), payer_at("::ffff:192.0.2.1"), payer_at("192.0.2.1")
    ('2001:db8::/64', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found), NETWORK), strict=False))


class Standing(Enum):
    """Whether a client was answered lately without much ado, was never here, or has asked for something expensive."""

    KNOWN = "known"
    STRANGER = "stranger"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True)
class Account:
    """What a client had left at a time, and why: what its queries took since it had all, and what was added to that."""

    left: float
    since: float
    took: float = 0.0
    added: float = 0.0


@dataclass(slots=True)
class Budget:
    """Seconds left by client: what a query takes beyond the fast slice is spent, and returns with time.

    Time is monotonic, so that a jump of the clock neither frees nor ruins anybody.
    """

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _accounts: dict[str, Account] = field(default_factory=dict)
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def left(self, client: str) -> float:
        """Return the seconds that `client` may spend now; below zero after an expensive query."""
        if client not in self._accounts:
            return self.limits.budget
        account = self._accounts[client]
        return min(self.limits.budget, account.left + (self.clock() - account.since) * self.limits.refill)

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

    def spend(self, client: str, seconds: float, *, added: float = 0.0) -> None:
        """Take what a query of `client` took, and what is added to that as a penalty: seconds, 0 or more each.

        The debt is never so large that it takes more than the longest wait to come out of it: one long query costs a
        while, and not the patience of who wrote it.
        """
        self._forget_the_rich()
        self._known.pop(client, None)
        before, now = self.left(client), self.clock()
        account = self._accounts.get(client) if before < self.limits.budget else None
        took, more = (account.took, account.added) if account else (0.0, 0.0)
        # A bit less, as who comes in the last second of the wait has not waited enough.
        left = max(before - seconds - added, -self.limits.longest_wait * self.limits.refill * 0.999)
        self._accounts[client] = Account(left, now, took + seconds, more + added)

    def statement(self, client: str) -> tuple[Reason, Reason]:
        """Return what has used up the budget of `client`, what comes back, and when to ask again."""
        account, limits = self._accounts[client], self.limits
        used = {"budget": limits.budget, "took": _rounded(account.took), "added": _rounded(account.added)}
        return (
            Reason("added" if account.added else "budget", used),
            reason("refill", refill=_rounded(limits.refill), wait=self.wait(client), longest=limits.longest_wait),
        )

    def wait(self, client: str) -> int:
        """Return after how many whole seconds (1 or more) `client` has budget again (Retry-After, RFC 9110 10.2.3)."""
        return max(1, int(-self.left(client) / self.limits.refill) + 1)

    def _forget_the_rich(self) -> None:
        """Drop full accounts, so that memory follows the clients who cost something and not all who ever came."""
        if len(self._accounts) >= MANY:
            self._accounts = {
                client: account for client, account in self._accounts.items() if self.left(client) < self.limits.budget
            }


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")
