"""Processes that share the work of one, and the pages of a site that they write."""

import os
import pickle
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from communique.errors import AccessError, DataError, Problem, ProjectError
from communique.publication.parallel import in_parallel
from communique.publication.publishing import publish
from communique.shacl.validation import ValidationReport
from made_projects import make_site

MANY = "".join(
    f':n{number} a foaf:Person ; rdfs:label "N {number}"@en ; foaf:knows :n{number // 2} .\n' for number in range(400)
)


def squares(numbers: Iterable[int]) -> tuple[int, list[int]]:
    return os.getpid(), [number * number for number in numbers]


def test_each_task_is_done_once() -> None:
    results = in_parallel(range(5000), squares, jobs=3, least=1)
    assert sorted(square for _, those in results for square in those) == [number * number for number in range(5000)]
    assert len({pid for pid, _ in results}) == 3


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_the_error_of_the_first_task_that_fails_is_raised(jobs: int) -> None:
    def fail(numbers: Iterable[int]) -> None:
        for number in numbers:
            if number % 100 == 99:
                raise ProjectError(f"task {number}")

    with pytest.raises(ProjectError, match=r"^task 99$"):
        in_parallel(range(3000), fail, jobs=jobs, least=1)


def test_a_process_that_is_killed_is_told_of() -> None:
    parent, (heard, say) = os.getpid(), os.pipe()

    def die(numbers: Iterable[int]) -> None:
        for _ in numbers:
            if os.getpid() != parent:
                os.write(say, b".")
                os.kill(os.getpid(), signal.SIGKILL)
            os.read(heard, 1)
            return

    with pytest.raises(AccessError, match="--jobs 1"):
        in_parallel(range(1000), die, jobs=2, least=1)


def test_nothing_is_left_of_processes_when_the_first_one_is_interrupted() -> None:
    parent = os.getpid()

    def wait(numbers: Iterable[int]) -> None:
        for _ in numbers:
            if os.getpid() == parent:
                raise KeyboardInterrupt
            signal.pause()

    with pytest.raises(KeyboardInterrupt):
        in_parallel(range(1000), wait, jobs=3, least=1)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_process_with_threads_works_alone() -> None:
    free = threading.Event()
    thread = threading.Thread(target=free.wait)
    thread.start()
    try:
        assert [pid for pid, _ in in_parallel(range(1000), squares, jobs=2, least=1)] == [os.getpid()]
    finally:
        free.set()
        thread.join()


def test_the_problems_of_data_are_the_same_in_another_process() -> None:
    error = DataError([Problem(Path("data/a.ttl"), 3, 1, "is wrong.", "Mend it.")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_a_site_has_the_same_files_whoever_writes_its_pages(tmp_path: Path) -> None:
    site = make_site(tmp_path, MANY)
    alone = publish(site, report=ValidationReport(), out=tmp_path / "alone")
    shared = publish(site, report=ValidationReport(), out=tmp_path / "shared", jobs=2)
    assert contents(tmp_path / "alone") == contents(tmp_path / "shared")
    assert alone == shared
    again = publish(site, report=ValidationReport(), out=tmp_path / "shared", jobs=2)
    assert again.unchanged == again.files


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_template_that_is_wrong_is_told_of_whoever_meets_it(tmp_path: Path) -> None:
    site = make_site(tmp_path, MANY, site__templates__classes__Person_html="{{ nothing.of.this }}")
    with pytest.raises(ProjectError, match=r"^site/templates/classes/Person\.html: 'nothing' is undefined$"):
        publish(site, report=ValidationReport(), out=tmp_path / "public", jobs=2)
