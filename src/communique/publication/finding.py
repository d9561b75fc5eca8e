"""Finding: everything by which a published dataset is found, counted, and linked to, written in one go."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from communique.alignment.linking_tables import linking_tables
from communique.distributions.dumps import dump
from communique.formats import JSONLD, TURTLE
from communique.metadata.calendars import calendar_files
from communique.metadata.dcat_files import DataFile
from communique.metadata.dcat_tables import LINKING
from communique.metadata.discovery import discovery
from communique.metadata.feed import feed
from communique.metadata.llms import LLMS, llms
from communique.metadata.void import void
from communique.sparql.query_aids import query_quads
from communique.store import Store
from communique.syntax.serialization import ordered, prefixes_in_use, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from communique.distributions.downloads import DumpFile
    from communique.generations import Generation
    from communique.website.site import Site


def write_linking_tables(site: Site, new: Generation) -> tuple[DataFile, ...]:
    """Write the tables by which others link here, and return those that the catalogue lists."""
    found = []
    for path, content in linking_tables(site):
        new.write(path, content)
        if path in LINKING:
            found.append(DataFile(path, len(content), hashlib.sha256(content).hexdigest()))
    return tuple(found)


def finding_aids(
    site: Site, *, files: tuple[DumpFile, ...], catalogue: Iterable[Quad], served: bool
) -> Iterator[tuple[str, bytes]]:
    """Give each file by its path: VoID, DCAT (`catalogue`), site map, citation, feed, calendars.

    With `served` they name what only a server answers as well.
    """
    prefixes = site.store.prefixes.chosen
    counted, listed, described = io.BytesIO(), io.BytesIO(), io.BytesIO()
    beside = query_quads(site) if served else ()
    dump(Store.of(void(site, files=files, served=served, beside=beside)), format=TURTLE, prefixes=prefixes, out=counted)
    yield "void.ttl", counted.getvalue()
    yield ".well-known/void", counted.getvalue()
    names = ("dcat", "catalog") if site.targets.free("catalog") == "catalog" else ("dcat",)
    dump(Store.of(catalogue), format=TURTLE, prefixes=prefixes, out=listed)
    quads = ordered(catalogue)
    write(quads, described, format=JSONLD, prefixes=prefixes_in_use(quads, prefixes))
    for format, out in ((TURTLE, listed), (JSONLD, described)):
        yield from ((f"{name}{format.extension}", out.getvalue()) for name in names)
    yield from discovery(site)
    yield LLMS, llms(site, served=served).encode()
    yield from feed(site)
    yield from calendar_files(site)
