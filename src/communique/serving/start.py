"""From a project to its server: build in a process of its own, then serve what was built and nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from communique.errors import AccessError
from communique.generations import Hold
from communique.serving.app import Application
from communique.serving.looking import State
from communique.serving.ordering import WAITING
from communique.serving.place import Place, follows_requests, free_port, seen_from_outside
from communique.serving.press import Live
from communique.serving.running import run
from communique.serving.served import Built, Shared
from communique.serving.watching import Watcher
from communique.snapshots import NAMES, Check, beside
from communique.turns import wait_for_others

EVERYWHERE = (
    "--host {}: the endpoint and the reconciliation service call themselves by the address that each client uses. "
    "For the public, state the one that all use: --url https://data.example/"
)
"""What is told of a server that has no address of its own."""


def build_apart(
    project: Path,
    *,
    out: Path,
    quiet: bool,
    anew: bool = False,
    service: Sequence[str] = (),
    wait: Callable[[str], None] | None = None,
) -> int:
    """Build a project with its snapshot in another process and return that one's exit code.

    The process that serves has never held a store, nor read a file that somebody else wrote. If nothing has changed,
    nothing is built, unless it has to be `anew`; `service` are options that name more data. With `wait` a build by
    somebody else is waited for, after `wait` was told of it.
    """
    command = [sys.executable, "-P", "-m", "communique", "build", "--snapshot", *["--if-changed"] * (not anew)]
    options = ["--project", str(project), "--out", str(out), *["--quiet"] * quiet, *service]

    def waited() -> bool:
        return wait is not None and wait_for_others(out, lambda other: wait(WAITING.format(other)))

    waited()
    # Who began to read the data before us is known when it writes.
    while (code := subprocess.run([*command, *options], check=False).returncode) == AccessError.exit_code and waited():
        pass
    return code


@dataclass(frozen=True, slots=True)
class Watched:
    """A project whose files are watched, and how they were before its site was built."""

    project: Path
    seen: State


def serve(
    site: Path,
    place: Place,
    *,
    announce: Callable[[str], None],
    tell: Callable[[str], None],
    watch: Watched | None = None,
    check: Check | None = None,
) -> None:
    """Serve a built site and the SPARQL endpoint over its snapshot until SIGINT or SIGTERM; SIGHUP takes up a new one.

    `announce` gets the address once it answers, then the lines of the access log; `tell` what goes wrong later. With
    `watch` the site is built anew when a file of the project changes, and pages in browsers are loaded again. With
    `check` that of the snapshot has begun.

    Raises AccessError where there is no site, where its snapshot is missing or damaged, or where the address cannot be
    had, UsageError where the public address is none.
    """
    port, url, prefix = _located(place, tell)
    first = [open_built(site, check)]
    watcher = Watcher(watch.project, seen=watch.seen, out=site, prefix=prefix, tell=tell) if watch else None
    app = Application(
        lambda: first.pop() if first else open_built(site),
        Shared(url, place.limits, injected=watcher.injected() if watcher else b""),
        root_path=prefix,
        announce=tell,
        watcher=watcher,
    )
    log = announce if place.access_log else None
    run(app, host=place.host, port=port, announce=announce, limits=place.limits, proxies=place.proxies, access_log=log)


@dataclass(frozen=True, slots=True)
class Over:
    """A project over a service that is asked while it is served (`communique.serving.press.Live`)."""

    live: Live
    quiet: bool = False

    def write_shell(self, out: Path) -> int:
        """Write the shell of the site in another process, and return that one's exit code."""
        settings = {**asdict(self.live), "project": str(self.live.project), "out": str(out), "quiet": self.quiet}
        command = [sys.executable, "-P", "-m", "communique.live", json.dumps(settings)]
        return subprocess.run(command, check=False).returncode

    def open(self, shell: Path) -> Built:
        """Return the shell, held against removal; raises AccessError."""
        folder = shell.resolve()
        if not shell.is_symlink() or not folder.is_dir():
            raise AccessError(f"{shell}: there is no site")
        live = self.live
        return Built(site=folder, snapshot=folder, hold=Hold(folder), service=live.url, only=live.only, live=live)


def serve_over(
    shell: Path, place: Place, over: Over, *, announce: Callable[[str], None], tell: Callable[[str], None]
) -> None:
    """Serve the pages of a project over a service, made on request, and pass queries on to that, as `serve` does.

    At SIGHUP what is held of pages is forgotten, and what they share is read again.
    """
    port, url, prefix = _located(place, tell)
    app = Application(lambda: over.open(shell), Shared(url, place.limits), root_path=prefix, announce=tell)
    log = announce if place.access_log else None
    run(app, host=place.host, port=port, announce=announce, limits=place.limits, proxies=place.proxies, access_log=log)


def _located(place: Place, tell: Callable[[str], None]) -> tuple[int, str, str]:
    """Return the port, the public address and the prefix of a server; tell where its address is nowhere stated."""
    port = place.port or free_port(place.host)
    url, prefix = seen_from_outside(place, port)
    if follows_requests(url):
        tell(EVERYWHERE.format(place.host))
    return port, url, prefix


def open_built(site: Path, check: Check | None = None) -> Built:
    """Return the generation that `site` shows, checked and held against removal; raises AccessError.

    `check` is one that has begun, of this generation or of the one before.
    """
    if not site.is_symlink() or not site.is_dir():
        raise AccessError(f"{site}: there is no built site: run `communique build --snapshot` first")
    folder, snapshot = site.resolve(), beside(site)
    hold = Hold(folder)
    try:
        if site.resolve() != folder:
            raise AccessError(f"{site}: is being built at this moment: try again")
        if not snapshot.is_dir():
            raise AccessError(f"{snapshot}: the site has no snapshot to query: run `communique build --snapshot` first")
        size = (check if check and check.folder == snapshot else Check(snapshot)).result()
        names = snapshot / NAMES if (snapshot / NAMES).is_file() else None
        built = Built(site=folder, snapshot=snapshot, size=size, names=names, hold=hold)
    except BaseException:
        hold.close()
        raise
    return built
