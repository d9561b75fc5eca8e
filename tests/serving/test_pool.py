import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique import snapshots
from communique.serving import processes
from communique.serving.budget import Standing
from communique.serving.exchange import Answer, Question
from communique.serving.limits import MIB, Limits
from communique.serving.pool import Pool

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ORDINARY = "SELECT ?o { <http://example.org/s1> <http://example.org/p> ?o }"
LIMITS = Limits(
    deadline=1.0,
    fast_slice=0.2,
    fast_workers=2,
    stranger_workers=1,
    worker_memory=256 * MIB,
    result=MIB,
    queue_wait=1.0,
)
ANSWERS: list[Answer] = []


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pool") / "snapshot"
    predicate = ox.NamedNode("http://example.org/p")
    numbers = range(5000)
    snapshots.write(
        (ox.Quad(ox.NamedNode(f"http://example.org/s{n}"), predicate, ox.Literal(n)) for n in numbers), folder
    )
    yield folder


def with_pool(snapshot: Path, use: Callable[[Pool], Awaitable[None]], *, limits: Limits = LIMITS) -> None:
    async def run() -> None:
        pool = Pool(snapshot, limits)
        await pool.start()
        try:
            await use(pool)
        finally:
            await pool.stop()

    asyncio.run(run())


async def ask(pool: Pool, query: str, *, results: str | None = "json", graph: str | None = "turtle") -> Answer:
    answer = await pool.ask(Question(query=query, base="http://example.org/", results=results, graph=graph))
    ANSWERS.append(answer)
    return answer


@pytest.fixture(autouse=True)
def _closed_answers() -> Iterator[None]:
    yield
    while ANSWERS:
        ANSWERS.pop().close()


def text(answer: Answer) -> str:
    assert answer.body is not None
    return answer.body.read().decode()


async def still_answers(pool: Pool) -> bool:
    rows = json.loads(text(await ask(pool, ORDINARY)))["results"]["bindings"]
    return [row["o"]["value"] for row in rows] == ["1"]


