"""From a project to its server: build in a process of its own, then serve what was built and nothing else."""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from communique.errors import AccessError
from communique.serving.app import application
from communique.serving.limits import Limits
from communique.serving.running import run
from communique.snapshots import NAMES, beside, verify


def build_apart(project: Path, *, out: Path, quiet: bool) -> int:
    """Build a project with its snapshot in another process and return that one's exit code.

    The process that serves has never held a store, nor read a file that somebody else wrote.
    """
    command = [sys.executable, "-m", "communique", "build", "--snapshot", "--project", str(project), "--out", str(out)]
    return subprocess.run([*command, *["--quiet"] * quiet], check=False).returncode


def serve(site: Path, *, host: str, port: int, announce: Callable[[str], None], limits: Limits | None = None) -> None:
    """Serve a built site and the SPARQL endpoint over its snapshot until SIGINT or SIGTERM.

    `announce` gets the address once it answers; port 0 takes any free one. Raises AccessError where there is no site,
    where its snapshot is missing or damaged, or where the address cannot be had.
    """
    limits = limits or Limits()
    if not site.is_dir():
        raise AccessError(f"{site}: there is no built site: run `communique build --snapshot` first")
    snapshot = beside(site)
    if not snapshot.is_dir():
        raise AccessError(f"{snapshot}: the site has no snapshot to query: run `communique build --snapshot` first")
    triples = verify(snapshot)
    port = port or _free_port(host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    names = snapshot / NAMES if (snapshot / NAMES).is_file() else None
    app = application(site.resolve(), snapshot=snapshot, triples=triples, url=url, limits=limits, names=names)
    run(app, host=host, port=port, announce=announce, limits=limits)


def _free_port(host: str) -> int:
    """Return a port that nobody has now; its number is needed before the server begins, for the service description."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
