"""Communiqué publishes meetings as linked data in which every fact can be traced to the passage that states it.

The rooms of the house, each of which knows only those above it; what stands beside them is used by all:

- `syntax`: RDF and SPARQL as text: parsing with file, line and column, writing, converting.
- `store`, `backend`, `snapshots`, `remote`: every quad of a project, in memory, on disk, or in a SPARQL service.
- `descriptions`: what is known of a resource, who says it, and in which order and words it is told.
- `shacl`: shapes, the validation, its report, and the check of passages against their source.
- `website`: what a site consists of: pages, lists, prose, example queries, theme, translations.
- `representations`: the graph of one resource in the RDF formats.
- `distributions`: dumps, tables and versions. `metadata`: VoID, DCAT, feeds, calendars, citations, schema.org.
- `lookup`: finding by name. `alignment`: links to things of others.
- `sparql`, `page_contents`, `portraits`, `pictures`: what each kind of page tells and shows, without markup.
- `rendition`: pages as bytes. `hosting`: the rules of web hosts. `publication`: the whole site, or nothing.
- `live`: the pages of a site whose data stay in a SPARQL service.
- `serving`: the same bytes on request, the SPARQL protocol, reconciliation. `command_line` and `cli`: the commands.
"""


def __getattr__(name: str) -> str:
    """Return `__version__` when it is asked for: to read it takes a tenth of a second, which no page has to wait."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("communique")
