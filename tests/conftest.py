"""What several tests share: compiled modules, and the site of the repository itself, built once for all workers."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress

ROOT = Path(__file__).parents[1]

# Hundreds of processes of the program are started: where no bytecode may be written, each compiles all modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The site of the repository as `communique build --snapshot` makes it, for all workers: none writes there."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine if worker_id == "master" else mine.parent) / "own"
    out = folder / "public"
    with _alone(folder):
        if not out.exists():
            build(Project.open(ROOT), out=out, progress=Progress(quiet=True), jobs=2, snapshot=True)
    return out


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other workers out, who wait."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
