"""Publishing: a whole site, from its assets to its last page, into a fresh generation of its folder."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from communique.distributions.downloads import plain, write_downloads
from communique.distributions.dumps import dump
from communique.distributions.versions import write_versions
from communique.formats import TURTLE
from communique.garbage import few_collections
from communique.generations import generation
from communique.hosting.host_rules import rules_of
from communique.legibility import legible_name
from communique.lookup.label_index import label_index
from communique.metadata.dcat import dcat
from communique.metadata.signposting import linkset_files
from communique.page_contents.downloads_page import downloads_page, folder_pages
from communique.publication.finding import finding_aids, write_linking_tables
from communique.publication.parallel import in_parallel
from communique.rendition.assets import published_assets
from communique.rendition.rendering import Renderer
from communique.sparql.query_aids import query_aids
from communique.store import Store
from communique.website.pages import Download
from communique.website.site import CONTEXT

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from communique.distributions.downloads import DumpFile
    from communique.errors import Problem
    from communique.generations import Generation
    from communique.publication.early import Early
    from communique.shacl.validation import ValidationReport
    from communique.website.pages import Page
    from communique.website.site import Site
    from communique.website.theme import Compiled


@dataclass(frozen=True, slots=True)
class Publication:
    """What a build has written: the number of pages and files, how many of these are as they were, and their bytes.

    `warning` tells what has to be thought of, if anything, and `problems` what is wrong and stops nothing.
    """

    pages: int
    files: int
    unchanged: int
    bytes: int
    warning: str = ""
    problems: tuple[Problem, ...] = ()


def _silent(number: int, path: str) -> None:
    pass


def publish(
    site: Site,
    *,
    report: ValidationReport,
    out: Path,
    beside: Callable[[Path], None] | None = None,
    progress: Callable[[int, str], None] = _silent,
    jobs: int = 1,
    compiled: defaultdict[str, Compiled] | None = None,
    early: Early | None = None,
) -> Publication:
    """Write the site and swap it in; what `out` showed before stays if anything fails.

    `beside` makes what a server needs, from the folder of the whole site before it is swapped in; then the site tells
    of what only a server answers, such as the endpoint. Up to `jobs` processes write the pages; `progress` is told
    number and path of those that this one writes; `compiled` has the templates by language; the pages that `early`
    wants come first. Raises UsageError if `out` is not the work of a build, AccessError if another build is at work
    or the disk refuses, ProjectError if a template is wrong.
    """
    with generation(out) as new:
        assets = _write_assets(site, new)
        taken = write_downloads(site, new)
        versions = write_versions(site, new, taken=taken)
        files = taken.dumps
        downloads = tuple(Download(site.targets.url(each.path), each.format, each.size) for each in plain(files))
        linking = write_linking_tables(site, new)
        catalogue = dcat(site, taken=taken, linking=linking, served=bool(beside), versions=versions)
        page = downloads_page(site, taken, versions)
        renderer = Renderer(
            site, assets=assets, downloads=downloads, page=page, report=report, catalogue=catalogue, compiled=compiled
        )
        every = tuple(chain(site.pages(), folder_pages(page)))
        _write_all(new, (*rules_of(site, pages=every), *linkset_files(site, downloads=downloads)))
        pages = _write_pages(site, renderer, new, pages=every, progress=progress, jobs=jobs, early=early)
        _write_all(new, finding_aids(site, files=files, catalogue=catalogue, served=bool(beside)))
        _write_all(new, _files_for_scripts(site, files))
        _write_report(site, report, new)
        if beside:
            beside(new.folder)
    return Publication(pages, new.files, new.unchanged, new.bytes, versions.warning)


def _files_for_scripts(site: Site, files: tuple[DumpFile, ...]) -> Iterator[tuple[str, bytes]]:
    """Give the index of labels, what helps to query, and the context of JSON-LD."""
    yield from label_index(site, labels=[each.labels for each in site.editions])
    yield from query_aids(site, files=files)
    yield CONTEXT, site.project.context.read_bytes()


def _write_all(new: Generation, files: Iterable[tuple[str, bytes]]) -> None:
    for path, content in files:
        new.write(path, content)


def _write_pages(
    site: Site,
    renderer: Renderer,
    new: Generation,
    *,
    pages: tuple[Page, ...],
    progress: Callable[[int, str], None],
    jobs: int,
    early: Early | None,
) -> int:
    """Write all pages in all their formats, and return how many there are for people."""

    def write(pages: Iterable[tuple[int, Page]]) -> Generation:
        part = new.part()
        for number, page in pages:
            progress(number, page.path)
            _write_all(part, renderer.files(page))
        return part

    first = early.among(pages, site=site) if early else {}
    with few_collections():
        if early and first:
            new.add(write(enumerate(first, 1)))
            early.tell(new.folder, [name for names in first.values() for name in names])
        others = tuple(enumerate((page for page in pages if page not in first), 1 + len(first)))
        for part in in_parallel(others, write, jobs=jobs):
            new.add(part)
    return len(pages) * len(site.editions)


def _write_assets(site: Site, new: Generation) -> dict[str, str]:
    """Write the assets and return their paths by their names."""
    assets = published_assets(site.project)
    for asset in assets.values():
        new.write(asset.path, asset.content)
    return {name: asset.path for name, asset in assets.items()}


def _write_report(site: Site, report: ValidationReport, new: Generation) -> None:
    store = Store.of(Quad(*triple) for triple in report.graph)
    with new.open(f"{site.report_path}.ttl") as stream:
        dump(store, format=TURTLE, prefixes=site.store.prefixes, out=stream)


def told(publication: Publication, *, out: Path) -> str:
    """Return what a build has done, in one line."""
    kept = f", {publication.unchanged} of them unchanged" if publication.unchanged else ""
    size = publication.bytes / 1_000_000
    return legible_name(f"{out}: {publication.pages} pages, {publication.files} files{kept}, {size:.1f} MB")
