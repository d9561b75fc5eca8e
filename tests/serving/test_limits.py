"""Limits: an operator may set each, and whoever asks is told all."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import httpx2
import pytest
from processes import Serving

from communique.errors import UsageError
from communique.serving.limits import Limits, limits_of_service, limits_with
from communique.serving.service_description import describe


def test_seconds_counts_and_bytes_are_set_by_name() -> None:
    limits = limits_with(Limits(), ["deadline=0.5", "per-client=9", "worker-memory=1.5GiB", "body=2MiB"])
    assert (limits.deadline, limits.per_client, limits.worker_memory) == (0.5, 9, 3 << 29)
    assert (limits.body, limits.queue) == (2 << 20, Limits().queue)


@pytest.mark.parametrize(
    ("setting", "remedy"),
    [
        ("deadline", "must be a name and a number"),
        ("deadline=soon", "must be a name and a number"),
        ("worker-memory=2GB", "must be a name and a number"),
        ("patients=3", "there is no limit patients; there are deadline, fast-slice, patience"),
        ("deadline=0", "must be a number above zero"),
        ("queue=1.5", "must be a whole number above zero"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_the_remedy(setting: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=f"--limit {setting}: {remedy}"):
        limits_with(Limits(), [setting])


def test_the_service_description_tells_every_limit() -> None:
    described = describe("https://example.org/sparql", limits=Limits(), size=None)
    told = {each.object.value for each in described if each.predicate.value == "http://schema.org/name"}  # type: ignore[union-attr]
    assert told == {each.name.replace("_", "-") for each in fields(Limits)}


def test_a_limit_is_set_by_the_name_by_which_it_is_told() -> None:
    described = describe("https://example.org/sparql", limits=Limits(), size=None)
    told = [each.object.value for each in described if each.predicate.value == "http://schema.org/name"]  # type: ignore[union-attr]
    assert len(told) == len(fields(Limits))
    for name in told:
        assert limits_with(Limits(), [f"{name}=7"]) != Limits()
    assert limits_with(Limits(), ["per client=8", "fast_workers=3"]) == Limits(per_client=8, fast_workers=3)


def test_what_there_is_not_over_a_service_is_neither_told_nor_set() -> None:
    limits = limits_of_service(Limits())
    described = describe("https://example.org/sparql", limits=limits, size=None)
    told = {each.object.value for each in described if each.predicate.value.startswith("http://schema.org/")}  # type: ignore[union-attr]
    assert {
        "deadline",
        "fast-workers",
        "Queries that the service is asked at once, beside those in the slow lane.",
    } <= told
    assert not {"kept", "kept-answer", "ready", "stranger-workers", "0"} & told
    with pytest.raises(UsageError, match="there is no limit kept; there are deadline, "):
        limits_with(limits, ["kept=64MiB"])


def test_a_server_keeps_to_the_limits_that_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<https://example.org/a> a <https://example.org/Thing> .", encoding="utf-8")
    server = Serving(str(tmp_path), "--limit", "query=30", "--limit", "deadline=7.5")
    try:
        asked = httpx2.get(f"{server.url}sparql", params={"query": "ASK { ?s ?p ?o }" + " " * 30})
        described = httpx2.get(f"{server.url}sparql", headers={"Accept": "text/turtle"}).text
    finally:
        server.stop()
    assert asked.status_code == 413 and "30" in asked.json()["detail"]
    assert "7.5" in described


def test_a_wrong_limit_ends_the_command_before_anything_is_built(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "communique", "serve", str(tmp_path), "--limit", "speed=1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "there is no limit speed" in done.stderr
