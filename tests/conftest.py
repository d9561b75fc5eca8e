"""What several tests share: compiled modules and templates, and the site of the repository, built once for all."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from pathlib import Path
from types import CodeType
from weakref import WeakKeyDictionary

import pytest
from jinja2 import Environment

from communique.project import Project
from communique.publication.building import build
from communique.publication.progress import Progress

ROOT = Path(__file__).parents[1]

# Hundreds of processes of the program are started: where no bytecode may be written, each compiles all modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Compile each text of a template once for all builds of a worker that say its words alike: it is half of a build.

    All that a template is compiled from is in the key: its text, its name, the language and its messages.
    """
    codes: dict[tuple[object, ...], CodeType] = {}
    said: WeakKeyDictionary[NullTranslations, int] = WeakKeyDictionary()
    compile_anew = Environment.compile

    def words_of(catalogue: NullTranslations | None) -> tuple[int, ...]:
        if catalogue is None:
            return ()
        if catalogue not in said:
            said[catalogue] = hash(frozenset(getattr(catalogue, "_catalog", {}).items()))
        return (said[catalogue], *words_of(catalogue._fallback))  # type: ignore[attr-defined]

    def compiled(self: Environment, source: str, name: str | None = None, filename: str | None = None) -> CodeType:
        if "trans_ngettext" not in self.globals:  # no environment of the theme
            return compile_anew(self, source, name, filename)
        words = self.globals["trans_ngettext"].__self__  # type: ignore[attr-defined]
        key = (source, name, filename, words.language, *words_of(words._catalogue))
        if key not in codes:
            codes[key] = compile_anew(self, source, name, filename)
        return codes[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compiled)
        yield


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
