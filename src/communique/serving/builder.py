"""The process that builds a site at each order: everything is imported and compiled, and each build is a fork of it.

    python -m communique.serving.builder PROJECT OUT

Each line on stdin is an order, the documents that are wanted first, as a list in JSON. The last line of the answer is a
string in JSON, what kept the site from being built, "" if nothing did, or null where the build was killed. Objects may
come before: the `folder` in which wanted documents, `names`, are there, what is `awaited`, the end of a build by
somebody else, or, where no site was built, the `words` in which a page says so in each language. SIGUSR1 ends a build
that has begun, SIGUSR2 the process with it. Nothing of a build stays in this process. It ends when the program on the
disk is another than the one that it has loaded: whoever orders starts it again.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError
from communique.legibility import legible_name
from communique.project import Project
from communique.publication.early import Early
from communique.publication.freshness import digest_of_inputs, digest_of_program, is_fresh
from communique.serving import guard
from communique.turns import AtWorkError, wait_for_others

if TYPE_CHECKING:
    from communique.publication.warmth import Warmth


NOTHING_WRONG = b'""'


def main(arguments: list[str]) -> None:
    """Build at each order, until stdin ends."""
    guard.die_with_parent()
    guard.leave_signals_to_parent()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, lambda *_: sys.exit())
    # Before anything is loaded, so that what changes meanwhile is noticed.
    warmth = _loaded(digest_of_program())
    project, out = map(Path, arguments)
    _renew(warmth, project)
    words = _words(project)
    while (order := sys.stdin.buffer.readline()) and digest_of_program() == warmth.program:
        early = Early(frozenset(json.loads(order)), _tell)
        told = _outcome(partial(_build, project, out, warmth, early))
        if told != NOTHING_WRONG:
            words = (told and _words(project)) or words
            _say(json.dumps({"words": words}).encode())
        _say(told or b"null")
        _renew(warmth, project)


def _loaded(program: str) -> "Warmth":
    """Import what a build imports, and return a place for what it can have ready."""
    import communique.publication.building
    import communique.shacl.reading
    import communique.syntax.sssom  # noqa: F401  what these import where it is needed
    from communique.publication.warmth import Warmth

    return Warmth(program)


def _renew(warmth: "Warmth", project: Path) -> None:
    # What is wrong is told by the build that meets it.
    with suppress(CommuniqueError, OSError):
        warmth.renew(Project.open(project))


def _words(project: Path) -> dict[str, str]:
    """Return what a page of the former site says, by language, that of the plain addresses first; {} if unreadable."""
    from communique.website.catalogues import interfaces

    with suppress(CommuniqueError, OSError):
        spoken = interfaces(Project.open(project)).items()
        return {tag: each.gettext("The site was not built: this is the former one.") for tag, each in spoken}
    return {}


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def _tell(folder: Path, names: list[str]) -> None:
    _say(json.dumps({"folder": str(folder), "names": names}).encode())


def _outcome(build: Callable[[], str]) -> bytes:
    """Return what a fork that builds has to say at its end, nothing if it was killed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(build, write)
    os.close(write)
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(pid, signal.SIGKILL))
    try:
        with open(read, "rb") as stream:  # noqa: PTH123  a descriptor
            told = stream.read()
    except SystemExit:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        _, status = os.waitpid(pid, 0)
    return b"" if status else told


def _live(build: Callable[[], str], pipe: int) -> None:
    """Build, say what came of it, and end the process without cleaning up what is the parent's."""
    guard.die_with_parent()
    signal.signal(signal.SIGUSR2, signal.SIG_DFL)
    try:
        told = json.dumps(build()).encode()
        with open(pipe, "wb") as stream:
            stream.write(told)
        os._exit(0)
    finally:
        os._exit(1)


def _build(project: Path, out: Path, warmth: "Warmth", early: Early) -> str:
    """Build unless all is as it was, as soon as nobody else does, and return what kept the site from being built."""
    while True:
        try:
            _build_now(project, out, warmth, early)
        except AtWorkError as error:
            _say(json.dumps({"awaited": str(error)}).encode())
            wait_for_others(out)
        except CommuniqueError as error:
            return "\n".join(map(legible_name, str(error).splitlines()))
        except Exception:
            return traceback.format_exc()
        else:
            return ""


def _build_now(project: Path, out: Path, warmth: "Warmth", early: Early) -> None:
    from communique.publication.building import build
    from communique.publication.parallel import processors
    from communique.publication.progress import Progress

    opened, silent = Project.open(project), Progress(quiet=True)
    if not is_fresh(out, inputs=digest_of_inputs(opened, program=warmth.program)):
        build(opened, out=out, progress=silent, snapshot=True, jobs=processors(), warmth=warmth, early=early)


if __name__ == "__main__":
    main(sys.argv[1:])
