"""Finding: everything by which a published dataset is found, counted, and linked to, written in one go."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from communique.dcat import dcat
from communique.discovery import discovery
from communique.dumps import dump
from communique.formats import JSONLD, TURTLE
from communique.linking_tables import linking_tables
from communique.serialization import ordered, prefixes_in_use, write
from communique.store import Store
from communique.void import void

if TYPE_CHECKING:
    from collections.abc import Iterator

    from communique.downloads import DumpFile
    from communique.site import Site


def finding_aids(site: Site, *, files: tuple[DumpFile, ...]) -> Iterator[tuple[str, bytes]]:
    """Give each file by its path: VoID, DCAT, site map, citation, tables of labels and links."""
    prefixes = site.store.prefixes
    counted, catalogue = io.BytesIO(), ordered(dcat(site, files=files))
    dump(Store.of(void(site, files=files)), format=TURTLE, prefixes=prefixes, out=counted)
    yield "void.ttl", counted.getvalue()
    yield ".well-known/void", counted.getvalue()
    for format in (TURTLE, JSONLD):
        # Not by way of a store, which takes xsd:nonNegativeInteger for xsd:integer.
        out = io.BytesIO()
        write(catalogue, out, format=format, prefixes=prefixes_in_use(catalogue, prefixes))
        yield f"dcat{format.extension}", out.getvalue()
    yield from discovery(site)
    yield from linking_tables(site)
