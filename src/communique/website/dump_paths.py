"""Where the dumps are written: where the data say, else under a name that stands for any data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique.formats import JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from communique.descriptions.catalog import Catalog
    from communique.formats import Format

DUMPS = (NQUADS, TRIG, TURTLE, NTRIPLES, JSONLD)


def dump_paths(catalog: Catalog) -> dict[Format, str]:
    """Return the path of each dump, in the order of menus."""
    return {format: catalog.dump_path(format) for format in DUMPS}


def annotated_path(paths: Mapping[Format, str]) -> str:
    """Return the path of the RDF 1.2 edition, which is named after the dump in Turtle."""
    stem, _, extension = paths[TURTLE].rpartition(".")
    return f"{stem}.annotated.{extension}"
