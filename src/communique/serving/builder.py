"""The process that builds a site at each order: everything is imported and compiled, and each build is a fork of it.

    python -m communique.serving.builder PROJECT OUT

Each line on stdin is an order; the answer is a line of JSON, what kept the site from being built, "" if nothing did.
Nothing of a build stays in this process. It ends when the program on the disk is another than the one that it has
loaded: whoever orders starts it again.
"""

import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import CommuniqueError
from communique.legibility import legible_name
from communique.project import Project
from communique.publication.freshness import digest_of_inputs, digest_of_program, is_fresh
from communique.serving import guard

if TYPE_CHECKING:
    from communique.publication.warmth import Warmth


def main(arguments: list[str]) -> None:
    """Build at each order, until stdin ends."""
    guard.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # Before anything is loaded, so that what changes meanwhile is noticed.
    warmth = _loaded(digest_of_program())
    project, out = map(Path, arguments)
    _renew(warmth, project)
    while sys.stdin.buffer.readline() and digest_of_program() == warmth.program:
        sys.stdout.buffer.write(_outcome(project, out, warmth) or json.dumps("The build was killed.").encode())
        sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
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


def _outcome(project: Path, out: Path, warmth: "Warmth") -> bytes:
    """Return what a fork that builds has to say, nothing if it was killed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(project, out, warmth, write)
    os.close(write)
    try:
        with open(read, "rb") as stream:  # noqa: PTH123  a descriptor
            told = stream.read()
    except SystemExit:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(pid, 0)
    return b"" if status else told


def _live(project: Path, out: Path, warmth: "Warmth", pipe: int) -> None:
    """Build, say what came of it, and end the process without cleaning up what is the parent's."""
    guard.die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(2, 1)
    try:
        told = json.dumps(_build(project, out, warmth)).encode()
        with open(pipe, "wb") as stream:
            stream.write(told)
        os._exit(0)
    finally:
        os._exit(1)


def _build(project: Path, out: Path, warmth: "Warmth") -> str:
    from communique.publication.building import build
    from communique.publication.parallel import processors
    from communique.publication.progress import Progress

    try:
        opened = Project.open(project)
        if not is_fresh(out, inputs=digest_of_inputs(opened, program=warmth.program)):
            build(opened, out=out, progress=Progress(quiet=True), snapshot=True, jobs=processors(), warmth=warmth)
    except CommuniqueError as error:
        return "\n".join(map(legible_name, str(error).splitlines()))
    except Exception:
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    main(sys.argv[1:])
