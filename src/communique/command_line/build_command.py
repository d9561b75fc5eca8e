"""The command `build`: nothing where nothing has changed, else a site, and what there is to say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from communique.command_line.arguments import more_quads
from communique.command_line.options import GRAPHS, JOBS, OUT, PROJECT, QUIET, STORE
from communique.legibility import legible_name

if TYPE_CHECKING:
    from pathlib import Path

    from communique.project import Project


@click.command()
@PROJECT
@OUT
@click.option("--snapshot", is_flag=True, help="Keep the store beside the site too, for `communique serve` to query.")
@click.option("--if-changed", is_flag=True, help="With --snapshot: do nothing if all is as it was when it was built.")
@JOBS
@STORE
@GRAPHS
@QUIET
def build(
    project: Path,
    out: Path | None,
    snapshot: bool,
    if_changed: bool,
    jobs: int,
    store_url: str | None,
    graphs: tuple[str, ...],
    quiet: bool,
) -> None:
    """Check a project and write its site: pages, Turtle, JSON-LD, dumps, reports.

    The site is swapped in whole, or not at all: a violation or an error leaves the former one as it was. Files that did
    not change are shared with the former site.

    Example: communique build --out public
    """
    from communique.project import Project

    opened = Project.open(project, may_be_empty=store_url is not None)
    shown = out or opened.root / "public"
    if if_changed and snapshot and store_url is None and _is_fresh(opened, shown):
        if not quiet:
            click.echo(legible_name(f"{shown}: nothing has changed since the last build"), err=True)
        return
    _build(opened, shown, snapshot=snapshot, jobs=jobs, service=(store_url, graphs), quiet=quiet)


def _is_fresh(project: Project, out: Path) -> bool:
    from communique.publication.freshness import digest_of_inputs, is_fresh

    return is_fresh(out, inputs=digest_of_inputs(project))


def _build(
    project: Project, out: Path, *, snapshot: bool, jobs: int, service: tuple[str | None, tuple[str, ...]], quiet: bool
) -> None:
    # It takes most of a second to import what builds.
    from communique.publication.building import build
    from communique.publication.progress import Progress
    from communique.publication.publishing import told
    from communique.rendition.assets import WITHOUT_BROWSER_CODE, has_browser_code

    url, graphs = service
    with Progress(quiet=quiet) as progress:
        more, said = more_quads(url, graphs=graphs, progress=progress.say, quiet=quiet)
        project = project.told(**said)
        publication = build(project, out=out, progress=progress, snapshot=snapshot, more=more or (), jobs=jobs)
    if quiet:
        return
    click.echo(told(publication, out=out), err=True)
    if publication.warning:
        click.echo(f"warning: {legible_name(publication.warning)}", err=True)
    for problem in publication.problems:
        click.echo(f"warning: {legible_name(str(problem))}", err=True)
    if not has_browser_code(project):
        click.echo(WITHOUT_BROWSER_CODE, err=True)
