"""What slow queries cost who asks them, and how long one waits for that; time is told to the accounts."""

import asyncio
import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from communique.serving.budget import Budget, Standing
from communique.serving.exchange import Answer, Question
from communique.serving.limits import Limits, limits_of_service, limits_with
from communique.serving.metrics import Metrics
from communique.serving.problems import Refusal
from communique.serving.service_description import describe
from communique.serving.sparql import Endpoint

QUESTION = Question(query="ASK {}", base="http://example.org/", results="json", graph="turtle")


@dataclass
class Engine:
    """Answers each question with a status, after some seconds by its clock."""

    now: float = 0.0
    status: int = 200
    seconds: float = 0.001

    async def ask(self, question: Question, *, standing: Standing) -> Answer:
        self.now += self.seconds
        body = io.BytesIO(b"true") if self.status == 200 else None
        return Answer(status=self.status, form="boolean", body=body, size=4, seconds=self.seconds)


@dataclass
class Asked:
    """An endpoint that one client asks."""

    limits: Limits
    engine: Engine = field(default_factory=Engine)
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        async def nothing(request: Request) -> Response:
            return Response()

        self.budget = Budget(self.limits, clock=lambda: self.engine.now)
        self.endpoint = Endpoint(self.engine, self.limits, "http://example.org/", nothing, self.budget, Metrics())

    def __call__(self, status: int = 200, seconds: float = 0.001, *, client: str = "a") -> int:
        """Return the status of a query that ends so, by the engine or before it is asked."""
        self.engine.status, self.engine.seconds = status, seconds
        try:
            return asyncio.run(self.endpoint.answer(QUESTION, client)).answer.status
        except Refusal as refusal:
            self.refusal = refusal
            return refusal.status


def asked(*settings: str, over_a_service: bool = False) -> Asked:
    limits = limits_of_service(Limits()) if over_a_service else Limits()
    # With one answer kept no engine would be asked for the next.
    return Asked(limits_with(limits, [*settings, *([] if over_a_service else ["kept=1"])]))


def test_budgets_are_kept_apart_and_fill_again_with_time() -> None:
    now = [0.0]
    budget = Budget(Limits(budget=3.0, refill=0.1), clock=lambda: now[0])
    budget.spend("a", 4.0)
    assert (budget.left("a"), budget.left("b")) == (-1.0, 3.0)
    assert budget.wait("a") == 11
    now[0] = 30.0
    assert budget.left("a") == pytest.approx(2.0)
    now[0] = 1000.0
    assert budget.left("a") == 3.0


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "", False),
    ],
)
def test_one_host_has_one_budget_however_many_addresses_it_has(first: str, second: str, are_one: bool) -> None:
    ask = asked()
    for _ in range(3):
        ask(504, 10.0, client=first)
    assert (ask(client=first), ask(client=second)) == (429, 429 if are_one else 200)


def test_whoever_asked_for_far_too_much_may_ask_again_after_a_quarter_of_a_minute() -> None:
    now = [0.0]
    budget = Budget(Limits(budget=3.0, refill=0.1), clock=lambda: now[0])
    for _ in range(3):
        budget.spend("a", 10.0)
    assert budget.wait("a") == 15
    now[0] = 15.0
    assert budget.left("a") > 0
    assert budget.standing("a") is Standing.SUSPECT


@pytest.mark.parametrize("budget", ["0.5", "3", "10", "60", "600"])
def test_however_large_the_budget_nobody_waits_longer_and_all_of_it_comes_back_as_soon(budget: str) -> None:
    client = asked(f"budget={budget}")
    for _ in range(1000):
        client.budget.spend("a", 10.0, added=1.5)
    assert client() == 429
    began = client.engine.now
    client.engine.now = began + 15.01
    assert client() == 200
    client.engine.now = began + 45.01
    assert client.budget.left("a") == client.limits.budget
    assert client.budget.standing("a") is Standing.KNOWN


def test_over_a_service_it_takes_twice_as_long() -> None:
    client = asked("budget=300", over_a_service=True)
    for _ in range(100):
        client.budget.spend("a", 30.0)
    assert (client(), client.budget.wait("a")) == (429, 30)
    client.engine.now += 90.01
    assert client.budget.left("a") == 300.0


@pytest.mark.parametrize("budget", ["60", "600"])
def test_who_raises_the_budget_may_ask_long_queries_without_end(budget: str) -> None:
    client = asked(f"budget={budget}")
    assert {client(504, seconds=10.0) for _ in range(200)} == {504}
    assert client() == 200


def test_what_comes_back_can_be_set_as_well() -> None:
    for settings in (("budget=60", "refill=0.1"), ("refill=0.1", "budget=60")):
        client = asked(*settings)
        assert [client(504, seconds=10.0) for _ in range(8)] == [504] * 7 + [429]
        client.engine.now += 15.01
        assert client() == 200


@pytest.mark.parametrize("status", [500, 503, 504])
@pytest.mark.parametrize(("budget", "cost"), [("1", 0.5), ("3", 1.5), ("60", 1.5)])
def test_what_had_to_be_stopped_costs_the_same_whatever_the_budget(status: int, budget: str, cost: float) -> None:
    client = asked(f"budget={budget}")
    assert client(status, seconds=0.3) == status
    assert client.budget.left("a") == pytest.approx(client.limits.budget - cost)


def test_what_had_to_be_stopped_after_long_costs_what_it_took_and_no_more() -> None:
    client = asked("budget=60")
    client(504, seconds=10.0)
    assert client.budget.left("a") == 60.0 - 9.75


def test_who_is_refused_is_told_what_was_used_what_was_added_and_what_comes_back() -> None:
    client = asked()
    client(504, seconds=10.0)
    assert client() == 429
    assert client.refusal is not None
    assert client.refusal.headers["Retry-After"] == "15"
    assert client.refusal.detail == (
        "Your budget of 3 s for slow queries is used up: since it was full, yours took 9.75 s beyond what is free. "
        "0.1 s come back each second: try again in 15 s. "
        "Nobody waits longer than 15 s."
    )
    client.engine.now += 100.0
    assert [client(500, seconds=0.3) for _ in range(3)] == [500, 500, 500]
    assert client() == 429
    assert "yours took 0.15 s beyond what is free, and 4.35 s were added, as some had to be st" in client.refusal.detail


def told(limits: Limits) -> dict[str, tuple[str, str]]:
    """Return the value and the meaning of each limit by its name, from the description of the service."""
    found: dict[Any, dict[str, str]] = {}
    for each in describe("http://example.org/", limits=limits, size=None):
        node = found.setdefault(each.subject, {})
        node[each.predicate.value.rpartition("/")[2]] = getattr(each.object, "value", "")
    return {each["name"]: (each["value"], each["description"]) for each in found.values() if "unitText" in each}


def test_the_description_of_the_service_tells_what_a_stopped_query_costs_and_how_long_one_waits() -> None:
    limits = told(limits_with(Limits(), ["budget=60"]))
    assert limits["refill"][0] == "2"
    assert limits["penalty"][0] == "1.5"
    assert limits["penalty"][1].startswith("What a query that had to be stopped (500, 503, 504) costs at least")
    assert limits["longest-wait"][0] == "15"
