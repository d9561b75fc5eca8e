"""Write the shell of a site over a service, in a process of its own: whoever serves has read no file of others."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from communique.errors import CommuniqueError
from communique.legibility import legible_name
from communique.live.frame import guess
from communique.live.making import Maker
from communique.live.shell import write_shell
from communique.project import Project
from communique.publication.progress import Progress
from communique.remote.presence import nothing_shown
from communique.remote.service import Service, ServiceError


def main(settings: dict[str, object]) -> int:
    """Return the exit code."""
    try:
        with Progress(quiet=bool(settings["quiet"])) as progress:
            progress.say(f"Reading what all pages share from {settings['url']}")
            project = Project.open(Path(str(settings["project"])), may_be_empty=True)
            only = tuple(str(each) for each in settings["only"])  # type: ignore[attr-defined]
            service = Service(str(settings["url"]), tell=None if settings["quiet"] else _tell)
            maker = Maker(project, service, only=only, tell=_tell)
            _tell(_empty(maker))
            write_shell(maker.site, out=Path(str(settings["out"])))
            _tell(guess(maker.site))
    except CommuniqueError as error:
        _tell(str(error))
        return error.exit_code
    return 0


def _empty(maker: Maker) -> str:
    """Return what is to be told of a service that shows nothing yet, "" where it shows something or does not say."""
    try:
        pattern = maker.reader.manner.triples("", "?s ?p ?o")
        return nothing_shown(maker.service, pattern, only=maker.only)
    except ServiceError:
        return ""


def _tell(lines: str) -> None:
    for line in lines.splitlines():
        print(legible_name(line), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
