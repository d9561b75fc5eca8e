"""The command `serve`: what its options mean, and where its words go."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.command_line.arguments import tell
from communique.command_line.options import GRAPHS, OUT, PROJECT, QUIET, STORE
from communique.errors import UsageError

if TYPE_CHECKING:
    from communique.serving.limits import Limits
    from communique.serving.place import Place
    from communique.snapshots import Check


@click.command()
@PROJECT
@OUT
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--watch", is_flag=True, help="Build again when a file changes, and load pages in browsers again.")
@click.option("--no-build", is_flag=True, help="Serve what `communique build --snapshot` has made.")
@click.option("--url", default="", help="The public address of the site, behind a reverse proxy.")
@click.option("--root-path", default="", help="The prefix that a reverse proxy gives to all addresses, as in /data.")
@click.option(
    "--trust-proxy",
    default="127.0.0.1",
    show_default=True,
    help="Addresses whose X-Forwarded-For is believed, with commas.",
)
@click.option("--access-log", is_flag=True, help="Print a line of JSON for each request.")
@click.option(
    "--limit",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="What a request may cost, as in deadline=20 or worker-memory=2GiB; the endpoint describes all limits.",
)
@STORE
@GRAPHS
@click.option("--copy", is_flag=True, help="With --store: read all of the service once, and serve that.")
@click.option(
    "--fresh",
    default=300.0,
    show_default=True,
    type=click.FloatRange(0.0, 86400.0),
    metavar="SECONDS",
    help="With --store: how long a page is kept before it is made again.",
)
@QUIET
def serve(
    project: Path,
    out: Path | None,
    port: int,
    host: str,
    watch: bool,
    no_build: bool,
    url: str,
    root_path: str,
    trust_proxy: str,
    access_log: bool,
    settings: tuple[str, ...],
    store_url: str | None,
    graphs: tuple[str, ...],
    copy: bool,
    fresh: float,
    quiet: bool,
) -> None:
    """Serve the site of a project and a SPARQL endpoint until Ctrl-C; build it first if anything changed.

    With --store the pages are made on request from a SPARQL service, and queries are passed on to it. With --copy
    the build reads the service once; pages and endpoint are over what it held then.

    SIGHUP takes up a site that was built meanwhile, without a lost request.

    Example: communique serve --watch
    """
    from communique.serving.place import Place

    _refuse_together(watch=watch, no_build=no_build, store=store_url is not None, copy=copy)
    limits = _limits(settings, live=store_url is not None and not copy)
    place = Place(
        host=host, port=port, url=url, root_path=root_path, proxies=trust_proxy, access_log=access_log, limits=limits
    )
    if store_url and not copy:
        return _serve_over(project, out, place, url=store_url, graphs=graphs, fresh=fresh, quiet=quiet)
    service = _service(store_url, graphs)
    return _serve_built(project, out, place, watch=watch, no_build=no_build, service=service, quiet=quiet)


def _limits(settings: tuple[str, ...], *, live: bool) -> Limits:
    from communique.serving.limits import Limits, limits_of_service, limits_with

    return limits_with(limits_of_service(Limits()) if live else Limits(), settings)


def _serve_built(
    project: Path, out: Path | None, place: Place, *, watch: bool, no_build: bool, service: list[str], quiet: bool
) -> None:
    shown = out or _public_folder(project, may_be_empty=no_build or bool(service))
    check = _begun(shown) if no_build else None
    from communique.serving.looking import state_of
    from communique.serving.start import Watched, build_apart, serve

    seen = state_of(project, shown) if watch else {}

    def build(*, anew: bool = False) -> bool:
        # With a site to show, the watch waits for others while that is shown.
        patience = None if watch and shown.is_dir() else tell
        code = build_apart(project, out=shown, quiet=quiet, anew=anew, service=service, wait=patience)
        if code and not (watch and shown.is_dir()):
            sys.exit(code)
        return not code

    if not no_build:
        if not build():
            # The watch tries again at once: it tells open pages as well, and waits for who builds the same.
            seen = {}
        check = _begun(shown)
        if check is not None and (trouble := check.trouble()):
            # Else whoever starts the server again would do so for ever.
            tell(f"{trouble}. It is built anew.")
            build(anew=True)
            check = _begun(shown)
    watched = Watched(project, seen) if watch else None
    return serve(shown, place, announce=_say, tell=tell, watch=watched, check=check)


def _public_folder(project: Path, *, may_be_empty: bool) -> Path:
    from communique.project import Project

    return Project.open(project, may_be_empty=may_be_empty).root / "public"


def _begun(site: Path) -> Check | None:
    """Begin to check the snapshot of a site, before the program of the server is loaded; None where there is none."""
    from communique.snapshots import Check, beside

    return Check(beside(site)) if site.is_symlink() else None


def _serve_over(
    project: Path, out: Path | None, place: Place, *, url: str, graphs: tuple[str, ...], fresh: float, quiet: bool
) -> None:
    """Serve over a service; what stands beside its pages is written to `out`, or to a folder that goes with us."""
    from communique.command_line.arguments import graph_names
    from communique.remote.upstream import Upstream
    from communique.serving.press import Live
    from communique.serving.start import Over, serve_over

    Upstream(url, limit=0)
    over = Over(Live(project, url, graph_names(graphs), fresh), quiet)
    with tempfile.TemporaryDirectory(prefix="communique-") as folder:
        shell = out or Path(folder) / "public"
        if code := over.write_shell(shell):
            sys.exit(code)
        serve_over(shell, place, over, announce=_say, tell=tell)


def _refuse_together(*, watch: bool, no_build: bool, store: bool, copy: bool) -> None:
    if watch and no_build:
        raise UsageError("--watch and --no-build exclude each other")
    if store and watch:
        raise UsageError("--store has the data elsewhere: not with --watch")
    if store and no_build:
        raise UsageError("--no-build serves what `communique build --store URL --snapshot` has made: leave --store out")
    if copy and not store:
        raise UsageError("--copy is of a service: name it with --store")


def _service(url: str | None, graphs: tuple[str, ...]) -> list[str]:
    """Return the options of a build that name a service."""
    return [*(("--store", url) if url else ()), *(part for graph in graphs for part in ("--graph", graph))]


def _say(line: str) -> None:
    """Print to stdout, which may be closed while the server lives."""
    with suppress(OSError, ValueError):
        click.echo(line)
