"""A build is swapped in whole, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from communique.errors import AccessError, UsageError
from communique.generations import generation


def publish(out: Path, **files: str) -> None:
    with generation(out) as site:
        for name, text in files.items():
            site.write(name.replace("__", "/"), text.encode())


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


def test_a_build_shows_its_files(out: Path) -> None:
    publish(out, a="1", b__c="2")
    assert everything(out) == {"a": b"1", "b/c": b"2"}


def test_the_output_is_a_link_to_a_generation(out: Path) -> None:
    publish(out, a="1")
    assert str(out.readlink()) == ".public/1"


def test_a_second_build_replaces_the_first(out: Path) -> None:
    publish(out, a="1", b="1")
    publish(out, a="2")
    assert everything(out) == {"a": b"2"}


def test_the_generation_before_stays_and_older_ones_go(out: Path) -> None:
    for text in "123":
        publish(out, a=text)
    kept = sorted(path.name for path in (out.parent / ".public").iterdir() if path.is_dir())
    assert kept == ["2", "3"]


def test_unchanged_files_are_shared_with_the_former_generation(out: Path) -> None:
    publish(out, same="x", other="1")
    before = (out / "same").stat().st_ino, (out / "other").stat().st_ino
    publish(out, same="x", other="2")
    after = (out / "same").stat().st_ino, (out / "other").stat().st_ino
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


def test_a_file_that_was_edited_by_hand_is_written_again(out: Path) -> None:
    publish(out, a="good")
    (out / "a").write_text("evil")
    publish(out, a="good")
    assert (out / "a").read_text() == "good"


def test_a_failing_build_leaves_the_former_site(out: Path) -> None:
    publish(out, a="1")
    with pytest.raises(RuntimeError), generation(out) as site:
        site.write("a", b"2")
        raise RuntimeError
    assert everything(out) == {"a": b"1"}


def test_a_failing_build_leaves_no_folder(out: Path) -> None:
    publish(out, a="1")
    with pytest.raises(RuntimeError), generation(out):
        raise RuntimeError
    assert sorted(path.name for path in (out.parent / ".public").iterdir()) == ["1", "lock"]


KILLED = """
import os, signal, sys
from pathlib import Path
from communique.generations import generation
with generation(Path(sys.argv[1])) as site:
    site.write("a", b"2")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_a_build(out: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False)


def test_a_killed_build_leaves_the_former_site(out: Path) -> None:
    publish(out, a="1")
    kill_a_build(out)
    assert everything(out) == {"a": b"1"}


def test_the_next_build_removes_what_a_killed_one_left(out: Path) -> None:
    publish(out, a="1")
    kill_a_build(out)
    publish(out, a="3")
    publish(out, a="4")
    assert sorted(path.name for path in (out.parent / ".public").iterdir()) == ["2", "3", "lock"]


def test_a_killed_first_build_shows_nothing(out: Path) -> None:
    kill_a_build(out)
    assert not out.exists()


def test_only_one_build_is_at_work(out: Path) -> None:
    with generation(out), pytest.raises(AccessError, match=f"another build is at work .process {os.getpid()}."):
        publish(out, a="2")


@pytest.mark.parametrize("kind", ["folder", "file", "link", "dead link"])
def test_what_was_not_made_by_a_build_is_refused(out: Path, kind: str) -> None:
    other = out.parent / "other"
    if kind == "folder":
        out.mkdir()
    elif kind == "file":
        out.write_text("mine")
    else:
        out.symlink_to(other)
        if kind == "link":
            other.mkdir()
    with pytest.raises(UsageError, match="was not made by"):
        publish(out, a="1")
    assert not out.is_file() or out.read_text() == "mine"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/x", "a//b", "", ".", "..", "a/", "a\\b", "a\0b", "./a"])
def test_nothing_is_written_outside(out: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no path inside"), generation(out) as site:
        site.write(path, b"x")


def test_a_path_is_written_only_once(out: Path) -> None:
    with pytest.raises(AccessError), generation(out) as site:
        site.write("a", b"1")
        site.write("a", b"2")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AccessError, match="the site was left as it was"):
        publish(tmp_path / "file" / "public", a="1")


def test_a_large_file_is_written_as_a_stream(out: Path) -> None:
    with generation(out) as site, site.open("dumps/all.nq") as stream:
        stream.write(b"1\n")
        stream.write(b"2\n")
    assert everything(out) == {"dumps/all.nq": b"1\n2\n"}


def test_an_unchanged_large_file_is_shared(out: Path) -> None:
    numbers = []
    for _ in range(2):
        with generation(out) as site, site.open("all.nq") as stream:
            stream.write(b"1\n")
        numbers.append((out / "all.nq").stat().st_ino)
    assert numbers[0] == numbers[1]


def test_a_changed_large_file_is_not_shared(out: Path) -> None:
    for text in (b"1\n", b"2\n"):
        with generation(out) as site, site.open("all.nq") as stream:
            stream.write(text)
    assert (out / "all.nq").read_bytes() == b"2\n"
