"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from communique.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMED = "communique.project"


def _keep(ctx: click.Context, _: click.Parameter, named: Path | None) -> None:
    ctx.meta[_NAMED] = named


def _project(ctx: click.Context, _: click.Parameter, project: Path) -> Path:
    named: Path | None = ctx.meta.get(_NAMED)
    if named not in (None, project) and is_given(ctx, "project"):
        raise UsageError(f"which project? Both {named} and {project} are named")
    return named or project


def is_given(ctx: click.Context, option: str) -> bool:
    """Tell if an option stands in the command line itself."""
    return ctx.get_parameter_source(option) is ParameterSource.COMMANDLINE


PROJECT_OPTION = click.option(
    "-p",
    "--project",
    default=".",
    show_default="the current folder",
    type=click.Path(path_type=Path),
    callback=_project,
    help="The folder, or single RDF file, to work on.",
)
_ARGUMENT = click.argument(
    "named",
    metavar="[PROJECT]",
    required=False,
    type=click.Path(path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_keep,
)


def PROJECT(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - stands among options
    """Let a command take a project, by option or as the last of its arguments, as `project`."""
    return _ARGUMENT(PROJECT_OPTION(command))


_DEFAULT_GRAPHS = click.option(
    "--default-graph", "default_graphs", metavar="IRI", multiple=True, help="Ask these graphs, as one, alone."
)
_NAMED_GRAPHS = click.option(
    "--named-graph", "named_graphs", metavar="IRI", multiple=True, help="Let GRAPH see these graphs alone."
)


def FROM(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - stands among options
    """Let a command take the graphs of a dataset, as `default_graphs` and `named_graphs`."""
    return _DEFAULT_GRAPHS(_NAMED_GRAPHS(command))


STORE = click.option(
    "--store", "store_url", metavar="URL", help="A SPARQL 1.1 service that has the data, beside what the project has."
)
GRAPHS = click.option("--graph", "graphs", metavar="IRI", multiple=True, help="Of the service, these graphs alone.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print results and errors, and nothing else.")
OUT = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    show_default="public, in the folder of the project",
    help="Where the site is shown; a link that the build makes.",
)


def _processors() -> int:
    from communique.publication.parallel import processors

    return processors()


JOBS = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    default=_processors,
    show_default="one for each processor, at most 8",
    help="Processes that write pages.",
)
