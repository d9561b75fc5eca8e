"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT = click.option(
    "-p",
    "--project",
    default=".",
    show_default="the current folder",
    type=click.Path(path_type=Path),
    help="The folder, or single RDF file, to work on.",
)
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
