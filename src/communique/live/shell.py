"""The shell: what a site over a service has beside the pages that are made on request, as a build would write it.

These are the assets, the pages in prose, the query page with its examples, the cookbook, the search and the page for
what is missing. What tells of everything at once is not there: dumps, tables, statistics, reports, the index of names.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from communique.generations import generation
from communique.hosting.host_rules import rules_of
from communique.hosting.plan import CONTENT_LANGUAGE, FOLDER, LANGUAGES
from communique.live.counting import NOTHING
from communique.rendition.assets import published_assets
from communique.rendition.rendering import Renderer
from communique.shacl.validation_report import ValidationReport
from communique.sparql.query_aids import COMPLETION, ENGINE, completion, engine, query_texts
from communique.website.pages import COOKBOOK, QUERY_PAGE, Kind, Page
from communique.website.site import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from communique.descriptions.statistics import Statistics
    from communique.live.site import LiveSite

COUNTS = "_hosting/counts.json"


def write_shell(site: LiveSite, *, out: Path) -> int:
    """Write the shell of a site and swap it in; return the number of its pages. Raises AccessError, ProjectError."""
    with generation(out) as new:
        assets = published_assets(site.project)
        for asset in assets.values():
            new.write(asset.path, asset.content)
        new.write(CONTEXT, site.project.context.read_bytes())
        for path, content in query_texts(site):
            new.write(path, content)
        new.write(ENGINE, engine(site, dump="", size=0, odd=site.targets.odd))
        new.write(COMPLETION, completion(site))
        names = {name: asset.path for name, asset in assets.items()}
        renderer = Renderer(site, assets=names, downloads=(), report=ValidationReport())
        pages = list(shell_pages(site))
        for page in pages:
            for path, content in renderer.files(page):
                new.write(path, content)
        new.write(COUNTS, counts_written(site.statistics))
        for path, content in rules_of(site):
            if path in (LANGUAGES, CONTENT_LANGUAGE, FOLDER):
                new.write(path, content)
    return len(pages)


def counts_written(counts: Statistics) -> bytes:
    """Return numbers as a file, for the processes that begin when the shell is written: counting is slow."""
    classes = [(cls.value, number) for cls, number in counts.classes]
    told = {
        "triples": counts.triples,
        "resources": counts.resources,
        "classes": classes,
        "languages": counts.languages,
        "untyped": [node.value for node in counts.untyped],
        "untyped_count": counts.untyped_count,
    }
    return json.dumps(told).encode()


def counts_read(path: Path) -> Statistics:
    """Return the numbers of a file; raises OSError, ValueError."""
    told = json.loads(path.read_bytes())
    return replace(
        NOTHING,
        triples=told["triples"],
        resources=told["resources"],
        classes=tuple((NamedNode(iri), number) for iri, number in told["classes"]),
        languages=tuple((tag, number) for tag, number in told["languages"]),
        untyped=tuple(map(NamedNode, told["untyped"])),
        untyped_count=told["untyped_count"],
    )


def shell_pages(site: LiveSite) -> Iterator[Page]:
    """Give the pages of the shell."""
    for path in site.prose:
        if path != "index":
            yield Page(path, Kind.PROSE, source=site.prose.source(path, labels=site.labels))
    yield Page(QUERY_PAGE, Kind.QUERY)
    yield Page("search", Kind.SEARCH)
    yield Page("404", Kind.MISSING)
    yield Page("500", Kind.UNAVAILABLE)
    if site.examples:
        yield Page(COOKBOOK, Kind.COOKBOOK)
