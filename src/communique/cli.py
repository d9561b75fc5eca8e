"""The command line: parse, call, print, exit code. Results go to stdout, talk to stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from communique.command_line.arguments import (
    answered,
    iri_of,
    more_quads,
    parse,
    rdf_format,
    read_text,
    relation_of,
    spelt_out,
)
from communique.command_line.build_command import build
from communique.command_line.commands import Commands, TakesLists
from communique.command_line.options import FROM, GRAPHS, PROJECT, PROJECT_OPTION, QUIET, STORE, is_given
from communique.command_line.serve_command import serve
from communique.errors import UsageError

if TYPE_CHECKING:
    from communique.backend import Backend
    from communique.formats import Format
    from communique.store import Results


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "COMMUNIQUE"})
@click.version_option(package_name="communique", prog_name="communique")
def main() -> None:
    """Publish a folder of RDF as linked data in which every fact can be traced.

    \b
    Exit codes: 0 fine, 1 the data has faults, 2 wrong use or settings,
    3 something cannot be read, written or reached.

    Every option can be set as an environment variable, such as COMMUNIQUE_QUERY_PROJECT.
    """


@main.command(cls=TakesLists)
@click.argument("paths", metavar="[PROJECT | FILE ...]", nargs=-1, type=click.Path(path_type=Path))
@PROJECT_OPTION
@click.option(
    "-s", "--shapes", multiple=True, type=click.Path(path_type=Path), help="Check FILEs by these shapes alone."
)
@click.option("--source-text", multiple=True, type=click.Path(path_type=Path), help="A text to compare passages with.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the standard SHACL report to this file as well.")
@STORE
@GRAPHS
@click.option("--all", "everything", is_flag=True, help="Print every result of each cause, not just the first ten.")
@QUIET
def check(
    paths: tuple[Path, ...],
    project: Path,
    shapes: tuple[Path, ...],
    source_text: tuple[Path, ...],
    as_json: bool,
    report: Path | None,
    store_url: str | None,
    graphs: tuple[str, ...],
    everything: bool,
    quiet: bool,
) -> None:
    """Check a project: its syntax, its data by the shapes, the shapes themselves, its passages by their texts.

    PROJECT is a folder or a single RDF file, by default the current folder; it is checked by its own shapes and the
    bundled ones. With --shapes plain FILEs are checked by these alone, and nothing is added. Where the text of a source
    is in data/**/sources/*.txt, every passage is compared with it. Warnings and notes are told, and are no failure.

    \b
    Example: communique check data.ttl --shapes shapes.ttl --report report.ttl
    """
    from communique.command_line.checking import check
    from communique.command_line.report import lines, print_lines, to_json, write_standard
    from communique.publication.progress import Progress

    chosen = _to_check(paths, project=project, shapes=shapes)
    target = None if report is None else rdf_format(None, report, "--report")
    with Progress(quiet=quiet) as progress:
        more, _ = more_quads(store_url, graphs=graphs, progress=progress.say, quiet=quiet)
        found = check(chosen, shapes=shapes, texts=source_text, progress=progress, more=more)
    if as_json:
        click.echo(to_json(found))
    else:
        print_lines(lines(found, everything=everything, quiet=quiet))
    if report is not None and target is not None and found.store is not None:
        from communique.syntax.conversion import written_whole

        with written_whole(report) as stream:
            write_standard(found.report, stream, format=target)
    click.get_current_context().exit(0 if found.conforms else 1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@PROJECT
@click.option("-f", "--format", "format_name", default="table", help="table, csv, tsv, json, xml, turtle, jsonld, ...")
@click.option("--store", "url", metavar="URL", help="A SPARQL 1.1 service to ask instead of the project's data.")
@FROM
@QUIET
def query(file: Path, project: Path, format_name: str, url: str | None, quiet: bool, **graphs: tuple[str, ...]) -> None:
    """Ask a project a question in SPARQL.

    FILE holds the query; - reads it from the pipe. Without GRAPH a query sees all graphs as one; GRAPH shows who says
    what. The prefixes of the project need no declaration. SELECT and ASK give a table, CONSTRUCT and DESCRIBE Turtle.

    --default-graph and --named-graph, each as often as needed, mean what default-graph-uri and named-graph-uri mean at
    an endpoint: they go before FROM and FROM NAMED.

    \b
    Example: echo 'SELECT ?meeting { ?meeting a cmq:Meeting }' | communique query -
    """
    from communique.formats import FORMATS
    from communique.sparql.results import TABLE

    format = None if format_name == TABLE else FORMATS.by_name(format_name)
    text = read_text(file)
    results, store = answered(text, project, url=url, **graphs)
    _print_results(results, store, format=format, quiet=quiet)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-t", "--to", "to_name", help="The format to write; by default what the name of --out says.")
@click.option("-f", "--from", "from_name", help="The format to read; by default what the name of FILE says.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The file to write; by default stdout.")
@click.option("-b", "--base", help="The IRI that relative IRIs of FILE are relative to.")
@click.option("-g", "--graph", help="Write the triples of the graph with this IRI alone.")
@click.option("-u", "--union", is_flag=True, help="Write the triples of all graphs together.")
def convert(
    file: Path,
    to_name: str | None,
    from_name: str | None,
    out: Path | None,
    base: str | None,
    graph: str | None,
    union: bool,
) -> None:
    """Convert between Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML.

    What is malformed is refused with its line. Named graphs are never dropped in silence.

    \b
    Example: communique convert data.trig --to ntriples --union
    """
    from communique.syntax.conversion import convert, written_whole

    if graph is not None and union:
        raise UsageError("--graph and --union exclude each other")
    target = rdf_format(to_name, out, "--to")
    parsing = parse(file, from_name=from_name, base=base)
    if out is None:
        convert(parsing, sys.stdout.buffer, to=target, graph=graph, union=union)
        return
    with written_whole(out) as stream:
        convert(parsing, stream, to=target, graph=graph, union=union)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@PROJECT
@click.option("-o", "--out", type=click.Path(path_type=Path), help="By default data/mappings/FILE.sssom.tsv.")
@click.option("-t", "--type", "types", multiple=True, help="Only things of ours of this type, such as cmq:State.")
@click.option("--their-type", "their_types", multiple=True, help="Only things in FILE of this type.")
@click.option("--predicate", help="How they are related, such as skos:closeMatch; by default what suits the thing.")
@click.option("--least", default=90.0, show_default=True, type=click.FloatRange(50, 100), help="Least score of a name.")
@QUIET
def link(
    file: Path,
    project: Path,
    out: Path | None,
    types: tuple[str, ...],
    their_types: tuple[str, ...],
    predicate: str | None,
    least: float,
    quiet: bool,
) -> None:
    """Propose links to another dataset, by names in all languages and scripts, for a person to confirm.

    FILE is a part of that dataset: RDF in any syntax, or a table with the columns id and label, and type if need be.
    The proposals go into a mapping set (SSSOM). They state nothing until somebody is named as their reviewer.

    \b
    Example: communique link countries.csv --type cmq:State
    """
    from communique.alignment.foreign_things import read_things
    from communique.alignment.linking import of_types, place_of, propose, save
    from communique.project import Project
    from communique.store import Store
    from communique.website.site import Site

    opened = Project.open(project)
    target = place_of(out, project=opened, file=file)
    site = Site(opened, Store.load(opened))
    prefixes = site.store.prefixes
    things = read_things(file)
    named = relation_of(predicate, prefixes) if predicate else None
    chosen = [iri_of(each, prefixes) for each in types]
    theirs = [spelt_out(each, prefixes) for each in their_types]
    proposals = propose(site, things=things, file=file, types=chosen, their_types=theirs, predicate=named, least=least)
    new = save(site, proposals, path=target)
    if not quiet:
        compared = len(of_types(things, theirs))
        counts = f"{new:,} new proposal{'s' * (new != 1)} among {compared:,} thing{'s' * (compared != 1)}"
        click.echo(f"{target}: {counts} of {file}", err=True)
        if new:
            click.echo("Name yourself as reviewer to confirm one; deny it with Not in predicate_modifier.", err=True)


def _to_check(paths: tuple[Path, ...], *, project: Path, shapes: tuple[Path, ...]) -> tuple[Path, ...]:
    if is_given(click.get_current_context(), "project") and (paths or shapes):
        raise UsageError("--project names what is checked: give neither FILEs nor --shapes with it")
    return paths or (() if shapes else (project,))


def _print_results(results: Results, store: Backend, *, format: Format | None, quiet: bool) -> None:
    from pyoxigraph import QueryTriples
    from rich.console import Console

    from communique.sparql.results import print_table, write_results

    if format is not None or isinstance(results, QueryTriples):
        write_results(results, sys.stdout.buffer, format=format, prefixes=store.prefixes)
        return
    rows = print_table(results, Console(file=sys.stdout), prefixes=store.prefixes)
    if not quiet:
        click.echo(f"{rows} {'row' if rows == 1 else 'rows'}", err=True)


main.add_command(build)
main.add_command(serve)

if __name__ == "__main__":
    main()