def test_a_query_is_answered_whole(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        answer = await ask(pool, "SELECT * { ?s ?p ?o }", results="csv")
        assert (answer.status, answer.form) == (200, "bindings")
        assert len(text(answer).splitlines()) == 5001

    with_pool(snapshot, use)


def test_a_syntax_error_says_where_it_is_and_costs_no_worker(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        answer = await ask(pool, "SELECT * { ?s ?p }")
        assert answer.status == 400
        assert "error at 1:" in answer.detail
        assert pool.counts["killed"] == 0

    with_pool(snapshot, use)


def test_a_form_that_the_client_does_not_accept_is_refused(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        assert (await ask(pool, ORDINARY, results=None)).status == 406
        assert (await ask(pool, "DESCRIBE <http://example.org/s1>", graph=None)).status == 406
        assert (await ask(pool, "DESCRIBE <http://example.org/s1>", results=None)).form == "graph"

    with_pool(snapshot, use)


def test_a_runaway_query_is_killed_at_the_deadline_and_ordinary_ones_go_on_beside_it(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        runaway = asyncio.create_task(ask(pool, RUNAWAY))
        await asyncio.sleep(LIMITS.fast_slice + 0.3)
        assert await still_answers(pool)
        assert not runaway.done()
        answer = await runaway
        assert answer.status == 504
        assert answer.seconds < LIMITS.deadline + 1
        assert await still_answers(pool)

    with_pool(snapshot, use)


def test_the_slow_lane_sheds_what_it_cannot_hold(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        answers = await asyncio.gather(ask(pool, RUNAWAY), ask(pool, RUNAWAY))
        assert sorted(answer.status for answer in answers) == [503, 504]
        assert [answer.retry for answer in answers if answer.status == 503] == [5]

    with_pool(snapshot, use, limits=replace(LIMITS, fast_slice=0.05, deadline=3.0))


def test_queries_that_take_long_do_not_keep_others_waiting(snapshot: Path) -> None:
    """More of them than there are workers: others are started, as many as may be."""

    async def use(pool: Pool) -> None:
        running = [asyncio.create_task(ask(pool, RUNAWAY)) for _ in range(4)]
        assert await still_answers(pool)
        assert not any(task.done() for task in running)
        await asyncio.gather(*running)

    with_pool(snapshot, use, limits=replace(LIMITS, fast_slice=2.0, deadline=4.0, queue_wait=4.0))


def test_the_slice_shrinks_when_no_more_workers_may_be_started(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        running = [asyncio.create_task(ask(pool, RUNAWAY)) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert await still_answers(pool)
        assert not all(task.done() for task in running)
        await asyncio.gather(*running)

    crowded = replace(LIMITS, fast_slice=1.0, deadline=6.0, spare_workers=0, queue_wait=5.0, slow_lane=2)
    with_pool(snapshot, use, limits=crowded)


def test_a_query_beyond_the_memory_of_a_worker_ends_that_worker_only(
    snapshot: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def use(pool: Pool) -> None:
        doubled = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
        answer = await ask(pool, f'SELECT ?v40 {{ BIND("x" AS ?v0) {doubled} }}')
        assert answer.status == 500
        assert answer.detail.startswith("The query went beyond the memory or nesting that a worker has.")
        lines = capfd.readouterr().err.splitlines()
        assert [line[:13] for line in lines] == ["communique: " + answer.detail[-9]], (
            "and nothing else, as by the engine"
        )
        assert answer.detail[-9:-1] in lines[0]
        assert "SELECT ?v40" in lines[0]
        assert await still_answers(pool)

    with_pool(snapshot, use, limits=replace(LIMITS, deadline=10.0))


def test_a_query_that_is_too_deep_for_the_engine_is_told_so(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        answer = await ask(pool, "SELECT * {" + "{" * 400_000 + "}" * 400_000 + "}")
        assert answer.status == 500
        assert answer.detail.startswith("The query went beyond the memory or nesting that a worker has.")

    with_pool(snapshot, use, limits=replace(LIMITS, deadline=10.0))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {" + "{" * 2300 + "}" * 2300 + "}",
        "SELECT (" + "STR(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}",
        "SELECT * { FILTER(" + "!" * 10_000 + "true) }",
    ],
)
def test_nesting_that_kills_a_thread_of_ordinary_size_is_survived(snapshot: Path, query: str) -> None:
    async def use(pool: Pool) -> None:
        assert (await ask(pool, query)).status in (200, 400, 500)
        assert await still_answers(pool)

    with_pool(snapshot, use)


def test_an_answer_beyond_the_limit_is_an_error_and_not_a_part(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        answer = await ask(pool, "SELECT * { ?s ?p ?o . ?t ?q ?r }")
        assert (answer.status, answer.body) == (413, None)
        assert "1 MiB" in answer.detail
        assert text(await ask(pool, ORDINARY, results="csv")).split() == ["o", "1"], "a rest of the answer before"

    with_pool(snapshot, use, limits=replace(LIMITS, fast_workers=1, result=MIB + 100_000, deadline=10.0))


def test_a_worker_reaches_no_other_host(snapshot: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)

        async def use(pool: Pool) -> None:
            port = listener.getsockname()[1]
            answer = await ask(pool, f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
            assert answer.status == 500

        with_pool(snapshot, use)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_worker_killed_at_work_fails_its_query_only(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        asking = asyncio.create_task(ask(pool, RUNAWAY))
        known = pool._lanes[Standing.KNOWN]
        mine = {worker for worker, lane in pool._alive.items() if lane is known}
        while not (busy := mine - set(known.ready._queue)):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        os.kill(busy.pop().pid, signal.SIGKILL)
        answer = await asking
        assert (answer.status, answer.retry) == (503, 2)
        assert answer.detail.startswith("The worker of the query was ended from outside.")
        assert await still_answers(pool)

    with_pool(snapshot, use)


def test_a_worker_killed_while_it_had_nothing_to_do_fails_no_query(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        for worker in tuple(pool._alive):
            os.kill(worker.pid, signal.SIGKILL)
        for _ in range(4):
            assert await still_answers(pool)

    with_pool(snapshot, use)


def test_a_worker_that_ends_while_it_has_nothing_to_do_is_replaced_though_nobody_asks(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        former = set(pool._alive)
        for worker in former:
            os.kill(worker.pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            while former & set(pool._alive):
                await asyncio.sleep(0.005)
            assert pool.counts["crashed"] == len(former)
            while sum(lane.ready.qsize() for lane in set(pool._lanes.values())) < len(former):
                await asyncio.sleep(0.005)
        assert pool.workers == len(former)
        assert await still_answers(pool)
        assert pool.counts["crashed"] == len(former)

    with_pool(snapshot, use)


def test_a_query_whose_worker_ended_before_it_took_it_is_given_to_another_one(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        former = tuple(pool._alive)
        for worker in former:
            os.kill(worker.pid, signal.SIGSTOP)
        asking = asyncio.create_task(still_answers(pool))
        await asyncio.sleep(0.1)
        for worker in former:
            os.kill(worker.pid, signal.SIGKILL)
        assert await asking

    with_pool(snapshot, use)


def test_a_question_that_nobody_waits_for_frees_its_worker(snapshot: Path) -> None:
    async def use(pool: Pool) -> None:
        for _ in range(4):
            asking = asyncio.create_task(ask(pool, RUNAWAY))
            await asyncio.sleep(0.05)
            asking.cancel()
        assert await still_answers(pool)

    with_pool(snapshot, use)


def test_a_nursery_that_hangs_does_not_outlive_the_pool(snapshot: Path) -> None:
    nurseries = []

    async def use(pool: Pool) -> None:
        worker = next(iter(pool._alive))
        status = Path(f"/proc/{worker.pid}/status").read_text()
        nurseries.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:")))
        os.kill(nurseries[0], signal.SIGSTOP)

    with_pool(snapshot, use)
    assert not Path(f"/proc/{nurseries[0]}").exists()


def test_a_nursery_whose_server_goes_away_without_reading_its_answer_ends_in_silence() -> None:
    ours, theirs = socket.socketpair()
    worker, server = socket.socketpair()
    with ours, theirs, worker, server:
        command = [sys.executable, "-m", "communique.serving.nursery", str(theirs.fileno())]
        nursery = subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True)
        theirs.close()
        socket.send_fds(ours, [b"x"], [worker.fileno()])
        assert select.select([ours], [], [], 30)[0]
    _, told = nursery.communicate(timeout=30)
    assert ("Traceback" in told, nursery.returncode) == (False, 0)


def test_no_process_outlives_the_pool(snapshot: Path) -> None:
    pids = set()

    async def use(pool: Pool) -> None:
        pids.update(worker.pid for worker in pool._alive)

    with_pool(snapshot, use)
    assert pids
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_a_snapshot_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no worker"):
        with_pool(tmp_path / "missing", lambda pool: asyncio.sleep(0))


def test_who_worked_last_is_asked_again_though_another_was_hired_since(snapshot: Path) -> None:
    async def worker_of(pool: Pool) -> set[int]:
        """Return the worker that is asked: a query that takes a while is at work meanwhile."""
        before = {worker.pid: cpu_ticks(worker.pid) for worker in pool._alive}
        await ask(pool, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c < 60) }")
        return {pid for pid, ticks in before.items() if cpu_ticks(pid) > ticks}

    async def use(pool: Pool) -> None:
        warm = await worker_of(pool)
        assert len(warm) == 1
        await pool._hire(next(iter(pool._lanes.values())))
        assert await worker_of(pool) == warm

    with_pool(snapshot, use, limits=replace(LIMITS, deadline=10.0, fast_slice=10.0, patience=10.0))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell what is open")
def test_a_worker_has_nothing_open_but_its_snapshot_and_its_connection(snapshot: Path, tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")  # it hands everything down that may be inherited
    (tmp_path / "of the shell").touch()
    opened: list[str] = []

    async def use() -> None:
        pool = Pool(snapshot, LIMITS)
        await pool.start()
        opened.extend(
            str(each.readlink()) for worker in pool._alive for each in Path(f"/proc/{worker.pid}/fd").iterdir()
        )
        await pool.stop()

    with (tmp_path / "of the shell").open() as of_the_shell, asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        os.set_inheritable(of_the_shell.fileno(), True)
        loop.run(use())
    assert any(each.startswith(str(snapshot)) for each in opened)
    allowed = (str(snapshot), "/dev/null", "socket:")
    assert [each for each in opened if not each.startswith(allowed)] == []


def cpu_ticks(pid: int) -> float:
    return processes.cpu_seconds(pid) or 0.0
