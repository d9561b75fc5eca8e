"""Building: from a project to its site, if the data keep to the rules that must be kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from communique.errors import DataError, Problem
from communique.lookup.name_source import write_names
from communique.metadata.void import dataset_of, root_of
from communique.project import ROLES
from communique.publication.freshness import digest_of_inputs, remember
from communique.publication.publishing import publish
from communique.publication.warmth import Warmth
from communique.shacl.validation import validate
from communique.snapshots import Part, write_beside
from communique.sparql.query_aids import graphs_beside
from communique.store import Store
from communique.website.outside import outside
from communique.website.shadowed import shadowed
from communique.website.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import Quad

    from communique.project import Project
    from communique.publication.early import Early
    from communique.publication.progress import Progress
    from communique.publication.publishing import Publication
    from communique.shacl.validation import ValidationReport
    from communique.website.theme import Compiled


def build(
    project: Project,
    *,
    out: Path,
    progress: Progress,
    snapshot: bool = False,
    more: Iterable[Quad] = (),
    jobs: int = 1,
    warmth: Warmth | None = None,
    early: Early | None = None,
) -> Publication:
    """Load, validate and publish a project, with `more` data than its own; `out` shows the site afterwards.

    With `snapshot` the store and an index of names are kept beside the site, for a server to query, and unless there
    are more data it is remembered what they were built from. Up to `jobs` processes write the pages. `warmth` is what
    former builds of the project have left ready; pages that `early` wants are written first.

    Raises DataError, with a problem for each, if files cannot be parsed or rules that must be kept are broken.
    """
    warmth = warmth or Warmth()
    inputs = digest_of_inputs(project, program=warmth.program) if snapshot and more == () else ""
    store = Store.load(project, progress=lambda file: progress.say(f"Reading {file.name}"), more=more)
    progress.say("Checking")
    report = validate(store, project=project, shapes=warmth.shapes(project))
    if not report.conforms:
        raise DataError(_violations(report, store))
    progress.say("Writing")
    progress.stand_still()
    with warmth.compiled(project) as compiled:
        site = Site(project, store)
        keep = partial(_keep, site, compiled=compiled, inputs=inputs, progress=progress) if snapshot else None
        publication = publish(
            site, report=report, out=out, beside=keep, progress=progress.page, jobs=jobs, compiled=compiled, early=early
        )
    files = [file.path for role in ROLES for file in project.files(role)]
    problems = chain(outside(store, files, catalog=site.catalog), shadowed(store, files, base=site.catalog.base))
    return replace(publication, problems=tuple(problems))


def _keep(site: Site, folder: Path, *, compiled: Mapping[str, Compiled], inputs: str, progress: Progress) -> None:
    """Keep the store of a site and an index of its names beside the folder of its generation."""
    progress.say("Keeping the store and the names")
    graphs = graphs_beside(folder, root=root_of(site), dataset=site.store)
    parts = [Part(dataset_of(site).value, site.statistics.triples - site.statistics.merged)]
    parts += [Part(graph.value, len(quads), graph=True) for graph, quads in graphs.items()]
    names = partial(write_names, site=site, compiled=compiled[site.language])
    kept = write_beside(folder, chain(site.store.quads(), *graphs.values()), parts=parts, names=names)
    remember(kept, inputs=inputs)


def _violations(report: ValidationReport, store: Store) -> Iterator[Problem]:
    from communique.descriptions.labels import Labels
    from communique.shacl.validation import INFO, WARNING

    labels = Labels(store, ("en",))
    for result in report.results:
        if result.severity not in (WARNING, INFO):
            place = result.place
            message = labels.choose({each.language or "": each.value for each in result.messages})
            words = f"{result.focus_node}: {message.text if message else 'breaks a rule.'}"
            yield Problem(place.path if place else None, place.line if place else None, None, words)
