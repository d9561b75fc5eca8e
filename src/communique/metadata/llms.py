"""`llms.txt`: an overview for programs that read text, in the form of llmstxt.org.

A title, a summary, what one has to know, then sections of links, each with what stands there; what may be left out
where there is little room comes last, as *Optional*. Links are relative, as the site is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from communique.formats import NQUADS, TRIG
from communique.metadata.feed import FEED, has_feed
from communique.metadata.void import numbers_of
from communique.website.browsing import homonyms
from communique.website.pages import COOKBOOK, DOWNLOADS, LINK_PAGE, QUERY_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from communique.website.site import Site

LLMS = "llms.txt"
WITHOUT_SERVER = (
    "This is a folder of files. A SPARQL endpoint (`sparql`), reconciliation (`reconcile`) and look-ups (`lookup?uri=`,"
    " `label/{text}`) are there only where `communique serve` serves the site; elsewhere take the files below."
)


class _Link(NamedTuple):
    words: str
    url: str
    note: str = ""


def llms(site: Site, *, served: bool) -> str:
    """Return the overview; with `served` it names what only a server answers as what there is."""
    about = site.catalog.about
    summary = f"> {_line(about.description.text)}\n\n" if about.description else ""
    sections = {
        "Queries": _queries(site, served=served),
        "Names and links": _look_ups(site, served=served),
        "Data": _files(site),
        "Vocabularies": _vocabularies(site),
        "Classes": _classes(site),
        "Pages": _prose(site),
        "Optional": _optional(site),
    }
    written = ((name, "".join(_written(links))) for name, links in sections.items())
    return "".join(
        [
            f"# {_line(about.title.text)}\n\n{summary}{_facts(site, served=served)}",
            *(f"\n## {name}\n\n{lines}" for name, lines in written if lines),
        ]
    )


def _facts(site: Site, *, served: bool) -> str:
    extensions = [f"`x{each.extension}`" for each in site.project.settings.formats]
    same = ""
    if extensions:
        listed = " and ".join(filter(None, [", ".join(extensions[:-1]), extensions[-1]]))
        same = (
            f"Each page `x.html` of a thing stands beside {listed}, which say the same to programs; that of an IRI "
            "with `#` names in its head those of the document that the thing is part of. "
        )
    licence = f" Licence: {site.catalog.licence.value}" if site.catalog.licence else ""
    numbers = f"The data hold {numbers_of(site)}."
    return f"{same}{numbers}{licence}\n" + ("" if served else f"\n{WITHOUT_SERVER}\n")


def _queries(site: Site, *, served: bool) -> Iterator[_Link]:
    if served:
        yield _Link(
            "SPARQL endpoint",
            "sparql",
            "`sparql?query=...` or POST (SPARQL 1.1 Protocol), in JSON, XML, CSV or TSV by `Accept`",
        )
    yield _Link("Query page", f"{QUERY_PAGE}.html", "SPARQL over everything in the browser of the reader")
    if site.examples:
        yield _Link("Example queries", f"{COOKBOOK}.html", "each with its answer: how the data are put together")


def _look_ups(site: Site, *, served: bool) -> Iterator[_Link]:
    if served:
        yield _Link("Reconciliation", "reconcile", "names in any script to identifiers, Reconciliation Service API 0.2")
        yield _Link("Look-up by IRI", "lookup?uri=", "from an IRI of another dataset, which follows `uri=`, to ours")
        yield _Link("Look-up by name", "label/", "things with this very label, which follows `label/`")
    yield _Link("Labels (CSV)", "labels.csv", "every label of every thing")
    yield _Link("Links to other datasets (CSV)", "links.csv", "every link of ours to an IRI of others")
    yield _Link("How to link to us", f"{LINK_PAGE}.html", "identifiers, look-up files, OpenRefine, Wikidata")


def _files(site: Site) -> Iterator[_Link]:
    yield _Link("Downloads", f"{DOWNLOADS}.html", "every file with size, checksum and examples; a table for each class")
    for format, path in site.dumps.items():
        told = ", each fact in the graph that states it" if format in (NQUADS, TRIG) else " in one graph"
        yield _Link(format.label, site.targets.url(path), f"everything{told}")
    yield _Link("Catalogue (DCAT)", "dcat.ttl", "title, licence, publisher, files")
    yield _Link("Statistics (VoID)", "void.ttl", "how many triples, classes, properties, links")


def _vocabularies(site: Site) -> Iterator[_Link]:
    for page in site.vocabularies:
        if page.resource:
            yield _Link(site.labels.of(page.resource).text, site.targets.url(page.path + ".html"), page.kind.value)


def _classes(site: Site) -> Iterator[_Link]:
    same = homonyms(site.classes, site.labels, site.store.prefixes.chosen)
    for each in site.classes.values():
        told = f" ({same[each.cls]})" if each.cls in same else ""
        yield _Link(site.labels.of(each.cls).text + told, site.targets.url(each.path + ".html"), each.cls.value)


def _prose(site: Site) -> Iterator[_Link]:
    for path in site.prose:
        if path != "index":
            yield _Link(site.read_prose(path).title, site.targets.url(path + ".html"))


def _optional(site: Site) -> Iterator[_Link]:
    yield _Link("Validation", site.targets.url(site.report_path + ".html"), "what the check of the data found")
    yield _Link("Numbers", site.targets.url(site.statistics_path + ".html"), "what the data hold, counted")
    if has_feed(site):
        yield _Link("What is new", FEED, "an Atom feed")


def _written(links: Iterable[_Link]) -> Iterator[str]:
    for words, url, note in links:
        yield f"- [{_line(words)}]({url}){f': {note}' if note else ''}\n"


def _line(text: str) -> str:
    return " ".join(text.split())
