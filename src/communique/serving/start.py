"""From a project to its server: build in a process of its own, then serve what was built and nothing else."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from communique.errors import AccessError, UsageError
from communique.generations import Hold
from communique.serving.app import Application
from communique.serving.limits import Limits
from communique.serving.press import Live
from communique.serving.running import run
from communique.serving.served import Built, Shared
from communique.serving.watching import Watcher
from communique.snapshots import NAMES, beside, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens and how it is seen from outside.

    `url` is the public address, "" for the one it listens on; `root_path` the prefix of a reverse proxy, "" for the
    path of `url`; `proxies` are addresses of reverse proxies that are believed, separated by commas.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    root_path: str = ""
    proxies: str = "127.0.0.1"
    access_log: bool = False
    limits: Limits = field(default_factory=Limits)


def build_command(project: Path, *, out: Path, quiet: bool) -> list[str]:
    """Return the command that builds a project with its snapshot, unless nothing has changed.

    The process that serves has never held a store, nor read a file that somebody else wrote.
    """
    command = [sys.executable, "-m", "communique", "build", "--snapshot", "--if-changed"]
    return [*command, "--project", str(project), "--out", str(out), *["--quiet"] * quiet]


def build_apart(project: Path, *, out: Path, quiet: bool, service: Sequence[str] = ()) -> int:
    """Build a project in another process and return that one's exit code; `service` are options that name more data."""
    return subprocess.run([*build_command(project, out=out, quiet=quiet), *service], check=False).returncode


def serve(
    site: Path, place: Place, *, announce: Callable[[str], None], tell: Callable[[str], None], watch: Path | None = None
) -> None:
    """Serve a built site and the SPARQL endpoint over its snapshot until SIGINT or SIGTERM; SIGHUP takes up a new one.

    `announce` gets the address once it answers, then the lines of the access log; `tell` what goes wrong later. With
    `watch`, a project, the site is built anew when a file of it changes, and pages in browsers are loaded again.

    Raises AccessError where there is no site, where its snapshot is missing or damaged, or where the address cannot be
    had, UsageError where the public address is none.
    """
    port = place.port or _free_port(place.host)
    url, prefix = seen_from_outside(place, port)
    first = [open_built(site)]
    watcher = _watcher(watch, site, prefix, tell) if watch else None
    app = Application(
        lambda: first.pop() if first else open_built(site),
        Shared(url, place.limits, injected=watcher.injected if watcher else b""),
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
        return subprocess.run([sys.executable, "-m", "communique.live", json.dumps(settings)], check=False).returncode

    def open(self, shell: Path) -> Built:
        """Return the shell, held against removal; raises AccessError."""
        folder = shell.resolve()
        if not shell.is_symlink() or not folder.is_dir():
            raise AccessError(f"{shell}: there is no site")
        live = self.live
        return Built(
            site=folder, snapshot=folder, triples=0, hold=Hold(folder), service=live.url, only=live.only, live=live
        )


def serve_over(
    shell: Path, place: Place, over: Over, *, announce: Callable[[str], None], tell: Callable[[str], None]
) -> None:
    """Serve the pages of a project over a service, made on request, and pass queries on to that, as `serve` does.

    At SIGHUP what is held of pages is forgotten, and what they share is read again.
    """
    port = place.port or _free_port(place.host)
    url, prefix = seen_from_outside(place, port)
    app = Application(lambda: over.open(shell), Shared(url, place.limits), root_path=prefix, announce=tell)
    log = announce if place.access_log else None
    run(app, host=place.host, port=port, announce=announce, limits=place.limits, proxies=place.proxies, access_log=log)


def open_built(site: Path) -> Built:
    """Return the generation that `site` shows, checked and held against removal; raises AccessError."""
    if not site.is_symlink() or not site.is_dir():
        raise AccessError(f"{site}: there is no built site: run `communique build --snapshot` first")
    folder, snapshot = site.resolve(), beside(site)
    hold = Hold(folder)
    try:
        if site.resolve() != folder:
            raise AccessError(f"{site}: is being built at this moment: try again")
        if not snapshot.is_dir():
            raise AccessError(f"{snapshot}: the site has no snapshot to query: run `communique build --snapshot` first")
        size = verify(snapshot)
        names = snapshot / NAMES if (snapshot / NAMES).is_file() else None
        built = Built(site=folder, snapshot=snapshot, triples=size.triples, graphs=size.graphs, names=names, hold=hold)
    except BaseException:
        hold.close()
        raise
    return built


def _watcher(project: Path, out: Path, prefix: str, tell: Callable[[str], None]) -> Watcher:
    return Watcher(project, build_command(project, out=out, quiet=True), out=out, prefix=prefix, tell=tell)


def seen_from_outside(place: Place, port: int) -> tuple[str, str]:
    """Return the public address of the site, with a slash at its end, and the prefix of its paths, "" or as in "/x".

    Raises UsageError for what is no address and no prefix.

    >>> seen_from_outside(Place(url="https://data.example/sco"), 8000)
    ('https://data.example/sco/', '/sco')
    """
    parts = urlsplit(place.url)
    if place.url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise UsageError(f"--url {place.url}: must be an address such as https://data.example/")
    prefix = unquote((place.root_path or parts.path).strip("/"))
    if place.root_path and parts.path.strip("/") and unquote(parts.path.strip("/")) != prefix:
        raise UsageError(f"--root-path {place.root_path}: is not the path of --url {place.url}")
    if {"", ".", ".."} & set(prefix.split("/")) and prefix:
        raise UsageError(f"--root-path {place.root_path}: must be a path such as /data")
    host = f"[{place.host}]" if ":" in place.host else place.host
    origin = f"{parts.scheme}://{parts.netloc}" if place.url else f"http://{host}:{port}"
    return f"{origin}/{quote(prefix)}{'/' if prefix else ''}", f"/{prefix}" if prefix else ""


def _free_port(host: str) -> int:
    """Return a port that nobody has now; its number is needed before the server begins, for the service description."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
